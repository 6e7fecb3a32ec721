//! The disks before and after: no disk is dropped in silence.

use crate::components::{Icon, IconName};
use crate::domain::migrate::{Change, Compared, Move, compare};
use crate::stores::use_live;
use leptos::prelude::*;

fn word(change: Change) -> (IconName, &'static str, &'static str) {
    match change {
        Change::Stays => (IconName::Check, "", "Stays where it was"),
        Change::Copied => (IconName::Check, "", "Copied"),
        Change::Gone => (IconName::Triangle, "tone-warn", "Not there any more"),
        Change::New => (IconName::Triangle, "tone-warn", "Was not there before"),
    }
}

/// Folded, unless something is amiss.
#[component]
pub fn DiskTable(own: Move) -> impl IntoView {
    let live = use_live();
    let storages = live.storages.watch();
    let kept = StoredValue::new(own);
    let rows = Memo::new(move |_| {
        let storages = storages.get().unwrap_or_default();
        let shared = |name: &str| {
            storages
                .iter()
                .find(|own| own.storage == name)
                .is_some_and(|own| own.shared)
        };
        kept.with_value(|own| {
            let Some((before, after)) = own.before.as_deref().zip(own.after.as_deref()) else {
                return Vec::new();
            };
            // Where it never left, the same volume is the same disk.
            let there = own.seen_on.as_ref() == Some(&own.from);
            compare(before, after, |name| there || shared(name))
        })
    });
    let odd = Memo::new(move |_| {
        rows.with(|rows| {
            rows.iter()
                .any(|row| matches!(row.change, Change::Gone | Change::New))
        })
    });
    let row = |row: Compared| {
        let (icon, class, word) = word(row.change);
        let dash = || "–".to_owned();
        view! {
            <tr class=class>
                <th scope="row" class="mono">{row.key}</th>
                <td class="mono">{row.before.unwrap_or_else(dash)}</td>
                <td class="mono">{row.after.unwrap_or_else(dash)}</td>
                <td class="num">{row.size.map(|size| size.capacity().to_string())}</td>
                <td><span class="mig-cell"><Icon name=icon/>{word}</span></td>
            </tr>
        }
    };
    let summary = move || {
        rows.with(|rows| {
            let copied = rows
                .iter()
                .filter(|row| row.change == Change::Copied)
                .count();
            let stays = rows
                .iter()
                .filter(|row| row.change == Change::Stays)
                .count();
            let odd = rows.len() - copied - stays;
            let mut words = format!("Disks before and after: {copied} copied, {stays} unmoved");
            if odd > 0 {
                words.push_str(&format!(", {odd} to look at"));
            }
            words
        })
    };
    move || {
        (!rows.with(Vec::is_empty)).then(|| {
            view! {
                <details class="mig-compare" open=odd.get()>
                    <summary>{summary}</summary>
                    <div class="mig-scroll" tabindex="0" role="group" aria-label="Disks before and after">
                        <table aria-label="Disks before and after">
                            <thead><tr>
                                <th scope="col">"Disk"</th><th scope="col">"Before"</th><th scope="col">"After"</th>
                                <th scope="col" class="num">"Size"</th><th scope="col">"What became of it"</th>
                            </tr></thead>
                            <tbody>{rows.get().into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                </details>
            }
        })
    }
}
