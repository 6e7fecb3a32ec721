//! What is asked of the server.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A migration as it is asked for (guide: Migration Wizard, "Start Migration"), in the words of
/// neither contract.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Order {
    /// Node that it goes to.
    pub target: String,
    /// While it runs; else it is moved as it lies there, powered off.
    pub online: bool,
    /// Copy disks that only its present node can read.
    pub with_local_disks: bool,
    /// Storage of each copied disk, by volume ID.
    pub storage: BTreeMap<String, String>,
    /// Also with devices of its present node.
    pub force: bool,
    /// CIDR of the network that it travels on; `None`: the cluster's setting.
    pub network: Option<String>,
    /// `secure` or `insecure`; `None`: the cluster's setting.
    pub kind: Option<String>,
    /// KiB a second; `None`: the cluster's setting.
    pub bwlimit: Option<u64>,
}

impl Order {
    /// The storage of all copied disks, where it is one and the same: all that the shipped server
    /// can be told (divergence 32).
    #[must_use]
    pub fn one_storage(&self) -> Option<&str> {
        let first = self.storage.values().next()?;
        self.storage
            .values()
            .all(|other| other == first)
            .then_some(first)
    }
}
