use super::bar::Strip;
use super::body::{Grid, RowMenuSurface};
use super::cards::Cards;
use super::core::{Core, Shared};
use super::foot::Pager;
use super::head::Head;
use super::model::{LoadState, RowData, RowKey, Table};
use crate::components::button::Button;
use crate::components::dom;
use crate::components::faces::{EmptyState, ErrorState, Skeleton};
use crate::components::icon::IconName;
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    Loading,
    Failed,
    Empty,
    NoMatch,
    Rows,
}

/// Draws a [`Table`]: sticky heads, the rows in sight, the strip above them, the pager; cards under
/// 640 px.
#[component]
pub fn DataTable<K: RowKey, R: RowData>(
    /// What there is.
    table: Table<K, R>,
    /// How the load stands.
    #[prop(into)]
    state: Signal<LoadState>,
    /// Tries a failed load again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Stands where there are no rows at all.
    #[prop(into)]
    empty: ViewFn,
    /// Takes all filters off; offered where nothing matches.
    #[prop(optional, into)]
    on_clear_filters: Option<Callback<()>>,
    /// Said in the strip after the number of selected rows: "3 running · proxmox-01".
    #[prop(optional, into)]
    summary: Signal<String>,
    /// Buttons of the strip while rows are selected.
    #[prop(optional, into)]
    bulk: ViewFn,
    /// In the strip while none are: a [`FilterBar`](super::FilterBar), data age.
    #[prop(optional, into)]
    strip: ViewFn,
    /// Takes the height that the page leaves (in a column that flexes), and scrolls inside.
    #[prop(optional)]
    fill: bool,
) -> impl IntoView {
    let core = Core::new(table);
    prune_selection(&core);
    let (order, all) = (core.table.rows.order, core.table.rows.all);
    let face = Memo::new(move |_| {
        let (none, no_match) = (
            all.with(|all| all.is_empty()),
            order.with(|order| order.is_empty()),
        );
        state.with(|state| match state {
            LoadState::Loading if none => Face::Loading,
            LoadState::Failed(_) if none => Face::Failed,
            LoadState::Ready if none => Face::Empty,
            _ if no_match => Face::NoMatch,
            _ => Face::Rows,
        })
    });
    let error = Signal::derive(move || {
        state.with(|state| match state {
            LoadState::Failed(error) => error.clone(),
            _ => Default::default(),
        })
    });
    let busy = Signal::derive(move || state.with(|state| *state == LoadState::Loading));
    let phone = dom::is_phone();
    let as_cards = core.table.card.is_some();
    let cards = Memo::new(move |_| as_cards && phone.get());
    let many = core.table.noun.1;
    let body = {
        let core = core.clone();
        move || match (face.get(), cards.get()) {
            (Face::Loading, as_cards) => {
                view! { <Loading core=core.clone() cards=as_cards/> }.into_any()
            }
            (Face::Failed, _) => {
                view! { <ErrorState error=error on_retry=on_retry busy=busy/> }.into_any()
            }
            (Face::Empty, _) => empty.run().into_any(),
            (Face::NoMatch, _) => {
                view! { <NoMatch many=many on_clear=on_clear_filters/> }.into_any()
            }
            (Face::Rows, true) => view! { <Cards core=core.clone()/> }.into_any(),
            (Face::Rows, false) => view! { <Grid core=core.clone()/> }.into_any(),
        }
    };
    let known =
        Memo::new(move |_| matches!(face.get(), Face::Rows | Face::NoMatch | Face::Loading));
    let above = {
        let core = core.clone();
        let (bulk, strip) = (bulk.clone(), strip.clone());
        move || {
            known.get().then(|| view! {
            <Strip core=core.clone() summary=summary bulk=bulk.clone() strip=strip.clone() on_clear_filters=on_clear_filters/>
        })
        }
    };
    let below = {
        let core = core.clone();
        let rows = Memo::new(move |_| matches!(face.get(), Face::Rows | Face::Loading));
        move || rows.get().then(|| view! { <Pager core=core.clone()/> })
    };
    view! {
        <div
            class="dt"
            class:fill=fill
            class:as-cards=cards
            aria-busy=move || (face.get() == Face::Loading).then_some("true")
        >
            {above}
            {body}
            {below}
            <RowMenuSurface core=core/>
        </div>
    }
}

/// Rows that are gone leave the selection; rows that a filter hides stay in it.
fn prune_selection<K: RowKey, R: RowData>(core: &Shared<K, R>) {
    let Some(selection) = core.table.selection else {
        return;
    };
    let (all, lookup) = (core.table.rows.all, core.table.rows.peek.clone());
    // Writes out of an effect: the selection is the person's, what exists is the server's.
    Effect::new(move || {
        all.track();
        if let Some(left) =
            selection.with_untracked(|selection| selection.pruned(|key| lookup(key).is_some()))
        {
            selection.set(left);
        }
    });
}

/// Rows of the final height, grey.
#[component]
fn Loading<K: RowKey, R: RowData>(core: Shared<K, R>, cards: bool) -> impl IntoView {
    const WIDTHS: [&str; 4] = ["68%", "44%", "80%", "56%"];
    if cards {
        let row = |_| view! { <li class="dt-card"><div class="dt-card-body"><Skeleton width="55%"/><Skeleton width="80%"/></div></li> };
        return view! { <ul class="dt-cards still" aria-label="Loading">{(0..6).map(row).collect_view()}</ul> }.into_any();
    }
    let (tracks, least) = (core.tracks, core.least);
    let columns = core.visible.get_untracked().len();
    let (checks, dots) = (core.table.selection.is_some(), core.table.menu.is_some());
    let row = move |at: usize| {
        let cell = move |column: usize| view! { <td class="dt-cell"><Skeleton width=WIDTHS[(at + column) % 4]/></td> };
        view! {
            <tr class="dt-row">
                {checks.then(|| view! { <td class="dt-cell"></td> })}
                {(0..columns).map(cell).collect_view()}
                {dots.then(|| view! { <td class="dt-cell"></td> })}
            </tr>
        }
    };
    view! {
        <div class="dt-scroll">
            <span class="vh">"Loading"</span>
            <table
                class="dt-grid still"
                aria-hidden="true"
                inert=true
                style=("--tracks", move || tracks.get())
                style=("--least", move || least.get())
            >
                <Head core=core.clone()/>
                <tbody class="dt-body">{(0..10).map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn NoMatch(many: &'static str, on_clear: Option<Callback<()>>) -> impl IntoView {
    view! {
        <EmptyState
            title=format!("No {many} match")
            words="Nothing fits all of the filters that are on."
            icon=IconName::Search
            action=move || on_clear.map(|clear| view! { <Button label="Clear filters" on_press=clear/> })
        />
    }
}
