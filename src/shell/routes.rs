//! Which screen stands at which address. Screens of the first load stand here; the others come
//! by area, each area in a wasm file of its own that is fetched when it is first opened.

use super::lazy::area_page;
use super::not_found::NotFound;
use crate::lazy_page;
use crate::screens::dashboard::DashboardPage;
use crate::screens::settings::SettingsPage;
use crate::screens::task::TaskPage;
use crate::screens::vm_detail::VmDetailPage;
use crate::screens::vms::VmsPage;
use leptos::prelude::*;
use leptos_router::components::{Route, Routes};
use leptos_router::path;

lazy_page! {
    activity, preload_task,
    fn task_page() -> AnyView { view! { <TaskPage/> }.into_any() }
}
lazy_page! {
    operations, preload_settings,
    fn settings_page() -> AnyView { view! { <SettingsPage/> }.into_any() }
}

lazy_page! {
    vm, preload_vm,
    fn vm_page() -> AnyView { view! { <VmDetailPage/> }.into_any() }
}

/// The kit, in builds that have it.
fn components_page() -> AnyView {
    #[cfg(feature = "gallery")]
    return view! { <crate::screens::gallery::GalleryPage/> }.into_any();
    #[cfg(not(feature = "gallery"))]
    return view! { <NotFound/> }.into_any();
}

/// The screens.
#[component]
pub fn Screens() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFound/> }>
            <Route path=path!("/") view=DashboardPage/>
            <Route path=path!("/vms") view=VmsPage/>
            // One route for all tabs: the page stays while they change.
            <Route path=path!("/vms/:vmid/:tab?") view=|| area_page(preload_vm, vm_page)/>
            <Route path=path!("/tasks/:upid") view=|| area_page(preload_task, task_page)/>
            <Route path=path!("/dev/components") view=components_page/>
            <Route path=path!("/settings") view=|| area_page(preload_settings, settings_page)/>
        </Routes>
    }
}
