//! Boot order, by buttons: each device one up or one down, in or out.

use super::form::Form;
use crate::components::{
    ButtonLook, ControlSize, Icon, IconButton, IconName, MenuButton, MenuItem,
};
use crate::domain::config::{self, ConfigMap};
use crate::domain::place::Edge;
use leptos::prelude::*;

/// What can be booted from, by key.
fn bootable(config: &ConfigMap) -> Vec<String> {
    let disks = config::disks(config)
        .into_iter()
        .filter(|disk| !disk.is_cloud_init())
        .map(|disk| disk.key)
        .filter(|key| !key.starts_with("efidisk") && !key.starts_with("tpmstate"));
    disks
        .chain(config::nics(config).into_iter().map(|nic| nic.key))
        .collect()
}

fn about(config: &ConfigMap, key: &str) -> String {
    config::words(config, key).map_or_else(|| "No such device".to_owned(), |(_, words)| words)
}

/// The devices in their order, with buttons.
#[component]
pub fn BootOrder(form: Form) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let error = form.error_of("boot");
    // The older letters name kinds of devices; they cannot be ordered one by one.
    let older = Memo::new(move |_| {
        let base = form.base();
        form.boot
            .with(|order| order.iter().any(|key| !base.contains_key(key)))
            && !config::text(&base, "boot")
                .unwrap_or_default()
                .starts_with("order=")
    });
    let shift = Callback::new(move |(key, by): (String, isize)| {
        form.boot.update(|order| {
            let Some(at) = order.iter().position(|other| *other == key) else {
                return;
            };
            let Some(to) = at.checked_add_signed(by).filter(|to| *to < order.len()) else {
                return;
            };
            order.swap(at, to);
            said.set(format!("{key} is now {} of {}", to + 1, order.len()));
        });
    });
    let remove = Callback::new(move |key: String| {
        form.boot
            .update(|order| order.retain(|other| *other != key));
        said.set(format!("{key} is no longer booted from"));
    });
    view! {
        <div class="field vm-boot" role="group" aria-label="Boot order">
            <div class="field-head">
                <span class="vm-boot-label">"Boot order"</span>
                <Show when=move || !older.get()><AddDevice form=form said=said/></Show>
            </div>
            <Show
                when=move || !older.get()
                fallback=move || view! {
                    <p class="quiet">{move || config::Boot { order: form.boot.get() }.words()}
                    " (in an older form, which is changed in Proxmox VE)"</p>
                }
            >
                <ol class="vm-boot-list">
                    <For each=move || form.boot.get() key=Clone::clone let:key>
                        <Device form=form key=key shift=shift remove=remove/>
                    </For>
                </ol>
            </Show>
            <p class="field-note" aria-live="polite">
                {move || error.get().map(|error| view! {
                    <span class="field-error"><Icon name=IconName::CircleAlert/>{error}</span>
                })}
            </p>
            <span class="vh" role="status">{move || said.get()}</span>
        </div>
    }
}

#[component]
fn Device(
    form: Form,
    key: String,
    shift: Callback<(String, isize)>,
    remove: Callback<String>,
) -> impl IntoView {
    let words = about(&form.base(), &key);
    let place = {
        let key = key.clone();
        Memo::new(move |_| {
            form.boot
                .with(|order| order.iter().position(|other| *other == key))
        })
    };
    let last = move || form.boot.with(Vec::len).saturating_sub(1);
    let first =
        Signal::derive(move || (place.get() == Some(0)).then(|| "It is first already".to_owned()));
    let end = Signal::derive(move || {
        (place.get() == Some(last())).then(|| "It is last already".to_owned())
    });
    let (up, down, out) = (key.clone(), key.clone(), key.clone());
    view! {
        <li>
            <span class="vm-boot-words"><span class="mono">{key.clone()}</span>" "<span class="aside">{words}</span></span>
            <IconButton
                label=format!("Move {key} up")
                icon=IconName::ArrowUp
                size=ControlSize::Small
                disabled=first
                on_press=move |()| shift.run((up.clone(), -1))
            />
            <IconButton
                label=format!("Move {key} down")
                icon=IconName::ArrowDown
                size=ControlSize::Small
                disabled=end
                on_press=move |()| shift.run((down.clone(), 1))
            />
            <IconButton
                label=format!("Do not boot from {key}")
                icon=IconName::X
                size=ControlSize::Small
                on_press=move |()| remove.run(out.clone())
            />
        </li>
    }
}

/// Takes in a device that is not booted from. Menus want fixed names of their items, so it offers
/// the first few; there are seldom more.
#[component]
fn AddDevice(form: Form, said: RwSignal<String>) -> impl IntoView {
    const IDS: [&str; 12] = [
        "device-0",
        "device-1",
        "device-2",
        "device-3",
        "device-4",
        "device-5",
        "device-6",
        "device-7",
        "device-8",
        "device-9",
        "device-10",
        "device-11",
    ];
    let items = Signal::derive(move || {
        let base = form.base();
        let order = form.boot.get();
        bootable(&base)
            .into_iter()
            .filter(|key| !order.contains(key))
            .zip(IDS)
            .map(|(key, id)| {
                let label = format!("{key}: {}", about(&base, &key));
                MenuItem::new(id, label, move || {
                    form.boot.update(|order| order.push(key.clone()));
                    said.set(format!("{key} is booted from last"));
                })
            })
            .collect::<Vec<_>>()
    });
    let some = Memo::new(move |_| items.with(|items| !items.is_empty()));
    view! {
        <Show when=move || some.get()>
            <MenuButton label="Add device" items=items look=ButtonLook::Quiet size=ControlSize::Small edge=Edge::End/>
        </Show>
    }
}
