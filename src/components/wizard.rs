//! A form in steps: a list of the steps, one step at a time, what there is to know beside it.

use super::button::{Button, ButtonLook};
use super::dom;
use super::icon::{Icon, IconName};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepState {
    /// Not left yet.
    #[default]
    Open,
    /// Left, and in order.
    Done,
    /// Left, and something is wrong.
    Wrong,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WizardStep {
    /// Which one it is; what `current` names.
    pub id: &'static str,
    /// "Disks".
    pub label: &'static str,
    /// How it stands.
    pub state: StepState,
}

/// A form in steps. Where the person is is the caller's (the URL's); what is typed, too, so that
/// going back and forth costs nothing. Enter in a field does what the button Next does, and never
/// loads the page anew. The heading of a step takes the focus when it is reached.
#[component]
pub fn Wizard(
    /// Name of the list of steps: "Steps of the new VM".
    label: &'static str,
    /// The steps; the last one has no Next.
    #[prop(into)]
    steps: Signal<Vec<WizardStep>>,
    /// The step that is shown.
    #[prop(into)]
    current: Signal<&'static str>,
    /// The person wants to be at another step, whatever this one holds.
    on_go: Callback<&'static str>,
    /// The person is through with this one: Next, or Enter in a field. Where the caller stays, the
    /// first field that is wrong takes the focus.
    on_next: Callback<()>,
    /// Above the buttons: what there is to know.
    #[prop(into)]
    aside: ViewFn,
    /// In place of Next at the last step: what sends it.
    #[prop(into)]
    send: ViewFn,
    /// The fields of the step that is shown.
    #[prop(into)]
    body: ViewFn,
) -> impl IntoView {
    let heading = NodeRef::<html::H2>::new();
    let at = Memo::new(move |_| {
        let current = current.get();
        steps.with(|steps| {
            steps
                .iter()
                .position(|step| step.id == current)
                .unwrap_or(0)
        })
    });
    let count = Memo::new(move |_| steps.with(Vec::len));
    let title =
        Memo::new(move |_| steps.with(|steps| steps.get(at.get()).map_or("", |step| step.label)));
    let go = move |to: Option<usize>| {
        let to = to.and_then(|to| steps.with_untracked(|steps| steps.get(to).map(|step| step.id)));
        if let Some(to) = to {
            on_go.run(to);
        }
    };
    let last = Memo::new(move |_| at.get() + 1 == count.get());
    // Moves the focus, which is the browser's state.
    Effect::new(move |before: Option<usize>| {
        let now = at.get();
        if before.is_some_and(|before| before != now) {
            dom::after_render(move || {
                if let Some(heading) = heading.try_get_untracked().flatten() {
                    // Ignored: without focus the step still works.
                    let _ = heading.focus();
                }
            });
        }
        now
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if last.get_untracked() {
            return;
        }
        let before = at.get_untracked();
        on_next.run(());
        dom::after_render(move || {
            if at.try_get_untracked() == Some(before) {
                focus_wrong();
            }
        });
    };
    view! {
        <div class="wizard">
            <StepList label=label steps=steps at=at on_go=on_go/>
            <form class="wizard-form" novalidate=true on:submit=submit>
                <section class="card wizard-body" aria-labelledby="wizard-step">
                    <div class="card-head">
                        <h2 id="wizard-step" tabindex="-1" node_ref=heading>{move || title.get()}</h2>
                        <div class="card-aside">{move || format!("Step {} of {}", at.get() + 1, count.get())}</div>
                    </div>
                    <div class="card-body">{move || body.run()}</div>
                </section>
                <div class="card wizard-aside">
                    {aside.run()}
                    {move || if last.get() {
                        send.run()
                    } else {
                        view! { <Button label="Next" look=ButtonLook::Primary submits=true wide=true on_press=|()| ()/> }.into_any()
                    }}
                    {move || (at.get() > 0).then(|| view! {
                        <Button label="Back" wide=true on_press=move |()| go(at.get_untracked().checked_sub(1))/>
                    })}
                </div>
            </form>
        </div>
    }
}

fn focus_wrong() {
    let found = document().query_selector(".wizard-body [aria-invalid=true]");
    if let Some(field) = found
        .ok()
        .flatten()
        .and_then(|field| field.dyn_into::<HtmlElement>().ok())
    {
        let _ = field.focus();
    }
}

#[component]
fn StepList(
    label: &'static str,
    steps: Signal<Vec<WizardStep>>,
    at: Memo<usize>,
    on_go: Callback<&'static str>,
) -> impl IntoView {
    let item = move |(place, step): (usize, WizardStep)| {
        let WizardStep { id, label, state } = step;
        let (class, said) = match state {
            StepState::Open => ("wizard-step", ""),
            StepState::Done => ("wizard-step done", "(filled in)"),
            StepState::Wrong => ("wizard-step wrong", "(to be corrected)"),
        };
        let mark = match state {
            StepState::Open => (place + 1).to_string().into_any(),
            StepState::Done => view! { <Icon name=IconName::Check/> }.into_any(),
            StepState::Wrong => view! { <Icon name=IconName::CircleAlert/> }.into_any(),
        };
        view! {
            <li class=class>
                <button
                    type="button"
                    aria-current=move || (at.get() == place).then_some("step")
                    on:click=move |_| on_go.run(id)
                >
                    <span class="wizard-mark" aria-hidden="true">{mark}</span>
                    <span class="wizard-label">{label}<span class="vh">{said}</span></span>
                </button>
            </li>
        }
    };
    view! {
        <nav class="wizard-steps" aria-label=label>
            <ol>{move || steps.get().into_iter().enumerate().map(item).collect_view()}</ol>
        </nav>
    }
}
