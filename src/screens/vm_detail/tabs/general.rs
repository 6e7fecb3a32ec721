use super::facts::{ConfigCard, ConfigFact};
use super::history::History;
use super::raw::{WordsCard, use_raw};
use crate::components::{Button, ButtonLook, ControlSize, Facts, Markdown};
use crate::domain::config;
use crate::domain::units::NONE;
use crate::paths::VmTab;
use crate::screens::vm_detail::model::use_vm;
use leptos::prelude::*;

/// What the VM is, in words; how it was used; its notes.
#[component]
pub fn General() -> impl IntoView {
    let raw = use_raw();
    view! {
        <div class="vm-general" class:raw=move || raw.get()>
            <System/>
            <History/>
            <Notes/>
        </div>
    }
}

#[component]
fn System() -> impl IntoView {
    view! {
        <WordsCard title="System" tab=VmTab::General class="vm-system">
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
        </WordsCard>
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

/// Notes, which are Markdown by custom; as they were written where one wants that.
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
    let there = Memo::new(move |_| notes.with(Option::is_some));
    let as_text = RwSignal::new(false);
    let text = Signal::derive(move || notes.get().unwrap_or_default());
    let switch = move || {
        there.get().then(|| {
            let label = Signal::derive(move || {
                let words = if as_text.get() {
                    "Show formatted"
                } else {
                    "Show as text"
                };
                words.to_owned()
            });
            view! {
                <Button
                    label=label
                    look=ButtonLook::Quiet
                    size=ControlSize::Small
                    on_press=move |()| as_text.update(|text| *text = !*text)
                />
            }
        })
    };
    view! {
        <ConfigCard title="Notes" edit=true class="vm-notes-card" tools=switch>
            {move || match (there.get(), as_text.get()) {
                (true, true) => view! { <p class="vm-notes">{move || text.get()}</p> }.into_any(),
                (true, false) => view! { <Markdown text=text give_up=move |()| as_text.set(true)/> }.into_any(),
                (false, _) => view! { <p class="aside">"No notes. Who owns this VM, and what is it for?"</p> }.into_any(),
            }}
        </ConfigCard>
    }
}
