//! The guest's place on the page, and what stands there while it is not shown.

use super::desk::Tools;
use super::line::{Help, Line};
use super::offers::reach;
use crate::api::console::ConsoleOf;
use crate::components::{
    Button, ButtonLook, CopyButton, ErrorState, Icon, IconName, IconSize, LinkButton,
};
use crate::domain::vm_can::PowerAction;
use crate::screens::common::faces::error_view;
use crate::screens::common::power::VmAsk;
use crate::screens::common::vm_menu::power_item;
use crate::stores::use_live;
use leptos::html;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

/// The place that the viewer draws into.
#[component]
pub fn Stage(tools: Tools, of: ConsoleOf) -> impl IntoView {
    let session = tools.session;
    let shown = Memo::new(move |_| session.is_open());
    let leave = move |event: KeyboardEvent| {
        let all = event.ctrl_key() && event.alt_key() && event.shift_key();
        // By their places: Alt together with Shift is another key by its name on some systems.
        if all && is_modifier(&event.code()) {
            event.prevent_default();
            event.stop_propagation();
            give_back(tools.root);
        }
    };
    // Before the viewer, which takes every key.
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get() {
            crate::components::dom::listen(place.as_ref(), "keydown", true, leave);
        }
    });
    // The keyboard goes to the guest, unless somebody is busy elsewhere on the page.
    Effect::new(move || {
        if shown.get() && is_idle(tools.root) {
            session.focus();
        }
    });
    view! {
        <div class="console-stage" node_ref=place>
            <div
                class="console-host"
                data-shown=move || shown.get().then_some("")
                node_ref=session.host
            ></div>
            {move || (!shown.get()).then(|| {
                let of = of.clone();
                view! { <div class="console-face"><Face tools=tools of=of/></div> }
            })}
        </div>
    }
}

fn is_modifier(code: &str) -> bool {
    matches!(
        code,
        "ControlLeft" | "ControlRight" | "AltLeft" | "AltRight" | "ShiftLeft" | "ShiftRight"
    )
}

/// The page has the keyboard again: on the first button of the toolbar, with no key held in the
/// guest.
fn give_back(root: NodeRef<html::Div>) {
    // noVNC lets go of all keys when the window loses the keyboard.
    if let Ok(event) = web_sys::Event::new("blur") {
        let _ = window().dispatch_event(&event);
    }
    let button = root.get_untracked().and_then(|root| {
        root.query_selector(".console-bar .console-line button")
            .ok()
            .flatten()
    });
    if let Some(button) = button {
        use leptos::wasm_bindgen::JsCast;
        let _ = button.unchecked_into::<HtmlElement>().focus();
    }
}

/// Whether the keyboard is nowhere in particular: on the page, its heading or the guest's place.
fn is_idle(root: NodeRef<html::Div>) -> bool {
    let Some(focused) = crate::components::dom::focused() else {
        return true;
    };
    let inside = root
        .get_untracked()
        .is_some_and(|root| root.contains(Some(&focused)));
    focused.tag_name() == "H1"
        || (inside
            && focused
                .closest(".console-stage")
                .is_ok_and(|at| at.is_some()))
}

#[component]
fn Face(tools: Tools, of: ConsoleOf) -> impl IntoView {
    let session = tools.session;
    let live = use_live();
    let now = live.clock.watch();
    let again = Callback::new(move |()| session.again());
    // The wait ticks inside; its buttons stay.
    let kind = Memo::new_with_compare(
        move |_| session.line.get(),
        |old, new| old.map(std::mem::discriminant) != new.map(std::mem::discriminant),
    );
    let face = move || {
        match kind.get() {
        Line::Open => ().into_any(),
        Line::Opening => view! {
            <Icon name=IconName::Spinner size=IconSize::Large/>
            <p class="face-title">{move || format!("Connecting to {}", session.name.get())}</p>
        }
        .into_any(),
        Line::Lost { .. } => {
            let why = move || session.line.with(|line| match line {
                Line::Lost { why, .. } => why.clone(),
                _ => String::new(),
            });
            let left = move || session.line.with(|line| match line {
                Line::Lost { next_try, .. } => ((next_try.millis - now.get().millis).max(0) + 999) / 1000,
                _ => 0,
            });
            view! {
                <Icon name=IconName::WifiOff size=IconSize::Large/>
                <p class="face-title">{why}</p>
                <p class="face-words">{move || format!("Trying again in {} s, with a fresh ticket", left())}</p>
                <div class="btn-row">
                    <Button label="Try now" look=ButtonLook::Primary icon=IconName::Refresh on_press=again/>
                    <Button label="Give up" on_press=Callback::new(move |()| session.close())/>
                </div>
            }
            .into_any()
        }
        Line::Off => view! { <Off tools=tools of=of.clone()/> }.into_any(),
        Line::Closed => view! {
            <Icon name=IconName::Unplug size=IconSize::Large/>
            <p class="face-title">"Disconnected"</p>
            <p class="face-words">"The guest goes on as it is."</p>
            <div class="btn-row">
                <Button label="Connect" look=ButtonLook::Primary icon=IconName::Plug on_press=again/>
            </div>
        }
        .into_any(),
        Line::Over => view! {
            <Icon name=IconName::Console size=IconSize::Large/>
            <p class="face-title">"The shell ended"</p>
            <p class="face-words">"A new one opens when you want it."</p>
            <div class="btn-row">
                <Button label="Open a new shell" look=ButtonLook::Primary icon=IconName::Plug on_press=again/>
            </div>
        }
        .into_any(),
        Line::Elsewhere(why) => view! { <Elsewhere tools=tools why=why/> }.into_any(),
        Line::Refused(error) => {
            let shown = error_view("The console could not be opened", &error, live.clock.now());
            view! { <ErrorState error=shown on_retry=again/> }.into_any()
        }
    }
    };
    view! {
        {face}
        <Helps tools=tools/>
    }
}

/// What else may help while it is tried again.
#[component]
fn Helps(tools: Tools) -> impl IntoView {
    let line = tools.session.line;
    // Stays as it is from one try to the next: somebody may be at work in it.
    let help = Memo::new(move |before: Option<&Help>| {
        line.with(|line| match (line, before) {
            (Line::Lost { help, .. }, _) => *help,
            (Line::Opening, Some(before)) => *before,
            _ => Help::None,
        })
    });
    let reload = Callback::new(move |()| {
        // A browser that refuses leaves the page as it is.
        let _ = window().location().reload();
    });
    move || match help.get() {
        Help::None => ().into_any(),
        Help::Page => view! { <AtHypervisor tools=tools/> }.into_any(),
        Help::Reload => view! {
            <div class="btn-row">
                <Button label="Reload the page" icon=IconName::Refresh on_press=reload/>
            </div>
        }
        .into_any(),
    }
}

/// The guest is off: starting it is offered, and waited for.
#[component]
fn Off(tools: Tools, of: ConsoleOf) -> impl IntoView {
    let live = StoredValue::new(use_live());
    let ask = expect_context::<VmAsk>();
    let name = tools.session.name;
    let vm = move || {
        let ConsoleOf::Vm(id) = of else { return None };
        live.with_value(|live| {
            let row = live.vms.rows().row(&id).get();
            row.or_else(|| live.known_vm(id))
        })
    };
    let template = Memo::new({
        let vm = vm.clone();
        move |_| vm().is_some_and(|vm| vm.template)
    });
    let start = move || {
        let vm = vm()?;
        let id = vm.vmid;
        let item = live.with_value(|live| {
            (!vm.template).then(|| power_item(live, &vm, PowerAction::Start, ask))
        })?;
        let reason = item.disabled;
        let press = Callback::new(move |()| ask.power(id, PowerAction::Start));
        Some(view! {
            <Button label="Start" look=ButtonLook::Primary icon=IconName::Play disabled=Signal::stored(reason) on_press=press/>
        })
    };
    view! {
        <Icon name=IconName::Power size=IconSize::Large/>
        <p class="face-title">
            {move || {
                let state = if template.get() { "a template" } else { "not running" };
                format!("{} is {state}", name.get())
            }}
        </p>
        <p class="face-words">
            {move || if template.get() {
                "A template never runs, so it has no console: a clone of it does."
            } else {
                "Its console opens here by itself as soon as it starts."
            }}
        </p>
        <div class="btn-row">{start}</div>
    }
}

/// No line here: the page at the hypervisor is offered, where it may be.
#[component]
fn Elsewhere(tools: Tools, why: String) -> impl IntoView {
    let session = tools.session;
    let again = Callback::new(move |()| session.again());
    view! {
        <Icon name=IconName::Unplug size=IconSize::Large/>
        <p class="face-title">"No console on this page"</p>
        <p class="face-words">{why}"."</p>
        <AtHypervisor tools=tools/>
        <div class="btn-row">
            <Button label="Try again" icon=IconName::Refresh on_press=again/>
        </div>
    }
}

/// The console's page at the hypervisor: inside of this one where it has the same origin, else the
/// way to it.
#[component]
fn AtHypervisor(tools: Tools) -> impl IntoView {
    let session = tools.session;
    let reach = reach(&use_live());
    move || {
        let url = session.page.get()?;
        if reach.embeds(&url) {
            let title = format!("Console of {}", session.name.get());
            return Some(
                view! { <iframe class="console-frame" src=url title=title></iframe> }.into_any(),
            );
        }
        Some(match reach.launch(&url) {
            Ok(()) => view! {
                <LinkButton label="Open it at the hypervisor" look=ButtonLook::Primary icon=IconName::External href=url new_tab=true/>
            }
            .into_any(),
            Err(why) => view! {
                <p class="face-words">"The hypervisor has a page for it. "{why}"."</p>
                <p class="console-address"><code>{url.clone()}</code><CopyButton text=url what="address"/></p>
            }
            .into_any(),
        })
    }
}
