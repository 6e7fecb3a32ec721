//! Long work in slices, between which the browser paints and handles input.

/// Longest stretch of work between two yields, in milliseconds of wall clock. The last row of a
/// stretch and what follows the work come on top; 50 ms is what a person begins to feel.
const STRETCH: f64 = 8.0;

/// How many rows are worked on between two looks at the clock.
pub(super) const ROWS: usize = 16;

/// Tells when it is time to yield.
#[derive(Debug)]
pub struct Slicer {
    began: f64,
    longest: f64,
}

impl Slicer {
    /// Begins a stretch.
    #[must_use]
    pub fn begin() -> Self {
        Self {
            began: now(),
            longest: 0.0,
        }
    }

    /// Yields if the stretch has been long enough.
    pub async fn breathe(&mut self) {
        let worked = now() - self.began;
        self.longest = self.longest.max(worked);
        if worked >= STRETCH {
            yield_to_browser().await;
            self.began = now();
        }
    }

    /// The longest stretch so far, in milliseconds.
    #[must_use]
    pub fn longest_millis(&self) -> f64 {
        self.longest
    }
}

/// Lets the browser paint, handle input and run timers.
pub async fn yield_to_browser() {
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// Milliseconds since the page opened; monotonic.
pub(super) fn now() -> f64 {
    leptos::prelude::window()
        .performance()
        .map_or_else(js_sys::Date::now, |clock| clock.now())
}
