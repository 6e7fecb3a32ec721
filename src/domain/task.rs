//! Tasks: what their state fields mean and what their types are called.

use super::lenient;
use serde::{Deserialize, Deserializer};

/// How a task stands, read from `status` and `exitstatus` together: servers put the end into
/// either (guide's contradictions, 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// Still running.
    Running,
    /// Ended well.
    Ok,
    /// Ended with warnings; how many is in the text.
    Warning(String),
    /// Ended badly; the server's words.
    Failed(String),
    /// Somebody stopped it.
    Cancelled,
    /// Ended, but how is not said.
    Ended,
}

impl TaskState {
    /// From the fields of a task.
    #[must_use]
    pub fn read(status: &str, exit: Option<&str>, finished: Option<bool>, ended: bool) -> Self {
        let exit = exit.map(str::trim).filter(|text| !text.is_empty());
        let status = status.trim();
        match (status.to_ascii_lowercase().as_str(), exit) {
            (_, Some(exit)) if !exit.eq_ignore_ascii_case("running") => Self::end(exit),
            ("running", _) if finished == Some(true) || ended => Self::Ended,
            ("running" | "queued" | "pending", _) => Self::Running,
            ("stopped", _) => Self::Ended,
            ("", _) if finished == Some(true) || ended => Self::Ended,
            ("", _) => Self::Running,
            ("error" | "failed", None) => Self::Failed("The server gives no reason".to_owned()),
            _ => Self::end(status),
        }
    }

    fn end(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "ok" | "success" | "completed" => Self::Ok,
            "stopped" => Self::Ended,
            _ if lower.starts_with("warning") => Self::Warning(text.to_owned()),
            // Proxmox ends a migration so that failed by itself.
            _ if lower.starts_with("migration aborted") => Self::Failed(text.to_owned()),
            _ if lower.contains("interrupted by signal")
                || lower.contains("aborted")
                || lower == "cancelled" =>
            {
                Self::Cancelled
            }
            _ => Self::Failed(text.to_owned()),
        }
    }

    /// Whether it still runs.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }

    /// Whether it ended badly.
    #[must_use]
    pub const fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// One word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Ok => "Done",
            Self::Warning(_) => "Done with warnings",
            Self::Failed(_) => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Ended => "Ended",
        }
    }
}

/// What a task type does, in words: `("Start", "VM")` for `qmstart`.
#[must_use]
pub fn words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "qmcreate" => "Create VM",
        "qmstart" => "Start VM",
        "qmstop" => "Stop VM",
        "qmshutdown" => "Shut down VM",
        "qmreboot" => "Reboot VM",
        "qmreset" => "Reset VM",
        "qmsuspend" => "Pause VM",
        "qmresume" => "Resume VM",
        "qmsnapshot" => "Snapshot VM",
        "qmdelsnapshot" => "Delete snapshot of VM",
        "qmrollback" => "Roll back VM",
        "qmclone" => "Clone VM",
        "qmtemplate" => "Convert to template: VM",
        "qmdestroy" => "Delete VM",
        "qmigrate" => "Migrate VM",
        "hamigrate" => "Ask HA to migrate VM",
        "qmconfig" => "Configure VM",
        "qmmove" => "Move disk of VM",
        "qmbackup" | "vzdump" => "Back up VM",
        "qmrestore" => "Restore VM",
        "verifybackup" => "Verify backup of VM",
        "vncproxy" => "Console of VM",
        "vzsnapshot" => "Snapshot container",
        "vzdelsnapshot" => "Delete snapshot of container",
        "vzrollback" => "Roll back container",
        "vzcreate" => "Create container",
        "vzstart" => "Start container",
        "vzstop" => "Stop container",
        "vzshutdown" => "Shut down container",
        "vzmigrate" => "Migrate container",
        "vzdestroy" => "Delete container",
        "startall" => "Start all guests of node",
        "stopall" => "Stop all guests of node",
        "migrateall" => "Migrate all guests of node",
        "aptupdate" => "Refresh package list",
        "srvreload" => "Reload service",
        "srvrestart" => "Restart service",
        "srvstart" => "Start service",
        "srvstop" => "Stop service",
        "imgcopy" => "Upload image",
        "download" => "Download file",
        _ => return None,
    })
}

/// What is being done to a VM, by whom and how far: "Back up, by colleague@pve, 34%".
#[must_use]
pub fn under_way(kind: &str, user: &str, progress: Option<f64>) -> String {
    let verb = words(kind).unwrap_or(kind);
    let verb = [": VM", " of VM", " VM", " of container", " container"]
        .iter()
        .find_map(|object| verb.strip_suffix(object))
        .unwrap_or(verb);
    let mut line = verb.to_owned();
    if !user.is_empty() {
        line.push_str(", by ");
        line.push_str(user);
    }
    if let Some(share) = progress.filter(|share| (0.0..=1.0).contains(share)) {
        line.push_str(&format!(", {:.0}%", (share * 100.0).floor()));
    }
    line
}

/// What it does, and to what: `("Start VM", "web-server-01")`. `name` is the object's name where
/// known, else its ID stands there.
#[must_use]
pub fn title(kind: &str, object: &str, name: Option<&str>) -> (String, String) {
    let object = name
        .filter(|name| !name.is_empty())
        .map_or_else(|| object.to_owned(), ToOwned::to_owned);
    let verb = words(kind).map_or_else(|| kind.to_owned(), ToOwned::to_owned);
    (verb, object)
}

/// Progress read out of a log line, 0 to 1: a percentage, or "34.9 GiB of 50.0 GiB".
#[must_use]
pub fn progress_of_line(line: &str) -> Option<f64> {
    let end = line.rfind('%')?;
    let start = line[..end]
        .rfind(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map_or(0, |at| {
            at + line[at..].chars().next().map_or(1, char::len_utf8)
        });
    line[start..end]
        .parse::<f64>()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .map(|percent| percent / 100.0)
}

/// Reads a share that should be 0 to 1; servers also send percent.
///
/// # Errors
/// Only where the input is not JSON at all.
pub fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(lenient::float(deserializer)?
        .map(|value| if value > 1.0 { value / 100.0 } else { value })
        .filter(|value| (0.0..=1.0).contains(value)))
}

/// [`share`] as a type of its own, for tests and containers.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Share(#[serde(deserialize_with = "share")] pub Option<f64>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        let read = |status, exit| TaskState::read(status, exit, None, false);
        assert_eq!(read("running", None), TaskState::Running);
        assert_eq!(read("stopped", Some("OK")), TaskState::Ok);
        assert_eq!(read("OK", None), TaskState::Ok);
        assert_eq!(read("stopped", None), TaskState::Ended);
        assert_eq!(
            read("stopped", Some("storage full")),
            TaskState::Failed("storage full".into())
        );
        assert_eq!(
            read("unable to start", None),
            TaskState::Failed("unable to start".into())
        );
        assert_eq!(
            read("stopped", Some("WARNINGS: 2")),
            TaskState::Warning("WARNINGS: 2".into())
        );
        assert_eq!(
            read("stopped", Some("interrupted by signal")),
            TaskState::Cancelled
        );
        assert_eq!(
            read("stopped", Some("migration aborted")),
            TaskState::Failed("migration aborted".into())
        );
        assert_eq!(
            TaskState::read("running", None, Some(true), false),
            TaskState::Ended
        );
        assert!(matches!(read("error", None), TaskState::Failed(_)));
    }

    #[test]
    fn what_is_under_way() {
        assert_eq!(
            under_way("vzdump", "anna@pve", Some(0.349)),
            "Back up, by anna@pve, 34%"
        );
        assert_eq!(under_way("qmdelsnapshot", "", None), "Delete snapshot");
        assert_eq!(
            under_way("qmtemplate", "root@pam", Some(f64::NAN)),
            "Convert to template, by root@pam"
        );
        assert_eq!(under_way("newkind", "x", None), "newkind, by x");
    }

    #[test]
    fn progress() {
        let line = "drive-scsi0: Transferred 34.9 GiB of 50.0 GiB (65%)";
        assert_eq!(progress_of_line(line), Some(0.65));
        assert_eq!(progress_of_line("12.5% done"), Some(0.125));
        assert_eq!(progress_of_line("no figure"), None);
        assert_eq!(progress_of_line("%"), None);
        assert_eq!(progress_of_line("größe5%"), Some(0.05));
        assert_eq!(progress_of_line("250%"), None);
    }
}
