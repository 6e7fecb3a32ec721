//! The faces of everything that is loaded: loading, empty, failed, loaded, and stale.

use super::button::{Button, ButtonLook, ControlSize};
use super::icon::{Icon, IconName, IconSize};
use super::status::Tone;
use leptos::prelude::*;
use std::sync::Arc;

/// What failed, why, and what to do now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorView {
    /// What failed: "The VM list could not be loaded".
    pub title: String,
    /// Why, in the server's own words.
    pub message: String,
    /// What to do now.
    pub hint: Option<String>,
    /// All that a person would send to support.
    pub report: Option<String>,
}

/// A load as it stands: the last good value and the newest failure side by side.
#[derive(Debug)]
pub struct FaceState<T> {
    /// Last good value.
    pub value: Option<Arc<T>>,
    /// Failure of the newest try; `None` after a success.
    pub error: Option<ErrorView>,
    /// A try runs.
    pub loading: bool,
}

impl<T> Clone for FaceState<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            error: self.error.clone(),
            loading: self.loading,
        }
    }
}

impl<T> Default for FaceState<T> {
    fn default() -> Self {
        Self {
            value: None,
            error: None,
            loading: true,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Loading,
    Empty,
    Failed,
    Loaded,
}

/// Renders a load: the skeleton, the empty face, the failed face with a retry, or the children
/// with the value as a signal. The children are built once and stay while values come and go, so
/// that focus, scroll and open menus survive; a failure beside a value is a note above them.
#[component]
pub fn Faces<T, F, V>(
    /// The load.
    #[prop(into)]
    state: Signal<FaceState<T>>,
    /// Stands while nothing is known, in the final size.
    #[prop(into)]
    skeleton: ViewFn,
    /// Whether a value is nothing to show.
    #[prop(optional)]
    is_empty: Option<fn(&T) -> bool>,
    /// Stands for an empty value.
    #[prop(optional, into)]
    empty: ViewFn,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Draws the value.
    children: F,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    F: Fn(Signal<Arc<T>>) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let kind = Memo::new(move |_| {
        state.with(|state| match (&state.value, &state.error) {
            (Some(value), _) if is_empty.is_some_and(|is_empty| is_empty(value)) => Kind::Empty,
            (Some(_), _) => Kind::Loaded,
            (None, Some(_)) => Kind::Failed,
            (None, None) => Kind::Loading,
        })
    });
    let error = Memo::new(move |_| state.with(|state| state.error.clone()));
    let busy = Memo::new(move |_| state.with(|state| state.loading));
    let shown_error = Signal::derive(move || error.get().unwrap_or_default());
    let stale = move || {
        (kind.get() != Kind::Failed && error.with(Option::is_some))
            .then(|| view! { <StaleNote error=shown_error on_retry=on_retry busy=busy/> })
    };
    let body = move || match kind.get() {
        Kind::Loading => view! { <div aria-busy="true">{skeleton.run()}</div> }.into_any(),
        Kind::Empty => empty.run().into_any(),
        Kind::Failed => {
            view! { <ErrorState error=shown_error on_retry=on_retry busy=busy/> }.into_any()
        }
        Kind::Loaded => match state.with_untracked(|state| state.value.clone()) {
            // The value stays readable while this branch goes away.
            Some(first) => children(Signal::derive(move || {
                state
                    .with(|state| state.value.clone())
                    .unwrap_or_else(|| first.clone())
            }))
            .into_any(),
            None => ().into_any(),
        },
    };
    view! { {stale} {body} }
}

/// A grey shape where something will be; its size is the final one.
#[component]
pub fn Skeleton(
    /// Width, in CSS.
    #[prop(default = "100%")]
    width: &'static str,
    /// Height, in CSS; a line of text where it is left out.
    #[prop(optional)]
    height: Option<&'static str>,
    /// A disc.
    #[prop(optional)]
    round: bool,
) -> impl IntoView {
    let class = match (round, height) {
        (true, _) => "skeleton round",
        (false, Some(_)) => "skeleton block",
        (false, None) => "skeleton line",
    };
    view! { <span class=class aria-hidden="true" style:width=width style:height=height></span> }
}

/// Rows of a list that is on its way.
#[component]
pub fn SkeletonRows(
    /// How many.
    #[prop(default = 5)]
    rows: usize,
) -> impl IntoView {
    const WIDTHS: [&str; 5] = ["62%", "48%", "71%", "55%", "40%"];
    view! {
        <div class="rows">
            <span class="vh">"Loading"</span>
            {(0..rows)
                .map(|row| view! { <div><Skeleton width=WIDTHS[row % WIDTHS.len()]/></div> })
                .collect_view()}
        </div>
    }
}

/// Nothing here: one sentence on what would be, one action.
#[component]
pub fn EmptyState(
    /// "No snapshots".
    #[prop(into)]
    title: Signal<String>,
    /// One sentence.
    #[prop(optional, into)]
    words: Signal<String>,
    /// Picture.
    #[prop(default = IconName::List)]
    icon: IconName,
    /// Inside a card.
    #[prop(optional)]
    small: bool,
    /// The action.
    #[prop(optional, into)]
    action: ViewFn,
) -> impl IntoView {
    view! {
        <div class="face" class:small=small>
            <Icon name=icon size=IconSize::Large/>
            <p class="face-title">{move || title.get()}</p>
            <p class="face-words">{move || words.get()}</p>
            <div class="btn-row">{move || action.run()}</div>
        </div>
    }
}

/// A load failed and nothing is known: what, why in the server's words, what now, a retry, and a
/// report to copy.
#[component]
pub fn ErrorState(
    /// The failure.
    #[prop(into)]
    error: Signal<ErrorView>,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// A try runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Inside a card.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let report = Memo::new(move |_| error.with(|error| error.report.clone()));
    view! {
        <div class="face failed" class:small=small role="alert">
            <Icon name=IconName::CircleAlert size=IconSize::Large/>
            <p class="face-title">{move || error.with(|error| error.title.clone())}</p>
            <p class="face-words">{move || error.with(|error| error.message.clone())}</p>
            <p class="face-hint">{move || error.with(|error| error.hint.clone())}</p>
            <div class="btn-row">
                <Button label="Try again" icon=IconName::Refresh on_press=on_retry busy=busy/>
                {move || report.get().map(|report| view! { <CopyReport report=report/> })}
            </div>
        </div>
    }
}

/// Copies the report of a failure.
#[component]
pub fn CopyReport(
    /// The report.
    #[prop(into)]
    report: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let copy = move |()| {
        let copying = super::dom::copy_text(&report);
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            let ok = copying.await;
            let _ = done.try_set(ok);
        });
    };
    let label = Signal::derive(move || {
        if done.get() {
            "Report copied"
        } else {
            "Copy report"
        }
        .to_owned()
    });
    let icon = Signal::derive(move || {
        if done.get() {
            IconName::Check
        } else {
            IconName::Copy
        }
    });
    view! { <Button label=label icon=icon look=ButtonLook::Quiet on_press=Callback::new(copy)/> }
}

/// What is shown is old, since the newest try failed.
#[component]
pub fn StaleNote(
    /// The failure.
    #[prop(into)]
    error: Signal<ErrorView>,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// A try runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let words = move || {
        error.with(|error| match error.message.as_str() {
            "" => format!("{}. What you see is old.", error.title),
            message => format!("{}: {message}. What you see is old.", error.title),
        })
    };
    view! {
        <div class="stale" role="status">
            <Icon name=IconName::Triangle/>
            <span class="stale-words">{words}</span>
            <Button label="Try again" size=ControlSize::Small on_press=on_retry busy=busy/>
        </div>
    }
}

/// A remark in a page or dialog: a tone, a picture, words.
#[component]
pub fn Note(
    /// What it says about urgency.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// The words.
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        Tone::Idle | Tone::Info => IconName::Info,
        Tone::Ok => IconName::CircleCheck,
        Tone::Warn => IconName::Triangle,
        Tone::Bad => IconName::CircleAlert,
    };
    view! {
        <div class=format!("note {}", tone.class())>
            <Icon name=icon/>
            <div class="note-words">{children()}</div>
        </div>
    }
}

/// Why a call failed, in a form or a question that stays open, so that it can be tried again.
#[component]
pub fn FailureNote(
    /// The failure; nothing is said without one.
    #[prop(into)]
    error: Signal<Option<ErrorView>>,
) -> impl IntoView {
    let shown = |error: ErrorView| {
        view! {
            <Note tone=Tone::Bad>
                <p class="confirm-error">{error.title}</p>
                <p class="failure-words">{error.message}</p>
                {error.hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
                {error.report.map(|report| view! { <CopyReport report=report/> })}
            </Note>
        }
    };
    view! { <div role="alert">{move || error.get().map(shown)}</div> }
}
