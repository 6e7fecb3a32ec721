//! What the server is asked about the chosen VMs, a few questions at a time: the configuration of
//! each VM, the check for each node, the bridges of the nodes. Each is asked once, again when the VM
//! has changed or the person wants it, and by and by where the server could not be reached.

use crate::api::migrate::{self, Check};
use crate::api::vms::{self, Vm};
use crate::api::{ApiError, networks};
use crate::domain::config::{self, ConfigMap};
use crate::domain::ids::VmId;
use crate::domain::migrate::{DriveKind, Hardware, LocalVolume, Place, Told, devices, drives};
use crate::stores::{Live, spawn};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Questions that are asked at once.
const AT_ONCE: usize = 4;
/// More pairs than this are checked for the chosen node alone.
const MOST_PAIRS: usize = 120;
/// What could not be reached is asked again after this.
const LATER: Duration = Duration::from_secs(10);

/// What the server said.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// `None`: the configuration could not be read.
    pub hardware: RwSignal<BTreeMap<VmId, Option<Hardware>>>,
    /// Checks, by VM and node.
    pub told: RwSignal<BTreeMap<(VmId, String), Told>>,
    /// Bridges, by node.
    pub bridges: RwSignal<BTreeMap<String, Vec<String>>>,
    /// Goes up when a VM is to be asked about again.
    changed: RwSignal<BTreeMap<VmId, u32>>,
    /// Goes up when what could not be reached is to be tried again.
    later: RwSignal<u32>,
}

impl Asked {
    /// A VM was changed, or the person wants it checked again: what was said of it is old.
    pub fn again(self, vm: VmId) {
        self.told.update(|told| {
            for ((of, _), own) in told.iter_mut() {
                if *of == vm && matches!(own, Told::Nothing(_)) {
                    *own = Told::Asked;
                }
            }
        });
        self.hardware.update(|all| {
            if all.get(&vm) == Some(&None) {
                all.remove(&vm);
            }
        });
        self.changed
            .update(|changed| *changed.entry(vm).or_default() += 1);
    }

    fn take(self, question: &Question, answer: Answer) {
        match (question, answer) {
            (Question::Config(vm, _), Answer::Config(hardware)) => {
                self.hardware.update(|all| match hardware {
                    Some(own) => drop(all.insert(*vm, Some(own))),
                    // What was read before is better than nothing.
                    None => drop(all.entry(*vm).or_insert(None)),
                });
            }
            (Question::Check(vm, node, _), Answer::Check(told)) => {
                self.told
                    .update(|all| drop(all.insert((*vm, node.clone()), told)));
            }
            (Question::Bridges(node), Answer::Bridges(Some(bridges))) => {
                self.bridges
                    .update(|all| drop(all.insert(node.clone(), bridges)));
            }
            _ => {}
        }
    }
}

/// What is asked, and what it was asked for: another state of the VM is another question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Question {
    Config(VmId, u32),
    Check(VmId, String, String),
    Bridges(String),
}

enum Answer {
    Config(Option<Hardware>),
    Check(Told),
    Bridges(Option<Vec<String>>),
}

fn questions(
    all: &[Arc<Vm>],
    places: &[Place],
    target: Option<&str>,
    changed: &BTreeMap<VmId, u32>,
) -> Vec<Question> {
    let many = all.len() * places.len() > MOST_PAIRS;
    let count = |vm: &Vm| changed.get(&vm.vmid).copied().unwrap_or(0);
    let mut wanted: Vec<Question> = all
        .iter()
        .map(|vm| Question::Config(vm.vmid, count(vm)))
        .collect();
    // The node that is chosen comes first.
    let mut order: Vec<&Place> = places.iter().collect();
    order.sort_by_key(|place| Some(place.name.as_str()) != target);
    let mut nodes: BTreeSet<&str> = all.iter().map(|vm| vm.node.as_str()).collect();
    for place in order {
        if many && target != Some(place.name.as_str()) {
            continue;
        }
        nodes.insert(&place.name);
        for vm in all.iter().filter(|vm| vm.node != place.name) {
            let state = format!("{} {} {:?}", vm.node, vm.status, vm.lock);
            let state = format!("{state} {} {}", count(vm), place.online);
            wanted.push(Question::Check(vm.vmid, place.name.clone(), state));
        }
    }
    if !all.is_empty() {
        let online = places.iter().filter(|place| place.online);
        let asked = online.filter(|place| nodes.contains(place.name.as_str()));
        wanted.extend(asked.map(|place| Question::Bridges(place.name.clone())));
    }
    wanted
}

/// What is still to be asked; the page's.
#[derive(Clone, Copy)]
struct Queue {
    waits: StoredValue<VecDeque<Question>>,
    /// Waiting, under way, or answered for good.
    seen: StoredValue<HashSet<Question>>,
    busy: StoredValue<bool>,
}

/// Asks for all that is wanted of the chosen VMs while the page lives.
pub fn ask(
    live: &Live,
    listed: Memo<Vec<Arc<Vm>>>,
    places: Memo<Vec<Place>>,
    target: Memo<Option<String>>,
) -> Asked {
    let asked = Asked {
        hardware: RwSignal::new(BTreeMap::new()),
        told: RwSignal::new(BTreeMap::new()),
        bridges: RwSignal::new(BTreeMap::new()),
        changed: RwSignal::new(BTreeMap::new()),
        later: RwSignal::new(0),
    };
    let wanted = Memo::new(move |_| {
        let (places, target) = (places.get(), target.get());
        asked
            .changed
            .with(|changed| listed.with(|all| questions(all, &places, target.as_deref(), changed)))
    });
    let queue = Queue {
        waits: StoredValue::new(VecDeque::new()),
        seen: StoredValue::new(HashSet::new()),
        busy: StoredValue::new(false),
    };
    let (live, page) = (live.clone(), Owner::current());
    // Asking is an effect; what comes back is nobody else's to derive.
    Effect::new(move || {
        asked.later.track();
        let mut new = wanted.get();
        queue.seen.update_value(|seen| {
            let still: HashSet<&Question> = new.iter().collect();
            seen.retain(|own| still.contains(own));
        });
        new.retain(|own| queue.seen.with_value(|seen| !seen.contains(own)));
        if new.is_empty() {
            return;
        }
        asked.told.update(|told| {
            for own in &new {
                if let Question::Check(vm, node, _) = own {
                    // What was said stands until the new answer comes.
                    told.entry((*vm, node.clone())).or_insert(Told::Asked);
                }
            }
        });
        queue
            .seen
            .update_value(|seen| seen.extend(new.iter().cloned()));
        queue.waits.update_value(|waits| waits.extend(new));
        if queue.busy.get_value() {
            return;
        }
        queue.busy.set_value(true);
        let work = work(live.clone(), asked, wanted, queue);
        // The page's, not this effect's: what is under way goes on when more is wanted.
        if let Some(page) = &page {
            page.with(|| spawn::page(work));
        }
    });
    asked
}

async fn work(live: Live, asked: Asked, wanted: Memo<Vec<Question>>, queue: Queue) {
    let mut later = false;
    loop {
        let part: Vec<Question> = wanted.with_untracked(|wanted| {
            queue
                .waits
                .try_update_value(|waits| {
                    waits.retain(|own| wanted.contains(own));
                    let count = waits.len().min(AT_ONCE);
                    waits.drain(..count).collect()
                })
                .unwrap_or_default()
        });
        if part.is_empty() {
            break;
        }
        let answers = join_all(part.iter().map(|own| put(&live, own))).await;
        for (own, (answer, again)) in part.iter().zip(answers) {
            // An answer to what the VM was before is old.
            if !wanted.with_untracked(|wanted| wanted.contains(own)) {
                continue;
            }
            if again {
                later = true;
                queue.seen.update_value(|seen| {
                    seen.remove(own);
                });
            }
            asked.take(own, answer);
        }
    }
    queue.busy.set_value(false);
    if later {
        live.client.sleep(LATER).await;
        asked.later.update(|later| *later += 1);
    }
}

/// Asks, and says whether it is worth asking again by and by.
async fn put(live: &Live, question: &Question) -> (Answer, bool) {
    let client = &live.client;
    match question {
        Question::Config(vm, _) => match vms::config(client, *vm).await {
            Ok(config) => (Answer::Config(Some(hardware_of(&config.0))), false),
            // Without it the server's own check still says what matters.
            Err(error) => (Answer::Config(None), error.is_transient()),
        },
        Question::Check(vm, node, _) => {
            let answer = migrate::check(client, *vm, node).await;
            let again = answer.as_ref().is_err_and(ApiError::is_transient);
            (Answer::Check(told_of(answer)), again)
        }
        Question::Bridges(node) => match networks::list(client, node).await {
            Ok(rows) => {
                let bridges = rows
                    .good
                    .into_iter()
                    .filter(networks::NodeInterface::is_bridge);
                (
                    Answer::Bridges(Some(bridges.map(|own| own.iface).collect())),
                    false,
                )
            }
            Err(error) => (Answer::Bridges(None), error.is_transient()),
        },
    }
}

fn hardware_of(config: &ConfigMap) -> Hardware {
    let (drives, devices) = (drives(config), devices(config));
    let media = drives.iter().filter(|own| own.kind == DriveKind::Cd);
    let texts = media
        .map(|own| &own.key)
        .chain(&devices)
        .filter_map(|key| Some((key.clone(), config::text(config, key)?)))
        .collect();
    let nics = config::nics(config);
    let nics = nics
        .iter()
        .filter_map(|nic| Some((nic.key.clone(), nic.bridge()?.to_owned())));
    Hardware {
        nics: nics.collect(),
        drives,
        devices,
        texts,
    }
}

fn told_of(answer: Result<Check, ApiError>) -> Told {
    match answer {
        Err(error) => Told::Nothing(Some(error.message.clone())),
        Ok(check) if check.is_silent() => Told::Nothing(None),
        Ok(check) => Told::Said {
            allowed: check.allowed.unwrap_or(check.errors.is_empty()),
            errors: check.errors,
            warnings: check.warnings,
            local: check
                .local_disks
                .into_iter()
                .map(|disk| LocalVolume {
                    volid: disk.volid,
                    size: disk.size,
                    storages: disk.target_storage,
                })
                .collect(),
            storages: check
                .target_storages
                .into_iter()
                .map(|own| (own.storage, own.available))
                .collect(),
        },
    }
}
