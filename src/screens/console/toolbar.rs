//! The row above the guest: how the line stands, and what can be done with it.

use super::desk::{Panel, Tools};
use super::line::Line;
use super::menus;
use super::offers::lacks;
use super::touch::TouchKeys;
use crate::api::console::ConsoleOf;
use crate::components::{
    Button, ControlSize, IconButton, IconName, MenuButton, Pill, Toast, Tone, use_toasts,
};
use crate::domain::console::keys::COMBOS;
use crate::domain::console::{ConsoleKind, Facts, possible};
use crate::paths;
use crate::stores::use_live;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Address of a console of that kind.
fn address(of: &ConsoleOf, kind: ConsoleKind, window: bool) -> String {
    match of {
        ConsoleOf::Vm(vm) => paths::vm_console(*vm, Some(kind), window),
        ConsoleOf::Node(node) => paths::node_console(node, window),
    }
}

/// Screen, terminal or SPICE; disabled with the reason where there is none.
#[component]
pub fn KindChoice(
    of: ConsoleOf,
    kind: ConsoleKind,
    facts: Signal<Facts>,
    window: Memo<bool>,
) -> impl IntoView {
    let live = StoredValue::new(use_live());
    let navigate = StoredValue::new(use_navigate());
    if matches!(of, ConsoleOf::Node(_)) {
        return ().into_any();
    }
    let of = StoredValue::new(of);
    let one = move |own: ConsoleKind| {
        let reason = Signal::derive(move || {
            // What is chosen says itself why it does not work.
            if own == kind {
                return None;
            }
            let lacking = live.with_value(|live| of.with_value(|of| lacks(live, of, own)));
            lacking
                .or_else(|| facts.with(|facts| possible(facts, own).err().map(ToOwned::to_owned)))
        });
        let press = Callback::new(move |()| {
            let path = of.with_value(|of| address(of, own, window.get_untracked()));
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate.with_value(|navigate| navigate(&path, options));
        });
        view! {
            <Button label=own.label() size=ControlSize::Small disabled=reason pressed=Signal::stored(own == kind) on_press=press/>
        }
    };
    view! {
        <div class="console-kinds" role="group" aria-label="Console type">
            {ConsoleKind::ALL.map(one).collect_view()}
        </div>
    }
    .into_any()
}

/// State, keys, clipboard, display, windows, line.
#[component]
pub fn Toolbar(tools: Tools, of: ConsoleOf, facts: Signal<Facts>) -> impl IntoView {
    let session = tools.session;
    let vnc = session.kind == ConsoleKind::Vnc;
    let off = Signal::derive(move || tools.keys_off());
    let small = ControlSize::Small;
    let cad = Callback::new(move |()| {
        if let Some(combo) = COMBOS.first() {
            menus::press(tools, combo);
        }
    });
    view! {
        <div class="console-bar" role="group" aria-label="Console">
            <LineState tools=tools/>
            <KindChoice of=of.clone() kind=session.kind facts=facts window=tools.window/>
            <div class="console-tools">
                <span class="console-group">
                    {vnc.then(|| view! {
                        <Button label="Ctrl-Alt-Del" size=small disabled=off on_press=cad/>
                    })}
                    <MenuButton label="Keys" size=small items=Signal::derive(move || menus::combos(tools))/>
                    {vnc.then(|| view! {
                        <MenuButton label="F1–F12" size=small items=Signal::derive(move || menus::function_keys(tools))/>
                        <MenuButton label="SysRq" size=small items=Signal::derive(move || menus::sysrq(tools))/>
                    })}
                </span>
                <span class="console-group">
                    <PanelButton tools=tools panel=Panel::Clipboard label="Clipboard" icon=IconName::Copy/>
                    <PanelButton tools=tools panel=Panel::Typing label="Type text" icon=IconName::Terminal/>
                    <TouchKeys tools=tools/>
                </span>
                <span class="console-group">
                    <MenuButton label="Display" size=small icon=IconName::Monitor items=Signal::derive(move || menus::display(tools))/>
                    <Windows tools=tools of=of/>
                </span>
                <LineButtons tools=tools/>
            </div>
        </div>
    }
}

/// How the line stands, in a word.
#[component]
fn LineState(tools: Tools) -> impl IntoView {
    let session = tools.session;
    let now = use_live().clock.watch();
    let word = Memo::new(move |_| {
        session.line.with(|line| match line {
            Line::Opening => ("Connecting", Tone::Info),
            Line::Open => ("Connected", Tone::Ok),
            Line::Lost { .. } => ("Reconnecting", Tone::Warn),
            Line::Off => ("Waiting for the guest", Tone::Idle),
            Line::Closed | Line::Over => ("Disconnected", Tone::Idle),
            Line::Elsewhere(_) => ("Not available", Tone::Warn),
            Line::Refused(_) => ("Refused", Tone::Bad),
        })
    });
    let shown = Signal::derive(move || {
        let word = word.get().0;
        session.line.with(|line| match line {
            Line::Lost { next_try, .. } => {
                let left = ((next_try.millis - now.get().millis).max(0) + 999) / 1000;
                format!("{word} in {left} s")
            }
            _ => word.to_owned(),
        })
    });
    view! {
        <span class="console-line-state">
            // The seconds are not read out.
            <span class="vh" role="status">{move || word.get().0}</span>
            <span aria-hidden="true"><Pill label=shown tone=Signal::derive(move || word.get().1)/></span>
        </span>
    }
}

/// Opens and closes what stands beside the guest.
#[component]
fn PanelButton(tools: Tools, panel: Panel, label: &'static str, icon: IconName) -> impl IntoView {
    let open = Signal::derive(move || tools.panel.get() == panel);
    let press = Callback::new(move |()| {
        tools
            .panel
            .update(|own| *own = if *own == panel { Panel::None } else { panel });
    });
    view! { <Button label=label icon=icon size=ControlSize::Small pressed=open on_press=press/> }
}

/// Full screen, a window of its own.
#[component]
fn Windows(tools: Tools, of: ConsoleOf) -> impl IntoView {
    let kind = tools.session.kind;
    let full = Callback::new(move |()| {
        if tools.full.get_untracked() {
            document().exit_fullscreen();
        } else if let Some(root) = tools.root.get_untracked() {
            // Asked for by a press, it comes, or the window stays as it is.
            let _ = root.request_fullscreen();
        }
    });
    let full_label = Signal::derive(move || {
        if tools.full.get() {
            "Leave full screen"
        } else {
            "Full screen"
        }
        .to_owned()
    });
    // Phones have none for pages.
    let none = (!document().fullscreen_enabled())
        .then(|| "This browser gives no full screen to pages".to_owned());
    let toasts = use_toasts();
    let open = Callback::new(move |()| {
        let path = paths::href(&address(&of, kind, true));
        // One window for each console: a second press brings it to the front as it is.
        let name = match &of {
            ConsoleOf::Vm(vm) => format!("moxxie-console-{vm}-{}", kind.slug()),
            ConsoleOf::Node(node) => format!("moxxie-shell-{node}"),
        };
        let size = "popup,width=1040,height=760";
        let opened = window().open_with_url_and_target_and_features("", &name, size);
        let Ok(Some(own)) = opened else {
            toasts.push(
                Toast::new(Tone::Bad, "The browser blocked the window")
                    .text("Allow windows (pop-ups) for this page, then press again.")
                    .key("console-window"),
            );
            return;
        };
        if own.location().href().is_ok_and(|at| at == "about:blank") {
            let _ = own.location().set_href(&path);
        }
        let _ = own.focus();
    });
    view! {
        <IconButton label=full_label icon=IconName::Maximize size=ControlSize::Small disabled=Signal::stored(none) on_press=full/>
        {move || (!tools.window.get()).then(|| view! {
            <IconButton label="Open in a window of its own" icon=IconName::External size=ControlSize::Small on_press=open/>
        })}
    }
}

/// Ends the line, begins it anew.
#[component]
fn LineButtons(tools: Tools) -> impl IntoView {
    let session = tools.session;
    let again = Callback::new(move |()| session.again());
    let close = Callback::new(move |()| session.close());
    let off = Signal::derive(move || {
        let over = session.line.with(|line| {
            matches!(
                line,
                Line::Closed | Line::Over | Line::Elsewhere(_) | Line::Refused(_)
            )
        });
        over.then(|| "Not connected".to_owned())
    });
    let asleep = Signal::derive(move || {
        let off = session.line.with(|line| *line == Line::Off);
        off.then(|| format!("{} is not running", session.name.get()))
    });
    view! {
        <span class="console-group console-line">
            <IconButton label="Reconnect" icon=IconName::Refresh size=ControlSize::Small disabled=asleep on_press=again/>
            <IconButton label="Disconnect" icon=IconName::Unplug size=ControlSize::Small disabled=off on_press=close/>
        </span>
    }
}
