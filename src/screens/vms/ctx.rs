//! What the parts of the list share.

use super::query::ListQuery;
use crate::api::Contract;
use crate::domain::query::complete::Index;
use crate::screens::common::facts::row_facts;
use crate::screens::common::power::VmAsk;
use crate::screens::common::under_way::UnderWay;
use crate::stores::Live;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Handles on what the page is made of; `Copy`, so that every cell can hold it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListCtx {
    live: StoredValue<Live>,
    /// Filters, order, page.
    pub query: ListQuery,
    /// Asks before VMs are switched or deleted.
    pub ask: VmAsk,
    /// What values the VMs have, for completing a search; counted when it is asked for.
    pub index: Memo<Arc<Index>>,
    /// Colours of tags, as the server has them.
    pub tag_colors: Memo<Arc<HashMap<String, String>>>,
}

/// Where the server's list has no figures, those of the rows in sight are asked for one by one.
fn ask_in_sight(live: &Live) {
    let known = live.capabilities();
    let lacks = Memo::new(move |_| {
        known.with(|known| {
            known
                .as_ref()
                .is_some_and(|known| known.contract == Contract::Server)
        })
    });
    let feed = live.vms.figures_in_sight().clone();
    // Reading ends with the effect that began it.
    Effect::new(move || {
        if lacks.get() {
            let _ = feed.watch();
        }
    });
}

impl ListCtx {
    /// For the page that is being built.
    pub fn new(live: &Live) -> Self {
        let tags = live.tags.watch();
        let vms = live.vms.clone();
        ask_in_sight(live);
        let _ = UnderWay::provide(live);
        Self {
            live: StoredValue::new(live.clone()),
            query: ListQuery::new(),
            ask: VmAsk::new(),
            index: Memo::new_with_compare(
                move |_| {
                    let rows = vms.rows().roster();
                    let facts = rows.iter().map(|vm| row_facts(vm, None).query_facts());
                    Arc::new(Index::of(facts))
                },
                |_, _| true,
            ),
            tag_colors: Memo::new(move |_| {
                let tags = tags.get();
                let colors = tags.iter().flat_map(|tags| tags.iter());
                Arc::new(
                    colors
                        .filter_map(|tag| Some((tag.name.clone(), tag.color.clone()?)))
                        .collect(),
                )
            }),
        }
    }

    /// The stores.
    pub fn live(&self) -> Live {
        self.live.get_value()
    }
}
