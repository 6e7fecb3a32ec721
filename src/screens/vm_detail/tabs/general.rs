use super::facts::{ConfigCard, ConfigFact};
use super::history::History;
use crate::components::Facts;
use crate::domain::config;
use crate::domain::units::NONE;
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// What the VM is, in words; how it was used; its notes.
#[component]
pub fn General() -> impl IntoView {
    view! {
        <div class="vm-general">
            <System/>
            <History/>
            <Notes/>
        </div>
    }
}

#[component]
fn System() -> impl IntoView {
    view! {
        <ConfigCard title="System" edit=true class="vm-system">
            <Facts>
                <ConfigFact key="ostype" label="Guest" unset="Other"/>
                <Processors/>
                <ConfigFact key="cpu" label="CPU type" unset="Default"/>
                <ConfigFact key="memory" label="Memory" unset="Default"/>
                <ConfigFact key="balloon" label="Balloon" unset="On, memory fixed"/>
                <ConfigFact key="boot" label="Boot order" unset="Default"/>
                <ConfigFact key="onboot" label="Starts with node" unset="No"/>
                <Agent/>
                <ConfigFact key="protection" label="Protection" unset="Off"/>
                <Managed/>
            </Facts>
        </ConfigCard>
    }
}

#[component]
fn Processors() -> impl IntoView {
    let vm = use_vm();
    let words = Memo::new(move |_| {
        vm.config.with(|config| {
            let config = config.as_deref()?;
            let sockets = config::number(config, "sockets").filter(|sockets| *sockets > 1);
            let cores = config::number(config, "cores")?;
            Some(sockets.map_or_else(
                || cores.to_string(),
                |sockets| format!("{} ({sockets} sockets of {cores})", sockets * cores),
            ))
        })
    });
    let several = Memo::new(move |_| {
        vm.config.with(|config| {
            config
                .as_deref()
                .and_then(|config| config::number(config, "sockets"))
                .is_some_and(|s| s > 1)
        })
    });
    move || {
        if several.get() {
            view! { <dt>"Cores"</dt><dd>{move || words.get().unwrap_or_else(|| NONE.to_owned())}</dd> }
                .into_any()
        } else {
            view! { <ConfigFact key="cores" label="Cores" unset="Default"/> }.into_any()
        }
    }
}

/// Whether the agent is set up, and whether it answers.
#[component]
fn Agent() -> impl IntoView {
    let vm = use_vm();
    let answers = Memo::new(move |_| {
        let on = vm.on.get();
        vm.live
            .value
            .with(|figures| figures.as_ref().and_then(|f| f.agent_status))
            .filter(|_| on)
    });
    let set_up = Memo::new(move |_| {
        vm.config.with(|config| {
            config
                .as_deref()
                .and_then(|config| config::flag(config, "agent"))
        })
    });
    let words = move || match (set_up.get(), answers.get()) {
        (Some(true), Some(state)) if state > 0 => Some("answers"),
        (Some(true), Some(_)) => Some("does not answer"),
        _ => None,
    };
    let more = move || words().map(|words| view! { <span class="aside">", " {words}</span> });
    view! { <ConfigFact key="agent" label="Guest agent" unset="Off" more=more/> }
}

#[component]
fn Managed() -> impl IntoView {
    let vm = use_vm();
    let state = Memo::new(move |_| {
        vm.vm
            .with(|vm| vm.hastate.clone().filter(|s| !s.is_empty()))
    });
    let words = move || {
        state.get().map_or_else(
            || "Not managed".to_owned(),
            |state| format!("Managed, {state}"),
        )
    };
    view! { <dt>"High availability"</dt><dd>{words}</dd> }
}

/// Notes as plain text, line by line: markup in them stays text.
#[component]
fn Notes() -> impl IntoView {
    let vm = use_vm();
    let notes = Memo::new(move |_| {
        vm.config.with(|config| {
            config
                .as_deref()
                .and_then(|config| config::text(config, "description"))
                .filter(|notes| !notes.trim().is_empty())
        })
    });
    view! {
        <ConfigCard title="Notes" edit=true class="vm-notes-card">
            {move || match notes.get() {
                Some(notes) => view! { <p class="vm-notes">{notes}</p> }.into_any(),
                None => view! { <p class="aside">"No notes. Who owns this VM, and what is it for?"</p> }.into_any(),
            }}
        </ConfigCard>
    }
}
