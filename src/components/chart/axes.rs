//! Words around the plot: tick labels, capacity, legend. HTML, set in place by `style:`.

use super::line::Model;
use super::zone::offsets;
use crate::domain::ticks::{ChartUnit, TimeTick, time_ticks};
use crate::domain::units::Bytes;
use leptos::prelude::*;

/// Labels of the value axis, right-aligned against the plot. All stand in one grid cell, so that
/// the column is as wide as the longest.
#[component]
pub(super) fn ValueLabels(
    /// The chart.
    model: Model,
) -> impl IntoView {
    let labels = Memo::new(move |_| {
        let room = model.room.get();
        model.plan.with(|plan| {
            let place = |tick: &crate::domain::ticks::Tick| {
                let y = plan.y(room, tick.value);
                (format!("{y:.1}px"), tick.label.clone())
            };
            plan.axis.ticks.iter().map(place).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="chart-y" class:wider=matches!(model.unit, ChartUnit::Bytes | ChartUnit::Rate) aria-hidden="true">
            {move || {
                labels
                    .get()
                    .into_iter()
                    .map(|(top, label)| view! { <span style:top=top>{label}</span> })
                    .collect_view()
            }}
        </div>
    }
}

/// Labels of the time axis, under their ticks; at the ends shifted to stay inside.
#[component]
pub(super) fn TimeLabels(
    /// The chart.
    model: Model,
) -> impl IntoView {
    const WIDTH: f64 = 76.0;
    const LETTER: f64 = 6.2;
    let labels = Memo::new(move |_| {
        let room = model.room.get();
        let (width, _) = room.size();
        model.plan.with(|plan| {
            if !plan.known {
                return Vec::new();
            }
            let most = (width / WIDTH) as usize;
            let place = |tick: TimeTick| {
                let half = tick.label.chars().count() as f64 * LETTER / 2.0;
                let x = room.x(plan.share(tick.at)).min(width - half).max(half);
                (format!("{x:.1}px"), tick.label)
            };
            time_ticks(plan.from, plan.to, most.clamp(1, 12), &offsets())
                .into_iter()
                .map(place)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="chart-x" aria-hidden="true">
            {move || {
                labels
                    .get()
                    .into_iter()
                    .map(|(left, label)| view! { <span style:left=left>{label}</span> })
                    .collect_view()
            }}
        </div>
    }
}

/// "Capacity 4 GiB" at the right, above its line.
#[component]
pub(super) fn CapacityLabel(
    /// The chart.
    model: Model,
) -> impl IntoView {
    let label = Memo::new(move |_| {
        let capacity = model.capacity.get()?;
        let room = model.room.get();
        let y = model.plan.with(|plan| plan.y(room, capacity));
        let amount = match model.unit {
            ChartUnit::Bytes => Bytes(capacity as u64).capacity(),
            unit => unit.amount(capacity),
        };
        Some((format!("{y:.1}px"), format!("Capacity {amount}")))
    });
    move || {
        label.get().map(|(top, words)| {
            view! {
                <span class="chart-capacity" style:top=top aria-hidden="true">{words}</span>
            }
        })
    }
}

/// Names, colours and newest values.
#[component]
pub(super) fn Legend(
    /// The chart.
    model: Model,
) -> impl IntoView {
    let heads = model.heads;
    let newest = move |index: usize| {
        model.series.with(|series| {
            let value = series.get(index).and_then(|one| one.points.last()?.1);
            model.unit.text(value)
        })
    };
    view! {
        <ul class="chart-legend" aria-hidden="true">
            {move || {
                heads
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(index, (name, ink))| {
                        view! {
                            <li>
                                <i class=format!("chart-key {}", ink.class())></i>
                                {name}
                                " "
                                <b>{move || newest(index)}</b>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
    }
}
