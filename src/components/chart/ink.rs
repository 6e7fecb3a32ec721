use crate::domain::units::Level;
use leptos::prelude::*;
use plotters::style::RGBAColor;
use web_sys::Element;

/// Colour of a line: a role that the theme fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Ink {
    /// First series.
    #[default]
    One,
    /// Second series.
    Two,
    /// Third series.
    Three,
    /// Fourth series.
    Four,
    /// The value is high.
    Warn,
    /// The value is too high.
    Bad,
}

impl Ink {
    /// All, in the order of the probes.
    pub(super) const ALL: [Self; 6] = [
        Self::One,
        Self::Two,
        Self::Three,
        Self::Four,
        Self::Warn,
        Self::Bad,
    ];

    /// Of the series at a place.
    #[must_use]
    pub const fn nth(index: usize) -> Self {
        Self::ALL[index % 4]
    }

    /// The class that sets `--ink`.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::One => "ink-1",
            Self::Two => "ink-2",
            Self::Three => "ink-3",
            Self::Four => "ink-4",
            Self::Warn => "ink-warn",
            Self::Bad => "ink-bad",
        }
    }
}

impl From<Level> for Ink {
    /// Quiet while all is well.
    fn from(level: Level) -> Self {
        match level {
            Level::Ok => Self::One,
            Level::Warn => Self::Warn,
            Level::Bad => Self::Bad,
        }
    }
}

/// The theme's colours as numbers, for the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Palette {
    inks: [RGBAColor; Ink::ALL.len()],
    pub grid: RGBAColor,
    pub limit: RGBAColor,
}

impl Palette {
    /// Reads the probes; grey for what the browser cannot say.
    pub(super) fn read(probes: &Element) -> Self {
        let grey = RGBAColor(128, 128, 128, 1.0);
        let children = probes.children();
        let colour = |index: usize| {
            let element = u32::try_from(index).ok().and_then(|i| children.item(i))?;
            let style = window().get_computed_style(&element).ok()??;
            parse(&style.get_property_value("color").ok()?)
        };
        let mut inks = [grey; Ink::ALL.len()];
        for (index, ink) in inks.iter_mut().enumerate() {
            *ink = colour(index).unwrap_or(grey);
        }
        Self {
            inks,
            grid: colour(inks.len()).unwrap_or(grey),
            limit: colour(inks.len() + 1).unwrap_or(grey),
        }
    }

    pub(super) const fn of(&self, ink: Ink) -> RGBAColor {
        self.inks[ink as usize]
    }
}

/// Reads `color(srgb 0.1 0.2 0.3 / 0.5)`, which the style sheet makes of every colour, and
/// `rgb(1, 2, 3)`.
fn parse(text: &str) -> Option<RGBAColor> {
    let (function, rest) = text.split_once('(')?;
    let numbers: Vec<f64> = rest
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | ')'))
        .filter_map(|part| part.parse().ok())
        .collect();
    let scale = if function == "color" { 255.0 } else { 1.0 };
    let &[red, green, blue, ..] = numbers.as_slice() else {
        return None;
    };
    // Casts of floats saturate.
    let byte = |number: f64| (number * scale).round() as u8;
    let alpha = numbers.get(3).copied().unwrap_or(1.0);
    Some(RGBAColor(byte(red), byte(green), byte(blue), alpha))
}

/// Elements that are never shown; their `color` is the theme's, in numbers.
#[component]
pub(super) fn Probes(
    /// The holder.
    node_ref: NodeRef<leptos::html::Span>,
) -> impl IntoView {
    let classes = Ink::ALL.map(Ink::class).into_iter();
    view! {
        <span class="chart-inks" hidden node_ref=node_ref>
            {classes.chain(["ink-grid", "ink-limit"]).map(|class| view! { <i class=class></i> }).collect_view()}
        </span>
    }
}
