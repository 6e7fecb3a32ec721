//! Many calls, a few at a time.

use futures_util::future::{LocalBoxFuture, join_all};

/// Runs what `next` hands out, at most so many at once, until it hands out nothing more. Stopping
/// is for `next` to do: what has begun ends.
pub async fn pool(at_once: usize, next: &dyn Fn() -> Option<LocalBoxFuture<'static, ()>>) {
    let worker = |_| async {
        while let Some(work) = next() {
            work.await;
        }
    };
    join_all((0..at_once).map(worker)).await;
}
