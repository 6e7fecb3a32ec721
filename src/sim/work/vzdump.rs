//! Backups at work, with the lines that vzdump writes.

use crate::domain::status::{GuestKind, Lock, VmStatus};
use crate::domain::units::Instant;
use crate::sim::model::{Archive, Vm, VmChange, Work};

/// How a backup goes.
#[derive(Debug, Clone)]
pub struct Dump {
    /// When it starts, simulated milliseconds; its log quotes that.
    pub at: i64,
    /// Milliseconds that reading takes.
    pub lasts: i64,
    /// Storage that it goes to.
    pub storage: String,
    /// `snapshot`, `suspend` or `stop`.
    pub mode: &'static str,
    /// `none`, `lzo`, `gzip` or `zstd`.
    pub compress: &'static str,
    /// Whether the storage is a Proxmox Backup Server, which packs in its own way.
    pub to_server: bool,
    /// Notes; `None`: the VM's name.
    pub notes: Option<String>,
    /// Protected from the first.
    pub protected: bool,
    /// Breaks off there, share 0 to 1, for want of space.
    pub fails_at: Option<f64>,
    /// Lines of progress.
    pub reports: u32,
}

impl Dump {
    /// As the nightly job does it; times are still to be set.
    #[must_use]
    pub fn nightly() -> Self {
        Self {
            at: 0,
            lasts: 10_000,
            storage: "backup-nas".to_owned(),
            mode: "snapshot",
            compress: "zstd",
            to_server: false,
            notes: None,
            protected: false,
            fails_at: None,
            reports: 10,
        }
    }

    /// What the file's name ends with.
    #[must_use]
    pub const fn format(&self, container: bool) -> &'static str {
        match (self.to_server, container, self.compress.as_bytes()) {
            (true, false, _) => "pbs-vm",
            (true, true, _) => "pbs-ct",
            (_, false, b"none") => "vma",
            (_, false, b"lzo") => "vma.lzo",
            (_, false, b"gzip") => "vma.gz",
            (_, false, _) => "vma.zst",
            (_, true, b"none") => "tar",
            (_, true, b"lzo") => "tar.lzo",
            (_, true, b"gzip") => "tar.gz",
            (_, true, _) => "tar.zst",
        }
    }

    /// Bytes that a backup of a VM takes.
    #[must_use]
    pub fn size(&self, vm: &Vm) -> u64 {
        let share = match self.compress {
            "none" => 0.4,
            "lzo" => 0.22,
            "gzip" => 0.18,
            _ => 0.16,
        };
        let total = i64::try_from(whole(vm)).unwrap_or(i64::MAX);
        u64::try_from(part(total, share)).unwrap_or(0)
    }
}

/// Bytes that are read of a VM.
#[must_use]
pub fn whole(vm: &Vm) -> u64 {
    vm.maxdisk.max(1 << 30)
}

/// Name of the file, below its folder.
#[must_use]
pub fn file(vm: &Vm, at: i64, format: &str) -> String {
    let id = vm.id;
    match format {
        "pbs-vm" | "pbs-ct" => {
            let at = Instant::from_secs(at.div_euclid(1000)).to_iso();
            let group = if format == "pbs-vm" { "vm" } else { "ct" };
            format!("{group}/{id}/{at}")
        }
        _ => {
            let stamp = stamp(at).replace(['-', ':'], "_").replace(' ', "-");
            let kind = match vm.kind {
                GuestKind::Lxc => "lxc",
                _ => "qemu",
            };
            format!("vzdump-{kind}-{id}-{stamp}.{format}")
        }
    }
}

fn stamp(at: i64) -> String {
    Instant::from_secs(at.div_euclid(1000))
        .to_iso()
        .replace('T', " ")
        .trim_end_matches('Z')
        .to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn gib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 30)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "shares of sizes and spans"
)]
fn part(whole: i64, share: f64) -> i64 {
    (whole as f64 * share) as i64
}

/// The lines with which it begins.
fn opening(vm: &Vm, plan: &Dump, to: &str) -> Vec<(i64, Work)> {
    let Dump {
        storage,
        mode,
        compress,
        ..
    } = plan;
    let id = vm.id;
    let info = |after: i64, text: String| (after, Work::Log(format!("INFO: {text}")));
    let mut steps = vec![
        info(
            0,
            format!(
                "starting new backup job: vzdump {id} --mode {mode} --storage {storage} --compress {compress} --node {}",
                vm.node
            ),
        ),
        info(100, format!("Starting Backup of VM {id} (qemu)")),
        (100, Work::Vm(VmChange::Lock(Some(Lock::Backup)))),
        info(200, format!("Backup started at {}", stamp(plan.at))),
        info(300, format!("status = {}", vm.status)),
        info(300, format!("VM Name: {}", vm.name)),
    ];
    for disk in crate::domain::config::disks(&vm.config) {
        if let (true, Some(volume), Some(size)) = (disk.is_owned(), disk.volume(), disk.size()) {
            steps.push(info(
                400,
                format!("include disk '{}' '{volume}' {:.0}G", disk.key, gib(size.0)),
            ));
        }
    }
    steps.extend([
        info(500, format!("backup mode: {mode}")),
        info(500, "ionice priority: 7".to_owned()),
        info(600, format!("creating vzdump archive '{to}'")),
    ]);
    match (plan.mode, vm.status == VmStatus::Running) {
        ("stop", true) => steps.extend([
            info(700, "stopping vm".to_owned()),
            (1_000, Work::Vm(VmChange::Off)),
            info(1_100, "restarting vm".to_owned()),
            (1_200, Work::Vm(VmChange::On)),
        ]),
        ("suspend", true) => steps.extend([
            info(700, "suspend vm".to_owned()),
            (800, Work::Vm(VmChange::Status(VmStatus::Paused))),
            info(1_100, "resume vm".to_owned()),
            (1_200, Work::Vm(VmChange::Status(VmStatus::Running))),
        ]),
        _ => steps.extend([
            info(900, "issuing guest-agent 'fs-freeze' command".to_owned()),
            info(1_100, "issuing guest-agent 'fs-thaw' command".to_owned()),
            info(1_200, "resuming VM again".to_owned()),
        ]),
    }
    steps
}

/// The steps of a backup of a VM.
#[must_use]
pub fn dump(vm: &Vm, plan: &Dump) -> Vec<(i64, Work)> {
    let Dump { at, lasts, .. } = *plan;
    let id = vm.id;
    let info = |after: i64, text: String| (after, Work::Log(format!("INFO: {text}")));
    let (total, archive) = (whole(vm), plan.size(vm));
    let format = plan.format(vm.kind == GuestKind::Lxc);
    let file = file(vm, at, format);
    let to = format!("/mnt/pve/{}/dump/{file}", plan.storage);
    let mut steps = opening(vm, plan, &to);
    let seconds = u64::try_from(lasts / 1000).unwrap_or(1).max(1);
    let rate = gib(total) * 1024.0 / f64::from(u32::try_from(seconds).unwrap_or(1));
    for report in 1..=plan.reports {
        let share = f64::from(report) / f64::from(plan.reports);
        let after = 1_500 + part(lasts, share);
        if plan.fails_at.is_some_and(|limit| share > limit) {
            steps.extend(failure(after, id, plan));
            return steps;
        }
        let text = format!(
            "{:3.0}% ({:.1} GiB of {:.1} GiB) in {}s, read: {rate:.1} MiB/s, write: {:.1} MiB/s",
            share * 100.0,
            gib(total) * share,
            gib(total),
            after / 1000,
            rate * 0.42
        );
        steps.push((after, Work::Progress(share, text.trim().to_owned())));
        steps.push(info(after, text));
    }
    let done = 1_500 + lasts;
    let kept = Archive {
        storage: plan.storage.clone(),
        size: archive,
        format,
        notes: plan.notes.clone(),
        protected: plan.protected,
    };
    steps.extend([
        info(
            done + 100,
            format!(
                "transferred {:.2} GiB in {seconds} seconds ({rate:.1} MiB/s)",
                gib(total)
            ),
        ),
        info(
            done + 200,
            format!("archive file size: {:.2}GB", gib(archive)),
        ),
        (done + 250, Work::Backup(kept)),
        (done + 300, Work::Vm(VmChange::Lock(None))),
        info(
            done + 300,
            format!(
                "Finished Backup of VM {id} ({:02}:{:02}:{:02})",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            ),
        ),
        info(
            done + 400,
            format!("Backup finished at {}", stamp(at + done)),
        ),
        info(done + 400, "Backup job finished successfully".to_owned()),
        (done + 500, Work::End("OK".to_owned())),
    ]);
    steps
}

fn failure(after: i64, id: u32, plan: &Dump) -> Vec<(i64, Work)> {
    let error = |text: String| (after + 200, Work::Log(format!("ERROR: {text}")));
    vec![
        error("vma_queue_write: write error - No space left on device".to_owned()),
        (
            after + 250,
            Work::Log("INFO: aborting backup job".to_owned()),
        ),
        (after + 300, Work::Vm(VmChange::Lock(None))),
        (
            after + 300,
            Work::Log(format!(
                "ERROR: Backup of VM {id} failed - vma_queue_write: write error - No space left on device"
            )),
        ),
        (
            after + 400,
            Work::Log(format!("INFO: Failed at {}", stamp(plan.at + after))),
        ),
        (
            after + 500,
            Work::End(format!(
                "{} is full: write error - No space left on device",
                plan.storage
            )),
        ),
    ]
}
