//! The list cut into groups by node, state, pool or tags.

use super::ctx::ListCtx;
use crate::components::{IconName, MenuButton, MenuItem};
use crate::domain::place::Edge;
use crate::domain::vm_group::GroupBy;
use leptos::prelude::*;

/// Chooses by what.
#[component]
pub(super) fn GroupButton(ctx: ListCtx) -> impl IntoView {
    let query = ctx.query;
    let by = Memo::new(move |_| query.with(|state| state.group));
    let label = Signal::derive(move || match by.get() {
        None => "Group".to_owned(),
        Some(by) => format!(
            "By {}",
            by.label()
                .to_lowercase()
                .replace("kubernetes", "Kubernetes")
        ),
    });
    let items = Signal::derive(move || {
        let now = by.get();
        let choose = move |by: Option<GroupBy>| {
            query.change(|state| state.group = by);
        };
        let none = MenuItem::new("none", "No groups", move || choose(None)).checked(now.is_none());
        let others = GroupBy::ALL.into_iter().map(move |by| {
            MenuItem::new(by.as_str(), by.label(), move || choose(Some(by)))
                .checked(now == Some(by))
        });
        std::iter::once(none).chain(others).collect()
    });
    view! { <MenuButton label=label items=items icon=IconName::Layers edge=Edge::End/> }
}
