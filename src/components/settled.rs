//! Where the news of a change ends that changes nothing further down.
//!
//! A memo passes on that it *may* have changed before it knows whether it has, on every path to all
//! that read it. Below a chain of memos that forks and joins, a key in the search box marked every
//! part of every row many times over, and that cost as much as drawing those that changed. What is
//! settled is marked by a change alone.

use leptos::prelude::*;

/// Follows `read` where it differs, `None` being no news. It does so in the turn of the change,
/// before the next picture.
pub(super) fn follow<T: Send + Sync + 'static>(
    target: RwSignal<T>,
    read: impl Fn() -> Option<T> + Send + Sync + 'static,
    same: fn(&T, &T) -> bool,
) {
    // Writes out of an effect: see above; nothing derived would end the marking.
    Effect::new(move || {
        let Some(new) = read() else { return };
        if target.try_with_untracked(|old| !same(old, &new)) == Some(true) {
            target.set(new);
        }
    });
}

/// What `read` says, told of only where it differs.
pub(super) fn settled<T: Clone + PartialEq + Send + Sync + 'static>(
    read: impl Fn() -> T + Send + Sync + 'static,
) -> RwSignal<T> {
    let settled = RwSignal::new(untrack(&read));
    follow(settled, move || Some(read()), |old, new| old == new);
    settled
}
