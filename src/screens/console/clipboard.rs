//! The clipboard, both ways.

use super::desk::Tools;
use super::line::Viewer;
use crate::components::{Button, ButtonLook, ControlSize, CopyButton, IconName, TextArea, dom};
use crate::domain::console::ConsoleKind;
use crate::stores::spawn;
use leptos::prelude::*;

/// Two fields: what the guest copied, what it is given.
#[component]
pub fn ClipboardPanel(tools: Tools) -> impl IntoView {
    let session = tools.session;
    let vnc = session.kind == ConsoleKind::Vnc;
    let draft = tools.typing.drafts.given;
    let given = draft.text;
    let said = RwSignal::new(String::new());
    let off = Signal::derive(move || {
        tools.keys_off().or_else(|| {
            given
                .with(String::is_empty)
                .then(|| "There is nothing in the field".to_owned())
        })
    });
    let give = Callback::new(move |()| {
        let text = given.get_untracked();
        session.viewer.with_value(|viewer| match viewer {
            Some(Viewer::Screen(screen)) => screen.paste(&text),
            Some(Viewer::Terminal(terminal)) => {
                terminal.send(&text.replace("\r\n", "\r").replace('\n', "\r"));
            }
            None => {}
        });
        said.set(
            match (vnc, text.chars().any(|letter| letter > '\u{ff}')) {
                (false, _) => "It was typed",
                (true, false) => "Sent to the guest",
                (true, true) => {
                    "Sent to the guest; letters outside of Latin-1 may arrive there as ?"
                }
            }
            .to_owned(),
        );
        draft.sent.set(text);
    });
    let take_marked = Callback::new(move |()| {
        let marked = session.viewer.with_value(|viewer| match viewer {
            Some(Viewer::Terminal(terminal)) => terminal.selection(),
            _ => String::new(),
        });
        session.copied.set(marked);
    });
    let help = if vnc {
        "The guest needs an agent that passes its clipboard on, such as spice-vdagent; Latin letters only where it has none."
    } else {
        "Goes to the shell as if it were typed."
    };
    let from = if vnc {
        "From the guest"
    } else {
        "Marked on the terminal"
    };
    let to = if vnc {
        "To the guest"
    } else {
        "Into the terminal"
    };
    view! {
        <section class="console-panel" aria-label="Clipboard">
            <h2>"Clipboard"</h2>
            <TextArea label=from value=session.copied locked=Signal::stored(true) rows=4 mono=true/>
            <div class="btn-row">
                {(!vnc).then(|| view! {
                    <Button label="Take what is marked" size=ControlSize::Small on_press=take_marked/>
                })}
                <CopyButton text=session.copied what="what the guest copied"/>
            </div>
            <TextArea label=to value=given rows=4 mono=true help=help/>
            <div class="btn-row">
                <Button label=if vnc { "Put on its clipboard" } else { "Send" } look=ButtonLook::Primary size=ControlSize::Small disabled=off on_press=give/>
                <FromHere given=given said=said/>
            </div>
            <p class="console-said" role="status">{move || said.get()}</p>
        </section>
    }
}

/// Fills the field from this device's clipboard, which browsers ask about.
#[component]
fn FromHere(given: RwSignal<String>, said: RwSignal<String>) -> impl IntoView {
    let secure = window().is_secure_context();
    let reason =
        (!secure).then(|| "Browsers allow it over https only: paste into the field".to_owned());
    let press = Callback::new(move |()| {
        spawn::page(async move {
            match dom::pasted_text().await {
                Some(text) => given.set(text),
                None => said.set("The browser did not allow it: paste into the field".to_owned()),
            }
        });
    });
    view! {
        <Button label="From this device" icon=IconName::Copy size=ControlSize::Small disabled=Signal::stored(reason) on_press=press/>
    }
}
