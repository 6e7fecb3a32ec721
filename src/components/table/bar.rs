//! The strip above the rows: what there is, which filters are on; and while rows are selected,
//! how many, which, and what can be done with them.

use super::core::Shared;
use super::model::{FilterChip, RowData, RowKey};
use crate::components::button::{Button, ButtonLook, ControlSize};
use crate::components::icon::{Icon, IconName};
use crate::domain::table::{Scope, Selection};
use crate::domain::units::{count, grouped};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// Filters that are on, as chips that can be taken off.
#[component]
pub fn FilterBar(
    /// The filters.
    #[prop(into)]
    filters: Signal<Vec<FilterChip>>,
    /// Takes one off.
    #[prop(into)]
    on_remove: Callback<FilterChip>,
    /// Takes all off.
    #[prop(optional, into)]
    on_clear: Option<Callback<()>>,
) -> impl IntoView {
    let filters = Memo::new(move |_| filters.get());
    let many = Memo::new(move |_| filters.with(|filters| filters.len() > 1));
    view! {
        <ul class="chips" aria-label="Filters">
            <For each=move || filters.get() key=Clone::clone let:chip>
                <li class="chip">
                    <span class="chip-field">{chip.field.clone()}</span>
                    <span class="chip-value">{chip.value.clone()}</span>
                    <button
                        type="button"
                        class="chip-x"
                        aria-label=format!("Remove filter {} {}", chip.field, chip.value)
                        on:click=move |_| on_remove.run(chip.clone())
                    >
                        <Icon name=IconName::X/>
                    </button>
                </li>
            </For>
            {move || (many.get()).then(|| on_clear.map(|clear| view! {
                <li><button type="button" class="link" on:click=move |_| clear.run(())>"Clear all"</button></li>
            }))}
        </ul>
    }
}

/// The strip. Of one height whatever it says, so that a selection moves no row.
#[component]
pub(super) fn Strip<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    summary: Signal<String>,
    bulk: ViewFn,
    strip: ViewFn,
    on_clear_filters: Option<Callback<()>>,
) -> impl IntoView {
    let selection = core.table.selection;
    let any = Memo::new(move |_| {
        selection.is_some_and(|selection| selection.with(|selection| !selection.is_empty()))
    });
    let (order, all) = (core.table.rows.order, core.table.rows.all);
    let (one, many) = core.table.noun;
    let counted = move || {
        let (shown, total) = (order.with(|order| order.len()), all.with(|all| all.len()));
        if shown == total {
            count(total, one, many)
        } else {
            format!("{} of {}", grouped(shown as u64), count(total, one, many))
        }
    };
    let picked = {
        let core = core.clone();
        move || {
            view! {
                <Picked core=core.clone() summary=summary bulk=bulk.clone() on_clear_filters=on_clear_filters/>
            }
        }
    };
    view! {
        <div class="dt-strip" class:picked=any>
            {selection.map(|selection| view! { <PageCheck core=core.clone() selection=selection/> })}
            {move || if any.get() {
                picked().into_any()
            } else {
                view! { <span class="dt-count" role="status">{counted}</span> {strip.run()} }.into_any()
            }}
        </div>
    }
}

/// All on this page: in, out, or some.
#[component]
fn PageCheck<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    selection: RwSignal<Selection<K>>,
) -> impl IntoView {
    let (range, order) = (core.range, core.table.rows.order);
    // (any, all) of the page.
    let state = Memo::new(move |_| {
        selection.with(|selection| {
            if selection.is_empty() {
                return (false, false);
            }
            order.with(|order| {
                let page = order.get(range.get()).unwrap_or_default();
                let inside = page.iter().filter(|key| selection.has(key)).count();
                (true, inside > 0 && inside == page.len())
            })
        })
    });
    let press = Callback::new(move |()| core.select_page());
    view! { <RowsCheck label="Select all rows on this page" state=state on_press=press/> }
}

/// A checkbox for many rows, of which (any, all) are selected.
#[component]
pub(super) fn RowsCheck(
    #[prop(into)] label: Signal<String>,
    state: Memo<(bool, bool)>,
    on_press: Callback<()>,
) -> impl IntoView {
    let element = NodeRef::<html::Input>::new();
    // "Some" is a property alone, there is no attribute for it.
    Effect::new(move || {
        let (any, all) = state.get();
        if let Some(input) = element.get() {
            input.set_indeterminate(any && !all);
        }
    });
    let click = move |_| {
        on_press.run(());
        // The press has changed the box itself, whatever came of it.
        if let Some(input) = element.get_untracked() {
            let (any, all) = state.get_untracked();
            input.set_checked(all);
            input.set_indeterminate(any && !all);
        }
    };
    view! {
        <label class="check">
            <input
                node_ref=element
                type="checkbox"
                aria-label=move || label.get()
                prop:checked=move || state.get().1
                on:click=click
            />
        </label>
    }
}

/// While rows are selected. Where a filter hides some of them nothing can be done until the person
/// has said which are meant.
#[component]
fn Picked<K: RowKey, R: RowData>(
    core: Shared<K, R>,
    summary: Signal<String>,
    bulk: ViewFn,
    on_clear_filters: Option<Callback<()>>,
) -> impl IntoView {
    let Some(selection) = core.table.selection else {
        return ().into_any();
    };
    let order = core.table.rows.order;
    let noun = core.table.noun;
    let number = Memo::new(move |_| selection.with(Selection::len));
    let range = core.range;
    let scope = Memo::new(move |_| {
        selection.with(|selection| {
            order.with(|order| {
                selection.scope_now(order, order.get(range.get()).unwrap_or_default())
            })
        })
    });
    let hidden =
        Memo::new(move |_| selection.with(|selection| order.with(|order| selection.hidden(order))));
    let said = move || {
        let number = grouped(number.get() as u64);
        let hidden = hidden.get();
        if hidden > 0 {
            return format!(
                "{number} selected, {} hidden by the filter",
                grouped(hidden as u64)
            );
        }
        match scope.get() {
            Scope::Picked => format!("{number} selected"),
            Scope::Page => format!("{number} selected, all on this page"),
            Scope::All => format!("{number} selected, all that match"),
        }
    };
    let matching = Memo::new(move |_| order.with(|order| order.len()));
    let offer = Memo::new(move |_| hidden.get() == 0 && number.get() < matching.get());
    let all = {
        let core = core.clone();
        move |_| core.select_all()
    };
    // Which hidden rows are agreed on matters, not only how many there are.
    let doubtful = Memo::new(move |_| {
        selection.with(|selection| order.with(|order| selection.is_doubtful(order)))
    });
    view! {
        <strong class="dt-picked" role="status">{said}</strong>
        <span class="dt-summary clip" data-tip=move || summary.get()>{move || summary.get()}</span>
        {move || offer.get().then(|| view! {
            <button type="button" class="link" on:click=all.clone()>
                {move || format!("Select all {} that match", grouped(matching.get() as u64))}
            </button>
        })}
        <button type="button" class="link" on:click=move |_| selection.update(Selection::clear)>"Clear"</button>
        <span class="dt-bulk">
            {move || if doubtful.get() {
                view! { <Which selection=selection order=order noun=noun on_clear_filters=on_clear_filters/> }.into_any()
            } else {
                bulk.run().into_any()
            }}
        </span>
    }
    .into_any()
}

/// A filter hides selected rows: which of them are meant is for the person to say.
#[component]
fn Which<K: RowKey>(
    selection: RwSignal<Selection<K>>,
    order: Signal<Arc<Vec<K>>>,
    noun: (&'static str, &'static str),
    on_clear_filters: Option<Callback<()>>,
) -> impl IntoView {
    let all = Memo::new(move |_| selection.with(Selection::len));
    let shown = Memo::new(move |_| {
        selection.with(|selection| all.get() - order.with(|order| selection.hidden(order)))
    });
    let all_label = Signal::derive(move || format!("Act on all {}", grouped(all.get() as u64)));
    let only_label =
        Signal::derive(move || format!("Only the {} shown", grouped(shown.get() as u64)));
    let agree = move |()| {
        order.with_untracked(|order| selection.update(|selection| selection.agree(order)));
    };
    let keep = move |()| {
        order.with_untracked(|order| selection.update(|selection| selection.keep_shown(order)));
    };
    let question = move || {
        let hidden = count(all.get() - shown.get(), noun.0, noun.1);
        format!("{hidden} hidden by the filter: which are meant?")
    };
    view! {
        <span class="dt-hidden" role="status">{question}</span>
        <Button label=all_label size=ControlSize::Small on_press=agree/>
        {move || (shown.get() > 0).then(|| view! {
            <Button label=only_label size=ControlSize::Small on_press=keep/>
        })}
        {on_clear_filters.map(|clear| view! {
            <Button label="Show all selected" size=ControlSize::Small look=ButtonLook::Quiet on_press=clear/>
        })}
    }
}
