//! The keyboard on the wall: Tab reaches one tile, arrows travel from it, Tab leaves again.

use super::data::Wall;
use crate::components::dom;
use crate::domain::ids::VmId;
use crate::domain::wall::{Step, neighbour};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::sync::Arc;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Where the keyboard stands; one for the whole wall.
#[derive(Clone, Copy)]
pub(super) struct Travel {
    /// Holds all groups.
    pub root: NodeRef<Div>,
    /// The tile that Tab reaches.
    stop: StoredValue<Option<VmId>>,
    /// Whose tile had the focus when it was removed, and who may have it instead.
    lost: StoredValue<Vec<VmId>>,
}

impl Travel {
    /// Nowhere yet.
    pub fn new() -> Self {
        Self {
            root: NodeRef::new(),
            stop: StoredValue::new(None),
            lost: StoredValue::new(Vec::new()),
        }
    }

    /// Listens on the whole wall, for as long as the caller's owner lives.
    pub fn listen(self, wall: Signal<Arc<Wall>>) {
        Effect::new(move || {
            let Some(root) = self.root.get() else { return };
            dom::listen(
                root.as_ref(),
                "keydown",
                false,
                move |event: KeyboardEvent| {
                    self.key(&event, wall);
                },
            );
            dom::listen(root.as_ref(), "focusin", false, move |event: Event| {
                if let Some(tile) = tile_of(&event) {
                    self.reached(&tile);
                    give_tip(&tile);
                }
            });
            dom::listen(root.as_ref(), "pointerover", false, |event: Event| {
                if let Some(tile) = tile_of(&event) {
                    give_tip(&tile);
                }
            });
        });
    }

    /// Whether Tab reaches this one.
    pub fn stops_at(self, vm: VmId) -> bool {
        self.stop.with_value(|stop| *stop == Some(vm))
    }

    fn find(self, selector: &str) -> Option<HtmlElement> {
        let root = self.root.try_get_untracked().flatten()?;
        root.query_selector(selector).ok()??.dyn_into().ok()
    }

    /// Goes to the tile of a VM.
    pub fn go(self, vm: VmId) -> bool {
        let tile = self.find(&format!("[data-vm=\"{vm}\"]"));
        tile.is_some_and(|tile| tile.focus().is_ok())
    }

    fn reached(self, tile: &Element) {
        if let Some(before) = self.find("[data-vm][tabindex=\"0\"]") {
            let _ = before.set_attribute("tabindex", "-1");
        }
        let _ = tile.set_attribute("tabindex", "0");
        self.stop.set_value(vm_of(tile));
    }

    /// Tiles came or went: one of them must be reached by Tab.
    pub fn rearranged(self) {
        dom::after_render(move || {
            if self.find("[data-vm][tabindex=\"0\"]").is_none()
                && let Some(first) = self.find("[data-vm]")
            {
                let _ = first.set_attribute("tabindex", "0");
            }
        });
    }

    /// The tile with the focus is gone: once all nodes are drawn, the first of `heirs` that is
    /// there takes it.
    pub fn lost(self, heirs: Vec<VmId>) {
        self.lost.set_value(heirs);
        dom::after_render(move || {
            let heirs = self.lost.try_update_value(std::mem::take);
            // Whoever went elsewhere meanwhile stays there.
            if dom::focused().is_none() {
                let _ = heirs.into_iter().flatten().any(|vm| self.go(vm));
            }
        });
    }

    fn key(self, event: &KeyboardEvent, wall: Signal<Arc<Wall>>) {
        let other = event.meta_key() || event.alt_key() || event.shift_key();
        let step = Step::of_key(&event.key(), event.ctrl_key()).filter(|_| !other);
        let (Some(step), Some(tile)) = (step, tile_of(event)) else {
            return;
        };
        let Some(vm) = vm_of(&tile) else { return };
        event.prevent_default();
        let columns = tile.parent_element().map_or(1, |grid| columns(&grid));
        let next = wall.with_untracked(|wall| {
            let at = wall.ids().position(|id| id == vm)?;
            let sizes: Vec<usize> = wall.groups.iter().map(|group| group.tiles.len()).collect();
            wall.ids().nth(neighbour(&sizes, columns, at, step))
        });
        if let Some(next) = next {
            self.go(next);
        }
    }
}

/// How many tiles stand side by side.
fn columns(grid: &Element) -> usize {
    let style = window().get_computed_style(grid).ok().flatten();
    let tracks = style.and_then(|style| style.get_property_value("grid-template-columns").ok());
    tracks.map_or(1, |tracks| tracks.split_whitespace().count())
}

fn tile_of(event: &Event) -> Option<Element> {
    let under: Element = event.target()?.dyn_into().ok()?;
    under.closest("[data-vm]").ok()?
}

fn vm_of(tile: &Element) -> Option<VmId> {
    tile.get_attribute("data-vm")?.parse().ok().map(VmId)
}

/// What is pointed at or focused has the tooltip; the thousands of others need none.
fn give_tip(tile: &Element) {
    if let Some(words) = tile.get_attribute("aria-label") {
        let _ = tile.set_attribute("data-tip", &words);
    }
}
