//! Saved views of a list: its address under a name.

use serde::{Deserialize, Serialize};

/// Longest name of a view.
pub const LONGEST: usize = 40;

/// Filters, order and page size of a list, under a name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedView {
    /// What the person calls it; unlike any other, whatever the case.
    pub name: String,
    /// The address behind `?`, without the page: `q=tag:env-prod&sort=-cpu`.
    pub query: String,
    /// Whether it stands in the navigation.
    pub pinned: bool,
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The view of that name.
#[must_use]
pub fn find<'a>(views: &'a [SavedView], name: &str) -> Option<&'a SavedView> {
    views.iter().find(|view| same(&view.name, name))
}

/// What is wrong with a name.
#[must_use]
pub fn name_problem(name: &str) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        return Some("Give the view a name".to_owned());
    }
    let length = name.chars().count();
    (length > LONGEST).then(|| format!("{length} letters; {LONGEST} at most"))
}

/// With the view: in the place of the one of the same name, which stays pinned, else at the end.
#[must_use]
pub fn with(views: &[SavedView], view: SavedView) -> Vec<SavedView> {
    let mut views = views.to_vec();
    match views.iter_mut().find(|old| same(&old.name, &view.name)) {
        Some(old) => {
            let pinned = old.pinned || view.pinned;
            *old = SavedView { pinned, ..view };
        }
        None => views.push(view),
    }
    views
}

/// Without the view of that name.
#[must_use]
pub fn without(views: &[SavedView], name: &str) -> Vec<SavedView> {
    let mut views = views.to_vec();
    views.retain(|view| !same(&view.name, name));
    views
}

/// With the view of that name pinned, or not.
#[must_use]
pub fn pinned(views: &[SavedView], name: &str, on: bool) -> Vec<SavedView> {
    let mut views = views.to_vec();
    for view in views.iter_mut().filter(|view| same(&view.name, name)) {
        view.pinned = on;
    }
    views
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn view(name: &str, query: &str) -> SavedView {
        SavedView {
            name: name.to_owned(),
            query: query.to_owned(),
            pinned: false,
        }
    }

    #[test]
    fn a_name_holds_one_view() {
        let views = with(&[view("Prod", "q=a")], view(" prod ", "q=b"));
        assert_eq!(views.len(), 1);
        assert_eq!(find(&views, "PROD").unwrap().query, "q=b");
    }

    #[test]
    fn saving_again_leaves_it_pinned() {
        let views = pinned(&[view("Prod", "q=a")], "Prod", true);
        assert!(with(&views, view("Prod", "q=b"))[0].pinned);
        assert!(!pinned(&views, "prod", false)[0].pinned);
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(name_problem("  "), Some("Give the view a name".to_owned()));
        assert!(name_problem(&"ä".repeat(LONGEST)).is_none());
        assert!(name_problem(&"ä".repeat(LONGEST + 1)).is_some());
    }

    proptest! {
        #[test]
        fn what_is_saved_is_found_and_what_is_removed_is_not(
            names in prop::collection::vec("[a-cA-C]{1,2}", 0..6),
            name in "[a-cA-C]{1,2}",
        ) {
            let mut views = Vec::new();
            for name in &names {
                views = with(&views, view(name, name));
            }
            let more = with(&views, view(&name, "new"));
            prop_assert_eq!(&find(&more, &name).unwrap().query, "new");
            let fewer = without(&more, &name);
            prop_assert!(find(&fewer, &name).is_none());
            let others = views.iter().filter(|view| !same(&view.name, &name)).count();
            prop_assert_eq!(fewer.len(), others);
        }
    }
}
