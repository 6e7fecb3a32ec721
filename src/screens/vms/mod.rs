//! All VMs of the cluster: found, sorted, switched, one by one and many at once (guide: VM List &
//! Management).

mod bulk;
mod bulk_ask;
mod bulk_result;
mod card;
mod cells;
mod columns;
mod copy;
mod counts;
mod ctx;
mod edit;
mod filters;
mod fresh;
mod grouping;
mod layout;
mod preview;
mod query;
mod rows;
mod views;

pub use views::PinnedViews;

use crate::api::vms::Vm;
use crate::components::lazy::preload;
use crate::components::table::{
    Column, ColumnsButton, DataTable, ExportButton, FilterBar, LoadState, Table,
};
use crate::components::{EmptyState, IconName};
use crate::domain::ids::VmId;
use crate::domain::table::Selection;
use crate::domain::units::grouped;
use crate::paths;
use crate::screens::common::create::CreateButton;
use crate::screens::common::faces::error_view;
use crate::screens::common::power::VmDialogs;
use crate::screens::common::vm_menu::vm_row_menu;
use crate::screens::page::{Page, Total};
use crate::screens::snapshots::{ManyDialogs, ManySnapshots};
use crate::stores::prefs::PREVIEW;
use crate::stores::{Face, Live, use_live};
use bulk::{BulkBar, MANY, summary};
use bulk_ask::{Bulk, BulkDialogs};
use card::VmCard;
use counts::Counts;
use ctx::ListCtx;
use edit::{EditBanner, EditDialogs, MassEdit};
use filters::{Filters, chips};
use grouping::GroupButton;
use layout::Columns;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use preview::{PreviewButton, PreviewPanel, preview_on_key};
use views::ViewsButton;

/// `/vms`
#[component]
pub fn VmsPage() -> impl IntoView {
    let live = use_live();
    let watch = live.vms.watch();
    let ctx = ListCtx::new(&live);
    let selection = RwSignal::new(Selection::<VmId>::default());
    let active = RwSignal::new(None);
    let all_columns = columns::columns(ctx);
    let arranged = Columns::new(&live.prefs, ctx.query, &all_columns);
    let table = table(&live, ctx, selection, (all_columns, arranged)).follows(active);
    // Who comes near the rows may select one.
    let near = StoredValue::new(false);
    let on_near = move |()| {
        if near.try_update_value(|near| std::mem::replace(near, true)) == Some(false) {
            preload(MANY);
        }
    };
    let prefs = live.prefs.clone();
    let on_key = move |event: KeyboardEvent| {
        preview_on_key(&event, || prefs.set(&PREVIEW, &!prefs.peek(&PREVIEW)));
    };
    let counts = {
        let vms = live.vms.clone();
        Memo::new(move |_| Counts::of(&vms.rows().snapshot()))
    };
    let face = watch.face();
    let clock = live.clock.clone();
    let state = Memo::new(move |_| match face.get() {
        Face::Loading => LoadState::Loading,
        Face::Failed(error) => LoadState::Failed(error_view(
            "The list of VMs could not be loaded",
            &error,
            clock.now(),
        )),
        Face::Loaded { .. } => LoadState::Ready,
    });
    let keys = live.vms.rows().keys();
    let total = Memo::new(move |_| keys.with(|keys| keys.len()));
    let bulk = Bulk::new(&live, selection);
    let edit = MassEdit::new(&live, bulk.chosen);
    let shots = ManySnapshots::new(&live);
    let order = table.order();
    let found = Signal::derive(move || {
        let filtered = ctx.query.with(|state| !state.search.trim().is_empty());
        let shown = order.with(|order| order.len()) as u64;
        filtered.then(|| format!("{} of {}", grouped(shown), grouped(total.get() as u64)))
    });
    let open_only = {
        let navigate = use_navigate();
        Callback::new(move |()| {
            ctx.query.flush();
            let only = order.with_untracked(|order| match order.as_slice() {
                [only] => Some(*only),
                _ => None,
            });
            if let Some(only) = only {
                navigate(&paths::vm(only), Default::default());
            }
        })
    };
    let (columns_of, export_of) = (table.clone(), table.clone());
    let filters_on = Signal::derive(move || ctx.query.with(chips));
    view! {
        <Page
            title="Virtual machines"
            badges=move || view! { <Total total=total/> }
            actions=move || view! {
                <ViewsButton query=ctx.query columns=Signal::derive(move || arranged.changed())/>
                <GroupButton ctx=ctx/>
                <ExportButton table=export_of.clone()/>
                <ColumnsButton table=columns_of.clone()/>
                <span class="vms-preview-toggle"><PreviewButton/></span>
                <CreateButton/>
            }
        >
            <Filters ctx=ctx counts=counts found=found on_enter=open_only/>
            <EditBanner edit=edit/>
            <div class="vms" on:keydown=on_key on:pointerover=move |_| on_near(()) on:focusin=move |_| on_near(())><DataTable
                table=table
                state=state
                on_retry=Callback::new(move |()| drop(watch.refresh()))
                empty=move || view! { <NoVms/> }
                on_clear_filters=Callback::new(move |()| ctx.query.clear())
                summary=summary(&live, selection)
                bulk=move || view! { <BulkBar bulk=bulk edit=edit shots=shots/> }
                strip=move || view! {
                    <FilterBar
                        filters=filters_on
                        on_remove=Callback::new(move |chip| filters::remove(ctx, &chip))
                        on_clear=Callback::new(move |()| ctx.query.clear())
                    />
                }
            /><PreviewPanel ctx=ctx active=active/></div>
            <VmDialogs ask=ctx.ask/>
            <BulkDialogs bulk=bulk/>
            <EditDialogs edit=edit/>
            <ManyDialogs many=shots/>
        </Page>
    }
}

fn table(
    live: &Live,
    ctx: ListCtx,
    selection: RwSignal<Selection<VmId>>,
    (columns, arranged): (Vec<Column<Vm>>, Columns),
) -> Table<VmId, Vm> {
    let query = ctx.query;
    let navigate = use_navigate();
    let open = move |vm: VmId| {
        query.flush();
        navigate(&paths::vm(vm), Default::default());
    };
    let (rows, groups) = rows::table_rows(live, query);
    let menu_live = live.clone();
    Table::new(
        "Virtual machines",
        ("VM", "VMs"),
        columns,
        rows,
        arranged.layout,
        columns::row_name,
    )
    .sorted(query.sort(), move |sort| query.set_sort(&sort))
    .paged(
        query.page(),
        move |page| query.turn_to(page),
        query.size(),
        move |size| query.set_size(size),
    )
    .grouped(groups.shown, move |id| groups.fold(&id))
    .selectable(selection)
    .menu(move |_, vm| vm_row_menu(&menu_live, vm, ctx.ask))
    .opens(open)
    .reuses_rows()
    .card(|row| view! { <VmCard row=row/> }.into_any())
}

/// There is not a single VM.
#[component]
fn NoVms() -> impl IntoView {
    view! {
        <EmptyState
            title="No virtual machines yet"
            words="The virtual machines and containers of the cluster would be listed here."
            icon=IconName::Monitor
            action=move || view! { <CreateButton/> }
        />
    }
}
