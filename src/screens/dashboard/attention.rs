//! What needs a person. A source of alerts that fails is named, since silence would read as "all is
//! well".

use super::alert_row::AlertRow;
use super::alert_sources::{Check, Sources};
use super::parts::{hold, steady};
use super::snoozed::{Fold, Snoozed};
use crate::api::ApiError;
use crate::components::{
    Button, Card, ControlSize, EmptyState, IconName, Note, SkeletonRows, Tone,
};
use crate::domain::alerts::{Alert, with_few_tasks};
use crate::domain::snooze::{Split, split};
use crate::stores::prefs::SNOOZED;
use crate::stores::use_live;
use leptos::prelude::*;

/// Failed tasks that are named.
const FAILED: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Loading,
    Nothing,
    Alerts,
}

#[component]
pub(super) fn AttentionCard() -> impl IntoView {
    let sources = Sources::new(&use_live());
    let held = RwSignal::new(false);
    let fresh = Memo::new(move |_| sources.alerts());
    let steady = steady(fresh, held);
    let parted = parted(sources, steady);
    let alerts = Memo::new(move |_| parted.with(|(awake, _)| awake.clone()));
    let asleep = Memo::new(move |_| parted.with(|(_, asleep)| asleep.clone()));
    provide_context(Fold(NodeRef::new()));
    let pending = Memo::new(move |_| {
        let waits = |check: &Check| !check.known && check.status.with(|s| s.error.is_none());
        sources.checks().iter().any(waits)
    });
    let shown = Memo::new(move |_| match alerts.with(Vec::is_empty) {
        false => Shown::Alerts,
        true if pending.get() => Shown::Loading,
        true => Shown::Nothing,
    });
    let number = Memo::new(move |_| alerts.with(Vec::len));
    let unchecked = Memo::new(move |_| unchecked(sources));
    let whole = Memo::new(move |_| unchecked.with(Option::is_none));
    // "0" is said only where everything could be checked.
    let none = Memo::new(move |_| !pending.get() && whole.get());
    let aside = move || move || (none.get() || number.get() > 0).then(|| number.get());
    forget_what_ended(sources, fresh, whole);
    let nothing = move || {
        let (icon, title) = match (whole.get(), asleep.with(Vec::is_empty)) {
            (false, _) => (IconName::Info, "Nothing found in what could be checked"),
            (true, true) => (IconName::CircleCheck, "Nothing needs attention"),
            (true, false) => (IconName::CircleCheck, "Nothing else needs attention"),
        };
        view! { <EmptyState small=true icon=icon title=title/> }
    };
    view! {
        <Card title="Needs attention" aside=aside flush=true class="dash-attention">
            {move || match shown.get() {
                Shown::Loading => view! { <div aria-busy="true"><SkeletonRows rows=3/></div> }.into_any(),
                Shown::Nothing => nothing().into_any(),
                Shown::Alerts => view! {
                    <ul
                        class="rows dash-alerts"
                        on:focusin=move |_| hold(held, true)
                        on:focusout=move |_| hold(held, false)
                    >
                        <For
                            each=move || alerts.with(|all| all.iter().map(|alert| alert.key.clone()).collect::<Vec<_>>())
                            key=Clone::clone
                            let:key
                        >
                            <AlertRow alerts=alerts key=key/>
                        </For>
                    </ul>
                }
                .into_any(),
            }}
            <Snoozed asleep=asleep/>
            <Unchecked unchecked=unchecked sources=sources/>
        </Card>
    }
}

/// What is to be seen, and what is put aside.
fn parted(sources: Sources, alerts: Memo<Vec<Alert>>) -> Memo<Split> {
    let snoozes = use_live().prefs.signal(&SNOOZED);
    Memo::new(move |_| {
        let now = sources.minute.get();
        let (awake, asleep) =
            alerts.with(|alerts| snoozes.with(|snoozes| split(alerts, snoozes, now)));
        (with_few_tasks(awake, FAILED), asleep)
    })
}

/// Forgets what was put aside and has ended since, so that it is seen when it comes back. That it
/// has ended is known now and by no later look: it must be written down.
fn forget_what_ended(sources: Sources, alerts: Memo<Vec<Alert>>, whole: Memo<bool>) {
    let live = use_live();
    Effect::new(move || {
        // Until the server has answered, what time it is there is not known, either.
        if !sources.checks().iter().all(|check| check.known) {
            return;
        }
        sources.minute.track();
        let now = live.clock.now();
        let old = live.prefs.get(&SNOOZED);
        let kept = alerts.with(|alerts| old.clone().kept(alerts, whole.get(), now));
        if kept != old {
            live.prefs.set(&SNOOZED, &kept);
        }
    });
}

/// The sources that failed, and why the first did.
fn unchecked(sources: Sources) -> Option<(String, String)> {
    let failed: Vec<(&str, ApiError)> = sources
        .checks()
        .iter()
        .filter_map(|check| Some((check.what, check.status.with(|s| s.error.clone())?)))
        .collect();
    let (_, first) = failed.first()?;
    let message = first.message.clone();
    let what: Vec<&str> = failed.iter().map(|(what, _)| *what).collect();
    Some((what.join(", "), message))
}

/// What could not be checked.
#[component]
fn Unchecked(unchecked: Memo<Option<(String, String)>>, sources: Sources) -> impl IntoView {
    let any = Memo::new(move |_| unchecked.with(Option::is_some));
    let what = move || {
        unchecked.with(|failed| {
            let (what, why) = failed.as_ref()?;
            Some(format!("Could not be checked: {what}. {why}"))
        })
    };
    let retry = Callback::new(move |()| {
        for check in untrack(|| sources.checks()) {
            if check.status.with_untracked(|status| status.error.is_some()) {
                (check.again)(sources);
            }
        }
    });
    view! {
        <Show when=move || any.get()>
            <div class="dash-unchecked">
                <Note tone=Tone::Warn>
                    <p>{what}</p>
                    <Button label="Check again" size=ControlSize::Small on_press=retry/>
                </Note>
            </div>
        </Show>
    }
}
