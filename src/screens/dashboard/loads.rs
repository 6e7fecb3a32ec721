//! Load averages of the nodes, where the server tells them.

use crate::domain::load::{NodeLoad, busiest};
use crate::stores::use_live;
use leptos::prelude::*;

/// Nodes that are listed.
const LISTED: usize = 6;

#[component]
pub(super) fn NodeLoads() -> impl IntoView {
    let loads = use_live().node_loads.watch();
    let shown = Memo::new(move |_| {
        let loads = loads.value.with(|loads| loads.as_deref().cloned());
        busiest(loads.unwrap_or_default(), LISTED)
    });
    let any = Memo::new(move |_| shown.with(|(loads, _)| !loads.is_empty()));
    let rows = move || shown.with(|(loads, _)| loads.iter().map(row).collect_view());
    let more = move || {
        shown.with(|(_, more)| (*more > 0).then(|| format!("and {more} more, less loaded")))
    };
    view! {
        <Show when=move || any.get()>
            <table class="dash-loads">
                <caption class="vh">"Load averages of the nodes"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-tip="Processes that run or wait to, on average">"Load average"</th>
                        <th scope="col">"1 min"</th>
                        <th scope="col">"5 min"</th>
                        <th scope="col">"15 min"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="dash-loads-more">{more}</p>
        </Show>
    }
}

fn row(load: &NodeLoad) -> impl IntoView + use<> {
    let over = load.is_over();
    let cpus = load.cpus.map(|cpus| format!("of {cpus} CPUs"));
    let tip = over.then_some("More than its CPUs can compute, for five minutes and longer");
    let numbers = load
        .averages
        .map(|load| view! { <td class="num">{format!("{load:.2}")}</td> });
    view! {
        <tr class:dash-warn=over data-tip=tip>
            <th scope="row">
                <span class="dash-name">{load.node.clone()}</span>
                " "<span class="dash-loads-of">{cpus}</span>
                {over.then(|| view! { <span class="vh">" overloaded"</span> })}
            </th>
            {numbers}
        </tr>
    }
}
