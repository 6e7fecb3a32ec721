//! Markup in every text.

use crate::sim::model::World;
use serde_json::{Value, json};
use std::sync::Arc;

/// Text that runs a script wherever it is taken for markup, and tells where it came from.
fn markup(place: &str) -> String {
    format!(
        "<img src=x onerror=\"window.__pwned='{place}'\"><script>window.__pwned='{place}'</script>&amp;{place}"
    )
}

/// Puts markup into names, tags, notes, logs and messages, and keeps all references whole.
pub fn make_hostile(world: &mut World) {
    world.cluster.name = markup("cluster");
    let renamed = |name: &str| -> Arc<str> { format!("<b>{name}</b>").into() };
    for node in &mut world.nodes {
        node.name = renamed(&node.name);
        node.ip = markup("ip");
        for service in &mut node.services {
            service.state = markup("service");
        }
    }
    for storage in &mut world.storages {
        storage.storage = format!("<b>{}</b>", storage.storage);
        for node in &mut storage.nodes {
            *node = renamed(node);
        }
    }
    for vm in world.vms.values_mut() {
        vm.node = renamed(&vm.node);
        vm.name = markup(&format!("vm-{}", vm.id));
        vm.tags.push(markup("tag"));
        vm.pool = Some(markup("pool"));
        vm.config.insert("name".into(), json!(vm.name));
        for key in ["description", "ostype", "cpu", "net0", "odd<key>"] {
            vm.config.insert(
                key.into(),
                Value::from(markup(key.trim_end_matches("<key>"))),
            );
        }
        for snapshot in vm
            .snapshots
            .iter_mut()
            .chain(vm.shown.snapshots.iter_mut().flatten())
        {
            snapshot.description = markup("snapshot");
            snapshot.name = format!("<i>{}</i>", snapshot.name);
        }
        for backup in vm.shown.backups.iter_mut().flatten() {
            backup.notes = markup("notes");
        }
        vm.shown.digest = None;
        vm.touch();
    }
    for backup in &mut world.backups {
        backup.notes = markup("notes");
    }
    for task in &mut world.tasks {
        task.node = renamed(&task.node).to_string();
        task.user = markup("user");
        if task.exit.as_deref().is_some_and(|exit| exit != "OK") {
            task.exit = Some(markup("exit"));
        }
        for line in &mut task.log {
            line.text = markup("log");
        }
    }
    for entry in &mut world.audit {
        entry.user = markup("auditor");
        entry.details.insert(markup("key"), markup("detail").into());
    }
    world.settings.user = markup("me");
}
