//! What the VM list shows: filters, order and page, as they stand in the URL's query.
//!
//! `?status=running&tags=env-prod,web-tier&node=proxmox-01&q=web&sort=-cpu&page=2&per=100`
//! `?group=node&cols=status,name,cpu`

use super::ids::VmId;
use super::query::{self, Compiled, Facts, Field, Query};
use super::status::{Lock, VmStatus};
use super::units::Bytes;
use super::url_query;
use super::vm_group::GroupBy;
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

/// A filter, prepared once for many rows.
#[derive(Debug, Clone)]
pub struct Matcher {
    status: Option<StatusFilter>,
    tags: Vec<String>,
    node: Option<String>,
    query: Option<Compiled>,
}

impl Matcher {
    /// Prepares the filters of a list's state. Of a search that is wrong somewhere, as while it is
    /// being typed, the part before the mistake holds; where nothing is before it, that of
    /// `before`.
    #[must_use]
    pub fn new(state: &ListState, before: Option<&Self>) -> Self {
        let query = match understood(&state.search) {
            Some(query) => (!query.is_everything()).then(|| Compiled::new(&query)),
            None => before.and_then(|before| before.query.clone()),
        };
        Self {
            status: state.status.clone(),
            tags: state.tags.clone(),
            node: state.node.clone(),
            query,
        }
    }

    /// Whether a row passes.
    #[must_use]
    pub fn matches(&self, row: &RowFacts<'_>) -> bool {
        let status = match &self.status {
            None => true,
            Some(StatusFilter::Template) => row.template,
            Some(StatusFilter::Is(status)) => !row.template && row.status == status,
        };
        status
            && self.node.as_deref().is_none_or(|node| node == row.node)
            && self.tags.iter().all(|tag| row.tags.contains(tag))
            && self
                .query
                .as_ref()
                .is_none_or(|query| query.matches(&row.query_facts()))
    }

    /// Whether the search asks for addresses, which the list does not have.
    #[must_use]
    pub fn asks_for_addresses(state: &ListState) -> bool {
        query::parse(&state.search).is_ok_and(|query| {
            query
                .terms()
                .iter()
                .any(|term| term.field == Some(Field::Ip))
        })
    }

    /// Whether the search looks at figures, which change with every poll.
    #[must_use]
    pub fn follows_figures(state: &ListState) -> bool {
        query::parse(&state.search).is_ok_and(|query| {
            query.terms().iter().any(|term| {
                matches!(
                    term.field,
                    Some(Field::Cpu | Field::Mem | Field::Disk | Field::Uptime)
                )
            })
        })
    }
}

/// The query, or what stands before its first mistake; none where that is nothing.
fn understood(search: &str) -> Option<Query> {
    let mut text = search;
    loop {
        match query::parse(text) {
            Ok(query) if query.is_everything() && text.len() < search.len() => return None,
            Ok(query) => return Some(query),
            // Ever shorter, so it ends.
            Err(error) => {
                let good = text.get(..error.at.start.min(text.len().saturating_sub(1)));
                text = good.unwrap_or_default().trim_end();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(vmid: u32, name: &'static str, status: &'static VmStatus) -> RowFacts<'static> {
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

    fn read(query: &[(&str, &str)]) -> ListState {
        ListState::read(|key| {
            query
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, value)| *value)
        })
    }

    #[test]
    fn filters() {
        let web = row(101, "Web-01", &VmStatus::Running);
        let base = row(9000, "base", &VmStatus::Stopped);
        let base = RowFacts {
            template: true,
            ..base
        };
        let passes = |query: &[(&str, &str)]| {
            let matcher = Matcher::new(&read(query), None);
            (matcher.matches(&web), matcher.matches(&base))
        };
        assert_eq!(passes(&[]), (true, true));
        assert_eq!(passes(&[("status", "running")]), (true, false));
        assert_eq!(passes(&[("status", "stopped")]), (false, false));
        assert_eq!(passes(&[("status", "template")]), (false, true));
        assert_eq!(passes(&[("q", "web 10")]), (true, false));
        assert_eq!(passes(&[("q", "9000")]), (false, true));
        assert_eq!(
            passes(&[("q", "status:template OR name:web")]),
            (true, true)
        );
        assert_eq!(passes(&[("q", "NOT web")]), (false, true));
        assert!(Matcher::asks_for_addresses(&read(&[(
            "q",
            "web OR ip:10.0.*"
        )])));
        assert!(!Matcher::asks_for_addresses(&read(&[("q", "ip")])));
        assert_eq!(passes(&[("tags", "env-prod")]), (false, false));
        assert_eq!(passes(&[("node", "proxmox-02")]), (false, false));
    }

    #[test]
    fn of_a_wrong_search_the_part_before_the_mistake_holds() {
        let web = row(101, "web-01", &VmStatus::Running);
        let before = Matcher::new(&read(&[("q", "name:db")]), None);
        let matches = |search, before| Matcher::new(&read(&[("q", search)]), before).matches(&web);
        assert!(matches("name:web AND (", Some(&before)));
        assert!(!matches("name:db AND (", None));
        assert!(!matches("(", Some(&before)));
        assert!(matches("(", None));
        assert!(matches("", Some(&before)));
    }

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
        fn every_search_is_understood_or_not_and_ends(search in "[a-b:()ä \"<>%]{0,24}|( AND| OR|NOT |a:|\\(|\\)){0,8}") {
            let understood = understood(&search);
            prop_assert!(understood.is_some() || query::parse(&search).is_err());
        }

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
