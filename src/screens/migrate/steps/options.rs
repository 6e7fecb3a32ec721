//! Live or not, local disks, force, network and bandwidth, how many at once.

use crate::components::form::NumberRange;
use crate::components::{
    CheckField, Note, NumberField, SelectField, SelectOption, TextField, Tone,
};
use crate::domain::units::count;
use crate::screens::migrate::form::Form;
use leptos::prelude::*;

/// All options. What holds where one is left empty stands in it.
#[component]
pub fn Options(form: Form) -> impl IntoView {
    let running = Memo::new(move |_| {
        form.known
            .with(|known| known.guests.iter().filter(|own| own.is_on()).count())
    });
    let help = Signal::derive(move || match running.get() {
        0 => "None of the chosen VMs runs: all are moved powered off".to_owned(),
        one => format!(
            "{} and would be moved live; without that only what is powered off moves",
            count(one, "VM runs", "VMs run")
        ),
    });
    let kinds = vec![
        SelectOption::new("", "As the cluster is set"),
        SelectOption::new("secure", "Secure: through an encrypted tunnel"),
        SelectOption::new("insecure", "Insecure: plain, on a network that is trusted"),
    ];
    let blocked = form.error_of("target");
    view! {
        <CheckField label="Move powered-off VMs only" value=form.offline help=help/>
        <CheckField
            label="Copy local disks"
            value=form.local_disks
            help="Disks that only their present node can read are copied to the target"
        />
        <CheckField
            label="Force: also with devices of the node"
            value=form.force
            help="The VM comes without its PCI and USB devices. A server whose safety rules object is overruled by it, too: you are asked again before it is sent"
        />
        {move || form.force.get().then(|| view! {
            <Note tone=Tone::Warn>"Devices that are attached to their node will be missing, and the VM may not start there."</Note>
        })}
        <TextField
            label="Migration network"
            value=form.network
            error=form.error_of("network")
            placeholder="As the cluster is set"
            help="CIDR that both nodes have an address in, such as 10.10.0.0/24"
            optional=true
            mono=true
        />
        <SelectField label="Transport" value=form.kind options=Signal::stored(kinds) optional=true/>
        <NumberField
            label="Bandwidth limit"
            value=form.bandwidth
            range=Signal::stored(NumberRange { min: 1.0, max: 2_000_000.0, step: 10.0 })
            error=form.error_of("bandwidth")
            unit="MiB/s"
            placeholder="As the cluster is set"
            optional=true
        />
        <NumberField
            label="At once"
            value=form.at_once
            range=Signal::stored(NumberRange { min: 1.0, max: 4.0, step: 1.0 })
            error=form.error_of("at_once")
            help="One after the other is kindest to network and storage; at most 4"
            unit="VMs"
        />
        {move || blocked.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
    }
}
