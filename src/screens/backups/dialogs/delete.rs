//! Deleting backups: which, and what is left to go back to.

use super::super::ask::BackupAsk;
use super::super::may;
use super::super::parts::FarNote;
use super::super::target::{Target, item};
use crate::api::backups::{self, Backup};
use crate::components::time::format_near;
use crate::components::{ConfirmDialog, Loss, Note, Tone, TypedConfirm};
use crate::domain::backup_loss::{self, losses};
use crate::domain::units::{Bytes, Instant, count};
use crate::screens::common::call::curl_of;
use crate::screens::common::force::Force;
use crate::stores::actions::{Failures, Named, Work};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many are named; the rest are counted.
const NAMED: usize = 5;

/// What is asked about, as it stands now.
#[derive(Clone, Copy)]
struct Chosen {
    targets: StoredValue<Vec<Target>>,
    ask: BackupAsk,
}

impl Chosen {
    /// Those that are there and may go; tracked.
    fn going(self) -> Vec<Target> {
        self.targets.with_value(|all| {
            let now = |target: &Target| {
                let backup = self.ask.now(&target.backup.volid)?;
                (!backup.protected).then(|| Target {
                    backup,
                    vm_name: target.vm_name.clone(),
                })
            };
            all.iter().filter_map(now).collect()
        })
    }

    /// How many stay because they are protected; tracked.
    fn protected(self) -> usize {
        self.targets.with_value(|all| {
            let kept = |target: &&Target| {
                let now = self.ask.now(&target.backup.volid);
                now.is_some_and(|backup| backup.protected)
            };
            all.iter().filter(kept).count()
        })
    }

    /// What is lost, VM by VM; tracked.
    fn losses(self, going: &[Target]) -> Vec<backup_loss::Loss> {
        let volids: BTreeSet<&str> = going.iter().map(|own| own.backup.volid.as_str()).collect();
        self.ask.known.with(|all| {
            let items: Vec<_> = all.iter().filter_map(|own| item(own)).collect();
            losses(&items, &volids)
        })
    }
}

fn name_of(going: &[Target], vm: crate::domain::ids::VmId) -> String {
    going
        .iter()
        .find(|own| own.backup.vmid == Some(vm))
        .map_or_else(|| format!("VM {vm}"), |own| own.vm_name.clone())
}

#[component]
pub(super) fn DeleteDialog(
    targets: Vec<Target>,
    ask: BackupAsk,
    on_close: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let now = live.clock.now();
    let number = targets.len();
    let what = match targets.as_slice() {
        [one] => format!("Delete the backup of {}", one.name(now)),
        _ => format!("Delete {}", count(number, "backup", "backups")),
    };
    let first = targets.first().map(|own| own.vm_name.clone());
    let one_vm = targets
        .iter()
        .all(|own| Some(&own.vm_name) == first.as_ref());
    let chosen = Chosen {
        targets: StoredValue::new(targets),
        ask,
    };
    let going = Memo::new(move |_| chosen.going());
    let lost = Memo::new(move |_| going.with(|going| chosen.losses(going)));
    // Asked for once: while a deletion runs its question must not become another one.
    let typed = lost.with_untracked(|lost| lost.iter().any(backup_loss::Loss::is_last));
    let lines = Memo::new(move |_| going.with(|going| lost.with(|lost| lines(going, lost, now))));
    let refused = refused(&live, chosen, going);
    let call = {
        let client = live.client.clone();
        Signal::derive(move || {
            going.with(|going| {
                let one = |own: &Target| curl_of(&client, &backups::delete_shown(&own.backup));
                going.iter().map(one).collect::<Vec<_>>().join("\n")
            })
        })
    };
    let work = StoredValue::new(Work::default());
    let send = move |_: &Live, _: bool| {
        // What is going is taken at the press: afterwards there may be no dialog to ask.
        let named: Vec<Named> =
            going.with_untracked(|going| going.iter().map(|own| own.named(now)).collect());
        let work = work.get_value();
        move |live: &Live| {
            let gone: Vec<String> = named.iter().map(|own| own.backup.volid.clone()).collect();
            let far = work.clone();
            let sent = live.actions.delete_backups(named, Failures::Caller, work);
            async move {
                let answer = sent.await;
                if matches!(answer, Some(Ok(()))) {
                    // Where it was stopped the rest stays chosen.
                    let done = far.done().unwrap_or(gone.len());
                    if done >= gone.len() {
                        ask.tell_deleted();
                    }
                    ask.forget(gone.get(..done).unwrap_or(&gone));
                }
                answer
            }
        }
    };
    let on_confirm = Force::new(false)
        .busy("Other backups are being deleted now, so nothing was sent. Try again once that is done.")
        .call_in_time(&live, what.clone(), send);
    // Short, so that it stands in one line; which one it is stands below.
    let title = match &first {
        Some(name) if number == 1 => format!("Delete a backup of {name}?"),
        _ => format!("{what}?"),
    };
    let verb = if number == 1 {
        "Delete backup"
    } else {
        "Delete backups"
    };
    let keep = if number == 1 {
        "Keep backup"
    } else {
        "Keep them"
    };
    let notes = move || {
        view! {
            <Remarks chosen=chosen lost=lost going=going refused=refused/>
            <HowFar work=work/>
        }
    };
    let lead = if number == 1 {
        "Nothing can be restored from it any more. The VM itself stays as it is."
    } else {
        "Nothing can be restored from them any more, one after the other. The VMs stay as they are."
    };
    if typed {
        let name = match (&first, one_vm) {
            (Some(name), true) => name.clone(),
            _ => count(number, "backup", "backups"),
        };
        return view! {
            <TypedConfirm
                open=Signal::stored(true) on_close=on_close title=title name=name
                lead=lead losses=lines verb=verb keep=Signal::stored(keep.to_owned())
                refused=refused on_confirm=on_confirm call=call
            >
                {notes()}
            </TypedConfirm>
        }
        .into_any();
    }
    view! {
        <ConfirmDialog
            open=Signal::stored(true) on_close=on_close title=title
            lead=lead losses=lines verb=verb keep=Signal::stored(keep.to_owned())
            refused=refused on_confirm=on_confirm call=call
        >
            {notes()}
        </ConfirmDialog>
    }
    .into_any()
}

/// How far several have come, while they are asked for, and the way to stop.
#[component]
fn HowFar(work: StoredValue<Work>) -> impl IntoView {
    let far = work.with_value(Work::far);
    let shown = Memo::new(move |_| far.get().filter(|far| !far.ended));
    let stop = Callback::new(move |()| work.with_value(Work::stop));
    view! { <FarNote far=shown verb="Delete" past="begun" on_close=|()| () on_stop=stop/> }
}

fn refused(live: &Live, chosen: Chosen, going: Memo<Vec<Target>>) -> Signal<Option<String>> {
    let live = live.clone();
    Signal::derive(move || {
        if let Some(why) = may::delete_any(&live) {
            return Some(why);
        }
        if going.with(|going| !going.is_empty()) {
            return None;
        }
        let many = chosen.targets.with_value(Vec::len) > 1;
        Some(match (chosen.protected(), many) {
            (0, false) => "It is not there any more".to_owned(),
            (0, true) => "They are not there any more".to_owned(),
            (_, false) => "It is protected: lift its protection first".to_owned(),
            (_, true) => "All of them are protected: lift their protection first".to_owned(),
        })
    })
}

/// What there is to know: the last one of a VM, protected ones, why nothing can be done.
#[component]
fn Remarks(
    chosen: Chosen,
    lost: Memo<Vec<backup_loss::Loss>>,
    going: Memo<Vec<Target>>,
    refused: Signal<Option<String>>,
) -> impl IntoView {
    let last = Memo::new(move |_| {
        lost.with(|lost| {
            let ends: Vec<&backup_loss::Loss> = lost.iter().filter(|loss| loss.is_last()).collect();
            let names = going.with(|going| {
                let names = ends.iter().take(NAMED).map(|loss| name_of(going, loss.vm));
                names.collect::<Vec<_>>().join(", ")
            });
            match ends.len() {
                0 => None,
                more if more > NAMED => Some(format!("{names} and {} more have", more - NAMED)),
                1 => Some(format!("{names} has")),
                _ => Some(format!("{names} have")),
            }
        })
    });
    let kept = Memo::new(move |_| chosen.protected());
    let some_go = Memo::new(move |_| going.with(|going| !going.is_empty()));
    view! {
        {move || last.get().map(|who| view! {
            <Note tone=Tone::Bad>{format!("{who} no backup to go back to afterwards.")}</Note>
        })}
        {move || (kept.get() > 0 && some_go.get()).then(|| {
            let stay = if kept.get() == 1 { "is protected and stays" } else { "are protected and stay" };
            view! { <Note tone=Tone::Info>{format!("{} {stay}.", kept.get())}</Note> }
        })}
        {move || refused.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
    }
}

/// What goes, and what the VM then has.
fn lines(going: &[Target], lost: &[backup_loss::Loss], now: Instant) -> Vec<Loss> {
    let room = |backup: &Arc<Backup>| {
        backup
            .size
            .map_or_else(String::new, |size| size.amount().to_string())
    };
    let mut lines: Vec<Loss> = going
        .iter()
        .take(NAMED)
        .map(|own| {
            let damaged = if own.backup.is_damaged() {
                ", damaged"
            } else {
                ""
            };
            let name = match going.len() {
                1 => match own.backup.ctime {
                    Some(at) => format!("That of {}", format_near(at, now)),
                    None => own.backup.file_name().to_owned(),
                },
                _ => own.name(now),
            };
            Loss::new(format!("{name}{damaged}"), room(&own.backup))
        })
        .collect();
    if let Some(more @ 1..) = going.len().checked_sub(NAMED) {
        lines.push(Loss::new(format!("and {more} more"), ""));
    }
    if going.len() > 1 {
        let sizes: Vec<Bytes> = going.iter().filter_map(|own| own.backup.size).collect();
        let sum = sizes
            .iter()
            .fold(0_u64, |sum, size| sum.saturating_add(size.0));
        let room = match going.len() - sizes.len() {
            0 => Bytes(sum).amount().to_string(),
            all if all == going.len() => "not known".to_owned(),
            _ => format!("at least {}", Bytes(sum).amount()),
        };
        lines.push(Loss::new("Room that becomes free", room));
    }
    for loss in lost.iter().take(NAMED) {
        let name = name_of(going, loss.vm);
        let newest = loss
            .newest_left
            .map(|at| format!("newest {}", format_near(at, now)));
        let word = loss.goes.words();
        let word = match lost.len() {
            1 => format!("{}{}", word[..1].to_uppercase(), &word[1..]),
            _ => format!("{name}: {word}"),
        };
        let left = match loss.left {
            0 => "none stays".to_owned(),
            left => {
                let stay = if left == 1 {
                    "1 stays".to_owned()
                } else {
                    format!("{left} stay")
                };
                newest.map_or_else(|| stay.clone(), |newest| format!("{stay}, {newest}"))
            }
        };
        lines.push(Loss::new(word, left));
    }
    lines
}
