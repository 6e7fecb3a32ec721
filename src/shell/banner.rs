//! Says that the connection is lost, since when, and when the next try comes. What is shown below
//! stays, marked old by each panel.

use crate::components::{Button, ControlSize, Icon, IconName};
use crate::domain::units::Seconds;
use crate::stores::connection::Link;
use crate::stores::use_live;
use leptos::prelude::*;

/// The banner above the page; nothing while calls are answered.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let live = use_live();
    let link = live.connection.link();
    let shown = Memo::new(move |_| !link.with(Link::is_up));
    view! { {move || shown.get().then(|| view! { <Lost/> })} }
}

#[component]
fn Lost() -> impl IntoView {
    let live = use_live();
    let link = live.connection.link();
    let next_try = live.connection.next_try();
    let now = live.clock.watch();
    let words = move || match link.get() {
        Link::Up => String::new(),
        Link::Offline { .. } => {
            "This device is offline. What you see is old; it refreshes when the network is back."
                .to_owned()
        }
        Link::Lost { error, .. } => {
            format!(
                "No connection to Moxxie: {}. What you see is old.",
                error.message.trim_end_matches('.')
            )
        }
    };
    let countdown = move || {
        let left = next_try.get()?.millis - now.get().millis;
        let secs = u64::try_from(left.max(0))
            .unwrap_or_default()
            .div_ceil(1000);
        Some(if secs == 0 {
            "Trying now".to_owned()
        } else {
            format!("Next try in {}", Seconds(secs).short())
        })
    };
    let retry = Callback::new(move |()| live.retry_now());
    view! {
        <div class="banner" data-tone="bad" role="alert">
            <Icon name=IconName::WifiOff/>
            <span class="banner-text">{words}</span>
            // Ticks every second: not for the live region.
            <span class="banner-next" aria-hidden="true">{countdown}</span>
            <Button label="Try now" size=ControlSize::Small on_press=retry/>
        </div>
    }
}
