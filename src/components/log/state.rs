use crate::components::dom;
use crate::domain::log::{self, Hit, Layout, Log};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Lines drawn beside those in sight.
const MARGIN: usize = 24;
/// Lines that stay in the document so that a selection which leaves the sight is kept.
const HELD: usize = 3000;
/// As near to the end as this is at the end.
const NEAR: i32 = 6;

/// Whether new lines are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// They are.
    On,
    /// The person reads further up; the end takes it up again.
    Held,
    /// Until the person says so.
    Paused,
}

/// A log on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub log: Signal<Arc<Log>>,
    pub wrap: Signal<bool>,
    pub layout: Memo<Arc<Layout>>,
    /// The lines in the document.
    pub mounted: Memo<Range<usize>>,
    pub pane: NodeRef<html::Div>,
    /// Pixels above the sight, in sight, and of a row.
    pub top: RwSignal<f64>,
    pub view: RwSignal<f64>,
    pub row: RwSignal<f64>,
    /// Cells of a line in the width of the pane.
    pub columns: RwSignal<usize>,
    pub follow: RwSignal<Follow>,
    /// Lines that there were when following ended.
    seen: RwSignal<u64>,
    /// Part of the text is selected.
    pub selecting: RwSignal<bool>,
    pub query: RwSignal<String>,
    pub hits: Memo<Arc<Vec<Hit>>>,
    pub hit: RwSignal<Option<Hit>>,
    /// The next scroll is none of the person's.
    moved: StoredValue<bool>,
}

fn count(log: &Log) -> u64 {
    log.cut() + log.len() as u64
}

impl State {
    pub fn new(log: Signal<Arc<Log>>, wrap: Signal<bool>) -> Self {
        let (top, view, row) = (RwSignal::new(0.0), RwSignal::new(0.0), RwSignal::new(0.0));
        let columns = RwSignal::new(80);
        let layout = Memo::new(move |old: Option<&Arc<Layout>>| {
            let columns = wrap.get().then(|| columns.get());
            Arc::new(log.with(|log| Layout::of(log, columns, old.map(|old| &**old))))
        });
        let selecting = RwSignal::new(false);
        let mounted = Memo::new(move |old: Option<&Range<usize>>| {
            let fresh =
                layout.with(|layout| layout.window(top.get(), view.get(), row.get(), MARGIN));
            match old.filter(|_| selecting.get()) {
                Some(old) => {
                    let both = old.start.min(fresh.start)..old.end.max(fresh.end);
                    if both.len() <= HELD { both } else { fresh }
                }
                None => fresh,
            }
        });
        let query = RwSignal::new(String::new());
        let hits = Memo::new(move |_| {
            let query = query.get();
            Arc::new(if query.is_empty() {
                Vec::new()
            } else {
                log.with(|log| log::find(log, &query))
            })
        });
        Self {
            log,
            wrap,
            layout,
            mounted,
            pane: NodeRef::new(),
            top,
            view,
            row,
            columns,
            follow: RwSignal::new(Follow::On),
            seen: RwSignal::new(0),
            selecting,
            query,
            hits,
            hit: RwSignal::new(None),
            moved: StoredValue::new(false),
        }
    }

    /// Ends following, until the end is reached or the person says so.
    pub fn hold(self, how: Follow) {
        let was = self.follow.get_untracked();
        if was == Follow::On {
            self.seen.set(self.log.with_untracked(|log| count(log)));
        }
        if was == Follow::On || how == Follow::Paused {
            self.follow.set(how);
        }
    }

    /// Goes to the end and follows.
    pub fn go_on(self) {
        self.follow.set(Follow::On);
        self.to_end();
        if let Some(pane) = self.pane.get_untracked() {
            // The button that was pressed may go with this.
            let _ = pane.focus();
        }
    }

    /// Lines that came since following ended; tracked.
    pub fn news(self) -> u64 {
        if self.follow.get() == Follow::On {
            return 0;
        }
        self.log
            .with(|log| count(log))
            .saturating_sub(self.seen.get())
    }

    /// Scrolls to the end once it is drawn.
    pub fn to_end(self) {
        dom::after_render(move || {
            let Some(pane) = self.pane.try_get_untracked().flatten() else {
                return;
            };
            // The person has scrolled up, and the event that tells so is still on its way.
            if f64::from(pane.scroll_top()) < self.top.get_untracked() - 1.0 {
                self.scrolled();
            }
            if self.follow.try_get_untracked() == Some(Follow::On) {
                pane.set_scroll_top(pane.scroll_height());
            }
        });
    }

    /// The pane was scrolled, by whomever.
    pub fn scrolled(self) {
        let Some(pane) = self.pane.get_untracked() else {
            return;
        };
        let (last, now) = (self.top.get_untracked(), f64::from(pane.scroll_top()));
        let at_end = pane.scroll_top() + pane.client_height() >= pane.scroll_height() - NEAR;
        let ours = self
            .moved
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        if !ours {
            match self.follow.get_untracked() {
                Follow::On if now < last - 1.0 && !at_end => self.hold(Follow::Held),
                Follow::Held if at_end && now > last => self.follow.set(Follow::On),
                _ => {}
            }
        }
        self.top.set(now);
    }

    /// Scrolls so that a row is at `share` of the sight.
    pub fn scroll_to(self, row: usize, share: f64) {
        #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^52")]
        let at = row as f64 * self.row.get_untracked() - self.view.get_untracked() * share;
        let Some(pane) = self.pane.get_untracked() else {
            return;
        };
        self.moved.set_value(true);
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        pane.set_scroll_top(at.max(0.0).round() as i32);
    }

    /// The first line in sight.
    pub fn first_in_sight(self) -> usize {
        self.layout.with_untracked(|layout| self.place_in(layout))
    }

    /// The first line in sight, were the lines laid out like that.
    pub fn place_in(self, layout: &Layout) -> usize {
        let (top, row) = (self.top.get_untracked(), self.row.get_untracked().max(1.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a row's number"
        )]
        let at = (top.max(0.0) / row) as usize;
        layout.line_at(at)
    }

    /// Makes a place the one that is shown, and brings it into sight.
    pub fn show(self, hit: Option<Hit>) {
        self.hit.set(hit);
        let Some(hit) = hit else { return };
        self.hold(Follow::Held);
        let (row, last) = self
            .layout
            .with_untracked(|layout| (layout.row_of(hit.line), layout.row_of(hit.line + 1)));
        #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^52")]
        let (begins, ends) = (
            row as f64 * self.row.get_untracked(),
            last as f64 * self.row.get_untracked(),
        );
        let (top, view) = (self.top.get_untracked(), self.view.get_untracked());
        if begins < top || ends > top + view {
            self.scroll_to(row, 0.3);
        }
    }
}
