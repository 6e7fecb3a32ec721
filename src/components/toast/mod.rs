//! Short notices in the corner: what was started, what ended, what failed, and how to undo it.

mod stack;

pub use stack::ToastStack;

use super::status::Tone;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How many stand at once; older ones wait behind them.
pub(super) const VISIBLE: usize = 4;
/// How many are kept at all.
const KEPT: usize = 40;
const TICK: Duration = Duration::from_millis(250);

/// What a toast's button does. Outlives the page that pushed it.
#[derive(Clone)]
pub struct ToastAction {
    /// "Undo".
    pub label: String,
    /// What a press does; the toast goes then.
    pub run: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for ToastAction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("ToastAction")
            .field(&self.label)
            .finish()
    }
}

/// One notice.
#[derive(Debug, Clone, Default)]
pub struct Toast {
    /// Failures stay until they are dismissed and interrupt a screen reader.
    pub tone: Tone,
    /// What happened: "web-server-01 started".
    pub title: String,
    /// More, in a sentence; may be empty.
    pub text: String,
    /// One thing to do about it.
    pub action: Option<ToastAction>,
    /// A second thing, beside the first.
    pub other: Option<ToastAction>,
    /// Seconds until what it tells of happens: drawn, not read out, and the toast stays until then.
    pub countdown: Option<ArcRwSignal<u32>>,
    /// Where to read on: words and address, with the base path.
    pub link: Option<(String, String)>,
    /// A toast takes the place of the one with the same key. Without a key, of one that says the
    /// same.
    pub key: Option<String>,
}

impl Toast {
    /// A notice.
    pub fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self {
            tone,
            title: title.into(),
            ..Self::default()
        }
    }

    /// With a sentence.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// With a button.
    #[must_use]
    pub fn action(
        mut self,
        label: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        self.action = Some(ToastAction {
            label: label.into(),
            run: Arc::new(run),
        });
        self
    }

    /// With a second button.
    #[must_use]
    pub fn other(
        mut self,
        label: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        self.other = Some(ToastAction {
            label: label.into(),
            run: Arc::new(run),
        });
        self
    }

    /// With the seconds until it happens.
    #[must_use]
    pub fn countdown(mut self, left: ArcRwSignal<u32>) -> Self {
        self.countdown = Some(left);
        self
    }

    /// With a link; the address has the base path.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }

    /// With a key: the next one with the same key takes its place.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.key, &other.key) {
            (Some(mine), Some(theirs)) => mine == theirs,
            (None, None) => {
                self.tone == other.tone && self.title == other.title && self.text == other.text
            }
            _ => false,
        }
    }

    /// Time to stand; `None` until it is dismissed. Longer where there is more to read or to do.
    fn life(&self) -> Option<Duration> {
        let more = !self.text.is_empty() || self.link.is_some();
        match self.tone {
            Tone::Bad => None,
            _ if self.countdown.is_some() => None,
            _ if self.action.is_some() => Some(Duration::from_secs(12)),
            _ if more => Some(Duration::from_secs(8)),
            _ => Some(Duration::from_secs(5)),
        }
    }

    /// As it is read out.
    fn spoken(&self) -> String {
        if self.text.is_empty() {
            self.title.clone()
        } else {
            format!("{}. {}", self.title, self.text)
        }
    }
}

/// A toast on the screen.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub id: u32,
    /// Counts up when another takes its place.
    version: u32,
    pub toast: Toast,
    left: Option<Duration>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.version == other.version
    }
}

/// A line for screen readers; gone after a few seconds, so that nobody reads it twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub id: u32,
    pub text: String,
    pub urgent: bool,
}

/// The toasts of the app; take it with [`use_toasts`].
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Entry>>,
    lines: RwSignal<Vec<Line>>,
    /// Open dialogs, the topmost last; its content alone can be reached, so toasts stand in it.
    hosts: RwSignal<Vec<u32>>,
    /// Someone reads: the pointer or the focus is on them.
    held: RwSignal<bool>,
    ticking: StoredValue<bool>,
    next: StoredValue<u32>,
}

/// Provides [`Toasts`]; once, at the root.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        list: RwSignal::new(Vec::new()),
        lines: RwSignal::new(Vec::new()),
        hosts: RwSignal::new(vec![0]),
        held: RwSignal::new(false),
        ticking: StoredValue::new(false),
        next: StoredValue::new(1),
    };
    provide_context(toasts);
    toasts
}

/// The toasts of the app. Take it in a component's body, not after an await.
///
/// # Panics
/// Where [`provide_toasts`] was not called above.
#[must_use]
pub fn use_toasts() -> Toasts {
    #[expect(
        clippy::expect_used,
        reason = "a mistake of the frame, found by the first page"
    )]
    use_context::<Toasts>().expect("toasts are provided at the root")
}

impl Toasts {
    fn id(self) -> u32 {
        self.next
            .try_update_value(|next| {
                *next = next.wrapping_add(1);
                *next
            })
            .unwrap_or_default()
    }

    /// Shows one; returns what [`Toasts::dismiss`] takes.
    pub fn push(self, toast: Toast) -> u32 {
        let new = self.id();
        self.announce(&toast);
        let left = toast.life();
        let shown = self.list.try_update(|list| {
            if let Some(old) = list.iter_mut().find(|old| old.toast.is_same(&toast)) {
                old.version = old.version.wrapping_add(1);
                old.toast = toast;
                old.left = left;
                old.id
            } else {
                list.push(Entry {
                    id: new,
                    version: 0,
                    toast,
                    left,
                });
                if list.len() > KEPT
                    && let Some(at) = list.iter().position(|old| old.toast.countdown.is_none())
                {
                    list.remove(at);
                }
                new
            }
        });
        self.tick();
        shown.unwrap_or(new)
    }

    /// Takes one away.
    pub fn dismiss(self, id: u32) {
        let _ = self
            .list
            .try_update(|list| list.retain(|entry| entry.id != id));
    }

    /// Takes away the one with this key, if it still stands.
    pub fn dismiss_key(self, key: &str) {
        let there = |entry: &Entry| entry.toast.key.as_deref() == Some(key);
        if self.list.with_untracked(|list| list.iter().any(there)) {
            self.list.update(|list| list.retain(|entry| !there(entry)));
        }
    }

    /// Takes all away, but for those that count down.
    pub fn clear(self) {
        let _ = self
            .list
            .try_update(|list| list.retain(|entry| entry.toast.countdown.is_some()));
    }

    /// A dialog opens: toasts stand in it from now on.
    pub(super) fn enter(self) -> u32 {
        let id = self.id();
        self.hosts.update(|hosts| hosts.push(id));
        self.held.set(false);
        id
    }

    /// The dialog is gone.
    pub(super) fn leave(self, host: u32) {
        let _ = self
            .hosts
            .try_update(|hosts| hosts.retain(|id| *id != host));
        let _ = self.held.try_set(false);
    }

    pub(super) const fn entries(self) -> RwSignal<Vec<Entry>> {
        self.list
    }

    pub(super) const fn lines(self) -> RwSignal<Vec<Line>> {
        self.lines
    }

    pub(super) fn is_top(self, host: u32) -> bool {
        self.hosts.with(|hosts| hosts.last() == Some(&host))
    }

    pub(super) fn hold(self, on: bool) {
        let _ = self.held.try_set(on);
    }

    /// Waits a moment, since a dialog that ends with a toast closes just then, and what is said
    /// outside of an open dialog is not read out.
    #[expect(
        clippy::disallowed_methods,
        reason = "lives as long as the app, not as the page that pushed"
    )]
    fn announce(self, toast: &Toast) {
        let line = Line {
            id: self.id(),
            text: toast.spoken(),
            urgent: toast.tone == Tone::Bad,
        };
        let id = line.id;
        leptos::task::spawn_local(async move {
            gloo_timers::future::sleep(Duration::from_millis(150)).await;
            let _ = self.lines.try_update(|lines| lines.push(line));
            gloo_timers::future::sleep(Duration::from_secs(4)).await;
            let _ = self
                .lines
                .try_update(|lines| lines.retain(|line| line.id != id));
        });
    }

    /// Counts their time down while nobody reads them; one timer, and none when none stands.
    #[expect(
        clippy::disallowed_methods,
        reason = "lives as long as the app, not as the page that pushed"
    )]
    fn tick(self) {
        let runs = self
            .ticking
            .try_update_value(|on| std::mem::replace(on, true));
        if runs != Some(false) {
            return;
        }
        leptos::task::spawn_local(async move {
            loop {
                gloo_timers::future::sleep(TICK).await;
                let Some(timed) = self
                    .list
                    .try_with_untracked(|list| list.iter().any(|entry| entry.left.is_some()))
                else {
                    return;
                };
                if !timed {
                    let _ = self.ticking.try_update_value(|on| *on = false);
                    return;
                }
                if self.held.try_get_untracked() == Some(false) && !page_hidden() {
                    self.age();
                }
            }
        });
    }

    fn age(self) {
        let mut ended = false;
        // Nobody draws the time that is left, so its change tells nobody.
        let _ = self.list.try_update_untracked(|list| {
            for left in list.iter_mut().filter_map(|entry| entry.left.as_mut()) {
                *left = left.saturating_sub(TICK);
                ended |= left.is_zero();
            }
        });
        if ended {
            let _ = self.list.try_update(|list| {
                list.retain(|entry| entry.left.is_none_or(|left| !left.is_zero()));
            });
        }
    }
}

fn page_hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden())
}
