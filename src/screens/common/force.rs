//! A change that is confirmed in a dialog, and "Force" where the server's safety rules refuse it.

use super::faces::error_view;
use crate::api::ErrorKind;
use crate::components::dialog::{ConfirmCall, Outcome};
use crate::components::{ErrorView, confirm_call};
use crate::stores::actions::Answer;
use crate::stores::notices::{Notice, Tone};
use crate::stores::{Live, spawn};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use std::sync::Arc;

/// "Force" as a choice of its own: offered only after the server's safety rules have refused.
#[derive(Debug, Clone, Copy)]
pub struct Force {
    offered: RwSignal<bool>,
    on: RwSignal<bool>,
    busy: &'static str,
}

impl Force {
    /// `offered` where the rules have refused already.
    #[must_use]
    pub fn new(offered: bool) -> Self {
        Self {
            offered: RwSignal::new(offered),
            on: RwSignal::new(false),
            busy: "The same change is under way already; nothing more was sent.",
        }
    }

    /// Whether it is chosen; tracked.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.on.get()
    }

    /// What to say where nothing was sent since the same was under way already.
    #[must_use]
    pub const fn busy(mut self, words: &'static str) -> Self {
        self.busy = words;
        self
    }

    /// As [`Force::call`] for what destroys: where the person wants it to wait, the dialog closes,
    /// `what` ("Stop web-server-01") counts down, and what came of it is told in passing.
    ///
    /// `decide` runs at the press and answers what is then sent, whole: the dialog and its page may
    /// have gone by that time, so what runs after the wait must read no signal of theirs.
    pub fn call_in_time<T, F, Later, Fut>(self, live: &Live, what: String, decide: F) -> ConfirmCall
    where
        T: 'static,
        F: Fn(&Live, bool) -> Later + Send + Sync + 'static,
        Later: FnOnce(&Live) -> Fut + 'static,
        Fut: Future<Output = Answer<T>> + 'static,
    {
        let decide = Arc::new(decide);
        let now = Arc::clone(&decide);
        let at_once = self.call(live, what.clone(), move |live, force| {
            now(live, force)(live)
        });
        let live = live.clone();
        confirm_call(move || -> LocalBoxFuture<'static, Outcome> {
            if live.grace.seconds() == 0 {
                return at_once.run(());
            }
            let (live, what) = (live.clone(), what.clone());
            let later = decide(&live, self.on.get_untracked());
            let moment = live.grace.hold(what.clone());
            spawn::action(async move {
                if !moment.await {
                    return;
                }
                match later(&live).await {
                    Some(Err(error)) => {
                        live.notices
                            .push(Notice::failed(error.outcome(&what), &error));
                    }
                    None => {
                        let notice = Notice::new(Tone::Warn, format!("{what}: not sent"));
                        live.notices.push(notice.text(self.busy));
                    }
                    Some(Ok(_)) => {}
                }
            });
            Box::pin(std::future::ready(Ok(())))
        })
    }

    /// Wraps a change for a dialog that stays open with its error; `what` as in "Stop web-01".
    pub fn call<T, F, Fut>(self, live: &Live, what: String, change: F) -> ConfirmCall
    where
        F: Fn(&Live, bool) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<T>> + 'static,
    {
        let live = live.clone();
        confirm_call(move || {
            let change = change(&live, self.on.get_untracked());
            let (live, what) = (live.clone(), what.clone());
            async move {
                match change.await {
                    Some(Ok(_)) => Outcome::Ok(()),
                    Some(Err(error)) => {
                        if error.kind == ErrorKind::SafeMode {
                            let _ = self.offered.try_set(true);
                        }
                        Err(error_view(&error.outcome(&what), &error, live.clock.now()))
                    }
                    None => Err(ErrorView {
                        title: format!("{what}: not sent"),
                        message: self.busy.to_owned(),
                        ..ErrorView::default()
                    }),
                }
            }
        })
    }
}

/// The choice, once it is offered.
#[component]
pub fn ForceChoice(
    /// Whose.
    choice: Force,
) -> impl IntoView {
    move || {
        choice.offered.get().then(|| {
            view! {
                <label class="check with-word">
                    <input
                        type="checkbox"
                        prop:checked=move || choice.on.get()
                        on:change=move |event| choice.on.set(event_target_checked(&event))
                    />
                    <span>"Force: go past the server's safety rule"</span>
                </label>
            }
        })
    }
}
