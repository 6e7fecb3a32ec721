//! The head of a group: folds its rows away, and selects them.

use super::bar::RowsCheck;
use super::core::Shared;
use super::model::{RowData, RowKey};
use crate::components::icon::{Icon, IconName};
use crate::domain::group::Group;
use crate::domain::table::Selection;
use leptos::prelude::*;

/// What a head knows of its group; the last known one stands while the head goes away.
fn group_of<K: RowKey, R: RowData>(core: &Shared<K, R>, id: String) -> Memo<Group> {
    let groups = core.table.groups;
    Memo::new(move |old: Option<&Group>| {
        groups
            .with(|groups| groups.iter().find(|group| group.id == id).cloned())
            .or_else(|| old.cloned())
            .unwrap_or_default()
    })
}

#[component]
pub(super) fn GroupHead<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    id: String,
    at: Signal<usize>,
) -> impl IntoView {
    let group = group_of(&core, id);
    let spanned = core.clone();
    view! {
        <tr
            role="row"
            class="dt-group"
            aria-rowindex=move || (at.get() + 2).to_string()
            style:top=move || format!("calc(var(--row) * {})", at.get())
        >
            <td role="gridcell" class="dt-group-cell" aria-colspan=move || spanned.column_count().to_string()>
                {core.table.selection.map(|selection| view! { <GroupCheck core=core.clone() selection=selection group=group/> })}
                <Fold core=core.clone() group=group/>
            </td>
        </tr>
    }
}

/// The same between cards.
#[component]
pub(super) fn CardGroupHead<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    id: String,
    at: Signal<usize>,
) -> impl IntoView {
    let group = group_of(&core, id);
    view! {
        <li class="dt-card-group" style:top=move || format!("calc(var(--card-row) * {})", at.get())>
            <Fold core=core group=group/>
        </li>
    }
}

#[component]
fn Fold<K: RowKey, R: RowData>(core: Shared<K, R>, group: Memo<Group>) -> impl IntoView {
    let on_fold = core.table.on_fold;
    let folded = Memo::new(move |_| group.with(|group| group.folded));
    let click = move |_| {
        if let Some(on_fold) = on_fold {
            on_fold.run(group.with_untracked(|group| group.id.clone()));
        }
    };
    view! {
        <button
            type="button"
            class="dt-fold"
            aria-expanded=move || if folded.get() { "false" } else { "true" }
            on:click=click
        >
            <Icon name=Signal::derive(move || if folded.get() { IconName::ChevronRight } else { IconName::ChevronDown })/>
            <strong class="clip">{move || group.with(|group| group.label.clone())}</strong>
            <span class="dt-group-note">{move || group.with(|group| group.note.clone())}</span>
        </button>
    }
}

/// All rows of the group: in, out, or some.
#[component]
fn GroupCheck<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    selection: RwSignal<Selection<K>>,
    group: Memo<Group>,
) -> impl IntoView {
    let order = core.table.rows.order;
    // (any, all) of the group.
    let state = Memo::new(move |_| {
        selection.with(|selection| {
            if selection.is_empty() {
                return (false, false);
            }
            order.with(|order| {
                let rows = group.with(|group| order.get(group.rows()).unwrap_or_default());
                let inside = rows.iter().filter(|key| selection.has(key)).count();
                (inside > 0, inside > 0 && inside == rows.len())
            })
        })
    });
    let press = Callback::new(move |()| {
        let rows = group.with_untracked(Group::rows);
        order.with_untracked(|order| {
            let rows = order.get(rows).unwrap_or_default();
            selection.update(|selection| selection.toggle_group(rows));
        });
    });
    let label =
        Signal::derive(move || group.with(|group| format!("Select all of {}", group.label)));
    view! { <RowsCheck label=label state=state on_press=press/> }
}
