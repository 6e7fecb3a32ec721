//! A surface in the browser's top layer that stands at something: menus, pickers. The popover
//! attribute brings light dismissal and stacking; placing is ours. On phones it is a sheet at the
//! bottom.

use super::dom::{self, listen, uid};
use crate::domain::place::{Edge, Rect, place};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// What an overlay stands at.
#[derive(Debug, Clone)]
pub enum Anchor {
    /// An element; it gets the focus back.
    Element(HtmlElement),
    /// A point (right click), and who gets the focus back.
    Point(f64, f64, Option<HtmlElement>),
}

impl Anchor {
    fn rect(&self) -> Rect {
        match self {
            Self::Element(element) => {
                let rect = element.get_bounding_client_rect();
                Rect {
                    x: rect.x(),
                    y: rect.y(),
                    width: rect.width(),
                    height: rect.height(),
                }
            }
            Self::Point(x, y, _) => Rect {
                x: *x,
                y: *y,
                width: 0.0,
                height: 0.0,
            },
        }
    }

    const fn element(&self) -> Option<&HtmlElement> {
        match self {
            Self::Element(element) => Some(element),
            Self::Point(_, _, back) => back.as_ref(),
        }
    }
}

/// Handle of an overlay: opens, closes, tells.
#[derive(Debug, Clone, Copy)]
pub struct Overlay {
    /// Its element.
    pub element: NodeRef<Div>,
    open: RwSignal<bool>,
    id: StoredValue<String>,
    anchor: StoredValue<Option<Anchor>, LocalStorage>,
    edge: Edge,
}

impl Overlay {
    /// A closed one.
    #[must_use]
    pub fn new(edge: Edge) -> Self {
        Self {
            element: NodeRef::new(),
            open: RwSignal::new(false),
            id: StoredValue::new(uid("overlay")),
            anchor: StoredValue::new_local(None),
            edge,
        }
    }

    /// ID of its element, for `aria-controls`.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.get_value()
    }

    /// Whether it is open, as a signal.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Whether it is open, now.
    #[must_use]
    pub fn is_open_now(&self) -> bool {
        self.open.try_get_untracked().unwrap_or_default()
    }

    /// Shows it at `anchor`, and places it once its content is drawn.
    pub fn show(&self, anchor: Anchor) {
        self.anchor.set_value(Some(anchor));
        self.open.set(true);
        if let Some(element) = self.element.get_untracked() {
            // Refused only where it is open already.
            let _ = element.show_popover();
            self.place();
        }
    }

    /// Closes it; the focus goes back to what it stood at.
    pub fn hide(&self) {
        let anchor = self.anchor.try_get_value().flatten();
        let had_focus = self.has_focus();
        self.close();
        if had_focus && let Some(element) = anchor.as_ref().and_then(Anchor::element) {
            let _ = element.focus();
        }
    }

    /// Closes it and leaves the focus where it is.
    pub fn close(&self) {
        if let Some(element) = self.element.try_get_untracked().flatten() {
            // Refused only where it is closed already.
            let _ = element.hide_popover();
        }
        let _ = self.open.try_set(false);
    }

    /// Whether the focus is inside.
    #[must_use]
    pub fn has_focus(&self) -> bool {
        let element = self.element.try_get_untracked().flatten();
        element.is_some_and(|element| {
            dom::focused().is_some_and(|focused| element.contains(Some(&focused)))
        })
    }

    /// Places it again: its content or what it stands at has moved.
    pub fn place(&self) {
        let Some(element) = self.element.try_get_untracked().flatten() else {
            return;
        };
        let Some(anchor) = self.anchor.try_get_value().flatten() else {
            return;
        };
        if anchor
            .element()
            .is_some_and(|element| !element.is_connected())
        {
            // What it stood at is gone; the overlay stays where it is.
            return;
        }
        let size = (
            f64::from(element.offset_width()),
            f64::from(element.offset_height()),
        );
        let (x, y) = place(anchor.rect(), size, dom::viewport(), self.edge, false);
        let style = HtmlElement::style(&element);
        let _ = style.set_property("left", &format!("{x}px"));
        let _ = style.set_property("top", &format!("{y}px"));
    }
}

/// The button of an overlay. A press on it while the overlay is open closes that by light dismissal
/// before the click arrives; the click must not open it again.
#[derive(Debug, Clone, Copy)]
pub struct Trigger {
    overlay: Overlay,
    was_open: StoredValue<bool>,
}

impl Trigger {
    /// Of an overlay.
    #[must_use]
    pub fn new(overlay: Overlay) -> Self {
        Self {
            overlay,
            was_open: StoredValue::new(false),
        }
    }

    /// The pointer or a key goes down on it.
    pub fn down(self) {
        self.was_open.set_value(self.overlay.is_open_now());
    }

    /// It was clicked: closes what was open, else has it opened at the button.
    pub fn click(self, event: &web_sys::Event, open: impl FnOnce(Anchor)) {
        let was_open = self.was_open.get_value();
        self.was_open.set_value(false);
        if was_open {
            self.overlay.close();
        } else if let Some(button) = dom::handled_at(event) {
            open(Anchor::Element(button));
        }
    }
}

/// The overlay's element. The content is there only while it is open; the element always, so that
/// nothing has to be mounted between a press and the first picture.
#[component]
pub fn OverlaySurface(
    /// Its handle.
    overlay: Overlay,
    /// A class beside `overlay`.
    class: &'static str,
    /// Role: `menu`, `dialog`, `listbox`.
    role: &'static str,
    /// Name.
    #[prop(into)]
    label: Signal<String>,
    /// Keys; Escape is handled already.
    #[prop(optional, into)]
    on_key: Option<Callback<KeyboardEvent>>,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let open = overlay.open;
    // Follows the browser where it closes by itself (a press elsewhere).
    let follow = move |_| {
        let shown = overlay.element.try_get_untracked().flatten();
        if shown.is_some_and(|element| !element.matches(":popover-open").unwrap_or(true)) {
            let _ = open.try_set(false);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            // Else an open dialog below it would close as well.
            event.prevent_default();
            event.stop_propagation();
            overlay.hide();
        } else if let Some(on_key) = on_key {
            on_key.run(event);
        }
    };
    let body = Memo::new(move |_| open.get());
    view! {
        <div
            node_ref=overlay.element
            id=overlay.id()
            class=format!("overlay {class}")
            popover="auto"
            role=role
            tabindex="-1"
            aria-label=move || label.get()
            on:toggle=follow
            on:keydown=key
        >
            {move || body.get().then(|| view! { <Follower overlay=overlay/> {children()} })}
        </div>
    }
}

/// Keeps an open overlay at its anchor while the page scrolls or changes size.
#[component]
fn Follower(overlay: Overlay) -> impl IntoView {
    let again = dom::once_a_frame(move || overlay.place());
    if let Some(window) = web_sys::window() {
        let scrolled = again.clone();
        listen(window.as_ref(), "scroll", true, move |_: web_sys::Event| {
            scrolled();
        });
        let resized = again.clone();
        listen(
            window.as_ref(),
            "resize",
            false,
            move |_: web_sys::Event| resized(),
        );
    }
    again();
}
