//! Which screen stands at which address. Screens come by area, each area in a wasm file of its own
//! that is fetched when it is first opened; the file of the address that the console is opened at
//! is fetched beside the main one (`assets/boot.js`).

use super::not_found::NotFound;
use crate::components::lazy::{Load, area_page, preload};
use crate::lazy_view;
use crate::screens::backups::{BackupsPage, CoveragePage, RetentionPage};
use crate::screens::console::{NodeConsolePage, VmConsolePage};
use crate::screens::dashboard::DashboardPage;
use crate::screens::make::{ClonePage, CreatePage, RestorePage};
use crate::screens::migrate::MigratePage;
use crate::screens::settings::SettingsPage;
use crate::screens::snapshots::SnapshotsPage;
use crate::screens::storage::StoragePage;
use crate::screens::task::TaskPage;
use crate::screens::vm_detail::VmDetailPage;
use crate::screens::vms::VmsPage;
use crate::screens::wall::WallPage;
use leptos::prelude::*;
use leptos_router::components::{Route, Routes};
use leptos_router::path;

lazy_view! {
    dashboard, preload_dashboard,
    fn dashboard_page() -> AnyView { view! { <DashboardPage/> }.into_any() }
}
lazy_view! {
    vms, preload_vms,
    fn vms_page() -> AnyView { view! { <VmsPage/> }.into_any() }
}
lazy_view! {
    vm, preload_vm,
    fn vm_page() -> AnyView { view! { <VmDetailPage/> }.into_any() }
}
lazy_view! {
    snapshots, preload_snapshots,
    fn snapshots_page() -> AnyView { view! { <SnapshotsPage/> }.into_any() }
}
lazy_view! {
    storage, preload_storage,
    fn storage_page() -> AnyView { view! { <StoragePage/> }.into_any() }
}
lazy_view! {
    backups, preload_backups,
    fn backups_page() -> AnyView { view! { <BackupsPage/> }.into_any() }
}
lazy_view! {
    backups, preload_retention,
    fn retention_page() -> AnyView { view! { <RetentionPage/> }.into_any() }
}
lazy_view! {
    backups, preload_coverage,
    fn coverage_page() -> AnyView { view! { <CoveragePage/> }.into_any() }
}
lazy_view! {
    activity, preload_task,
    fn task_page() -> AnyView { view! { <TaskPage/> }.into_any() }
}
lazy_view! {
    operations, preload_settings,
    fn settings_page() -> AnyView { view! { <SettingsPage/> }.into_any() }
}
lazy_view! {
    make, preload_make,
    fn create_page() -> AnyView { view! { <CreatePage/> }.into_any() }
}
lazy_view! {
    make, preload_clone,
    fn clone_page() -> AnyView { view! { <ClonePage/> }.into_any() }
}
lazy_view! {
    restore, preload_restore,
    fn restore_page() -> AnyView { view! { <RestorePage/> }.into_any() }
}
lazy_view! {
    wall, preload_wall,
    fn wall_page() -> AnyView { view! { <WallPage/> }.into_any() }
}
lazy_view! {
    console, preload_vm_console,
    fn vm_console_page() -> AnyView { view! { <VmConsolePage/> }.into_any() }
}
lazy_view! {
    console, preload_node_console,
    fn node_console_page() -> AnyView { view! { <NodeConsolePage/> }.into_any() }
}

lazy_view! {
    migrate, preload_migrate,
    fn migrate_page() -> AnyView { view! { <MigratePage/> }.into_any() }
}

const DASHBOARD: Load = || Box::pin(preload_dashboard());
const VMS: Load = || Box::pin(preload_vms());
const VM: Load = || Box::pin(preload_vm());
const SNAPSHOTS: Load = || Box::pin(preload_snapshots());
const STORAGE: Load = || Box::pin(preload_storage());
const BACKUPS: Load = || Box::pin(preload_backups());
const RETENTION: Load = || Box::pin(preload_retention());
const COVERAGE: Load = || Box::pin(preload_coverage());
const ACTIVITY: Load = || Box::pin(preload_task());
const OPERATIONS: Load = || Box::pin(preload_settings());
const MAKE: Load = || Box::pin(preload_make());
const CLONE: Load = || Box::pin(preload_clone());
const RESTORE: Load = || Box::pin(preload_restore());
const WALL: Load = || Box::pin(preload_wall());
const MIGRATE: Load = || Box::pin(preload_migrate());
const VM_CONSOLE: Load = || Box::pin(preload_vm_console());
const NODE_CONSOLE: Load = || Box::pin(preload_node_console());

/// What has to be fetched for an address: the path without base, query and fragment. The same
/// table stands in `assets/boot.js` for the first page.
fn area_of(path: &str) -> Option<Load> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (None, _) => Some(DASHBOARD),
        (Some("wall"), None) => Some(WALL),
        (Some("vms"), None) => Some(VMS),
        (Some("vms"), Some("new")) => Some(MAKE),
        (Some("vms"), Some(_)) => match parts.next() {
            Some("clone") => Some(CLONE),
            Some("console") => Some(VM_CONSOLE),
            _ => Some(VM),
        },
        (Some("nodes"), Some(_)) if parts.next() == Some("console") => Some(NODE_CONSOLE),
        (Some("snapshots"), None) => Some(SNAPSHOTS),
        (Some("storage"), Some(_)) => Some(STORAGE),
        (Some("migrate"), None) => Some(MIGRATE),
        (Some("backups"), None) => Some(BACKUPS),
        (Some("backups"), Some("retention")) => Some(RETENTION),
        (Some("backups"), Some("coverage")) => Some(COVERAGE),
        (Some("backups"), Some("restore")) => Some(RESTORE),
        (Some("tasks"), Some(_)) => Some(ACTIVITY),
        (Some("settings"), None) => Some(OPERATIONS),
        _ => None,
    }
}

/// Fetches the code of the page that a link leads to.
pub(super) fn preload_path(path: &str) {
    if let Some(load) = area_of(path) {
        preload(load);
    }
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
            <Route path=path!("/") view=|| area_page(DASHBOARD, || Box::pin(dashboard_page()))/>
            <Route path=path!("/wall") view=|| area_page(WALL, || Box::pin(wall_page()))/>
            <Route path=path!("/vms") view=|| area_page(VMS, || Box::pin(vms_page()))/>
            <Route path=path!("/vms/new") view=|| area_page(MAKE, || Box::pin(create_page()))/>
            <Route path=path!("/vms/:vmid/clone") view=|| area_page(CLONE, || Box::pin(clone_page()))/>
            <Route path=path!("/vms/:vmid/console") view=|| area_page(VM_CONSOLE, || Box::pin(vm_console_page()))/>
            <Route path=path!("/nodes/:node/console") view=|| area_page(NODE_CONSOLE, || Box::pin(node_console_page()))/>
            // One route for all tabs: the page stays while they change.
            <Route path=path!("/vms/:vmid/:tab?") view=|| area_page(VM, || Box::pin(vm_page()))/>
            <Route path=path!("/snapshots") view=|| area_page(SNAPSHOTS, || Box::pin(snapshots_page()))/>
            <Route path=path!("/storage/:storage") view=|| area_page(STORAGE, || Box::pin(storage_page()))/>
            <Route path=path!("/migrate") view=|| area_page(MIGRATE, || Box::pin(migrate_page()))/>
            <Route path=path!("/backups") view=|| area_page(BACKUPS, || Box::pin(backups_page()))/>
            <Route path=path!("/backups/retention") view=|| area_page(RETENTION, || Box::pin(retention_page()))/>
            <Route path=path!("/backups/coverage") view=|| area_page(COVERAGE, || Box::pin(coverage_page()))/>
            <Route path=path!("/backups/restore") view=|| area_page(RESTORE, || Box::pin(restore_page()))/>
            <Route path=path!("/tasks/:upid") view=|| area_page(ACTIVITY, || Box::pin(task_page()))/>
            <Route path=path!("/settings") view=|| area_page(OPERATIONS, || Box::pin(settings_page()))/>
            <Route path=path!("/dev/components") view=components_page/>
        </Routes>
    }
}
