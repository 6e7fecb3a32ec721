//! Events: numbered, kept for a while so that a client can resume.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A VM was created, changed, deleted.
    Vm,
    /// A task.
    Task,
    /// A node.
    Node,
    /// Loads of several VMs.
    Usage,
    /// A bulk run.
    Bulk,
}

impl Topic {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vm => "vm",
            Self::Task => "task",
            Self::Node => "node",
            Self::Usage => "usage",
            Self::Bulk => "bulk",
        }
    }
}

/// An event as it goes out.
#[derive(Debug)]
pub struct Event {
    /// Its number.
    pub seq: u64,
    /// What it is about.
    pub topic: Topic,
    /// The text frame.
    pub frame: String,
}

/// What a client gets that resumes behind some number.
#[derive(Debug, Default)]
pub struct Since {
    /// That number is too old (or from another run): the client must reload.
    pub gap: bool,
    /// In order.
    pub events: Vec<Arc<Event>>,
    /// Number of the last event so far.
    pub seq: u64,
}

/// `data` is JSON already: rows are written once, for lists and events alike.
fn frame(
    seq: u64,
    at: i64,
    topic: Option<Topic>,
    kind: &'static str,
    id: &str,
    data: Option<&str>,
) -> String {
    let at = crate::domain::units::Instant::from_millis(at).to_iso();
    let mut text = format!("{{\"seq\":{seq},\"type\":\"{kind}\",\"at\":\"{at}\"");
    if let Some(topic) = topic {
        let id = serde_json::Value::from(id);
        let _ = write!(text, ",\"topic\":\"{}\",\"id\":{id}", topic.as_str());
    }
    if let Some(data) = data {
        text.push_str(",\"data\":");
        text.push_str(data);
    }
    text.push('}');
    text
}

/// The last few thousand events.
#[derive(Debug)]
pub struct Ring {
    kept: VecDeque<Arc<Event>>,
    seq: u64,
    room: usize,
}

impl Default for Ring {
    fn default() -> Self {
        Self {
            kept: VecDeque::new(),
            seq: 0,
            room: 4_096,
        }
    }
}

impl Ring {
    /// Adds an event. `data` is JSON.
    pub fn push(
        &mut self,
        at: i64,
        topic: Topic,
        kind: &'static str,
        id: &str,
        data: Option<&str>,
    ) {
        self.seq += 1;
        if self.kept.len() == self.room {
            self.kept.pop_front();
        }
        self.kept.push_back(Arc::new(Event {
            seq: self.seq,
            topic,
            frame: frame(self.seq, at, Some(topic), kind, id, data),
        }));
    }

    /// Number of the last event.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// What came behind a number.
    #[must_use]
    pub fn since(&self, since: u64) -> Since {
        let oldest = self.kept.front().map_or(self.seq + 1, |event| event.seq);
        if since > self.seq || since + 1 < oldest {
            return Since {
                gap: true,
                events: Vec::new(),
                seq: self.seq,
            };
        }
        let skip = usize::try_from(since + 1 - oldest).unwrap_or(usize::MAX);
        Since {
            gap: false,
            events: self.kept.iter().skip(skip).cloned().collect(),
            seq: self.seq,
        }
    }

    /// A frame that is no event of the cluster: `hello`, `ping` or `gap`.
    #[must_use]
    pub fn aside(&self, at: i64, kind: &'static str) -> String {
        frame(self.seq, at, None, kind, "", None)
    }
}
