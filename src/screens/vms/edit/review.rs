//! The differences, VM by VM, before anything is sent.

use super::form::Form;
use super::outline::Outline;
use crate::api::vms::{self, ConfigPatch};
use crate::components::{Button, CallFold, ControlSize, Icon, IconName, Note, Progress, Tone};
use crate::domain::config::Change;
use crate::domain::ids::VmId;
use crate::domain::mass_edit::{LeftOut, Plan};
use crate::domain::units::{Fraction, count};
use crate::screens::common::call::curl_of;
use leptos::prelude::*;

/// More VMs than this are counted, not drawn: nobody reads them.
const DRAWN: usize = 200;
/// More calls than this are not written out.
const CALLS: usize = 20;

#[component]
pub(super) fn Review(form: Form) -> impl IntoView {
    let outline = form.outline;
    let waiting = Memo::new(move |_| outline.with(|outline| outline.waiting > 0));
    let summary = move || outline.with(in_words);
    view! {
        {move || waiting.get().then(|| view! { <Reading outline=outline/> })}
        <p class="vms-edit-sum" role="status">{move || (!waiting.get()).then(summary)}</p>
        <Unread form=form/>
        <Differences outline=outline/>
        <Others outline=outline/>
        {move || (!waiting.get()).then(|| view! { <Calls form=form/> })}
    }
}

/// "12 VMs change, 5 are so already and are left out, 1 can't be edited."
fn in_words(outline: &Outline) -> String {
    let many = |number: usize| count(number, "VM", "VMs");
    let changes = outline.changes.len();
    let verb = if changes == 1 { "changes" } else { "change" };
    let mut parts = vec![format!("{} {verb}", many(changes))];
    if !outline.same.is_empty() {
        let verb = if outline.same.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {verb} so already", outline.same.len()));
    }
    if !outline.left_out.is_empty() {
        parts.push(format!("{} can't be edited", outline.left_out.len()));
    }
    if !outline.failed.is_empty() {
        parts.push(format!("{} could not be read", outline.failed.len()));
    }
    format!("{}.", parts.join(", "))
}

#[component]
fn Reading(outline: Memo<Outline>) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share = Signal::derive(move || {
        outline.with(|outline| {
            let read = outline.all - outline.waiting;
            Some(Fraction(read as f64 / outline.all.max(1) as f64))
        })
    });
    let words = move || {
        outline.with(|outline| {
            let read = outline.all - outline.waiting;
            format!("Reading the configurations: {read} of {}", outline.all)
        })
    };
    view! {
        <p class="quiet">{words}</p>
        <Progress label="Reading the configurations" share=share bar_only=true/>
    }
}

/// Those whose configuration could not be read: tried again, or left out.
#[component]
fn Unread(form: Form) -> impl IntoView {
    let outline = form.outline;
    let failed = Memo::new(move |_| outline.with(|outline| outline.failed.clone()));
    move || {
        let rows = failed.get();
        (!rows.is_empty()).then(|| {
            let lines = rows.into_iter().map(|LeftOut { name, why }| {
                view! { <li><b>{name}</b>": " {why}</li> }
            });
            view! {
                <Note tone=Tone::Bad>
                    <p class="confirm-error">"These could not be read and would be left out"</p>
                    <ul>{lines.collect_view()}</ul>
                    <Button
                        label="Read them again"
                        icon=Signal::stored(IconName::Refresh)
                        size=ControlSize::Small
                        on_press=move |()| form.read_failed()
                    />
                </Note>
            }
        })
    }
}

#[component]
fn Differences(outline: Memo<Outline>) -> impl IntoView {
    let rows = Memo::new(move |_| {
        outline.with(|outline| {
            let drawn = outline.changes.iter().take(DRAWN);
            drawn
                .map(|(vm, name, plan, _)| (*vm, name.clone(), plan.clone()))
                .collect::<Vec<_>>()
        })
    });
    let more =
        Memo::new(move |_| outline.with(|outline| outline.changes.len().saturating_sub(DRAWN)));
    let any = Memo::new(move |_| rows.with(|rows| !rows.is_empty()));
    view! {
        {move || any.get().then(|| view! {
            <table class="vm-diff vms-diff" aria-label="Differences">
                <thead><tr>
                    <th scope="col">"VM"</th><th scope="col">"Setting"</th>
                    <th scope="col">"Now"</th><th scope="col">"After"</th>
                </tr></thead>
                <For each=move || rows.get() key=|(vm, ..)| *vm let:row>
                    {of_vm(row)}
                </For>
            </table>
        })}
        {move || (more.get() > 0).then(|| view! {
            <p class="quiet">{format!("and {} more in the same way", more.get())}</p>
        })}
    }
}

/// The changes of one VM, its name beside all of them.
fn of_vm((vm, name, plan): (VmId, String, Plan)) -> impl IntoView {
    let span = plan.changes.len().to_string();
    let missing = plan.missing;
    let mut head = Some(view! {
        <th scope="rowgroup" rowspan=span>
            {name}" "<span class="mono">{vm.to_string()}</span>
            {missing.map(|why| view! { <span class="vms-diff-note">{why}</span> })}
        </th>
    });
    let rows = plan.changes.into_iter().map(|change| {
        let Change {
            label,
            old,
            new,
            restart,
            ..
        } = change;
        let or_unset = |value: Option<String>| value.unwrap_or_else(|| "not set".to_owned());
        view! {
            <tr>
                {head.take()}
                <td class="vms-diff-label">{label}</td>
                <td class="vm-old">{or_unset(old)}</td>
                <td>
                    <span class="vm-new">{or_unset(new)}</span>
                    {restart.then(|| view! {
                        <span class="vm-pending"><Icon name=IconName::Hourglass/>"if it runs, at the next start"</span>
                    })}
                </td>
            </tr>
        }
    });
    view! { <tbody>{rows.collect_view()}</tbody> }
}

/// Those that don't change, and those that can't.
#[component]
fn Others(outline: Memo<Outline>) -> impl IntoView {
    let same = Memo::new(move |_| {
        let same = |outline: &Outline| outline.same.iter().map(|(_, name)| name.clone()).collect();
        outline.with(same)
    });
    let left = Memo::new(move |_| outline.with(|outline| outline.left_out.clone()));
    let same_list = move || {
        let names: Vec<String> = same.get();
        (!names.is_empty()).then(|| {
            let words = format!(
                "{} as asked for already",
                count(names.len(), "VM is", "VMs are")
            );
            view! {
                <details class="vms-edit-others">
                    <summary>{words}</summary>
                    <p>{names.join(", ")}</p>
                </details>
            }
        })
    };
    let left_list = move || {
        let rows = left.get();
        (!rows.is_empty()).then(|| {
            let lines = rows.into_iter().map(|LeftOut { name, why }| {
                view! { <li><b>{name}</b>": " {why}</li> }
            });
            view! {
                <Note tone=Tone::Warn>
                    <p class="confirm-error">"These can't be edited and are left out"</p>
                    <ul>{lines.collect_view()}</ul>
                </Note>
            }
        })
    };
    view! { {left_list} {same_list} }
}

/// The calls that will be sent.
#[component]
fn Calls(form: Form) -> impl IntoView {
    let outline = form.outline;
    let text = Signal::derive(move || {
        let client = form.edit.live().client.clone();
        outline.with(|outline| {
            let calls = outline
                .changes
                .iter()
                .take(CALLS)
                .map(|(vm, _, plan, digest)| {
                    let patch = ConfigPatch::from(plan.patch.clone()).digest(digest.clone());
                    curl_of(&client, &vms::config_shown(*vm, &patch))
                });
            let mut lines: Vec<String> = calls.collect();
            if let Some(more) = outline
                .changes
                .len()
                .checked_sub(CALLS)
                .filter(|more| *more > 0)
            {
                lines.push(format!("# and {more} more"));
            }
            lines.join("\n")
        })
    });
    let any = Memo::new(move |_| outline.with(|outline| !outline.changes.is_empty()));
    move || {
        any.get().then(|| {
            view! {
                <CallFold text=text many=true/>
            }
        })
    }
}
