//! Everything there is, and the few ways in which it changes.

use super::{AuditEntry, Backup, Node, Outcome, Retention, Storage, Task, Vm, Volume};
use crate::domain::units::Instant;
use crate::sim::bulk::BulkRun;
use crate::sim::console::Consoles;
use crate::sim::events::{Ring, Topic};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the server is told on its command line.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Asked for in `X-API-Key`, if set.
    pub api_key: Option<String>,
    /// Refuse every change.
    pub read_only: bool,
    /// `off`, `audit`, `permissive` or `strict`.
    pub safe_mode: &'static str,
    /// Answer in the shapes of the server as shipped.
    pub shipped: bool,
    /// Who all changes are made by.
    pub user: String,
    /// Where they come from.
    pub source_ip: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api_key: None,
            read_only: false,
            safe_mode: "off",
            shipped: false,
            user: "admin@pam".to_owned(),
            source_ip: "192.168.1.100".to_owned(),
        }
    }
}

/// Name and identity of the cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Name.
    pub name: String,
    /// Shown as it is.
    pub version: u32,
    /// Location that the answer headers carry.
    pub location: &'static str,
    /// Instance that the answer headers carry.
    pub instance: &'static str,
}

/// Category and colour of a tag.
#[derive(Debug, Clone)]
pub struct TagStyle {
    /// `environment`, `client` …
    pub category: &'static str,
    /// `#rrggbb`.
    pub color: &'static str,
}

/// The simulated cluster.
#[derive(Debug)]
pub struct World {
    /// Simulated milliseconds since the epoch.
    pub now: i64,
    /// Seed of everything.
    pub seed: u64,
    /// Draws in the order of what happens.
    pub rng: fastrand::Rng,
    /// Command line.
    pub settings: Settings,
    /// Identity.
    pub cluster: Cluster,
    /// Nodes in their order.
    pub nodes: Vec<Node>,
    /// VMs by number.
    pub vms: BTreeMap<u32, Vm>,
    /// Storages in their order.
    pub storages: Vec<Storage>,
    /// Files on storages that belong to no VM.
    pub volumes: Vec<Volume>,
    /// Backups, newest first per VM.
    pub backups: Vec<Backup>,
    /// Which of them are kept.
    pub retention: Retention,
    /// Tasks in the order in which they were registered; the list shows the last first.
    pub tasks: Vec<Task>,
    /// Where a task stands in `tasks`.
    pub task_index: HashMap<String, usize>,
    /// Tasks before this place are not known any more, though their work goes on.
    pub forgotten: usize,
    /// When each running task has its next step.
    pub due: BTreeSet<(i64, usize)>,
    /// Audit log, oldest first.
    pub audit: Vec<AuditEntry>,
    /// Number of the next audit entry.
    pub next_audit: u32,
    /// Categories and colours of tags.
    pub tag_styles: BTreeMap<String, TagStyle>,
    /// Tags in the order in which lists show them first.
    pub tag_order: Vec<&'static str>,
    /// Bulk runs, oldest first.
    pub bulk: Vec<BulkRun>,
    /// Tickets and what guests show.
    pub consoles: Consoles,
    /// Recent events.
    pub events: Ring,
    /// When loads are looked at next.
    pub next_tick: i64,
    /// When nodes are looked at next.
    pub next_node_tick: i64,
    /// Milliseconds between looks at loads.
    pub tick: i64,
    /// When something next happens that nobody asked for.
    pub next_life: i64,
    /// What happens by itself.
    pub life: crate::sim::work::Life,
}

impl World {
    /// An empty one.
    #[must_use]
    pub fn new(seed: u64, now: i64, cluster: Cluster) -> Self {
        Self {
            now,
            seed,
            rng: fastrand::Rng::with_seed(seed),
            settings: Settings::default(),
            cluster,
            nodes: Vec::new(),
            vms: BTreeMap::new(),
            storages: Vec::new(),
            volumes: Vec::new(),
            backups: Vec::new(),
            retention: Retention::default(),
            tasks: Vec::new(),
            task_index: HashMap::new(),
            forgotten: 0,
            due: BTreeSet::new(),
            audit: Vec::new(),
            next_audit: 1,
            tag_styles: BTreeMap::new(),
            tag_order: Vec::new(),
            bulk: Vec::new(),
            consoles: Consoles::default(),
            events: Ring::default(),
            next_tick: now + 1_000,
            next_node_tick: now + 5_000,
            tick: 1_000,
            next_life: i64::MAX,
            life: crate::sim::work::Life::default(),
        }
    }

    /// The simulated moment.
    #[must_use]
    pub const fn instant(&self) -> Instant {
        Instant::from_millis(self.now)
    }

    /// Changes a VM and tells everybody. `None` where there is none.
    pub fn change_vm<T>(&mut self, id: u32, change: impl FnOnce(&mut Vm) -> T) -> Option<T> {
        let vm = self.vms.get_mut(&id)?;
        let result = change(vm);
        vm.touch();
        let row = vm.row();
        self.events
            .push(self.now, Topic::Vm, "updated", &id.to_string(), Some(&row));
        Some(result)
    }

    /// A storage by name.
    #[must_use]
    pub fn storage(&self, name: &str) -> Option<&Storage> {
        self.storages.iter().find(|own| own.storage == name)
    }

    /// The same, to be changed.
    pub fn storage_mut(&mut self, name: &str) -> Option<&mut Storage> {
        self.storages.iter_mut().find(|own| own.storage == name)
    }

    /// A backup by volume ID.
    #[must_use]
    pub fn backup(&self, volid: &str) -> Option<&Backup> {
        self.backups.iter().find(|backup| backup.volid == volid)
    }

    /// Changes a backup. `None` where there is none.
    pub fn change_backup<T>(
        &mut self,
        volid: &str,
        change: impl FnOnce(&mut Backup) -> T,
    ) -> Option<T> {
        let backup = self.backups.iter_mut().find(|own| own.volid == volid)?;
        let result = change(backup);
        let vm = backup.vmid;
        self.backups_changed(vm);
        Some(result)
    }

    /// The backups of a VM are others now.
    pub fn backups_changed(&mut self, vm: Option<u32>) {
        if let Some(vm) = vm.and_then(|vm| self.vms.get_mut(&vm)) {
            vm.shown.backups = None;
        }
    }

    /// The server starts anew: it knows nothing of its tasks and events any more. What the
    /// hypervisor does goes on.
    pub fn restart(&mut self) {
        self.forgotten = self.tasks.len();
        self.task_index.clear();
        self.events = Ring::default();
    }

    /// Tells everybody about a task: `created` or `updated`.
    pub fn tell_task(&mut self, index: usize, kind: &'static str) {
        if let Some(task) = self.tasks.get(index).filter(|_| index >= self.forgotten) {
            self.events
                .push(self.now, Topic::Task, kind, &task.upid, Some(&task.body()));
        }
    }

    /// A node by name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| &*node.name == name)
    }

    /// Writes an audit entry and says where it stands.
    pub fn note(
        &mut self,
        operation: &str,
        resource: (&'static str, String),
        node: Option<&str>,
        details: Map<String, Value>,
        outcome: Outcome,
    ) -> usize {
        let mut entry = AuditEntry {
            id: format!("audit-{}", self.next_audit),
            timestamp: self.instant().to_iso(),
            at: self.now,
            user: self.settings.user.clone(),
            source_ip: self.settings.source_ip.clone(),
            operation: operation.to_owned(),
            resource_type: resource.0,
            resource_id: resource.1,
            node: node.map(ToOwned::to_owned),
            details,
            outcome: Outcome::Done,
            error: None,
            duration: 0.0,
            task: None,
            before: None,
            after: None,
        };
        entry.end(outcome);
        self.next_audit += 1;
        self.audit.push(entry);
        self.audit.len() - 1
    }

    /// The running task of a VM, if there is one.
    #[must_use]
    pub fn running_task(&self, vm: u32) -> Option<usize> {
        self.due.iter().map(|(_, index)| *index).find(|index| {
            self.tasks
                .get(*index)
                .is_some_and(|task| task.vm == Some(vm))
        })
    }
}
