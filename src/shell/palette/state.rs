//! What was typed, what was found, which result is meant, and what a key does.

use super::super::commands::{Desk, run_after};
use super::find::{self, Entry, Group, Target};
use crate::components::dom::{self, uid};
use crate::domain::ids::VmId;
use crate::paths;
use crate::screens::common::power::VmAsk;
use crate::screens::common::vm_menu::vm_menu_items;
use crate::stores::{Face, Live};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// Between the name of a VM and an action on it.
const INTO: char = '>';

/// The palette while it is open.
#[derive(Clone, Copy)]
pub struct Palette {
    live: StoredValue<Live>,
    desk: Desk,
    ask: VmAsk,
    field: NodeRef<html::Input>,
    text: RwSignal<String>,
    /// The VM whose actions are listed.
    chosen: RwSignal<Option<VmId>>,
    /// What is meant, once a key or the mouse said so; else the first that can be done. Not a place in
    /// the list, which may change when more is loaded.
    meant: RwSignal<Option<Target>>,
    groups: Memo<Vec<Group>>,
    at: Memo<Option<usize>>,
    vms: Memo<Face>,
    id: StoredValue<String>,
}

impl Palette {
    /// Reads VMs, nodes, storages and tags until the current owner is cleaned up.
    pub fn new(live: &Live, desk: Desk, ask: VmAsk, field: NodeRef<html::Input>) -> Self {
        let vms = live.vms.watch().face();
        let nodes = live.nodes.watch().face();
        let storages = live.storages.watch().face();
        let tags = live.tags.watch().face();
        let text = RwSignal::new(String::new());
        let chosen = RwSignal::new(None::<VmId>);
        let meant = RwSignal::new(None::<Target>);
        let stores = live.clone();
        let groups = Memo::new(move |_| {
            // What was loaded meanwhile is found; changes of single rows are not followed.
            vms.track();
            nodes.track();
            storages.track();
            tags.track();
            let typed = text.get();
            match (typed.split_once(INTO), chosen.get()) {
                (Some((_, action)), Some(vm)) => find::actions(&stores, ask, vm, action),
                (Some(_), None) => Vec::new(),
                (None, _) => untrack(|| find::find(&stores, &typed)),
            }
        });
        let at = Memo::new(move |_| {
            groups.with(|groups| {
                let place = meant.with(|meant| {
                    let meant = meant.as_ref()?;
                    entries(groups).position(|entry| entry.target == *meant)
                });
                // Else the first that Enter can do something with.
                place
                    .or_else(|| entries(groups).position(|entry| entry.disabled.is_none()))
                    .or_else(|| groups.first().map(|_| 0))
            })
        });
        Self {
            live: StoredValue::new(live.clone()),
            desk,
            ask,
            field,
            text,
            chosen,
            meant,
            groups,
            at,
            vms,
            id: StoredValue::new(uid("palette")),
        }
    }

    /// ID of the list.
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// ID of a result, by its place.
    pub fn entry_id(self, place: usize) -> String {
        format!("{}-{place}", self.id())
    }

    /// ID of the result that Enter would open; tracked, as what follows.
    pub fn active_id(self) -> Option<String> {
        self.at.get().map(|place| self.entry_id(place))
    }

    /// Its place.
    pub fn at(self) -> Memo<Option<usize>> {
        self.at
    }

    /// What was typed.
    pub fn text(self) -> String {
        self.text.get()
    }

    /// What was found.
    pub fn groups(self) -> Memo<Vec<Group>> {
        self.groups
    }

    /// Whether nothing was found.
    pub fn is_empty(self) -> bool {
        self.groups.with(Vec::is_empty)
    }

    /// Whether the actions of a VM are listed.
    pub fn is_acting(self) -> bool {
        self.chosen.with(Option::is_some)
    }

    /// Whether Tab would list the actions of a VM.
    pub fn offers_actions(self) -> bool {
        self.at.track();
        self.groups.track();
        self.active()
            .is_some_and(|entry| matches!(entry.target, Target::Vm(_)))
    }

    /// What is said where nothing was found.
    pub fn nothing(self) -> String {
        let typed = self.text.get();
        match self.vms.get() {
            Face::Loading => "VMs are being loaded".to_owned(),
            Face::Failed(_) => format!("VMs could not be loaded; nothing else found for “{typed}”"),
            Face::Loaded { .. } => format!("Nothing found for “{}”", typed.trim()),
        }
    }

    fn active(self) -> Option<Entry> {
        let place = self.at.get_untracked()?;
        self.groups
            .with_untracked(|groups| entries(groups).nth(place).cloned())
    }

    /// The person typed.
    pub fn type_in(self, text: String) {
        self.meant.set(None);
        let vm = text.split_once(INTO).and_then(|(name, _)| {
            self.live.with_value(|live| {
                let same = |vm: &VmId| live.vm_name(*vm) == name.trim();
                let kept = self.chosen.get_untracked().filter(same);
                kept.or_else(|| find::best_vm(live, name))
            })
        });
        self.chosen.set(vm);
        self.text.set(text);
        self.show();
    }

    /// Lists the actions of a VM.
    pub fn choose(self, vm: VmId) {
        let name = self.live.with_value(|live| live.vm_name(vm));
        self.meant.set(None);
        self.chosen.set(Some(vm));
        self.text.set(format!("{name} {INTO} "));
        self.show();
    }

    /// Means a result, as the mouse does.
    pub fn mean(self, target: &Target) {
        self.meant.set(Some(target.clone()));
    }

    fn step(self, by: isize) {
        let next = self.groups.with_untracked(|groups| {
            let number = entries(groups).count();
            let last = number.checked_sub(1)?;
            let here = self.at.get_untracked().unwrap_or_default();
            let place = here.checked_add_signed(by).map_or(last, |to| to % number);
            entries(groups).nth(place).map(|entry| entry.target.clone())
        });
        self.meant.set(next);
        self.show();
    }

    /// Scrolls to the result that is meant, once it is drawn.
    fn show(self) {
        dom::after_render(move || {
            let place = self.at.try_get_untracked().flatten();
            let entry = place.and_then(|place| {
                let id = format!("{}-{place}", self.id.try_get_value()?);
                document().get_element_by_id(&id)
            });
            if let Some(entry) = entry {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                entry.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }

    /// A key in the field.
    pub fn key(self, event: &KeyboardEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if event.is_composing() || modified || event.shift_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => self.step(1),
            "ArrowUp" => self.step(-1),
            "Enter" => {
                if let Some(entry) = self.active() {
                    self.run(&entry);
                }
            }
            "Tab" => match self.active().map(|entry| entry.target) {
                Some(Target::Vm(vm)) => self.choose(vm),
                // Elsewhere it leaves the field, as everywhere.
                _ => return,
            },
            "ArrowRight" => match self.active().map(|entry| entry.target) {
                Some(Target::Vm(vm)) if self.is_at_end() => self.choose(vm),
                _ => return,
            },
            _ => return,
        }
        event.prevent_default();
    }

    fn is_at_end(self) -> bool {
        self.field.get_untracked().is_some_and(|field| {
            let length = u32::try_from(field.value().encode_utf16().count()).unwrap_or_default();
            field.selection_start().ok().flatten() == Some(length)
        })
    }

    /// Opens or does it. What can't be done now stays, with its reason beside it.
    pub fn run(self, entry: &Entry) {
        if entry.disabled.is_some() {
            return;
        }
        let path = match &entry.target {
            Target::Command(command) => return run_after(self.desk, *command),
            Target::Action(vm, action) => return self.act(*vm, action),
            Target::Vm(vm) => paths::vm(*vm),
            Target::Node(node) => paths::vms_where(&[("node", node)]),
            Target::Storage(name) => paths::storage(name),
            Target::Tag(tag) => paths::vms_where(&[("tags", tag)]),
            Target::View(text) => paths::vms_view(text),
            Target::Task(upid) => paths::task(upid),
        };
        let desk = self.desk;
        desk.close();
        dom::after_render(move || desk.go(&path));
    }

    /// Once the palette has gone: the question that an action asks takes its place.
    fn act(self, vm: VmId, action: &'static str) {
        let (live, ask) = (self.live.get_value(), self.ask);
        self.desk.close();
        dom::after_render(move || {
            let Some(row) = live.known_vm(vm) else { return };
            // What the menu's items hold ends with this run.
            let scope = Owner::new();
            scope.with(|| {
                let items = untrack(|| vm_menu_items(&live, &row, ask));
                let item = items.into_iter().find(|item| item.id == action);
                if let Some(item) = item.filter(|item| item.disabled.is_none()) {
                    item.run.run(());
                }
            });
            scope.cleanup();
        });
    }
}

fn entries(groups: &[Group]) -> impl Iterator<Item = &Entry> {
    groups.iter().flat_map(|group| &group.entries)
}
