//! All VMs by node, as the wall draws them.

use super::query::WallQuery;
use crate::api::cluster::ClusterStatus;
use crate::api::vms::Vm;
use crate::domain::ids::VmId;
use crate::domain::text::natural;
use crate::domain::vm_list::{ListState, Matcher};
use crate::domain::wall::{Look, TileSize};
use crate::screens::common::facts::row_facts;
use crate::stores::{Live, Watch};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One VM.
#[derive(Debug)]
pub(super) struct Tile {
    pub vm: Arc<Vm>,
    /// Whether the search finds it; dimmed otherwise.
    pub fits: bool,
}

/// The VMs of one node, by ID.
#[derive(Debug)]
pub(super) struct Group {
    /// Name of the node; empty where it is not told.
    pub node: String,
    pub tiles: Vec<Tile>,
}

/// The whole wall.
#[derive(Debug)]
pub(super) struct Wall {
    /// By the name of the node; nodes without VMs too.
    pub groups: Vec<Group>,
    pub total: usize,
    pub fitting: usize,
    pub size: TileSize,
    /// How many look how, of those that can appear.
    pub counts: Vec<(Look, usize)>,
}

impl Wall {
    /// The tiles of a node.
    pub fn tiles(&self, node: &str) -> &[Tile] {
        let group = self.groups.iter().find(|group| group.node == node);
        group.map_or(&[], |group| &group.tiles)
    }

    /// All tiles in reading order.
    pub fn ids(&self) -> impl Iterator<Item = VmId> {
        let tiles = self.groups.iter().flat_map(|group| &group.tiles);
        tiles.map(|tile| tile.vm.vmid)
    }
}

/// Follows the rows, the nodes and the search; `None` until the list is loaded.
pub(super) fn wall(
    live: &Live,
    cluster: Watch<ClusterStatus>,
    query: WallQuery,
) -> Memo<Option<Arc<Wall>>> {
    let rows = live.vms.rows().clone();
    let (search, by) = (query.search(), query.by());
    // Others of its facts do not matter here.
    let nodes = Memo::new(move |_| {
        cluster.value.with(|status| {
            let nodes = status.iter().flat_map(|status| &status.nodes);
            nodes.map(|node| node.name.clone()).collect::<Vec<_>>()
        })
    });
    let matcher = Memo::new_with_compare(
        move |before: Option<&Arc<Matcher>>| {
            let state = ListState {
                search: search.get(),
                ..ListState::default()
            };
            Arc::new(Matcher::new(&state, before.map(AsRef::as_ref)))
        },
        |_, _| true,
    );
    // Comparing two walls costs more than drawing what differs.
    Memo::new_with_compare(
        move |_| {
            let (matcher, by) = (matcher.get(), by.get());
            let mut counts: Vec<_> = Look::legend(by).iter().map(|look| (*look, 0)).collect();
            let all = rows.snapshot();
            let mut groups = BTreeMap::<String, Vec<Tile>>::new();
            nodes.with(|nodes| {
                for node in nodes.iter().filter(|node| !node.is_empty()) {
                    groups.entry(node.clone()).or_default();
                }
            });
            let mut fitting = 0;
            for vm in all.iter() {
                let facts = row_facts(vm, None);
                let look = Look::of(&facts, by);
                if let Some(count) = counts.iter_mut().find(|count| count.0 == look) {
                    count.1 += 1;
                }
                let fits = matcher.matches(&facts);
                fitting += usize::from(fits);
                let tile = Tile {
                    vm: Arc::clone(vm),
                    fits,
                };
                match groups.get_mut(&vm.node) {
                    Some(tiles) => tiles.push(tile),
                    None => drop(groups.insert(vm.node.clone(), vec![tile])),
                }
            }
            let mut groups: Vec<Group> = groups
                .into_iter()
                .map(|(node, mut tiles)| {
                    tiles.sort_by_key(|tile| tile.vm.vmid);
                    Group { node, tiles }
                })
                .collect();
            // What is nowhere stands last.
            groups.sort_by(|a, b| {
                let nowhere = a.node.is_empty().cmp(&b.node.is_empty());
                nowhere.then_with(|| natural(&a.node, &b.node))
            });
            rows.is_loaded().then(|| {
                Arc::new(Wall {
                    groups,
                    total: all.len(),
                    fitting,
                    size: TileSize::of(all.len()),
                    counts,
                })
            })
        },
        |_, _| true,
    )
}
