//! A question that leads to a call: what is asked, and how the call runs.

use crate::components::faces::ErrorView;
use crate::components::status::Tone;
use crate::components::toast::{Toast, Toasts};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

/// How a confirmed call ended.
pub type Outcome = Result<(), ErrorView>;

/// Starts the call that a person confirmed; made by [`confirm_call`].
pub type ConfirmCall = Callback<(), LocalBoxFuture<'static, Outcome>>;

/// Wraps an async function for [`super::ConfirmDialog`]:
/// `on_confirm=confirm_call(move || actions.delete(id))`.
pub fn confirm_call<F, Fut>(call: F) -> ConfirmCall
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Outcome> + 'static,
{
    Callback::new(move |()| -> LocalBoxFuture<'static, Outcome> { Box::pin(call()) })
}

/// The same of what is done at once and cannot fail: `on_confirm=confirm_now(move || form.clear())`.
pub fn confirm_now(run: impl Fn() + Send + Sync + 'static) -> ConfirmCall {
    confirm_call(move || {
        run();
        std::future::ready(Ok(()))
    })
}

/// One line of what will be lost, or of what stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// "2 disks on local-zfs".
    pub what: String,
    /// "150 GiB".
    pub detail: String,
}

impl Loss {
    /// A line.
    pub fn new(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            detail: detail.into(),
        }
    }
}

/// What a confirmed call does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// Something is lost.
    #[default]
    Danger,
    /// Only worth asking first.
    Plain,
}

/// State of one question, from its opening to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    /// The call runs.
    pub busy: RwSignal<bool>,
    /// Why the last try failed.
    pub error: RwSignal<Option<ErrorView>>,
    /// What was typed to confirm.
    pub typed: RwSignal<String>,
    /// The API call is shown.
    pub shows_call: RwSignal<bool>,
}

impl Ask {
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            shows_call: RwSignal::new(false),
        }
    }

    /// A new question has nothing typed and nothing failed.
    pub fn reset(self) {
        self.busy.set(false);
        self.error.set(None);
        self.typed.set(String::new());
        self.shows_call.set(false);
    }

    /// Runs the call to its end, even if the page goes in the meantime; a failure that no dialog
    /// is left to show becomes a toast.
    #[expect(
        clippy::disallowed_methods,
        reason = "a change that was sent is followed to its end"
    )]
    pub fn run(self, call: ConfirmCall, on_close: Callback<()>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let toasts = use_context::<Toasts>();
        let running = call.run(());
        leptos::task::spawn_local(async move {
            let outcome = running.await;
            // `Some` comes back where the dialog is gone.
            let gone = self.busy.try_set(false).is_some();
            match (outcome, gone) {
                (Ok(()), false) => {
                    let _ = on_close.try_run(());
                }
                (Ok(()), true) => {}
                (Err(error), false) => {
                    let _ = self.error.try_set(Some(error));
                }
                (Err(error), true) => {
                    if let Some(toasts) = toasts {
                        toasts.push(Toast::new(Tone::Bad, error.title).text(error.message));
                    }
                }
            }
        });
    }
}
