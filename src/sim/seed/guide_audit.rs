//! The guide's audit entries.

use crate::sim::model::{AuditEntry, Outcome, World};
use serde_json::{Value, json};

/// The guide's three entries.
pub fn audit(world: &mut World) {
    let entries = [
        (
            "2024-06-21T15:30:45Z",
            "admin@pam",
            "192.168.1.100",
            "VM_CREATE",
            "VM",
            "103",
            Some("proxmox-01"),
            json!({"vmName": "test-server-01", "cores": 2, "memory": 4096, "disk": "50G",
                   "tags": ["env-test", "temporary"]}),
            None,
            12.5,
            Some("UPID:proxmox-01:00001234:00ABCDEF:67890ABC:qmcreate:103:root@pam:"),
        ),
        (
            "2024-06-21T15:35:00Z",
            "operator@pve",
            "192.168.1.101",
            "BULK_SNAPSHOT",
            "BULK",
            "bulk-op-12346",
            None,
            json!({"vmCount": 5, "snapshotName": "pre-update-20240621", "successful": 5, "failed": 0}),
            None,
            45.2,
            None,
        ),
        (
            "2024-06-21T15:40:00Z",
            "admin@pam",
            "192.168.1.100",
            "VM_DELETE",
            "VM",
            "99",
            Some("proxmox-02"),
            json!({"vmName": "old-test-vm", "reason": "No longer needed", "purge": true}),
            Some("VM has protected backups"),
            0.5,
            None,
        ),
    ];
    world.next_audit = 67_890;
    for (timestamp, user, ip, operation, kind, id, node, details, error, duration, task) in entries
    {
        let at = crate::domain::units::Instant::parse_iso(timestamp)
            .unwrap_or_default()
            .millis;
        let mut entry = AuditEntry {
            id: format!("audit-{}", world.next_audit),
            timestamp: timestamp.to_owned(),
            at,
            user: user.to_owned(),
            source_ip: ip.to_owned(),
            operation: operation.to_owned(),
            resource_type: kind,
            resource_id: id.to_owned(),
            node: node.map(ToOwned::to_owned),
            details: match details {
                Value::Object(fields) => fields,
                _ => serde_json::Map::new(),
            },
            outcome: Outcome::Done,
            error: None,
            duration,
            task: task.map(ToOwned::to_owned),
            before: None,
            after: None,
        };
        if let Some(error) = error {
            entry.end(Outcome::Failed(error.to_owned()));
        }
        world.next_audit += 1;
        world.audit.push(entry);
    }
}
