//! The policy that holds: the server's, or one that is kept in this browser where the server keeps
//! none.

use super::form::Form;
use crate::api::backups;
use crate::api::capabilities::Feature;
use crate::components::ErrorView;
use crate::domain::retention::Policy;
use crate::screens::common::faces::error_view;
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
    // Writes out of an effect: what the server offers is learnt once. What is typed later stays.
    Effect::new(move || {
        let waits = kept.with_untracked(|kept| *kept == Kept::Loading);
        if known.with(Option::is_none) || !waits {
            return;
        }
        match no_retention.get() {
            Some(why) => {
                let text: Option<String> = live.prefs.peek(&RETENTION);
                let policy = text.and_then(|text| Policy::parse(&text).ok());
                let policy = policy.unwrap_or_default();
                form.fill(policy);
                kept.set(Kept::Browser(policy, why));
            }
            None => read(&live, form, kept),
        }
    });
    kept
}

/// Asks the server.
pub fn read(live: &Live, form: Form, kept: RwSignal<Kept>) {
    kept.set(Kept::Loading);
    let live = live.clone();
    spawn::page(async move {
        let told = backups::retention(&live.client).await;
        let told = match told {
            Ok(policy) => {
                let policy = policy.policy();
                form.fill(policy);
                Kept::Server(policy)
            }
            Err(error) => {
                let title = "The retention in force could not be read";
                Kept::Failed(error_view(title, &error, live.clock.now()))
            }
        };
        let _ = kept.try_set(told);
    });
}
