//! Tests of the query language.

mod language;
mod oracle;
mod properties;
mod rows;
mod search_box;

use super::eval::Facts;
use crate::domain::ids::VmId;

/// A VM without anything.
pub(super) fn bare(vmid: u32) -> Facts<'static> {
    Facts {
        vmid: VmId(vmid),
        name: "",
        node: "",
        kind: "qemu",
        status: "running",
        template: false,
        tags: &[],
        pool: None,
        ips: &[],
        lock: None,
        ha: None,
        cpu: None,
        mem: None,
        maxmem: None,
        disk: None,
        maxdisk: None,
        uptime: None,
    }
}

pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
