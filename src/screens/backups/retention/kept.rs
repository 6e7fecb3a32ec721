//! The policy that holds: the server's, or one that is kept in this browser where the server keeps
//! none.

use super::form::Form;
use crate::api::backups;
use crate::api::capabilities::Feature;
use crate::components::ErrorView;
use crate::domain::retention::Policy;
use crate::screens::common::faces::error_view;
use crate::stores::notices::Notice;
use crate::stores::prefs::RETENTION;
use crate::stores::{Live, spawn};
use leptos::prelude::*;

/// How the policy that holds is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// It is being read.
    Loading,
    /// It could not be read.
    Failed(ErrorView),
    /// The server's.
    Server(Policy),
    /// The server keeps none: this browser's, and why.
    Browser(Policy, String),
}

impl Kept {
    /// The policy.
    pub const fn policy(&self) -> Option<Policy> {
        match self {
            Self::Server(policy) | Self::Browser(policy, _) => Some(*policy),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// Reads it, and fills the form with it.
pub fn follow(live: &Live, form: Form) -> RwSignal<Kept> {
    let kept = RwSignal::new(Kept::Loading);
    let known = live.capabilities();
    let no_retention = live.denied(Feature::Retention);
    let live = live.clone();
    // Writes out of an effect: what the server offers is learnt once, and may be learnt anew. A
    // policy of the server's stays one: nothing is made of its word that it has none any more.
    Effect::new(move || {
        let why = no_retention.get();
        if known.with(Option::is_none)
            || kept.with_untracked(|kept| matches!(kept, Kept::Server(_)))
        {
            return;
        }
        let Some(why) = why else {
            read(&live, form, kept);
            return;
        };
        let text: Option<String> = live.prefs.peek(&RETENTION);
        let policy = text.and_then(|text| Policy::parse(&text).ok());
        let policy = policy.unwrap_or_default();
        if !is_typed(form, kept) {
            form.fill(policy);
        }
        kept.set(Kept::Browser(policy, why));
    });
    kept
}

/// Whether the form says something else than what holds. Not tracked.
fn is_typed(form: Form, kept: RwSignal<Kept>) -> bool {
    let held = kept.with_untracked(Kept::policy);
    held.is_some_and(|held| untrack(|| form.policy()) != Some(held))
}

/// Asks the server, and fills the form with what it says where nothing was typed.
pub fn read(live: &Live, form: Form, kept: RwSignal<Kept>) {
    if kept.with_untracked(|kept| kept.policy().is_none()) {
        kept.set(Kept::Loading);
    }
    let live = live.clone();
    spawn::page(async move {
        let told = backups::retention(&live.client).await;
        if kept.is_disposed() {
            return;
        }
        match told {
            Ok(policy) => {
                let policy = policy.policy();
                if !is_typed(form, kept) {
                    form.fill(policy);
                }
                kept.set(Kept::Server(policy));
            }
            Err(error) => {
                let title = "The retention in force could not be read";
                if kept.with_untracked(|kept| matches!(kept, Kept::Server(_))) {
                    live.notices.push(Notice::failed(title, &error));
                } else {
                    kept.set(Kept::Failed(error_view(title, &error, live.clock.now())));
                }
            }
        }
    });
}

/// Reads it again, where the server keeps one.
pub fn read_anew(live: &Live, form: Form, kept: RwSignal<Kept>) {
    if live.capabilities().with_untracked(Option::is_some)
        && untrack(|| live.denies(Feature::Retention)).is_none()
    {
        read(live, form, kept);
    }
}
