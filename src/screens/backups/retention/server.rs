//! What the server says it would remove.

use super::super::fleet::Fleet;
use super::form::Form;
use crate::api::backups::{self, Candidate, Cleanup};
use crate::api::capabilities::Feature;
use crate::components::ErrorView;
use crate::screens::common::faces::error_view;
use crate::stores::{Live, spawn};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// Pause in typing after which the server is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// The server's word.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// It is not asked, and why, where that is worth a word.
    Nothing(Option<String>),
    /// It is asked.
    Asked,
    /// It has no answer.
    Failed(ErrorView),
    /// What it would remove, and how many rows of its list could not be understood.
    Known(Arc<Vec<Candidate>>, usize),
}

/// Asks the server whenever what is typed has settled. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// What it says.
    pub says: RwSignal<Says>,
    /// What it says that of.
    pub of: RwSignal<Option<Cleanup>>,
    turn: RwSignal<u32>,
    again: RwSignal<u32>,
}

impl Server {
    /// Follows the form, and the list.
    pub fn follow(live: &Live, fleet: Fleet, form: Form) -> Self {
        let this = Self {
            says: RwSignal::new(Says::Nothing(None)),
            of: RwSignal::new(None),
            turn: RwSignal::new(0),
            again: RwSignal::new(0),
        };
        let no_preview = live.denied(Feature::RetentionCandidates);
        let wanted = Memo::new(move |_| match no_preview.get() {
            Some(why) => Err(Some(why)),
            None if !fleet.is_loaded() => Err(None),
            None => form
                .wanted(fleet)
                .map_err(|why| why.map(|why| format!("Not compared with the server: {why}."))),
        });
        let live = live.clone();
        // Writes out of an effect: the answer comes from elsewhere.
        Effect::new(move || {
            this.again.track();
            // A list that has changed is asked about anew.
            fleet.watch.value.track();
            this.turn.update(|turn| *turn = turn.wrapping_add(1));
            match wanted.get() {
                Ok(wanted) => this.ask(live.clone(), wanted),
                Err(why) => {
                    this.of.set(None);
                    this.says.set(Says::Nothing(why));
                }
            }
        });
        this
    }

    fn ask(self, live: Live, wanted: Cleanup) {
        let same = self.of.with_untracked(|of| of.as_ref() == Some(&wanted));
        let shown = self
            .says
            .with_untracked(|says| matches!(says, Says::Known(..)));
        if !(same && shown) {
            self.says.set(Says::Asked);
            self.of.set(Some(wanted.clone()));
        }
        let turn = self.turn.get_untracked();
        spawn::page(async move {
            live.client.sleep(PAUSE).await;
            if self.turn.try_get_untracked() != Some(turn) {
                return;
            }
            let told = backups::candidates(&live.client, &wanted, false).await;
            if self.turn.try_get_untracked() != Some(turn) {
                return;
            }
            let says = match told {
                Ok(rows) => Says::Known(Arc::new(rows.good), rows.bad),
                Err(error) => {
                    let title = "The server could not say what it would remove";
                    Says::Failed(error_view(title, &error, live.clock.now()))
                }
            };
            let _ = self.says.try_set(says);
        });
    }

    /// Asks again.
    pub fn ask_again(self) {
        self.again.update(|again| *again = again.wrapping_add(1));
    }

    /// How many of those that it would remove could not be understood; tracked.
    pub fn unread(self) -> usize {
        self.says.with(|says| match says {
            Says::Known(_, bad) => *bad,
            _ => 0,
        })
    }

    /// What it would remove, where it says; tracked.
    pub fn known(self) -> Option<Arc<Vec<Candidate>>> {
        self.says.with(|says| match says {
            Says::Known(list, _) => Some(Arc::clone(list)),
            _ => None,
        })
    }
}

/// Of rows of its list that mean nothing.
pub fn unread_words(bad: usize) -> String {
    format!(
        "{bad} of those that the server would remove could not be understood: which, is not known."
    )
}
