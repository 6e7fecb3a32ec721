//! The fields, each with what is wrong with it, and what went wrong with all of them.

use super::boot::BootOrder;
use super::conflict::Conflict;
use super::form::Form;
use crate::components::faces::FailureNote;
use crate::components::form::NumberRange;
use crate::components::{
    Button, ButtonLook, CheckField, ControlSize, Note, NumberField, SelectField, SelectOption,
    SwitchField, TextArea, TextField, Tone,
};
use crate::domain::config;
use leptos::prelude::*;

/// Proxmox's kinds of guest, the usual ones first.
const OS_TYPES: [&str; 13] = [
    "l26", "win11", "win10", "win8", "win7", "w2k8", "wvista", "w2k3", "wxp", "w2k", "l24",
    "solaris", "other",
];
/// CPU types that every node knows; others are kept where they are set.
const CPU_TYPES: [&str; 8] = [
    "x86-64-v2-AES",
    "x86-64-v2",
    "x86-64-v3",
    "x86-64-v4",
    "host",
    "max",
    "kvm64",
    "qemu64",
];

/// What went wrong, what somebody else changed, what was typed earlier.
#[component]
pub fn Problems(form: Form) -> impl IntoView {
    let restored = move || {
        form.restored.get().then(|| {
            view! {
                <Note tone=Tone::Info>
                    <p>"This is what you had typed before you left the page."</p>
                    <Button label="Start over" size=ControlSize::Small look=ButtonLook::Quiet on_press=move |()| form.start_over()/>
                </Note>
            }
        })
    };
    view! {
        <div class="vm-edit-problems">
            <FailureNote error=form.error/>
            <Conflict form=form/>
            {restored}
            <Show when=move || form.offers_force.get()>
                <CheckField
                    label="Force: go past the server's safety rule"
                    value=form.force
                    help="The rule objects to changing this VM. Tick only if you are sure."
                />
            </Show>
        </div>
    }
}

/// All fields, one under the other.
#[component]
pub fn Fields(form: Form) -> impl IntoView {
    let sockets = config::number(&form.base(), "sockets").unwrap_or(1);
    let cores = if sockets > 1 {
        format!("Cores per socket ({sockets} sockets)")
    } else {
        "Cores".to_owned()
    };
    let virtual_machine = !form.is_container();
    view! {
        <div class="vm-edit">
            {virtual_machine.then(|| view! { <Identity form=form/> })}
            <NumberField
                label=cores
                value=form.cores
                range=NumberRange::new(1.0, 8192.0)
                error=form.error_of("cores")
                placeholder="Default"
            />
            {virtual_machine.then(|| view! {
                <SelectField
                    label="CPU type"
                    value=form.cpu
                    options=cpu_types(&form)
                    error=form.error_of("cpu")
                    help="“host” is fastest, and moves only between nodes with the same processor"
                />
            })}
            <NumberField
                label="Memory"
                value=form.memory
                range=NumberRange::new(16.0, 67_108_864.0).step(1024.0)
                unit="MiB"
                error=form.error_of("memory")
                help=Signal::derive(move || in_words(&form.memory.get()))
                placeholder="Default"
            />
            {virtual_machine.then(|| view! { <BalloonField form=form/> <BootOrder form=form/> })}
            <SwitchField
                label="Starts with its node"
                value=form.onboot
                error=form.error_of("onboot")
            />
            {virtual_machine.then(|| view! {
                <SwitchField
                    label="Guest agent"
                    value=form.agent
                    error=form.error_of("agent")
                    help="The guest needs the QEMU guest agent installed"
                />
            })}
            <SwitchField
                label="Protection"
                value=form.protection
                error=form.error_of("protection")
                help="Refuses to remove the VM and its disks"
            />
            <TextArea
                label="Notes"
                value=form.description
                error=form.error_of("description")
                limit=8192
                rows=4
                optional=true
            />
        </div>
    }
}

/// Name and kind of guest.
#[component]
fn Identity(form: Form) -> impl IntoView {
    let mut systems: Vec<SelectOption> = OS_TYPES
        .iter()
        .map(|key| SelectOption::new(*key, config::os(key)))
        .collect();
    systems.extend(left_out(&form, "ostype"));
    view! {
        <TextField label="Name" value=form.name error=form.error_of("name") mono=true/>
        <SelectField
            label="Guest"
            value=form.ostype
            options=systems
            error=form.error_of("ostype")
            help="The system inside, by which the hypervisor picks its defaults"
        />
    }
}

fn cpu_types(form: &Form) -> Vec<SelectOption> {
    let mut types: Vec<SelectOption> = CPU_TYPES.into_iter().map(SelectOption::from).collect();
    types.extend(left_out(form, "cpu"));
    types
}

/// The hypervisor's default can be kept where it holds.
fn left_out(form: &Form, key: &str) -> Option<SelectOption> {
    config::text(&form.base(), key)
        .is_none()
        .then(|| SelectOption::new("", "The hypervisor's default"))
}

#[component]
fn BalloonField(form: Form) -> impl IntoView {
    view! {
        <NumberField
            label="Balloon down to"
            value=form.balloon
            range=NumberRange::new(0.0, 67_108_864.0).step(512.0)
            unit="MiB"
            error=form.error_of("balloon")
            help="Least memory that the host may leave to the guest; 0 switches the balloon off"
            optional=true
            placeholder="As the memory"
        />
    }
}

/// "4 GiB", below a number of MiB.
fn in_words(mib: &str) -> String {
    mib.trim().parse::<u64>().map_or_else(
        |_| String::new(),
        |mib| {
            crate::domain::units::Bytes(mib.saturating_mul(1 << 20))
                .capacity()
                .to_string()
        },
    )
}
