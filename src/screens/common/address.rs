//! What a page shows, word by word in the address. The page is ahead of the address while somebody
//! types.

use crate::domain::table::{PageSize, Sort};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::sync::Arc;
use std::time::Duration;

/// Pause in typing after which the address follows.
const PAUSE: Duration = Duration::from_millis(300);

type Go = Arc<dyn Fn(&str) + Send + Sync>;
/// The page's address with the pairs that have a value.
type Make = fn(&[(&str, &str)]) -> String;
/// A word of the address, and what holds where it is absent.
pub type Word = (&'static str, &'static str);

/// The one way to change what is shown. `Copy`; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Address {
    words: &'static [Word],
    make: Make,
    asked: RwSignal<Vec<String>>,
    /// What was written into the address last.
    written: StoredValue<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
    go: StoredValue<Go>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Address").finish_non_exhaustive()
    }
}

impl Address {
    /// For the page that is being built.
    pub fn new(words: &'static [Word], make: Make) -> Self {
        let map = use_query_map();
        let address = Memo::new(move |_| {
            map.with(|map| {
                let read = |(name, or): &Word| map.get(name).unwrap_or_else(|| (*or).to_owned());
                words.iter().map(read).collect::<Vec<String>>()
            })
        });
        let navigate = use_navigate();
        let go: Go = Arc::new(move |path: &str| {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(path, options);
        });
        let this = Self {
            words,
            make,
            asked: RwSignal::new(address.get_untracked()),
            written: StoredValue::new(String::new()),
            timer: StoredValue::new(None),
            go: StoredValue::new(go),
        };
        this.written.set_value(this.path());
        // Writes out of an effect: an address that comes from elsewhere takes over.
        Effect::new(move |known: Option<()>| {
            let address = address.get();
            let path = this.path_of(&address);
            if known.is_some() && this.written.with_value(|written| *written != path) {
                this.written.set_value(path);
                this.asked.set(address);
            }
        });
        on_cleanup(move || this.stop());
        this
    }

    fn stop(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    fn path_of(self, values: &[String]) -> String {
        let pairs: Vec<(&str, &str)> = self
            .words
            .iter()
            .zip(values)
            .map(|((name, or), value)| (*name, if value == or { "" } else { value.trim() }))
            .collect();
        (self.make)(&pairs)
    }

    fn path(self) -> String {
        self.asked
            .try_with_untracked(|asked| self.path_of(asked))
            .unwrap_or_default()
    }

    fn place(self, name: &str) -> Option<usize> {
        self.words.iter().position(|(own, _)| *own == name)
    }

    /// A word; tracked.
    pub fn get(self, name: &str) -> String {
        self.asked.with(|asked| {
            let word = self.place(name).and_then(|place| asked.get(place));
            word.cloned().unwrap_or_default()
        })
    }

    /// A word, which tells of its own changes alone.
    pub fn word(self, name: &'static str) -> Memo<String> {
        Memo::new(move |_| self.get(name))
    }

    fn put(self, changes: &[(&str, &str)]) {
        self.asked.update(|asked| {
            for (name, value) in changes {
                if let Some(word) = self.place(name).and_then(|place| asked.get_mut(place)) {
                    (*value).clone_into(word);
                }
            }
        });
    }

    /// Changes words; the address follows at once.
    pub fn set(self, changes: &[(&str, &str)]) {
        self.put(changes);
        self.flush();
    }

    /// Changes words while somebody types.
    pub fn typed(self, changes: &[(&str, &str)]) {
        self.stop();
        self.put(changes);
        let later = set_timeout_with_handle(move || self.flush(), PAUSE);
        self.timer.set_value(later.ok());
    }

    /// Brings the address up to date.
    pub fn flush(self) {
        self.stop();
        if self.asked.is_disposed() {
            return;
        }
        let path = self.path();
        if self.written.with_value(|written| *written != path) {
            self.written.set_value(path.clone());
            let go = self.go.get_value();
            go(&path);
        }
    }

    /// Changes a word that filters; the first page is shown.
    pub fn filter(self, name: &str, value: &str) {
        self.set(&[(name, value), ("page", "1")]);
    }

    /// The same while somebody types.
    pub fn filter_typed(self, name: &str, value: &str) {
        self.typed(&[(name, value), ("page", "1")]);
    }

    /// What stands for an absent word.
    fn or(self, name: &str) -> &'static str {
        let own = self.words.iter().find(|(own, _)| *own == name);
        own.map_or("", |(_, or)| or)
    }

    /// What a table is sorted by, and whether that is turned round: `sort=-made`. What is none of
    /// `known` is as if it were absent.
    pub fn order<C: Sync>(self, known: &'static [(&'static str, C)]) -> Memo<(&'static str, bool)> {
        self.order_in("sort", known)
    }

    /// The same of another word, where a page has two tables.
    pub fn order_in<C: Sync>(
        self,
        name: &'static str,
        known: &'static [(&'static str, C)],
    ) -> Memo<(&'static str, bool)> {
        let word = self.word(name);
        let read = move |word: &str| {
            let (id, descending) = match word.strip_prefix('-') {
                Some(id) => (id, true),
                None => (word, false),
            };
            let (id, _) = known.iter().find(|(own, _)| *own == id)?;
            Some((*id, descending))
        };
        Memo::new(move |_| {
            let asked = word.with(|word| read(word));
            asked.or_else(|| read(self.or(name))).unwrap_or_default()
        })
    }

    /// A head was pressed.
    pub fn set_order(self, sort: &Sort) {
        self.filter("sort", &order_word(sort));
    }

    /// Page of a table, counted from 0: `page=1` is the first.
    pub fn page(self) -> Signal<usize> {
        self.page_in("page")
    }

    /// The same of another word.
    pub fn page_in(self, name: &'static str) -> Signal<usize> {
        let word = self.word(name);
        Memo::new(move |_| {
            let page = word.with(|word| word.parse::<usize>());
            page.unwrap_or(1).saturating_sub(1)
        })
        .into()
    }

    /// Shows another page.
    pub fn turn_to(self, page: usize) {
        self.set(&[("page", &(page + 1).to_string())]);
    }

    /// Rows on a page: `rows=50`.
    pub fn size(self) -> Signal<PageSize> {
        self.size_in("rows")
    }

    /// The same of another word.
    pub fn size_in(self, name: &'static str) -> Signal<PageSize> {
        let word = self.word(name);
        Memo::new(move |_| {
            let asked = word.with(|word| PageSize::read(word));
            asked
                .or_else(|| PageSize::read(self.or(name)))
                .unwrap_or(PageSize::All)
        })
        .into()
    }

    /// Another number of rows on a page was chosen.
    pub fn set_size(self, size: PageSize) {
        self.filter("rows", &size.word());
    }
}

/// An order as it stands in the address: `-made`.
#[must_use]
pub fn order_word(sort: &Sort) -> String {
    let minus = if sort.descending { "-" } else { "" };
    format!("{minus}{}", sort.column)
}

/// An order as the heads of a table show it.
pub fn shown_order(order: Memo<(&'static str, bool)>) -> Signal<Option<Sort>> {
    Signal::derive(move || {
        let (column, descending) = order.get();
        Some(Sort {
            column: column.to_owned(),
            descending,
        })
    })
}
