//! How far a migration has come, read from its log: the disks that are mirrored or sent, the memory
//! of the guest, speed and what is left. Lines are Proxmox's, with or without a time before them.

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
}

impl DiskFlow {
    /// Share that is done.
    #[must_use]
    pub fn share(&self) -> Option<Fraction> {
        self.done.of(self.total)
    }
}

impl Flow {
    /// Share of all disks, weighted by their sizes; `None` where none is known.
    #[must_use]
    pub fn share(&self) -> Option<Fraction> {
        let total: u64 = self
            .disks
            .iter()
            .fold(0, |sum, own| sum.saturating_add(own.total.0));
        let done: u64 = self.disks.iter().fold(0, |sum, own| {
            sum.saturating_add(own.done.0.min(own.total.0))
        });
        Bytes(done).of(Bytes(total))
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
            self.flow.speed = rest
                .rsplit(", ")
                .find(|part| part.ends_with("/s"))
                .and_then(rate)
                .or(self.flow.speed);
            return Some(());
        }
        let name = line.get(..at)?.trim().trim_end_matches(':');
        let name = name.rsplit(": ").next().unwrap_or(name);
        let name = name.strip_prefix("drive-").unwrap_or(name);
        let name = name.strip_prefix("mirror-").unwrap_or(name);
        self.disk(name, done, total);
        let seconds = rest
            .rsplit_once(") in ")
            .and_then(|(_, took)| took.split(['s', ',']).next()?.trim().parse::<f64>().ok());
        if let Some(seconds) = seconds.filter(|seconds| *seconds > 0.0) {
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
            let volume = rest.split('\'').next().unwrap_or_default();
            let name = volume.rsplit([':', '/']).next().unwrap_or_default();
            if let Some(own) = self.flow.disks.iter_mut().find(|own| own.name == name) {
                own.done = Bytes(own.total.0.max(own.done.0));
            }
        } else if let Some((_, rest)) = low.split_once("downtime ")
            && low.contains("speed")
        {
            self.flow.downtime = rest.split(' ').next().and_then(|ms| ms.parse().ok());
        } else if self.transferred(line, &low).is_none() {
            // Lines that begin with a clock are those of `zfs send`; all others tell no bytes.
            let _ = self.sent(line);
        }
        self.flow.now = Some(line.to_owned());
    }
}

/// Reads a log from its first line on, or from any later one.
pub fn flow<'a>(lines: impl IntoIterator<Item = &'a str>) -> Flow {
    let mut reader = Reader::default();
    for line in lines {
        reader.line(line);
    }
    reader.flow
}
