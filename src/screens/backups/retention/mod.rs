//! `/backups/retention`
use leptos::prelude::*;
/// `/backups/retention`
#[component]
pub fn RetentionPage() -> impl IntoView {}
