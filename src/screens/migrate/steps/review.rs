//! The plan as a whole, and the last step before it begins.

use super::storage::plans;
use crate::api::migrate;
use crate::components::{Button, ButtonLook, CallFold, ControlSize, Icon, IconName, Note, Tone};
use crate::domain::migrate::{DiskPlan, Draft, Guest, Step, Verdict};
use crate::domain::units::{Bytes, count};
use crate::screens::common::call::curl_of;
use crate::screens::migrate::form::Form;
use crate::stores::use_live;
use leptos::prelude::*;

#[derive(Clone, PartialEq)]
struct Line {
    name: String,
    way: String,
    how: &'static str,
    disks: Vec<String>,
    size: Bytes,
    remarks: Vec<String>,
}

fn line(guest: &Guest, verdict: Verdict, draft: &Draft, plans: &[DiskPlan]) -> Line {
    let own = || plans.iter().filter(|plan| plan.vm == guest.id);
    let disk = |plan: &DiskPlan| {
        let size = plan
            .drive
            .size
            .map(|size| format!(" ({})", size.capacity()));
        format!(
            "{}{}: {} to {}",
            plan.drive.key,
            size.unwrap_or_default(),
            plan.drive.storage(),
            plan.to.as_deref().unwrap_or("nowhere")
        )
    };
    Line {
        name: guest.name.clone(),
        way: format!(
            "{} → {}",
            guest.node,
            draft.target.as_deref().unwrap_or("?")
        ),
        how: if guest.is_on() { "Live" } else { "Powered off" },
        disks: own().map(disk).collect(),
        size: Bytes(
            own()
                .filter_map(|plan| plan.drive.size)
                .map(|size| size.0)
                .sum(),
        ),
        remarks: verdict
            .reasons
            .into_iter()
            .map(|reason| reason.words)
            .collect(),
    }
}

/// Ways back to the steps before.
const CHANGES: [(Step, &str); 4] = [
    (Step::Vms, "Change VMs"),
    (Step::Target, "Change target"),
    (Step::Storage, "Change storage"),
    (Step::Options, "Change options"),
];

/// The VMs that move, and what is chosen, each with a way back to its step.
#[component]
pub fn Review(form: Form) -> impl IntoView {
    let plans = plans(form);
    let lines = Memo::new(move |_| {
        let target = form.target.get().unwrap_or_default();
        let verdicts = form.verdicts(&target);
        form.draft.with(|draft| {
            plans.with(|plans| {
                verdicts
                    .into_iter()
                    .filter(|(guest, _)| guest.node != target)
                    .map(|(guest, verdict)| line(&guest, verdict, draft, plans))
                    .collect::<Vec<_>>()
            })
        })
    });
    let row = |line: Line| {
        let disks = if line.disks.is_empty() {
            vec!["none".to_owned()]
        } else {
            line.disks
        };
        let remarks = line.remarks.join(". ");
        let size = (line.size.0 > 0).then(|| line.size.capacity().to_string());
        view! {
            <tr>
                <th scope="row">{line.name}</th>
                <td>{line.way}</td>
                <td>{line.how}</td>
                <td>{disks.into_iter().map(|disk| view! { <div>{disk}</div> }).collect_view()}</td>
                <td class="num">{size}</td>
            </tr>
            {(!remarks.is_empty()).then(|| view! {
                <tr class="mig-remarks"><td colspan="5">{remarks}</td></tr>
            })}
        }
    };
    let head = move |(step, label): (Step, &'static str)| {
        view! {
            <Button
                label=label
                look=ButtonLook::Quiet
                size=ControlSize::Small
                on_press=move |()| form.go(step)
            />
        }
    };
    let chosen = Memo::new(move |_| form.draft.with(facts));
    view! {
        <div class="mig-scroll" tabindex="0" role="group" aria-label="Plan">
            <table class="mig-plan" aria-label="Plan">
                <thead><tr>
                    <th scope="col">"VM"</th><th scope="col">"From and to"</th><th scope="col">"How"</th>
                    <th scope="col">"Disks to copy"</th><th scope="col" class="num">"Size"</th>
                </tr></thead>
                <tbody>{move || lines.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <ul class="mig-facts">
            {move || chosen.get().into_iter().map(|own| view! { <li>{own}</li> }).collect_view()}
        </ul>
        <div class="btn-row">{CHANGES.map(head)}</div>
        <Problems form=form/>
    }
}

/// The options in words.
fn facts(draft: &Draft) -> Vec<String> {
    let mut all = vec![if draft.at_once > 1 {
        format!("Up to {} at once", draft.at_once)
    } else {
        "One after the other".to_owned()
    }];
    all.push(match draft.limit() {
        Ok(Some(kib)) => format!("At most {} MiB/s", kib / 1024),
        _ => "No bandwidth limit beyond the cluster's".to_owned(),
    });
    all.push(match draft.network.trim() {
        "" => "On the network that the cluster is set to".to_owned(),
        network => format!("On the network {network}"),
    });
    all.push(match draft.kind.as_str() {
        "" => "Transport as the cluster is set".to_owned(),
        kind => format!("Transport: {kind}"),
    });
    if draft.offline {
        all.push("Powered-off VMs only".to_owned());
    }
    if !draft.local_disks {
        all.push("Local disks are not copied".to_owned());
    }
    if draft.force {
        all.push("Forced: also with devices of the node".to_owned());
    }
    if draft.unchecked {
        all.push("Also where the server could not check".to_owned());
    }
    all
}

#[component]
fn Problems(form: Form) -> impl IntoView {
    let row =
        |why: String| view! { <p class="field-error"><Icon name=IconName::CircleAlert/>{why}</p> };
    let wrong = Memo::new(move |_| {
        form.wrong.with(|all| {
            all.iter()
                .map(|own| own.message.clone())
                .collect::<Vec<_>>()
        })
    });
    view! { <div role="status">{move || wrong.get().into_iter().map(row).collect_view()}</div> }
}

/// What is about to begin, with the very requests.
#[component]
pub fn Execute(form: Form) -> impl IntoView {
    let live = use_live();
    let words = Memo::new(move |_| {
        form.draft.with(|draft| {
            form.known.with(|known| {
                let movers = draft.movers(known);
                let on = movers.iter().filter(|own| own.is_on()).count();
                let target = draft.target.clone().unwrap_or_default();
                format!(
                    "{} to {target}: {on} live, {} powered off.",
                    match movers.as_slice() {
                        [one] => format!("{} goes", one.name),
                        all => format!("{} go", count(all.len(), "VM", "VMs")),
                    },
                    movers.len() - on
                )
            })
        })
    });
    let call = Signal::derive(move || {
        form.draft.with(|draft| {
            form.known.with(|known| {
                let curl = |guest: &&Guest| {
                    let order = draft.order(guest, known);
                    let shown = migrate::start_shown(&live.client, guest.id, &order);
                    format!("# {}\n{}", guest.name, curl_of(&live.client, &shown))
                };
                let all: Vec<String> = draft.movers(known).iter().map(curl).collect();
                all.join("\n\n")
            })
        })
    });
    view! {
        <p class="mig-words">{move || words.get()}</p>
        <Note>
            "Each request is sent once. It goes on when you leave this page, and this page shows how it \
             stands when you come back. VMs that wait for their turn are sent from this tab: keep it open."
        </Note>
        <Problems form=form/>
        <CallFold text=call many=true/>
        {move || form.force.get().then(|| view! {
            <Note tone=Tone::Warn>"Force is on: devices of the node will be missing."</Note>
        })}
    }
}
