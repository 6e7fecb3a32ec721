//! Where to: the nodes with how full they would be, which one is advised, and how each VM stands to
//! each node.

use super::blockers::Blockers;
use super::lists::Missing;
use super::matrix::Matrix;
use crate::components::{Icon, IconName, Pill, Tone, Usage, UsageBar};
use crate::domain::migrate::{Advice, Level, advise, verdict};
use crate::domain::units::count;
use crate::screens::migrate::form::Form;
use leptos::prelude::*;

/// Nodes, advice, matrix, and what stands in the way.
#[component]
pub fn Target(form: Form) -> impl IntoView {
    let advice = Memo::new(move |_| {
        form.known.with(|known| {
            form.draft.with(|draft| {
                advise(&known.guests, &known.places, |guest, place| {
                    verdict(guest, place, known, draft).level != Level::Blocked
                })
            })
        })
    });
    let names = move || {
        form.known.with(|known| {
            known
                .places
                .iter()
                .map(|own| own.name.clone())
                .collect::<Vec<_>>()
        })
    };
    let names = Memo::new(move |_| names());
    let error = form.error_of("target");
    let best = Memo::new(move |_| {
        advice.with(|all| all.iter().find(|own| own.best).map(|own| own.node.clone()))
    });
    view! {
        <Missing list=form.lists[1]/>
        <Missing list=form.lists[2]/>
        <fieldset
            class="mig-nodes"
            role="radiogroup"
            tabindex="-1"
            aria-labelledby="mig-target-name"
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=move || error.with(Option::is_some).then_some("mig-target-error")
        >
            <legend class="vh" id="mig-target-name">"Target node"</legend>
            <For each=move || names.get() key=Clone::clone let:name>
                <NodeChoice form=form advice=advice name=name/>
            </For>
            {move || best.get().map(|node| view! {
                <p class="quiet">{format!("{node} is suggested: afterwards the fuller of its memory and CPU is the least full.")}</p>
            })}
            {move || error.get().map(|why| view! {
                <p class="field-error" role="alert" id="mig-target-error"><Icon name=IconName::CircleAlert/>{why}</p>
            })}
        </fieldset>
        <Matrix form=form/>
        <Blockers form=form/>
    }
}

/// How many can go there.
fn can(form: Form, name: &str) -> Option<String> {
    let all = form.verdicts(name);
    let comes = all
        .iter()
        .filter(|(_, own)| own.level != Level::Here)
        .count();
    let blocked = all
        .iter()
        .filter(|(_, own)| own.level == Level::Blocked)
        .count();
    let asked = all
        .iter()
        .filter(|(_, own)| own.level == Level::Asked)
        .count();
    match (comes, blocked) {
        (0, _) if all.is_empty() => None,
        (0, _) => Some("all are here".to_owned()),
        (_, 0) if asked > 0 => Some(format!("{} would come", count(comes, "VM", "VMs"))),
        (_, 0) => Some(format!("{} can come", count(comes, "VM", "VMs"))),
        (comes, blocked) => Some(format!("{} of {comes} can come", comes - blocked)),
    }
}

#[component]
fn NodeChoice(form: Form, advice: Memo<Vec<Advice>>, name: String) -> impl IntoView {
    let kept = StoredValue::new(name.clone());
    let own = Memo::new(move |_| {
        advice.with(|all| kept.with_value(|name| all.iter().find(|own| own.node == *name).cloned()))
    });
    let online = Memo::new(move |_| {
        kept.with_value(|name| {
            form.known
                .with(|known| known.place(name).is_some_and(|own| own.online))
        })
    });
    let chosen = Memo::new(move |_| {
        kept.with_value(|name| form.target.with(|target| target.as_deref() == Some(name)))
    });
    let said = Memo::new(move |_| kept.with_value(|name| can(form, name)));
    // Where all are blocked the reasons are worth a look; where all are there is nothing to do.
    let here = Memo::new(move |_| {
        form.known.with(|known| {
            kept.with_value(|name| {
                let guests = &known.guests;
                !guests.is_empty() && guests.iter().all(|own| own.node == *name)
            })
        })
    });
    let off = move || !online.get() || here.get();
    let memory = Signal::derive(move || {
        Usage::share(
            own.with(|own| own.as_ref().and_then(|own| own.memory)),
            "afterwards",
        )
    });
    let cpu = Signal::derive(move || {
        Usage::share(
            own.with(|own| own.as_ref().and_then(|own| own.cpu)),
            "afterwards",
        )
    });
    let free = move || {
        own.with(|own| own.as_ref().and_then(|own| own.free))
            .map(|free| format!("{free} free"))
    };
    let state = move || {
        if online.get() {
            said.get().unwrap_or_default()
        } else {
            "does not answer".to_owned()
        }
    };
    let known =
        Memo::new(move |_| own.with(|own| own.as_ref().is_some_and(|own| own.memory.is_some())));
    let label = format!("Memory of {name} afterwards");
    let cpu_label = format!("CPU of {name} afterwards");
    view! {
        <label class="mig-node-choice" class:off=off class:chosen=move || chosen.get()>
            <input
                type="radio"
                name="mig-target"
                prop:checked=move || chosen.get()
                disabled=off
                on:change=move |_| kept.with_value(|name| form.aim(name))
            />
            <span class="mig-node-name">{name}</span>
            {move || own.with(|own| own.as_ref().is_some_and(|own| own.best)).then(|| view! {
                <Pill tone=Tone::Ok icon=IconName::Check label="Suggested"/>
            })}
            <span class="mig-node-state">{state}" "<span class="quiet">{free}</span></span>
            {move || known.get().then(|| view! {
                <span class="mig-node-bars">
                    <span>"Memory"</span><UsageBar label=label.clone() usage=memory/>
                    <span>"CPU"</span><UsageBar label=cpu_label.clone() usage=cpu/>
                </span>
            })}
        </label>
    }
}
