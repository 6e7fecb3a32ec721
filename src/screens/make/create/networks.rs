//! Fifth step: networks.

use super::form::{Form, NicForm};
use crate::components::{
    Button, ControlSize, IconButton, IconName, SelectField, SelectOption, TextField,
};
use crate::domain::provision::{MOST_NICS, NicDraft};
use crate::screens::make::fields::BridgeField;
use leptos::prelude::*;

const MODELS: [(&str, &str); 4] = [
    ("virtio", "VirtIO"),
    ("e1000", "Intel E1000"),
    ("vmxnet3", "VMware vmxnet3"),
    ("rtl8139", "Realtek RTL8139"),
];

#[component]
pub fn Networks(form: Form) -> impl IntoView {
    let nics = form.fields().nics;
    let add = move |()| {
        let usual = form
            .known
            .with_untracked(|known| known.usual_bridge().map(|own| own.name.clone()));
        form.fields().add_nic(NicDraft {
            bridge: usual.unwrap_or_default(),
            ..NicDraft::default()
        });
    };
    let full = Signal::derive(move || {
        nics.with(|all| all.len() >= MOST_NICS)
            .then(|| format!("At most {MOST_NICS} networks"))
    });
    view! {
        <div class="make-rows">
            <For each=move || nics.get() key=|nic| nic.id let:nic>
                <NicRow form=form nic=nic/>
            </For>
            {move || nics.with(Vec::is_empty).then(|| view! { <p class="quiet">"It has no network."</p> })}
            <div class="btn-row">
                <Button label="Add network" icon=Signal::stored(IconName::Plus) size=ControlSize::Small disabled=full on_press=add/>
            </div>
        </div>
    }
}

#[component]
fn NicRow(form: Form, nic: NicForm) -> impl IntoView {
    let nics = form.fields().nics;
    let place = Memo::new(move |_| {
        nics.with(|all| all.iter().position(|own| own.id == nic.id))
            .unwrap_or_default()
    });
    let error = move |what: &'static str| {
        Signal::derive(move || form.error_of(format!("net{}.{what}", place.get())).get())
    };
    let models: Vec<SelectOption> = MODELS
        .map(|(value, label)| SelectOption::new(value, label))
        .to_vec();
    let models = StoredValue::new(models);
    let remove = move |()| nics.update(|all| all.retain(|own| own.id != nic.id));
    view! {
        <fieldset class="make-row">
            <legend class="mono">{move || format!("net{}", place.get())}</legend>
            <div class="form-row">
                <BridgeField value=nic.bridge known=form.known error=error("bridge")/>
                <TextField label="VLAN" value=nic.vlan optional=true mono=true placeholder="none" error=error("vlan")/>
                <SelectField label="Model" value=nic.model options=Signal::stored(models.get_value())/>
                <TextField label="MAC address" value=nic.mac optional=true mono=true placeholder="made by the server" error=error("mac")/>
            </div>
            <IconButton
                label=Signal::derive(move || format!("Remove network net{}", place.get()))
                icon=IconName::Trash
                size=ControlSize::Small
                on_press=remove
            />
        </fieldset>
    }
}
