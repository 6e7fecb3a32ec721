//! Backups at work, with the lines that vzdump writes.

use crate::domain::status::Lock;
use crate::domain::units::Instant;
use crate::sim::model::{Vm, VmChange, Work};

/// How a backup goes.
#[derive(Debug, Clone, Copy)]
pub struct Dump {
    /// When it starts, simulated milliseconds; its log quotes that.
    pub at: i64,
    /// Milliseconds that reading takes.
    pub lasts: i64,
    /// Storage that it goes to.
    pub storage: &'static str,
    /// Breaks off there, share 0 to 1, for want of space.
    pub fails_at: Option<f64>,
    /// Lines of progress.
    pub reports: u32,
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

/// The steps of a backup of a VM.
#[must_use]
pub fn dump(vm: &Vm, plan: Dump) -> Vec<(i64, Work)> {
    let Dump { at, lasts, .. } = plan;
    let (id, storage) = (vm.id, plan.storage);
    let info = |after: i64, text: String| (after, Work::Log(format!("INFO: {text}")));
    let file: String = stamp(at)
        .chars()
        .map(|c| match c {
            ' ' => '-',
            '-' | ':' => '_',
            other => other,
        })
        .collect();
    let total = vm.maxdisk.max(1 << 30);
    let archive = u64::try_from(part(i64::try_from(total).unwrap_or(i64::MAX), 0.16)).unwrap_or(0);
    let mut steps = vec![
        info(
            0,
            format!(
                "starting new backup job: vzdump {id} --mode snapshot --storage {storage} --compress zstd --node {}",
                vm.node
            ),
        ),
        info(100, format!("Starting Backup of VM {id} (qemu)")),
        (100, Work::Vm(VmChange::Lock(Some(Lock::Backup)))),
        info(200, format!("Backup started at {}", stamp(at))),
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
        info(500, "backup mode: snapshot".to_owned()),
        info(500, "ionice priority: 7".to_owned()),
        info(
            600,
            format!(
                "creating vzdump archive '/mnt/pve/{storage}/dump/vzdump-qemu-{id}-{file}.vma.zst'"
            ),
        ),
        info(900, "issuing guest-agent 'fs-freeze' command".to_owned()),
        info(1_100, "issuing guest-agent 'fs-thaw' command".to_owned()),
        info(1_200, "resuming VM again".to_owned()),
    ]);
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
        (done + 250, Work::Backup(storage, archive)),
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

fn failure(after: i64, id: u32, plan: Dump) -> Vec<(i64, Work)> {
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
