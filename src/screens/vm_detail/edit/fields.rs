//! The fields, each with what is wrong with it, and what went wrong with all of them.

use super::boot::BootOrder;
use super::form::Form;
use super::review::Conflict;
use crate::components::faces::CopyReport;
use crate::components::form::NumberRange;
use crate::components::{
    Button, ButtonLook, CheckField, ControlSize, Note, NumberField, SwitchField, TextArea, Tone,
};
use crate::domain::config;
use leptos::prelude::*;

/// What went wrong, what somebody else changed, what was typed earlier.
#[component]
pub fn Problems(form: Form) -> impl IntoView {
    let failed = move || {
        form.error.get().map(|error| {
            let report = error.report.clone();
            view! {
                <Note tone=Tone::Bad>
                    <p class="confirm-error">{error.title}</p>
                    <p class="vm-edit-words">{error.message}</p>
                    {error.hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
                    {report.map(|report| view! { <CopyReport report=report/> })}
                </Note>
            }
        })
    };
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
            <div role="alert">{failed}</div>
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
            <NumberField
                label=cores
                value=form.cores
                range=NumberRange::new(1.0, 8192.0)
                error=form.error_of("cores")
                placeholder="Default"
            />
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
