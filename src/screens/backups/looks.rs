//! How backups look, wherever they are listed.

use crate::api::backups::{Backup, Compression, VerifyState};
use crate::components::time::{exact, format_near};
use crate::components::{IconName, Pill, Tone};
use crate::domain::units::Instant;
use leptos::prelude::*;
use std::sync::Arc;

/// Tone, picture and word of a verification.
#[must_use]
pub fn verified(state: &VerifyState) -> (Tone, IconName, String) {
    match state {
        VerifyState::Ok => (Tone::Ok, IconName::CircleCheck, "Verified".into()),
        VerifyState::Failed => (Tone::Bad, IconName::CircleX, "Damaged".into()),
        VerifyState::None => (Tone::Idle, IconName::Minus, "Not verified".into()),
        VerifyState::Unknown(word) => (Tone::Idle, IconName::Help, word.clone()),
    }
}

/// When it was last verified, where that is known.
#[must_use]
pub fn verified_at(backup: &Backup) -> Option<Instant> {
    backup.verification.as_ref()?.last_verified
}

/// How its verification ended; when, in the tooltip.
pub fn verify_pill(row: Signal<Arc<Backup>>, now: Signal<Instant>) -> AnyView {
    let look = Memo::new(move |_| row.with(|backup| verified(&backup.verified())));
    let when = Memo::new(move |_| row.with(|backup| verified_at(backup)));
    let tip = Signal::derive(move || {
        let near = |at| format_near(at, now.get_untracked());
        when.get()
            .map(|at| format!("Verified {}\n{}", near(at), exact(at)))
    });
    view! {
        <Pill
            tone=Signal::derive(move || look.with(|look| look.0))
            icon=Signal::derive(move || look.with(|look| look.1))
            label=Signal::derive(move || look.with(|look| look.2.clone()))
            tip=tip
        />
    }
    .into_any()
}

/// Whether it is kept from removal.
pub fn protected_pill(row: Signal<Arc<Backup>>) -> AnyView {
    let on = Memo::new(move |_| row.with(|backup| backup.protected));
    let draw = move || {
        if on.get() {
            view! { <Pill label="Protected" icon=IconName::Lock tip=Some("Kept from removal".to_owned())/> }.into_any()
        } else {
            view! { <span class="aside">"No"</span> }.into_any()
        }
    };
    view! { {draw} }.into_any()
}

/// The first line of its notes; all of them in the tooltip.
pub fn first_note(row: Signal<Arc<Backup>>) -> AnyView {
    let notes = Memo::new(move |_| row.with(|backup| backup.notes.clone().unwrap_or_default()));
    let first = move || notes.with(|notes| notes.lines().next().unwrap_or_default().to_owned());
    let more = move || {
        let several = notes.with(|notes| notes.lines().count() > 1);
        several.then(|| notes.get())
    };
    view! { <span class="clip" data-tip=more>{first}</span> }.into_any()
}

/// A compression, with what speaks for it.
pub const fn packed(compression: Compression) -> &'static str {
    match compression {
        Compression::Zstd => "zstd: fast and small",
        Compression::Lzo => "LZO: fast, larger",
        Compression::Gzip => "gzip: slow",
        Compression::None => "None: as large as the disks",
    }
}
