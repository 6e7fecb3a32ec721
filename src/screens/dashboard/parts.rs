//! What several cards of the dashboard share.

use crate::api::capabilities::Feature;
use crate::components::time::TimeText;
use crate::components::{EmptyState, FaceState, IconName};
use crate::domain::units::Instant;
use crate::screens::common::faces::error_view;
use crate::stores::clock::Clock;
use crate::stores::{Status, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// What was made of rows, as [`crate::components::Faces`] takes it.
pub(super) fn made_face<T: Send + Sync + 'static>(
    title: &'static str,
    value: Memo<Option<Arc<T>>>,
    status: Signal<Status>,
    clock: Clock,
) -> Signal<FaceState<T>> {
    Signal::derive(move || {
        let status = status.get();
        FaceState {
            value: value.get(),
            error: status
                .error
                .as_ref()
                .map(|error| error_view(title, error, clock.now())),
            loading: status.in_flight,
        }
    })
}

/// The children, or why the server does not offer what they show. Nothing is asked of it then.
#[component]
pub(super) fn Offered(feature: Feature, children: ChildrenFn) -> impl IntoView {
    let denied = use_live().denied(feature);
    move || {
        match denied.get() {
        Some(reason) => {
            view! { <EmptyState small=true icon=IconName::Info title="Not available" words=reason/> }
                .into_any()
        }
        None => children(),
    }
    }
}

/// How old figures are, once they are older than a minute: fresh ones need no words.
#[component]
pub(super) fn Age(
    /// How their loading stands.
    #[prop(into)]
    status: Signal<Status>,
) -> impl IntoView {
    let now = use_live().clock.watch();
    let updated = Memo::new(move |_| status.with(|status| status.updated));
    let old = Memo::new(move |_| {
        let at = updated.get()?;
        (now.get().millis - at.millis > 60_000).then_some(at)
    });
    let is_old = Memo::new(move |_| old.get().is_some());
    move || {
        is_old
            .get()
            .then(|| view! { <span class="dash-age"><TimeText at=old now=now/></span> })
    }
}

/// The time without its seconds: what looks back a day need not be told every second.
pub(super) fn minute(now: Signal<Instant>) -> Memo<Instant> {
    Memo::new(move |_| Instant::from_secs(now.get().secs().div_euclid(60) * 60))
}

/// A list that stays as it is while `held`: rows that move under the keyboard's focus lose it.
pub(super) fn steady<T>(fresh: Memo<T>, held: RwSignal<bool>) -> Memo<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |shown: Option<&T>| match shown {
        Some(shown) if held.get() => shown.clone(),
        _ => {
            held.track();
            fresh.get()
        }
    })
}

/// Holds a list, or lets it go; what is focused may be on its way out with the page.
pub(super) fn hold(held: RwSignal<bool>, on: bool) {
    let _ = held.try_set(on);
}
