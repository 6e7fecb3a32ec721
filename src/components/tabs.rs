use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// One tab: a link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TabItem {
    /// Which one it is; what `current` names.
    pub id: String,
    /// "Snapshots".
    pub label: String,
    /// Where it leads, with the base path.
    pub href: String,
    /// How many things are on it, once known.
    pub count: Option<usize>,
}

impl TabItem {
    /// A tab without a count.
    pub fn new(id: impl Into<String>, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            href: href.into(),
            count: None,
        }
    }

    /// With a count.
    #[must_use]
    pub const fn count(mut self, count: Option<usize>) -> Self {
        self.count = count;
        self
    }
}

/// Links to the parts of an object, on one line; they keep what is above them in place. Arrow keys,
/// Home and End move among them, unless a modifier is pressed. Where they don't fit they scroll,
/// with the current one in view.
#[component]
pub fn Tabs(
    /// Name of the set: "Parts of web-server-01".
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    #[prop(into)]
    items: Signal<Vec<TabItem>>,
    /// ID of the current one.
    #[prop(into)]
    current: Signal<String>,
) -> impl IntoView {
    let bar = NodeRef::<html::Nav>::new();
    let ids = Memo::new(move |_| {
        items.with(|items| items.iter().map(|item| item.id.clone()).collect::<Vec<_>>())
    });
    let current = Memo::new(move |_| current.get());
    // Scrolling is the browser's state, not the view's.
    Effect::new(move || {
        current.track();
        ids.track();
        if let Some(bar) = bar.get() {
            // The mark is set in the same turn as this; look for it in the next.
            request_animation_frame(move || show_current(&bar));
        }
    });
    let keys = move |event: KeyboardEvent| {
        if let Some(bar) = bar.get_untracked() {
            step(&event, &bar);
        }
    };
    view! {
        <nav class="tabs" aria-label=move || label.get() node_ref=bar on:keydown=keys>
            <For each=move || ids.get() key=|id| id.clone() let:id>
                <Tab id=id items=items current=current/>
            </For>
        </nav>
    }
}

#[component]
fn Tab(id: String, items: Signal<Vec<TabItem>>, current: Memo<String>) -> impl IntoView {
    let is_current = {
        let id = id.clone();
        move || current.with(|current| *current == id).then_some("page")
    };
    // Keeps its last words while the tab goes away.
    let item = Memo::new(move |last: Option<&TabItem>| {
        items
            .with(|items| items.iter().find(|item| item.id == id).cloned())
            .or_else(|| last.cloned())
            .unwrap_or_default()
    });
    let count = move || item.with(|item| item.count);
    view! {
        <a
            class="tab"
            href=move || item.with(|item| item.href.clone())
            aria-current=is_current
            data-noscroll
        >
            {move || item.with(|item| item.label.clone())}
            {move || count().map(|count| view! { <span class="count">{count}</span> })}
        </a>
    }
}

/// Brings the current tab into view sideways only; the page must not move.
fn show_current(bar: &HtmlElement) {
    let Ok(Some(tab)) = bar.query_selector("[aria-current]") else {
        return;
    };
    let (bar_box, tab_box) = (
        bar.get_bounding_client_rect(),
        tab.get_bounding_client_rect(),
    );
    let off = (tab_box.left() + tab_box.width() / 2.0) - (bar_box.left() + bar_box.width() / 2.0);
    if tab_box.left() < bar_box.left() || tab_box.right() > bar_box.right() {
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        bar.set_scroll_left(bar.scroll_left() + off as i32);
    }
}

/// With a modifier these keys are the browser's: back, forward, next tab.
fn step(event: &KeyboardEvent, bar: &HtmlElement) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    let at = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest("a.tab").ok()?);
    let Some(at) = at else { return };
    let next = match event.key().as_str() {
        "ArrowRight" => at
            .next_element_sibling()
            .or_else(|| bar.first_element_child()),
        "ArrowLeft" => at
            .previous_element_sibling()
            .or_else(|| bar.last_element_child()),
        "Home" => bar.first_element_child(),
        "End" => bar.last_element_child(),
        _ => return,
    };
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        let _ = next.focus();
    }
}
