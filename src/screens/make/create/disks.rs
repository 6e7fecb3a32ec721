//! Fourth step: disks.

use super::form::{DiskForm, Form};
use crate::components::form::NumberRange;
use crate::components::{
    Button, CheckField, ControlSize, IconButton, IconName, NumberField, SelectField, SelectOption,
};
use crate::domain::provision::{DiskDraft, MOST_DISKS, Source};
use crate::screens::make::fields::storage_options;
use leptos::prelude::*;

#[component]
pub fn Disks(form: Form) -> impl IntoView {
    let disks = form.fields().disks;
    let add = move |()| {
        let last = disks.with_untracked(|all| all.last().map(|disk| disk.storage.get_untracked()));
        let roomiest = || {
            let node = form.fields().node.get_untracked();
            form.known.with_untracked(|known| {
                let fit = known.storages_for(&node, "images");
                fit.first().map(|own| own.name.clone())
            })
        };
        form.fields().add_disk(DiskDraft {
            storage: last.or_else(roomiest).unwrap_or_default(),
            ..DiskDraft::default()
        });
    };
    let full = Signal::derive(move || {
        disks
            .with(|all| all.len() >= MOST_DISKS)
            .then(|| format!("At most {MOST_DISKS} disks"))
    });
    let error = form.error_of("disks");
    view! {
        <div class="make-rows">
            <For each=move || disks.get() key=|disk| disk.id let:disk>
                <DiskRow form=form disk=disk/>
            </For>
            {move || error.get().map(|why| view! { <p class="field-error" role="alert">{why}</p> })}
            <div class="btn-row">
                <Button label="Add disk" icon=Signal::stored(IconName::Plus) size=ControlSize::Small disabled=full on_press=add/>
            </div>
        </div>
    }
}

#[component]
fn DiskRow(form: Form, disk: DiskForm) -> impl IntoView {
    let fields = form.fields();
    let place = Memo::new(move |_| {
        fields
            .disks
            .with(|all| all.iter().position(|own| own.id == disk.id))
            .unwrap_or_default()
    });
    let key = Memo::new(move |_| fields.draft().key(place.get()));
    // A disk that is removed moves the ones behind it: its errors follow its place.
    let error = move |what: &'static str| {
        Signal::derive(move || form.error_of(format!("disk{}.{what}", place.get())).get())
    };
    let copied = Memo::new(move |_| place.get() == 0 && fields.source.get() == Source::Image);
    let buses = [
        ("scsi", "SCSI"),
        ("virtio", "VirtIO block"),
        ("sata", "SATA"),
        ("ide", "IDE"),
    ];
    let buses: Vec<SelectOption> = buses
        .map(|(value, label)| SelectOption::new(value, label))
        .to_vec();
    let caches = [
        ("", "Default (none)"),
        ("writeback", "Write back"),
        ("writethrough", "Write through"),
        ("directsync", "Direct sync"),
    ];
    let caches: Vec<SelectOption> = caches
        .map(|(value, label)| SelectOption::new(value, label))
        .to_vec();
    let remove = move |()| {
        fields
            .disks
            .update(|all| all.retain(|own| own.id != disk.id));
        fields.suit_image();
    };
    let backup_help = Signal::derive(move || {
        if copied.get() {
            "The server puts the copy of an image into backups"
        } else {
            ""
        }
        .to_owned()
    });
    let bus_help = Signal::derive(move || {
        if copied.get() {
            "The image is put on this bus"
        } else {
            ""
        }
        .to_owned()
    });
    view! {
        <fieldset class="make-row">
            <legend class="mono">{move || key.get()}</legend>
            <div class="form-row">
                <NumberField label="Size" value=disk.size range=NumberRange::new(1.0, 65_536.0) unit="GiB" error=error("size")/>
                <SelectField label="Storage" value=disk.storage options=storage_options(form.known, fields.node.into()) error=error("storage")/>
                <SelectField label="Bus" value=disk.bus options=Signal::stored(buses) error=error("bus") locked=copied help=bus_help/>
                <SelectField label="Cache" value=disk.cache options=Signal::stored(caches)/>
            </div>
            <div class="make-checks">
                <CheckField label="Discard" value=disk.discard/>
                <CheckField label="SSD" value=disk.ssd/>
                <CheckField label="In backups" value=disk.backup locked=copied help=backup_help/>
            </div>
            <IconButton
                label=Signal::derive(move || format!("Remove disk {}", key.get()))
                icon=IconName::Trash
                size=ControlSize::Small
                on_press=remove
            />
        </fieldset>
    }
}
