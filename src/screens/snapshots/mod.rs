//! Snapshots of all VMs, and the questions about them that their VM's own page asks, too.

pub mod ask;
mod dialogs;
pub mod known;
pub mod may;
mod page;

pub use page::SnapshotsPage;
pub use page::many::{ManyDialogs, ManySnapshots};

use crate::components::{Button, ControlSize, Note, Tone};
use crate::stores::use_live;
use ask::SnapshotAsk;
use leptos::prelude::*;

/// How far deleting or going back to several has come, while its dialog is closed.
pub fn sweep_line(ask: SnapshotAsk) -> impl IntoView {
    let sweeps = use_live().sweeps.clone();
    let sweep = sweeps.sweep();
    let said = Memo::new(move |_| {
        let counts =
            sweep.with(|sweep| sweep.as_ref().map(|sweep| (sweep.title(), sweep.counts())));
        let (title, counts) = counts.filter(|_| !ask.shows_sweep())?;
        let verb = if sweeps.is_running() {
            ""
        } else {
            "stopped at "
        };
        Some((
            format!("{title}: {verb}{} of {}", counts.done, counts.all),
            counts.failed > 0,
        ))
    });
    move || {
        said.get().map(|(words, failed)| {
            let tone = if failed { Tone::Bad } else { Tone::Info };
            view! {
                <Note tone=tone>
                    <p role="status">{words}</p>
                    <Button label="Look" size=ControlSize::Small on_press=move |()| ask.show_sweep()/>
                </Note>
            }
        })
    }
}
