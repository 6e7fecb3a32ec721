use super::dom::uid;
use super::icon::{Icon, IconName};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// What a button says about its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonLook {
    /// The one thing this page is for.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Beside other controls, without a frame.
    Quiet,
    /// Sends something that destroys.
    Danger,
    /// Leads to something that destroys, and asks first.
    DangerQuiet,
}

impl ButtonLook {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Primary => " primary",
            Self::Secondary => "",
            Self::Quiet => " quiet",
            Self::Danger => " danger",
            Self::DangerQuiet => " danger-quiet",
        }
    }
}

/// Height of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlSize {
    /// In bars and rows.
    Small,
    /// Elsewhere.
    #[default]
    Normal,
}

impl ControlSize {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Small => " small",
            Self::Normal => "",
        }
    }
}

/// A button with a word. While it is busy or has a reason why not, it keeps its focus and sends
/// nothing; the reason is its tooltip and its description.
#[component]
pub fn Button(
    /// The verb: "Start VM".
    #[prop(into)]
    label: Signal<String>,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
    /// Weight.
    #[prop(optional)]
    look: ButtonLook,
    /// Height.
    #[prop(optional)]
    size: ControlSize,
    /// Picture before the word.
    #[prop(optional, into)]
    icon: Option<Signal<IconName>>,
    /// Why it can't be pressed now; `None` where it can.
    #[prop(optional, into)]
    disabled: Signal<Option<String>>,
    /// A call runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Submits the form that it stands in (and `on_press` runs too).
    #[prop(optional)]
    submits: bool,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
    /// A toggle: whether it is on.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
) -> impl IntoView {
    let id = uid("why");
    let reason_id = id.clone();
    let off = Memo::new(move |_| disabled.with(Option::is_some));
    let press = move |event: MouseEvent| {
        if busy.get_untracked() || off.get_untracked() {
            event.prevent_default();
        } else {
            on_press.run(());
        }
    };
    let shown = move || {
        if busy.get() {
            Some(IconName::Spinner)
        } else {
            icon.map(|icon| icon.get())
        }
    };
    view! {
        <button
            type=if submits { "submit" } else { "button" }
            class=format!("btn{}{}{}", look.class(), size.class(), if wide { " wide" } else { "" })
            aria-disabled=move || off.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.map(|on| if on.get() { "true" } else { "false" })
            aria-describedby=move || off.get().then(|| id.clone())
            data-tip=move || disabled.get()
            on:click=press
        >
            {move || shown().map(|name| view! { <Icon name=name/> })}
            {move || label.get()}
            {move || disabled.get().map(|why| view! { <span hidden id=reason_id.clone()>{why}</span> })}
        </button>
    }
}

/// A button that is a picture alone; its name is tooltip and label at once. Only for controls that
/// everybody knows, or in a row of them.
#[component]
pub fn IconButton(
    /// Name: "Copy UPID".
    #[prop(into)]
    label: Signal<String>,
    /// Picture.
    #[prop(into)]
    icon: Signal<IconName>,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
    /// Weight.
    #[prop(default = ButtonLook::Quiet)]
    look: ButtonLook,
    /// Height.
    #[prop(optional)]
    size: ControlSize,
    /// Why it can't be pressed now.
    #[prop(optional, into)]
    disabled: Signal<Option<String>>,
    /// A call runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// A toggle: whether it is on.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
) -> impl IntoView {
    let off = Memo::new(move |_| disabled.with(Option::is_some));
    let press = move |event: MouseEvent| {
        if busy.get_untracked() || off.get_untracked() {
            event.prevent_default();
        } else {
            on_press.run(());
        }
    };
    let shown = Signal::derive(move || {
        if busy.get() {
            IconName::Spinner
        } else {
            icon.get()
        }
    });
    let said = move || {
        disabled
            .get()
            .map_or_else(|| label.get(), |why| format!("{}: {why}", label.get()))
    };
    view! {
        <button
            type="button"
            class=format!("btn icon-only{}{}", look.class(), size.class())
            aria-label=said
            aria-disabled=move || off.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.map(|on| if on.get() { "true" } else { "false" })
            data-tip=said
            on:click=press
        >
            <Icon name=shown/>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// The words.
    #[prop(into)]
    label: Signal<String>,
    /// Where to, with the base path.
    #[prop(into)]
    href: Signal<String>,
    /// Weight.
    #[prop(optional)]
    look: ButtonLook,
    /// Height.
    #[prop(optional)]
    size: ControlSize,
    /// Picture before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Leads out of the console, into a tab of its own.
    #[prop(optional)]
    new_tab: bool,
) -> impl IntoView {
    view! {
        <a
            class=format!("btn{}{}", look.class(), size.class())
            href=move || href.get()
            target=new_tab.then_some("_blank")
            rel=new_tab.then_some("noopener noreferrer")
        >
            {icon.map(|name| view! { <Icon name=name/> })}
            {move || label.get()}
        </a>
    }
}
