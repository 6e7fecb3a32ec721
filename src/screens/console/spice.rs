//! SPICE: a file for a viewer outside of the browser.

use super::line::Guest;
use crate::api::console::{self, ConsoleOf};
use crate::components::{Button, ButtonLook, ErrorState, ErrorView, Icon, IconName, IconSize, dom};
use crate::domain::console::{ConsoleKind, spice};
use crate::screens::common::faces::error_view;
use crate::stores::{Live, spawn, use_live};
use leptos::prelude::*;

/// How the last try ended.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    None,
    Saved,
    Failed(ErrorView),
}

/// A ticket, the file for it, and whether a viewer could use that.
async fn fetch(live: &Live, of: &ConsoleOf) -> Result<String, ErrorView> {
    const TITLE: &str = "The file could not be made";
    let shown = |error| error_view(TITLE, &error, live.clock.now());
    let plain = |why: &str| ErrorView {
        title: TITLE.to_owned(),
        message: why.to_owned(),
        ..ErrorView::default()
    };
    let ConsoleOf::Vm(vm) = of else {
        return Err(plain("A node has no SPICE display"));
    };
    let mut again = true;
    let file = loop {
        let access = console::open(&live.client, of, ConsoleKind::Spice)
            .await
            .map_err(shown)?;
        let ticket = access
            .ticket
            .ok_or_else(|| plain("The server gave no ticket"))?;
        match console::spice_file(&live.client, *vm, &ticket).await {
            Ok(file) => break file,
            // A slow line: the ticket was over before it came back.
            Err(error) if again && console::is_spent(&error) => again = false,
            Err(error) => return Err(shown(error)),
        }
    };
    spice::check(file.expose()).map_err(plain)?;
    Ok(file.expose().to_owned())
}

/// One button; a fresh ticket each time.
#[component]
pub fn SpiceDesk(guest: Guest) -> impl IntoView {
    let live = StoredValue::new(use_live());
    let outcome = RwSignal::new(Outcome::None);
    let busy = RwSignal::new(false);
    let (of, name, on) = (StoredValue::new(guest.of.clone()), guest.name, guest.on);
    let off = Signal::derive(move || {
        (on.get() == Some(false)).then(|| format!("{} is not running", name.get()))
    });
    let press = Callback::new(move |()| {
        busy.set(true);
        spawn::page(async move {
            let (live, of) = (live.get_value(), of.get_value());
            let made = fetch(&live, &of).await;
            busy.set(false);
            outcome.set(match made {
                Ok(file) => {
                    let name = format!("{}.vv", name.get_untracked());
                    dom::save_file(&name, "application/x-virt-viewer", &file);
                    Outcome::Saved
                }
                Err(error) => Outcome::Failed(error),
            });
        });
    });
    view! {
        <div class="face">
            <Icon name=IconName::Monitor size=IconSize::Large/>
            <p class="face-title">"SPICE opens in a viewer on this device"</p>
            <p class="face-words">
                "The file holds a password that works once and for a short time. Open it with virt-viewer or remote-viewer; it deletes the file."
            </p>
            <div class="btn-row">
                <Button label="Download .vv file" look=ButtonLook::Primary icon=IconName::Download busy=busy disabled=off on_press=press/>
            </div>
            <p class="face-words" role="status">
                {move || (outcome.get() == Outcome::Saved).then_some("Saved. Ask for another file if the viewer takes too long to open it.")}
            </p>
            {move || match outcome.get() {
                Outcome::Failed(error) => Some(view! { <ErrorState error=error on_retry=press/> }),
                _ => None,
            }}
        </div>
    }
}
