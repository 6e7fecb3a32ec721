//! The scaffold every screen stands in: document title, breadcrumbs, head, content.

use crate::domain::units::grouped;
use crate::paths;
use leptos::html;
use leptos::prelude::*;

/// One step of the breadcrumb; the last one is the page itself and has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Plain path; `None` for the page itself.
    pub path: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    #[must_use]
    pub fn to(label: impl Into<String>, path: String) -> Self {
        Self {
            label: label.into(),
            path: Some(path),
        }
    }

    /// The page itself.
    #[must_use]
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            path: None,
        }
    }
}

/// What the frame shows of the page: provided once, above the router.
#[derive(Debug, Clone, Copy)]
pub struct PageState {
    /// Shown in the header.
    pub crumbs: RwSignal<Vec<Crumb>>,
    /// Spoken when the page changes.
    pub announced: RwSignal<String>,
    /// Name of the product, behind the title.
    pub brand: RwSignal<String>,
    /// The page stands alone, without navigation and header.
    pub bare: RwSignal<bool>,
    /// Pages shown since start; the first one takes no focus.
    visits: RwSignal<u32>,
}

/// Provides the state that [`Page`] writes and the frame reads.
pub fn provide_page_state(brand: RwSignal<String>) -> PageState {
    let state = PageState {
        crumbs: RwSignal::new(Vec::new()),
        announced: RwSignal::new(String::new()),
        brand,
        bare: RwSignal::new(false),
        visits: RwSignal::new(0),
    };
    provide_context(state);
    state
}

/// A page: title (also of the document), breadcrumb, a line of facts, actions at the right, and
/// the content. On navigation its heading takes the focus and is announced.
#[component]
pub fn Page(
    /// Name of the page, or of the object that it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Breadcrumb above the page; the title alone where empty.
    #[prop(optional, into)]
    crumbs: Signal<Vec<Crumb>>,
    /// Stands behind the title: state, ID, badges.
    #[prop(optional, into)]
    badges: ViewFn,
    /// One line below the title.
    #[prop(optional, into)]
    facts: ViewFn,
    /// Right of the title; the primary action last.
    #[prop(optional, into)]
    actions: ViewFn,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let state = use_context::<PageState>();

    // Writing out of an effect: the document's title and the header are outside of this view.
    Effect::new(move || {
        let title = title.get();
        let Some(state) = state else { return };
        let path = crumbs.get();
        let shown = if path.is_empty() {
            vec![Crumb::here(title.clone())]
        } else {
            path
        };
        if state.crumbs.with_untracked(|old| *old != shown) {
            state.crumbs.set(shown);
        }
        if !title.is_empty() {
            let brand = state.brand.get();
            document().set_title(&format!("{title} · {brand}"));
        }
    });
    Effect::new(move || {
        let (Some(element), Some(state)) = (heading.get(), state) else {
            return;
        };
        let first = state.visits.get_untracked() == 0;
        state.visits.update_untracked(|visits| *visits += 1);
        if !first {
            // Ignored: without focus the page still works.
            let _ = element.focus();
            state.announced.set(title.get_untracked());
        }
    });

    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-title">
                    <h1 node_ref=heading tabindex="-1">
                        {move || title.get()}
                    </h1>
                    {move || badges.run()}
                </div>
                <div class="page-actions">{move || actions.run()}</div>
                <div class="page-facts">{move || facts.run()}</div>
            </div>
            {children()}
        </div>
    }
}

/// A link to a plain path, with the app's base before it.
#[component]
pub fn Link(
    /// Plain path, from [`crate::paths`].
    #[prop(into)]
    to: Signal<String>,
    /// Class of the anchor.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=class href=move || paths::href(&to.get())>
            {children()}
        </a>
    }
}

/// How many there are, beside the title.
#[component]
pub fn Total(
    /// Rows; nothing is said of none.
    total: Memo<usize>,
) -> impl IntoView {
    move || {
        (total.get() > 0).then(|| {
            view! {
                <span class="page-total">
                    <span class="vh">"in all: "</span>
                    {grouped(total.get() as u64)}
                </span>
            }
        })
    }
}
