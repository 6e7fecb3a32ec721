//! What can be done from anywhere: one list, of which the palette, the shortcuts and the sheet of
//! shortcuts are made.

use super::look::{theme_look, toggle_density};
use super::nav::Entry;
use crate::components::IconName;
use crate::components::dialog::modal_open;
use crate::components::dom;
use crate::components::overlay::{Anchor, Overlay};
use crate::domain::place::Edge;
use crate::domain::shortcuts::{self, Keys, LEADER};
use crate::paths;
use crate::screens::unsaved::Unsaved;
use crate::stores::prefs::{NAV_FOLDED, THEME, Theme};
use crate::stores::{Live, use_live};
use leptos::html;
use leptos::prelude::*;
use std::fmt;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Opens a page.
    Page(Entry),
    /// Opens the form for a new VM.
    CreateVm,
    /// Opens the palette, or closes it.
    Palette,
    /// Goes to the search box of the page; opens the palette where the page has none.
    Search,
    /// Opens the task tray.
    Tasks,
    /// Asks the server for all that is on the page.
    Refresh,
    /// Lists the shortcuts.
    Shortcuts,
    /// Chooses a theme.
    Theme(Theme),
    /// Compact or comfortable rows.
    Density,
    /// Folds or unfolds the navigation.
    Fold,
}

/// Keys as they stand on the keyboard, one after the other.
#[must_use]
pub fn key_words(keys: Keys) -> Vec<String> {
    match keys {
        Keys::One(key) => vec![key.to_owned()],
        Keys::Go(key) => vec![LEADER.to_owned(), key.to_owned()],
        Keys::Chord(key) => vec![control_key().to_owned(), key.to_uppercase()],
    }
}

/// Name of the key that shortcuts are held with.
#[must_use]
pub fn control_key() -> &'static str {
    let platform = window().navigator().platform().unwrap_or_default();
    if platform.starts_with("Mac") || platform.starts_with("iP") {
        "⌘"
    } else {
        "Ctrl"
    }
}

impl Command {
    /// All of them, in the order in which they are listed.
    pub fn all() -> impl Iterator<Item = Self> {
        Entry::all().map(Self::Page).chain([
            Self::CreateVm,
            Self::Palette,
            Self::Search,
            Self::Tasks,
            Self::Refresh,
            Self::Shortcuts,
            Self::Theme(Theme::System),
            Self::Theme(Theme::Light),
            Self::Theme(Theme::Dark),
            Self::Theme(Theme::Contrast),
            Self::Density,
            Self::Fold,
        ])
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Page(entry) => entry.label().to_owned(),
            Self::CreateVm => "Create VM".to_owned(),
            Self::Palette => "Search or jump to anything".to_owned(),
            Self::Search => "Search on this page".to_owned(),
            Self::Tasks => "Show tasks".to_owned(),
            Self::Refresh => "Refresh all".to_owned(),
            Self::Shortcuts => "Show keyboard shortcuts".to_owned(),
            Self::Theme(theme) => format!("Theme: {}", theme_look(theme).0.to_lowercase()),
            Self::Density => "Switch between compact and comfortable rows".to_owned(),
            Self::Fold => "Fold or unfold the navigation".to_owned(),
        }
    }

    /// The group that it is listed in.
    #[must_use]
    pub const fn group(self) -> &'static str {
        match self {
            Self::Page(_) => "Pages",
            _ => "Commands",
        }
    }

    /// Its picture.
    #[must_use]
    pub const fn icon(self) -> IconName {
        match self {
            Self::Page(entry) => entry.icon(),
            Self::CreateVm => IconName::Plus,
            Self::Palette | Self::Search => IconName::Search,
            Self::Tasks => IconName::ListChecks,
            Self::Refresh => IconName::Refresh,
            Self::Shortcuts => IconName::Help,
            Self::Theme(theme) => theme_look(theme).1,
            Self::Density => IconName::List,
            Self::Fold => IconName::Panel,
        }
    }

    /// Its shortcut.
    #[must_use]
    pub const fn keys(self) -> Option<Keys> {
        Some(match self {
            Self::Page(entry) => entry.keys(),
            Self::CreateVm => shortcuts::CREATE,
            Self::Palette => shortcuts::PALETTE,
            Self::Search => shortcuts::SEARCH,
            Self::Tasks => shortcuts::TASKS,
            Self::Refresh => shortcuts::REFRESH,
            Self::Shortcuts => shortcuts::SHORTCUTS,
            Self::Theme(_) | Self::Density | Self::Fold => return None,
        })
    }

    /// Whether the palette offers it: what leads to the palette does not stand in it.
    #[must_use]
    pub const fn is_offered(self) -> bool {
        !matches!(self, Self::Palette | Self::Search)
    }

    /// Does it.
    pub fn run(self, desk: Desk) {
        match self {
            Self::Page(entry) => desk.go(&entry.path()),
            Self::CreateVm => desk.go(&paths::vm_new()),
            Self::Palette => desk.toggle_palette(),
            Self::Search => {
                if !focus_search() {
                    desk.open(Sheet::Palette);
                }
            }
            Self::Tasks => desk.show_tray(),
            Self::Shortcuts => desk.open(Sheet::Shortcuts),
            Self::Refresh => desk.with_live(Live::refresh_all),
            Self::Theme(theme) => desk.with_live(|live| live.prefs.set(&THEME, &theme)),
            Self::Density => desk.with_live(toggle_density),
            Self::Fold => desk.with_live(|live| {
                let next = !live.prefs.peek(&NAV_FOLDED);
                live.prefs.set(&NAV_FOLDED, &next);
            }),
        }
    }
}

/// Goes to the search box of the page, if it has one.
fn focus_search() -> bool {
    let found = document().query_selector("main [data-search]");
    let Some(field) = found.ok().flatten() else {
        return false;
    };
    field
        .dyn_into::<HtmlElement>()
        .is_ok_and(|field| field.offset_parent().is_some() && field.focus().is_ok())
}

/// A dialog that belongs to no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The command palette.
    Palette,
    /// The list of shortcuts.
    Shortcuts,
}

/// What commands act on. Provided by the frame, inside the router.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The task tray.
    pub tray: Overlay,
    /// Its button.
    pub tray_button: NodeRef<html::Button>,
    sheet: RwSignal<Option<Sheet>>,
    wanted: RwSignal<bool>,
    unsaved: Unsaved,
    live: StoredValue<Live>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// Puts one into the context.
    pub fn provide(unsaved: Unsaved) -> Self {
        let desk = Self {
            tray: Overlay::new(Edge::End),
            tray_button: NodeRef::new(),
            sheet: RwSignal::new(None),
            wanted: RwSignal::new(false),
            unsaved,
            live: StoredValue::new(use_live()),
        };
        provide_context(desk);
        desk
    }

    /// Opens a page by its plain path, after a question where something typed would be lost.
    pub fn go(self, path: &str) {
        self.unsaved.go(path);
    }

    /// Whether the code of the dialogs is wanted: from the first time that one is opened.
    #[must_use]
    pub fn wanted(self) -> ReadSignal<bool> {
        self.wanted.read_only()
    }

    /// Whether a dialog is open; tracked.
    #[must_use]
    pub fn is_open(self, sheet: Sheet) -> bool {
        self.sheet.get() == Some(sheet)
    }

    /// Opens a dialog.
    pub fn open(self, sheet: Sheet) {
        self.sheet.set(Some(sheet));
        self.wanted.set(true);
    }

    /// Closes it.
    pub fn close(self) {
        let _ = self.sheet.try_set(None);
    }

    /// Takes back that a dialog was asked for: its code did not come, the next try asks again.
    pub fn give_up(self) {
        self.close();
        let _ = self.wanted.try_set(false);
    }

    fn toggle_palette(self) {
        if self.sheet.get_untracked() == Some(Sheet::Palette) {
            self.close();
        } else if !modal_open() {
            self.open(Sheet::Palette);
        }
    }

    fn show_tray(self) {
        if let Some(button) = self.tray_button.get_untracked() {
            // There the focus is when the tray is left again.
            let _ = button.focus();
            self.tray.show(Anchor::Element(button.into()));
        }
    }

    fn with_live(self, change: impl FnOnce(&Live)) {
        self.live.with_value(change);
    }
}

/// Runs a command once the dialog that it was chosen in has gone and given the focus back.
pub fn run_after(desk: Desk, command: Command) {
    desk.close();
    dom::after_render(move || command.run(desk));
}
