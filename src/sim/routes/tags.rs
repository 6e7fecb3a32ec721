//! Tags: of one VM, and all that are in use.

use super::{Answer, Call, guard, joined, object, vm, vm_id};
use crate::domain::tags::TagCategory;
use crate::sim::http::Response;
use crate::sim::model::{Outcome, Vm, World};
use crate::sim::refusal::Refusal;
use serde::Serialize;
use serde_json::{Map, json};
use std::collections::HashMap;

#[derive(Serialize)]
struct VmTags<'a> {
    tags: &'a [String],
}

pub fn of_vm(call: &Call<'_>, id: &str) -> Answer {
    let vm = vm(call.world, id)?;
    Ok(Response::ok(&VmTags { tags: &vm.tags }))
}

/// Whether a change of tags may go ahead, and its audit entry if not.
fn refuse(
    world: &mut World,
    id: u32,
    operation: &str,
    tag: &str,
    result: Result<(), Refusal>,
) -> Result<(), Refusal> {
    let Err(refusal) = result else { return Ok(()) };
    note(
        world,
        id,
        operation,
        tag,
        Outcome::Failed(refusal.message.clone()),
    );
    Err(refusal)
}

fn note(world: &mut World, id: u32, operation: &str, tag: &str, outcome: Outcome) {
    let node = world.vms.get(&id).map(|vm| vm.node.clone());
    let name = world
        .vms
        .get(&id)
        .map(|vm| vm.name.clone())
        .unwrap_or_default();
    let mut details = Map::new();
    details.insert("vmName".into(), name.into());
    details.insert("tag".into(), tag.into());
    world.note(
        operation,
        ("VM", id.to_string()),
        node.as_deref(),
        details,
        outcome,
    );
}

pub fn add(call: &mut Call<'_>, id: &str) -> Answer {
    let force = call.query.flag("force").unwrap_or_default();
    let tag = object(call.body)?
        .get("tag")
        .and_then(|tag| tag.as_str().map(|tag| tag.trim().to_owned()))
        .ok_or_else(|| Refusal::invalid("Invalid tag", "tag", "Is required"))?;
    let world = &mut *call.world;
    vm(world, id)?;
    let id = vm_id(id)?;
    let allowed = crate::domain::tags::check(&tag)
        .map_err(|what| Refusal::invalid("Invalid tag", "tag", &what))
        // The tag that lifts safe mode may not be given by whoever it holds back.
        .and_then(|()| guard(world, id, "add tag", false, force));
    refuse(world, id, "TAG_ADD", &tag, allowed)?;
    let present = world.vms.get(&id).is_some_and(|vm| vm.tags.contains(&tag));
    if !present {
        world.change_vm(id, |vm| {
            vm.tags.push(tag.clone());
            vm.shown.digest = None;
        });
        note(world, id, "TAG_ADD", &tag, Outcome::Done);
    }
    Ok(Response::ok(&json!({
        "message": if present { "Tag was there already" } else { "Tag added successfully" },
    })))
}

pub fn remove(call: &mut Call<'_>, id: &str, tag: &str) -> Answer {
    let force = call.query.flag("force").unwrap_or_default();
    let world = &mut *call.world;
    let found = vm(world, id)?;
    let (id, carries) = (found.id, found.tags.iter().any(|own| own == tag));
    let allowed = if carries {
        guard(world, id, "remove tag", false, force)
    } else {
        Err(Refusal::missing(&format!("Tag '{tag}' on VM {id}")))
    };
    refuse(world, id, "TAG_REMOVE", tag, allowed)?;
    world.change_vm(id, |vm| {
        vm.tags.retain(|own| own != tag);
        vm.shown.digest = None;
    });
    note(world, id, "TAG_REMOVE", tag, Outcome::Done);
    Ok(Response::none())
}

#[derive(Serialize)]
struct TagBody<'a> {
    name: &'a str,
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
}

const fn category(name: TagCategory) -> Option<&'static str> {
    match name {
        TagCategory::Environment => Some("environment"),
        TagCategory::Client => Some("client"),
        TagCategory::Criticality => Some("criticality"),
        TagCategory::Tier => Some("tier"),
        TagCategory::Kubernetes => Some("kubernetes"),
        TagCategory::Other => None,
    }
}

/// Tags in use, counted: those of the guide first, the others by name.
pub fn list(call: &Call<'_>) -> Response {
    let world = &*call.world;
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for tag in world.vms.values().flat_map(|vm| &vm.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let place = |name: &str| {
        world
            .tag_order
            .iter()
            .position(|tag| *tag == name)
            .unwrap_or(usize::MAX)
    };
    let mut names: Vec<&str> = counts.keys().copied().collect();
    names.sort_unstable_by_key(|name| (place(name), *name));
    let rows: Vec<TagBody<'_>> = names
        .into_iter()
        .map(|name| {
            let style = world.tag_styles.get(name);
            TagBody {
                name,
                count: counts.get(name).copied().unwrap_or_default(),
                category: style
                    .map(|style| style.category)
                    .or_else(|| category(TagCategory::of(name))),
                color: style.map(|style| style.color),
            }
        })
        .collect();
    Response::ok(&rows)
}

/// VMs that carry a tag.
pub fn vms(call: &mut Call<'_>, tag: &str) -> Response {
    let rows: Vec<_> = call
        .world
        .vms
        .values_mut()
        .filter(|vm| vm.tags.iter().any(|own| own == tag))
        .map(Vm::row)
        .collect();
    joined(rows)
}
