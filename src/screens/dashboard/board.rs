//! The dashboard on a wall: nothing but what it shows, whether that is how things stand, and the
//! way out.

use crate::components::dialog::modal_open;
use crate::components::time::{TimeFormat, format_local};
use crate::components::{Button, IconName, dom};
use crate::domain::ago::ago;
use crate::domain::board::{Freshness, freshness};
use crate::domain::url_query;
use crate::paths;
use crate::screens::page::PageState;
use crate::stores::connection::Link;
use crate::stores::prefs::POLL_SECONDS;
use crate::stores::socket::Stream;
use crate::stores::{Status, spawn, use_live};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_router::hooks::{use_navigate, use_url};
use send_wrapper::SendWrapper;
use std::time::Duration;

/// How long the way out stays after the pointer moved.
const SHOWN: Duration = Duration::from_secs(4);

/// Whether the address asks for the board: `/?board`.
pub(super) fn asked_for() -> Memo<bool> {
    let url = use_url();
    Memo::new(move |_| {
        let pairs = url.with(|url| url_query::read(url.search()));
        pairs.iter().any(|(key, _)| key == "board")
    })
}

/// The frame goes while the board is shown, and comes back with another page.
pub(super) fn follow_frame(board: Memo<bool>) {
    let Some(state) = use_context::<PageState>() else {
        return;
    };
    // Writes out of an effect: the frame is outside of this page.
    Effect::new(move || state.bare.set(board.get()));
    on_cleanup(move || {
        let _ = state.bare.try_set(false);
    });
}

/// How old the oldest of what is shown is, and whether it can be believed. Follows the clock.
#[derive(Clone, Copy)]
pub(super) struct Belief {
    pub freshness: Memo<Freshness>,
    age: Memo<Option<String>>,
}

impl Belief {
    /// Of what is loaded by these.
    pub fn of(statuses: [Signal<Status>; 3]) -> Self {
        let live = use_live();
        let now = live.clock.watch();
        let link = live.connection.link();
        let poll = live.prefs.signal(&POLL_SECONDS);
        let installed = live.config.poll_interval_seconds;
        let oldest = Memo::new(move |_| {
            let all = statuses.map(|status| status.with(|status| status.updated));
            all.into_iter().flatten().min()
        });
        Self {
            freshness: Memo::new(move |_| {
                let millis = oldest.get().map(|at| now.get().millis - at.millis);
                let poll = poll.get().unwrap_or(installed);
                freshness(link.with(Link::is_up), millis, poll)
            }),
            age: Memo::new(move |_| ago(oldest.get()?, now.get())),
        }
    }
}

/// In the head of the board: connection, age of the figures, time, the way out.
#[component]
pub(super) fn BoardStatus(belief: Belief) -> impl IntoView {
    let live = use_live();
    let stream = live.stream();
    let now = live.clock.watch();
    let word = Memo::new(move |_| match belief.freshness.get() {
        Freshness::Waiting => "Loading",
        Freshness::Lost => "No connection",
        Freshness::Old => "Not up to date",
        Freshness::Fresh if stream.get() == Stream::Live => "Live",
        Freshness::Fresh => "Polling",
    });
    let state = move || match belief.freshness.get() {
        Freshness::Waiting => "waiting",
        Freshness::Fresh => "live",
        Freshness::Old | Freshness::Lost => "lost",
    };
    let age = move || belief.age.get().map(|age| format!("Figures from {age}"));
    let time = Memo::new(move |_| format_local(now.get(), TimeFormat::ClockSeconds));
    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        navigate(&paths::dashboard(), Default::default());
        // What had the focus is gone with the board.
        dom::after_render(|| {
            let heading = document().query_selector("main h1").ok().flatten();
            if let Some(heading) = heading.and_then(|h1| h1.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = heading.focus();
            }
        });
    });
    let near = way_out(leave);
    stay_awake();
    view! {
        <div class="board-status" data-state=state>
            <span class="connection board-connection" data-state=state role="status">
                <span class="connection-dot" aria-hidden="true"></span>
                <b>{move || word.get()}</b>
            </span>
            // Ticks every second: not for the live region.
            <span class="board-age">{age}</span>
            <time class="board-clock">{move || time.get()}</time>
        </div>
        <div class="board-leave" data-near=move || near.get().then_some("")>
            <Button label="Leave the wall board" icon=IconName::X on_press=leave/>
        </div>
    }
}

/// Escape leaves; so does the button, which shows for a while when the pointer moves.
fn way_out(leave: Callback<()>) -> RwSignal<bool> {
    let near = RwSignal::new(true);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let show = move || {
        stop();
        if near.try_get_untracked() == Some(false) {
            near.set(true);
        }
        let hide = move || {
            let _ = near.try_set(false);
        };
        timer.set_value(set_timeout_with_handle(hide, SHOWN).ok());
    };
    show();
    let page = document();
    dom::listen(
        page.as_ref(),
        "pointermove",
        false,
        move |_: web_sys::Event| show(),
    );
    dom::listen(
        page.as_ref(),
        "pointerdown",
        false,
        move |_: web_sys::Event| show(),
    );
    dom::listen(
        page.as_ref(),
        "keydown",
        false,
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && !event.default_prevented() && !modal_open() {
                leave.run(());
            }
        },
    );
    on_cleanup(stop);
    near
}

/// Asks the browser to keep the screen on, where it can; again whenever the page is seen again,
/// since hiding it ends that.
fn stay_awake() {
    let held = StoredValue::new(None::<SendWrapper<JsValue>>);
    let ask = move || {
        let request = || -> Option<js_sys::Promise> {
            let navigator: JsValue = window().navigator().into();
            // Missing outside of secure contexts and in some browsers.
            let lock = js_sys::Reflect::get(&navigator, &"wakeLock".into()).ok()?;
            let request = js_sys::Reflect::get(&lock, &"request".into()).ok()?;
            let request: js_sys::Function = request.dyn_into().ok()?;
            request.call1(&lock, &"screen".into()).ok()?.dyn_into().ok()
        };
        let Some(promise) = request() else { return };
        spawn::page(async move {
            if let Ok(sentinel) = wasm_bindgen_futures::JsFuture::from(promise).await
                && held.try_get_value().is_some()
            {
                held.set_value(Some(SendWrapper::new(sentinel)));
            }
        });
    };
    ask();
    dom::listen(
        document().as_ref(),
        "visibilitychange",
        false,
        move |_: web_sys::Event| {
            if !document().hidden() {
                ask();
            }
        },
    );
    on_cleanup(move || {
        let release = || -> Option<()> {
            let sentinel = held.try_get_value()??;
            let release = js_sys::Reflect::get(&sentinel, &"release".into()).ok()?;
            let release: js_sys::Function = release.dyn_into().ok()?;
            release.call0(&sentinel).ok().map(drop)
        };
        // Without an answer the browser ends it with the page.
        let _ = release();
    });
}
