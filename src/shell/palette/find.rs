//! What the palette finds for what was typed. Rows are read as they are now: with 10,000 VMs the
//! work is done once a keystroke, not with every change.

use super::super::commands::{Command, key_words};
use crate::api::storage::Storage;
use crate::api::tasks::Task;
use crate::api::vms::Vm;
use crate::components::{IconName, Tone, vm_look};
use crate::domain::ago::ago;
use crate::domain::fuzzy::{self, Found, Pattern};
use crate::domain::ids::{Upid, VmId};
use crate::domain::status::NodeStatus;
use crate::domain::storage::type_words;
use crate::domain::task::{TaskState, title};
use crate::domain::units::count;
use crate::screens::common::power::VmAsk;
use crate::screens::common::vm_menu::vm_menu_items;
use crate::stores::Live;
use crate::stores::prefs::VIEWS;
use leptos::prelude::*;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Results of a group.
const LIMIT: usize = 8;

/// What a result leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// The page of a VM.
    Vm(VmId),
    /// An action on a VM, by its ID in the VM's menu.
    Action(VmId, &'static str),
    /// The VMs of a node.
    Node(String),
    /// The page of a storage.
    Storage(String),
    /// The VMs with a tag.
    Tag(String),
    /// The VM list as a saved view has it, by the view's address behind `?`.
    View(String),
    /// The page of a task.
    Task(Upid),
    /// A page, or something to do.
    Command(Command),
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it leads.
    pub target: Target,
    /// Picture and its colour.
    pub icon: (IconName, Tone),
    /// Name.
    pub label: String,
    /// Letters of the name that were found.
    pub bold: Vec<usize>,
    /// ID behind the name, and how many of its letters were found.
    pub id: Option<(String, usize)>,
    /// What else tells it from others: state and node, number of VMs.
    pub detail: String,
    /// Its shortcut.
    pub keys: Vec<String>,
    /// Why it can't be done.
    pub disabled: Option<String>,
    /// Destroys something.
    pub danger: bool,
}

impl Entry {
    fn new(target: Target, icon: IconName, label: String, bold: Vec<usize>) -> Self {
        Self {
            target,
            icon: (icon, Tone::Idle),
            label,
            bold,
            id: None,
            detail: String::new(),
            keys: Vec::new(),
            disabled: None,
            danger: false,
        }
    }
}

/// Results of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they are.
    pub title: String,
    /// The results.
    pub entries: Vec<Entry>,
}

/// Picks the best of `all`: by index, with how each was found.
fn pick(
    pattern: &mut Pattern,
    number: usize,
    limit: usize,
    mut find: impl FnMut(&mut Pattern, usize) -> Option<i32>,
) -> (i32, Vec<usize>) {
    let found = (0..number)
        .filter_map(|index| Some((find(pattern, index)?, index)))
        .collect();
    let best = fuzzy::best(pattern, found, limit);
    let top = best.first().map_or(i32::MIN, |(score, _)| *score);
    (top, best.into_iter().map(|(_, index)| index).collect())
}

/// All that is found, best group first. With nothing typed: pages and commands.
pub fn find(live: &Live, typed: &str) -> Vec<Group> {
    let mut pattern = Pattern::new(typed);
    if pattern.is_empty() {
        let all: Vec<Command> = Command::all().filter(|one| one.is_offered()).collect();
        return ["Pages", "Commands"]
            .into_iter()
            .map(|name| Group {
                title: name.to_owned(),
                entries: all
                    .iter()
                    .filter(|command| command.group() == name)
                    .map(|command| of_command(*command, Vec::new()))
                    .collect(),
            })
            .collect();
    }
    let mut groups = vec![
        vms(live, &mut pattern),
        nodes(live, &mut pattern),
        storages(live, &mut pattern),
        tags(live, &mut pattern),
        views(live, &mut pattern),
        tasks(live, &mut pattern),
        commands(&mut pattern, "Pages"),
        commands(&mut pattern, "Commands"),
    ];
    groups.retain(|(_, group)| !group.entries.is_empty());
    // A group of strewn letters alone is noise beside a good one.
    if groups.iter().any(|(top, _)| !pattern.is_strewn(*top)) {
        groups.retain(|(top, _)| !pattern.is_strewn(*top));
    }
    groups.sort_by_key(|(top, _)| Reverse(*top));
    groups.into_iter().map(|(_, group)| group).collect()
}

fn group(title: &str, top: i32, entries: Vec<Entry>) -> (i32, Group) {
    let title = title.to_owned();
    (top, Group { title, entries })
}

/// Name of a VM as it is shown.
pub fn vm_name(vm: &Vm) -> String {
    if vm.name.is_empty() {
        format!("VM {}", vm.vmid)
    } else {
        vm.name.clone()
    }
}

fn score_vm(pattern: &mut Pattern, vm: &Vm) -> Option<i32> {
    let by_name = pattern.score(&vm.name);
    let by_id = pattern
        .is_number()
        .then(|| pattern.find_id(&vm.vmid.to_string()))
        .flatten();
    by_name.max(by_id.map(|found| found.score))
}

/// The VM that fits best: the one meant by `NAME >`.
pub fn best_vm(live: &Live, typed: &str) -> Option<VmId> {
    let rows = live.vms.rows().peek_all();
    let mut pattern = Pattern::new(typed);
    if pattern.is_empty() {
        return None;
    }
    let whole = typed.trim();
    let exact = rows.iter().find(|vm| vm.name.eq_ignore_ascii_case(whole));
    let exact = exact.map(|vm| vm.vmid);
    exact.or_else(|| {
        let (_, best) = pick(&mut pattern, rows.len(), LIMIT, |pattern, index| {
            score_vm(pattern, rows.get(index)?)
        });
        Some(rows.get(*best.first()?)?.vmid)
    })
}

fn vms(live: &Live, pattern: &mut Pattern) -> (i32, Group) {
    let rows = live.vms.rows().peek_all();
    let (top, best) = pick(pattern, rows.len(), LIMIT, |pattern, index| {
        score_vm(pattern, rows.get(index)?)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| rows.get(index))
        .map(|vm| of_vm(vm, pattern))
        .collect();
    group("Virtual machines", top, entries)
}

fn of_vm(vm: &Vm, pattern: &mut Pattern) -> Entry {
    let (tone, icon, word) = vm_look(&vm.status);
    let id = vm.vmid.to_string();
    let of_id = pattern.find_id(&id).map_or(0, |found| found.at.len());
    let bold = pattern
        .find(&vm.name)
        .map_or_else(Vec::new, |found| found.at);
    let mut entry = Entry::new(Target::Vm(vm.vmid), icon, vm_name(vm), bold);
    entry.icon.1 = tone;
    entry.id = Some((id, of_id));
    entry.detail = match (vm.template, vm.node.as_str()) {
        (true, node) => format!("Template on {node}"),
        (false, "") => word,
        (false, node) => format!("{word} on {node}"),
    };
    entry
}

fn nodes(live: &Live, pattern: &mut Pattern) -> (i32, Group) {
    let nodes = live.nodes.peek().unwrap_or_default();
    let (top, best) = pick(pattern, nodes.len(), LIMIT, |pattern, index| {
        pattern.score(&nodes.get(index)?.name)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| nodes.get(index))
        .map(|node| {
            let bold = letters(pattern, &node.name);
            let target = Target::Node(node.name.clone());
            let mut entry = Entry::new(target, IconName::NodeServer, node.name.clone(), bold);
            let offline = node.status == NodeStatus::Offline;
            entry.detail = if offline {
                "Offline, its VMs"
            } else {
                "Its VMs"
            }
            .to_owned();
            if offline {
                entry.icon.1 = Tone::Bad;
            }
            entry
        })
        .collect();
    group("Nodes", top, entries)
}

/// Shared storages come once, those of single nodes once a node: one name is one result.
fn storages(live: &Live, pattern: &mut Pattern) -> (i32, Group) {
    let mut storages = live
        .storages
        .peek()
        .map_or_else(Vec::new, |all| all.to_vec());
    let mut named = HashSet::new();
    storages.retain(|own| named.insert(own.storage.clone()));
    let (top, best) = pick(pattern, storages.len(), LIMIT, |pattern, index| {
        pattern.score(&storages.get(index)?.storage)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| storages.get(index))
        .map(|own| {
            let bold = letters(pattern, &own.storage);
            let target = Target::Storage(own.storage.clone());
            let mut entry = Entry::new(target, IconName::Database, own.storage.clone(), bold);
            if !own.is_usable() {
                entry.icon.1 = Tone::Bad;
            }
            entry.detail = storage_detail(own);
            entry
        })
        .collect();
    group("Storages", top, entries)
}

/// `zfspool, 54 % of 1.82 TiB`.
fn storage_detail(own: &Storage) -> String {
    let full = own.fill().map(|share| share.whole().to_string());
    let state = match (own.enabled, own.active) {
        (Some(false), _) => Some("switched off".to_owned()),
        (_, Some(false)) => Some("does not answer".to_owned()),
        _ => full
            .zip(own.total)
            .map(|(full, total)| format!("{full} of {}", total.capacity())),
    };
    let kind = Some(type_words(&own.kind).to_owned()).filter(|kind| !kind.is_empty());
    [kind, state]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn tags(live: &Live, pattern: &mut Pattern) -> (i32, Group) {
    let tags = live.tags.peek().unwrap_or_default();
    let (top, best) = pick(pattern, tags.len(), LIMIT, |pattern, index| {
        pattern.score(&tags.get(index)?.name)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| tags.get(index))
        .map(|tag| {
            let bold = letters(pattern, &tag.name);
            let target = Target::Tag(tag.name.clone());
            let mut entry = Entry::new(target, IconName::Tag, tag.name.clone(), bold);
            entry.detail = tag.count.map_or_else(
                || "VMs with it".to_owned(),
                |number| count(number as usize, "VM", "VMs"),
            );
            entry
        })
        .collect();
    group("Tags", top, entries)
}

fn views(live: &Live, pattern: &mut Pattern) -> (i32, Group) {
    let views = live.prefs.peek(&VIEWS);
    let (top, best) = pick(pattern, views.len(), LIMIT, |pattern, index| {
        pattern.score(&views.get(index)?.name)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| views.get(index))
        .map(|view| {
            let bold = letters(pattern, &view.name);
            let target = Target::View(view.query.clone());
            let mut entry = Entry::new(target, IconName::Layers, view.name.clone(), bold);
            "Saved view of the VMs".clone_into(&mut entry.detail);
            entry
        })
        .collect();
    group("Saved views", top, entries)
}

fn tasks(live: &Live, pattern: &mut Pattern) -> (i32, Group) {
    let rows = live.tasks.rows.peek_all();
    let now = live.clock.now();
    let titles: Vec<String> = rows.iter().map(|task| task_title(live, task)).collect();
    let (top, best) = pick(pattern, titles.len(), LIMIT, |pattern, index| {
        pattern.score(titles.get(index)?)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| Some((rows.get(index)?, titles.get(index)?)))
        .map(|(task, title)| {
            let bold = letters(pattern, title);
            let target = Target::Task(task.upid.clone());
            let mut entry = Entry::new(target, IconName::Tasks, title.clone(), bold);
            let state = task.state();
            entry.icon.1 = match &state {
                TaskState::Failed(_) => Tone::Bad,
                TaskState::Running => Tone::Info,
                _ => Tone::Idle,
            };
            entry.detail = match task.starttime.and_then(|began| ago(began, now)) {
                Some(ago) => format!("{}, {ago}", state.word()),
                None => state.word().to_owned(),
            };
            entry
        })
        .collect();
    group("Tasks", top, entries)
}

fn task_title(live: &Live, task: &Task) -> String {
    let name = task
        .vm()
        .and_then(|vm| live.vms.rows().peek(&vm))
        .map(|vm| vm.name.clone());
    let (verb, object) = title(&task.kind, &task.id, name.as_deref());
    format!("{verb} {object}").trim().to_owned()
}

fn commands(pattern: &mut Pattern, name: &str) -> (i32, Group) {
    let all: Vec<(Command, String)> = Command::all()
        .filter(|command| command.is_offered() && command.group() == name)
        .map(|command| (command, command.label()))
        .collect();
    let (top, best) = pick(pattern, all.len(), LIMIT, |pattern, index| {
        pattern.score(&all.get(index)?.1)
    });
    let entries = best
        .into_iter()
        .filter_map(|index| all.get(index))
        .map(|(command, label)| of_command(*command, letters(pattern, label)))
        .collect();
    group(name, top, entries)
}

fn of_command(command: Command, bold: Vec<usize>) -> Entry {
    let target = Target::Command(command);
    let mut entry = Entry::new(target, command.icon(), command.label(), bold);
    entry.keys = command.keys().map(key_words).unwrap_or_default();
    entry
}

/// What may be done to a VM, with the reason where it may not. Tracked: an action that becomes
/// possible is offered.
pub fn actions(live: &Live, ask: VmAsk, id: VmId, typed: &str) -> Vec<Group> {
    let Some(vm) = live.vms.rows().row(&id).get() else {
        return Vec::new();
    };
    let items = vm_menu_items(live, &vm, ask);
    let mut pattern = Pattern::new(typed);
    let (_, best) = pick(&mut pattern, items.len(), items.len(), |pattern, index| {
        pattern.score(&items.get(index)?.label)
    });
    let entries: Vec<Entry> = best
        .into_iter()
        .filter_map(|index| items.get(index))
        .map(|item| {
            let bold = letters(&mut pattern, &item.label);
            let icon = item.icon.unwrap_or(IconName::Bolt);
            let target = Target::Action(id, item.id);
            let mut entry = Entry::new(target, icon, item.label.clone(), bold);
            entry.disabled.clone_from(&item.disabled);
            entry.danger = item.danger;
            entry
        })
        .collect();
    if entries.is_empty() {
        return Vec::new();
    }
    let title = format!("Actions of {}", vm_name(&vm));
    vec![Group { title, entries }]
}

fn letters(pattern: &mut Pattern, text: &str) -> Vec<usize> {
    let found: Option<Found> = pattern.find(text);
    found.map(|found| found.at).unwrap_or_default()
}
