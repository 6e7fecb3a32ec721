//! The seven tabs.

mod backups;
mod facts;
mod general;
mod hardware;
mod history;
mod moves;
mod options;
mod raw;
mod snapshots;
mod tasks;

pub use raw::use_raw;

use crate::components::{ButtonLook, EmptyState, IconName, LinkButton};
use crate::domain::ids::VmId;
use crate::paths::{self, VmTab};
use leptos::prelude::*;

/// What stands below the tab bar; an address that names no tab says so.
pub fn show(tab: Option<VmTab>, id: VmId) -> AnyView {
    match tab {
        Some(VmTab::General) => view! { <general::General/> }.into_any(),
        Some(VmTab::Hardware) => view! { <hardware::Hardware/> }.into_any(),
        Some(VmTab::Options) => view! { <options::Options/> }.into_any(),
        Some(VmTab::Snapshots) => snapshots::tab(),
        Some(VmTab::Backups) => backups::tab(),
        Some(VmTab::Tasks) => view! { <tasks::Tasks/> }.into_any(),
        // Has a page of its own, under the tab's address.
        Some(VmTab::Console) => ().into_any(),
        None => view! {
            <EmptyState
                title="This page has no such tab"
                words="The address may have a slip in it."
                icon=IconName::File
                action=move || view! {
                    <LinkButton label="Show the VM" look=ButtonLook::Primary href=paths::href(&paths::vm(id))/>
                }
            />
        }
        .into_any(),
    }
}
