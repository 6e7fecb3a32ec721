//! Theme and density: preferences, written where the style sheet reads them.

use crate::components::IconName;
use crate::components::time::{TimeChoices, set_time_choices};
use crate::stores::Live;
use crate::stores::prefs::{DENSITY, Density, THEME, Theme, ZONE, Zone};
use leptos::prelude::*;

/// Name under which `assets/theme.js` finds the theme before the first paint.
const THEME_SLOT: &str = "moxxie.theme";

/// The word the style sheet and the early script know.
#[must_use]
pub const fn theme_word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Contrast => "contrast",
    }
}

/// What a theme is called, and its picture.
#[must_use]
pub const fn theme_look(theme: Theme) -> (&'static str, IconName) {
    match theme {
        Theme::System => ("As the system", IconName::SunMoon),
        Theme::Light => ("Light", IconName::Sun),
        Theme::Dark => ("Dark", IconName::Moon),
        Theme::Contrast => ("High contrast", IconName::Eye),
    }
}

/// Compact rows become comfortable, and the other way round.
pub fn toggle_density(live: &Live) {
    let next = match live.prefs.peek(&DENSITY) {
        Density::Compact => Density::Comfortable,
        Density::Comfortable => Density::Compact,
    };
    live.prefs.set(&DENSITY, &next);
}

/// Keeps the document's attributes in step with the preferences.
pub fn follow_preferences(live: &Live) {
    let theme = live.prefs.signal(&THEME);
    let density = live.prefs.signal(&DENSITY);
    // The document is outside of any view.
    Effect::new(move || {
        let word = theme_word(theme.get());
        set_attribute("data-theme", word);
        if let Ok(Some(storage)) = window().local_storage() {
            // Without storage the theme lasts as long as the page.
            let _ = storage.set_item(THEME_SLOT, word);
        }
    });
    Effect::new(move || {
        let word = match density.get() {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        };
        set_attribute("data-density", word);
    });
}

fn set_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}

/// Times are written in the zone that the person chose.
pub fn follow_zone(live: &Live) {
    let zone = live.prefs.signal(&ZONE);
    // The formatters live outside of any view; what is drawn follows with the next tick.
    Effect::new(move || {
        let zone = match zone.get() {
            Zone::Browser => None,
            Zone::Utc => Some("UTC".to_owned()),
            Zone::Named(name) => Some(name),
        };
        set_time_choices(TimeChoices {
            zone,
            ..TimeChoices::default()
        });
    });
}
