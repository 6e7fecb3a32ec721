//! A VM on a phone: state, name, number, three facts.

use super::cells::{Row, StateCell, TalosMark, cpu_share, memory, shown_name, vmid};
use crate::components::{AmountText, Usage};
use crate::domain::units::NONE;
use crate::paths;
use crate::screens::page::Link;
use leptos::prelude::*;

/// The body of a card.
#[component]
pub(super) fn VmCard(row: Row) -> impl IntoView {
    let id = vmid(row);
    let path = Signal::derive(move || paths::vm(id.get()));
    let name = Memo::new(move |_| row.with(|vm| shown_name(vm)));
    let node =
        Memo::new(move |_| row.with(|vm| Some(vm.node.clone()).filter(|node| !node.is_empty())));
    let cpu = Signal::derive(move || {
        row.with(|vm| cpu_share(vm).map(crate::domain::units::Fraction::amount))
    });
    let memory = Memo::new(move |_| row.with(|vm| used_of_total(&memory(vm))));
    view! {
        <p class="card-name">
            <StateCell row=row only_shape=true/>
            <Link to=path class="vm-name">
                {move || name.get()}
            </Link>
            <TalosMark row=row/>
            <span class="mono">{move || id.get().to_string()}</span>
        </p>
        <dl class="card-facts">
            <div>
                <dt>"CPU"</dt>
                <dd><AmountText amount=cpu/></dd>
            </div>
            <div>
                <dt>"Memory"</dt>
                <dd>
                    {move || memory.with(|(used, _)| used.clone())}
                    <span class="vm-of">{move || memory.with(|(_, total)| total.clone())}</span>
                </dd>
            </div>
            <div>
                <dt>"Node"</dt>
                <dd>{move || node.get().unwrap_or_else(|| NONE.to_owned())}</dd>
            </div>
        </dl>
    }
}

/// `("3.50", " / 4 GiB")`; the unit is said twice only where it differs.
fn used_of_total(usage: &Usage) -> (String, String) {
    match (&usage.used, &usage.total) {
        (None, _) => (NONE.to_owned(), String::new()),
        (Some(used), None) => (used.to_string(), String::new()),
        (Some(used), Some(total)) if used.unit == total.unit => {
            (used.number.clone(), format!(" / {total}"))
        }
        (Some(used), Some(total)) => (used.to_string(), format!(" / {total}")),
    }
}
