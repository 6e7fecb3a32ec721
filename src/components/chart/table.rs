//! The chart in numbers, for those who do not see it.

use super::line::Model;
use crate::domain::plot;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;

/// Rows at most; a chart of a year has thousands of samples.
const ROWS: usize = 60;
/// A table that changes every few seconds cannot be read.
const STEADY_MILLIS: f64 = 30_000.0;

#[derive(Debug, Clone, PartialEq, Default)]
struct Rows {
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

fn rows(model: Model) -> Rows {
    let heads: Vec<String> = model
        .heads
        .get_untracked()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let times = model
        .plan
        .with_untracked(|plan| plot::spread(&plan.times, ROWS));
    let rows = untrack(|| {
        times
            .into_iter()
            .map(|at| {
                let values = (0..heads.len())
                    .map(|index| model.unit.text(model.value(index, at)))
                    .collect();
                (model.time(at), values)
            })
            .collect()
    });
    Rows { heads, rows }
}

/// A table of at most 60 samples, renewed at most every 30 seconds unless the chart shows another
/// span or other series, and never in the way of the drawing.
#[component]
pub(super) fn Numbers(
    /// The chart.
    model: Model,
) -> impl IntoView {
    let table = RwSignal::new(Rows::default());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let made = StoredValue::new((0.0_f64, 0_i64, false));
    Effect::new(move |_| {
        let (span, known) = model.plan.with(|plan| (plan.span(), plan.known));
        model.series.track();
        let heads = model.heads.get();
        let (at, old_span, was_known) = made.get_value();
        let other = (span - old_span).abs() > old_span / 5
            || known != was_known
            || table
                .with_untracked(|table| !heads.iter().map(|(name, _)| name).eq(table.heads.iter()));
        let due = other || js_sys::Date::now() - at > STEADY_MILLIS;
        if !due || waiting.get_value().is_some() {
            return;
        }
        let make = move || {
            if waiting
                .try_update_value(|waiting| *waiting = None)
                .is_some()
            {
                made.set_value((js_sys::Date::now(), span, known));
                table.set(rows(model));
            }
        };
        waiting.set_value(set_timeout_with_handle(make, Duration::from_millis(300)).ok());
    });
    on_cleanup(move || {
        if let Some(handle) = waiting.try_get_value().flatten() {
            handle.clear();
        }
    });
    let label = model.label;
    view! {
        <div class="vh">
            <table>
                <caption>{move || label.get()}</caption>
                {move || {
                    let Rows { heads, rows } = table.get();
                    let row = |(time, values): (String, Vec<String>)| {
                        let cells = values.into_iter().map(|value| view! { <td>{value}</td> });
                        view! { <tr><th scope="row">{time}</th>{cells.collect_view()}</tr> }
                    };
                    let heads = heads.into_iter().map(|name| view! { <th scope="col">{name}</th> });
                    view! {
                        <thead><tr><th scope="col">"Time"</th>{heads.collect_view()}</tr></thead>
                        <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
                    }
                }}
            </table>
        </div>
    }
}
