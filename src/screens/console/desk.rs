//! Toolbar, the guest, and what can be opened beside it.

use super::clipboard::ClipboardPanel;
use super::drafts::Drafts;
use super::line::{Guest, Viewer};
use super::offers::lacks;
use super::session::Session;
use super::spice::SpiceDesk;
use super::stage::Stage;
use super::toolbar::Toolbar;
use super::typing::{Typing, TypingPanel};
use crate::api::console::ConsoleOf;
use crate::components::console::{ScreenLook, Terminal, WAY_OUT};
use crate::components::{CopyButton, EmptyState, IconName, Skeleton, dom};
use crate::domain::console::address;
use crate::domain::console::look::{ConsoleLook, Fit};
use crate::domain::console::{ConsoleKind, Facts, possible};
use crate::screens::common::power::VmAsk;
use crate::stores::Live;
use crate::stores::prefs::CONSOLE;
use crate::stores::use_live;
use leptos::html;
use leptos::prelude::*;

/// What stands beside the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Panel {
    /// Nothing.
    #[default]
    None,
    /// Clipboard.
    Clipboard,
    /// Text to type.
    Typing,
}

/// What the parts of a console share.
#[derive(Clone, Copy)]
pub struct Tools {
    /// The line.
    pub session: Session,
    /// What is remembered of how it is shown.
    pub look: Signal<ConsoleLook>,
    /// Keys and pointer stay here; for this visit.
    pub view_only: RwSignal<bool>,
    /// The pointer moves the part that is seen; for this visit.
    pub drag: RwSignal<bool>,
    /// Whether a finger points here.
    pub coarse: Signal<bool>,
    /// What stands beside it.
    pub panel: RwSignal<Panel>,
    /// Text on its way, and texts that wait for the guest.
    pub typing: Typing,
    /// The whole console, for the full screen.
    pub root: NodeRef<html::Div>,
    /// Whether it stands alone in a window.
    pub window: Memo<bool>,
    /// Whether it has the full screen.
    pub full: RwSignal<bool>,
    /// Where questions are put.
    pub ask: VmAsk,
    live: StoredValue<Live>,
}

impl Tools {
    /// Remembers how it is shown.
    pub fn change(self, change: impl FnOnce(&mut ConsoleLook)) {
        let mut look = self.look.get_untracked();
        change(&mut look);
        self.live.with_value(|live| live.prefs.set(&CONSOLE, &look));
    }

    /// Why keys can't be sent now; tracked.
    #[must_use]
    pub fn keys_off(self) -> Option<String> {
        if !self.session.is_open() {
            Some("Not connected".to_owned())
        } else if self.view_only.get() {
            Some("View only: nothing is sent to the guest".to_owned())
        } else {
            None
        }
    }
}

/// A console of one kind, or why there is none.
#[component]
pub fn Desk(
    guest: Guest,
    kind: ConsoleKind,
    facts: Signal<Facts>,
    window: Memo<bool>,
    drafts: Drafts,
) -> impl IntoView {
    let live = use_live();
    let of = StoredValue::new(guest.of.clone());
    let lacking = Memo::new({
        let live = live.clone();
        move |_| of.with_value(|of| lacks(&live, of, kind))
    });
    let refused = Memo::new(move |_| {
        lacking
            .get()
            .or_else(|| facts.with(|facts| possible(facts, kind).err().map(ToOwned::to_owned)))
    });
    let choice = move || {
        let of = of.get_value();
        view! { <super::toolbar::KindChoice of=of kind=kind facts=facts window=window/> }
    };
    // What the server has is asked for once, at the start: nothing is opened before.
    let learnt = live.capabilities();
    let learnt = Memo::new(move |_| learnt.with(Option::is_some));
    move || {
        let guest = guest.clone();
        if !learnt.get() {
            return view! { <Skeleton height="420px"/> }.into_any();
        }
        match (refused.get(), kind) {
            (Some(why), _) => view! {
                <div class="console">
                    <div class="console-bar">{choice()}</div>
                    <EmptyState title="No console of this kind" words=why icon=IconName::Console/>
                </div>
            }
            .into_any(),
            (None, ConsoleKind::Spice) => view! {
                <div class="console">
                    <div class="console-bar">{choice()}</div>
                    <SpiceDesk guest=guest/>
                </div>
            }
            .into_any(),
            (None, _) => {
                view! { <Lined guest=guest kind=kind facts=facts window=window drafts=drafts/> }
                    .into_any()
            }
        }
    }
}

#[component]
fn Lined(
    guest: Guest,
    kind: ConsoleKind,
    facts: Signal<Facts>,
    window: Memo<bool>,
    drafts: Drafts,
) -> impl IntoView {
    let live = use_live();
    let look = live.prefs.signal(&CONSOLE);
    let spoken = Signal::derive(move || look.with(|look| look.spoken));
    let session = Session::new(&guest, kind, facts, spoken);
    let view_only = RwSignal::new(false);
    let tools = Tools {
        session,
        look,
        view_only,
        drag: RwSignal::new(false),
        coarse: dom::media("(pointer: coarse)"),
        panel: RwSignal::new(Panel::None),
        typing: Typing::new(session, view_only, drafts),
        root: NodeRef::new(),
        window,
        full: RwSignal::new(false),
        ask: expect_context(),
        live: StoredValue::new(live),
    };
    follow_look(tools);
    follow_full_screen(tools);
    let command = command(&guest, kind, facts);
    let of = guest.of.clone();
    view! {
        <div class="console" node_ref=tools.root>
            <Toolbar tools=tools of=of facts=facts/>
            <div class="console-body" data-panel=move || (tools.panel.get() != Panel::None).then_some("")>
                <Stage tools=tools of=guest.of/>
                {move || match tools.panel.get() {
                    Panel::None => ().into_any(),
                    Panel::Clipboard => view! { <ClipboardPanel tools=tools/> }.into_any(),
                    Panel::Typing => view! { <TypingPanel tools=tools/> }.into_any(),
                }}
            </div>
            <p class="console-foot">
                <span id=WAY_OUT><kbd>"Ctrl"</kbd>" "<kbd>"Alt"</kbd>" "<kbd>"Shift"</kbd>" together give the keyboard back to this page"</span>
                {move || command.get().map(|command| view! {
                    <span class="console-command">
                        "At the node: "<code>{command.clone()}</code>
                        <CopyButton text=command what="command"/>
                    </span>
                })}
            </p>
        </div>
    }
}

/// The same by hand, for terminals.
fn command(guest: &Guest, kind: ConsoleKind, facts: Signal<Facts>) -> Signal<Option<String>> {
    let (of, node) = (guest.of.clone(), guest.node);
    let id = match of {
        ConsoleOf::Vm(vm) => Some(vm.0),
        ConsoleOf::Node(_) => None,
    };
    Signal::derive(move || facts.with(|facts| address::command(&node.get(), id, facts, kind)))
}

/// How it is shown follows what is chosen, from the moment on that there is a picture.
fn follow_look(tools: Tools) {
    // Writes to the viewer, which is outside of this view.
    Effect::new(move || {
        let look = tools.look.get();
        let (quality, compression) = look.quality.levels();
        let shown = ScreenLook {
            fit: look.fit == Fit::Scale,
            resize: look.fit == Fit::Resize,
            drag: look.fit == Fit::Actual && tools.drag.get(),
            view_only: tools.view_only.get(),
            dot: look.dot,
            quality,
            compression,
        };
        if tools.session.is_open() {
            tools.session.viewer.with_value(|viewer| match viewer {
                Some(Viewer::Screen(screen)) => screen.look(shown),
                Some(Viewer::Terminal(terminal)) => terminal.speak(look.spoken),
                None => {}
            });
        }
    });
    // A terminal has as many columns as its place holds.
    Effect::new(move || {
        if let Some(host) = tools.session.host.get() {
            dom::watch_size(&host, move |_, _| {
                tools.session.viewer.try_with_value(|viewer| {
                    if let Some(Viewer::Terminal(terminal)) = viewer {
                        Terminal::fit(terminal);
                    }
                });
            });
        }
    });
}

/// The browser leaves the full screen by itself, too.
fn follow_full_screen(tools: Tools) {
    dom::listen(
        document().as_ref(),
        "fullscreenchange",
        false,
        move |_: web_sys::Event| {
            let _ = tools
                .full
                .try_set(document().fullscreen_element().is_some());
        },
    );
}
