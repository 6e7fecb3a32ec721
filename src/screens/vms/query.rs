//! What the list shows, as the address says it. The page is ahead of the address while someone
//! types, and for the moment that the router takes.

use crate::domain::table::{PageSize, Sort};
use crate::domain::vm_list::{ListState, Order, PerPage, SortBy};
use crate::paths;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};
use std::sync::Arc;
use std::time::Duration;

/// Pause in typing after which the address follows the search box.
const PAUSE: Duration = Duration::from_millis(250);

type Write = Arc<dyn Fn(&ListState) + Send + Sync>;

/// State of the list, and the one way to change it.
#[derive(Clone, Copy)]
pub(super) struct ListQuery {
    state: RwSignal<ListState>,
    /// Words in the search box.
    pub typed: RwSignal<String>,
    /// What was written into the address and has not come back from it.
    sent: StoredValue<Vec<ListState>>,
    /// What the address says, as far as is known here.
    known: StoredValue<ListState>,
    timer: StoredValue<Option<TimeoutHandle>>,
    write: StoredValue<Write>,
}

impl std::fmt::Debug for ListQuery {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ListQuery").finish_non_exhaustive()
    }
}

impl ListQuery {
    /// For the page that is being built.
    pub fn new() -> Self {
        let url = use_url();
        let address = Memo::new(move |_| url.with(|url| ListState::read_text(url.search())));
        let first = address.get_untracked();
        let navigate = use_navigate();
        let write: Write = Arc::new(move |state: &ListState| {
            let pairs = state.pairs();
            let pairs: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&paths::vms_where(&pairs), options);
        });
        let list = Self {
            typed: RwSignal::new(first.search.clone()),
            state: RwSignal::new(first.clone()),
            sent: StoredValue::new(Vec::new()),
            known: StoredValue::new(first),
            timer: StoredValue::new(None),
            write: StoredValue::new(write),
        };
        // Writes out of an effect: an address that comes from elsewhere (a link, the back button)
        // takes over, but one's own, which comes back late, must not undo what was typed since.
        Effect::new(move || list.arrived(address.get()));
        on_cleanup(move || list.stop_timer());
        list
    }

    fn arrived(self, address: ListState) {
        let own = self.sent.try_update_value(|sent| {
            let at = sent.iter().position(|own| *own == address)?;
            Some(sent.drain(..=at).count())
        });
        if own.flatten().is_some() || self.known.with_value(|known| *known == address) {
            return;
        }
        self.stop_timer();
        self.sent.set_value(Vec::new());
        self.known.set_value(address.clone());
        self.typed.set(address.search.clone());
        self.state.set(address);
    }

    fn stop_timer(self) {
        let timer = self.timer.try_update_value(Option::take).flatten();
        if let Some(timer) = timer {
            timer.clear();
        }
    }

    /// As shown; tracked.
    pub fn with<T>(self, read: impl FnOnce(&ListState) -> T) -> T {
        self.state.with(read)
    }

    /// The person typed: rows follow at once, the address after a pause.
    pub fn search_typed(self, words: String) {
        self.stop_timer();
        self.state.update(|state| {
            state.search = words;
            state.page = 1;
        });
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
        self.sent.update_value(|sent| sent.push(state.clone()));
        let write = self.write.get_value();
        write(&state);
    }

    /// Changes filters or order; the first page is shown.
    pub fn change(self, change: impl FnOnce(&mut ListState)) {
        self.state.update(|state| {
            change(state);
            state.page = 1;
        });
        self.flush();
    }

    /// Changes the page alone; counted from 0.
    pub fn turn_to(self, page: usize) {
        self.state.update(|state| state.page = page + 1);
        self.flush();
    }

    /// Takes all filters off.
    pub fn clear(self) {
        self.typed.set(String::new());
        self.change(|state| *state = state.cleared());
    }

    /// Adds a tag to the filter, or takes it out.
    pub fn toggle_tag(self, tag: &str) {
        self.change(|state| {
            let before = state.tags.len();
            state.tags.retain(|own| own != tag);
            if state.tags.len() == before {
                state.tags.push(tag.to_owned());
            }
        });
    }

    /// Order, as the table's heads show it.
    pub fn sort(self) -> Signal<Option<Sort>> {
        Memo::new(move |_| {
            let Order { by, descending } = self.with(|state| state.order);
            Some(Sort {
                column: by.as_str().to_owned(),
                descending,
            })
        })
        .into()
    }

    /// A head was pressed.
    pub fn set_sort(self, sort: &Sort) {
        if let Some(by) = SortBy::parse(&sort.column) {
            let descending = sort.descending;
            self.change(|state| state.order = Order { by, descending });
        }
    }

    /// Page, counted from 0.
    pub fn page(self) -> Signal<usize> {
        Memo::new(move |_| self.with(|state| state.page.saturating_sub(1))).into()
    }

    /// Rows on a page.
    pub fn size(self) -> Signal<PageSize> {
        Memo::new(move |_| match self.with(|state| state.per) {
            PerPage::Rows(rows) => PageSize::Rows(rows),
            PerPage::All => PageSize::All,
        })
        .into()
    }

    /// Another number of rows on a page was chosen.
    pub fn set_size(self, size: PageSize) {
        if let Some(per) = PerPage::parse(&size.word()) {
            self.change(|state| state.per = per);
        }
    }
}
