//! The navigation: the screens in their groups. What is not built yet is absent.

use crate::components::{Icon, IconName};
use crate::domain::shortcuts::{self, Keys};
use crate::paths;
use crate::screens::page::Link;
use crate::screens::vms::PinnedViews;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// `/`
    Dashboard,
    /// `/vms`
    Vms,
    /// `/migrate`
    Migrate,
    /// `/snapshots`
    Snapshots,
    /// `/backups`
    Backups,
    /// `/settings`
    Settings,
}

impl Entry {
    /// The groups, in the order of the guide's screens, with what stands in each.
    pub const GROUPS: [(&'static str, &'static [Self]); 3] = [
        ("Overview", &[Self::Dashboard]),
        ("Compute", &[Self::Vms, Self::Migrate]),
        ("Data protection", &[Self::Snapshots, Self::Backups]),
    ];

    /// All of them, in the order of the navigation.
    pub fn all() -> impl Iterator<Item = Self> {
        let grouped = Self::GROUPS.iter().flat_map(|(_, entries)| *entries);
        grouped.copied().chain([Self::Settings])
    }

    /// The keys that go there.
    #[must_use]
    pub const fn keys(self) -> Keys {
        match self {
            Self::Dashboard => shortcuts::DASHBOARD,
            Self::Vms => shortcuts::VMS,
            Self::Migrate => shortcuts::MIGRATE,
            Self::Snapshots => shortcuts::SNAPSHOTS,
            Self::Backups => shortcuts::BACKUPS,
            Self::Settings => shortcuts::SETTINGS,
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dashboard => "Dashboard",
            Self::Vms => "Virtual machines",
            Self::Migrate => "Migrate",
            Self::Snapshots => "Snapshots",
            Self::Backups => "Backups",
            Self::Settings => "Settings",
        }
    }

    /// Where it leads.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Dashboard => paths::dashboard(),
            Self::Vms => paths::vms(),
            Self::Migrate => paths::migrate(),
            Self::Snapshots => paths::snapshots(),
            Self::Backups => paths::backups(),
            Self::Settings => paths::settings(),
        }
    }

    /// Its picture.
    #[must_use]
    pub const fn icon(self) -> IconName {
        match self {
            Self::Dashboard => IconName::Dashboard,
            Self::Vms => IconName::Monitor,
            Self::Migrate => IconName::ArrowRight,
            Self::Snapshots => IconName::Snapshot,
            Self::Backups => IconName::Backup,
            Self::Settings => IconName::Settings,
        }
    }

    /// Whether the address `path` (without base) lies in this entry.
    fn holds(self, path: &str) -> bool {
        let own = self.path();
        path == own
            || (own != "/"
                && path
                    .strip_prefix(&own)
                    .is_some_and(|rest| rest.starts_with('/')))
    }
}

/// The links of the frame. Counts stand behind the entries where they mean something.
#[component]
pub fn Nav(
    /// Name of the product.
    #[prop(into)]
    brand: Signal<String>,
    /// VMs in the cluster, once known.
    #[prop(into)]
    vm_count: Signal<Option<usize>>,
    /// A link was followed; the drawer closes.
    on_follow: Callback<()>,
) -> impl IntoView {
    let location = use_location();
    let path = Memo::new(move |_| {
        let path = location.pathname.get();
        path.strip_prefix(paths::base().as_str())
            .map(ToOwned::to_owned)
            .unwrap_or(path)
    });
    let search = location.search;
    let listed = Signal::derive(move || {
        (path.with(|path| *path == Entry::Vms.path())).then(|| search.get())
    });
    let link = move |entry: Entry| {
        let current = move || path.with(|path| entry.holds(path)).then_some("page");
        let count = move || match entry {
            Entry::Vms => vm_count.get(),
            Entry::Dashboard
            | Entry::Migrate
            | Entry::Snapshots
            | Entry::Backups
            | Entry::Settings => None,
        };
        view! {
            <a
                class="nav-link"
                href=paths::href(&entry.path())
                aria-current=current
                title=entry.label()
                on:click=move |_| on_follow.run(())
            >
                <Icon name=entry.icon() />
                <span class="nav-label">{entry.label()}</span>
                <span class="nav-count">{count}</span>
            </a>
        }
    };
    let groups = Entry::GROUPS.map(|(title, entries)| {
        view! {
            <div class="nav-group" role="group" aria-label=title>
                {(title != "Overview")
                    .then(|| view! { <div class="nav-group-title" aria-hidden="true">{title}</div> })}
                {entries.iter().copied().map(link).collect_view()}
                {entries
                    .contains(&Entry::Vms)
                    .then(|| view! { <PinnedViews current=listed on_follow=on_follow/> })}
            </div>
        }
    });
    view! {
        <Link class="nav-brand" to=paths::dashboard()>
            <span class="nav-mark" aria-hidden="true">
                {move || brand.get().chars().next().map(String::from)}
            </span>
            <span class="nav-name">{move || brand.get()}</span>
        </Link>
        {groups.collect_view()}
        <div class="nav-group nav-foot">{link(Entry::Settings)}</div>
    }
}
