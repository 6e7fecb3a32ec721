//! `/backups/coverage`
use leptos::prelude::*;
/// `/backups/coverage`
#[component]
pub fn CoveragePage() -> impl IntoView {}
