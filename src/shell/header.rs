//! The header: where you are, how fresh it is, what runs, how it looks.

use super::look::{theme_look, toggle_density};
use crate::components::{Breadcrumbs, CrumbItem, IconButton, IconName, MenuButton, MenuItem};
use crate::paths;
use crate::screens::page::PageState;
use crate::stores::connection::Link;
use crate::stores::prefs::{DENSITY, Density, THEME, Theme};
use crate::stores::socket::Stream;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

/// The header of the frame.
#[component]
pub fn Header(
    /// Opens the drawer, on narrow screens.
    on_menu: Callback<()>,
) -> impl IntoView {
    let state = expect_context::<PageState>();
    let crumbs = Signal::derive(move || {
        state
            .crumbs
            .get()
            .into_iter()
            .map(|crumb| CrumbItem {
                label: crumb.label,
                href: crumb.path.map(|path| paths::href(&path)),
            })
            .collect::<Vec<_>>()
    });
    view! {
        <div class="topbar-menu">
            <IconButton label="Open navigation" icon=IconName::Menu on_press=on_menu/>
        </div>
        <div class="topbar-crumbs">
            <Breadcrumbs items=crumbs/>
        </div>
        <div class="topbar-tools">
            <super::keys::PaletteButton/>
            <ConnectionMark/>
            <super::tray::TrayButton/>
            <LookMenu/>
        </div>
    }
}

/// How data arrives: pushed, polled, or not at all. Colour, shape and word.
#[component]
fn ConnectionMark() -> impl IntoView {
    let live = use_live();
    let link = live.connection.link();
    let stream = live.stream();
    let mark = Memo::new(move |_| match (link.get(), stream.get()) {
        (Link::Lost { .. }, _) => (
            "lost",
            "No connection",
            "The server does not answer".to_owned(),
        ),
        (Link::Offline { .. }, _) => ("lost", "Offline", "This device has no network".to_owned()),
        (Link::Up, Stream::Connecting) => (
            "waiting",
            "Connecting",
            "Asking the server what it offers".to_owned(),
        ),
        (Link::Up, Stream::Live) => ("live", "Live", "Changes arrive as they happen".to_owned()),
        (Link::Up, Stream::Reconnecting { reason, .. }) => (
            "polling",
            "Polling",
            format!("The event stream broke ({reason}); polling until it is back"),
        ),
        (Link::Up, Stream::Polling { reason }) => ("polling", "Polling", reason),
    });
    let state = move || mark.with(|mark| mark.0);
    let word = move || mark.with(|mark| mark.1);
    let tip = move || mark.with(|mark| mark.2.clone());
    view! {
        <span class="connection" data-state=state data-tip=tip title=tip role="status">
            <span class="connection-dot" aria-hidden="true"></span>
            <span class="connection-word">{word}</span>
        </span>
    }
}

fn theme_item(live: &Live, theme: Theme) -> MenuItem {
    let id = match theme {
        Theme::System => "theme-system",
        Theme::Light => "theme-light",
        Theme::Dark => "theme-dark",
        Theme::Contrast => "theme-contrast",
    };
    let (label, icon) = theme_look(theme);
    let current = live.prefs.get(&THEME) == theme;
    let prefs = live.prefs.clone();
    let item = MenuItem::new(id, label, move || prefs.set(&THEME, &theme)).icon(icon);
    if current { item.hint("current") } else { item }
}

/// Theme, density, settings.
#[component]
fn LookMenu() -> impl IntoView {
    let live = use_live();
    let items = Signal::derive(move || {
        let compact = live.prefs.get(&DENSITY) == Density::Compact;
        let rows = live.clone();
        let density = MenuItem::new(
            "density",
            if compact {
                "Comfortable rows"
            } else {
                "Compact rows"
            },
            move || toggle_density(&rows),
        )
        .icon(IconName::List);
        let mut items: Vec<_> = [Theme::System, Theme::Light, Theme::Dark, Theme::Contrast]
            .into_iter()
            .map(|theme| theme_item(&live, theme))
            .collect();
        items.push(density);
        items.push(
            MenuItem::link("settings", "Settings", paths::href(&paths::settings()))
                .icon(IconName::Settings),
        );
        items
    });
    view! { <MenuButton label="Theme and density" items=items icon=IconName::SunMoon icon_only=true/> }
}
