//! Dialogs, on the browser's own `<dialog>`.

mod ask;
mod confirm;
mod discard;
mod focus;

pub use ask::{ConfirmCall, Loss, Outcome, Weight, confirm_call, confirm_now};
pub use confirm::{ConfirmDialog, TypedConfirm};
pub use discard::DiscardAsk;
pub use focus::{follow_steps, modal_open};

use super::button::{ButtonLook, ControlSize, IconButton};
use super::dom::{focused, uid};
use super::icon::{Icon, IconName};
use super::status::Tone;
use super::toast::{ToastStack, Toasts};
use leptos::ev::{Event, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::sync::Arc;
use web_sys::{HtmlDialogElement, HtmlElement};

/// Width of a dialog; on phones all are sheets at the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DialogSize {
    /// A question: 480 px.
    Small,
    /// A form: 560 px.
    #[default]
    Normal,
    /// A comparison, a log: 880 px.
    Wide,
}

impl DialogSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Small => "dialog small",
            Self::Normal => "dialog",
            Self::Wide => "dialog wide",
        }
    }
}

/// What is open: the element, and what had the focus before it.
#[derive(Default)]
struct Opened {
    dialog: Option<HtmlDialogElement>,
    opener: Option<HtmlElement>,
}

type Held = Arc<SendWrapper<RefCell<Opened>>>;

/// A modal dialog. It is built when `open` turns true and taken down when it turns false; in
/// between nothing rebuilds it. `on_close` is asked on Escape, the cross, and a press on the
/// backdrop before anything was typed; it sets what `open` reads. The focus goes to what has
/// `autofocus`, else to the first control, and returns to where it came from.
///
/// ```ignore
/// let open = RwSignal::new(false);
/// view! {
///     <Dialog open=open on_close=move |()| open.set(false) title="Edit tags"
///         footer=move || view! { <Button label="Save tags" look=ButtonLook::Primary on_press=save/> }>
///         <TagsField .../>
///     </Dialog>
/// }
/// ```
#[component]
pub fn Dialog(
    /// Whether it stands.
    #[prop(into)]
    open: Signal<bool>,
    /// The person wants it closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// Its name: "Edit tags of web-server-01".
    #[prop(into)]
    title: Signal<String>,
    /// Picture and colour before the title.
    #[prop(optional, into)]
    mark: Option<(IconName, Tone)>,
    /// Width.
    #[prop(optional)]
    size: DialogSize,
    /// Why it can't be closed now; said when someone tries.
    #[prop(optional, into)]
    locked: Signal<Option<String>>,
    /// A question that interrupts: no cross, and the body is read out with the title.
    #[prop(optional)]
    question: bool,
    /// Buttons, in a row that stays at the bottom.
    #[prop(optional, into)]
    footer: ViewFn,
    /// The body.
    children: ChildrenFn,
) -> impl IntoView {
    let shown = Memo::new(move |_| open.get());
    let inside = move || {
        let parts = Parts {
            title,
            mark,
            size,
            question,
            control: Control::new(on_close, locked),
        };
        frame(&parts, &children, &footer)
    };
    move || shown.get().then(|| untrack(&inside))
}

/// What keeps a dialog open or lets it go.
#[derive(Clone, Copy)]
struct Control {
    on_close: Callback<()>,
    locked: Signal<Option<String>>,
    /// Someone tried to close it while it is locked.
    refused: RwSignal<bool>,
    /// Something was typed: a slip of the mouse must not cost it.
    typed: StoredValue<bool>,
    /// The press began on the backdrop; a selection dragged out of a field doesn't.
    on_backdrop: StoredValue<bool>,
}

impl Control {
    fn new(on_close: Callback<()>, locked: Signal<Option<String>>) -> Self {
        Self {
            on_close,
            locked,
            refused: RwSignal::new(false),
            typed: StoredValue::new(false),
            on_backdrop: StoredValue::new(false),
        }
    }

    fn ask(self) {
        if self.locked.with_untracked(Option::is_some) {
            self.refused.set(true);
        } else {
            self.on_close.run(());
        }
    }

    fn key(self, event: &KeyboardEvent, dialog: &HtmlDialogElement) {
        let mine = event.key() == "Escape"
            && !event.default_prevented()
            && !event.is_composing()
            && !focus::popover_open(dialog);
        if mine {
            // Without this the browser closes by itself on the second press, asking nobody.
            event.prevent_default();
            event.stop_propagation();
            self.ask();
        }
    }

    /// The browser closed it all the same (a back gesture): follow, or open again.
    fn closed(self, dialog: &HtmlDialogElement) {
        if self.locked.with_untracked(Option::is_some) {
            focus::open(dialog);
            self.refused.set(true);
        } else {
            self.on_close.run(());
        }
    }
}

struct Parts {
    title: Signal<String>,
    mark: Option<(IconName, Tone)>,
    size: DialogSize,
    question: bool,
    control: Control,
}

/// Opens after the content is in the document, closes before it goes. Returns its place in the
/// stack of dialogs, where toasts are drawn.
fn attach(frame: NodeRef<html::Dialog>, body: NodeRef<html::Div>) -> Option<u32> {
    let toasts = use_context::<Toasts>();
    let host = toasts.map(Toasts::enter);
    let held = Held::new(SendWrapper::new(RefCell::default()));
    let kept = Arc::clone(&held);
    Effect::new(move || {
        let Some(dialog) = frame.get() else { return };
        let opener = focused();
        focus::open(&dialog);
        *kept.borrow_mut() = Opened {
            dialog: Some(dialog),
            opener,
        };
        if let Some(body) = body.get_untracked() {
            focus::let_scroll(&body);
        }
    });
    on_cleanup(move || {
        if let (Some(toasts), Some(host)) = (toasts, host) {
            toasts.leave(host);
        }
        let Opened { dialog, opener } = RefCell::take(&held);
        if let Some(dialog) = dialog {
            focus::close(&dialog, opener.as_ref());
        }
    });
    host
}

fn frame(parts: &Parts, children: &ChildrenFn, footer: &ViewFn) -> impl IntoView + use<> {
    let footer = footer.clone();
    let Parts {
        title,
        mark,
        size,
        question,
        control,
    } = *parts;
    let element = NodeRef::<html::Dialog>::new();
    let body = NodeRef::<html::Div>::new();
    let host = attach(element, body);
    let (title_id, body_id) = (uid("dialog"), uid("dialog"));
    let keydown = move |event: KeyboardEvent| {
        if let Some(dialog) = element.get_untracked() {
            control.key(&event, &dialog);
        }
    };
    let cancel = move |event: Event| {
        if is_own(&event) {
            event.prevent_default();
            control.ask();
        }
    };
    let closed = move |event: Event| {
        if let (true, Some(dialog)) = (is_own(&event), element.get_untracked()) {
            control.closed(&dialog);
        }
    };
    let press = move |event: PointerEvent| control.on_backdrop.set_value(is_own(&event));
    let click = move |event: MouseEvent| {
        let out = control.on_backdrop.get_value() && is_own(&event);
        if out && !control.typed.get_value() {
            control.ask();
        }
    };
    view! {
        <dialog
            node_ref=element
            class=size.class()
            class:marked=mark.is_some()
            role=question.then_some("alertdialog")
            aria-labelledby=title_id.clone()
            aria-describedby=question.then(|| body_id.clone())
            on:keydown=keydown
            on:cancel=cancel
            on:close=closed
            on:pointerdown=press
            on:click=click
            on:input=move |_| control.typed.set_value(true)
        >
            <header class="dialog-head">
                {mark.map(|(icon, tone)| view! {
                    <span class=format!("dialog-mark {}", tone.class())><Icon name=icon/></span>
                })}
                <h2 id=title_id.clone()>{move || title.get()}</h2>
                {(!question).then(|| view! { <Cross control=control/> })}
            </header>
            <div class="dialog-body" id=body_id.clone() node_ref=body>{children()}</div>
            <footer class="dialog-foot">
                <LockedNote control=control/>
                {move || footer.run()}
            </footer>
            {host.map(|host| view! { <ToastStack host=host/> })}
        </dialog>
    }
}

/// Whether an event happened on the very element that listens, not on something inside.
fn is_own(event: &Event) -> bool {
    event.target().is_some() && event.target() == event.current_target()
}

#[component]
fn Cross(control: Control) -> impl IntoView {
    view! {
        <span class="dialog-x">
            <IconButton
                label="Close"
                icon=IconName::X
                size=ControlSize::Small
                look=ButtonLook::Quiet
                on_press=move |()| control.ask()
            />
        </span>
    }
}

/// Says why the dialog stays, after someone tried to close it.
#[component]
fn LockedNote(control: Control) -> impl IntoView {
    let words = move || {
        control
            .refused
            .get()
            .then(|| control.locked.get())
            .flatten()
    };
    view! { <p class="dialog-locked" role="status">{words}</p> }
}
