//! Last step: what was chosen, what comes of it, and the very requests.

use super::desk::Desk;
use crate::api::vms;
use crate::components::{
    Button, ButtonLook, CallFold, ControlSize, Icon, IconName, Note, Tone, Usage, UsageBar,
};
use crate::domain::provision::{Choice, Outlook, Requests, Step};
use crate::screens::common::call::curl_of;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

/// The requests as curl commands, in their order.
pub fn calls(live: &Live, requests: &Requests) -> String {
    let all = requests.iter().enumerate().map(|(at, request)| {
        let curl = curl_of(&live.client, &vms::make_shown(&live.client, request));
        let when = if at == 0 {
            String::new()
        } else {
            ", when that is done".to_owned()
        };
        format!("# {}. {}{when}\n{curl}", at + 1, request.words())
    });
    all.collect::<Vec<_>>().join("\n\n")
}

/// The choices by step, each with a way back to it, and the requests.
#[component]
pub fn Review(desk: Desk, choices: Memo<Vec<Choice>>, requests: Signal<Requests>) -> impl IntoView {
    let live = use_live();
    let call = Signal::derive(move || calls(&live, &requests.get()));
    let steps = Memo::new(move |_| {
        let mut steps: Vec<Step> = Vec::new();
        choices.with(|all| {
            for choice in all {
                if steps.last() != Some(&choice.step) {
                    steps.push(choice.step);
                }
            }
        });
        steps
    });
    let group = move |step: Step| {
        let rows = move || {
            choices.with(|all| {
                let own = all.iter().filter(|choice| choice.step == step);
                own.map(|choice| {
                    let (label, value) = (choice.label.clone(), choice.value.clone());
                    view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> }
                })
                .collect_view()
            })
        };
        let wrong = Memo::new(move |_| {
            desk.wrong.with(|all| {
                let own = all.iter().filter(|wrong| wrong.step == step);
                let own = own.map(|wrong| wrong.message.clone());
                own.chain(desk.refused_at(step)).collect::<Vec<_>>()
            })
        });
        let problems = move || {
            let row = |why: String| view! { <p class="field-error"><Icon name=IconName::CircleAlert/>{why}</p> };
            wrong.get().into_iter().map(row).collect_view()
        };
        view! {
            <section class="make-chosen">
                <div class="make-chosen-head">
                    <h3>{step.label()}</h3>
                    <Button
                        label=format!("Change {}", step.label().to_lowercase())
                        look=ButtonLook::Quiet
                        size=ControlSize::Small
                        on_press=move |()| desk.go(step)
                    />
                </div>
                <table aria-label=step.label()><tbody>{rows}</tbody></table>
                {problems}
            </section>
        }
    };
    view! {
        {move || steps.get().into_iter().map(group).collect_view()}
        <CallFold text=call many=true/>
    }
}

/// What there is to know, beside every step.
#[component]
pub fn ToKnow(outlook: Memo<Outlook>) -> impl IntoView {
    let remarks = Memo::new(move |_| outlook.with(|outlook| outlook.remarks.clone()));
    let fills = Memo::new(move |_| outlook.with(|outlook| outlook.fills.clone()));
    let said = move || {
        let all = remarks.get();
        let tone = match all.first() {
            None => return None,
            Some(first) if first.bad => Tone::Bad,
            Some(_) => Tone::Warn,
        };
        let title = if all.len() == 1 {
            "1 thing to know".to_owned()
        } else {
            format!("{} things to know", all.len())
        };
        Some(view! {
            <Note tone=tone>
                <p class="make-remarks-title">{title}</p>
                <ul class="make-remarks">
                    {all.into_iter().map(|remark| view! { <li>{remark.words}</li> }).collect_view()}
                </ul>
            </Note>
        })
    };
    let bars = move || {
        let row = |fill: crate::domain::provision::Filled| {
            let usage = Usage::bytes(Some(fill.after), Some(fill.total));
            let label = fill.name.clone();
            view! {
                <div class="make-fill">
                    <span>{fill.name}</span>
                    <UsageBar label=format!("{label} afterwards") usage=Signal::stored(usage)/>
                </div>
            }
        };
        fills.get().into_iter().map(row).collect_view()
    };
    view! {
        <div class="make-know" role="group" aria-label="Afterwards">
            <div role="status">{said}</div>
            {move || (!fills.with(Vec::is_empty)).then(|| view! { <h3>"Afterwards"</h3> })}
            {bars}
        </div>
    }
}
