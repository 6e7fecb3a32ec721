//! What the tests of plans share.

mod copies;
mod plans;
mod properties;
mod restore;
mod runs;

use super::*;
use crate::domain::units::Bytes;
use std::sync::Arc;

pub const GIB: u64 = 1 << 30;
pub const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGLmQqfp8X5DUVxLruBsCmJ7m4mDGcr5V7e2BXMkNPDp me";

pub fn storage(name: &str, kind: &str, content: &[&str], free: u64, shared: bool) -> StorageFacts {
    StorageFacts {
        name: name.into(),
        kind: kind.into(),
        content: content.iter().map(|word| (*word).into()).collect(),
        nodes: vec!["pve1".into(), "pve2".into()],
        shared,
        usable: true,
        total: Some(Bytes(500 * GIB)),
        free: Some(Bytes(free * GIB)),
    }
}

pub fn known() -> Known {
    let node = |name: &str, promised| NodeFacts {
        name: name.into(),
        online: true,
        cores: Some(8),
        memory: Some(Bytes(64 * GIB)),
        used: None,
        promised_cores: 10,
        promised: Bytes(promised * GIB),
    };
    Known {
        vms: Arc::new([(100, "web-01".into()), (102, "db".into())].into()),
        nodes: vec![node("pve1", 60), node("pve2", 20)],
        storages: vec![
            storage("local", "dir", &["iso"], 40, false),
            storage("zfs", "zfspool", &["images"], 100, false),
            storage("ceph", "rbd", &["images"], 90, true),
        ],
        bridges: Some(vec![
            Bridge {
                name: "vmbr0".into(),
                vlan_aware: Some(false),
                active: Some(true),
                comment: String::new(),
            },
            Bridge {
                name: "vmbr1".into(),
                vlan_aware: Some(true),
                active: Some(true),
                comment: String::new(),
            },
        ]),
    }
}

pub fn draft() -> Draft {
    let mut draft = Draft {
        name: "new-vm".into(),
        iso: "local:iso/debian.iso".into(),
        ..Draft::default()
    };
    draft.fill(&known());
    draft
}

pub fn wrong(draft: &Draft) -> Vec<(&'static str, String, String)> {
    draft
        .check(&known())
        .into_iter()
        .map(|wrong| (wrong.step.slug(), wrong.field, wrong.message))
        .collect()
}
