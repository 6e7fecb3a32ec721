//! States, as servers name them. Every one has an arm for words that are not known yet.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$arm_doc:meta])* $arm:ident = $word:literal $(| $alias:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$arm_doc])* $arm,)+
            /// A word this version does not know; kept as sent.
            Unknown(String),
        }

        impl $name {
            /// The server's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$arm => $word,)+
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word $(| $alias)* => Self::$arm,)+
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(super::lenient::text_or_empty(deserializer)?.as_str()))
            }
        }
    };
}

words! {
    /// State of a VM or container (guide: "VM Status").
    VmStatus {
        /// Guest runs.
        Running = "running",
        /// Powered off.
        Stopped = "stopped",
        /// Frozen, memory kept.
        Paused = "paused",
        /// Memory written to disk, powered off.
        Suspended = "suspended",
        /// The hypervisor reports a fault.
        Error = "error" | "io-error" | "internal-error",
    }
}

impl Default for VmStatus {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

words! {
    /// Virtual machine or container.
    #[derive(Default)]
    GuestKind {
        /// Virtual machine.
        #[default]
        Qemu = "qemu",
        /// Container.
        Lxc = "lxc",
    }
}

words! {
    /// State of a node.
    NodeStatus {
        /// Member answers.
        Online = "online",
        /// Member does not answer.
        Offline = "offline",
    }
}

impl Default for NodeStatus {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

words! {
    /// Why a VM is locked (Proxmox's `lock`).
    Lock {
        /// A backup runs.
        Backup = "backup",
        /// It is being cloned.
        Clone = "clone",
        /// It is being created.
        Create = "create",
        /// It moves to another node.
        Migrate = "migrate",
        /// A snapshot is being restored.
        Rollback = "rollback",
        /// A snapshot is being taken.
        Snapshot = "snapshot",
        /// A snapshot is being deleted.
        SnapshotDelete = "snapshot-delete",
        /// Suspended to disk.
        Suspended = "suspended",
        /// On its way to disk.
        Suspending = "suspending",
    }
}
