//! Every address of the app, built here and nowhere else.
//!
//! A path function returns the plain path (`/vms/101`), as the router's navigation wants it;
//! [`href`] puts the base before it, as links want it.

use crate::domain::console::ConsoleKind;
use crate::domain::ids::{Upid, VmId};

/// Percent-encodes one segment of a path.
fn segment(text: &str) -> String {
    encode(text, |byte| {
        byte.is_ascii_alphanumeric() || b"-._~@:".contains(&byte)
    })
}

fn encode(text: &str, plain: impl Fn(u8) -> bool) -> String {
    use std::fmt::Write;
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if plain(byte) {
                out.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

/// A query string of the pairs that have a value, with `?`; empty where none has.
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let parts: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,:*".contains(&byte);
            format!("{}={}", encode(key, plain), encode(value, plain))
        })
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    }
}

/// `/`
#[must_use]
pub fn dashboard() -> String {
    "/".to_owned()
}

/// `/?load=day`, with the pairs that have a value.
#[must_use]
pub fn dashboard_where(pairs: &[(&str, &str)]) -> String {
    format!("/{}", query(pairs))
}

/// `/?board`: the dashboard for a screen on a wall, without the frame.
#[must_use]
pub fn board() -> String {
    "/?board".to_owned()
}

/// `/wall`
#[must_use]
pub fn wall() -> String {
    "/wall".to_owned()
}

/// `/wall?…` with the pairs that have a value.
#[must_use]
pub fn wall_where(pairs: &[(&str, &str)]) -> String {
    format!("/wall{}", query(pairs))
}

/// `/vms`
#[must_use]
pub fn vms() -> String {
    "/vms".to_owned()
}

/// `/vms?…` with the pairs that have a value.
#[must_use]
pub fn vms_where(pairs: &[(&str, &str)]) -> String {
    format!("/vms{}", query(pairs))
}

/// The VM list as the text behind `?` of a saved view has it.
#[must_use]
pub fn vms_view(text: &str) -> String {
    let pairs = crate::domain::url_query::read(text);
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    vms_where(&pairs)
}

/// `/vms/new`
#[must_use]
pub fn vm_new() -> String {
    "/vms/new".to_owned()
}

/// `/vms/9000/clone`, of a snapshot `/vms/101/clone?snapshot=before`; empty: the present state.
#[must_use]
pub fn clone_vm(vmid: VmId, snapshot: &str) -> String {
    format!("/vms/{vmid}/clone{}", query(&[("snapshot", snapshot)]))
}

/// Tabs of the VM page, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VmTab {
    /// OS type, boot order, CPU type, protection.
    General,
    /// Disks, interfaces, display, other devices.
    Hardware,
    /// Start at boot, guest agent, balloon.
    Options,
    /// Snapshots of the VM.
    Snapshots,
    /// Backups of the VM.
    Backups,
    /// Tasks of the VM.
    Tasks,
    /// Its screen.
    Console,
}

impl VmTab {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::General,
        Self::Hardware,
        Self::Options,
        Self::Snapshots,
        Self::Backups,
        Self::Tasks,
        Self::Console,
    ];

    /// The last part of its path.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Hardware => "hardware",
            Self::Options => "options",
            Self::Snapshots => "snapshots",
            Self::Backups => "backups",
            Self::Tasks => "tasks",
            Self::Console => "console",
        }
    }

    /// Whether it shows the configuration, in words or raw.
    #[must_use]
    pub const fn is_config(self) -> bool {
        matches!(self, Self::General | Self::Hardware | Self::Options)
    }

    /// The word on it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Hardware => "Hardware",
            Self::Options => "Options",
            Self::Snapshots => "Snapshots",
            Self::Backups => "Backups",
            Self::Tasks => "Tasks",
            Self::Console => "Console",
        }
    }

    /// From the path; the first tab stands for an empty part.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        if slug.is_empty() {
            return Some(Self::General);
        }
        Self::ALL.into_iter().find(|tab| tab.slug() == slug)
    }
}

/// `/vms/101`
#[must_use]
pub fn vm(vmid: VmId) -> String {
    format!("/vms/{vmid}")
}

/// `/vms/101/hardware`; the first tab is the VM's own path.
#[must_use]
pub fn vm_tab(vmid: VmId, tab: VmTab) -> String {
    match tab {
        VmTab::General => vm(vmid),
        other => format!("/vms/{vmid}/{}", other.slug()),
    }
}

/// `/vms/101/console`, of a kind `?type=serial`, alone in a window `?window`.
#[must_use]
pub fn vm_console(vmid: VmId, kind: Option<ConsoleKind>, window: bool) -> String {
    let kind = kind.map_or("", ConsoleKind::slug);
    let path = vm_tab_where(vmid, VmTab::Console, &[("type", kind)]);
    alone(path, window)
}

/// `/nodes/proxmox-01/console`, alone in a window `?window`.
#[must_use]
pub fn node_console(node: &str, window: bool) -> String {
    alone(format!("/nodes/{}/console", segment(node)), window)
}

/// In the query of a page that stands alone in a window.
pub const WINDOW: &str = "window";

/// With the flag for a page that stands alone in a window.
fn alone(path: String, window: bool) -> String {
    match (window, path.contains('?')) {
        (false, _) => path,
        (true, false) => format!("{path}?{WINDOW}"),
        (true, true) => format!("{path}&{WINDOW}"),
    }
}

/// In the query of a tab of the configuration: raw instead of words.
pub const RAW: (&str, &str) = ("as", "raw");

/// `/vms/101/tasks?sort=-started`, with the pairs that have a value.
#[must_use]
pub fn vm_tab_where(vmid: VmId, tab: VmTab, pairs: &[(&str, &str)]) -> String {
    format!("{}{}", vm_tab(vmid, tab), query(pairs))
}

/// `/snapshots`
#[must_use]
pub fn snapshots() -> String {
    "/snapshots".to_owned()
}

/// `/snapshots?…` with the pairs that have a value.
#[must_use]
pub fn snapshots_where(pairs: &[(&str, &str)]) -> String {
    format!("/snapshots{}", query(pairs))
}

/// `/storage/local-zfs`
#[must_use]
pub fn storage(name: &str) -> String {
    format!("/storage/{}", segment(name))
}

/// `/storage/local-zfs?…` with the pairs that have a value.
#[must_use]
pub fn storage_where(name: &str, pairs: &[(&str, &str)]) -> String {
    format!("{}{}", storage(name), query(pairs))
}

/// `/migrate`
#[must_use]
pub fn migrate() -> String {
    "/migrate".to_owned()
}

/// `/migrate?vm=101,105&to=proxmox-02&step=storage`; what is empty is left out.
#[must_use]
pub fn migrate_where(vms: &[VmId], target: &str, step: &str) -> String {
    let vms: Vec<String> = vms.iter().map(ToString::to_string).collect();
    let pairs = [
        ("vm", vms.join(",")),
        ("to", target.to_owned()),
        ("step", step.to_owned()),
    ];
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    format!("/migrate{}", query(&pairs))
}

/// `/backups`
#[must_use]
pub fn backups() -> String {
    "/backups".to_owned()
}

/// `/backups?…` with the pairs that have a value.
#[must_use]
pub fn backups_where(pairs: &[(&str, &str)]) -> String {
    format!("/backups{}", query(pairs))
}

/// `/backups/retention?…` with the pairs that have a value.
#[must_use]
pub fn retention_where(pairs: &[(&str, &str)]) -> String {
    format!("/backups/retention{}", query(pairs))
}

/// `/backups/coverage?…` with the pairs that have a value.
#[must_use]
pub fn coverage_where(pairs: &[(&str, &str)]) -> String {
    format!("/backups/coverage{}", query(pairs))
}

/// `/backups/restore?backup=…`: the form that restores that backup; empty: it asks which.
#[must_use]
pub fn restore(volid: &str) -> String {
    format!("/backups/restore{}", query(&[("backup", volid)]))
}

/// Where a wizard that is kept under a name goes on: `create`, `clone.101`, `clone.101.snapshot`,
/// `restore.volume`, `migrate`.
#[must_use]
pub fn wizard(name: &str) -> Option<String> {
    let (kind, of) = name.split_once('.').unwrap_or((name, ""));
    match kind {
        "create" => Some(vm_new()),
        "clone" => {
            let (vm, snapshot) = of.split_once('.').unwrap_or((of, ""));
            Some(clone_vm(VmId(vm.parse().ok()?), snapshot))
        }
        "restore" => Some(restore(of)),
        "migrate" => Some(migrate()),
        _ => None,
    }
}

/// In the query of a VM's backups: the form for a new one is open.
pub const BACK_UP: (&str, &str) = ("new", "backup");

/// In the query of a VM's snapshots: the form for a new one is open.
pub const TAKE: (&str, &str) = ("new", "snapshot");

/// `/vms/101/snapshots?new=snapshot`
#[must_use]
pub fn take_snapshot(vmid: VmId) -> String {
    vm_tab_where(vmid, VmTab::Snapshots, &[TAKE])
}

/// `/vms/101/backups?new=backup`
#[must_use]
pub fn back_up(vmid: VmId) -> String {
    vm_tab_where(vmid, VmTab::Backups, &[BACK_UP])
}

/// `/tasks`
#[must_use]
pub fn tasks() -> String {
    "/tasks".to_owned()
}

/// `/tasks/UPID:…`
#[must_use]
pub fn task(upid: &Upid) -> String {
    format!("/tasks/{}", segment(&upid.0))
}

/// `/settings`
#[must_use]
pub fn settings() -> String {
    "/settings".to_owned()
}

/// `/dev/components`, only in builds with the gallery.
#[must_use]
pub fn gallery() -> String {
    "/dev/components".to_owned()
}

/// Joins the base of the app (`""` or `/portal/moxxie`) and a plain path, for a link's `href`.
#[must_use]
pub fn join(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}

/// The base of the app, from the document's `<base>` element: `""` at the root,
/// `/portal/moxxie` under a prefix.
#[cfg(feature = "ui")]
#[must_use]
pub fn base() -> String {
    use std::sync::OnceLock;
    static BASE: OnceLock<String> = OnceLock::new();
    BASE.get_or_init(|| {
        web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.query_selector("base").ok().flatten())
            .and_then(|element| element.get_attribute("href"))
            .map(|href| href.trim_end_matches('/').to_owned())
            .unwrap_or_default()
    })
    .clone()
}

/// A plain path as a link wants it: with the base.
#[cfg(feature = "ui")]
#[must_use]
pub fn href(path: &str) -> String {
    join(&base(), path)
}

#[cfg(test)]
mod tests;
