//! `/vms`, `/vms/{vmId}`.

use super::{Answer, Call, joined, number, vm_mut};
use crate::sim::http::{Query, Response, matches_pattern};
use crate::sim::model::{Vm, World};
use std::sync::Arc;

/// VMs that a query asks for, by number, before paging.
pub fn select<'a>(world: &'a mut World, query: &'a Query) -> impl Iterator<Item = &'a mut Vm> {
    let tags: Vec<&str> = query.list("tags").collect();
    let ids: Vec<u32> = query
        .list("vmIds")
        .filter_map(|id| id.parse().ok())
        .collect();
    let client = query.get("client").map(|client| {
        let name = client.strip_prefix("client-").unwrap_or(client);
        format!("client-{name}")
    });
    let all_ids = query.get("vmIds").is_none();
    world.vms.values_mut().filter(move |vm| {
        tags.iter().all(|tag| vm.tags.iter().any(|own| own == tag))
            && (all_ids || ids.contains(&vm.id))
            && client
                .as_ref()
                .is_none_or(|client| vm.tags.iter().any(|own| own == client))
            && query
                .get("status")
                .is_none_or(|status| vm.status.as_str() == status)
            && query.get("node").is_none_or(|node| &*vm.node == node)
            && query
                .get("namePattern")
                .is_none_or(|pattern| matches_pattern(pattern, &vm.name))
    })
}

pub fn list(call: &mut Call<'_>) -> Answer {
    let limit = number(&call.query, "limit", 1)?.unwrap_or(usize::MAX);
    let offset = number(&call.query, "offset", 0)?.unwrap_or(0);
    let rows: Vec<Arc<str>> = select(call.world, &call.query)
        .skip(offset)
        .take(limit)
        .map(Vm::row)
        .collect();
    Ok(joined(rows))
}

pub fn get(call: &mut Call<'_>, id: &str) -> Answer {
    let row = vm_mut(call.world, id)?.row();
    Ok(Response {
        body: crate::sim::http::Body::Shared(row),
        ..Response::json(200, String::new())
    })
}
