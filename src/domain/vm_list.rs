//! What the VM list shows: filters, order and page, as they stand in the URL's query.
//!
//! `?status=running&tags=env-prod,web-tier&node=proxmox-01&q=web&sort=-cpu&page=2&per=100`
//! `?group=node&cols=status,name,cpu`

use super::ids::VmId;
use super::query::Facts;
use super::status::{Lock, VmStatus};
use super::units::Bytes;
use super::url_query;
use super::vm_group::GroupBy;
pub use super::vm_match::Matcher;
pub use super::vm_order::{Order, SortBy, compare};

/// The state filter (guide: "Status dropdown").
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StatusFilter {
    /// VMs in this state; templates are left out.
    Is(VmStatus),
    /// Templates alone.
    Template,
}

impl StatusFilter {
    /// Its word in the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Is(status) => status.as_str(),
            Self::Template => "template",
        }
    }

    /// From its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "" | "all" => None,
            "template" => Some(Self::Template),
            other => Some(Self::Is(VmStatus::from(other))),
        }
    }
}

/// Rows on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerPage {
    /// This many.
    Rows(usize),
    /// All of them, scrolled.
    All,
}

impl PerPage {
    /// The choices offered.
    pub const CHOICES: [Self; 5] = [
        Self::Rows(25),
        Self::Rows(50),
        Self::Rows(100),
        Self::Rows(200),
        Self::All,
    ];

    /// Its word in the URL and in the selector.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Rows(rows) => rows.to_string(),
            Self::All => "all".to_owned(),
        }
    }

    /// From its word; only the offered choices.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::CHOICES
            .into_iter()
            .find(|choice| choice.label() == word)
    }
}

impl Default for PerPage {
    fn default() -> Self {
        Self::Rows(50)
    }
}

/// The whole state of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListState {
    /// State, or templates.
    pub status: Option<StatusFilter>,
    /// A VM carries all of these (guide's contradictions, 15).
    pub tags: Vec<String>,
    /// Node.
    pub node: Option<String>,
    /// A query in the language of [`super::query`], as it was typed; may be wrong.
    pub search: String,
    /// Order.
    pub order: Order,
    /// Cut into groups; then it stands on one page.
    pub group: Option<GroupBy>,
    /// The columns that are shown, in their order, where the address says so.
    pub columns: Option<Vec<String>>,
    /// First page is 1.
    pub page: usize,
    /// Rows on a page.
    pub per: PerPage,
}

impl ListState {
    /// From the query's pairs. What cannot be read counts as absent.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Self {
        let value = |key: &str| get(key).map(str::trim).filter(|value| !value.is_empty());
        let order = value("sort").and_then(|word| {
            let (word, descending) = word.strip_prefix('-').map_or((word, false), |w| (w, true));
            SortBy::parse(word).map(|by| Order { by, descending })
        });
        Self {
            status: value("status").and_then(StatusFilter::parse),
            tags: value("tags")
                .map(|tags| {
                    tags.split(',')
                        .map(str::trim)
                        .filter(|tag| !tag.is_empty())
                        .map(ToOwned::to_owned)
                        .collect()
                })
                .unwrap_or_default(),
            node: value("node").map(ToOwned::to_owned),
            search: get("q").unwrap_or_default().to_owned(),
            order: order.unwrap_or_default(),
            group: value("group").and_then(GroupBy::parse),
            columns: value("cols").map(|ids| {
                ids.split(',')
                    .filter(|id| !id.is_empty())
                    .map(ToOwned::to_owned)
                    .collect()
            }),
            page: value("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(1)
                .max(1),
            per: value("per").and_then(PerPage::parse).unwrap_or_default(),
        }
    }

    /// The query's pairs; what is as by default is left out.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut put = |key: &'static str, value: String| {
            if !value.is_empty() {
                pairs.push((key, value));
            }
        };
        put(
            "status",
            self.status
                .as_ref()
                .map_or_else(String::new, |s| s.as_str().to_owned()),
        );
        put("tags", self.tags.join(","));
        put("node", self.node.clone().unwrap_or_default());
        put("q", self.search.clone());
        if self.order != Order::default() {
            let minus = if self.order.descending { "-" } else { "" };
            put("sort", format!("{minus}{}", self.order.by.as_str()));
        }
        put(
            "group",
            self.group
                .map_or_else(String::new, |by| by.as_str().to_owned()),
        );
        put(
            "cols",
            self.columns
                .as_ref()
                .map_or_else(String::new, |ids| ids.join(",")),
        );
        if self.page > 1 {
            put("page", self.page.to_string());
        }
        if self.per != PerPage::default() {
            put("per", self.per.label());
        }
        pairs
    }

    /// From the text behind `?`, as in [`ListState::read`].
    #[must_use]
    pub fn read_text(search: &str) -> Self {
        let pairs = url_query::read(search);
        Self::read(|key| {
            let pair = pairs.iter().find(|(name, _)| name == key);
            pair.map(|(_, value)| value.as_str())
        })
    }

    /// Whether anything is left out by a filter.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.status.is_some()
            || !self.tags.is_empty()
            || self.node.is_some()
            || !self.search.trim().is_empty()
    }

    /// Without filters; order, groups, columns and page size stay.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self {
            order: self.order,
            group: self.group,
            columns: self.columns.clone(),
            per: self.per,
            page: 1,
            ..Self::default()
        }
    }
}

/// A VM, as far as the list's filters and order care.
#[derive(Debug, Clone, Copy)]
pub struct RowFacts<'a> {
    /// ID.
    pub vmid: VmId,
    /// Name.
    pub name: &'a str,
    /// Node.
    pub node: &'a str,
    /// State.
    pub status: &'a VmStatus,
    /// Whether it is a template.
    pub template: bool,
    /// Tags.
    pub tags: &'a [String],
    /// Pool.
    pub pool: Option<&'a str>,
    /// `qemu` or `lxc`.
    pub kind: &'a str,
    /// Lock.
    pub lock: Option<&'a Lock>,
    /// State under high availability.
    pub ha: Option<&'a str>,
    /// Share of its cores in use.
    pub cpu: Option<f64>,
    /// Memory in use.
    pub mem: Option<Bytes>,
    /// Memory in all.
    pub maxmem: Option<Bytes>,
    /// Disk in use.
    pub disk: Option<Bytes>,
    /// Disk in all.
    pub maxdisk: Option<Bytes>,
    /// Bytes per second, in and out.
    pub network: Option<f64>,
    /// Seconds since start.
    pub uptime: Option<u64>,
}

impl<'a> RowFacts<'a> {
    /// The same for the query language. The list knows no addresses.
    #[must_use]
    pub fn query_facts(&self) -> Facts<'a> {
        Facts {
            vmid: self.vmid,
            name: self.name,
            node: self.node,
            kind: self.kind,
            status: self.status.as_str(),
            template: self.template,
            tags: self.tags,
            pool: self.pool,
            ips: &[],
            lock: self.lock.map(Lock::as_str),
            ha: self.ha,
            cpu: self.cpu,
            mem: self.mem.map(|bytes| bytes.0),
            maxmem: self.maxmem.map(|bytes| bytes.0),
            disk: self.disk.map(|bytes| bytes.0),
            maxdisk: self.maxdisk.map(|bytes| bytes.0),
            uptime: self.uptime,
        }
    }
}

/// What the tests of the list's rules start from.
#[cfg(test)]
pub(super) mod testing {
    use super::*;

    pub fn row(vmid: u32, name: &'static str, status: &'static VmStatus) -> RowFacts<'static> {
        RowFacts {
            vmid: VmId(vmid),
            name,
            node: "proxmox-01",
            status,
            template: false,
            tags: &[],
            pool: None,
            kind: "qemu",
            lock: None,
            ha: None,
            cpu: None,
            mem: None,
            maxmem: None,
            disk: None,
            maxdisk: None,
            network: None,
            uptime: None,
        }
    }

    pub fn read(query: &[(&str, &str)]) -> ListState {
        ListState::read(|key| {
            query
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, value)| *value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::testing::read;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nonsense_in_the_url_counts_as_absent() {
        let state = read(&[
            ("sort", "-colour"),
            ("page", "-3"),
            ("per", "1000000"),
            ("status", "all"),
        ]);
        assert_eq!(state, read(&[]));
    }

    proptest! {
        #[test]
        fn url_reads_back(
            status in prop::option::of("running|template|[a-z]{1,8}"),
            tags in prop::collection::vec("[a-z0-9-]{1,8}", 0..4),
            node in prop::option::of("[a-z0-9-]{1,8}"),
            search in "[^ ]{0,12}",
            by in prop::sample::select(SortBy::ALL.to_vec()),
            descending: bool,
            group in prop::option::of(prop::sample::select(GroupBy::ALL.to_vec())),
            columns in prop::option::of(prop::collection::vec("[a-z]{1,4}", 1..4)),
            page in 1_usize..99,
            per in prop::sample::select(PerPage::CHOICES.to_vec()),
        ) {
            let state = ListState {
                status: status.as_deref().and_then(StatusFilter::parse),
                tags, node, search, order: Order { by, descending }, group, columns, page, per,
            };
            let pairs = state.pairs();
            let back = ListState::read(|key| {
                pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
            });
            prop_assert_eq!(back, state);
        }
    }
}
