//! Search, state, node and tags, and how old the list is (guide: VM List & Management, "Filter
//! Bar").

use super::counts::{Counts, status_word};
use super::ctx::ListCtx;
use super::fresh::Freshness;
use crate::components::form::{Choice, Combo, QueryBox};
use crate::components::table::FilterChip;
use crate::components::{Button, IconName, TagLook};
use crate::domain::query;
use crate::domain::vm_list::{ListState, Matcher, StatusFilter};
use leptos::prelude::*;

/// The bar above the table.
#[component]
pub(super) fn Filters(
    ctx: ListCtx,
    counts: Memo<Counts>,
    /// "12 of 340", while the list is filtered.
    found: Signal<Option<String>>,
    /// Enter in the search.
    on_enter: Callback<()>,
) -> impl IntoView {
    let query = ctx.query;
    // Phones show the search alone until the others are asked for.
    let unfolded = RwSignal::new(false);
    let number = Memo::new(move |_| query.with(|state| chips(state).len()));
    let addresses = Memo::new(move |_| query.with(Matcher::asks_for_addresses));
    let label = Signal::derive(move || match number.get() {
        0 => "Filter".to_owned(),
        number => format!("Filter ({number})"),
    });
    view! {
        <div class="vms-filters" class:unfolded=unfolded role="search" aria-label="Filter VMs">
            <div class="vms-search" on:focusout=move |_| query.flush()>
                <QueryBox
                    label="Search VMs"
                    value=query.typed
                    placeholder="Name, ID, tag or node:… mem:>80%"
                    index=ctx.index
                    found=found
                    on_input=Callback::new(move |words| query.search_typed(words))
                    on_enter=on_enter
                />
            </div>
            <div class="vms-unfold">
                <Button
                    label=label
                    icon=Signal::stored(IconName::Filter)
                    pressed=unfolded
                    on_press=Callback::new(move |()| unfolded.update(|on| *on = !*on))
                />
            </div>
            <div class="vms-choices">
                <StatusFilterBox ctx=ctx counts=counts/>
                <NodeFilterBox ctx=ctx counts=counts/>
                <TagFilterBox ctx=ctx counts=counts/>
            </div>
            <Freshness ctx=ctx/>
            <p class="vms-note quiet" role="status">
                {move || addresses.get().then_some("The server's list has no addresses, so ip: finds nothing here; a VM's own page shows them.")}
            </p>
        </div>
    }
}

#[component]
fn StatusFilterBox(ctx: ListCtx, counts: Memo<Counts>) -> impl IntoView {
    let query = ctx.query;
    let value = Signal::derive(move || {
        query.with(|state| {
            state
                .status
                .as_ref()
                .map(|status| status.as_str().to_owned())
        })
    });
    let options = Signal::derive(move || {
        counts.with(|counts| {
            counts
                .statuses()
                .into_iter()
                .map(|(word, count)| Choice::new(word, status_word(word)).count(Some(count)))
                .collect::<Vec<_>>()
        })
    });
    let pick = move |word: Option<String>| {
        query.change(|state| state.status = word.as_deref().and_then(StatusFilter::parse));
    };
    view! {
        <Combo label="Filter by status" any="Any status" value=value options=options on_pick=Callback::new(pick)/>
    }
}

#[component]
fn NodeFilterBox(ctx: ListCtx, counts: Memo<Counts>) -> impl IntoView {
    let query = ctx.query;
    let value = Signal::derive(move || query.with(|state| state.node.clone()));
    let options = Signal::derive(move || {
        counts.with(|counts| {
            let nodes = counts.nodes.iter();
            nodes
                .map(|(node, count)| Choice::new(node, node).count(Some(*count)))
                .collect::<Vec<_>>()
        })
    });
    let pick = move |node: Option<String>| query.change(|state| state.node = node);
    view! {
        <Combo label="Filter by node" any="Any node" value=value options=options on_pick=Callback::new(pick)/>
    }
}

/// Adds one tag after the other: a VM must carry all of them. Those that are on stand as chips.
#[component]
fn TagFilterBox(ctx: ListCtx, counts: Memo<Counts>) -> impl IntoView {
    let query = ctx.query;
    let chosen = Memo::new(move |_| query.with(|state| state.tags.clone()));
    let options = Signal::derive(move || {
        let chosen = chosen.get();
        counts.with(|counts| {
            ctx.tag_colors.with(|colors| {
                let free = counts.tags.iter().filter(|(tag, _)| !chosen.contains(tag));
                free.map(|(tag, count)| {
                    let color = colors.get(tag).map(String::as_str);
                    Choice::tag(&TagLook::new(tag, color)).count(Some(*count))
                })
                .collect::<Vec<_>>()
            })
        })
    });
    let any = Signal::derive(move || match chosen.with(Vec::len) {
        0 => "Any tags".to_owned(),
        _ => "One more tag".to_owned(),
    });
    let pick = move |tag: Option<String>| {
        if let Some(tag) = tag {
            query.toggle_tag(&tag);
        }
    };
    view! {
        <Combo label="Filter by tag" any=any value=Signal::stored(None::<String>) options=options on_pick=Callback::new(pick)/>
    }
}

const STATUS: &str = "status";
const NODE: &str = "node";
const TAG: &str = "tag";
const SEARCH: &str = "search";

/// The filters that are on.
pub(super) fn chips(state: &ListState) -> Vec<FilterChip> {
    let chip = |field: &str, value: &str| FilterChip {
        field: field.to_owned(),
        value: value.to_owned(),
    };
    let mut chips = Vec::new();
    if let Some(status) = &state.status {
        chips.push(chip(STATUS, status.as_str()));
    }
    if let Some(node) = &state.node {
        chips.push(chip(NODE, node));
    }
    chips.extend(state.tags.iter().map(|tag| chip(TAG, tag)));
    let words = state.search.trim();
    match query::chips::chips(words) {
        Ok(parts) => chips.extend(parts.iter().map(|part| chip(SEARCH, &part.text))),
        Err(_) => chips.push(chip(SEARCH, words)),
    }
    chips
}

/// The search without one of its conditions.
fn without(search: &str, part: &str) -> String {
    let place = query::chips::chips(search)
        .ok()
        .and_then(|parts| parts.iter().position(|own| own.text == part));
    place.map_or_else(String::new, |place| query::chips::without(search, place))
}

/// Takes one filter off.
pub(super) fn remove(ctx: ListCtx, chip: &FilterChip) {
    let query = ctx.query;
    match chip.field.as_str() {
        STATUS => query.change(|state| state.status = None),
        NODE => query.change(|state| state.node = None),
        TAG => query.change(|state| state.tags.retain(|tag| *tag != chip.value)),
        _ => {
            let words = query.with(|state| without(&state.search, &chip.value));
            query.typed.set(words.clone());
            query.change(|state| state.search = words);
        }
    }
}
