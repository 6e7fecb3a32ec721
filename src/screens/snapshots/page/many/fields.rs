//! Which VMs, and what their snapshots are called.

use super::form::{DESCRIPTION, Form};
use crate::components::faces::FailureNote;
use crate::components::{
    Button, ButtonLook, CheckField, ControlSize, SearchField, TextArea, TextField, Tone,
};
use crate::domain::units::grouped;
use crate::screens::snapshots::dialogs::Lifetime;
use leptos::prelude::*;

/// More VMs than this are counted, not drawn: the search finds them.
const DRAWN: usize = 100;
/// Names that are previewed.
const PREVIEWED: usize = 8;

#[component]
pub(super) fn Fields(form: Form) -> impl IntoView {
    let error = Signal::derive(move || form.pattern_error());
    view! {
        <FailureNote error=form.error/>
        <div class="snap-two">
            <Picker form=form/>
            <div>
                <TextField
                    label="Name"
                    value=form.pattern
                    help="{vm}, {date} and {time} are filled in"
                    error=error
                    placeholder="pre-maint-{date}"
                    mono=true
                />
                <TextArea label="Description" value=form.description limit=DESCRIPTION rows=2 optional=true/>
                <Lifetime life=form.life hours=form.hours/>
                <CheckField
                    label="Keep the memory of guests that run (RAM)"
                    value=form.memory
                    help="Takes as much room as their memory, and longer"
                />
                <Preview form=form/>
            </div>
        </div>
    }
}

#[component]
fn Picker(form: Form) -> impl IntoView {
    let matching = Memo::new(move |_| form.matching());
    let more = Memo::new(move |_| matching.with(|vms| vms.len().saturating_sub(DRAWN)));
    let all = move |()| {
        let vms = matching.get_untracked();
        form.chosen
            .update(|chosen| chosen.extend(vms.iter().map(|vm| vm.vmid)));
    };
    let shown = move || {
        matching.with(|vms| {
            let drawn = vms.iter().take(DRAWN);
            drawn
                .map(|vm| (vm.vmid, vm.name.clone(), vm.node.clone()))
                .collect::<Vec<_>>()
        })
    };
    let all_label =
        Signal::derive(move || format!("Choose all {}", grouped(matching.with(Vec::len) as u64)));
    view! {
        <fieldset class="snap-pick">
            <legend>"VMs"</legend>
            <SearchField
                label="Search VMs"
                placeholder="Name, ID, tag or node:…"
                value=form.search
                on_input=move |words| form.search.set(words)
                autofocus=true
            />
            <ul class="snap-vms" aria-label="VMs to choose from" tabindex="0">
                <For each=shown key=Clone::clone let:vm>{one(form, vm)}</For>
            </ul>
            {move || (more.get() > 0).then(|| view! {
                <p class="quiet">{format!("and {} more: search for them", more.get())}</p>
            })}
            <div class="btn-row">
                <span class="snap-sum" role="status">{move || format!("{} chosen", form.number())}</span>
                <Button label=all_label size=ControlSize::Small on_press=all/>
                <Button
                    label="Clear"
                    size=ControlSize::Small
                    look=ButtonLook::Quiet
                    on_press=move |()| form.chosen.update(std::collections::BTreeSet::clear)
                />
            </div>
        </fieldset>
    }
}

fn one(form: Form, (vm, name, node): (crate::domain::ids::VmId, String, String)) -> impl IntoView {
    let on = Memo::new(move |_| form.chosen.with(|chosen| chosen.contains(&vm)));
    view! {
        <li>
            <label class="check with-word">
                <input type="checkbox" prop:checked=move || on.get() on:change=move |_| form.toggle(vm)/>
                <span class="clip">{name}</span>
                <span class="mono quiet">{vm.to_string()}</span>
                <span class="snap-aside">{node}</span>
            </label>
        </li>
    }
}

/// What the first of them will be called.
#[component]
fn Preview(form: Form) -> impl IntoView {
    let rows = Memo::new(move |_| {
        if form.pattern.with(String::is_empty) {
            Vec::new()
        } else {
            form.preview()
        }
    });
    let wrong =
        Memo::new(move |_| rows.with(|rows| rows.iter().filter(|(_, name)| name.is_err()).count()));
    let line = |(vm, name): (String, Result<String, String>)| {
        let (tone, words) = match name {
            Ok(name) => (Tone::Idle, name),
            Err(why) => (Tone::Bad, why),
        };
        view! { <li><b>{vm}</b><span class=format!("snap-mark {}", tone.class())>{words}</span></li> }
    };
    move || {
        let all = rows.get();
        (!all.is_empty()).then(|| {
            let more = all.len().saturating_sub(PREVIEWED);
            // What is wrong is to be seen first.
            let (bad, good): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, name)| name.is_err());
            let shown = bad.into_iter().chain(good).take(PREVIEWED).map(line);
            view! {
                <ul class="snap-which" aria-label="Preview of the names">{shown.collect_view()}</ul>
                {(more > 0).then(|| view! { <p class="quiet">{format!("and {more} more")}</p> })}
                {(wrong.get() > 0).then(|| view! {
                    <p class="snap-why">{format!("{} of them can't be called so and would be left out", wrong.get())}</p>
                })}
            }
        })
    }
}
