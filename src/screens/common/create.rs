//! The ways to the forms for new VMs and copies.

use crate::api::capabilities::Feature;
use crate::components::{Button, ButtonLook, IconName, LinkButton};
use crate::paths;
use crate::stores::use_live;
use leptos::prelude::*;

/// "Create VM"; disabled with the reason where the server does not offer it.
#[component]
pub fn CreateButton() -> impl IntoView {
    let live = use_live();
    let refused = live.denied(Feature::Create);
    move || {
        match refused.get() {
        None => view! {
            <LinkButton label="Create VM" look=ButtonLook::Primary icon=IconName::Plus href=paths::href(&paths::vm_new())/>
        }
        .into_any(),
        why => view! {
            <Button
                label="Create VM"
                look=ButtonLook::Primary
                icon=Signal::stored(IconName::Plus)
                disabled=Signal::stored(why)
                on_press=|()| ()
            />
        }
        .into_any(),
    }
    }
}

/// The way to a VM's console, or why there is none.
#[component]
pub fn ConsoleButton(
    /// Why it has none.
    refused: Memo<Option<String>>,
    /// Its plain path.
    #[prop(into)]
    to: Signal<String>,
) -> impl IntoView {
    way("Console", IconName::Console, refused, to)
}

/// The way to the form that copies a VM, or what it was at a snapshot; or why that can't be done now.
#[component]
pub fn CloneButton(
    /// Why it can't be copied.
    refused: Memo<Option<String>>,
    /// The form's plain path.
    #[prop(into)]
    to: Signal<String>,
) -> impl IntoView {
    way("Clone", IconName::Copy, refused, to)
}

/// A link that looks like a button, or a button that says why it leads nowhere.
fn way(
    label: &'static str,
    icon: IconName,
    refused: Memo<Option<String>>,
    to: Signal<String>,
) -> impl IntoView {
    move || match refused.get() {
        None => {
            let href = Signal::derive(move || paths::href(&to.get()));
            view! { <LinkButton label=label icon=icon href=href/> }.into_any()
        }
        why => view! {
            <Button label=label icon=icon disabled=Signal::stored(why) on_press=|()| ()/>
        }
        .into_any(),
    }
}

/// The way to the wizard that moves a VM; or why that can't be done now.
#[component]
pub fn MigrateButton(
    /// Why it can't be moved.
    refused: Memo<Option<String>>,
    /// The wizard's plain path.
    #[prop(into)]
    to: Signal<String>,
) -> impl IntoView {
    way("Migrate", IconName::ArrowRight, refused, to)
}
