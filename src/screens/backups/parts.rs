//! What the pages over all backups share: the way between them, what could not be read, and what
//! the server does not offer.

use super::fleet::Fleet;
use crate::api::capabilities::Feature;
use crate::components::table::LoadState;
use crate::components::{
    Button, ControlSize, EmptyState, Icon, IconName, Note, Progress, StaleNote, TabItem, Tabs, Tone,
};
use crate::domain::far::Far;
use crate::domain::units::{Fraction, count};
use crate::paths;
use crate::screens::common::faces::error_view;
use crate::screens::common::read_anew::ReadAnew;
use crate::stores::{Face, Live, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Why a list could not be loaded.
pub const FAILED: &str = "The list of backups could not be loaded";

/// The way between the pages.
pub fn ways(current: &'static str) -> impl IntoView {
    let item = |id: &str, label: &str, path: String| TabItem::new(id, label, paths::href(&path));
    let items = vec![
        item("list", "All backups", paths::backups()),
        item("coverage", "Coverage", paths::coverage_where(&[])),
        item("retention", "Retention", paths::retention_where(&[])),
    ];
    view! { <Tabs label="Backups" items=Signal::stored(items) current=Signal::stored(current.to_owned())/> }
}

/// The body of a page, or why the server has no list to make it of. Nothing is asked of it then.
pub fn offered(body: fn() -> AnyView) -> impl IntoView {
    let denied = use_live().denied(Feature::Backups);
    move || match denied.get() {
        Some(reason) => {
            view! { <EmptyState icon=IconName::Info title="Not available" words=reason/> }
                .into_any()
        }
        None => body(),
    }
}

/// The four faces of the list.
pub fn load_state(live: &Live, fleet: Fleet) -> Memo<LoadState> {
    let (face, clock) = (fleet.watch.face(), live.clock.clone());
    Memo::new(move |_| match face.get() {
        Face::Failed(error) => LoadState::Failed(error_view(FAILED, &error, clock.now())),
        Face::Loading => LoadState::Loading,
        Face::Loaded { .. } => LoadState::Ready,
    })
}

/// How old the list is, and the way to read it anew.
#[component]
pub fn Age(
    fleet: Fleet,
    /// What else is read anew.
    #[prop(optional, into)]
    also: Option<Callback<()>>,
) -> impl IntoView {
    let status = fleet.watch.status;
    let at = Memo::new(move |_| status.with(|status| status.updated));
    let busy = Memo::new(move |_| status.with(|status| status.in_flight));
    let press = move |()| {
        drop(fleet.watch.refresh());
        if let Some(also) = also {
            also.run(());
        }
    };
    view! { <ReadAnew at=at busy=busy on_press=press/> }
}

/// What the list may lack: storages that could not be read or are silent, rows that mean nothing,
/// and that it is an old one.
#[component]
pub fn Lacks(fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let storages = live.storages.watch();
    let status = fleet.watch.status;
    let busy = Memo::new(move |_| status.with(|status| status.in_flight));
    let again = Callback::new(move |()| drop(fleet.watch.refresh()));
    let stale =
        Memo::new(move |_| fleet.is_loaded() && status.with(|status| status.error.is_some()));
    let clock = live.clock.clone();
    let why = Signal::derive(move || {
        status.with(|status| {
            let error = status.error.as_ref();
            error
                .map(|error| error_view(FAILED, error, clock.now()))
                .unwrap_or_default()
        })
    });
    let failed = Memo::new(move |_| {
        fleet.watch.value.with(|all| {
            all.as_ref()
                .map(|all| (all.failed.clone(), all.bad))
                .unwrap_or_default()
        })
    });
    let silent = Memo::new(move |_| {
        let failed = failed.get().0;
        let known = |name: &str| failed.iter().any(|(own, _)| own == name);
        storages.value.with(|all| {
            let all = all.as_deref().map_or(&[][..], Vec::as_slice);
            let silent = all.iter().filter(|own| {
                own.content.iter().any(|what| what == "backup")
                    && own.active == Some(false)
                    && own.enabled != Some(false)
                    && !known(&own.storage)
            });
            silent.map(|own| own.storage.clone()).collect::<Vec<_>>()
        })
    });
    let lost = move || {
        let (failed, bad) = failed.get();
        let mut lines: Vec<String> = failed
            .into_iter()
            .map(|(storage, why)| format!("The backups on {storage} could not be read: {why}"))
            .collect();
        if bad > 0 {
            let rows = count(bad, "backup", "backups");
            lines.push(format!(
                "{rows} of the server's list could not be understood"
            ));
        }
        (!lines.is_empty()).then(|| {
            let lines = lines.into_iter().map(|line| view! { <p>{line}</p> });
            view! {
                <Note tone=Tone::Bad>
                    {lines.collect_view()}
                    <Button
                        label="Read again"
                        icon=Signal::stored(IconName::Refresh)
                        size=ControlSize::Small
                        busy=busy
                        on_press=again
                    />
                </Note>
            }
        })
    };
    view! {
        {move || stale.get().then(|| view! { <StaleNote error=why busy=busy on_retry=again/> })}
        {lost}
        {move || {
            let silent = silent.get();
            (!silent.is_empty()).then(|| view! {
                <Note tone=Tone::Warn>
                    <p>{format!(
                        "{} does not answer: the list may lack backups there, and none there can be restored now.",
                        silent.join(", "),
                    )}</p>
                </Note>
            })
        }}
    }
}

/// How far one stretch of work on several has come, and at last what became of it.
#[component]
pub fn FarNote(
    /// How far; nothing is shown before it begins.
    far: Memo<Option<Arc<Far>>>,
    /// "Verify".
    #[prop(into)]
    verb: Signal<String>,
    /// What has become of those that were not refused: "started".
    #[prop(into)]
    past: Signal<String>,
    /// Puts it away when it has ended.
    #[prop(into)]
    on_close: Callback<()>,
    /// Has nothing more sent.
    #[prop(optional, into)]
    on_stop: Option<Callback<()>>,
    /// Without a way to put it away: there is one elsewhere.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let shown = Memo::new(move |_| far.with(Option::is_some));
    let read = move |of: fn(&Far) -> bool| far.with(|far| far.as_deref().is_some_and(of));
    let ended = Memo::new(move |_| read(|far| far.ended));
    let words = move || {
        far.with(|far| {
            let far = far.as_deref()?;
            let rest = far.rest().unwrap_or_default();
            let words = past.with(|past| far.words(past));
            Some(format!("{}: {words}. {rest}", verb.get()))
        })
    };
    let tone = move || {
        let bad = read(|far| far.reasons().next().is_some());
        match (bad, ended.get(), read(Far::is_well)) {
            (true, ..) => Tone::Bad,
            (_, false, _) => Tone::Info,
            (_, true, true) => Tone::Ok,
            (_, true, false) => Tone::Warn,
        }
    };
    let class = move || format!("note {}", tone().class());
    let icon = Signal::derive(move || match tone() {
        Tone::Bad => IconName::CircleAlert,
        Tone::Ok => IconName::CircleCheck,
        Tone::Warn => IconName::Triangle,
        _ => IconName::Info,
    });
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share = Signal::derive(move || {
        far.with(|far| {
            let far = far.as_deref()?;
            Some(Fraction(far.tried() as f64 / far.all.max(1) as f64))
        })
    });
    let reasons = Memo::new(move |_| {
        far.with(|far| {
            let all = far.as_deref().map(|far| {
                let some = far.reasons().take(20);
                some.map(|(name, why)| (name.to_owned(), why))
                    .collect::<Vec<_>>()
            });
            all.unwrap_or_default()
        })
    });
    let why = move || {
        let reasons = reasons.get();
        (!reasons.is_empty()).then(|| {
            let line = |(name, why): (String, String)| view! { <li><b>{name}</b>": "{why}</li> };
            let lines = reasons.into_iter().map(line).collect_view();
            view! { <ul class="fb-why">{lines}</ul> }
        })
    };
    let foot = move || match (ended.get(), on_stop) {
        (true, _) if bare => ().into_any(),
        (true, _) => {
            view! { <Button label="Close" size=ControlSize::Small on_press=on_close/> }.into_any()
        }
        (false, stop) => {
            let stops = RwSignal::new(false);
            let told = Signal::derive(move || {
                stops
                    .get()
                    .then(|| "What is on its way ends, and nothing more is sent".to_owned())
            });
            let button = |stop: Callback<()>| {
                let press = move |()| {
                    stops.set(true);
                    stop.run(());
                };
                view! { <Button label="Stop after this one" size=ControlSize::Small disabled=told on_press=press/> }
            };
            view! {
                <Progress label="Asked for" share=share bar_only=true/>
                {stop.map(button)}
            }
            .into_any()
        }
    };
    // One region that lasts: what is said anew in it is read out, not the whole note again.
    move || {
        shown.get().then(|| {
            view! {
                <div class=class>
                    {move || view! { <Icon name=icon.get()/> }}
                    <div class="note-words">
                        <p role="status">{words}</p>
                        {why}
                        {foot}
                    </div>
                </div>
            }
        })
    }
}
