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
}

impl Force {
    /// `offered` where the rules have refused already.
    #[must_use]
    pub fn new(offered: bool) -> Self {
        Self {
            offered: RwSignal::new(offered),
            on: RwSignal::new(false),
        }
    }

    /// Whether it is chosen; tracked.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.on.get()
    }

    /// As [`Force::call`] for what destroys: where the person wants it to wait, the dialog closes,
    /// `what` ("Stop web-server-01") counts down, and what came of it is told in passing.
    pub fn call_in_time<T, F, Fut>(self, live: &Live, what: String, change: F) -> ConfirmCall
    where
        T: 'static,
        F: Fn(&Live, bool) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<T>> + 'static,
    {
        let change = Arc::new(change);
        let (later, now) = (Arc::clone(&change), change);
        let at_once = self.call(live, what.clone(), move |live, force| now(live, force));
        let live = live.clone();
        confirm_call(move || -> LocalBoxFuture<'static, Outcome> {
            if live.grace.seconds() == 0 {
                return at_once.run(());
            }
            let (live, what, later) = (live.clone(), what.clone(), Arc::clone(&later));
            let (moment, force) = (live.grace.hold(what.clone()), self.on.get_untracked());
            spawn::action(async move {
                if !moment.await {
                    return;
                }
                match later(&live, force).await {
                    Some(Err(error)) => {
                        live.notices
                            .push(Notice::failed(error.outcome(&what), &error));
                    }
                    None => {
                        let words = "The same change was under way already; nothing more was sent.";
                        live.notices
                            .push(Notice::new(Tone::Warn, format!("{what}: failed")).text(words));
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
                        title: format!("{what}: failed"),
                        message: "The same change of this VM is under way already; nothing more \
                                  was sent."
                            .to_owned(),
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
