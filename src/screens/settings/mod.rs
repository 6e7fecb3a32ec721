//! Settings: how the console looks, which server it talks to, what that server offers.

mod look;
mod offers;
mod portable;
mod server;

use crate::screens::page::Page;
use leptos::prelude::*;

/// `/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <Page title="Settings">
            <div class="settings">
                <look::Look/>
                <server::Server/>
                <portable::Portable/>
                <offers::Offered/>
            </div>
        </Page>
    }
}
