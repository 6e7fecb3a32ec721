use super::ask::{Ask, ConfirmCall, Loss, Weight};
use super::{Dialog, DialogSize};
use crate::components::button::{Button, ButtonLook};
use crate::components::call::CallText;
use crate::components::dom::uid;
use crate::components::faces::FailureNote;
use crate::components::form::TextField;
use crate::components::icon::IconName;
use crate::components::status::Tone;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// Asks before something is done: names the thing, says what is lost, offers the verb and a way
/// back. The way back has the focus first. While the call runs nothing closes it; a failure is
/// shown inside and it stays; success closes it.
///
/// ```ignore
/// <ConfirmDialog
///     open=open on_close=move |()| open.set(false)
///     title="Stop web-server-01?"
///     lead="It is cut off at once, as if the power were pulled. Unsaved data is lost."
///     verb="Stop VM" keep="Keep running"
///     on_confirm=confirm_call(move || stop(id))
/// />
/// ```
#[component]
pub fn ConfirmDialog(
    /// Whether it stands.
    #[prop(into)]
    open: Signal<bool>,
    /// It is over, or the person wants it closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// Names the thing: "Delete web-server-01?".
    #[prop(into)]
    title: Signal<String>,
    /// What will happen, in a sentence or two.
    #[prop(optional, into)]
    lead: Signal<String>,
    /// What is lost and what stays, line by line.
    #[prop(optional, into)]
    losses: Signal<Vec<Loss>>,
    /// On the button that does it: "Delete VM".
    #[prop(into)]
    verb: Signal<String>,
    /// On the button that doesn't: "Keep VM".
    #[prop(optional, into)]
    keep: Option<Signal<String>>,
    /// Red or not.
    #[prop(optional)]
    weight: Weight,
    /// Why it can't be done now, as the extra choices stand.
    #[prop(optional, into)]
    refused: Signal<Option<String>>,
    /// Does it; see [`super::confirm_call`].
    on_confirm: ConfirmCall,
    /// The request that will be sent, as text; offers "Show API call".
    #[prop(optional, into)]
    call: Option<Signal<String>>,
    /// More choices: "Force".
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    question(Question {
        open,
        on_close,
        title,
        lead,
        losses,
        verb,
        keep: keep.unwrap_or_else(|| Signal::stored("Cancel".to_owned())),
        weight,
        refused,
        name: None,
        on_confirm,
        call,
        extra: children,
    })
}

/// The same for the worst: the name must be typed, exactly, before the verb can be pressed. Pasting
/// is allowed; Enter confirms once it matches.
#[component]
pub fn TypedConfirm(
    /// Whether it stands.
    #[prop(into)]
    open: Signal<bool>,
    /// It is over, or the person wants it closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// Names the thing: "Delete web-server-01?".
    #[prop(into)]
    title: Signal<String>,
    /// What must be typed.
    #[prop(into)]
    name: Signal<String>,
    /// What will happen, in a sentence or two.
    #[prop(optional, into)]
    lead: Signal<String>,
    /// What is lost and what stays, line by line.
    #[prop(optional, into)]
    losses: Signal<Vec<Loss>>,
    /// On the button that does it: "Delete VM".
    #[prop(into)]
    verb: Signal<String>,
    /// On the button that doesn't: "Keep VM".
    #[prop(optional, into)]
    keep: Option<Signal<String>>,
    /// Red or not.
    #[prop(optional)]
    weight: Weight,
    /// Why it can't be done now, as the extra choices stand.
    #[prop(optional, into)]
    refused: Signal<Option<String>>,
    /// Does it; see [`super::confirm_call`].
    on_confirm: ConfirmCall,
    /// The request that will be sent, as text; offers "Show API call".
    #[prop(optional, into)]
    call: Option<Signal<String>>,
    /// More choices: "Force".
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    question(Question {
        open,
        on_close,
        title,
        lead,
        losses,
        verb,
        keep: keep.unwrap_or_else(|| Signal::stored("Cancel".to_owned())),
        weight,
        refused,
        name: Some(name),
        on_confirm,
        call,
        extra: children,
    })
}

#[derive(Clone)]
struct Question {
    open: Signal<bool>,
    on_close: Callback<()>,
    title: Signal<String>,
    lead: Signal<String>,
    losses: Signal<Vec<Loss>>,
    verb: Signal<String>,
    keep: Signal<String>,
    weight: Weight,
    refused: Signal<Option<String>>,
    name: Option<Signal<String>>,
    on_confirm: ConfirmCall,
    call: Option<Signal<String>>,
    extra: Option<ChildrenFn>,
}

fn question(question: Question) -> impl IntoView {
    let ask = Ask::new();
    let Question {
        open,
        on_close,
        title,
        weight,
        verb,
        ..
    } = question;
    let form = uid("confirm");
    let locked = Signal::derive(move || {
        ask.busy.get().then(|| {
            format!(
                "{} is on its way; this closes when it has ended.",
                verb.get()
            )
        })
    });
    let mark = match weight {
        Weight::Danger => (IconName::Triangle, Tone::Bad),
        Weight::Plain => (IconName::Help, Tone::Info),
    };
    let footer = {
        let (question, form) = (question.clone(), form.clone());
        move || view! { <Answers question=question.clone() ask=ask form=form.clone()/> }
    };
    view! {
        <Dialog
            open=open
            on_close=on_close
            title=title
            mark=mark
            size=DialogSize::Small
            locked=locked
            question=true
            footer=footer
        >
            <Body question=question.clone() ask=ask form=form.clone()/>
        </Dialog>
    }
}

#[component]
fn Body(question: Question, ask: Ask, form: String) -> impl IntoView {
    ask.reset();
    let Question {
        lead,
        losses,
        name,
        call,
        extra,
        on_confirm,
        on_close,
        ..
    } = question;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // The button of the form is off until the name matches, so this is a yes.
        ask.run(on_confirm, on_close);
    };
    let lines = move || {
        losses
            .get()
            .into_iter()
            .map(|Loss { what, detail }| view! { <div><dt>{what}</dt><dd>{detail}</dd></div> })
            .collect_view()
    };
    let has_lines = Memo::new(move |_| losses.with(|losses| !losses.is_empty()));
    view! {
        <form class="confirm" id=form novalidate on:submit=submit>
            {move || (!lead.with(String::is_empty)).then(|| view! { <p class="confirm-lead">{lead.get()}</p> })}
            {move || has_lines.get().then(|| view! { <dl class="losses">{lines}</dl> })}
            {extra.map(|extra| view! { <div class="confirm-extra">{extra()}</div> })}
            {name.map(|name| view! { <NameField name=name ask=ask/> })}
            {call.map(|call| view! { <div hidden=move || !ask.shows_call.get()><CallText text=call/></div> })}
            <FailureNote error=ask.error/>
        </form>
    }
}

#[component]
fn NameField(name: Signal<String>, ask: Ask) -> impl IntoView {
    let error = Signal::derive(move || {
        let (typed, name) = (ask.typed.get(), name.get());
        let near = typed != name && typed.trim().eq_ignore_ascii_case(&name);
        near.then(|| "Almost: mind upper and lower case and spaces".to_owned())
    });
    let label = move || {
        view! { "Type " <b class="mono confirm-name">{move || name.get()}</b> " to confirm" }
    };
    view! {
        <TextField
            label=move || format!("Type {} to confirm", name.get())
            label_view=label
            value=ask.typed
            error=error
            mono=true
            autofocus=true
            locked=ask.busy
        />
    }
}

#[component]
fn Answers(question: Question, ask: Ask, form: String) -> impl IntoView {
    let Question {
        on_close,
        verb,
        keep,
        weight,
        refused,
        name,
        call,
        ..
    } = question;
    let typed = name.is_some();
    let off = Signal::derive(move || {
        refused.get().or_else(|| {
            let name = name?.get();
            (ask.typed.get() != name).then(|| format!("Type {name} first"))
        })
    });
    let stays = Signal::derive(move || ask.busy.get().then(|| "It is on its way".to_owned()));
    let look = match weight {
        Weight::Danger => ButtonLook::Danger,
        Weight::Plain => ButtonLook::Primary,
    };
    view! {
        {call.map(|_| view! { <CallToggle ask=ask/> })}
        <Button
            label=keep
            on_press=move |()| on_close.run(())
            disabled=stays
            attr:autofocus=!typed
        />
        <Button
            label=verb
            look=look
            submits=true
            attr:form=form
            busy=ask.busy
            disabled=off
            on_press=|()| ()
        />
    }
}

#[component]
fn CallToggle(ask: Ask) -> impl IntoView {
    let label = Signal::derive(move || {
        if ask.shows_call.get() {
            "Hide API call"
        } else {
            "Show API call"
        }
        .to_owned()
    });
    view! {
        <span class="dialog-aside">
            <Button
                label=label
                look=ButtonLook::Quiet
                on_press=move |()| ask.shows_call.update(|on| *on = !*on)
                attr:aria-expanded=move || if ask.shows_call.get() { "true" } else { "false" }
            />
        </span>
    }
}
