//! Which VMs pass the list's filters.

use super::query::{self, Compiled, Field, Query};
use super::vm_list::{ListState, RowFacts, StatusFilter};

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
        asks_for(&state.search, &[Field::Ip])
    }

    /// Whether the search looks at figures, which change with every poll.
    #[must_use]
    pub fn follows_figures(state: &ListState) -> bool {
        asks_for(
            &state.search,
            &[Field::Cpu, Field::Mem, Field::Disk, Field::Uptime],
        )
    }
}

/// Whether a search that can be read names one of the fields.
fn asks_for(search: &str, fields: &[Field]) -> bool {
    query::parse(search).is_ok_and(|query| {
        let named = |field| fields.contains(&field);
        query
            .terms()
            .iter()
            .any(|term| term.field.is_some_and(named))
    })
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
    use crate::domain::status::VmStatus;
    use crate::domain::vm_list::testing::{read, row};
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn every_search_is_understood_or_not_and_ends(search in "[a-b:()ä \"<>%]{0,24}|( AND| OR|NOT |a:|\\(|\\)){0,8}") {
            let understood = understood(&search);
            prop_assert!(understood.is_some() || query::parse(&search).is_err());
        }
    }
}
