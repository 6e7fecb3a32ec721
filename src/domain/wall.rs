//! The VM wall: what a tile shows, and where the arrow keys lead from it.

use super::status::VmStatus;
use super::units::{Bytes, Fraction, Level};
use super::vm_list::RowFacts;

/// What the colour of a tile tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ColorBy {
    /// Running, stopped, paused and so on.
    #[default]
    State,
    /// Share of its cores in use.
    Cpu,
    /// Share of its memory in use.
    Memory,
}

impl ColorBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::State, Self::Cpu, Self::Memory];

    /// The word of the address: `?by=cpu`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }

    /// What is read on its switch.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Cpu => "CPU",
            Self::Memory => "Memory",
        }
    }

    /// From the address.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// What the wall shows, as the address says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WallState {
    /// What the colours tell.
    pub by: ColorBy,
    /// A query in the language of [`super::query`], as it was typed; may be wrong.
    pub search: String,
}

impl WallState {
    /// From the query's pairs. What cannot be read counts as absent.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            by: get("by").and_then(ColorBy::parse).unwrap_or_default(),
            search: get("q").unwrap_or_default().to_owned(),
        }
    }

    /// The query's pairs; an empty value is as by default.
    #[must_use]
    pub fn pairs(&self) -> [(&'static str, &str); 2] {
        let by = if self.by == ColorBy::default() {
            ""
        } else {
            self.by.as_str()
        };
        [("by", by), ("q", &self.search)]
    }
}

/// How a tile looks: a colour, and a letter, an outline or a height with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// Runs.
    Running,
    /// Powered off.
    Stopped,
    /// Frozen.
    Paused,
    /// On disk.
    Suspended,
    /// The hypervisor reports a fault.
    Error,
    /// A state that is not known here.
    Unknown,
    /// A template.
    Template,
    /// Below 30 %.
    Low,
    /// 30 to 70 %.
    Medium,
    /// 70 to 90 %.
    High,
    /// Above 90 %.
    Full,
    /// It is off and uses nothing.
    Off,
    /// It is on, but its figure is not known.
    NoFigure,
}

/// Below this share a load is low.
const LOW: f64 = 0.3;

impl Look {
    /// Those that can appear for a way of colouring, as the legend lists them.
    #[must_use]
    pub const fn legend(by: ColorBy) -> &'static [Self] {
        match by {
            ColorBy::State => &[
                Self::Running,
                Self::Stopped,
                Self::Paused,
                Self::Suspended,
                Self::Error,
                Self::Unknown,
                Self::Template,
            ],
            ColorBy::Cpu | ColorBy::Memory => &[
                Self::Low,
                Self::Medium,
                Self::High,
                Self::Full,
                Self::Off,
                Self::NoFigure,
            ],
        }
    }

    /// The word that the style sheet knows.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Paused => "paused",
            Self::Suspended => "suspended",
            Self::Error => "error",
            Self::Unknown => "unknown",
            Self::Template => "template",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Full => "full",
            Self::Off => "off",
            Self::NoFigure => "no-figure",
        }
    }

    /// The words of the legend.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Stopped => "Stopped",
            Self::Paused => "Paused",
            Self::Suspended => "Suspended",
            Self::Error => "Error",
            Self::Unknown => "Unknown state",
            Self::Template => "Template",
            Self::Low => "Below 30 %",
            Self::Medium => "30 to 70 %",
            Self::High => "70 to 90 %",
            Self::Full => "Above 90 %",
            Self::Off => "Off",
            Self::NoFigure => "Not known",
        }
    }

    /// Of a VM.
    #[must_use]
    pub fn of(row: &RowFacts<'_>, by: ColorBy) -> Self {
        if by == ColorBy::State {
            return if row.template {
                Self::Template
            } else {
                Self::of_status(row.status)
            };
        }
        let off = matches!(row.status, VmStatus::Stopped | VmStatus::Suspended);
        match share(row, by) {
            _ if off || row.template => Self::Off,
            None => Self::NoFigure,
            Some(share) => Self::of_share(share),
        }
    }

    fn of_status(status: &VmStatus) -> Self {
        match status {
            VmStatus::Running => Self::Running,
            VmStatus::Stopped => Self::Stopped,
            VmStatus::Paused => Self::Paused,
            VmStatus::Suspended => Self::Suspended,
            VmStatus::Error => Self::Error,
            VmStatus::Unknown(_) => Self::Unknown,
        }
    }

    fn of_share(share: Fraction) -> Self {
        match share.level() {
            Level::Ok if share.0 < LOW => Self::Low,
            Level::Ok => Self::Medium,
            Level::Warn => Self::High,
            Level::Bad => Self::Full,
        }
    }
}

/// The share that colours a tile; `None` where it is not known, or colours tell no share.
#[must_use]
pub fn share(row: &RowFacts<'_>, by: ColorBy) -> Option<Fraction> {
    let share = match by {
        ColorBy::State => None,
        ColorBy::Cpu => row.cpu.map(Fraction),
        ColorBy::Memory => row.mem?.of(row.maxmem?),
    };
    share.filter(|share| share.0.is_finite())
}

/// How high a tile is filled, in steps of 5 %: finer ones nobody sees, and each costs a write.
/// Something is always filled, so that a low load differs from none.
#[must_use]
pub fn fill(row: &RowFacts<'_>, by: ColorBy) -> Option<u8> {
    let share = share(row, by)?.clamped();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to 20"
    )]
    let steps = (share * 20.0).round().clamp(1.0, 20.0) as u8;
    Some(steps * 5)
}

/// All that a tile says: name, number, state, CPU, memory, lock.
#[must_use]
pub fn tile_words(row: &RowFacts<'_>) -> String {
    let name = if row.name.is_empty() {
        format!("VM {}", row.vmid)
    } else {
        format!("{}, VM {}", row.name, row.vmid)
    };
    let state = match row.status {
        _ if row.template => "template".to_owned(),
        VmStatus::Unknown(word) if word.is_empty() => "state not known".to_owned(),
        status => status.as_str().to_owned(),
    };
    let cpu = row.cpu.filter(|cpu| cpu.is_finite());
    let cpu = cpu.map_or_else(
        || "CPU not available".to_owned(),
        |cpu| format!("CPU {}", Fraction(cpu)),
    );
    let memory = match (row.mem, row.maxmem) {
        (Some(used), Some(all)) => format!("memory {used} of {}", all.capacity()),
        (Some(used), None) => format!("memory {used}"),
        (None, Some(all)) => format!("memory not available, {} in all", Bytes::capacity(all)),
        (None, None) => "memory not available".to_owned(),
    };
    let lock = row.lock.map(|lock| format!(", locked: {}", lock.as_str()));
    format!(
        "{name}: {state}, {cpu}, {memory}{}",
        lock.unwrap_or_default()
    )
}

/// What is written on a tile that has room for its name.
#[must_use]
pub fn tile_note(row: &RowFacts<'_>, by: ColorBy) -> String {
    let look = Look::of(row, by);
    match (by, look) {
        (_, Look::Off | Look::NoFigure) | (ColorBy::State, _) => look.words().to_owned(),
        (..) => share(row, by).map_or_else(String::new, |share| share.whole().to_string()),
    }
}

/// How large the tiles are drawn: the more there are, the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileSize {
    /// Name, number and figure.
    Named,
    /// The number.
    Numbered,
    /// Colour and letter.
    Dot,
}

impl TileSize {
    /// For so many VMs.
    #[must_use]
    pub const fn of(count: usize) -> Self {
        match count {
            0..=120 => Self::Named,
            121..=600 => Self::Numbered,
            _ => Self::Dot,
        }
    }

    /// The word that the style sheet knows.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Numbered => "numbered",
            Self::Dot => "dot",
        }
    }
}

/// A step over the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The tile before, in reading order.
    Left,
    /// The tile after.
    Right,
    /// The tile above, of the node above where this is its first row.
    Up,
    /// The tile below, of the node below where this is its last row.
    Down,
    /// First of the row.
    Home,
    /// Last of the row.
    End,
    /// First of the wall.
    First,
    /// Last of the wall.
    Last,
    /// First of the node above; of this one where one is inside it.
    NodeUp,
    /// First of the node below.
    NodeDown,
}

impl Step {
    /// From a key, with or without Ctrl.
    #[must_use]
    pub fn of_key(key: &str, ctrl: bool) -> Option<Self> {
        Some(match (key, ctrl) {
            ("ArrowLeft", false) => Self::Left,
            ("ArrowRight", false) => Self::Right,
            ("ArrowUp", false) => Self::Up,
            ("ArrowDown", false) => Self::Down,
            ("Home", false) => Self::Home,
            ("End", false) => Self::End,
            ("Home", true) => Self::First,
            ("End", true) => Self::Last,
            ("PageUp", false) => Self::NodeUp,
            ("PageDown", false) => Self::NodeDown,
            _ => return None,
        })
    }
}

/// Where a step leads, counted over all tiles in reading order. `groups` says how many tiles each
/// node has; each begins a new row of `columns` tiles. At an edge one stays where one is.
#[must_use]
pub fn neighbour(groups: &[usize], columns: usize, at: usize, step: Step) -> usize {
    let columns = columns.max(1);
    let total: usize = groups.iter().sum();
    let Some(last) = total.checked_sub(1) else {
        return 0;
    };
    let at = at.min(last);
    let (group, first) = group_of(groups, at);
    let len = groups.get(group).copied().unwrap_or(1).max(1);
    let inside = at - first;
    let column = inside % columns;
    let row_start = at - column;
    match step {
        Step::Left => at.saturating_sub(1),
        Step::Right => (at + 1).min(last),
        Step::Home => row_start,
        Step::End => (row_start + columns - 1).min(first + len - 1),
        Step::First => 0,
        Step::Last => last,
        Step::Up if inside >= columns => at - columns,
        Step::Up => before(groups, group).map_or(at, |(start, size)| {
            let last_row = start + (size - 1) / columns * columns;
            (last_row + column).min(start + size - 1)
        }),
        Step::Down if row_start - first + columns < len => (at + columns).min(first + len - 1),
        Step::Down => {
            let next = groups.iter().skip(group + 1).find(|size| **size > 0);
            next.map_or(at, |size| first + len + column.min(size - 1))
        }
        Step::NodeUp if inside > 0 => first,
        Step::NodeUp => before(groups, group).map_or(at, |(start, _)| start),
        Step::NodeDown if first + len <= last => first + len,
        Step::NodeDown => at,
    }
}

/// The group that holds a tile, and its first tile.
fn group_of(groups: &[usize], at: usize) -> (usize, usize) {
    let mut first = 0;
    for (index, size) in groups.iter().enumerate() {
        if at < first + size {
            return (index, first);
        }
        first += size;
    }
    (0, 0)
}

/// First tile and size of the nearest group before that has tiles.
fn before(groups: &[usize], group: usize) -> Option<(usize, usize)> {
    let index = groups.get(..group)?.iter().rposition(|size| *size > 0)?;
    let start = groups.get(..index)?.iter().sum();
    Some((start, *groups.get(index)?))
}

#[cfg(test)]
mod tests;
