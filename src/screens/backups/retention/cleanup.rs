//! Having the server remove what a rule does not keep: asked with what is lost, then followed until
//! it is gone.

use super::super::ask::BackupAsk;
use super::super::fleet::Fleet;
use super::super::may;
use super::figures::bare_words;
use super::kept::Kept;
use super::reckon::{Reckoned, bare, compared};
use super::server::{Server, unread_words};
use crate::api::backups::{Candidate, CleanupResult, cleanup_shown};
use crate::api::capabilities::Feature;
use crate::api::tasks::TaskState;
use crate::components::{
    Button, ButtonLook, CallFold, ConfirmDialog, ControlSize, Loss, Note, Progress, Tone,
};
use crate::domain::units::{Bytes, Fraction, Instant, count};
use crate::screens::common::call::curl_of;
use crate::screens::common::force::Force;
use crate::stores::actions::{Change, Failures};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// VMs that are named in the question.
const NAMED: usize = 6;
/// The list is read quickly for so long.
const QUICK: Duration = Duration::from_secs(120);
/// What is still there so long after nothing works on it any more has failed to go.
const SETTLED_MILLIS: i64 = 4_000;

/// A cleanup that the server has begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Volumes that it removes.
    volids: Vec<String>,
    /// How many, where the server does not name them.
    number: Option<u32>,
    /// Bytes that become free.
    frees: Option<Bytes>,
    /// When it began.
    at: Instant,
}

/// What the server would remove now, where it says; nothing where that is nothing.
fn listed(server: Server) -> Option<Arc<Vec<Candidate>>> {
    let list = server.known()?;
    (!list.is_empty()).then_some(list)
}

/// The way to the question.
#[component]
pub fn CleanUp(
    fleet: Fleet,
    reckoned: Memo<Option<Arc<Reckoned>>>,
    server: Server,
    ran: RwSignal<Option<Ran>>,
) -> impl IntoView {
    let live = use_live();
    let asking = RwSignal::new(false);
    let no_cleanup = live.denied(Feature::Cleanup);
    let refused = Signal::derive(move || {
        no_cleanup.get().or_else(|| match server.known() {
            None => Some("The server has not said what it would remove".to_owned()),
            Some(list) if list.is_empty() && server.unread() == 0 => {
                Some("The server would remove nothing".to_owned())
            }
            Some(_) => None,
        })
    });
    let busy = live.actions.is_busy(Change::Cleanup);
    let call = {
        let client = live.client.clone();
        Signal::derive(move || {
            let of = server.of.get();
            of.map(|of| curl_of(&client, &cleanup_shown(&of, false)))
                .unwrap_or_default()
        })
    };
    let unread = Memo::new(move |_| server.unread());
    let number = Memo::new(move |_| {
        listed(server)
            .map_or(0, |list| list.len())
            .saturating_add(unread.get())
    });
    let what = move || count(number.get(), "backup", "backups");
    let losses = Memo::new(move |_| listed(server).map_or_else(Vec::new, |list| lines(&list)));
    let bared = Memo::new(move |_| {
        let list = listed(server)?;
        let going: HashSet<&str> = list.iter().map(|one| one.volid.as_str()).collect();
        let bare = fleet.all.with(|all| bare(all, &going));
        (!bare.is_empty()).then(|| bare_words(&bare))
    });
    let other = Memo::new(move |_| {
        let difference = compared(reckoned.get().as_deref()?, server)?;
        let more = difference.server_alone.len();
        (more > 0)
            .then(|| format!("{more} of them would stay as reckoned here: the server decides."))
    });
    let on_confirm = confirm(fleet, server, ran);
    view! {
        <div class="btn-row">
            <Button
                label="Remove now"
                look=ButtonLook::DangerQuiet
                disabled=refused
                busy=busy
                on_press=move |()| asking.set(true)
            />
        </div>
        {move || (number.get() > 0).then(|| view! { <CallFold text=call/> })}
        <ConfirmDialog
            open=asking
            on_close=move |()| asking.set(false)
            title=Signal::derive(move || format!("Remove {}?", what()))
            lead="They are deleted from their storages, and nothing brings them back. Protected ones stay."
            losses=losses
            verb=Signal::derive(move || format!("Remove {}", what()))
            keep=Signal::stored("Keep all".to_owned())
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {move || bared.get().map(|words| view! { <Note tone=Tone::Bad><p>{words}</p></Note> })}
            {move || (unread.get() > 0).then(|| view! {
                <Note tone=Tone::Bad><p>{unread_words(unread.get())}</p></Note>
            })}
            {move || other.get().map(|words| view! { <Note tone=Tone::Warn><p>{words}</p></Note> })}
        </ConfirmDialog>
    }
}

fn confirm(
    fleet: Fleet,
    server: Server,
    ran: RwSignal<Option<Ran>>,
) -> crate::components::dialog::ConfirmCall {
    let live = use_live();
    let force = Force::new(false)
        .busy("Another cleanup is under way, so nothing was sent. Try again once that is done.");
    force.call_in_time(&live, "Remove old backups".to_owned(), move |_, _| {
        // The rule of the press: what is typed until it is sent is another question.
        let wanted = server.of.get_untracked();
        move |live: &Live| {
            let (live, at) = (live.clone(), live.clock.now());
            async move {
                // Never without a rule: what the question was about is gone.
                let wanted = wanted?;
                let answer = live.actions.clean_up(wanted, Failures::Caller).await;
                if let Some(Ok(result)) = &answer {
                    let _ = ran.try_set(Some(begun(result, at)));
                    live.fleet_backups.hurry(QUICK);
                    drop(fleet.watch.refresh());
                }
                answer
            }
        }
    })
}

fn begun(result: &CleanupResult, at: Instant) -> Ran {
    let volids = result.candidates.iter().map(|one| one.volid.clone());
    Ran {
        volids: volids.collect(),
        number: result.to_delete,
        frees: result.frees,
        at,
    }
}

/// VM by VM: how many go, and how large they are.
fn lines(list: &[Candidate]) -> Vec<Loss> {
    let mut vms: BTreeMap<String, (usize, u64, usize)> = BTreeMap::new();
    for one in list {
        let name = one.vm_name.clone().filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| match one.vm_id {
            Some(vm) => format!("VM {vm}"),
            None => "a VM that is not named".to_owned(),
        });
        let (number, bytes, sized) = vms.entry(name).or_default();
        *number += 1;
        *bytes = bytes.saturating_add(one.size.map_or(0, |size| size.0));
        *sized += usize::from(one.size.is_some());
    }
    let more = vms.len().saturating_sub(NAMED);
    let mut lines: Vec<Loss> = vms
        .into_iter()
        .take(NAMED)
        .map(|(name, (number, bytes, sized))| {
            let what = format!("{} of {name}", count(number, "backup", "backups"));
            let size = Bytes(bytes).amount();
            let size = match sized {
                0 => String::new(),
                all if all == number => size.to_string(),
                _ => format!("at least {size}"),
            };
            Loss::new(what, size)
        })
        .collect();
    if more > 0 {
        lines.push(Loss::new(
            format!("Those of {}", count(more, "more VM", "more VMs")),
            "",
        ));
    }
    lines
}

/// What goes by the policy, removed one by one: the server's cleanup knows no policies.
#[component]
pub fn RemoveNow(
    fleet: Fleet,
    reckoned: Memo<Option<Arc<Reckoned>>>,
    ask: BackupAsk,
    kept: RwSignal<Kept>,
) -> impl IntoView {
    let live = use_live();
    let when = move || match kept.with(|kept| matches!(kept, Kept::Browser(..))) {
        true => "No job prunes by it. What goes can be removed once, now:",
        false => "Without waiting for the next job:",
    };
    let number =
        Memo::new(move |_| reckoned.with(|all| all.as_ref().map_or(0, |all| all.plan.goes)));
    let asked = live.clone();
    let refused = Signal::derive(move || {
        may::delete_any(&asked)
            .or_else(|| (number.get() == 0).then(|| "Nothing goes by this policy".to_owned()))
    });
    let label = Signal::derive(move || match number.get() {
        0 => "Remove what goes".to_owned(),
        number => format!(
            "Remove the {} that {}",
            count(number, "backup", "backups"),
            if number == 1 { "goes" } else { "go" }
        ),
    });
    let press = move |()| {
        let Some(all) = reckoned.get_untracked() else {
            return;
        };
        let going = all.going();
        let mut volids: Vec<&str> = going.into_iter().collect();
        volids.sort_unstable();
        let targets = volids
            .into_iter()
            .filter_map(|volid| fleet.target(&live, volid));
        ask.delete(targets.collect());
    };
    view! {
        <div class="ret-now">
            <p class="quiet">{when}</p>
            <Button label=label look=ButtonLook::DangerQuiet disabled=refused on_press=press/>
        </div>
    }
}

/// How far a cleanup has come.
#[component]
pub fn Running(fleet: Fleet, ran: RwSignal<Option<Ran>>) -> impl IntoView {
    let shown = Memo::new(move |_| ran.with(Option::is_some));
    move || {
        shown
            .get()
            .then(|| view! { <Progressing fleet=fleet ran=ran/> })
    }
}

#[component]
fn Progressing(fleet: Fleet, ran: RwSignal<Option<Ran>>) -> impl IntoView {
    let live = use_live();
    let tasks = live.tasks.rows.clone();
    let now = live.clock.watch();
    let left = Memo::new(move |_| {
        ran.with(|ran| {
            let volids = ran.as_ref().map_or(&[][..], |ran| ran.volids.as_slice());
            fleet.all.with(|all| {
                let there: HashSet<&str> = all.iter().map(|row| row.volid.as_str()).collect();
                let left = volids.iter().filter(|volid| there.contains(volid.as_str()));
                left.cloned().collect::<Vec<_>>()
            })
        })
    });
    // What is not in the list of a storage that could not be read may well be there.
    let unseen = Memo::new(move |_| {
        fleet.watch.value.with(|all| {
            let failed = all.as_ref().map_or(&[][..], |all| all.failed.as_slice());
            let unread = |volid: &str| {
                let storage = volid.split(':').next().unwrap_or_default();
                failed.iter().any(|(own, _)| own == storage)
            };
            ran.with(|ran| {
                let volids = ran.as_ref().map_or(&[][..], |ran| ran.volids.as_slice());
                let unseen = volids.iter().filter(|volid| unread(volid));
                left.with(|left| unseen.filter(|volid| !left.contains(volid)).count())
            })
        })
    });
    let all = Memo::new(move |_| ran.with(|ran| ran.as_ref().map_or(0, |ran| ran.volids.len())));
    let works = Memo::new(move |_| {
        let rows = tasks.snapshot();
        let mut deleting = rows.iter().filter(|task| task.kind == "imgdel");
        deleting.any(|task| task.state().is_running())
    });
    // Both the tasks and the list are known to lag.
    let rests = Memo::new(move |_| {
        let began = ran.with(|ran| ran.as_ref().map(|ran| ran.at));
        !works.get()
            && began.is_some_and(|at| now.get().millis.saturating_sub(at.millis) > SETTLED_MILLIS)
            && fleet.watch.status.with(|status| status.updated > began)
    });
    let failures = why(ran);
    let done = move || all.get().saturating_sub(left.with(Vec::len) + unseen.get());
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share =
        Signal::derive(move || (all.get() > 0).then(|| Fraction(done() as f64 / all.get() as f64)));
    let words = move || {
        let (done, all) = (done(), all.get());
        let size = ran.with(|ran| ran.as_ref().and_then(|ran| ran.frees));
        if all == 0 {
            let number = ran.with(|ran| ran.as_ref().and_then(|ran| ran.number));
            return match number {
                Some(0) => "The server found nothing to remove".to_owned(),
                Some(number) => format!(
                    "The server removes {} and does not say which",
                    count(number as usize, "backup", "backups")
                ),
                None => "The server has begun, and does not say what it removes".to_owned(),
            };
        }
        let freed = size.map_or_else(String::new, |size| format!(", {} free", size.amount()));
        let (still, unseen) = (left.with(Vec::len), unseen.get());
        let told = ran
            .with(|ran| ran.as_ref().and_then(|ran| ran.number))
            .unwrap_or(0);
        let unnamed = match (told as usize).saturating_sub(all) {
            0 => String::new(),
            more => format!(" The server removes {more} more and does not say which."),
        };
        let words = if done == all {
            format!("{} removed{freed}", count(all, "backup", "backups"))
        } else if rests.get() || still == 0 {
            let there = match still {
                0 => String::new(),
                still => format!("; {still} still there"),
            };
            let dark = match unseen {
                0 => String::new(),
                unseen => {
                    format!("; of {unseen} it is not known, since their storage could not be read")
                }
            };
            format!("{done} of {all} removed{there}{dark}")
        } else {
            format!("Removing: {done} of {all} gone")
        };
        if unnamed.is_empty() {
            words
        } else {
            format!("{words}.{unnamed}")
        }
    };
    let failed = Memo::new(move |_| rests.get() && left.with(|left| !left.is_empty()));
    let over = Memo::new(move |_| (left.with(Vec::is_empty) && unseen.get() == 0) || rests.get());
    let list = move || {
        failed.get().then(|| {
            let rows = left
                .get()
                .into_iter()
                .take(20)
                .map(|volid| view! { <li class="mono">{volid}</li> });
            let told = failures.get().into_iter().map(|why| view! { <p>{why}</p> });
            view! { {told.collect_view()}<ul class="ret-left">{rows.collect_view()}</ul> }
        })
    };
    view! {
        <div class="card ret-run" role="region" aria-label="Cleanup">
            <div class="ret-way" role="status">
                <span>{words}</span>
                {move || (!over.get()).then(|| view! { <Progress label="Backups removed" share=share bar_only=true/> })}
                {move || over.get().then(|| view! {
                    <Button label="Done" size=ControlSize::Small on_press=move |()| ran.set(None)/>
                })}
            </div>
            {list}
        </div>
    }
}

/// What the tasks that failed since say.
fn why(ran: RwSignal<Option<Ran>>) -> Memo<Vec<String>> {
    let tasks = use_live().tasks.rows.clone();
    Memo::new(move |_| {
        let Some(at) = ran.with(|ran| ran.as_ref().map(|ran| ran.at)) else {
            return Vec::new();
        };
        let rows = tasks.snapshot();
        let mut told: Vec<String> = rows
            .iter()
            .filter(|task| {
                task.kind == "imgdel"
                    && task
                        .starttime
                        .is_some_and(|began| began.secs() >= at.secs())
            })
            .filter_map(|task| match task.state() {
                TaskState::Failed(why) => Some(why),
                _ => None,
            })
            .collect();
        told.sort_unstable();
        told.dedup();
        told
    })
}
