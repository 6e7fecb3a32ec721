//! The results, in their groups.

use super::find::{Entry, Group, Target};
use super::state::Palette;
use crate::components::{Icon, IconName};
use crate::domain::fuzzy::runs;
use crate::domain::ids::VmId;
use crate::domain::units::count;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// The list below the field.
#[component]
pub fn Results(palette: Palette) -> impl IntoView {
    let groups = palette.groups();
    let list = move || {
        let mut place = 0;
        groups.with(|groups| {
            groups
                .iter()
                .enumerate()
                .map(|(number, group)| {
                    let first = place;
                    place += group.entries.len();
                    one_group(palette, group, number, first)
                })
                .collect_view()
        })
    };
    let said = move || {
        let number: usize =
            groups.with(|groups| groups.iter().map(|group| group.entries.len()).sum());
        if number == 0 {
            palette.nothing()
        } else {
            count(number, "result", "results")
        }
    };
    view! {
        <div
            id=palette.id()
            class="palette-list"
            role="listbox"
            aria-label="Results"
            hidden=move || palette.is_empty()
        >
            {list}
        </div>
        <p class="palette-none" class:vh=move || !palette.is_empty() role="status">{said}</p>
    }
}

fn one_group(palette: Palette, group: &Group, number: usize, first: usize) -> AnyView {
    let id = format!("{}-group-{number}", palette.id());
    let entries = group
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| view! { <Line palette=palette place=first + index entry=entry.clone()/> })
        .collect_view();
    view! {
        <div class="palette-group" role="group" aria-labelledby=id.clone()>
            <div class="palette-title" id=id.clone() role="presentation">{group.title.clone()}</div>
            {entries}
        </div>
    }
    .into_any()
}

fn bold(text: &str, at: &[usize]) -> Vec<AnyView> {
    runs(text, at)
        .into_iter()
        .map(|(found, run)| {
            if found {
                view! { <b>{run}</b> }.into_any()
            } else {
                run.into_any()
            }
        })
        .collect()
}

#[component]
fn Line(palette: Palette, place: usize, entry: Entry) -> impl IntoView {
    let at = palette.at();
    let active = Memo::new(move |_| at.get() == Some(place));
    let (icon, tone) = entry.icon;
    let id = entry
        .id
        .as_ref()
        .map(|(id, found)| bold(id, &(0..*found).collect::<Vec<_>>()));
    let keys = entry
        .keys
        .iter()
        .map(|key| view! { <kbd>{key.clone()}</kbd> });
    let label = bold(&entry.label, &entry.bold);
    let detail = entry
        .disabled
        .clone()
        .unwrap_or_else(|| entry.detail.clone());
    let target = entry.target.clone();
    let disabled = entry.disabled.is_some();
    let more = match entry.target {
        Target::Vm(vm) => Some(view! { <More palette=palette vm=vm/> }),
        _ => None,
    };
    view! {
        <div
            id=palette.entry_id(place)
            class="palette-entry"
            class:active=active
            class:danger=entry.danger
            role="option"
            aria-selected=move || if active.get() { "true" } else { "false" }
            aria-disabled=disabled.then_some("true")
            // The focus stays in the field.
            on:mousedown=|event| event.prevent_default()
            on:pointermove=move |_| if !active.get_untracked() { palette.mean(&target) }
            on:click=move |_| palette.run(&entry)
        >
            <span class=format!("palette-icon {}", tone.class()) aria-hidden="true"><Icon name=icon/></span>
            <span class="palette-label">
                <span class="palette-name">{label}</span>
                {id.map(|id| view! { " " <span class="palette-id">{id}</span> })}
            </span>
            " "
            <span class="palette-detail" hidden=detail.is_empty()>{detail.clone()}</span>
            <span class="palette-shortcut" aria-hidden="true">{keys.collect_view()}</span>
            {more}
        </div>
    }
}

/// Lists the actions of a VM, for mouse and finger; a keyboard has Tab.
#[component]
fn More(palette: Palette, vm: VmId) -> impl IntoView {
    let press = move |event: MouseEvent| {
        event.stop_propagation();
        palette.choose(vm);
    };
    view! {
        <span class="palette-more" aria-hidden="true" data-tip="Actions" on:click=press>
            <Icon name=IconName::ChevronRight/>
        </span>
    }
}
