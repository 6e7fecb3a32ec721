//! Menus of the toolbar: key combinations, and how the guest is shown.

use super::desk::Tools;
use super::line::Viewer;
use crate::components::{IconName, MenuItem};
use crate::domain::console::ConsoleKind;
use crate::domain::console::keys::{COMBOS, Combo, FUNCTION_KEYS, SYSRQ};
use crate::domain::console::look::{Fit, Quality};
use crate::screens::common::power::{Go, Sure};
use leptos::prelude::*;

/// Sends a combination; the keyboard goes back to the guest.
pub fn press(tools: Tools, combo: &'static Combo) {
    // The question that came before it may be older than the line.
    let _ = tools.session.viewer.try_with_value(|viewer| match viewer {
        Some(Viewer::Screen(screen)) => screen.press(combo),
        Some(Viewer::Terminal(terminal)) => {
            if let Some(text) = combo.text() {
                terminal.send(&text);
            }
        }
        None => {}
    });
    tools.session.focus();
}

fn items(tools: Tools, combos: &'static [Combo]) -> Vec<MenuItem> {
    let off = tools.keys_off();
    combos
        .iter()
        .filter(|combo| tools.session.kind == ConsoleKind::Vnc || combo.text().is_some())
        .map(|combo| {
            MenuItem::new(combo.id, combo.label, move || ask_first(tools, combo))
                .hint(combo.hint)
                .disabled(off.clone())
        })
        .collect()
}

/// Combinations that a browser keeps for itself.
pub fn combos(tools: Tools) -> Vec<MenuItem> {
    items(tools, COMBOS)
}

/// F1 to F12.
pub fn function_keys(tools: Tools) -> Vec<MenuItem> {
    items(tools, FUNCTION_KEYS)
}

/// To the kernel of a Linux guest.
pub fn sysrq(tools: Tools) -> Vec<MenuItem> {
    let last = |item: MenuItem| match item.id {
        id if SYSRQ
            .iter()
            .any(|combo| combo.id == id && combo.harm().is_some()) =>
        {
            item.danger()
        }
        _ => item,
    };
    items(tools, SYSRQ).into_iter().map(last).collect()
}

/// Sends a combination; one that ends what runs in the guest only when a person says so again.
fn ask_first(tools: Tools, combo: &'static Combo) {
    let Some(effect) = combo.harm() else {
        press(tools, combo);
        return;
    };
    tools.ask.sure(Sure {
        title: format!("{} to {}?", combo.label, tools.session.name.get_untracked()),
        lead: effect,
        verb: "Send it",
        go: Go::new(move || press(tools, combo)),
    });
}

/// How the guest is shown.
pub fn display(tools: Tools) -> Vec<MenuItem> {
    let look = tools.look.get();
    if tools.session.kind != ConsoleKind::Vnc {
        let spoken = look.spoken;
        return vec![
            MenuItem::new("spoken", "Read aloud by a screen reader", move || {
                tools.change(|look| look.spoken = !spoken);
            })
            .checked(spoken),
        ];
    }
    let fit = |id, label, fit| {
        MenuItem::new(id, label, move || tools.change(|look| look.fit = fit))
            .checked(look.fit == fit)
    };
    let mut items = vec![
        fit("scale", "Picture fits the window", Fit::Scale),
        fit("resize", "Guest's screen fits the window", Fit::Resize),
        fit("actual", "Actual size", Fit::Actual),
    ];
    // Where the picture is larger than its place a mouse has bars to move it by, a finger has not.
    if tools.coarse.get() && look.fit == Fit::Actual {
        let drag = tools.drag.get();
        items.push(
            MenuItem::new("drag", "Drag moves the picture", move || {
                tools.drag.set(!drag);
            })
            .checked(drag),
        );
    }
    let quality = |quality: Quality| {
        let id = match quality {
            Quality::Low => "low",
            Quality::Middle => "middle",
            Quality::High => "high",
        };
        let label = format!("Quality: {}", quality.label());
        MenuItem::new(id, label, move || {
            tools.change(|look| look.quality = quality);
        })
        .checked(look.quality == quality)
    };
    items.extend(Quality::ALL.map(quality));
    let dot = look.dot;
    items.push(
        MenuItem::new("dot", "Dot where the guest shows no pointer", move || {
            tools.change(|look| look.dot = !dot);
        })
        .checked(dot),
    );
    let only = tools.view_only.get();
    items.push(
        MenuItem::new("view-only", "View only", move || tools.view_only.set(!only)).checked(only),
    );
    items.push(
        MenuItem::new("picture", "Save a picture", move || save_picture(tools))
            .icon(IconName::Camera)
            .disabled((!tools.session.is_open()).then(|| "Not connected".to_owned())),
    );
    items
}

/// What is shown, as a file.
fn save_picture(tools: Tools) {
    let address = tools.session.viewer.with_value(|viewer| match viewer {
        Some(Viewer::Screen(screen)) => Some(screen.picture()),
        _ => None,
    });
    let Some(address) = address else { return };
    let Ok(link) = document().create_element("a") else {
        return;
    };
    use leptos::wasm_bindgen::JsCast;
    let link: web_sys::HtmlAnchorElement = link.unchecked_into();
    link.set_href(&address);
    link.set_download(&format!("{}.png", tools.session.name.get_untracked()));
    link.click();
}
