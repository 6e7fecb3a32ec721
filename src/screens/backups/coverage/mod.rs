//! `/backups/coverage`: which VMs could be restored from a recent backup, how backups grow, and what
//! was made on which day.

mod days;
mod goals;
mod guests;
mod several;
mod sizes;
mod table;

use super::ask::{BackupAsk, BackupDialogs};
use super::fleet::Fleet;
use super::parts::{self, Age, Lacks, offered};
use crate::components::Note;
use crate::components::Tone;
use crate::domain::coverage::{Counts, Goals};
use crate::domain::units::{Instant, count};
use crate::paths;
use crate::screens::common::address::{Address, Word};
use crate::screens::page::{Crumb, Page};
use crate::stores::prefs::BACKUP_GOALS;
use crate::stores::{Live, use_live};
use days::Days;
use goals::GoalsCard;
use guests::Guests;
use leptos::prelude::*;
use sizes::Sizes;
use table::GuestTable;

/// `/backups/coverage`
#[component]
pub fn CoveragePage() -> impl IntoView {
    offered(|| view! { <Coverage/> }.into_any())
}

/// What stands in the address: of the VMs, then of the sizes.
const WORDS: [Word; 8] = [
    ("q", ""),
    ("only", "all"),
    ("sort", "state"),
    ("page", "1"),
    ("rows", "25"),
    ("sizes", "-growth"),
    ("sizes-page", "1"),
    ("sizes-rows", "25"),
];

/// What is asked of backups, as the person set it.
pub fn goals(live: &Live) -> Memo<Goals> {
    let kept = live.prefs.signal(&BACKUP_GOALS);
    Memo::new(move |_| kept.get().unwrap_or_else(Goals::standard))
}

#[component]
fn Coverage() -> impl IntoView {
    let live = use_live();
    let fleet = Fleet::new(&live);
    let goals = goals(&live);
    let guests = Guests::new(&live, fleet, goals);
    let ask = BackupAsk::new(fleet.known());
    let crumbs = vec![
        Crumb::to("Backups", paths::backups()),
        Crumb::here("Coverage"),
    ];
    let counts = guests.counts;
    let address = Address::new(&WORDS, paths::coverage_where);
    let half = move || {
        guests.from_summary.get().then(|| {
            view! {
                <Note tone=Tone::Warn>
                    <p>"The list of backups could not be loaded. What stands here is the server's own summary: the newest backup of each VM, without sizes and verifications."</p>
                </Note>
            }
        })
    };
    // Without a list there are neither days nor sizes: the table says why.
    let loaded = Memo::new(move |_| fleet.is_loaded());
    let comes = Memo::new(move |_| {
        loaded.get() || fleet.watch.status.with(|status| status.error.is_none())
    });
    view! {
        <Page
            title="Coverage"
            crumbs=Signal::stored(crumbs)
            facts=move || view! { <span>{move || counts.get().map(words)}</span> <Age fleet=fleet/> }
        >
            {parts::ways("coverage")}
            <Lacks fleet=fleet/>
            {half}
            <div class="cov-both">
                <div class="cov-main">
                    <GuestTable fleet=fleet address=address guests=guests ask=ask/>
                </div>
                <div class="cov-side">
                    <GoalsCard goals=goals fleet=fleet/>
                </div>
            </div>
            {move || comes.get().then(|| view! { <Days fleet=fleet/> })}
            {move || loaded.get().then(|| view! { <Sizes fleet=fleet address=address/> })}
            <BackupDialogs ask=ask/>
        </Page>
    }
}

/// Now, by the quarter of an hour: no zone's day begins within one.
fn quarter(live: &Live) -> Memo<Instant> {
    let now = live.clock.watch();
    Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(900) * 900))
}

/// "26 VMs as fresh as asked · 15 late · 3 without any".
fn words(counts: Counts) -> String {
    let mut parts = vec![format!(
        "{} as fresh as asked",
        count(counts.within, "VM", "VMs")
    )];
    if counts.late > 0 {
        parts.push(format!("{} late", counts.late));
    }
    if counts.missing > 0 {
        parts.push(format!("{} without any", counts.missing));
    }
    if counts.unknown > 0 {
        parts.push(format!("{} not known", counts.unknown));
    }
    if counts.unasked > 0 {
        parts.push(format!("nothing asked of {}", counts.unasked));
    }
    parts.join(" · ")
}
