//! Which screen stands at which address. Screens of the first load stand here; the others come
//! through `lazy_page!` by area.

use super::not_found::NotFound;
use crate::screens::task::TaskPage;
use leptos::prelude::*;
use leptos_router::components::{Route, Routes};
use leptos_router::path;

/// The screens.
#[component]
pub fn Screens() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFound/> }>
            <Route path=path!("/tasks/:upid") view=TaskPage/>
        </Routes>
    }
}
