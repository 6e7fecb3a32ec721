use super::meter::level_class;
use crate::domain::units::{Amount, Fraction};
use leptos::prelude::*;
use std::f64::consts::TAU;

const RADIUS: f64 = 44.0;
/// Three quarters of the circle, from half past seven to half past four.
const SWEEP: f64 = 0.75;

/// A point of the ring at `share`, `radius` from the middle.
fn on_ring(share: f64, radius: f64) -> (f64, f64) {
    let angle = TAU * (0.375 + SWEEP * share);
    (50.0 + radius * angle.cos(), 50.0 + radius * angle.sin())
}

/// Whole percent, but where rounding would say another level than the colour (69.9 % is green,
/// "70 %" would not be).
fn in_words(share: Fraction) -> Amount {
    let rounded = Fraction((share.0 * 100.0).round() / 100.0);
    if rounded.level() == share.level() {
        share.whole()
    } else {
        share.amount()
    }
}

/// A ring of 270° in the guide's three colours: the share in the middle, what it is of under it,
/// marks at 70 and 90 %. "Not available" where nothing is known.
#[component]
pub fn Gauge(
    /// What is used: "CPU".
    #[prop(into)]
    label: Signal<String>,
    /// The share.
    #[prop(into)]
    share: Signal<Option<Fraction>>,
    /// Exact values, for tooltip and screen readers: "32.6 of 96 cores".
    #[prop(optional, into)]
    exact: Signal<String>,
    /// Said under the ring; empty where the card says it.
    #[prop(optional, into)]
    under: Signal<String>,
) -> impl IntoView {
    let share = Memo::new(move |_| share.get());
    let round = TAU * RADIUS;
    let ring = format!("{:.2} {round:.2}", round * SWEEP);
    // A round cap on nothing would draw a dot.
    let value = move || {
        let drawn = share.get().map_or(0.0, Fraction::clamped) * round * SWEEP;
        format!("{:.2} {round:.2}", drawn.max(0.01))
    };
    let words = Memo::new(move |_| match share.get() {
        None => "not available".to_owned(),
        Some(share) if exact.with(String::is_empty) => share.to_string(),
        Some(share) => format!("{share}, {}", exact.get()),
    });
    let known = move || share.get().is_some();
    let tick = |at: f64| {
        let ((x1, y1), (x2, y2)) = (on_ring(at, 50.5), on_ring(at, 54.0));
        view! { <line class="gauge-tick" x1=x1.to_string() y1=y1.to_string() x2=x2.to_string() y2=y2.to_string()></line> }
    };
    view! {
        <div
            class=move || format!("gauge {}", level_class(share.get().map(Fraction::level)))
            role=move || if known() { "meter" } else { "img" }
            aria-label=move || if known() { label.get() } else { format!("{}: not available", label.get()) }
            aria-valuemin=move || known().then_some("0")
            aria-valuemax=move || known().then_some("100")
            aria-valuenow=move || share.get().map(|share| format!("{:.1}", share.clamped() * 100.0))
            aria-valuetext=move || known().then(|| words.get())
            data-tip=move || format!("{}: {}", label.get(), words.get())
        >
            <div class="gauge-ring"><svg viewBox="0 0 100 88" aria-hidden="true">
                <circle class="gauge-track" cx="50" cy="50" r=RADIUS.to_string() stroke-dasharray=ring transform="rotate(135 50 50)"></circle>
                <circle
                    class="gauge-value"
                    cx="50" cy="50" r=RADIUS.to_string()
                    stroke-dasharray=value
                    visibility=move || if share.get().is_some_and(|s| s.0 > 0.0) { "visible" } else { "hidden" }
                    transform="rotate(135 50 50)"
                ></circle>
                {tick(0.7)}
                {tick(0.9)}
            </svg>
            <span class="gauge-middle amount" aria-hidden="true">
                {move || match share.get() {
                    None => view! { <span class="gauge-none">"not available"</span> }.into_any(),
                    Some(share) => {
                        let amount = in_words(share);
                        view! { <span>{amount.number}<span class="unit">{amount.unit}</span></span> }.into_any()
                    }
                }}
            </span></div>
            <span class="gauge-under" aria-hidden="true">{move || under.get()}</span>
        </div>
    }
}
