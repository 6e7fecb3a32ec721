use super::icon::{self, Icon, IconName, IconSize};
use crate::domain::status::{NodeStatus, VmStatus};
use crate::domain::task::TaskState;
use leptos::prelude::*;

/// What a colour says. Never the only sign: a shape or a word stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Tone {
    /// Nothing to do.
    #[default]
    Idle,
    /// Well.
    Ok,
    /// Needs someone soon.
    Warn,
    /// Needs someone now.
    Bad,
    /// In progress.
    Info,
}

impl Tone {
    /// The class that sets the tone's colours.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Idle => "tone-idle",
            Self::Ok => "tone-ok",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
            Self::Info => "tone-info",
        }
    }
}

/// Tone, shape and word of a VM's state.
#[must_use]
pub fn vm_look(status: &VmStatus) -> (Tone, IconName, String) {
    match status {
        VmStatus::Running => (Tone::Ok, IconName::StateRunning, "Running".into()),
        VmStatus::Stopped => (Tone::Idle, IconName::StateStopped, "Stopped".into()),
        VmStatus::Paused => (Tone::Warn, IconName::StatePaused, "Paused".into()),
        VmStatus::Suspended => (Tone::Warn, IconName::StateSuspended, "Suspended".into()),
        VmStatus::Error => (Tone::Bad, IconName::StateError, "Error".into()),
        VmStatus::Unknown(word) if word.is_empty() || word == "unknown" => {
            (Tone::Idle, IconName::StateUnknown, "Unknown".into())
        }
        VmStatus::Unknown(word) => (Tone::Idle, IconName::StateUnknown, sentence(word)),
    }
}

/// First letter upper, the rest as sent.
fn sentence(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Shape and word in running text.
#[component]
fn State(
    /// What it shows.
    #[prop(into)]
    look: Signal<(Tone, IconName, String)>,
    /// The shape alone; the word is said to screen readers and in the tooltip.
    #[prop(optional)]
    only_shape: bool,
    /// More, in the tooltip.
    #[prop(optional, into)]
    tip: Signal<Option<String>>,
) -> impl IntoView {
    let look = Memo::new(move |_| look.get());
    move || {
        let (tone, icon, word) = look.get();
        state(tone, icon, word, only_shape, tip.get())
    }
}

/// The same, as it stands.
fn state(
    tone: Tone,
    icon: IconName,
    word: String,
    only_shape: bool,
    tip: Option<String>,
) -> impl IntoView + use<> {
    let class = if only_shape {
        "state only-shape"
    } else {
        "state"
    };
    let tip = tip.or_else(|| only_shape.then(|| word.clone()));
    view! {
        <span class=format!("{class} {}", tone.class()) data-tip=tip>
            {icon::drawn(icon, IconSize::Normal)}
            <span class=only_shape.then_some("vh")>{word}</span>
        </span>
    }
}

/// State of a VM: Running (green triangle), Stopped (grey square), Paused (yellow bars), Suspended
/// (yellow moon), Error (red triangle); a word that is not known is shown as sent. Or that it is a
/// template. As it stands: for what is drawn anew as a whole.
pub(crate) fn vm_state(
    status: &VmStatus,
    template: bool,
    only_shape: bool,
) -> impl IntoView + use<> {
    let (tone, icon, word) = if template {
        (Tone::Idle, IconName::Layers, "Template".to_owned())
    } else {
        vm_look(status)
    };
    state(tone, icon, word, only_shape, None)
}

/// State of a VM as a pill, beside a title.
#[component]
pub fn VmStatePill(
    /// The state.
    #[prop(into)]
    status: Signal<VmStatus>,
) -> impl IntoView {
    let look = Memo::new(move |_| status.with(vm_look));
    view! {
        <Pill
            tone=Signal::derive(move || look.with(|(tone, ..)| *tone))
            icon=Signal::derive(move || look.with(|(_, icon, _)| *icon))
            label=Signal::derive(move || look.with(|(.., word)| word.clone()))
        />
    }
}

/// State of a node: Online (green disc), Offline (red ring, struck), Unknown (grey dashes).
#[component]
pub fn NodeState(
    /// The state.
    #[prop(into)]
    status: Signal<NodeStatus>,
    /// The shape alone.
    #[prop(optional)]
    only_shape: bool,
) -> impl IntoView {
    let look = Signal::derive(move || {
        status.with(|status| match status {
            NodeStatus::Online => (Tone::Ok, IconName::StateOnline, "Online".into()),
            NodeStatus::Offline => (Tone::Bad, IconName::StateOffline, "Offline".into()),
            NodeStatus::Unknown(word) if word.is_empty() => {
                (Tone::Idle, IconName::StateUnknown, "Unknown".into())
            }
            NodeStatus::Unknown(word) => (Tone::Idle, IconName::StateUnknown, sentence(word)),
        })
    });
    view! { <State look=look only_shape=only_shape/> }
}

/// State of a task: running (blue, turning), done (green check), failed (red cross), and so on. The
/// server's words about a failure are the tooltip.
#[component]
pub fn TaskMark(
    /// The state.
    #[prop(into)]
    state: Signal<TaskState>,
    /// The shape alone, before the task's title.
    #[prop(optional)]
    only_shape: bool,
) -> impl IntoView {
    let look = Signal::derive(move || {
        state.with(|state| {
            let (tone, icon) = match state {
                TaskState::Running => (Tone::Info, IconName::Spinner),
                TaskState::Ok => (Tone::Ok, IconName::Check),
                TaskState::Warning(_) => (Tone::Warn, IconName::StateError),
                TaskState::Failed(_) => (Tone::Bad, IconName::X),
                TaskState::Cancelled => (Tone::Idle, IconName::StateStopped),
                TaskState::Ended => (Tone::Idle, IconName::StateUnknown),
            };
            (tone, icon, state.word().to_owned())
        })
    });
    let tip = Signal::derive(move || {
        state.with(|state| match state {
            TaskState::Warning(words) | TaskState::Failed(words) => Some(words.clone()),
            _ => None,
        })
    });
    view! { <State look=look only_shape=only_shape tip=tip/> }
}

/// A state beside a title: a soft ground, a shape, a word.
#[component]
pub fn Pill(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// Colour.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// Shape.
    #[prop(optional, into)]
    icon: Option<Signal<IconName>>,
    /// More, in the tooltip.
    #[prop(optional, into)]
    tip: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <span class=move || format!("pill {}", tone.get().class()) data-tip=move || tip.get()>
            {icon.map(|name| view! { <Icon name=name/> })}
            {move || label.get()}
        </span>
    }
}
