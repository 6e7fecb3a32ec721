//! Alerts put aside for a while.

use crate::components::dom::after_render;
use crate::components::time::{TimeStyle, TimeText};
use crate::components::{Button, ButtonLook, ControlSize, IconName, MenuButton, MenuItem};
use crate::domain::alerts::Alert;
use crate::domain::place::Edge;
use crate::domain::snooze::Snoozes;
use crate::domain::units::Instant;
use crate::stores::prefs::SNOOZED;
use crate::stores::{Live, use_live};
use leptos::html;
use leptos::prelude::*;

const HOUR: i64 = 3_600_000;

/// How long: ID in the menu, words, hours.
const SPANS: [(&str, &str, i64); 3] = [
    ("1h", "For 1 hour", 1),
    ("8h", "For 8 hours", 8),
    ("1w", "For a week", 168),
];

/// Where the focus goes when the row that had it is put aside.
#[derive(Clone, Copy)]
pub(super) struct Fold(pub NodeRef<html::Summary>);

fn change(live: &Live, with: impl FnOnce(Snoozes) -> Snoozes) {
    let snoozes = live.prefs.peek(&SNOOZED);
    live.prefs.set(&SNOOZED, &with(snoozes));
}

fn put_aside(live: &Live, alert: &Alert, hours: i64, fold: Fold) {
    let until = Instant::from_millis(live.clock.now().millis + hours * HOUR);
    change(live, |snoozes| snoozes.with(alert, until));
    after_render(move || {
        if let Some(summary) = fold.0.try_get_untracked().flatten() {
            let _ = summary.focus();
        }
    });
}

/// The menu that puts an alert aside.
#[component]
pub(super) fn Snoozer(alert: Memo<Option<Alert>>) -> impl IntoView {
    let live = use_live();
    let fold = expect_context::<Fold>();
    let title = move || alert.with(|alert| alert.as_ref().map(|a| a.title.clone()));
    let label = Signal::derive(move || format!("Snooze: {}", title().unwrap_or_default()));
    let items = Signal::derive(move || {
        let item = |(id, words, hours)| {
            let live = live.clone();
            MenuItem::new(id, words, move || {
                if let Some(alert) = alert.get_untracked() {
                    put_aside(&live, &alert, hours, fold);
                }
            })
        };
        SPANS.into_iter().map(item).collect()
    });
    view! {
        <MenuButton
            label=label
            items=items
            look=ButtonLook::Quiet
            size=ControlSize::Small
            icon=IconName::Clock
            icon_only=true
            edge=Edge::End
        />
    }
}

/// How many are put aside; unfolded: which, until when, and the way back.
#[component]
pub(super) fn Snoozed(asleep: Memo<Vec<(Alert, Instant)>>) -> impl IntoView {
    let Fold(fold) = expect_context::<Fold>();
    let any = Memo::new(move |_| asleep.with(|all| !all.is_empty()));
    let number = Memo::new(move |_| asleep.with(Vec::len));
    let keys = move || {
        asleep.with(|all| {
            let keys = all.iter().map(|(alert, _)| alert.key.clone());
            keys.collect::<Vec<_>>()
        })
    };
    view! {
        <Show when=move || any.get()>
            <details class="dash-snoozed">
                <summary node_ref=fold>{move || format!("{} snoozed", number.get())}</summary>
                <ul class="rows">
                    <For each=keys key=Clone::clone let:key>
                        <Sleeper asleep=asleep key=key/>
                    </For>
                </ul>
            </details>
        </Show>
    }
}

#[component]
fn Sleeper(asleep: Memo<Vec<(Alert, Instant)>>, key: String) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let id = key.clone();
    let found = Memo::new(move |_| {
        asleep.with(|all| {
            let found = all.iter().find(|(alert, _)| alert.key == id);
            found.map(|(alert, until)| (alert.title.clone(), *until))
        })
    });
    let title = move || found.with(|found| found.as_ref().map(|(title, _)| title.clone()));
    let until = Memo::new(move |_| found.with(|found| found.as_ref().map(|(_, until)| *until)));
    let label = Signal::derive(move || format!("Wake: {}", title().unwrap_or_default()));
    let wake = Callback::new(move |()| change(&live, |snoozes| snoozes.without(&key)));
    view! {
        <li class="dash-sleeper">
            <span class="dash-sleeper-title">{title}</span>
            <span class="dash-alert-time">"until " <TimeText at=until now=now style=TimeStyle::Clock/></span>
            <Button label="Wake" size=ControlSize::Small look=ButtonLook::Quiet on_press=wake attr:aria-label=label/>
        </li>
    }
}
