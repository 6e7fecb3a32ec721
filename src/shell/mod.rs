//! The frame: what stands around every screen, and which screen stands at which address.

mod banner;
mod commands;
mod frame;
mod grace;
mod header;
mod keys;
mod look;
mod nav;
mod not_found;
mod notices;
mod palette;
pub mod panic;
mod preload;
mod resume;
mod routes;
mod sign_in;
mod tray;
mod unsaved;

use crate::components::{TipLayer, ToastStack, provide_toasts};
use crate::domain::runtime_config::{ConfigProblems, RuntimeConfig};
use crate::paths;
use crate::screens::page::provide_page_state;
use crate::screens::unsaved::Unsaved;
use crate::stores::{LiveOptions, provide_live};
use leptos::prelude::*;
use leptos_router::components::Router;

/// The whole console.
#[component]
pub fn App(
    /// How this installation is set up.
    config: RuntimeConfig,
) -> impl IntoView {
    let brand = RwSignal::new(config.branding.name.clone());
    let live = provide_live(LiveOptions::browser(config));
    provide_toasts();
    provide_page_state(brand);
    Unsaved::provide();
    look::follow_preferences(&live);
    look::follow_zone(&live);
    view! {
        <Router base=paths::base()>
            <frame::Frame>
                <routes::Screens/>
            </frame::Frame>
            <sign_in::SignIn/>
        </Router>
        <notices::NoticeToasts/>
        <ToastStack/>
        <TipLayer/>
    }
}

/// Stands instead of the console while its configuration is wrong: which file, which fields.
#[component]
pub fn BrokenConfig(
    /// What is wrong.
    problems: ConfigProblems,
) -> impl IntoView {
    view! {
        <main class="sign-in">
            <div class="card config-broken" role="alert">
                <h1>"config.json is wrong"</h1>
                <p>"The console was not started, since it might talk to the wrong server. Correct the file beside index.html, then reload."</p>
                <ul>
                    {problems.problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view()}
                </ul>
            </div>
        </main>
    }
}
