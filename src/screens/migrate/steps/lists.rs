//! A list that a step needs and that has not come.

use crate::components::{ErrorState, SkeletonRows};
use crate::screens::common::faces::error_view;
use crate::screens::migrate::known::List;
use crate::stores::use_live;
use leptos::prelude::*;

/// Why it has not, with a way to try again; nothing once it has come.
#[component]
pub fn Missing(list: List) -> impl IntoView {
    let live = use_live();
    let busy = Signal::derive(move || list.status.with(|status| status.in_flight));
    let failed = Memo::new(move |_| {
        let error = list.status.with(|status| status.error.clone());
        error.map(|error| error_view(list.title, &error, live.clock.now()))
    });
    move || {
        (!list.loaded.get()).then(|| match failed.get() {
            Some(error) => view! {
                <ErrorState error=error on_retry=list.retry busy=busy small=true/>
            }
            .into_any(),
            None => view! { <SkeletonRows/> }.into_any(),
        })
    }
}
