//! Theme, density, time zone. Each takes effect at once.

use crate::components::{Card, SelectField, SelectOption, TextField};
use crate::stores::prefs::{DENSITY, Density, GRACE_SECONDS, THEME, Theme, ZONE, Zone};
use crate::stores::use_live;
use leptos::prelude::*;

fn options(pairs: &[(&str, &str)]) -> Vec<SelectOption> {
    pairs
        .iter()
        .map(|(value, label)| SelectOption::new(*value, *label))
        .collect()
}

const fn theme_word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Contrast => "contrast",
    }
}

/// How the console looks.
#[component]
pub fn Look() -> impl IntoView {
    let live = use_live();
    let theme = RwSignal::new(theme_word(live.prefs.peek(&THEME)).to_owned());
    let density = RwSignal::new(
        match live.prefs.peek(&DENSITY) {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        }
        .to_owned(),
    );
    let prefs = live.prefs.clone();
    let set_theme = Callback::new(move |word: String| {
        let theme = match word.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            "contrast" => Theme::Contrast,
            _ => Theme::System,
        };
        prefs.set(&THEME, &theme);
    });
    let prefs = live.prefs.clone();
    let set_density = Callback::new(move |word: String| {
        let density = if word == "compact" {
            Density::Compact
        } else {
            Density::Comfortable
        };
        prefs.set(&DENSITY, &density);
    });
    let themes = options(&[
        ("system", "As the system"),
        ("light", "Light"),
        ("dark", "Dark"),
        ("contrast", "High contrast"),
    ]);
    let densities = options(&[("comfortable", "Comfortable"), ("compact", "Compact")]);
    view! {
        <Card title="Appearance">
            <div class="form">
                <SelectField label="Theme" value=theme options=Signal::stored(themes) on_change=set_theme/>
                <SelectField label="Density" value=density options=Signal::stored(densities) on_change=set_density/>
                <ZoneField/>
                <GraceField/>
            </div>
        </Card>
    }
}

/// How long a confirmed change that destroys waits before it is sent.
#[component]
fn GraceField() -> impl IntoView {
    let live = use_live();
    let kept = live.prefs.peek(&GRACE_SECONDS).unwrap_or(0);
    let value = RwSignal::new(kept.to_string());
    let set = Callback::new(move |word: String| {
        let seconds = word.parse::<u32>().ok().filter(|seconds| *seconds > 0);
        live.prefs.set(&GRACE_SECONDS, &seconds);
    });
    let choices = options(&[
        ("0", "Send it at once"),
        ("5", "Wait 5 seconds"),
        ("10", "Wait 10 seconds"),
        ("30", "Wait 30 seconds"),
    ]);
    view! {
        <SelectField
            label="After confirming a stop, a reset or a deletion"
            value=value
            options=Signal::stored(choices)
            on_change=set
            help="While it waits it can be cancelled, or sent at once"
        />
    }
}

/// The zone of shown times; a zone of the database by name where chosen.
#[component]
fn ZoneField() -> impl IntoView {
    let live = use_live();
    let (choice, named) = match live.prefs.peek(&ZONE) {
        Zone::Browser => ("browser", String::new()),
        Zone::Utc => ("utc", String::new()),
        Zone::Named(name) => ("named", name),
    };
    let choice = RwSignal::new(choice.to_owned());
    let named = RwSignal::new(named);
    let problem = RwSignal::new(None::<String>);
    let save = Callback::new(move |()| {
        let name = named.with_untracked(|name| name.trim().to_owned());
        let zone = match choice.get_untracked().as_str() {
            "utc" => Zone::Utc,
            "named" if !knows(&name) => {
                problem
                    .set((!name.is_empty()).then(|| format!("The browser knows no zone {name}")));
                return;
            }
            "named" => Zone::Named(name),
            _ => Zone::Browser,
        };
        problem.set(None);
        live.prefs.set(&ZONE, &zone);
    });
    let is_named = Memo::new(move |_| choice.with(|choice| choice == "named"));
    let zones = options(&[
        ("browser", "This device's zone"),
        ("utc", "UTC"),
        ("named", "Another zone"),
    ]);
    view! {
        <SelectField
            label="Time zone"
            value=choice
            options=Signal::stored(zones)
            on_change=Callback::new(move |_: String| save.run(()))
        />
        {move || {
            is_named
                .get()
                .then(|| {
                    view! {
                        <TextField
                            label="Zone"
                            value=named
                            placeholder="Europe/Berlin"
                            help="A name of the time zone database; taken when you leave the field"
                            error=problem
                            on_blur=save
                        />
                    }
                })
        }}
    }
}

/// Whether the browser knows a zone by this name.
fn knows(zone: &str) -> bool {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).is_ok()
        && !zone.is_empty()
        && js_sys::Reflect::get(&js_sys::global(), &"Intl".into())
            .and_then(|intl| js_sys::Reflect::get(&intl, &"DateTimeFormat".into()))
            .and_then(|format| {
                let format: js_sys::Function = format.into();
                js_sys::Reflect::construct(&format, &js_sys::Array::of2(&"en".into(), &options))
            })
            .is_ok()
}
