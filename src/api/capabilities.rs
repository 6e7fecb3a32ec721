//! What this server offers, learnt once at start. Screens ask before they show a control.

use super::client::{Call, Client, Contract};
use super::error::{ApiError, ErrorKind};
use super::info::{self, Info};
use super::url::path;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $words:literal, $rule:expr, $names:expr, $paths:expr;)+) => {
        /// Something that not every server can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Feature {
            $($(#[$doc])* $name,)+
        }

        impl Feature {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What is missing without it: "This server does not offer …".
            #[must_use]
            pub const fn words(self) -> &'static str {
                self.spec().words
            }

            const fn spec(self) -> Spec {
                match self {
                    $(Self::$name => Spec { words: $words, rule: $rule, names: &$names, paths: &$paths },)+
                }
            }
        }
    };
}

/// When the guide's contract has a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Always: the call is a plain part of it.
    Always,
    /// Only when `/info` lists one of its names.
    Listed,
}

struct Spec {
    /// What is missing without it: "This server does not offer …".
    words: &'static str,
    rule: Rule,
    /// Names in `/info`: the contract's `x-feature`, or the operation's ID.
    names: &'static [&'static str],
    /// Paths of the OpenAPI document, parameters as `{}`; any of them will do.
    paths: &'static [&'static str],
}

features! {
    /// Live updates over a WebSocket.
    Events: "live updates", Rule::Listed, ["events", "streamEvents"], ["/events"];
    /// History of VMs for charts.
    Metrics: "the history of VMs", Rule::Listed, ["metrics", "getVmMetrics"], ["/vms/{}/metrics"];
    /// History of nodes for charts.
    NodeMetrics: "the history of nodes", Rule::Listed, ["metrics", "node-metrics", "getNodeMetrics"], ["/nodes/{}/metrics"];
    /// History of storages for charts.
    StorageMetrics: "the history of storages", Rule::Listed, ["storage-metrics", "getStorageMetrics"], ["/storage/{}/metrics"];
    /// Addresses from the guest agent.
    Agent: "what the guest agent reports", Rule::Listed, ["agent", "listAgentInterfaces"], ["/vms/{}/agent/interfaces"];
    /// Configuration changes that wait for a restart.
    Pending: "the list of changes that wait for a restart", Rule::Listed, ["pending", "listPendingChanges"], ["/vms/{}/pending"];
    /// Name and quorum of the cluster.
    ClusterStatus: "the state of the cluster", Rule::Always, ["getClusterStatus"], ["/cluster/status", "/proxmox/discover"];
    /// The resource summary of the cluster.
    ClusterResources: "the resource summary of the cluster", Rule::Always, ["listClusterResources"], ["/cluster/resources"];
    /// State and hardware of a node in one call.
    NodeDetail: "the hardware of nodes", Rule::Always, ["getNode"], ["/nodes/{}"];
    /// Hard reset of a VM.
    Reset: "a hard reset", Rule::Always, ["reset", "resetVm"], ["/vms/{}/reset"];
    /// Deleting a VM.
    Delete: "removing VMs", Rule::Always, ["deleteVm"], ["/vms/{}"];
    /// Changing a VM's configuration.
    Config: "changing the configuration of VMs", Rule::Always, ["updateVmConfig"], ["/vms/{}/config"];
    /// A power action on many VMs in one call.
    BulkPower: "power actions on many VMs at once", Rule::Always, ["bulk-power", "bulkPower"], ["/bulk/power/{}", "/vms/power/bulk"];
    /// Taking snapshots.
    Snapshot: "taking snapshots", Rule::Always, ["createSnapshot"], ["/vms/{}/snapshots"];
    /// Deleting snapshots.
    DeleteSnapshot: "deleting snapshots", Rule::Always, ["deleteSnapshot"], ["/vms/{}/snapshots/{}"];
    /// Returning a VM to a snapshot.
    RollBack: "rolling back to snapshots", Rule::Always, ["rollbackSnapshot"], ["/vms/{}/snapshots/{}/rollback"];
    /// A snapshot of many VMs in one call.
    BulkSnapshot: "snapshots of many VMs at once", Rule::Always, ["bulkCreateSnapshots"], ["/bulk/snapshots", "/snapshots/bulk"];
    /// Which VMs have a recent backup.
    BackupHealth: "the backup summary", Rule::Always, ["backup-health", "getBackupHealth"], ["/backups/health"];
    /// The list of all backups.
    Backups: "the list of all backups", Rule::Always, ["listBackups"], ["/backups"];
    /// Backing up a VM now.
    BackUp: "backing up VMs", Rule::Always, ["createBackup"], ["/vms/{}/backup"];
    /// The configuration that a backup holds.
    BackupConfig: "the configuration in a backup", Rule::Always, ["getBackupConfig"], ["/backups/{}/{}/config"];
    /// Deleting backups.
    DeleteBackup: "deleting backups", Rule::Always, ["deleteBackup"], ["/backups/{}"];
    /// Keeping backups from removal.
    ProtectBackup: "protecting backups", Rule::Always, ["setBackupProtection"], ["/backups/{}/protect"];
    /// Changing the notes of backups.
    BackupNotes: "changing the notes of backups", Rule::Listed, ["backup-notes", "setBackupNotes"], ["/backups/{}/{}/notes"];
    /// Checking backups for damage.
    VerifyBackup: "verifying backups", Rule::Always, ["verifyBackup"], ["/backups/{}/{}/verify"];
    /// Fetching the file of a backup.
    DownloadBackup: "downloading backups", Rule::Listed, ["downloadBackup"], ["/backups/{}/{}/download"];
    /// Restoring backups.
    Restore: "restoring backups", Rule::Always, ["restoreBackup"], ["/backups/restore"];
    /// Choosing storage and network of a restore by disk and interface.
    RestoreMapping: "a storage for each disk and a network for each interface", Rule::Always, [], [];
    /// The retention in force.
    Retention: "the retention in force", Rule::Listed, ["getRetentionPolicy"], ["/backups/retention"];
    /// Changing the retention.
    SetRetention: "changing the retention", Rule::Listed, ["setRetentionPolicy"], ["/backups/retention"];
    /// What a retention rule would remove.
    RetentionCandidates: "a preview of what a cleanup removes", Rule::Always, ["listRetentionCandidates"], ["/backups/retention-candidates"];
    /// Clearing old backups away.
    Cleanup: "clearing old backups away", Rule::Always, ["cleanupBackups"], ["/backups/cleanup"];
    /// The audit log.
    Audit: "an audit log", Rule::Always, ["audit", "listAuditEntries"], ["/admin/audit"];
    /// Consoles of VMs.
    Console: "consoles of VMs", Rule::Always, ["console", "getVmConsole"], ["/vms/{}/console"];
    /// Files for SPICE viewers.
    ConsoleSpice: "files for SPICE viewers", Rule::Always, ["getSpiceFile"], ["/vms/{}/console/spice"];
    /// Shells of nodes.
    NodeConsole: "shells of nodes", Rule::Always, ["node-console", "getNodeConsole"], ["/nodes/{}/console"];
    /// Moving VMs to another node.
    Migrate: "moving VMs", Rule::Always, ["migrate", "migrateVm"], ["/vms/{}/migrate"];
    /// Cloning VMs.
    Clone: "cloning VMs", Rule::Always, ["clone", "cloneVm"], ["/vms/{}/clone"];
    /// Creating VMs.
    Create: "creating VMs", Rule::Always, ["create", "createVm"], ["/vms/cloud-init"];
}

/// Whether a server offers something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offers {
    /// It does.
    Yes,
    /// It does not; the reason is a sentence for people.
    No(String),
}

impl Offers {
    /// Whether it does.
    #[must_use]
    pub const fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }

    /// Why not.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Yes => None,
            Self::No(reason) => Some(reason),
        }
    }
}

/// What a server offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Capabilities {
    /// The contract it speaks.
    pub contract: Contract,
    /// What it says of itself; `None` where it could not be asked.
    pub info: Option<Info>,
    /// Why it could not be asked, or why its OpenAPI document could not be read.
    pub problem: Option<ApiError>,
    offered: BTreeSet<Feature>,
}

impl Capabilities {
    /// Of a server of the guide's contract that could not be asked: its plain calls and nothing
    /// optional.
    #[must_use]
    pub fn unknown(problem: Option<ApiError>) -> Self {
        Self::of_guide(None, &[], problem)
    }

    fn of_guide(info: Option<Info>, listed: &[String], problem: Option<ApiError>) -> Self {
        let offers = |feature: &&Feature| {
            let spec = feature.spec();
            spec.rule == Rule::Always
                || spec
                    .names
                    .iter()
                    .any(|name| listed.iter().any(|own| own == name))
        };
        let offered = Feature::ALL.iter().filter(offers).copied().collect();
        Self {
            contract: Contract::Guide,
            info,
            problem,
            offered,
        }
    }

    fn of_server(info: Info, document: Result<BTreeSet<String>, ApiError>) -> Self {
        let (offered, problem) = match document {
            Ok(paths) => {
                let offers = |feature: &&Feature| {
                    feature
                        .spec()
                        .paths
                        .iter()
                        .any(|path| paths.contains(*path))
                };
                (Feature::ALL.iter().filter(offers).copied().collect(), None)
            }
            Err(error) => (BTreeSet::new(), Some(error)),
        };
        Self {
            contract: Contract::Server,
            info: Some(info),
            problem,
            offered,
        }
    }

    /// Whether the server offers a feature.
    #[must_use]
    pub fn offers(&self, feature: Feature) -> Offers {
        if self.offered.contains(&feature) {
            return Offers::Yes;
        }
        let words = feature.spec().words;
        Offers::No(match &self.problem {
            None => format!("This server does not offer {words}"),
            Some(problem) => format!(
                "Whether this server offers {words} could not be learnt: {}",
                problem.message
            ),
        })
    }

    /// Whether the server offers a feature, in short.
    #[must_use]
    pub fn has(&self, feature: Feature) -> bool {
        self.offered.contains(&feature)
    }

    /// Whether the server says that it takes no changes. Never relied on (divergence 52).
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.info
            .as_ref()
            .and_then(|info| info.read_only)
            .unwrap_or_default()
    }
}

/// Asks the server who it is and what it offers, and sets the client's contract.
///
/// `/info` with `features` is the guide's; without, the shipped server, whose OpenAPI document
/// tells what exists. Where `/info` fails, the guide's contract is assumed with nothing optional,
/// and [`Capabilities::problem`] says why.
///
/// # Errors
/// [`ErrorKind::Unauthorized`] alone: the person has to sign in first.
pub async fn learn(client: &Client) -> Result<Capabilities, ApiError> {
    let info = match info::get(client).await {
        Ok(info) => info,
        Err(error) if error.kind == ErrorKind::Unauthorized => return Err(error),
        Err(error) => {
            client.set_contract(Contract::Guide);
            return Ok(Capabilities::unknown(Some(error)));
        }
    };
    let guide = match (info.contract.as_deref(), &info.features) {
        (Some("server"), _) | (None, None) => false,
        (Some(_), _) | (None, Some(_)) => true,
    };
    if guide {
        client.set_contract(Contract::Guide);
        let listed = info.features.clone().unwrap_or_default();
        return Ok(Capabilities::of_guide(Some(info), &listed, None));
    }
    client.set_contract(Contract::Server);
    let document = match client.send(Call::get(path(&[&"openapi"])).at_root()).await {
        Ok(answer) => {
            let paths = openapi_paths(&answer.response.body);
            if paths.is_empty() {
                Err(answer.misfit("no paths in it"))
            } else {
                Ok(paths)
            }
        }
        Err(error) if error.kind == ErrorKind::Unauthorized => return Err(error),
        Err(error) => Err(error),
    };
    Ok(Capabilities::of_server(info, document))
}

/// Paths of an OpenAPI document, JSON or YAML: without `/api/v1`, parameters as `{}`. Of YAML
/// only the keys below `paths:` are looked at.
fn openapi_paths(document: &str) -> BTreeSet<String> {
    #[derive(serde::Deserialize)]
    struct Document<'a> {
        #[serde(borrow)]
        paths: BTreeMap<String, &'a RawValue>,
    }
    if document.trim_start().starts_with('{') {
        return serde_json::from_str::<Document<'_>>(document)
            .map(|document| {
                document
                    .paths
                    .into_keys()
                    .map(|path| plain(&path))
                    .collect()
            })
            .unwrap_or_default();
    }
    document
        .lines()
        .skip_while(|line| line.trim_end() != "paths:")
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#', '/', '"', '\'']))
        .filter_map(|line| {
            let key = line.trim().strip_suffix(':')?.trim_matches(['"', '\'']);
            key.starts_with('/').then(|| plain(key))
        })
        .collect()
}

fn plain(path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            letter if !inside => out.push(letter),
            _ => {}
        }
    }
    out.trim_end_matches('/').to_owned()
}
