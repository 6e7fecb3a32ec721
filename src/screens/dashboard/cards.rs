//! The cards in the order and the columns that a person wants them in, and the mode in which they
//! are moved and hidden.

use super::activity::ActivityCard;
use super::attention::AttentionCard;
use super::backups::BackupsCard;
use super::gauges::{CpuCard, MemoryCard, StorageCard};
use super::load::LoadCard;
use super::top::TopCard;
use super::vms::VmsCard;
use crate::components::{Button, ButtonLook, ControlSize, IconButton, IconName, dom};
use crate::domain::arrange::{Arrangement, Spot};
use crate::stores::prefs::{DASHBOARD, Prefs};
use crate::stores::use_live;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Zones: the row of figures, the wide column, the narrow one.
const SPOTS: [Spot; 9] = [
    spot("cpu", 0),
    spot("memory", 0),
    spot("storage", 0),
    spot("vms", 0),
    spot("load", 1),
    spot("activity", 1),
    spot("attention", 2),
    spot("top", 2),
    spot("backups", 2),
];

const fn spot(name: &'static str, zone: usize) -> Spot {
    Spot {
        name,
        zone,
        joined: zone > 0,
    }
}

const fn title(index: usize) -> &'static str {
    match index {
        0 => "CPU",
        1 => "Memory",
        2 => "Storage",
        3 => "Virtual machines",
        4 => "Cluster load",
        5 => "Recent activity",
        6 => "Needs attention",
        7 => "Top consumers",
        _ => "Backups",
    }
}

fn card(index: usize) -> AnyView {
    match index {
        0 => view! { <CpuCard/> }.into_any(),
        1 => view! { <MemoryCard/> }.into_any(),
        2 => view! { <StorageCard/> }.into_any(),
        3 => view! { <VmsCard/> }.into_any(),
        4 => view! { <LoadCard/> }.into_any(),
        5 => view! { <ActivityCard/> }.into_any(),
        6 => view! { <AttentionCard/> }.into_any(),
        7 => view! { <TopCard/> }.into_any(),
        _ => view! { <BackupsCard/> }.into_any(),
    }
}

/// How the cards stand, and whether they are being arranged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk {
    /// Cards carry their buttons.
    pub arranging: RwSignal<bool>,
    kept: Signal<Arrangement>,
    /// What was done last, for screen readers.
    said: RwSignal<String>,
    prefs: StoredValue<Prefs>,
}

impl Desk {
    pub fn new() -> Self {
        let prefs = use_live().prefs.clone();
        Self {
            arranging: RwSignal::new(false),
            kept: prefs.signal(&DASHBOARD),
            said: RwSignal::new(String::new()),
            prefs: StoredValue::new(prefs),
        }
    }

    /// Begins or ends the mode; the focus goes to the button that ends or begins it.
    pub fn arrange(self, on: bool) {
        self.said.set(String::new());
        self.arranging.set(on);
        focus(if on { "dash-done" } else { "dash-arrange" }.to_owned());
    }

    fn keep(self, next: &Arrangement, said: String) {
        self.prefs.with_value(|prefs| prefs.set(&DASHBOARD, next));
        self.said.set(said);
    }

    fn shift(self, index: usize, later: bool) {
        let name = SPOTS[index].name;
        let Some(next) = untrack(|| self.kept.get()).shift(&SPOTS, name, later) else {
            return;
        };
        let zones = next.shown(&SPOTS);
        let place = zones.iter().find_map(|zone| {
            let at = zone.iter().position(|other| *other == index)?;
            Some((at + 1, zone.len()))
        });
        let (at, of) = place.unwrap_or_default();
        let part = match zones.iter().position(|zone| zone.contains(&index)) {
            Some(0) => "the row of figures",
            Some(1) => "the first column",
            _ => "the second column",
        };
        self.keep(
            &next,
            format!("{}: place {at} of {of} in {part}", title(index)),
        );
        // A card that is moved in the document loses the focus that was in it.
        let verb = if later { "later" } else { "earlier" };
        focus(button_id(name, verb));
    }

    fn show(self, index: usize, on: bool) {
        let name = SPOTS[index].name;
        let next = untrack(|| self.kept.get()).show(name, on);
        let words = if on { "shown" } else { "hidden" };
        self.keep(&next, format!("{} is {words}", title(index)));
        focus(button_id(name, if on { "hide" } else { "show" }));
    }

    fn reset(self) {
        self.prefs
            .with_value(|prefs| prefs.set(&DASHBOARD, &Arrangement::default()));
        self.said
            .set("All cards are shown in their usual places".to_owned());
    }
}

fn button_id(name: &str, verb: &str) -> String {
    format!("dash-{name}-{verb}")
}

/// Once it is drawn; where that cannot take the focus, the button that ends the mode does.
fn focus(id: String) {
    dom::after_render(move || {
        let find = |id: &str| {
            document()
                .get_element_by_id(id)?
                .dyn_into::<HtmlElement>()
                .ok()
        };
        let button = |id: &str| -> Option<HtmlElement> {
            let holder = find(id)?;
            holder.query_selector("button").ok()??.dyn_into().ok()
        };
        if let Some(button) = button(&id).or_else(|| button("dash-done")) {
            let _ = button.focus();
        }
    });
}

/// Begins the mode; stands among the actions of the page.
#[component]
pub(super) fn ArrangeButton(desk: Desk) -> impl IntoView {
    view! {
        <span id="dash-arrange" class="dash-holder">
            <Button
                label="Arrange"
                icon=IconName::Grip
                look=ButtonLook::Quiet
                on_press=move |()| desk.arrange(true)
            />
        </span>
    }
}

/// Ends the mode, or puts everything back.
#[component]
pub(super) fn ArrangeActions(desk: Desk) -> impl IntoView {
    let untouched = Signal::derive(move || {
        desk.kept
            .with(Arrangement::is_untouched)
            .then(|| "Everything is in its usual place".to_owned())
    });
    view! {
        <Button label="Reset" icon=IconName::Reset disabled=untouched on_press=move |()| desk.reset()/>
        <span id="dash-done" class="dash-holder">
            <Button label="Done" look=ButtonLook::Primary icon=IconName::Check on_press=move |()| desk.arrange(false)/>
        </span>
    }
}

/// What is hidden, with the way back, and what was done last.
#[component]
fn Hidden(desk: Desk) -> impl IntoView {
    let hidden = Memo::new(move |_| desk.kept.with(|kept| kept.hidden(&SPOTS)));
    let none = Memo::new(move |_| hidden.with(Vec::is_empty));
    view! {
        <section class="dash-hidden" aria-label="Hidden cards">
            <p>
                {move || if none.get() { "All cards are shown. Hide or move them by the buttons above each." } else { "Hidden:" }}
            </p>
            <For each=move || hidden.get() key=|index| *index let:index>
                <span id=button_id(SPOTS[index].name, "show") class="dash-holder">
                    <Button
                        label=format!("Show {}", title(index))
                        icon=IconName::Eye
                        size=ControlSize::Small
                        on_press=move |()| desk.show(index, true)
                    />
                </span>
            </For>
            <p class="vh" role="status">{move || desk.said.get()}</p>
        </section>
    }
}

/// The buttons of a card while cards are arranged.
#[component]
fn Handles(desk: Desk, index: usize) -> impl IntoView {
    let name = SPOTS[index].name;
    let ends = move |later: bool| {
        Signal::derive(move || {
            let stays = desk
                .kept
                .with(|kept| kept.shift(&SPOTS, name, later).is_none());
            let which = if later { "last" } else { "first" };
            stays.then(|| format!("It is the {which} already"))
        })
    };
    let button = move |verb: &'static str,
                       label: String,
                       icon: IconName,
                       off: Signal<Option<String>>,
                       press: Callback<()>| {
        view! {
            <span id=button_id(name, verb) class="dash-holder">
                <IconButton label=label icon=icon size=ControlSize::Small disabled=off on_press=press/>
            </span>
        }
    };
    let to = move |later: bool| Callback::new(move |()| desk.shift(index, later));
    let hide = Callback::new(move |()| desk.show(index, false));
    view! {
        <div class="dash-handles" role="group" aria-label=format!("Arrange {}", title(index))>
            <b class="clip">{title(index)}</b>
            {button("earlier", format!("Move {} earlier", title(index)), IconName::ArrowUp, ends(false), to(false))}
            {button("later", format!("Move {} later", title(index)), IconName::ArrowDown, ends(true), to(true))}
            {button("hide", format!("Hide {}", title(index)), IconName::EyeOff, Signal::stored(None), hide)}
        </div>
    }
}

/// All cards, each in its place.
#[component]
pub(super) fn Cards(desk: Desk) -> impl IntoView {
    let shown = Memo::new(move |_| desk.kept.with(|kept| kept.shown(&SPOTS)));
    let zone = move |zone: usize| {
        let each = move || shown.with(|shown| shown.get(zone).cloned().unwrap_or_default());
        view! {
            <For each=each key=|index| *index let:index>
                <div class="dash-slot" data-card=SPOTS[index].name>
                    {move || desk.arranging.get().then(|| view! { <Handles desk=desk index=index/> })}
                    {card(index)}
                </div>
            </For>
        }
    };
    let figures = move || shown.with(|shown| shown.first().map_or(0, Vec::len).max(1).to_string());
    let empty = move |zone: usize| {
        move || {
            shown
                .with(|shown| shown.get(zone).is_none_or(Vec::is_empty))
                .then_some("")
        }
    };
    view! {
        {move || desk.arranging.get().then(|| view! { <Hidden desk=desk/> })}
        <div class="dash-figures" data-empty=empty(0) style=("--figures", figures)>{zone(0)}</div>
        <div class="dash-column dash-wide" data-empty=empty(1)>{zone(1)}</div>
        <div class="dash-column" data-empty=empty(2)>{zone(2)}</div>
    }
}

impl Desk {
    /// Whether the order is the person's, which then holds in one column too; tracked.
    pub fn is_arranged(self) -> bool {
        self.arranging.get() || !self.kept.with(Arrangement::is_untouched)
    }
}
