//! How long a snapshot may live.

use super::form::{Draft, FOR_EVER, OTHER};
use crate::components::time::format_near;
use crate::components::{NumberField, NumberRange, SelectField, SelectOption};
use crate::domain::snapshot::life::LONGEST;
use crate::stores::use_live;
use leptos::prelude::*;

/// A choice of lifetimes, and hours where none of them fits.
#[component]
pub fn Lifetime(
    /// What was chosen.
    life: RwSignal<String>,
    /// The hours typed.
    hours: RwSignal<String>,
    /// Why the hours can't be taken; what is wrong with them as typed where left out.
    #[prop(optional, into)]
    error: Option<Signal<Option<String>>>,
    /// Can be read and not changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let options = [
        (FOR_EVER, "Until it is deleted"),
        ("24", "1 day"),
        ("72", "3 days"),
        ("168", "1 week"),
        ("720", "30 days"),
        (OTHER, "Another number of hours"),
    ];
    let options: Vec<SelectOption> = options
        .iter()
        .map(|(value, word)| SelectOption::new(*value, *word))
        .collect();
    let now = use_live().clock.watch();
    let ttl = move || {
        Draft {
            life: life.get(),
            hours: hours.get(),
            ..Draft::default()
        }
        .ttl()
    };
    let ends = Signal::derive(move || match ttl() {
        Ok(Some(ttl)) => {
            let at = ttl.ends(now.get());
            format!("Flagged as expired after {}", format_near(at, now.get()))
        }
        Ok(None) => "It is not flagged, however old it grows".to_owned(),
        Err(_) => String::new(),
    });
    let typed = Signal::derive(move || {
        let empty = hours.with(String::is_empty);
        ttl().err().filter(|_| !empty)
    });
    let error = error.unwrap_or(typed);
    let other = Memo::new(move |_| life.with(|life| life == OTHER));
    view! {
        <div class="snap-life">
            <SelectField
                label="Lifetime"
                value=life
                options=Signal::stored(options)
                help=ends
            />
            {move || other.get().then(|| view! {
                <NumberField
                    label="Hours"
                    value=hours
                    range=Signal::stored(NumberRange::new(1.0, f64::from(LONGEST)))
                    error=error
                    unit="h"
                    locked=locked
                />
            })}
        </div>
    }
}
