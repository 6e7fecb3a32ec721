//! An address that leads nowhere.

use crate::components::{EmptyState, IconName, LinkButton};
use crate::paths;
use crate::screens::page::Page;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Says which address it was, and where to go instead.
#[component]
pub fn NotFound() -> impl IntoView {
    let path = use_location().pathname;
    let words = Signal::derive(move || format!("Nothing stands at {}", path.get()));
    let action = || {
        view! {
            <LinkButton label="Open the dashboard" href=paths::href(&paths::dashboard())/>
            <LinkButton label="Open virtual machines" href=paths::href(&paths::vms())/>
        }
    };
    view! {
        <Page title="Page not found">
            <EmptyState title="This page does not exist" words=words icon=IconName::Search action=action/>
        </Page>
    }
}
