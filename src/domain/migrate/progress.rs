//! How far a migration has come, read from its log: the disks that are mirrored or sent, the memory
//! of the guest, speed and what is left. Lines are Proxmox's, with or without a time before them.

use super::drives::Drive;
use crate::domain::units::{Bytes, Fraction, Rate, Seconds};

/// One disk on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct DiskFlow {
    /// `scsi0`, or the volume where the log names no drive.
    pub name: String,
    /// Copied.
    pub done: Bytes,
    /// Size; 0: not known.
    pub total: Bytes,
}

/// All that the log tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flow {
    /// Disks, in the order in which they began.
    pub disks: Vec<DiskFlow>,
    /// Memory of the guest: sent, of.
    pub memory: Option<(Bytes, Bytes)>,
    /// Speed, as of the newest line that tells one.
    pub speed: Option<Rate>,
    /// How long the guest stood still, in milliseconds.
    pub downtime: Option<f64>,
    /// The newest line, without its time.
    pub now: Option<String>,
    /// The guest runs: its memory follows the disks.
    pub live: bool,
}

/// Of a running guest the memory comes last: what of the whole is its part.
const MEMORY: f64 = 0.1;

impl DiskFlow {
    /// Share that is done.
    #[must_use]
    pub fn share(&self) -> Option<Fraction> {
        self.done.of(self.total)
    }
}

impl Flow {
    /// Share of the whole: disks weighted by their sizes, and the memory of a running guest after
    /// them; `None` where none is known.
    #[must_use]
    pub fn share(&self) -> Option<Fraction> {
        let total: u64 = self
            .disks
            .iter()
            .fold(0, |sum, own| sum.saturating_add(own.total.0));
        let done: u64 = self.disks.iter().fold(0, |sum, own| {
            sum.saturating_add(own.done.0.min(own.total.0))
        });
        let disks = Bytes(done).of(Bytes(total));
        // What changes meanwhile is sent again, so that more can be sent than there is.
        let memory = self
            .memory
            .and_then(|(sent, of)| Bytes(sent.0.min(of.0)).of(of));
        match (disks, memory) {
            (Some(disks), memory) if self.live => {
                let memory = memory.map_or(0.0, |own| own.0);
                Some(Fraction(disks.0 * (1.0 - MEMORY) + memory * MEMORY))
            }
            (disks, memory) => disks.or(memory),
        }
    }

    /// Time that the known rest takes at the present speed.
    #[must_use]
    pub fn left(&self) -> Option<Seconds> {
        let speed = self.speed?.0;
        let rest: u64 = self.disks.iter().fold(0, |sum, own| {
            sum.saturating_add(own.total.0.saturating_sub(own.done.0))
        });
        let memory = self
            .memory
            .map_or(0, |(sent, of)| of.0.saturating_sub(sent.0));
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates; whole seconds are shown"
        )]
        let left = (speed > 0.0)
            .then(|| Seconds((rest.saturating_add(memory) as f64 / speed).ceil() as u64));
        left
    }
}

/// `34.9 GiB`, `50.0G`, `512 MB`.
fn size(text: &str) -> Option<Bytes> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let number: f64 = text.get(..end)?.parse().ok()?;
    let shift = match text.get(end..)?.trim_start().chars().next() {
        Some('T' | 't') => 40,
        Some('G' | 'g') => 30,
        Some('M' | 'm') => 20,
        Some('K' | 'k') => 10,
        _ => 0,
    };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates"
    )]
    let bytes = (number * (1_u64 << shift) as f64) as u64;
    (number.is_finite() && number >= 0.0).then_some(Bytes(bytes))
}

fn rate(text: &str) -> Option<Rate> {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    size(text).map(|bytes| Rate(bytes.0 as f64))
}

/// `5`, `10.0s`, `1m 2s`, `1h 2m 3s`, up to a comma.
fn seconds(text: &str) -> Option<f64> {
    let text = text.split(',').next()?.trim();
    let mut sum = 0.0;
    for word in text.split_whitespace() {
        let end = word
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(word.len());
        let Ok(number) = word.get(..end)?.parse::<f64>() else {
            // Words after the time, or a unit that stands alone.
            break;
        };
        let each = match word.get(end..)? {
            "d" => 86_400.0,
            "h" => 3600.0,
            "m" => 60.0,
            "s" | "" => 1.0,
            // Words after the time.
            _ => break,
        };
        sum += number * each;
    }
    (sum > 0.0).then_some(sum)
}

/// The volume's own name: `vm-103-disk-0` of `local-lvm:vm-103-disk-0`.
fn short(volume: &str) -> &str {
    volume.rsplit([':', '/']).next().unwrap_or(volume)
}

/// The line without `2024-06-24 12:02:00 `.
fn without_time(line: &str) -> &str {
    let line = line.trim();
    let bytes = line.as_bytes();
    let dated = bytes.len() > 20
        && bytes.get(4) == Some(&b'-')
        && bytes.get(10) == Some(&b' ')
        && bytes.get(13) == Some(&b':')
        && bytes.get(19) == Some(&b' ');
    match line.get(20..).filter(|_| dated) {
        Some(rest) => rest.trim_start(),
        None => line,
    }
}

/// Seconds of `12:02:03`.
fn clock(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let mut part = || parts.next()?.parse::<u32>().ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    (hour < 24 && minute < 60 && second < 61).then_some(hour * 3600 + minute * 60 + second)
}

/// The node in `starting migration of VM 101 to node 'proxmox-02' (192.168.1.11)`.
#[must_use]
pub fn target_of_line(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("to node '")?;
    rest.split_once('\'').map(|(node, _)| node)
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    /// Size of what is sent next, where it was announced.
    announced: Option<Bytes>,
    /// Second of the day and bytes of the last line of a sent volume.
    last: Option<(u32, Bytes)>,
    /// Volumes that are to be copied, in the order in which that happens.
    found: Vec<String>,
    /// How many of them are there.
    copied: usize,
}

impl Reader {
    fn disk(&mut self, name: &str, done: Bytes, total: Bytes) {
        if let Some(own) = self.flow.disks.iter_mut().find(|own| own.name == name) {
            own.done = done;
            if total.0 > 0 {
                own.total = total;
            }
        } else {
            self.flow.disks.push(DiskFlow {
                name: name.to_owned(),
                done,
                total,
            });
        }
    }

    /// `drive-scsi0: transferred 5.0 GiB of 50.0 GiB (10.00%) in 10s`, and of the memory
    /// `migration active, transferred 1.2 GiB of 4.0 GiB VM-state, 115.3 MiB/s`.
    fn transferred(&mut self, line: &str, low: &str) -> Option<()> {
        let at = low.find("transferred ")?;
        let rest = line.get(at + "transferred ".len()..)?;
        let (done, rest) = rest.split_once(" of ")?;
        let (done, total) = (size(done)?, size(rest)?);
        if low.contains("vm-state") {
            self.flow.memory = Some((done, total));
            // Behind it may stand how quickly the guest changes its memory.
            let speed = |part: &str| part.ends_with("/s").then(|| rate(part)).flatten();
            self.flow.speed = rest.split(", ").find_map(speed).or(self.flow.speed);
            self.flow.live = true;
            return Some(());
        }
        let name = line.get(..at)?.trim().trim_end_matches(':');
        let name = name.rsplit(": ").next().unwrap_or(name);
        let name = name.strip_prefix("drive-").unwrap_or(name);
        let name = name.strip_prefix("mirror-").unwrap_or(name);
        self.disk(name, done, total);
        self.flow.live = true;
        let took = rest.rsplit_once(") in ").map(|(_, took)| took);
        if let Some(seconds) = took.and_then(seconds) {
            #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
            let speed = done.0 as f64 / seconds;
            self.flow.speed = Some(Rate(speed));
        }
        Some(())
    }

    /// `12:02:03   1.20G   rpool/data/vm-103-disk-0@__migration__`
    fn sent(&mut self, line: &str) -> Option<()> {
        let mut words = line.split_whitespace();
        let (time, amount, name) = (clock(words.next()?)?, size(words.next()?)?, words.next()?);
        let name = name.split('@').next()?.rsplit('/').next()?;
        if let Some((before, had)) = self.last
            && time > before
            && amount.0 >= had.0
        {
            #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
            let speed = (amount.0 - had.0) as f64 / f64::from(time - before);
            self.flow.speed = Some(Rate(speed));
        }
        self.last = Some((time, amount));
        let total = self.announced.unwrap_or_default();
        self.disk(name, amount, total);
        Some(())
    }

    /// `1073741824 bytes (1.1 GB, 1.0 GiB) copied, 5 s, 215 MB/s`: `dd`, which names no volume.
    fn dumped(&mut self, line: &str) -> Option<()> {
        let (done, rest) = line.split_once(" bytes ")?;
        let done = Bytes(done.trim().parse().ok()?);
        let (_, took) = rest.split_once(" copied, ")?;
        let name = match self.found.get(self.copied) {
            Some(name) => name.clone(),
            None => format!("disk {}", self.copied + 1),
        };
        self.disk(&name, done, Bytes(0));
        if let Some(seconds) = seconds(took) {
            #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
            let speed = done.0 as f64 / seconds;
            self.flow.speed = Some(Rate(speed));
        }
        Some(())
    }

    fn line(&mut self, line: &str) {
        let line = without_time(line);
        if line.is_empty() {
            return;
        }
        let low = line.to_lowercase();
        if let Some((_, amount)) = low.split_once("total estimated size is ") {
            self.announced = size(amount);
            self.last = None;
        } else if let Some((_, rest)) = low.split_once("successfully imported '") {
            let name = short(rest.split('\'').next().unwrap_or_default());
            // It may get another name there.
            self.copied += 1;
            if let Some(own) = self.flow.disks.iter_mut().find(|own| own.name == name) {
                own.done = Bytes(own.total.0.max(own.done.0));
            }
        } else if let Some((_, rest)) = low.split_once("downtime ")
            && low.contains("speed")
        {
            self.flow.downtime = rest.split(' ').next().and_then(|ms| ms.parse().ok());
        } else if let Some((_, rest)) = line.split_once("found local disk '") {
            let volume = rest.split('\'').next().unwrap_or_default();
            self.found.push(short(volume).to_owned());
        } else if low.contains("drive mirror") || low.contains("live migration") {
            self.flow.live = true;
        } else if self.transferred(line, &low).is_none() && self.dumped(line).is_none() {
            // Lines that begin with a clock are those of `zfs send`; all others tell no bytes.
            let _ = self.sent(line);
        }
        self.flow.now = Some(line.to_owned());
    }
}

/// Reads a log from its first line on, or from any later one.
pub fn flow<'a>(lines: impl IntoIterator<Item = &'a str>) -> Flow {
    flow_of(lines, &[])
}

/// As [`flow`], with the sizes of the VM's drives: not every log tells them, and disks whose turn
/// has not come count, too.
pub fn flow_of<'a>(lines: impl IntoIterator<Item = &'a str>, drives: &[Drive]) -> Flow {
    let mut reader = Reader::default();
    for line in lines {
        reader.line(line);
    }
    let Reader {
        mut flow,
        found,
        copied,
        ..
    } = reader;
    let size = |name: &str| {
        let own = |drive: &&Drive| drive.key == name || short(&drive.volid) == name;
        drives.iter().find(own).and_then(|drive| drive.size)
    };
    for own in flow.disks.iter_mut().filter(|own| own.total.0 == 0) {
        own.total = size(&own.name).unwrap_or_default();
    }
    if !flow.live && !flow.disks.is_empty() {
        for name in found.iter().skip(copied) {
            let known = flow.disks.iter().any(|own| own.name == *name);
            if let Some(total) = size(name).filter(|_| !known) {
                flow.disks.push(DiskFlow {
                    name: name.clone(),
                    done: Bytes(0),
                    total,
                });
            }
        }
    }
    flow
}
