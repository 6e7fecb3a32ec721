//! The tiles of one node as plain elements: thousands of components would cost more than the rest
//! of the page. What has not changed is not touched.

use super::data::Tile;
use super::travel::Travel;
use crate::api::vms::Vm;
use crate::components::dom;
use crate::domain::ids::VmId;
use crate::domain::wall::{ColorBy, Look, TileSize, fill, tile_note, tile_words};
use crate::paths;
use crate::screens::common::facts::row_facts;
use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use std::collections::HashMap;
use std::sync::Arc;
use web_sys::{Element, HtmlElement};

/// A tile as it stands in the document.
struct Drawn {
    element: Element,
    vm: Arc<Vm>,
    fits: bool,
}

/// The tiles of a node as they stand in the document.
#[derive(Default)]
pub(super) struct Tiles {
    drawn: Vec<Drawn>,
    look: Option<(ColorBy, TileSize)>,
}

impl Tiles {
    /// Brings the elements of `root` up to date.
    pub fn update(
        mut self,
        root: &Element,
        tiles: &[Tile],
        by: ColorBy,
        size: TileSize,
        travel: Travel,
    ) -> Self {
        let resized = self.look.is_some_and(|(_, old)| old != size);
        let recoloured = self.look.is_some_and(|(old, _)| old != by);
        self.look = Some((by, size));
        if resized {
            self.keep_only(&HashMap::new(), travel);
        }
        let ids = tiles.iter().map(|tile| tile.vm.vmid);
        if !ids.eq(self.drawn.iter().map(|drawn| drawn.vm.vmid)) {
            self.arrange(root, tiles, by, size, travel);
        }
        for (drawn, tile) in self.drawn.iter_mut().zip(tiles) {
            let changed = !Arc::ptr_eq(&drawn.vm, &tile.vm);
            if changed || recoloured {
                drawn.vm = Arc::clone(&tile.vm);
                write(&drawn.element, &tile.vm, by, size);
            }
            if drawn.fits != tile.fits {
                drawn.fits = tile.fits;
                dim(&drawn.element, !tile.fits);
            }
        }
        self
    }

    /// Adds what is new, removes what is gone; what stays is not moved, so that it keeps the focus.
    fn arrange(
        &mut self,
        root: &Element,
        tiles: &[Tile],
        by: ColorBy,
        size: TileSize,
        travel: Travel,
    ) {
        let wanted: HashMap<VmId, ()> = tiles.iter().map(|tile| (tile.vm.vmid, ())).collect();
        self.keep_only(&wanted, travel);
        let mut old: HashMap<VmId, Drawn> = std::mem::take(&mut self.drawn)
            .into_iter()
            .map(|drawn| (drawn.vm.vmid, drawn))
            .collect();
        let mut place = root.first_element_child();
        for tile in tiles {
            let drawn = match old.remove(&tile.vm.vmid) {
                Some(drawn) => Some(drawn),
                None => create(tile, by, size, travel),
            };
            let Some(drawn) = drawn else {
                continue;
            };
            if place.as_ref() == Some(&drawn.element) {
                place = drawn.element.next_element_sibling();
            } else {
                let before = place.as_ref().map(AsRef::as_ref);
                let _ = root.insert_before(&drawn.element, before);
            }
            self.drawn.push(drawn);
        }
        travel.rearranged();
    }

    fn keep_only(&mut self, wanted: &HashMap<VmId, ()>, travel: Travel) {
        let gone = |drawn: &Drawn| !wanted.contains_key(&drawn.vm.vmid);
        if !self.drawn.iter().any(gone) {
            return;
        }
        let focused = dom::focused();
        let held = self.drawn.iter().position(|drawn| {
            let own: &Element = &drawn.element;
            gone(drawn) && focused.as_ref().is_some_and(|focused| own.eq(focused))
        });
        if let Some(at) = held {
            // Itself, on another node or larger; else who stood beside it.
            let beside = [Some(at), at.checked_sub(1), Some(at + 1)];
            let ids = beside.into_iter().flatten();
            travel.lost(
                ids.filter_map(|at| Some(self.drawn.get(at)?.vm.vmid))
                    .collect(),
            );
        }
        self.drawn.retain(|drawn| {
            let stays = !gone(drawn);
            if !stays {
                drawn.element.remove();
            }
            stays
        });
    }
}

fn create(tile: &Tile, by: ColorBy, size: TileSize, travel: Travel) -> Option<Drawn> {
    let vmid = tile.vm.vmid;
    let element = document().create_element("a").ok()?;
    element.set_class_name("wall-tile");
    let put = |name: &str, value: &str| drop(element.set_attribute(name, value));
    put("href", &paths::href(&paths::vm(vmid)));
    put("data-vm", &vmid.to_string());
    put("tabindex", if travel.stops_at(vmid) { "0" } else { "-1" });
    write(&element, &tile.vm, by, size);
    dim(&element, !tile.fits);
    Some(Drawn {
        element,
        vm: Arc::clone(&tile.vm),
        fits: tile.fits,
    })
}

fn dim(element: &Element, on: bool) {
    let _ = element.toggle_attribute_with_force("data-dim", on);
}

/// Writes what a tile shows and says.
fn write(element: &Element, vm: &Vm, by: ColorBy, size: TileSize) {
    let facts = row_facts(vm, None);
    let put = |name: &str, value: &str| {
        if element.get_attribute(name).as_deref() != Some(value) {
            let _ = element.set_attribute(name, value);
        }
    };
    put("data-look", Look::of(&facts, by).slug());
    let words = tile_words(&facts);
    // Only what is pointed at has one.
    if element.has_attribute("data-tip") {
        put("data-tip", &words);
    }
    put("aria-label", &words);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let style = HtmlElement::style(element);
        let height = fill(&facts, by).map(|percent| format!("{percent}%"));
        let _ = style.set_property("--fill", height.as_deref().unwrap_or_default());
    }
    match size {
        TileSize::Dot => {}
        TileSize::Numbered => text(element, &vm.vmid.to_string()),
        TileSize::Named => {
            if vm.name.is_empty() {
                text(element, &format!("VM {}", vm.vmid));
            } else {
                text(element, &vm.name);
            }
            // Drawn by the style sheet: what it tells is said in full by the name.
            let note = tile_note(&facts, by);
            put("data-note", &format!("{} · {note}", vm.vmid));
        }
    }
}

/// Writes the text of a tile: how it is called, as its name begins.
fn text(tile: &Element, words: &str) {
    if tile.text_content().as_deref() != Some(words) {
        tile.set_text_content(None);
        if let Ok(span) = document().create_element("span") {
            span.set_text_content(Some(words));
            let _ = tile.append_child(&span);
        }
    }
}
