//! Which VMs.

use super::lists::Missing;
use crate::api::vms::Vm;
use crate::components::{
    Button, ButtonLook, ControlSize, Icon, IconName, SearchField, VmStatePill,
};
use crate::domain::ids::VmId;
use crate::domain::text::{contains, natural};
use crate::domain::units::{Bytes, count};
use crate::screens::common::facts::vm_facts;
use crate::screens::migrate::form::Form;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

/// More VMs than this are counted, not drawn: the search finds them.
const DRAWN: usize = 100;

fn fits(vm: &Vm, typed: &str) -> bool {
    typed.split_whitespace().all(|word| {
        contains(&vm.name, word)
            || contains(&vm.node, word)
            || vm.vmid.to_string().starts_with(word)
            || vm.tags.iter().any(|tag| contains(tag, word))
    })
}

/// A list to choose from, the chosen ones first.
#[component]
pub fn Vms(form: Form) -> impl IntoView {
    let live = use_live();
    let rows = live.vms.rows().clone();
    let search = RwSignal::new(String::new());
    let matching: Memo<Vec<Arc<Vm>>> = Memo::new(move |_| {
        let typed = search.get();
        let mut all: Vec<Arc<Vm>> = rows
            .roster()
            .iter()
            .filter(|vm| fits(vm, &typed))
            .cloned()
            .collect();
        // Those that came chosen stand first, and do not move when one is taken in or out.
        let first = form.vms.get_untracked();
        all.sort_by(|a, b| {
            let chosen = |vm: &Vm| !first.contains(&vm.vmid);
            chosen(a)
                .cmp(&chosen(b))
                .then_with(|| natural(&a.name, &b.name))
                .then_with(|| a.vmid.cmp(&b.vmid))
        });
        all
    });
    let more = Memo::new(move |_| matching.with(|vms| vms.len().saturating_sub(DRAWN)));
    let shown = move || matching.with(|vms| vms.iter().take(DRAWN).cloned().collect::<Vec<_>>());
    let error = form.error_of("vms");
    let summary = Memo::new(move |_| {
        form.known.with(|known| {
            let memory: u64 = known
                .guests
                .iter()
                .filter_map(|own| own.memory)
                .map(|own| own.0)
                .sum();
            let words = format!("{} chosen", count(form.vms.with(Vec::len), "VM", "VMs"));
            if memory == 0 {
                words
            } else {
                format!("{words}, {} of memory", Bytes(memory).capacity())
            }
        })
    });
    let lost: Memo<Vec<VmId>> = Memo::new(move |_| {
        let there = form
            .known
            .with(|known| known.guests.iter().map(|own| own.id).collect::<Vec<_>>());
        form.vms.with(|vms| {
            let gone = vms.iter().filter(|vm| !there.contains(vm));
            gone.copied().collect()
        })
    });
    let loaded = form.lists[0].loaded;
    let leave = move |()| {
        let lost = lost.get_untracked();
        let mut vms = form.vms.get_untracked();
        vms.retain(|vm| !lost.contains(vm));
        form.choose(&vms);
    };
    view! {
        <fieldset class="mig-pick">
            <legend class="vh">"VMs to migrate"</legend>
            <SearchField
                label="Search VMs"
                placeholder="Name, ID, node or tag"
                value=search
                on_input=move |words| search.set(words)
            />
            <Missing list=form.lists[0]/>
            <ul class="mig-vms" aria-label="VMs to choose from" tabindex="0" hidden=move || !loaded.get()>
                <For each=shown key=|vm| vm.vmid let:vm>{one(form, &vm, error)}</For>
            </ul>
            {move || (more.get() > 0).then(|| view! {
                <p class="quiet">{format!("and {} more: search for them", more.get())}</p>
            })}
            <div class="btn-row">
                <span class="mig-sum" role="status">{move || summary.get()}</span>
                <Button
                    label="Clear"
                    size=ControlSize::Small
                    look=ButtonLook::Quiet
                    on_press=move |()| form.choose(&[])
                />
            </div>
            {move || (loaded.get() && !lost.with(Vec::is_empty)).then(|| view! {
                <div class="btn-row">
                    <p class="field-error"><Icon name=IconName::CircleAlert/>
                        {format!("Not there any more: {}", lost.get().iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))}
                    </p>
                    <Button label="Leave out what is gone" size=ControlSize::Small on_press=leave/>
                </div>
            })}
            {move || error.get().map(|why| view! {
                <p class="field-error" role="alert" id=ERROR><Icon name=IconName::CircleAlert/>{why}</p>
            })}
        </fieldset>
    }
}

/// What is wrong with the choice.
const ERROR: &str = "mig-vms-error";

fn one(form: Form, vm: &Vm, error: Signal<Option<String>>) -> impl IntoView + use<> {
    let live = use_live();
    let id = vm.vmid;
    let row = live.vms.rows().row(&id);
    let on = Memo::new(move |_| form.vms.with(|vms| vms.contains(&id)));
    let (node, status) = {
        let (row, other) = (row.clone(), row.clone());
        (
            Memo::new(move |_| {
                row.with(|vm| vm.as_ref().map(|vm| vm.node.clone()))
                    .unwrap_or_default()
            }),
            Signal::derive(move || {
                other
                    .with(|vm| vm.as_ref().map(|vm| vm.status.clone()))
                    .unwrap_or_default()
            }),
        )
    };
    let refused = Memo::new(move |_| {
        row.with(|vm| {
            let facts = vm
                .as_ref()
                .map(|vm| crate::domain::vm_can::migrate(&vm_facts(vm, false, false)));
            facts.and_then(Result::err).map(|why| why.0)
        })
    });
    let name = if vm.name.is_empty() {
        format!("VM {id}")
    } else {
        vm.name.clone()
    };
    view! {
        <li>
            <label class="check with-word">
                <input
                    type="checkbox"
                    prop:checked=move || on.get()
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || error.with(Option::is_some).then_some(ERROR)
                    on:change=move |_| form.toggle(id)
                />
                <span class="clip">{name}</span>
                <span class="mono quiet">{id.to_string()}</span>
                <span class="mig-aside">
                    {move || refused.get().map(|why| view! { <span class="mig-why">{why}</span> })}
                    <VmStatePill status=status/>
                    <span class="mig-node">{move || node.get()}</span>
                </span>
            </label>
        </li>
    }
}
