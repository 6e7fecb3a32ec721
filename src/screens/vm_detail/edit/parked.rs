//! What was typed and not saved, kept while the page is elsewhere: going back and forth in the
//! browser costs nothing that was typed.

use crate::domain::config::{ConfigMap, Draft};
use crate::domain::ids::VmId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// A draft, and the configuration that it began with.
#[derive(Debug, Clone)]
pub struct Parked {
    pub draft: Draft,
    pub base: Arc<ConfigMap>,
}

static KEPT: LazyLock<Mutex<HashMap<VmId, Parked>>> = LazyLock::new(Mutex::default);

fn kept() -> MutexGuard<'static, HashMap<VmId, Parked>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn put(vm: VmId, parked: Parked) {
    kept().insert(vm, parked);
}

pub fn get(vm: VmId) -> Option<Parked> {
    kept().get(&vm).cloned()
}

pub fn drop_of(vm: VmId) {
    kept().remove(&vm);
}

pub fn has(vm: VmId) -> bool {
    kept().contains_key(&vm)
}
