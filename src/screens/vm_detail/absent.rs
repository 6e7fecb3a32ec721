//! There is no such VM, or no longer.

use super::crumbs;
use crate::components::{Button, ButtonLook, EmptyState, IconName, LinkButton};
use crate::domain::ids::VmId;
use crate::paths;
use crate::screens::page::Page;
use crate::stores::{spawn, use_live};
use leptos::prelude::*;

/// Why there is nothing to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// The server knows no such VM.
    Missing,
    /// It went away while the page was open; its name.
    Deleted(String),
}

#[component]
pub fn Absent(id: VmId, why: Absence, back: RwSignal<Option<Absence>>) -> impl IntoView {
    let live = use_live();
    let busy = RwSignal::new(false);
    let again = move |()| {
        busy.set(true);
        let feed = live.vm(id).detail.clone();
        spawn::page(async move {
            let found = feed.refresh().await.is_ok();
            let _ = busy.try_set(false);
            if found {
                let _ = back.try_set(None);
            }
        });
    };
    let (title, name, words) = match why {
        Absence::Missing => (
            format!("There is no VM {id}"),
            format!("VM {id}"),
            "It may have been deleted, or the address has a slip in it.".to_owned(),
        ),
        Absence::Deleted(name) => (
            format!("{name} is no longer there"),
            name.clone(),
            format!(
                "VM {id} was deleted while you looked at it. Its backups, if there are any, are kept."
            ),
        ),
    };
    let again = Callback::new(again);
    view! {
        <Page title=name.clone() crumbs=crumbs(name)>
            <EmptyState
                title=title
                words=words
                icon=IconName::Monitor
                action=move || view! {
                    <LinkButton label="Show all VMs" look=ButtonLook::Primary href=paths::href(&paths::vms())/>
                    <Button label="Look again" icon=IconName::Refresh busy=busy on_press=again/>
                }
            />
        </Page>
    }
}

/// The address names no VM at all.
#[component]
pub fn NoSuchAddress(word: String) -> impl IntoView {
    view! {
        <Page title="No such VM" crumbs=crumbs("No such VM".to_owned())>
            <EmptyState
                title="This address names no VM"
                words=format!("VMs are known by their number, such as 101; \u{201c}{word}\u{201d} is none.")
                icon=IconName::Monitor
                action=|| view! {
                    <LinkButton label="Show all VMs" look=ButtonLook::Primary href=paths::href(&paths::vms())/>
                }
            />
        </Page>
    }
}
