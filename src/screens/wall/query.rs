//! What the wall shows, as the address says it. The page is ahead of the address while someone
//! types.

use crate::domain::url_query;
use crate::domain::wall::{ColorBy, WallState};
use crate::paths;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};
use std::sync::Arc;
use std::time::Duration;

/// Pause in typing after which the address follows the search box.
const PAUSE: Duration = Duration::from_millis(250);

type Write = Arc<dyn Fn(&WallState) + Send + Sync>;

/// State of the wall, and the one way to change it.
#[derive(Clone, Copy)]
pub(super) struct WallQuery {
    state: RwSignal<WallState>,
    /// Words in the search box.
    pub typed: RwSignal<String>,
    /// What was written into the address last, or came from it.
    known: StoredValue<WallState>,
    timer: StoredValue<Option<TimeoutHandle>>,
    write: StoredValue<Write>,
}

impl std::fmt::Debug for WallQuery {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WallQuery").finish_non_exhaustive()
    }
}

fn read(search: &str) -> WallState {
    let pairs = url_query::read(search);
    WallState::read(|key| {
        let pair = pairs.iter().find(|(name, _)| name == key);
        pair.map(|(_, value)| value.as_str())
    })
}

impl WallQuery {
    /// For the page that is being built.
    pub fn new() -> Self {
        let url = use_url();
        let address = Memo::new(move |_| url.with(|url| read(url.search())));
        let first = address.get_untracked();
        let navigate = use_navigate();
        let write: Write = Arc::new(move |state: &WallState| {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&paths::wall_where(&state.pairs()), options);
        });
        let query = Self {
            typed: RwSignal::new(first.search.clone()),
            state: RwSignal::new(first.clone()),
            known: StoredValue::new(first),
            timer: StoredValue::new(None),
            write: StoredValue::new(write),
        };
        // Writes out of an effect: an address that comes from elsewhere (a link, the back button)
        // takes over; one's own is known already.
        Effect::new(move || {
            let address = address.get();
            if query.known.with_value(|known| *known == address) {
                return;
            }
            query.stop_timer();
            query.known.set_value(address.clone());
            query.typed.set(address.search.clone());
            query.state.set(address);
        });
        on_cleanup(move || query.stop_timer());
        query
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// What the colours tell.
    pub fn by(self) -> Memo<ColorBy> {
        Memo::new(move |_| self.state.with(|state| state.by))
    }

    /// What is searched for.
    pub fn search(self) -> Memo<String> {
        Memo::new(move |_| self.state.with(|state| state.search.clone()))
    }

    /// Colours tell something else.
    pub fn set_by(self, by: ColorBy) {
        self.state.update(|state| state.by = by);
        self.flush();
    }

    /// The person typed: tiles follow at once, the address after a pause.
    pub fn search_typed(self, words: String) {
        self.stop_timer();
        self.state.update(|state| state.search = words);
        let later = set_timeout_with_handle(move || self.flush(), PAUSE);
        self.timer.set_value(later.ok());
    }

    /// Brings the address up to date now, where it is behind.
    pub fn flush(self) {
        self.stop_timer();
        let Some(state) = self.state.try_get_untracked() else {
            return;
        };
        if self.known.with_value(|known| *known == state) {
            return;
        }
        self.known.set_value(state.clone());
        let write = self.write.get_value();
        write(&state);
    }
}
