use super::ink::Ink;
use crate::domain::live::SPARK;
use crate::domain::plot::{self, Samples};
use crate::domain::ticks::ChartUnit;
use leptos::prelude::*;

/// What a line without a range of its own reaches over.
const SINCE: &str = "the time since this page was opened";

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
    #[prop(default = Signal::stored(SINCE.to_owned()), into)]
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
    // Rows tell of changes of any of their fields.
    let values = Memo::new(move |_| values.get());
    move || {
        let line = SparkLine {
            label: label.get(),
            unit,
            over: over.get(),
            top: top.get(),
            ink: ink.get(),
            area,
            slots,
            wide,
            height,
        };
        values.with(|values| line.draw(values))
    }
}

/// A small line as it stands; see [`Sparkline`].
#[derive(Debug, Clone)]
pub(crate) struct SparkLine {
    pub label: String,
    pub unit: ChartUnit,
    pub over: String,
    pub top: Option<f64>,
    pub ink: Ink,
    pub area: bool,
    pub slots: usize,
    pub wide: bool,
    pub height: u32,
}

impl SparkLine {
    /// Shares, as the rows of a table have them.
    pub fn of_shares(label: &str, ink: Ink) -> Self {
        Self {
            label: label.to_owned(),
            unit: ChartUnit::default(),
            over: SINCE.to_owned(),
            top: None,
            ink,
            area: false,
            slots: SPARK,
            wide: false,
            height: 24,
        }
    }

    pub fn draw(self, values: &Samples) -> impl IntoView + use<> {
        const WIDTH: f64 = 96.0;
        let size = (WIDTH, f64::from(self.height));
        let extent = plot::extent(values.iter());
        let top = self.top.unwrap_or_else(|| {
            let highest = extent.map_or(0.0, |(_, high, _)| high);
            let least = if self.unit == ChartUnit::Share {
                1.0
            } else {
                0.0
            };
            highest.max(least)
        });
        let said = match extent {
            None => format!("{}: no data yet", self.label),
            Some((low, high, newest)) => format!(
                "{} over {}, now {}, between {}",
                self.label,
                self.over,
                newest.map_or_else(|| "not known".to_owned(), |now| self.unit.text(Some(now))),
                self.unit.between(low, high),
            ),
        };
        let path = |closed| values.path(self.slots, size, top, closed);
        let area = self.area.then(|| {
            let path = path(true);
            view! { <path class="spark-area" d=path></path> }
        });
        let line = path(false);
        let wide = if self.wide { " wide" } else { "" };
        view! {
            <svg
                class=format!("spark {}{wide}", self.ink.class())
                role="img"
                aria-label=said
                viewBox=format!("0 0 {WIDTH} {}", self.height)
                preserveAspectRatio="none"
                width=(!self.wide).then_some("96")
                height=self.height.to_string()
            >
                {area}
                <path class="spark-line" d=line></path>
            </svg>
        }
    }
}
