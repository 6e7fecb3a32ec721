//! Third step: processor, memory, firmware, machine.

use super::form::Form;
use crate::components::form::NumberRange;
use crate::components::{CheckField, NumberField, SelectField, SelectOption, SwitchField};
use crate::screens::make::fields::{memory_words, storage_options};
use leptos::prelude::*;

/// CPU types that every node knows.
const CPUS: [&str; 6] = [
    "x86-64-v2-AES",
    "x86-64-v3",
    "x86-64-v4",
    "host",
    "max",
    "kvm64",
];

#[component]
pub fn System(form: Form) -> impl IntoView {
    let fields = form.fields();
    let uefi = Memo::new(move |_| fields.firmware.with(|word| word == "uefi"));
    let cpus: Vec<SelectOption> = CPUS.into_iter().map(SelectOption::from).collect();
    let firmware = vec![
        SelectOption::new("bios", "BIOS (SeaBIOS)"),
        SelectOption::new("uefi", "UEFI (OVMF)"),
    ];
    let machines = vec![
        SelectOption::new("q35", "q35 (PCI Express)"),
        SelectOption::new("i440fx", "i440fx (older)"),
    ];
    let memory = memory_words(fields.memory);
    view! {
        <div class="form">
            <div class="form-row">
                <NumberField label="Cores" value=fields.cores range=NumberRange::new(1.0, 128.0) error=form.error_of("cores")/>
                <SelectField label="CPU type" value=fields.cpu options=Signal::stored(cpus) error=form.error_of("cpu")/>
            </div>
            <NumberField
                label="Memory"
                value=fields.memory
                range=NumberRange::new(512.0, 1_048_576.0).step(1024.0)
                unit="MiB"
                help=memory
                error=form.error_of("memory")
            />
            <div class="form-row">
                <SelectField label="Firmware" value=fields.firmware options=Signal::stored(firmware)/>
                <SelectField label="Machine" value=fields.machine options=Signal::stored(machines)/>
            </div>
            <Show when=move || uefi.get()>
                <SelectField
                    label="Storage of the UEFI variables"
                    value=fields.efi_storage
                    options=storage_options(form.known, fields.node.into())
                    error=form.error_of("efi")
                />
                <CheckField label="Secure Boot" value=fields.secure_boot help="With Microsoft's and the vendors' keys enrolled"/>
            </Show>
            <SwitchField label="Guest agent" value=fields.agent help="The guest needs the QEMU guest agent installed"/>
            <SwitchField label="Starts with its node" value=fields.onboot/>
        </div>
    }
}
