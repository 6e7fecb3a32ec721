//! How far the moves of a plan have come. Each is sent once: what was sent and not answered is
//! asked for before anything else happens to it.

use super::drives::Drive;
use super::known::Guest;
use super::order::Order;
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};

/// How one move stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Its turn has not come.
    Waits,
    /// On its way, since then by the server's clock (milliseconds).
    Sent(i64),
    /// The server took it; its task runs. `None`: the server names none.
    Runs(Option<Upid>),
    /// No answer came: nobody knows whether it began. Sent then.
    Unsure(i64),
    /// Refused, or its task failed; why.
    Failed(String),
    /// Aborted by a person.
    Aborted,
    /// It is on the target.
    Done,
    /// Not begun, since the person stopped the run.
    Left,
    /// The person had it followed no more: how it ended is not known.
    Unknown,
}

/// One VM on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// The VM.
    pub vm: VmId,
    /// Its name.
    pub name: String,
    /// Node that it leaves.
    pub from: String,
    /// What is asked for.
    pub order: Order,
    /// Its drives before; `None`: not known.
    pub before: Option<Vec<Drive>>,
    /// How it stands.
    pub stage: Stage,
    /// Its task, once known.
    pub task: Option<Upid>,
    /// The shipped server's number of it, once known.
    pub number: Option<u64>,
    /// Where it was seen when it had ended.
    pub seen_on: Option<String>,
    /// Its drives afterwards.
    pub after: Option<Vec<Drive>>,
    /// When it was sent, by the server's clock (milliseconds).
    pub began: Option<i64>,
    /// When its end was seen (milliseconds).
    pub ended: Option<i64>,
    /// What there is to know beside how it ended.
    #[serde(default)]
    pub remark: Option<String>,
    /// The person wants it aborted.
    #[serde(default)]
    pub stop: bool,
    /// Nothing is heard of it for now.
    #[serde(default)]
    pub stuck: bool,
    /// The server's safety rules refused it.
    #[serde(default)]
    pub safe_mode: bool,
}

/// A plan under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Node that all go to.
    pub target: String,
    /// How many at once.
    pub at_once: u32,
    /// In their order.
    pub moves: Vec<Move>,
}

/// How many stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// On the target.
    pub done: usize,
    /// Refused or failed.
    pub failed: usize,
    /// Aborted.
    pub aborted: usize,
    /// Not begun, and not going to.
    pub left: usize,
    /// Nobody knows.
    pub unknown: usize,
    /// Under way.
    pub under_way: usize,
    /// Waiting.
    pub waits: usize,
}

impl Stage {
    /// Whether something is under way, known or not.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::Sent(_) | Self::Runs(_) | Self::Unsure(_))
    }

    /// Whether it has ended, in whatever way.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Failed(_) | Self::Aborted | Self::Done | Self::Left | Self::Unknown
        )
    }
}

impl Move {
    /// One that has not begun.
    #[must_use]
    pub fn new(guest: &Guest, order: Order, before: Option<Vec<Drive>>) -> Self {
        Self {
            vm: guest.id,
            name: guest.name.clone(),
            from: guest.node.clone(),
            order,
            before,
            stage: Stage::Waits,
            task: None,
            number: None,
            seen_on: None,
            after: None,
            began: None,
            ended: None,
            remark: None,
            stop: false,
            stuck: false,
            safe_mode: false,
        }
    }

    /// How long it took.
    #[must_use]
    pub fn lasted(&self) -> Option<Seconds> {
        let millis = self.ended?.checked_sub(self.began?)?;
        u64::try_from(millis / 1000).ok().map(Seconds)
    }

    /// How it stands now. What is over stays so: the person may have given it up meanwhile.
    pub fn note(&mut self, stage: Stage, now: Instant) {
        if self.stage.is_over() {
            return;
        }
        if let Stage::Runs(Some(task)) = &stage {
            self.task = Some(task.clone());
        }
        if stage.is_over() && self.ended.is_none() {
            self.ended = Some(now.millis);
        }
        self.stage = stage;
        self.stuck = false;
    }

    /// Sent again, from where it is now and as it stands now.
    fn anew(&mut self, online: Option<bool>) {
        self.stage = Stage::Waits;
        self.task = None;
        self.number = None;
        if let Some(node) = self.seen_on.take() {
            self.from = node;
        }
        self.stuck = false;
        self.after = None;
        self.began = None;
        self.ended = None;
        self.remark = None;
        self.stop = false;
        self.safe_mode = false;
        if let Some(online) = online {
            self.order.online = online;
        }
    }
}

impl Run {
    /// One that has not begun.
    #[must_use]
    pub fn new(target: String, at_once: u32, moves: Vec<Move>) -> Self {
        Self {
            target,
            at_once: at_once.clamp(1, super::draft::MOST_AT_ONCE),
            moves,
        }
    }

    /// After a reload: what was on its way when the page went may have arrived.
    pub fn resume(&mut self) {
        for own in &mut self.moves {
            if let Stage::Sent(at) = own.stage {
                own.stage = Stage::Unsure(at);
            }
        }
    }

    /// The place of what may be begun now: the first that waits, while fewer than allowed are
    /// under way.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        let under_way = self.moves.iter().filter(|own| own.stage.is_under_way());
        if under_way.count() >= self.at_once as usize {
            return None;
        }
        self.moves.iter().position(|own| own.stage == Stage::Waits)
    }

    /// Takes the next to be sent, which is then on its way; `None` where nothing may be sent now.
    pub fn take(&mut self, now: Instant) -> Option<(usize, Order)> {
        let at = self.next()?;
        let own = self.moves.get_mut(at)?;
        own.stage = Stage::Sent(now.millis);
        own.began = Some(now.millis);
        own.ended = None;
        Some((at, own.order.clone()))
    }

    /// Begins nothing more: what waits is left out.
    pub fn stop(&mut self) {
        for own in &mut self.moves {
            if own.stage == Stage::Waits {
                own.stage = Stage::Left;
            }
        }
    }

    /// The person has those sent again that are known not to have moved: failed, aborted, or left
    /// out. `online` says of a VM whether it is moved live now; `None`: not known, as before.
    pub fn again(&mut self, online: impl Fn(VmId) -> Option<bool>) {
        for own in &mut self.moves {
            if matches!(own.stage, Stage::Failed(_) | Stage::Aborted | Stage::Left) {
                own.anew(online(own.vm));
            }
        }
    }

    /// The person has those sent again that the server's safety rules refused, past these.
    pub fn force(&mut self, online: impl Fn(VmId) -> Option<bool>) {
        for own in &mut self.moves {
            if own.safe_mode && matches!(own.stage, Stage::Failed(_)) {
                own.anew(online(own.vm));
                own.order.force = true;
            }
        }
    }

    /// Aborts all of it: what waits is left out, what is under way is wanted aborted. The tasks
    /// that are known.
    pub fn abort(&mut self) -> Vec<(VmId, Upid)> {
        self.stop();
        let mut tasks = Vec::new();
        for own in &mut self.moves {
            if own.stage.is_under_way() {
                own.stop = true;
            }
            if let Stage::Runs(Some(task)) = &own.stage {
                tasks.push((own.vm, task.clone()));
            }
        }
        tasks
    }

    /// Whether nothing is under way or waits.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.moves.iter().all(|own| own.stage.is_over())
    }

    /// How many stand how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            all: self.moves.len(),
            ..Counts::default()
        };
        for own in &self.moves {
            *match own.stage {
                Stage::Waits => &mut counts.waits,
                Stage::Sent(_) | Stage::Runs(_) | Stage::Unsure(_) => &mut counts.under_way,
                Stage::Failed(_) => &mut counts.failed,
                Stage::Aborted => &mut counts.aborted,
                Stage::Done => &mut counts.done,
                Stage::Left => &mut counts.left,
                Stage::Unknown => &mut counts.unknown,
            } += 1;
        }
        counts
    }

    /// How it ended, in one sentence.
    #[must_use]
    pub fn outcome(&self) -> String {
        let counts = self.counts();
        let target = &self.target;
        if counts.all == 0 {
            return "Nothing was migrated".to_owned();
        }
        if counts.done == counts.all {
            return match self.moves.as_slice() {
                [one] => format!("{} is on {target}", one.name),
                all => format!("All {} VMs are on {target}", all.len()),
            };
        }
        let mut parts = vec![format!("{} of {} on {target}", counts.done, counts.all)];
        for (count, word) in [
            (counts.failed, "failed"),
            (counts.aborted, "aborted"),
            (counts.left, "not begun"),
            (counts.unknown, "not known"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        parts.join(", ")
    }
}
