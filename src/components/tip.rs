//! Tooltips: one for the whole app. Whatever carries a `data-tip` attribute has one, on hover, on
//! keyboard focus and on a tap; rows of a table pay nothing for it.

use super::dom::{self, listen};
use crate::domain::place::{Edge, Rect, place};
use gloo_timers::callback::{Interval, Timeout};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Element, Event, FocusEvent, HtmlElement, KeyboardEvent, PointerEvent};

/// Milliseconds the pointer rests before a tooltip comes, and before it goes.
const REST: u32 = 350;
const LEAVE: u32 = 140;
/// Milliseconds between looks at a text that may change while it is shown.
const REFRESH: u32 = 500;

#[derive(Default)]
struct Tip {
    target: Option<Element>,
    timer: Option<Timeout>,
    refresh: Option<Interval>,
}

#[derive(Clone)]
struct Layer {
    state: Rc<RefCell<Tip>>,
    element: NodeRef<Div>,
    text: RwSignal<String>,
}

impl Layer {
    fn surface(&self) -> Option<HtmlElement> {
        self.element.try_get_untracked().flatten().map(Into::into)
    }

    fn is_shown(&self) -> bool {
        self.surface()
            .is_some_and(|element| element.matches(":popover-open").unwrap_or_default())
    }

    fn after(&self, millis: u32, work: impl Fn(&Self) + 'static) {
        let layer = self.clone();
        self.state.borrow_mut().timer = Some(Timeout::new(millis, move || work(&layer)));
    }

    fn show(&self, target: Element) {
        let Some(text) = target
            .get_attribute("data-tip")
            .filter(|text| !text.is_empty())
        else {
            return self.hide();
        };
        let Some(surface) = self.surface() else {
            return;
        };
        if self.text.try_set(text).is_some() {
            return;
        }
        // Shown anew, so that it stands above a dialog that was opened since.
        let _ = surface.hide_popover();
        let _ = surface.show_popover();
        let layer = self.clone();
        {
            let mut state = self.state.borrow_mut();
            state.target = Some(target);
            state.timer = None;
            state.refresh = Some(Interval::new(REFRESH, move || layer.refresh()));
        }
        let layer = self.clone();
        self.place();
        dom::after_render(move || layer.place());
    }

    fn refresh(&self) {
        let target = self.state.borrow().target.clone();
        match target
            .filter(|target| target.is_connected())
            .and_then(|target| target.get_attribute("data-tip"))
        {
            Some(text) if !text.is_empty() => {
                if self
                    .text
                    .try_with_untracked(|old| *old != text)
                    .unwrap_or_default()
                {
                    let _ = self.text.try_set(text);
                    let layer = self.clone();
                    dom::after_render(move || layer.place());
                }
            }
            _ => self.hide(),
        }
    }

    fn place(&self) {
        let Some(surface) = self.surface() else {
            return;
        };
        let Some(target) = self.state.borrow().target.clone() else {
            return;
        };
        let rect = target.get_bounding_client_rect();
        let anchor = Rect {
            x: rect.x(),
            y: rect.y(),
            width: rect.width(),
            height: rect.height(),
        };
        let size = (
            f64::from(surface.offset_width()),
            f64::from(surface.offset_height()),
        );
        let (x, y) = place(anchor, size, dom::viewport(), Edge::Middle, true);
        let style = HtmlElement::style(&surface);
        let _ = style.set_property("left", &format!("{x}px"));
        let _ = style.set_property("top", &format!("{y}px"));
    }

    fn hide(&self) {
        if let Some(surface) = self.surface() {
            let _ = surface.hide_popover();
        }
        // Dropped here and not in place: a timer may be what calls.
        let old = self.state.replace(Tip::default());
        if let Some(interval) = old.refresh {
            interval.cancel();
        }
        if let Some(timer) = old.timer {
            timer.cancel();
        }
    }

    fn over(&self, event: &PointerEvent) {
        if event.pointer_type() == "touch" {
            return;
        }
        let under = element_of(event.target());
        if let (Some(surface), Some(under)) = (self.surface(), &under)
            && surface.contains(Some(under))
        {
            // The tooltip itself can be pointed at, to read or copy it.
            self.state.borrow_mut().timer = None;
            return;
        }
        let found = under.and_then(|element| element.closest("[data-tip]").ok().flatten());
        let same = self.state.borrow().target.is_some() && self.state.borrow().target == found;
        match found {
            Some(_) if same => self.state.borrow_mut().timer = None,
            Some(target) => {
                let wait = if self.is_shown() { 60 } else { REST };
                self.after(wait, move |layer| layer.show(target.clone()));
            }
            None if self.is_shown() => self.after(LEAVE, Self::hide),
            None => self.state.borrow_mut().timer = None,
        }
    }

    fn focus(&self, event: &FocusEvent) {
        let Some(element) = element_of(event.target()) else {
            return;
        };
        // A press of the pointer focuses too; then the hover has shown what there is.
        if element.matches(":focus-visible").unwrap_or_default() {
            match element.closest("[data-tip]").ok().flatten() {
                Some(target) => self.show(target),
                None => self.hide(),
            }
        }
    }

    fn tap(&self, event: &PointerEvent) {
        self.hide();
        if event.pointer_type() != "touch" {
            return;
        }
        let found = element_of(event.target())
            .and_then(|element| element.closest("[data-tip]").ok().flatten());
        // What acts on a tap acts; what can't, says why; what is only read, is read out.
        if let Some(target) = found
            && (target.get_attribute("aria-disabled").as_deref() == Some("true")
                || !target
                    .matches("button, a, input, select")
                    .unwrap_or_default())
        {
            self.after(80, move |layer| layer.show(target.clone()));
        }
    }
}

fn element_of(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// The tooltip. Mounted once, by the frame.
#[component]
pub fn TipLayer() -> impl IntoView {
    let layer = Layer {
        state: Rc::default(),
        element: NodeRef::new(),
        text: RwSignal::new(String::new()),
    };
    let document: web_sys::Document = document();
    let target: &web_sys::EventTarget = document.as_ref();
    let on = layer.clone();
    listen(target, "pointerover", false, move |event: PointerEvent| {
        on.over(&event);
    });
    let on = layer.clone();
    listen(target, "focusin", false, move |event: FocusEvent| {
        on.focus(&event);
    });
    let on = layer.clone();
    listen(target, "focusout", false, move |_: FocusEvent| on.hide());
    let on = layer.clone();
    listen(target, "pointerdown", true, move |event: PointerEvent| {
        on.tap(&event);
    });
    let on = layer.clone();
    listen(target, "keydown", true, move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            on.hide();
        }
    });
    let on = layer.clone();
    let follow = dom::once_a_frame(move || on.place());
    listen(target, "scroll", true, move |_: Event| follow());
    let text = layer.text;
    let element = layer.element;
    let held = send_wrapper::SendWrapper::new(layer);
    on_cleanup(move || held.hide());
    view! {
        <div node_ref=element class="tip" popover="manual" role="tooltip">
            {move || text.get()}
        </div>
    }
}
