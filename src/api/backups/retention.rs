//! Clearing backups away: the policy in force, what a rule would remove, and removing it.

use crate::api::client::{Call, Client};
use crate::api::decode;
use crate::api::error::ApiError;
use crate::api::shown::ShownRequest;
use crate::api::url::{Query, path};
use crate::domain::ids::VmId;
use crate::domain::lenient::{self, Rows};
use crate::domain::retention::{Policy, Rule};
use crate::domain::units::{Bytes, Instant};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;
use std::time::Duration;

/// Every backup is looked at, which may take the server a while.
const PATIENCE: Duration = Duration::from_mins(2);

/// Retention in force (contract: `RetentionPolicy`); what is absent or 0 keeps none by that rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct RetentionPolicy {
    /// The newest ones.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub keep_last: Option<u32>,
    /// One a day.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub keep_daily: Option<u32>,
    /// One a week.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub keep_weekly: Option<u32>,
    /// One a month.
    #[serde(
        default,
        deserialize_with = "decode::small",
        skip_serializing_if = "Option::is_none"
    )]
    pub keep_monthly: Option<u32>,
}

impl RetentionPolicy {
    /// The rules that it has a place for.
    pub const RULES: [Rule; 4] = [Rule::Last, Rule::Daily, Rule::Weekly, Rule::Monthly];

    /// The policy to reckon with.
    #[must_use]
    pub fn policy(self) -> Policy {
        let counts = [
            self.keep_last,
            self.keep_daily,
            self.keep_weekly,
            self.keep_monthly,
        ];
        Self::RULES
            .into_iter()
            .zip(counts)
            .fold(Policy::default(), |policy, (rule, count)| {
                policy.with(rule, count.unwrap_or_default())
            })
    }

    /// The same to be sent.
    ///
    /// # Errors
    /// A rule that is set and that the contract has no place for.
    pub fn of(policy: Policy) -> Result<Self, Rule> {
        let lost = |rule: &Rule| policy.count(*rule) > 0 && !Self::RULES.contains(rule);
        if let Some(rule) = Rule::ALL.into_iter().find(lost) {
            return Err(rule);
        }
        let count = |rule| Some(policy.count(rule));
        Ok(Self {
            keep_last: count(Rule::Last),
            keep_daily: count(Rule::Daily),
            keep_weekly: count(Rule::Weekly),
            keep_monthly: count(Rule::Monthly),
        })
    }
}

/// Retention in force, where [`crate::api::capabilities::Feature::Retention`] is offered.
///
/// # Errors
/// As every call.
pub async fn retention(client: &Client) -> Result<RetentionPolicy, ApiError> {
    client
        .send(Call::get(path(&[&"backups", &"retention"])))
        .await?
        .object()
}

fn set_retention_call(policy: RetentionPolicy) -> Call {
    Call::put(path(&[&"backups", &"retention"])).json(&policy)
}

/// What [`set_retention`] sends.
#[must_use]
pub fn set_retention_shown(policy: RetentionPolicy) -> ShownRequest {
    set_retention_call(policy).shown()
}

/// Changes the retention, where [`crate::api::capabilities::Feature::SetRetention`] is offered;
/// answers what then holds.
///
/// # Errors
/// As every call.
pub async fn set_retention(
    client: &Client,
    policy: RetentionPolicy,
) -> Result<RetentionPolicy, ApiError> {
    client.send(set_retention_call(policy)).await?.object()
}

/// A rule of a cleanup, which is another one than that of a policy. Written `days:7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prune {
    /// Those of the last so many days stay.
    Days(u32),
    /// The newest so many of each VM stay.
    Count(u32),
    /// The newest of each of the last so many months stay, VM by VM.
    Monthly(u32),
}

impl fmt::Display for Prune {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(formatter, "days:{days}"),
            Self::Count(count) => write!(formatter, "count:{count}"),
            Self::Monthly(months) => write!(formatter, "monthly:{months}"),
        }
    }
}

/// What is to be cleared away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleanup {
    /// By which rule.
    pub prune: Prune,
    /// Of VMs that have all of these tags; empty: of all.
    pub tags: Vec<String>,
    /// Of these VMs; empty: of all.
    pub vms: Vec<VmId>,
}

/// A backup that a rule would remove (contract: `BackupDeletionCandidate`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Volume ID.
    pub volid: String,
    /// Its VM, where the server says.
    #[serde(default, deserialize_with = "decode::vm_id", alias = "vmid")]
    pub vm_id: Option<VmId>,
    /// What that is called.
    #[serde(default, deserialize_with = "decode::word")]
    pub vm_name: Option<String>,
    /// Size.
    #[serde(default, deserialize_with = "decode::bytes")]
    pub size: Option<Bytes>,
    /// When it was made; ISO 8601 on the wire.
    #[serde(default, with = "decode::iso")]
    pub created_at: Option<Instant>,
    /// Why it would go.
    #[serde(default, deserialize_with = "decode::word")]
    pub reason: Option<String>,
    /// Whether it is protected.
    #[serde(default, deserialize_with = "lenient::flag_or_false")]
    pub is_protected: bool,
}

/// What a cleanup did, or would do (contract: `BackupCleanupResponse`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct CleanupResult {
    /// How many were looked at.
    #[serde(
        default,
        deserialize_with = "decode::small",
        rename = "totalBackupsAnalyzed"
    )]
    pub analyzed: Option<u32>,
    /// How many go.
    #[serde(
        default,
        deserialize_with = "decode::small",
        rename = "backupsToDelete"
    )]
    pub to_delete: Option<u32>,
    /// How many only their protection keeps.
    #[serde(
        default,
        deserialize_with = "decode::small",
        rename = "backupsProtected"
    )]
    pub protected: Option<u32>,
    /// How many stay.
    #[serde(
        default,
        deserialize_with = "decode::small",
        rename = "backupsRetained"
    )]
    pub retained: Option<u32>,
    /// Bytes that become free.
    #[serde(
        default,
        deserialize_with = "decode::bytes",
        rename = "totalSizeToFree"
    )]
    pub frees: Option<Bytes>,
    /// Those that go.
    #[serde(
        default,
        deserialize_with = "lenient::rows",
        rename = "deletionCandidates"
    )]
    pub candidates: Vec<Candidate>,
    /// Whether nothing was done. Where a server does not say, nothing is claimed.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub dry_run: Option<bool>,
}

/// What a rule would remove; protected ones among them where `protected` is set.
///
/// # Errors
/// As every call.
pub async fn candidates(
    client: &Client,
    wanted: &Cleanup,
    protected: bool,
) -> Result<Rows<Candidate>, ApiError> {
    let query = Query::default()
        .add("retentionPolicy", Some(wanted.prune))
        .list("tags", &wanted.tags)
        .list("vmIds", &wanted.vms)
        .flag("includeProtected", protected);
    let call = Call::get(path(&[&"backups", &"retention-candidates"]))
        .query(query)
        .within(PATIENCE);
    client.send(call).await?.rows("candidates")
}

fn cleanup_call(wanted: &Cleanup, dry_run: bool) -> Call {
    // `ignoreProtected` is never sent: its name can be read either way.
    let mut body = json!({ "retentionPolicy": wanted.prune.to_string(), "dryRun": dry_run });
    if !wanted.tags.is_empty() {
        body["tags"] = json!(wanted.tags);
    }
    if !wanted.vms.is_empty() {
        let ids: Vec<u32> = wanted.vms.iter().map(|vm| vm.0).collect();
        body["vmIds"] = json!(ids);
    }
    Call::post(path(&[&"backups", &"cleanup"]))
        .json(&body)
        .within(PATIENCE)
}

/// What [`cleanup`] sends.
#[must_use]
pub fn cleanup_shown(wanted: &Cleanup, dry_run: bool) -> ShownRequest {
    cleanup_call(wanted, dry_run).shown()
}

/// Removes what a rule does not keep, or says what it would remove. Protected ones stay.
///
/// # Errors
/// As every call.
pub async fn cleanup(
    client: &Client,
    wanted: &Cleanup,
    dry_run: bool,
) -> Result<CleanupResult, ApiError> {
    client.send(cleanup_call(wanted, dry_run)).await?.object()
}
