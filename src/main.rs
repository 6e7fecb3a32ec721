//! Browser entry: reads config.json, mounts the console, takes the boot screen away.

use leptos::prelude::*;
use moxxie_ui::shell::{App, BrokenConfig, panic};
use moxxie_ui::stores::config;

fn main() {
    panic::install();
    #[expect(
        clippy::disallowed_methods,
        reason = "there is no owner yet, and the app does not end"
    )]
    wasm_bindgen_futures::spawn_local(async {
        let config = config::fetch().await;
        if let Some(boot) = document().get_element_by_id("boot") {
            boot.remove();
        }
        mount_to_body(move || match config {
            Ok(config) => view! { <App config=config/> }.into_any(),
            Err(problems) => view! { <BrokenConfig problems=problems/> }.into_any(),
        });
    });
}
