//! What was under way when the console was left goes on once the server answers: the code of its
//! wizard is fetched, and says so.

use crate::components::lazy::area_part;
use crate::domain::parked::{Standing, read};
use crate::lazy_view;
use crate::paths;
use crate::screens::unsaved::guard;
use crate::screens::{make, migrate};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

lazy_view! {
    make, preload_making,
    fn making() -> AnyView { make::resume(&use_live()); ().into_any() }
}
lazy_view! {
    migrate, preload_moving,
    fn moving() -> AnyView { migrate::resume(&use_live()); ().into_any() }
}

/// A console in a window of its own has no frame to show a run in, or to stop it by.
fn is_popup() -> bool {
    use_query_map().with_untracked(|query| query.get(paths::WINDOW).is_some())
}

/// Whether a run of the migration wizard goes on, and one of those that make VMs.
fn under_way(live: &Live) -> (bool, bool) {
    let (mut moves, mut makes) = (false, false);
    if !live.drafts.can_be_alone() || is_popup() {
        return (moves, makes);
    }
    for name in live.drafts.names().iter() {
        let text = live.drafts.peek(name).unwrap_or_default();
        if read(name, &text).is_some_and(|parked| parked.standing == Standing::UnderWay) {
            if name == "migrate" {
                moves = true;
            } else {
                makes = true;
            }
        }
    }
    (moves, makes)
}

/// A sweep lives with the tab: closing it ends the sweep midway, which is asked about.
fn guard_sweep(live: &Live) {
    let (sweeps, sweep) = (live.sweeps.clone(), live.sweeps.sweep());
    let what = Signal::derive(move || {
        let title = sweep.with(|sweep| sweep.as_ref().map(|sweep| sweep.title()));
        title.filter(|_| sweeps.is_running())
    });
    guard(what, None);
}

/// Draws nothing.
#[component]
pub fn Resume() -> impl IntoView {
    let live = use_live();
    guard_sweep(&live);
    let known = live.capabilities();
    // Only what an earlier page has left: what is begun here is carried out by its wizard.
    let (moves, makes) = untrack(|| under_way(&live));
    // Before that the server may refuse for want of a key.
    let answers = Memo::new(move |_| known.with(Option::is_some));
    let quiet = Callback::new(|()| {});
    move || {
        answers.get().then(|| {
            (
                makes.then(|| {
                    area_part(|| Box::pin(preload_making()), || Box::pin(making()), quiet)
                }),
                moves.then(|| {
                    area_part(|| Box::pin(preload_moving()), || Box::pin(moving()), quiet)
                }),
            )
        })
    }
}
