//! Identifiers.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::str::FromStr;

/// Number of a VM or container, unique in a cluster. Read from a number or from text, written as
/// a number (the guide spells it `vmid`, `vmId` and, in tasks and audit, as text).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Default)]
#[serde(transparent)]
pub struct VmId(pub u32);

impl fmt::Display for VmId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for VmId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse().map(Self)
    }
}

impl<'de> Deserialize<'de> for VmId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::lenient::unsigned(deserializer)?
            .and_then(|number| u32::try_from(number).ok())
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not a VM ID"))
    }
}

/// Unique ID of a task: `UPID:node:pid:pstart:starttime:type:id:user:`. Opaque; only
/// [`Upid::node`], [`Upid::kind`], [`Upid::object`] and [`Upid::user`] are read out of it, since
/// its hex fields need not agree with the fields beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Upid(pub String);

impl Upid {
    fn field(&self, index: usize) -> Option<&str> {
        let mut fields = self.0.split(':');
        if fields.next() != Some("UPID") {
            return None;
        }
        fields.nth(index - 1).filter(|field| !field.is_empty())
    }

    /// Name of the node that runs it.
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        self.field(1)
    }

    /// Task type, e.g. `qmstart`.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.field(5)
    }

    /// ID of the object worked on, as text.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.field(6)
    }

    /// Who started it, `name@realm`.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.field(7)
    }
}

impl fmt::Display for Upid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upid_parts() {
        let upid = Upid("UPID:proxmox-01:00001234:00ABCDEF:67890ABC:qmcreate:103:root@pam:".into());
        assert_eq!(upid.node(), Some("proxmox-01"));
        assert_eq!(upid.kind(), Some("qmcreate"));
        assert_eq!(upid.object(), Some("103"));
        assert_eq!(upid.user(), Some("root@pam"));
        assert_eq!(Upid("nonsense".into()).node(), None);
        assert_eq!(Upid("UPID:a".into()).user(), None);
    }

    #[test]
    fn vm_id_reads_text_and_numbers() {
        assert_eq!(serde_json::from_str::<VmId>("101").ok(), Some(VmId(101)));
        assert_eq!(
            serde_json::from_str::<VmId>("\"101\"").ok(),
            Some(VmId(101))
        );
        assert!(serde_json::from_str::<VmId>("\"x\"").is_err());
        assert!(serde_json::from_str::<VmId>("-4").is_err());
        assert!(serde_json::from_str::<VmId>("99999999999").is_err());
    }
}
