//! Loads of the stores into the faces of the kit, and errors into words.

use crate::api::{ApiError, ErrorKind};
use crate::components::{ErrorView, FaceState};
use crate::domain::units::Instant;
use crate::stores::Watch;
use crate::stores::clock::Clock;
use leptos::prelude::*;

/// What failed, why in the server's words, what to do now, and the report to copy.
#[must_use]
pub fn error_view(title: &str, error: &ApiError, at: Instant) -> ErrorView {
    ErrorView {
        title: title.to_owned(),
        message: error.in_full(),
        hint: Some(error.what_now().to_owned()),
        report: (error.kind != ErrorKind::Aborted).then(|| error.report(at)),
    }
}

/// A watched feed as [`crate::components::Faces`] takes it.
#[must_use]
pub fn face_state<T: Send + Sync + 'static>(
    title: &'static str,
    watch: Watch<T>,
    clock: Clock,
) -> Signal<FaceState<T>> {
    Signal::derive(move || {
        let status = watch.status.get();
        FaceState {
            value: watch.value.get(),
            error: status
                .error
                .as_ref()
                .map(|error| error_view(title, error, clock.now())),
            loading: status.in_flight,
        }
    })
}
