use super::ink::Ink;
use crate::domain::live::SPARK;
use crate::domain::plot::{self, Samples};
use crate::domain::ticks::ChartUnit;
use leptos::prelude::*;

/// A small line without axes: 96 by 24 pixels in a table row, or as wide as its place in a card.
/// Its newest sample stands at the right end; shares reach to 100 %, everything else to the largest
/// value. The newest value is said beside it, by the page.
#[component]
pub fn Sparkline(
    /// What it is: "CPU".
    #[prop(into)]
    label: Signal<String>,
    /// Samples at even distances, oldest first; `None` is a gap.
    #[prop(into)]
    values: Signal<Samples>,
    /// What the values are.
    #[prop(optional)]
    unit: ChartUnit,
    /// What time it reaches over, in words: "the last 5 minutes".
    #[prop(default = Signal::stored("the time since this page was opened".to_owned()), into)]
    over: Signal<String>,
    /// Value at the upper edge, where that is not the largest of the values.
    #[prop(optional, into)]
    top: Signal<Option<f64>>,
    /// Its colour.
    #[prop(optional, into)]
    ink: Signal<Ink>,
    /// With the area under it tinted.
    #[prop(optional)]
    area: bool,
    /// How many samples fill the width.
    #[prop(default = SPARK)]
    slots: usize,
    /// As wide as its place; the line stays as thick as it is.
    #[prop(optional)]
    wide: bool,
    /// Height in pixels.
    #[prop(default = 24)]
    height: u32,
) -> impl IntoView {
    const WIDTH: f64 = 96.0;
    let size = (WIDTH, f64::from(height));
    // Rows tell of changes of any of their fields.
    let values = Memo::new(move |_| values.get());
    let path = move |closed: bool| {
        values.with(|values| {
            let top = top.get().unwrap_or_else(|| {
                let highest = plot::extent(values.iter()).map_or(0.0, |(_, high, _)| high);
                let least = if unit == ChartUnit::Share { 1.0 } else { 0.0 };
                highest.max(least)
            });
            values.path(slots, size, top, closed)
        })
    };
    let said = move || {
        let label = label.get();
        values.with(|values| match plot::extent(values.iter()) {
            None => format!("{label}: no data yet"),
            Some((low, high, newest)) => format!(
                "{label} over {}, now {}, between {}",
                over.get(),
                newest.map_or_else(|| "not known".to_owned(), |now| unit.text(Some(now))),
                unit.between(low, high),
            ),
        })
    };
    let area = area.then(|| {
        view! { <path class="spark-area" d=move || path(true)></path> }
    });
    view! {
        <svg
            class=move || format!("spark {}", ink.get().class())
            class:wide=wide
            role="img"
            aria-label=said
            viewBox=format!("0 0 {WIDTH} {height}")
            preserveAspectRatio="none"
            width=(!wide).then_some("96")
            height=height.to_string()
        >
            {area}
            <path class="spark-line" d=move || path(false)></path>
        </svg>
    }
}
