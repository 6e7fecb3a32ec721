use super::{Entry, Line, Toast, ToastAction, Toasts, VISIBLE};
use crate::components::button::{Button, ButtonLook, ControlSize, IconButton};
use crate::components::icon::{Icon, IconName};
use crate::components::lazy::area_part;
use crate::components::status::Tone;
use crate::lazy_view;
use leptos::ev::FocusEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// Where toasts stand. Once at the end of the frame, with `host` left out; dialogs bring their own.
/// A popover, so that nothing covers it.
#[component]
pub fn ToastStack(
    /// The dialog that it stands in.
    #[prop(optional)]
    host: u32,
) -> impl IntoView {
    let toasts = super::use_toasts();
    let wanted = Memo::new(move |old: Option<&bool>| {
        old == Some(&true) || (toasts.is_top(host) && toasts.entries().with(|all| !all.is_empty()))
    });
    view! {
        <Lines toasts=toasts urgent=false/>
        <Lines toasts=toasts urgent=true/>
        {move || {
            wanted.get().then(|| {
                area_part(
                    || Box::pin(preload_stack()),
                    move || Box::pin(stack(host)),
                    Callback::new(|()| ()),
                )
            })
        }}
    }
}

lazy_view! {
    later, preload_stack,
    fn stack(host: u32) -> AnyView { view! { <Stack host=host/> }.into_any() }
}

/// What is seen of the toasts.
#[component]
fn Stack(host: u32) -> impl IntoView {
    let toasts = super::use_toasts();
    let mine = Memo::new(move |_| toasts.is_top(host));
    let ids = Memo::new(move |_| {
        toasts.entries().with(|list| {
            let skip = list.len().saturating_sub(VISIBLE);
            list.iter()
                .skip(skip)
                .map(|entry| entry.id)
                .collect::<Vec<_>>()
        })
    });
    let waiting = Memo::new(move |_| toasts.entries().with(Vec::len).saturating_sub(VISIBLE));
    let any = Memo::new(move |_| mine.get() && ids.with(|ids| !ids.is_empty()));
    let stack = NodeRef::<html::Section>::new();
    // Writes to the browser: a popover is shown by a call, not by an attribute.
    Effect::new(move || {
        let Some(stack) = stack.get() else { return };
        // Refused where it is shown already; ignored.
        let _ = if any.get() {
            stack.show_popover()
        } else {
            stack.hide_popover()
        };
    });
    let focus = Focus(StoredValue::new_local(None));
    let focus_in = move |event: FocusEvent| {
        toasts.hold(true);
        focus.remember(&event);
    };
    let focus_out = move |event: FocusEvent| {
        if !stays(&event) {
            toasts.hold(false);
        }
    };
    view! {
        <section
            node_ref=stack
            class="toasts"
            popover="manual"
            aria-label="Notices"
            on:pointerenter=move |_| toasts.hold(true)
            on:pointerleave=move |_| toasts.hold(false)
            on:focusin=focus_in
            on:focusout=focus_out
        >
            <Show when=move || any.get() fallback=|| ()>
                <Waiting toasts=toasts waiting=waiting/>
                <ol class="toast-list">
                    <For each=move || ids.get() key=|id| *id let:id>
                        <ToastView id=id toasts=toasts focus=focus/>
                    </For>
                </ol>
            </Show>
        </section>
    }
}

/// Where the focus came from, so that dismissing the last toast gives it back.
#[derive(Clone, Copy)]
struct Focus(StoredValue<Option<HtmlElement>, LocalStorage>);

impl Focus {
    fn remember(self, event: &FocusEvent) {
        let from = event
            .related_target()
            .and_then(|from| from.dyn_into::<HtmlElement>().ok());
        if from.is_some() && !stays(event) {
            self.0.set_value(from);
        }
    }

    /// Before a toast goes that has the focus: on to its neighbour, else back to the page.
    fn move_on(self) {
        let Some(toast) = document()
            .active_element()
            .and_then(|at| at.closest(".toast").ok()?)
        else {
            return;
        };
        let neighbour = toast
            .next_element_sibling()
            .or_else(|| toast.previous_element_sibling());
        let cross = neighbour
            .and_then(|toast| toast.query_selector(".toast-x button").ok()?)
            .and_then(|cross| cross.dyn_into::<HtmlElement>().ok());
        if let Some(next) = cross.or_else(|| self.0.get_value()) {
            let _ = next.focus();
        }
    }
}

/// Whether the focus moves inside the stack.
fn stays(event: &FocusEvent) -> bool {
    let stack = event
        .current_target()
        .and_then(|stack| stack.dyn_into::<Element>().ok());
    let other = event
        .related_target()
        .and_then(|other| other.dyn_into::<Node>().ok());
    other.is_some() && stack.is_some_and(|stack| stack.contains(other.as_ref()))
}

/// Read out, not seen. Always in the document, since a region that comes with its text is not
/// read.
#[component]
fn Lines(toasts: Toasts, urgent: bool) -> impl IntoView {
    let lines = Memo::new(move |_| {
        toasts.lines().with(|lines| {
            lines
                .iter()
                .filter(|line| line.urgent == urgent)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div
            class="vh"
            role=if urgent { "alert" } else { "status" }
            aria-live=if urgent { "assertive" } else { "polite" }
        >
            <For each=move || lines.get() key=|line| line.id let(Line { text, .. })>
                <p>{text}</p>
            </For>
        </div>
    }
}

/// How many older ones stand behind.
#[component]
fn Waiting(toasts: Toasts, waiting: Memo<usize>) -> impl IntoView {
    move || {
        (waiting.get() > 0).then(|| {
            view! {
                <p class="toast-more">
                    {move || format!("{} older", waiting.get())}
                    <Button
                        label="Dismiss all"
                        look=ButtonLook::Quiet
                        size=ControlSize::Small
                        on_press=move |()| toasts.clear()
                    />
                </p>
            }
        })
    }
}

#[component]
fn ToastView(id: u32, toasts: Toasts, focus: Focus) -> impl IntoView {
    let entry: Memo<Option<Entry>> = Memo::new(move |_| {
        toasts
            .entries()
            .with(|list| list.iter().find(|entry| entry.id == id).cloned())
    });
    let dismiss = Callback::new(move |()| {
        focus.move_on();
        toasts.dismiss(id);
    });
    // What is about to happen is decided, not put aside.
    let counts = Memo::new(move |_| {
        entry.with(|entry| {
            entry
                .as_ref()
                .is_some_and(|entry| entry.toast.countdown.is_some())
        })
    });
    let tone =
        move || entry.with(|entry| entry.as_ref().map_or(Tone::Idle, |entry| entry.toast.tone));
    let icon = Signal::derive(move || match tone() {
        Tone::Ok => IconName::CircleCheck,
        Tone::Warn => IconName::Triangle,
        Tone::Bad => IconName::CircleAlert,
        Tone::Idle | Tone::Info => IconName::Info,
    });
    view! {
        <li class=move || format!("toast {}", tone().class())>
            <Icon name=icon/>
            {move || entry.get().map(|entry| words(entry.toast, dismiss))}
            <span class="toast-x" hidden=move || counts.get()>
                <IconButton
                    label="Dismiss"
                    icon=IconName::X
                    size=ControlSize::Small
                    on_press=dismiss
                />
            </span>
        </li>
    }
}

fn words(toast: Toast, dismiss: Callback<()>) -> impl IntoView {
    let Toast {
        title,
        text,
        action,
        other,
        countdown,
        link,
        ..
    } = toast;
    let has_more = action.is_some() || link.is_some();
    let button = move |ToastAction { label, run }: ToastAction| {
        let act = move |()| {
            run();
            dismiss.run(());
        };
        view! { <Button label=label size=ControlSize::Small on_press=act/> }
    };
    let (action, other) = (action.map(button), other.map(button));
    let countdown = countdown.map(|left| {
        view! { <p class="toast-text toast-count" role="timer">{move || format!("Sent in {} s", left.get())}</p> }
    });
    let link = link.map(|(label, href)| {
        view! { <a class="link" href=href on:click=move |_| dismiss.run(())>{label}</a> }
    });
    view! {
        <div class="toast-words">
            <p class="toast-title">{title}</p>
            {(!text.is_empty()).then(|| view! { <p class="toast-text">{text}</p> })}
            {countdown}
            {has_more.then(|| view! { <div class="toast-do">{action}{other}{link}</div> })}
        </div>
    }
}
