//! Text as key strokes, for guests without a clipboard: several lines, at a pace, by the layout of
//! the guest's keyboard.

use super::desk::Tools;
use super::drafts::Drafts;
use super::line::{Line, Viewer};
use super::session::Session;
use crate::components::{
    Button, ButtonLook, ControlSize, IconName, SelectField, SelectOption, TextArea,
};
use crate::domain::console::ConsoleKind;
use crate::domain::console::layout::{Layout, lacking, letters, strokes};
use crate::domain::units::{count, grouped};
use crate::stores::spawn;
use leptos::prelude::*;
use std::time::Duration;

/// Text on its way.
#[derive(Clone, Copy)]
pub struct Typing {
    session: StoredValue<Session>,
    view_only: RwSignal<bool>,
    /// Typed and in all; `None` while nothing is typed.
    progress: RwSignal<Option<(usize, usize)>>,
    /// How the last one ended.
    ended: RwSignal<String>,
    stop: StoredValue<bool>,
    owner: StoredValue<Owner>,
    /// Texts that wait.
    pub drafts: Drafts,
    pace: RwSignal<String>,
}

impl Typing {
    /// Of a console; ends with it, not with the panel.
    #[must_use]
    pub fn new(session: Session, view_only: RwSignal<bool>, drafts: Drafts) -> Self {
        Self {
            session: StoredValue::new(session),
            view_only,
            progress: RwSignal::new(None),
            ended: RwSignal::new(String::new()),
            stop: StoredValue::new(false),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            drafts,
            pace: RwSignal::new("20".to_owned()),
        }
    }

    /// Whether somebody takes letters, and nobody said to stop.
    fn goes_on(self) -> bool {
        let open = self
            .session
            .try_with_value(|session| session.line.with_untracked(|line| *line == Line::Open));
        open == Some(true) && !self.stop.get_value() && !self.view_only.get_untracked()
    }

    /// One letter; `false` where nothing takes it any more.
    fn letter(self, layout: Layout, letter: char) -> bool {
        let Some(session) = self.session.try_get_value() else {
            return false;
        };
        session
            .viewer
            .try_with_value(|viewer| match viewer {
                Some(Viewer::Screen(screen)) => {
                    screen.strokes(&strokes(layout, letter));
                    true
                }
                Some(Viewer::Terminal(terminal)) => {
                    let letter = if letter == '\n' { '\r' } else { letter };
                    terminal.send(letter.encode_utf8(&mut [0; 4]));
                    true
                }
                None => false,
            })
            .unwrap_or_default()
    }

    fn start(self, layout: Layout) {
        let text = self.drafts.typed.text.get_untracked();
        let list = letters(&text);
        let pause = self.pace.with_untracked(|pace| pace.parse().unwrap_or(20));
        let total = list.len();
        self.stop.set_value(false);
        self.ended.set(String::new());
        self.progress.set(Some((0, total)));
        self.owner.get_value().with(|| {
            spawn::page(async move {
                let mut done = 0;
                for letter in list {
                    if !self.goes_on() || !self.letter(layout, letter) {
                        break;
                    }
                    done += 1;
                    self.progress.set(Some((done, total)));
                    gloo_timers::future::sleep(Duration::from_millis(pause)).await;
                }
                self.progress.set(None);
                if done == total {
                    self.drafts.typed.sent.set(text);
                }
                self.ended.set(if done == total {
                    format!("All {} typed", count(total, "character", "characters"))
                } else {
                    format!(
                        "Stopped after {} of {}",
                        grouped(done as u64),
                        grouped(total as u64)
                    )
                });
            });
        });
    }
}

/// The text, the layout, the pace.
#[component]
pub fn TypingPanel(tools: Tools) -> impl IntoView {
    let typing = tools.typing;
    let vnc = tools.session.kind == ConsoleKind::Vnc;
    let layout = RwSignal::new(
        tools
            .look
            .with_untracked(|look| look.keyboard().slug().to_owned()),
    );
    let chosen = Memo::new(move |_| layout.with(|slug| Layout::parse(slug).unwrap_or_default()));
    // Writes out of an effect: what is chosen is remembered.
    Effect::new(move || {
        let slug = chosen.get().slug();
        if tools
            .look
            .with_untracked(|look| look.keyboard().slug() != slug)
        {
            tools.change(|look| slug.clone_into(&mut look.layout));
        }
    });
    let busy = Memo::new(move |_| typing.progress.with(Option::is_some));
    let off = Signal::derive(move || {
        tools.keys_off().or_else(|| {
            typing
                .drafts
                .typed
                .text
                .with(String::is_empty)
                .then(|| "There is nothing in the field".to_owned())
        })
    });
    let layouts = Signal::stored(
        Layout::ALL
            .map(|own| SelectOption::new(own.slug(), own.label()))
            .to_vec(),
    );
    let paces = Signal::stored(vec![
        SelectOption::new("5", "Fast"),
        SelectOption::new("20", "Steady"),
        SelectOption::new("100", "Slow, for guests that lose keys"),
    ]);
    let missing = Signal::derive(move || {
        let list = {
            let text = typing.drafts.typed.text;
            text.with(|text| lacking(chosen.get(), text))
        };
        if list.is_empty() || !vnc {
            return String::new();
        }
        let shown: String = list
            .iter()
            .take(12)
            .map(|letter| format!("{letter} "))
            .collect();
        format!(
            "Not on this keyboard: {}. The guest may not understand them.",
            shown.trim_end()
        )
    });
    let start = Callback::new(move |()| typing.start(chosen.get_untracked()));
    let stop = Callback::new(move |()| typing.stop.set_value(true));
    let progress = move || {
        let (done, total) = typing.progress.get()?;
        Some(view! {
            <progress aria-label="Characters typed" max=total.to_string() prop:value=done.to_string()></progress>
            <span>{format!("{} of {}", grouped(done as u64), grouped(total as u64))}</span>
        })
    };
    view! {
        <section class="console-panel" aria-label="Type text">
            <h2>"Type text"</h2>
            <TextArea label="Text to type" value=typing.drafts.typed.text rows=7 mono=true help=missing/>
            {vnc.then(|| view! {
                <SelectField label="Keyboard of the guest" value=layout options=layouts help="The layout that the guest is set to."/>
            })}
            <SelectField label="Pace" value=typing.pace options=paces/>
            <div class="btn-row">
                {move || if busy.get() {
                    view! { <Button label="Stop" icon=IconName::Square size=ControlSize::Small on_press=stop/> }.into_any()
                } else {
                    view! { <Button label="Type it" look=ButtonLook::Primary size=ControlSize::Small disabled=off on_press=start/> }.into_any()
                }}
            </div>
            <div class="console-progress">{progress}</div>
            <p class="console-said" role="status">{move || typing.ended.get()}</p>
        </section>
    }
}
