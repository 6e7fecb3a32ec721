//! Rows for the gallery's table: as many as asked for, some of them changing each second.

use crate::components::TagLook;
use crate::domain::status::VmStatus;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A VM as the gallery invents it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demo {
    pub id: u32,
    pub name: String,
    pub status: VmStatus,
    pub node: String,
    pub cpu: f64,
    pub memory: u64,
    pub tags: Vec<TagLook>,
}

type Held = HashMap<u32, ArcRwSignal<Arc<Demo>>>;

/// The rows: membership as a signal, each row as its own.
#[derive(Clone)]
pub(super) struct Store {
    rows: Arc<Mutex<Held>>,
    pub all: RwSignal<Arc<Vec<u32>>>,
    /// Turns when rows have changed, for the order.
    pub turn: RwSignal<u32>,
}

/// A number from a seed; the same each time.
fn noise(seed: u32) -> u32 {
    let mut x = seed.wrapping_mul(0x9e37_79b9) ^ 0x85eb_ca6b;
    x ^= x >> 15;
    x = x.wrapping_mul(0x2c1b_3c6d);
    x ^ (x >> 12)
}

fn make(id: u32) -> Demo {
    let dice = noise(id);
    let status = match dice % 20 {
        0..=3 => VmStatus::Stopped,
        4 => VmStatus::Paused,
        5 => VmStatus::Error,
        _ => VmStatus::Running,
    };
    let kinds = [
        "web-server",
        "database",
        "app-server",
        "cache",
        "analytics",
        "ci-runner",
        "k8s-worker",
    ];
    let tags = [
        "env-prod",
        "env-dev",
        "client-acme",
        "client-globex",
        "web-tier",
        "always-on",
        "talos-cluster",
    ];
    let name = match id {
        // The longest name that is allowed.
        104 => "n".repeat(63),
        105 => "<img src=x onerror=alert(1)>".to_owned(),
        _ => format!("{}-{id:02}", kinds[(dice >> 3) as usize % kinds.len()]),
    };
    Demo {
        id,
        name,
        status,
        node: format!("proxmox-{:02}", dice % 3 + 1),
        cpu: f64::from(dice % 1000) / 1000.0,
        memory: u64::from(dice % 4096 + 64) << 20,
        tags: (0..dice % 4)
            .map(|at| TagLook::from(tags[((dice >> 5) + at) as usize % tags.len()]))
            .collect(),
    }
}

impl Store {
    pub fn new(count: u32) -> Self {
        let store = Self {
            rows: Arc::default(),
            all: RwSignal::new(Arc::default()),
            turn: RwSignal::new(0),
        };
        store.resize(count);
        store
    }

    fn rows(&self) -> std::sync::MutexGuard<'_, Held> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn resize(&self, count: u32) {
        let ids: Vec<u32> = (101..101 + count).collect();
        *self.rows() = ids
            .iter()
            .map(|id| (*id, ArcRwSignal::new(Arc::new(make(*id)))))
            .collect();
        self.all.set(Arc::new(ids));
    }

    pub fn get(&self, id: u32) -> Option<ArcRwSignal<Arc<Demo>>> {
        self.rows().get(&id).cloned()
    }

    /// Takes the first row out, or puts one in before it.
    pub fn remove_first(&self) {
        let mut ids = self.all.get_untracked().to_vec();
        if !ids.is_empty() {
            let gone = ids.remove(0);
            self.rows().remove(&gone);
            self.all.set(Arc::new(ids));
        }
    }

    pub fn add_first(&self) {
        let mut ids = self.all.get_untracked().to_vec();
        let id = ids.iter().min().copied().unwrap_or(101).saturating_sub(1);
        self.rows().insert(id, ArcRwSignal::new(Arc::new(make(id))));
        ids.insert(0, id);
        self.all.set(Arc::new(ids));
    }

    /// One in a hundred changes.
    pub fn tick(&self) {
        let turn = self.turn.get_untracked().wrapping_add(1);
        let ids = self.all.get_untracked();
        let changes: Vec<_> = ids
            .iter()
            .filter(|id| noise(**id ^ turn.wrapping_mul(77)).is_multiple_of(100) || **id == 101)
            .filter_map(|id| self.get(*id))
            .collect();
        for row in changes {
            row.update(|row| {
                let row = Arc::make_mut(row);
                let dice = noise(row.id.wrapping_add(turn));
                row.cpu = f64::from(dice % 1000) / 1000.0;
                row.memory = u64::from(dice % 4096 + 64) << 20;
                if row.id == 101 {
                    row.status = if turn.is_multiple_of(2) {
                        VmStatus::Running
                    } else {
                        VmStatus::Paused
                    };
                }
            });
        }
        self.turn.set(turn);
    }
}
