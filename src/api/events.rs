//! Live events over a WebSocket (contract: `Event`; guide: "Real-time Updates"). The socket itself
//! belongs to the stores; here are its address, its subprotocols and its frames.

use super::client::Client;
use super::cluster::ClusterMember;
use super::decode;
use super::tasks::Task;
use super::url::Query;
use super::vms::Vm;
use crate::domain::ids::VmId;
use crate::domain::lenient;
use crate::domain::units::Instant;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$arm_doc:meta])* $arm:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$arm_doc])* $arm,)+
            /// A word this version does not know.
            Unknown(String),
        }

        impl $name {
            /// The server's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$arm => $word,)+
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$arm,)+
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(lenient::text_or_empty(deserializer)?.as_str()))
            }
        }
    };
}

words! {
    /// What an event is about.
    Topic {
        /// A VM.
        Vm = "vm",
        /// A task.
        Task = "task",
        /// A node.
        Node = "node",
        /// Live figures of many VMs.
        Usage = "usage",
        /// An alert.
        Alert = "alert",
        /// A bulk operation.
        Bulk = "bulk",
        /// A cluster operation.
        Cluster = "cluster",
    }
}

words! {
    /// What happened.
    EventKind {
        /// First frame; carries the current number.
        Hello = "hello",
        /// Every 15 seconds.
        Ping = "ping",
        /// What was asked to resume from is too old: load everything anew.
        Gap = "gap",
        /// Something came into being.
        Created = "created",
        /// Something changed.
        Updated = "updated",
        /// Something is gone.
        Deleted = "deleted",
        /// A task advanced.
        Progress = "progress",
        /// A task wrote a line.
        Log = "log",
    }
}

/// Live figures of one VM: `[vmid, cpu, mem, netin, netout, diskread, diskwrite]`; counters are
/// bytes since start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UsageRow {
    /// The VM.
    pub vmid: VmId,
    /// Share of its CPUs, 0 to 1.
    pub cpu: Option<f64>,
    /// Memory in use, in bytes.
    pub mem: Option<u64>,
    /// Bytes received.
    pub netin: Option<u64>,
    /// Bytes sent.
    pub netout: Option<u64>,
    /// Bytes read from disks.
    pub diskread: Option<u64>,
    /// Bytes written to disks.
    pub diskwrite: Option<u64>,
}

impl Serialize for UsageRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_tuple(7)?;
        row.serialize_element(&self.vmid)?;
        row.serialize_element(&self.cpu)?;
        for count in [
            self.mem,
            self.netin,
            self.netout,
            self.diskread,
            self.diskwrite,
        ] {
            row.serialize_element(&count)?;
        }
        row.end()
    }
}

impl<'de> Deserialize<'de> for UsageRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Count(#[serde(deserialize_with = "lenient::unsigned")] Option<u64>);
        #[derive(Deserialize)]
        struct Share(#[serde(deserialize_with = "lenient::float")] Option<f64>);
        struct Row;
        impl<'de> Visitor<'de> for Row {
            type Value = UsageRow;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a row of figures")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<UsageRow, A::Error> {
                let vmid = row
                    .next_element()?
                    .ok_or_else(|| serde::de::Error::custom("an empty row"))?;
                let cpu = row.next_element::<Share>()?.and_then(|share| share.0);
                let mut counts = [None; 5];
                for count in &mut counts {
                    *count = row.next_element::<Count>()?.and_then(|count| count.0);
                }
                // A newer server may append figures.
                while row.next_element::<IgnoredAny>()?.is_some() {}
                let [mem, netin, netout, diskread, diskwrite] = counts;
                Ok(UsageRow {
                    vmid,
                    cpu,
                    mem,
                    netin,
                    netout,
                    diskread,
                    diskwrite,
                })
            }
        }
        deserializer.deserialize_seq(Row)
    }
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum EventData {
    /// Nothing, as with `hello`, `ping`, `gap`, `deleted`.
    #[default]
    None,
    /// A VM, whole.
    Vm(Box<Vm>),
    /// A task, whole.
    Task(Box<Task>),
    /// A node as a member of the cluster.
    Node(Box<ClusterMember>),
    /// Figures of VMs; rows that cannot be read are left out.
    Usage(Vec<UsageRow>),
    /// How far a task is.
    Progress {
        /// 0 to 1.
        fraction: Option<f64>,
        /// What it is doing.
        message: Option<String>,
    },
    /// A line of a task's log.
    Log {
        /// Its number.
        n: u64,
        /// Its text.
        t: String,
    },
    /// Something this version does not read.
    Other(Value),
}

impl Serialize for EventData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Vm(vm) => vm.serialize(serializer),
            Self::Task(task) => task.serialize(serializer),
            Self::Node(node) => node.serialize(serializer),
            Self::Usage(rows) => rows.serialize(serializer),
            Self::Progress { fraction, message } => ProgressWire {
                fraction: *fraction,
                message: message.clone(),
            }
            .serialize(serializer),
            Self::Log { n, t } => LogWire {
                n: *n,
                t: t.clone(),
            }
            .serialize(serializer),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct ProgressWire {
    #[serde(
        default,
        deserialize_with = "lenient::float",
        skip_serializing_if = "Option::is_none"
    )]
    fraction: Option<f64>,
    #[serde(
        default,
        deserialize_with = "decode::word",
        skip_serializing_if = "Option::is_none"
    )]
    message: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct LogWire {
    n: u64,
    #[serde(default, deserialize_with = "lenient::text_or_empty")]
    t: String,
}

fn is_none(data: &EventData) -> bool {
    *data == EventData::None
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Grows by one per event of a server run.
    pub seq: u64,
    /// What it is about; absent on `hello`, `ping`, `gap`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// ID of the thing, as text: a VM's number, a UPID, a node's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When; ISO 8601 on the wire.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "decode::iso::serialize"
    )]
    pub at: Option<Instant>,
    /// What it carries.
    #[serde(skip_serializing_if = "is_none")]
    pub data: EventData,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(default, deserialize_with = "lenient::unsigned")]
    seq: Option<u64>,
    #[serde(default, deserialize_with = "decode::word")]
    topic: Option<String>,
    #[serde(default, deserialize_with = "lenient::text_or_empty", rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "decode::word")]
    id: Option<String>,
    #[serde(default, deserialize_with = "decode::instant")]
    at: Option<Instant>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

impl Event {
    /// Reads a text frame; `None` for what is no event. Data that cannot be read as what they
    /// should be become [`EventData::Other`]: reload that thing then.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let frame: Frame<'_> = serde_json::from_str(text).ok()?;
        let kind = EventKind::from(frame.kind.as_str());
        let topic = frame.topic.as_deref().map(Topic::from);
        let data = frame
            .data
            .map(RawValue::get)
            .filter(|data| *data != "null")
            .map_or(EventData::None, |data| {
                read_data(topic.as_ref(), &kind, data)
            });
        Some(Self {
            seq: frame.seq?,
            topic,
            kind,
            id: frame.id,
            at: frame.at,
            data,
        })
    }

    /// As a text frame.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn read_data(topic: Option<&Topic>, kind: &EventKind, data: &str) -> EventData {
    let known = match (topic, kind) {
        (_, EventKind::Progress) => serde_json::from_str(data)
            .ok()
            .map(|ProgressWire { fraction, message }| EventData::Progress { fraction, message }),
        (_, EventKind::Log) => serde_json::from_str(data)
            .ok()
            .map(|LogWire { n, t }| EventData::Log { n, t }),
        (Some(Topic::Usage), _) => serde_json::from_str::<lenient::Rows<UsageRow>>(data)
            .ok()
            .map(|rows| EventData::Usage(rows.good)),
        (Some(Topic::Vm), _) => serde_json::from_str(data).ok().map(EventData::Vm),
        (Some(Topic::Task), _) => serde_json::from_str(data).ok().map(EventData::Task),
        (Some(Topic::Node), _) => serde_json::from_str(data).ok().map(EventData::Node),
        _ => None,
    };
    known.unwrap_or_else(|| serde_json::from_str(data).map_or(EventData::None, EventData::Other))
}

/// Address of the socket. `page` is the page's own address, needed where the client's base is
/// relative; `since` resumes after that number; without topics all are sent.
#[must_use]
pub fn url(client: &Client, page: &str, since: Option<u64>, topics: &[Topic]) -> String {
    let base = client.base();
    let absolute = if base.contains("://") {
        base.to_owned()
    } else {
        // scheme://host, without the path.
        let host_from = page.find("://").map_or(0, |at| at + 3);
        let host_to = page[host_from..]
            .find(['/', '?', '#'])
            .map_or(page.len(), |at| host_from + at);
        let slash = if base.is_empty() || base.starts_with('/') {
            ""
        } else {
            "/"
        };
        format!("{}{slash}{base}", &page[..host_to])
    };
    let socket = match absolute.strip_prefix("http") {
        Some(rest) => format!("ws{rest}"),
        None => absolute,
    };
    let topics: Vec<&str> = topics.iter().map(Topic::as_str).collect();
    let query = Query::default().add("since", since).list("topics", &topics);
    format!("{socket}/api/v1/events{}", query.as_str())
}

/// Subprotocols to offer: the protocol's version, and the key, since browsers cannot set headers
/// on a WebSocket.
#[must_use]
pub fn protocols(client: &Client) -> Vec<String> {
    let mut protocols = vec!["moxxie.v1".to_owned()];
    if let Some(key) = client.key() {
        protocols.push(format!("moxxie.key.{}", base64url(key.as_bytes())));
    }
    protocols
}

/// Base64 with the URL alphabet, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let [a, b, c] = group.map(usize::from);
        let digits = [
            a >> 2,
            (a << 4 | b >> 4) & 63,
            (b << 2 | c >> 6) & 63,
            c & 63,
        ];
        out.extend(
            digits
                .iter()
                .take(chunk.len() + 1)
                .map(|digit| char::from(ALPHABET[*digit])),
        );
    }
    out
}
