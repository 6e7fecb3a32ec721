//! `/networks`: every node has the interfaces that the guide shows.

use super::{Answer, Call};
use crate::sim::http::Response;
use crate::sim::refusal::Refusal;
use serde_json::{Value, json};

/// Name of a bridge, and whether it takes VLAN tags.
pub const BRIDGES: [(&str, bool); 2] = [("vmbr0", false), ("vmbr1", true)];

pub fn list(call: &Call<'_>) -> Answer {
    let node = match call.query.get("node") {
        Some(name) => call
            .world
            .node(name)
            .ok_or_else(|| Refusal::missing(&format!("Node '{name}'")))?,
        None => call
            .world
            .nodes
            .first()
            .ok_or_else(|| Refusal::missing("Node"))?,
    };
    if !node.online() {
        return Err(Refusal::new(
            503,
            "NODE_OFFLINE",
            format!("No route to node '{}'", node.name),
        ));
    }
    let gateway = node
        .ip
        .rsplit_once('.')
        .map_or_else(String::new, |(net, _)| format!("{net}.1"));
    let rows = json!([
        {
            "iface": "vmbr0", "type": "bridge", "active": true, "autostart": true,
            "bridge_ports": "enp0s3", "bridge_stp": "off", "bridge_fd": 0,
            "address": node.ip, "netmask": "255.255.255.0", "gateway": gateway,
            "families": ["inet"], "method": "static", "comments": "Management Network",
        },
        {
            "iface": "vmbr1", "type": "bridge", "active": true, "autostart": true,
            "bridge_ports": "enp0s8", "bridge_stp": "off", "bridge_fd": 0,
            "bridge_vlan_aware": true, "families": ["inet"], "method": "manual",
            "comments": "VM Network - VLAN Aware",
        },
        {
            "iface": "enp0s3", "type": "eth", "active": true, "autostart": true,
            "method": "manual", "families": ["inet"],
        },
    ]);
    let rows: Vec<&Value> = rows
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| {
            row["iface"] != node.lacks.as_str()
                && call
                    .query
                    .get("type")
                    .is_none_or(|kind| row["type"] == kind)
        })
        .filter(|row| {
            call.query
                .flag("active")
                .is_none_or(|on| row["active"] == on)
        })
        .collect();
    Ok(Response::ok(&rows))
}
