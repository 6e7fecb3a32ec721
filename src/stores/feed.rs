//! A resource and its poller: what screens read.

use super::context::Context;
use super::load::{Face, Load, Status};
use super::poller::{Plan, Poller};
use super::rows::{Key, Row, Rows};
use super::slice::{ROWS, Slicer};
use super::spawn;
use crate::api::{ApiError, Client, RawRows};
use crate::domain::lenient;
use crate::domain::live::Merge;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One value, loaded again and again while somebody reads it.
pub struct Feed<T> {
    value: ArcRwSignal<Option<Arc<T>>>,
    poller: Poller,
}

impl<T> Clone for Feed<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            poller: self.poller.clone(),
        }
    }
}

impl<T> fmt::Debug for Feed<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Feed").field(&self.poller).finish()
    }
}

/// Reading a [`Feed`]: `Copy`, lives as long as the owner that called [`Feed::watch`].
#[derive(Debug)]
pub struct Watch<T: Send + Sync + 'static> {
    /// The last good value; notifies only when it differs.
    pub value: Signal<Option<Arc<T>>>,
    /// How loading stands.
    pub status: Signal<Status>,
    feed: StoredValue<Feed<T>>,
}

impl<T: Send + Sync + 'static> Copy for Watch<T> {}
impl<T: Send + Sync + 'static> Clone for Watch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: PartialEq + Send + Sync + 'static> Feed<T> {
    pub(super) fn new<F>(context: &Context, plan: Plan, fetch: F) -> Self
    where
        F: Fn(Client) -> LocalBoxFuture<'static, Result<T, ApiError>> + Send + Sync + 'static,
    {
        let value = ArcRwSignal::new(None::<Arc<T>>);
        let (target, client) = (value.clone(), context.client.clone());
        let poller = Poller::new(context, plan, move || {
            let target = target.clone();
            let answer = fetch(client.clone());
            async move {
                let fresh = answer.await?;
                set_if_new(&target, fresh);
                Ok(())
            }
            .boxed_local()
        });
        Self { value, poller }
    }

    /// Reads it until the current owner is cleaned up. The first reader has it loaded at once,
    /// later ones see what is there.
    #[must_use]
    pub fn watch(&self) -> Watch<T> {
        self.poller.attach();
        Watch {
            value: self.value.clone().into(),
            status: self.poller.status().clone().into(),
            feed: StoredValue::new(self.clone()),
        }
    }

    /// The value as it is now, without having it loaded or being told of changes.
    #[must_use]
    pub fn peek(&self) -> Option<Arc<T>> {
        self.value.get_untracked()
    }

    /// Loads it now, or joins the request under way. Works without readers too.
    pub async fn refresh(&self) -> Result<(), ApiError> {
        self.poller.refresh().await
    }

    /// After a change: loads it now if anybody reads it, and quickly for a while.
    pub fn hurry(&self, window: Duration) {
        self.poller.hurry(window);
    }

    /// Changes the value in place, as an event or one's own change does.
    pub(super) fn patch(&self, change: impl FnOnce(&T) -> Option<T>) {
        let changed = self
            .value
            .with_untracked(|value| value.as_deref().and_then(change));
        if let Some(changed) = changed {
            set_if_new(&self.value, changed);
        }
    }

    pub(super) fn poller(&self) -> &Poller {
        &self.poller
    }

    pub(super) fn forget(&self) {
        self.poller.forget();
        self.value.set(None);
    }
}

fn set_if_new<T: PartialEq + Send + Sync + 'static>(
    target: &ArcRwSignal<Option<Arc<T>>>,
    fresh: T,
) {
    let same = target.with_untracked(|old| old.as_deref() == Some(&fresh));
    if !same {
        target.set(Some(Arc::new(fresh)));
    }
}

impl<T: PartialEq + Send + Sync + 'static> Watch<T> {
    /// The last good value; tracked.
    #[must_use]
    pub fn get(&self) -> Option<Arc<T>> {
        self.value.get()
    }

    /// Value and status together; tracked.
    #[must_use]
    pub fn load(&self) -> Load<T> {
        Load {
            value: self.value.get(),
            status: self.status.get(),
        }
    }

    /// Which face to show; notifies only when the face changes.
    #[must_use]
    pub fn face(&self) -> Memo<Face> {
        let (value, status) = (self.value, self.status);
        Memo::new(move |_| {
            let has_value = value.with(Option::is_some);
            status.with(|status| Face::of(has_value, status))
        })
    }

    /// Loads it now. Goes on when the page is left; the answer can be awaited.
    pub fn refresh(&self) -> spawn::Pending<Result<(), ApiError>> {
        self.feed
            .try_with_value(|feed| feed.poller.refresh())
            .unwrap_or_else(|| spawn::Pending::ready(Ok(())))
    }
}

/// What one request for rows brought.
pub(super) enum Batch<V> {
    /// A list that may be long, still to be decoded.
    Raw(RawRows<V>),
    /// A short one.
    Done(lenient::Rows<V>),
}

/// What goes along with a merge.
pub(super) trait Hooks<V>: Send + Sync {
    /// A list has arrived.
    fn begin(&self) {}
    /// One of its rows is about to be read; completes it with what is known otherwise.
    fn complete(&self, row: &mut V) {
        let _ = row;
    }
    /// One of its rows was read.
    fn seen(&self, row: &V) {
        let _ = row;
    }
    /// Its rows are in place.
    fn done(&self) {}
}

/// Rows by key, loaded again and again while somebody reads them.
pub struct RowFeed<K: Key, V: Row> {
    /// The rows.
    pub rows: Rows<K, V>,
    poller: Poller,
    bad: ArcRwSignal<usize>,
}

impl<K: Key, V: Row> Clone for RowFeed<K, V> {
    fn clone(&self) -> Self {
        Self {
            rows: self.rows.clone(),
            poller: self.poller.clone(),
            bad: self.bad.clone(),
        }
    }
}

impl<K: Key, V: Row> fmt::Debug for RowFeed<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("RowFeed")
            .field(&self.poller)
            .finish()
    }
}

/// Reading a [`RowFeed`]: `Copy`, lives as long as the owner that called [`RowFeed::watch`].
#[derive(Debug)]
pub struct RowsWatch<K: Key, V: Row> {
    /// How loading stands.
    pub status: Signal<Status>,
    /// How many rows of the newest list could not be read.
    pub bad: Signal<usize>,
    feed: StoredValue<RowFeed<K, V>>,
}

impl<K: Key, V: Row> Copy for RowsWatch<K, V> {}
impl<K: Key, V: Row> Clone for RowsWatch<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Key, V: Row> RowFeed<K, V> {
    pub(super) fn new<F>(
        context: &Context,
        plan: Plan,
        rows: &Rows<K, V>,
        key: fn(&V) -> K,
        hooks: Arc<dyn Hooks<V>>,
        fetch: F,
    ) -> Self
    where
        V: DeserializeOwned,
        F: Fn(Client) -> LocalBoxFuture<'static, Result<Batch<V>, ApiError>>
            + Send
            + Sync
            + 'static,
    {
        let bad = ArcRwSignal::new(0);
        let (target, client, bad_rows) = (rows.clone(), context.client.clone(), bad.clone());
        let poller = Poller::new(context, plan, move || {
            let (target, bad_rows, hooks) = (target.clone(), bad_rows.clone(), Arc::clone(&hooks));
            // Before the request is sent: events from now on are newer than its answer.
            let merge = target.begin();
            let answer = fetch(client.clone());
            async move {
                let batch = answer.await?;
                hooks.begin();
                let (merge, bad) = merge_batch(&target, merge, batch, key, &*hooks).await?;
                target.commit(merge);
                if bad_rows.get_untracked() != bad {
                    bad_rows.set(bad);
                }
                hooks.done();
                Ok(())
            }
            .boxed_local()
        });
        Self {
            rows: rows.clone(),
            poller,
            bad,
        }
    }

    /// Reads it until the current owner is cleaned up. The first reader has it loaded at once,
    /// later ones see what is there.
    #[must_use]
    pub fn watch(&self) -> RowsWatch<K, V> {
        self.poller.attach();
        RowsWatch {
            status: self.poller.status().clone().into(),
            bad: self.bad.clone().into(),
            feed: StoredValue::new(self.clone()),
        }
    }

    /// Loads them now, or joins the request under way. Works without readers too.
    pub async fn refresh(&self) -> Result<(), ApiError> {
        self.poller.refresh().await
    }

    /// After a change: loads them now if anybody reads them, and quickly for a while.
    pub fn hurry(&self, window: Duration) {
        self.poller.hurry(window);
    }

    pub(super) fn poller(&self) -> &Poller {
        &self.poller
    }

    pub(super) fn forget(&self) {
        self.poller.forget();
        self.rows.clear();
    }
}

/// Decodes and merges slice by slice; answers how many rows could not be read, too.
async fn merge_batch<K: Key, V: Row + DeserializeOwned>(
    rows: &Rows<K, V>,
    mut merge: Merge<K, V>,
    batch: Batch<V>,
    key: fn(&V) -> K,
    hooks: &dyn Hooks<V>,
) -> Result<(Merge<K, V>, usize), ApiError> {
    let take = |merge: &mut Merge<K, V>, mut row: V| {
        hooks.complete(&mut row);
        hooks.seen(&row);
        rows.merge_row(merge, key(&row), row);
    };
    let mut raw = match batch {
        Batch::Raw(raw) => raw,
        Batch::Done(list) => {
            list.good.into_iter().for_each(|row| take(&mut merge, row));
            return Ok((merge, list.bad));
        }
    };
    let mut slicer = Slicer::begin();
    while let Some(slice) = raw.next_slice(ROWS)? {
        slice.into_iter().for_each(|row| take(&mut merge, row));
        slicer.breathe().await;
    }
    // What the commit costs is not known: give it a stretch of its own.
    if merge.len() > 500 {
        super::yield_to_browser().await;
    }
    Ok((merge, raw.bad))
}

impl<K: Key, V: Row> RowsWatch<K, V> {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> Rows<K, V> {
        self.feed.with_value(|feed| feed.rows.clone())
    }

    /// All rows in the server's order; tracked. See [`Rows::snapshot`].
    #[must_use]
    pub fn all(&self) -> Arc<Vec<Arc<V>>> {
        self.rows().snapshot()
    }

    /// One row; notifies when this row changes and at no other time.
    #[must_use]
    pub fn row(&self, key: &K) -> Signal<Option<Arc<V>>> {
        self.rows().row(key).into()
    }

    /// Which face to show; notifies only when the face changes.
    #[must_use]
    pub fn face(&self) -> Memo<Face> {
        let (rows, status) = (self.rows(), self.status);
        Memo::new(move |_| {
            let loaded = rows.is_loaded();
            status.with(|status| Face::of(loaded, status))
        })
    }

    /// Loads them now. Goes on when the page is left; the answer can be awaited.
    pub fn refresh(&self) -> spawn::Pending<Result<(), ApiError>> {
        self.feed
            .try_with_value(|feed| feed.poller.refresh())
            .unwrap_or_else(|| spawn::Pending::ready(Ok(())))
    }
}
