//! What was made on which day, and what failed.

use super::super::fleet::Fleet;
use super::quarter;
use crate::api::tasks::{Task, TaskState};
use crate::components::chart::offsets;
use crate::components::{Card, SkeletonRows};
use crate::domain::coverage::{Day, Made, by_day};
use crate::domain::units::{Bytes, Instant, count};
use crate::stores::use_live;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use std::collections::HashMap;

/// Days that are shown.
const DAYS: u16 = 30;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A day, and how many tries failed on it.
type Told = (Day, u32);

/// "21 Jun".
fn date(day: NaiveDate) -> String {
    let month = MONTHS.get(day.month0() as usize).unwrap_or(&"");
    format!("{} {month}", day.day())
}

fn words((day, failed): &Told) -> String {
    let mut words = format!("{}: ", date(day.date));
    if day.made == 0 {
        words.push_str("no backup that is still there");
    } else {
        let made = count(day.made as usize, "backup", "backups");
        words.push_str(&format!("{made}, {}", day.added.amount()));
    }
    if day.damaged > 0 {
        words.push_str(&format!(", {} damaged", day.damaged));
    }
    if *failed > 0 {
        words.push_str(&format!(", {failed} failed"));
    }
    words
}

/// Failed tries by day since 1970, and how far back the tasks reach.
fn failed(tasks: &[Task]) -> Vec<Instant> {
    let tries = tasks.iter().filter(|task| {
        matches!(task.kind.as_str(), "vzdump" | "qmbackup")
            && matches!(task.state(), TaskState::Failed(_))
    });
    tries.filter_map(|task| task.starttime).collect()
}

/// The card.
#[component]
pub fn Days(fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let failures = live.failures.watch();
    let quarter = quarter(&live);
    let days = Memo::new(move |_| {
        let all = fleet.watch.value.get()?;
        let made: Vec<Made<'_>> = all.list.iter().filter_map(|own| own.made()).collect();
        let tries = failures
            .value
            .with(|tasks| tasks.as_deref().map(|tasks| failed(tasks)))
            .unwrap_or_default();
        let tries: Vec<Made<'_>> = tries
            .into_iter()
            .map(|at| Made {
                vm: crate::domain::ids::VmId(0),
                storage: "",
                at,
                size: None,
                damaged: false,
            })
            .collect();
        let offset = offsets();
        let days = by_day(&made, &offset, quarter.get(), DAYS);
        let lost: HashMap<NaiveDate, u32> = by_day(&tries, &offset, quarter.get(), DAYS)
            .into_iter()
            .map(|day| (day.date, day.made))
            .collect();
        let told = days
            .into_iter()
            .map(|day| (day, lost.get(&day.date).copied().unwrap_or(0)));
        Some(told.collect::<Vec<Told>>())
    });
    let dated = Memo::new(move |_| {
        fleet.watch.value.with(|all| {
            let all = all.as_ref()?;
            let odd = all.list.iter().filter(|own| own.made().is_none()).count();
            (odd > 0).then(|| {
                format!(
                    " The time or the VM of {} is not known: left out.",
                    count(odd, "backup", "backups")
                )
            })
        })
    });
    let tasks_known = Memo::new(move |_| failures.value.with(Option::is_some));
    let body = move || match days.get() {
        None => view! { <SkeletonRows rows=3/> }.into_any(),
        Some(days) => view! {
            {bars(&days)}
            <p class="quiet">
                "Backups that were removed since are not counted. "
                {move || if tasks_known.get() {
                    "Failed ones as far back as the server lists failed tasks."
                } else {
                    "Which ones failed is not known."
                }}
                {move || dated.get()}
            </p>
            <details class="cov-numbers">
                <summary>"In numbers"</summary>
                {numbers(&days)}
            </details>
        }
        .into_any(),
    };
    view! { <Card title="By day" aside=|| "the last 30 days" class="cov-days-card">{body}</Card> }
}

fn bars(days: &[Told]) -> impl IntoView + use<> {
    let top = days
        .iter()
        .map(|(day, failed)| day.made + failed)
        .max()
        .unwrap_or(0)
        .max(1);
    let share = |number: u32| format!("{:.1}%", f64::from(number) * 100.0 / f64::from(top));
    let bar = |told: &Told| {
        let (day, failed) = told;
        let whole = day.made - day.damaged.min(day.made);
        view! {
            <li data-tip=words(told)>
                <span class="vh">{words(told)}</span>
                <span class="cov-bar" aria-hidden="true">
                    <i class="cov-failed" style:height=share(*failed)></i>
                    <i class="cov-damaged" style:height=share(day.damaged)></i>
                    <i class="cov-made" style:height=share(whole)></i>
                </span>
            </li>
        }
    };
    let places = [0, days.len() / 2, days.len().saturating_sub(1)];
    let labels = places
        .into_iter()
        .filter_map(|place| days.get(place))
        .map(|(day, _)| view! { <span>{date(day.date)}</span> });
    view! {
        <ol class="cov-days" aria-label="Backups by day">{days.iter().map(bar).collect_view()}</ol>
        <div class="cov-axis" aria-hidden="true">{labels.collect_view()}</div>
        <p class="cov-legend" aria-hidden="true">
            <i class="cov-made"></i>"made "
            <i class="cov-damaged"></i>"damaged "
            <i class="cov-failed"></i>"failed"
        </p>
    }
}

fn numbers(days: &[Told]) -> impl IntoView + use<> {
    let row = |(day, failed): &Told| {
        view! {
            <tr>
                <th scope="row">{date(day.date)}</th>
                <td>{day.made}</td>
                <td>{Bytes(day.added.0).amount().to_string()}</td>
                <td>{day.damaged}</td>
                <td>{*failed}</td>
            </tr>
        }
    };
    view! {
        <table class="cov-table">
            <caption class="vh">"Backups by day"</caption>
            <thead>
                <tr>
                    <th scope="col">"Day"</th>
                    <th scope="col">"Made"</th>
                    <th scope="col">"Size"</th>
                    <th scope="col">"Damaged"</th>
                    <th scope="col">"Failed"</th>
                </tr>
            </thead>
            <tbody>{days.iter().rev().map(row).collect_view()}</tbody>
        </table>
    }
}
