//! What stands in the way of the chosen node, VM by VM, each with the action that removes it.

use super::matrix::look;
use crate::api::vms::ConfigPatch;
use crate::components::{Button, ButtonLook, Card, ControlSize, Icon, Note, Tone};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Guest, Level, Reason, Remedy, Step, Verdict};
use crate::paths::{self, VmTab};
use crate::screens::migrate::form::Form;
use crate::screens::page::Link;
use crate::stores::actions::{Change, Failures};
use crate::stores::{spawn, use_live};
use leptos::prelude::*;

/// The VMs that something is said of; those that can't go first.
#[component]
pub fn Blockers(form: Form) -> impl IntoView {
    let told: Memo<Vec<(Guest, Verdict)>> = Memo::new(move |_| {
        let Some(target) = form.target.get() else {
            return Vec::new();
        };
        let mut all = form.verdicts(&target);
        all.retain(|(_, own)| !own.reasons.is_empty());
        all.sort_by_key(|(_, own)| std::cmp::Reverse(own.level));
        all
    });
    let keys = Memo::new(move |_| {
        told.with(|all| {
            all.iter()
                .map(|(guest, own)| (guest.id, guest.name.clone(), own.clone()))
                .collect::<Vec<_>>()
        })
    });
    let unknown =
        Memo::new(move |_| told.with(|all| all.iter().any(|(_, own)| own.level == Level::Unknown)));
    let title = Signal::derive(move || format!("To {}", form.target.get().unwrap_or_default()));
    move || {
        let all = keys.get();
        (!all.is_empty()).then(move || {
            let rows = all.into_iter().map(move |(vm, name, verdict)| view! {
                <OneVm form=form vm=vm name=name verdict=verdict/>
            });
            view! {
                <Card title=title class="mig-blockers">
                    {unknown.get().then(|| view! {
                        <Note tone=Tone::Warn>
                            "The server could not check all of it. What the console knows of disks and \
                             storages stands below; the migration itself may still refuse."
                        </Note>
                    })}
                    <ul>{rows.collect_view()}</ul>
                </Card>
            }
        })
    }
}

#[component]
fn OneVm(form: Form, vm: VmId, name: String, verdict: Verdict) -> impl IntoView {
    let (tone, icon, word) = look(verdict.level);
    let blocked = matches!(verdict.level, Level::Blocked | Level::Unknown);
    let leave = move |()| form.toggle(vm);
    let reasons = verdict
        .reasons
        .into_iter()
        .map(|reason| view! { <OneReason form=form vm=vm reason=reason/> })
        .collect_view();
    view! {
        <li class="mig-blocker">
            <div class=format!("mig-blocker-head {}", tone.class())>
                <Icon name=icon/>
                <b>{name.clone()}</b>
                <span>{word}</span>
                {blocked.then(|| view! {
                    <Button
                        label=format!("Leave {name} out")
                        size=ControlSize::Small
                        look=ButtonLook::Quiet
                        on_press=leave
                    />
                })}
            </div>
            <ul class="mig-reasons">{reasons}</ul>
        </li>
    }
}

#[component]
fn OneReason(form: Form, vm: VmId, reason: Reason) -> impl IntoView {
    let Reason {
        words,
        blocks,
        remedy,
    } = reason;
    let class = if blocks {
        "mig-reason blocks"
    } else {
        "mig-reason"
    };
    view! {
        <li class=class>
            <span>{words}</span>
            // Going on is one way, asking again the other.
            {(remedy == Some(Remedy::GoOn)).then(|| view! { <RemedyButton form=form vm=vm remedy=Remedy::Again/> })}
            {remedy.map(|remedy| view! { <RemedyButton form=form vm=vm remedy=remedy/> })}
        </li>
    }
}

/// The change that a remedy is, and the one that takes it back. A drive stays, empty.
fn change(form: Form, vm: VmId, remedy: &Remedy) -> Option<(ConfigPatch, ConfigPatch)> {
    let (key, patch) = match remedy {
        Remedy::Eject(key) => (key, ConfigPatch::new().set(key, "none,media=cdrom")),
        Remedy::Detach(key) => (key, ConfigPatch::new().delete(key)),
        _ => return None,
    };
    let old = form.known.with_untracked(|known| {
        let guest = known.guests.iter().find(|own| own.id == vm)?;
        guest.hardware.as_ref()?.texts.get(key).cloned()
    })?;
    Some((patch, ConfigPatch::new().set(key, old)))
}

#[component]
fn RemedyButton(form: Form, vm: VmId, remedy: Remedy) -> impl IntoView {
    let live = use_live();
    let label = remedy.label();
    let page = match &remedy {
        Remedy::Hardware => Some(paths::vm_tab(vm, VmTab::Hardware)),
        Remedy::Snapshots => Some(paths::vm_tab(vm, VmTab::Snapshots)),
        Remedy::Tasks => Some(paths::vm_tab(vm, VmTab::Tasks)),
        _ => None,
    };
    if let Some(page) = page {
        return view! { <Link class="btn small" to=page>{label}</Link> }.into_any();
    }
    let busy = live.actions.is_busy(Change::Config(vm));
    let press = move |()| match &remedy {
        Remedy::LocalDisks => form.local_disks.set(true),
        Remedy::Live => form.offline.set(false),
        Remedy::GoOn => form.unchecked.set(true),
        Remedy::Again => form.asked.again(vm),
        Remedy::Storage => form.go(Step::Storage),
        other => {
            if let Some((patch, back)) = change(form, vm, other) {
                let changing = live.actions.update_config(vm, patch, back, Failures::Toast);
                spawn::action(async move {
                    let _ = changing.await;
                    form.asked.again(vm);
                });
            }
        }
    };
    view! { <Button label=label size=ControlSize::Small busy=busy on_press=press/> }.into_any()
}
