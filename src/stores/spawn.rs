//! The two ways to run a future. Raw spawns are forbidden by clippy: they either never end, or
//! end in the middle of a change.

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

/// For what a page waits for: ends, wherever it is, when the calling owner is cleaned up. Requests
/// inside are aborted.
pub fn page(future: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local_scoped_with_cancellation(future);
}

/// For what must finish once begun, such as a change: goes on when the page is left. The answer
/// can be awaited, or not.
pub fn action<T: Clone + 'static>(future: impl Future<Output = T> + 'static) -> Pending<T> {
    let pending = Pending::lazy(future);
    pending.begin();
    pending
}

/// What [`action`] will answer; dropping it does not stop the work.
#[derive(Debug, Clone)]
pub struct Pending<T: Clone + 'static>(Shared<LocalBoxFuture<'static, T>>);

impl<T: Clone + 'static> Pending<T> {
    /// Work that has not begun.
    pub(super) fn lazy(future: impl Future<Output = T> + 'static) -> Self {
        Self(future.boxed_local().shared())
    }

    /// Begins the work.
    pub(super) fn begin(&self) {
        let work = self.0.clone();
        #[expect(clippy::disallowed_methods, reason = "the one place for it")]
        leptos::task::spawn_local(async move {
            let _ = work.await;
        });
    }

    /// An answer that is there.
    pub(super) fn ready(value: T) -> Self {
        Self::lazy(std::future::ready(value))
    }
}

impl<T: Clone + 'static> Future for Pending<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(task)
    }
}
