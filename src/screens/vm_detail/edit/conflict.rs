//! What somebody else changed while the form was open: for each setting the value to go on with,
//! theirs, the one typed here, or the one before both.

use super::form::Form;
use super::review::UNSET;
use crate::components::dom::uid;
use crate::components::{Button, ButtonLook, ControlSize, Icon, IconName};
use crate::domain::config::{Meanwhile, Side};
use leptos::prelude::*;

/// The choices, and the way on with them. Nothing typed is thrown away unless it is chosen so.
#[component]
pub fn Conflict(form: Form) -> impl IntoView {
    let found = Memo::new(move |_| form.meanwhile());
    let some = Memo::new(move |_| found.with(|found| !found.is_empty()));
    let rows = move || {
        found
            .get()
            .into_iter()
            .map(|one| {
                if one.editable {
                    view! { <Choose form=form one=one/> }.into_any()
                } else {
                    view! { <Told one=one/> }.into_any()
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || some.get()>
            <div class="note tone-warn vm-conflict" role="group" aria-label="Changed meanwhile">
                <Icon name=IconName::Triangle/>
                <div class="note-words">
                    <p class="confirm-error">"Somebody changed the configuration while you were editing"</p>
                    {rows}
                    <p class="quiet">"Settings that only you have changed stay as you typed them."</p>
                    <Button
                        label="Go on with these values"
                        look=ButtonLook::Secondary
                        size=ControlSize::Small
                        on_press=move |()| form.settle()
                    />
                </div>
            </div>
        </Show>
    }
}

/// One setting, with its values to choose from.
#[component]
fn Choose(form: Form, one: Meanwhile) -> impl IntoView {
    let usual = one.usual();
    let Meanwhile { change, mine, .. } = one;
    let group = uid("side");
    let key = StoredValue::new(change.key);
    let chosen = Memo::new(move |_| {
        let key = key.get_value();
        form.choices
            .with(|choices| choices.get(&key).copied().unwrap_or(usual))
    });
    let value = |value: Option<String>| value.unwrap_or_else(|| UNSET.to_owned());
    let untouched = mine.is_none();
    let before = if untouched {
        "Before, as in your form"
    } else {
        "Before"
    };
    let sides = [
        Some((Side::Theirs, "Theirs", value(change.new))),
        mine.map(|mine| (Side::Mine, "Mine", mine)),
        Some((Side::Before, before, value(change.old))),
    ];
    let options = sides
        .into_iter()
        .flatten()
        .map(|(side, label, value)| {
            let choose = move |_| {
                form.choices.update(|choices| {
                    choices.insert(key.get_value(), side);
                });
            };
            view! {
                <label class="vm-side">
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=move || chosen.get() == side
                        on:change=choose
                    />
                    <span class="aside">{label}</span>
                    <b>{value}</b>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="vm-choice">
            <legend>{change.label}</legend>
            {options}
        </fieldset>
    }
}

/// A setting that the form has no field for stays as they saved it.
#[component]
fn Told(one: Meanwhile) -> impl IntoView {
    let Meanwhile { change, .. } = one;
    let old = change.old.unwrap_or_else(|| UNSET.to_owned());
    let new = change.new.unwrap_or_else(|| UNSET.to_owned());
    view! {
        <p class="vm-told">
            <b>{change.label}</b>" is now "<b>{new}</b>", was "{old}
            <span class="aside">" (stays as they saved it)"</span>
        </p>
    }
}
