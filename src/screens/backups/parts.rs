//! What the pages over all backups share: the way between them, what could not be read, and what
//! the server does not offer.

use super::fleet::Fleet;
use crate::api::capabilities::Feature;
use crate::components::table::LoadState;
use crate::components::{
    Button, ControlSize, EmptyState, IconName, Note, StaleNote, TabItem, Tabs, Tone,
};
use crate::domain::units::count;
use crate::paths;
use crate::screens::common::faces::error_view;
use crate::screens::common::read_anew::ReadAnew;
use crate::stores::{Face, Live, use_live};
use leptos::prelude::*;

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
pub fn Age(fleet: Fleet) -> impl IntoView {
    let status = fleet.watch.status;
    let at = Memo::new(move |_| status.with(|status| status.updated));
    let busy = Memo::new(move |_| status.with(|status| status.in_flight));
    view! { <ReadAnew at=at busy=busy on_press=move |()| drop(fleet.watch.refresh())/> }
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
