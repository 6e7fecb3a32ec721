use leptos::prelude::*;

/// One step of the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrumbItem {
    /// What it is called.
    pub label: String,
    /// Where it leads, with the base path; `None` for the page itself.
    pub href: Option<String>,
}

impl CrumbItem {
    /// A step that leads somewhere.
    pub fn to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// The way to this page. On phones there is room for the page itself and a way back to the one
/// above it; long names are cut in their middle everywhere, since they differ at their ends.
#[component]
pub fn Breadcrumbs(
    /// From the top down to the page itself.
    #[prop(into)]
    items: Signal<Vec<CrumbItem>>,
) -> impl IntoView {
    let items = Memo::new(move |_| items.get());
    let steps = move || {
        let items = items.get();
        let last = items.len().saturating_sub(1);
        items
            .into_iter()
            .enumerate()
            .map(|(index, item)| view! { <li>{step(item, index == last)}</li> })
            .collect_view()
    };
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>{steps}</ol>
        </nav>
    }
}

fn step(item: CrumbItem, is_last: bool) -> AnyView {
    let CrumbItem { label, href } = item;
    let current = is_last.then_some("page");
    match href {
        Some(href) if !is_last => {
            view! { <a class="crumb" href=href data-tip=long(&label)>{name(&label)}</a> }.into_any()
        }
        _ => view! { <span class="crumb" aria-current=current data-tip=long(&label)>{name(&label)}</span> }
            .into_any(),
    }
}

/// The whole name, where it may be cut.
fn long(label: &str) -> Option<String> {
    (label.chars().count() > 24).then(|| label.to_owned())
}

/// The last letters stay; what is before them gives way.
fn name(label: &str) -> impl IntoView + use<> {
    let end = label
        .char_indices()
        .rev()
        .nth(7)
        .filter(|_| long(label).is_some());
    let (head, tail) = label.split_at(end.map_or(label.len(), |(at, _)| at));
    view! {
        <span class="crumb-head">{head.to_owned()}</span>
        <span class="crumb-tail">{tail.to_owned()}</span>
    }
}
