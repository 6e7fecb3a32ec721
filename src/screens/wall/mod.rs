//! The VM wall: every VM a tile by node, coloured by state, CPU or memory.

mod data;
mod draw;
mod query;
mod travel;

use crate::api::cluster::ClusterStatus;
use crate::components::form::QueryBox;
use crate::components::time::TimeText;
use crate::components::{
    Button, ButtonLook, ControlSize, EmptyState, FaceState, Faces, IconName, NodeState,
    SkeletonRows,
};
use crate::domain::ids::VmId;
use crate::domain::query::complete::Index;
use crate::domain::status::NodeStatus;
use crate::domain::units::{count, grouped};
use crate::domain::wall::{ColorBy, Look};
use crate::paths;
use crate::screens::common::faces::error_view;
use crate::screens::common::facts::row_facts;
use crate::screens::page::{Crumb, Link, Page};
use crate::stores::{Live, Watch, use_live};
use data::Wall;
use draw::Tiles;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use query::WallQuery;
use std::sync::Arc;
use travel::Travel;

/// `/wall`
#[component]
pub fn WallPage() -> impl IntoView {
    let live = use_live();
    let watch = live.vms.watch();
    let cluster = live.cluster.watch();
    let now = live.clock.watch();
    let query = WallQuery::new();
    let by = query.by();
    let travel = Travel::new();
    let wall = data::wall(&live, cluster, query);
    let updated = Memo::new(move |_| watch.status.with(|status| status.updated));
    let clock = live.clock.clone();
    let face = Signal::derive(move || {
        let status = watch.status.get();
        let error = status.error.as_ref();
        FaceState {
            value: wall.get(),
            error: error.map(|error| error_view("The VMs could not be loaded", error, clock.now())),
            loading: status.in_flight,
        }
    });
    let crumbs = Signal::stored(vec![
        Crumb::to("Dashboard", paths::dashboard()),
        Crumb::here("VM wall"),
    ]);
    let facts = move || {
        view! {
            {move || wall.with(|wall| wall.as_ref().map(|wall| count(wall.total, "VM", "VMs")))}
            {move || updated.with(Option::is_some).then(|| view! {
                <span>"Updated "<TimeText at=updated now=now/></span>
            })}
        }
    };
    view! {
        <Page title="VM wall" crumbs=crumbs facts=facts>
            <Bar live=live query=query wall=wall travel=travel/>
            <div class="wall">
                <Faces
                    state=face
                    skeleton=|| view! { <SkeletonRows rows=8/> }
                    is_empty=|wall: &Wall| wall.total == 0
                    empty=|| view! {
                        <EmptyState
                            title="No virtual machines yet"
                            words="Every virtual machine and container would be a tile here."
                            icon=IconName::Monitor
                        />
                    }
                    on_retry=Callback::new(move |()| drop(watch.refresh()))
                    let:wall
                >
                    <Nodes wall=wall by=by cluster=cluster travel=travel/>
                </Faces>
            </div>
        </Page>
    }
}

/// Search, what the colours tell, and the legend.
#[component]
fn Bar(
    live: Live,
    query: WallQuery,
    wall: Memo<Option<Arc<Wall>>>,
    travel: Travel,
) -> impl IntoView {
    let rows = live.vms.rows().clone();
    let index = Memo::new_with_compare(
        move |_| {
            let rows = rows.roster();
            let facts = rows.iter().map(|vm| row_facts(vm, None).query_facts());
            Arc::new(Index::of(facts))
        },
        |_, _| true,
    );
    let search = query.search();
    let found = Memo::new(move |_| {
        let searched = search.with(|search| !search.trim().is_empty());
        let of = |wall: &Arc<Wall>| {
            let (fitting, total) = (wall.fitting as u64, wall.total as u64);
            format!("{} of {}", grouped(fitting), grouped(total))
        };
        wall.with(|wall| wall.as_ref().filter(|_| searched).map(of))
    });
    let navigate = use_navigate();
    // Enter goes to the first VM that was found, and opens the only one.
    let enter = Callback::new(move |()| {
        query.flush();
        let fitting: Vec<VmId> = wall.with_untracked(|wall| {
            let groups = wall.iter().flat_map(|wall| &wall.groups);
            let tiles = groups.flat_map(|group| &group.tiles);
            let fitting = tiles.filter(|tile| tile.fits).take(2);
            fitting.map(|tile| tile.vm.vmid).collect()
        });
        match fitting.as_slice() {
            [only] => navigate(&paths::vm(*only), Default::default()),
            [first, ..] => drop(travel.go(*first)),
            [] => {}
        }
    });
    view! {
        <div class="wall-bar">
            <div class="wall-search" role="search" aria-label="Find VMs on the wall" on:focusout=move |_| query.flush()>
                <QueryBox
                    label="Find VMs"
                    value=query.typed
                    placeholder="Name, ID, tag or node:… mem:>80%"
                    index=index
                    found=found
                    on_input=Callback::new(move |words| query.search_typed(words))
                    on_enter=enter
                />
                <span class="vh" role="status">
                    {move || found.get().map(|found| format!("{found} VMs found"))}
                </span>
            </div>
            <Switch query=query/>
        </div>
        <Legend wall=wall/>
    }
}

/// What the colours tell.
#[component]
fn Switch(query: WallQuery) -> impl IntoView {
    let by = query.by();
    let button = move |own: ColorBy| {
        view! {
            <Button
                label=own.label()
                look=ButtonLook::Quiet
                size=ControlSize::Small
                pressed=Signal::derive(move || by.get() == own)
                on_press=Callback::new(move |()| query.set_by(own))
            />
        }
    };
    view! {
        <div class="wall-switch" role="group" aria-label="Colour by">
            <span aria-hidden="true">"Colour by"</span>
            {ColorBy::ALL.map(button).collect_view()}
        </div>
    }
}

/// What each look means, and how many have it.
#[component]
fn Legend(wall: Memo<Option<Arc<Wall>>>) -> impl IntoView {
    let counts = Memo::new(move |_| {
        wall.with(|wall| {
            let counts = wall.iter().flat_map(|wall| wall.counts.iter().copied());
            // A band of load means something when it is empty; a state that nobody is in does not.
            let shown = |(look, count): &(Look, usize)| {
                *count > 0 || matches!(look, Look::Low | Look::Medium | Look::High | Look::Full)
            };
            counts.filter(shown).collect::<Vec<_>>()
        })
    });
    let item = |(look, count): (Look, usize)| {
        view! {
            <li>
                <span class="wall-tile wall-swatch" data-look=look.slug() aria-hidden="true"></span>
                {look.words()}
                " "
                <b>{grouped(count as u64)}</b>
            </li>
        }
    };
    view! {
        <ul class="wall-legend" aria-label="Legend">
            {move || counts.get().into_iter().map(item).collect_view()}
        </ul>
    }
}

/// One row of tiles after the other, by node.
#[component]
fn Nodes(
    wall: Signal<Arc<Wall>>,
    by: Memo<ColorBy>,
    cluster: Watch<ClusterStatus>,
    travel: Travel,
) -> impl IntoView {
    travel.listen(wall);
    let nodes = Memo::new(move |_| {
        wall.with(|wall| {
            let nodes = wall.groups.iter().map(|group| group.node.clone());
            nodes.collect::<Vec<_>>()
        })
    });
    let size = Memo::new(move |_| wall.with(|wall| wall.size));
    view! {
        <div class="wall-nodes" data-size=move || size.get().slug() node_ref=travel.root>
            <For each=move || nodes.get() key=Clone::clone let:node>
                <Node node=node wall=wall by=by cluster=cluster travel=travel/>
            </For>
        </div>
    }
}

/// One node: its name, state, number of VMs, and their tiles.
#[component]
fn Node(
    node: String,
    wall: Signal<Arc<Wall>>,
    by: Memo<ColorBy>,
    cluster: Watch<ClusterStatus>,
    travel: Travel,
) -> impl IntoView {
    let tiles = NodeRef::<html::Div>::new();
    let (name, own) = (StoredValue::new(node.clone()), node.clone());
    // Writes out of an effect: the tiles are not part of any view.
    Effect::new(move |drawn: Option<Tiles>| {
        let drawn = drawn.unwrap_or_default();
        let (Some(root), by) = (tiles.get(), by.get()) else {
            return drawn;
        };
        wall.with(|wall| drawn.update(&root, wall.tiles(&own), by, wall.size, travel))
    });
    let number =
        Memo::new(move |_| wall.with(|wall| name.with_value(|name| wall.tiles(name).len())));
    let status = Memo::new(move |_| {
        let online = cluster.value.with(|status| {
            let mut nodes = status.iter().flat_map(|status| &status.nodes);
            name.with_value(|name| {
                nodes
                    .find(|node| node.name == *name)
                    .map(|node| node.online)
            })
        });
        match online {
            Some(true) => NodeStatus::Online,
            Some(false) => NodeStatus::Offline,
            None => NodeStatus::default(),
        }
    });
    let nowhere = node.is_empty();
    let title = if nowhere {
        "Node not known".to_owned()
    } else {
        node.clone()
    };
    let head = if nowhere {
        view! { <span class="clip">{title.clone()}</span> }.into_any()
    } else {
        let to = paths::vms_where(&[("node", &node)]);
        view! { <Link class="link clip" to=to>{node}</Link> }.into_any()
    };
    view! {
        <section class="wall-node" aria-label=title>
            <div class="wall-node-head">
                <h2>
                    {(!nowhere).then(|| view! { <NodeState status=status only_shape=true/> })}
                    {head}
                </h2>
                <span class="wall-node-count">{move || count(number.get(), "VM", "VMs")}</span>
            </div>
            <div class="wall-tiles" node_ref=tiles></div>
        </section>
    }
}
