//! Configuration in words: one value with what waits for the next start beside it, and the raw
//! string in reach.

use crate::api::vms::PendingChange;
use crate::components::{
    Button, ButtonLook, Card, ControlSize, Faces, Icon, IconName, SkeletonRows,
};
use crate::domain::config::{self, ConfigMap, PendingValue};
use crate::domain::units::NONE;
use crate::screens::common::faces::face_state;
use crate::screens::vm_detail::edit::Editor;
use crate::screens::vm_detail::model::{VmPage, use_vm};
use crate::screens::vm_detail::retry;
use crate::stores::use_live;
use leptos::prelude::*;

/// A card over the configuration, with its faces. `edit` puts the way to the form into its head.
#[component]
pub fn ConfigCard(
    /// "System".
    title: &'static str,
    /// The title while the card shows something else.
    #[prop(optional)]
    shown: Option<Signal<String>>,
    /// Offers to edit.
    #[prop(optional)]
    edit: bool,
    /// The body brings its own padding.
    #[prop(optional)]
    flush: bool,
    /// A class for the page's layout.
    #[prop(optional)]
    class: &'static str,
    /// Before "Edit" in the head.
    #[prop(optional, into)]
    tools: ViewFn,
    /// Drawn once the configuration is known; reads it from the page.
    children: ChildrenFn,
) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let state = face_state(
        "The configuration could not be loaded",
        vm.detail,
        live.clock.clone(),
    );
    let body = StoredValue::new(children);
    let shown = shown.unwrap_or_else(|| Signal::stored(title.to_owned()));
    let aside = move || {
        let tools = tools.clone();
        view! {
            {move || tools.run()}
            {edit.then(|| view! { <EditButton about=title/> })}
        }
    };
    view! {
        <Card title=shown aside=aside flush=flush class=class>
            <Faces
                state=state
                skeleton=|| view! { <SkeletonRows rows=6/> }
                on_retry=retry(vm.detail)
                let:_detail
            >
                {body.with_value(|body| body())}
            </Faces>
        </Card>
    }
}

#[component]
fn EditButton(about: &'static str) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let refused = Signal::derive(move || editor.refused());
    view! {
        <Button
            label="Edit"
            look=ButtonLook::Quiet
            size=ControlSize::Small
            disabled=refused
            on_press=move |()| editor.open()
            attr:aria-label=format!("Edit: {about}")
        />
    }
}

/// What a key holds, and what it will hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Told {
    now: Option<String>,
    raw: Option<String>,
    /// In words, where a change waits.
    next: Option<String>,
}

fn told(vm: VmPage, key: &str) -> Told {
    let change: Option<PendingChange> = vm
        .pending
        .with(|pending| pending.iter().find(|change| change.key == key).cloned());
    vm.config.with(|config| {
        let Some(config) = config.as_deref() else {
            return Told::default();
        };
        let words = |config: &ConfigMap| config::words(config, key).map(|(_, words)| words);
        Told {
            now: words(config),
            raw: config::text(config, key),
            next: change.map(|change| {
                let value = change.pending.as_ref().filter(|_| !change.delete);
                let waiting = PendingValue { key, value };
                words(&config::with_pending(config, [waiting]))
                    .unwrap_or_else(|| "not set".to_owned())
            }),
        }
    })
}

/// A line of a list of facts: what a key is called, its value in words, what waits. The raw value
/// is the tooltip.
#[component]
pub fn ConfigFact(
    /// Key, e.g. `memory`.
    key: &'static str,
    /// What it is called here.
    label: &'static str,
    /// What holds where the key is not set.
    #[prop(default = NONE)]
    unset: &'static str,
    /// Behind the value.
    #[prop(optional, into)]
    more: ViewFn,
) -> impl IntoView {
    let vm = use_vm();
    let told = Memo::new(move |_| told(vm, key));
    let now = move || told.with(|told| told.now.clone().unwrap_or_else(|| unset.to_owned()));
    let tip = move || told.with(|told| told.raw.as_ref().map(|raw| format!("{key}: {raw}")));
    let next = move || {
        told.with(|told| told.next.clone())
            .map(|next| view! { <Waits next=next/> })
    };
    view! {
        <dt>{label}</dt>
        <dd><span data-tip=tip>{now}</span>{move || more.run()}" "{next}</dd>
    }
}

/// What a value becomes at the next start.
#[component]
pub fn Waits(next: String) -> impl IntoView {
    view! {
        <span class="vm-pending" data-tip="Saved; takes effect at the next start of the VM">
            <Icon name=IconName::Hourglass/>
            {format!("{next} at the next start")}
        </span>
    }
}

/// What waits for a device's key, in words.
pub fn waiting(vm: VmPage, key: &str) -> Option<String> {
    told(vm, key).next
}
