use super::*;
use proptest::prelude::*;
use serde_json::json;

fn config(value: Value) -> ConfigMap {
    serde_json::from_value(value).unwrap()
}

/// `label: then > now`, dashes where it is not set.
fn lines(then: Value, now: Value) -> Vec<String> {
    let side = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    diff(&config(then), &config(now))
        .into_iter()
        .map(|one| {
            let line = format!("{}: {} > {}", one.label, side(one.then), side(one.now));
            line.replace('\u{2009}', " ")
        })
        .collect()
}

#[test]
fn the_guides_backup_against_its_vm_of_today() {
    let then = json!({
        "name": "web-server-01", "bootdisk": "scsi0", "cores": 4, "memory": 2048,
        "net0": "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1,tag=100",
        "scsi0": "local-zfs:vm-101-disk-0,size=50G", "ostype": "l26",
        "scsihw": "virtio-scsi-single"
    });
    let now = json!({
        "name": "web-01", "cores": "4", "memory": 4096, "numa": 0, "agent": 1,
        "boot": "order=scsi0", "ostype": "l26", "scsihw": "virtio-scsi-single",
        "net0": "virtio=AA:BB:CC:DD:EE:FF,tag=200,bridge=vmbr0,firewall=1",
        "net1": "virtio=AA:BB:CC:DD:EE:00,bridge=vmbr1",
        "scsi0": "local-zfs:vm-101-disk-0,size=80G,discard=on",
        "scsi10": "local-zfs:vm-101-disk-2,size=1G", "scsi2": "local-zfs:vm-101-disk-1,size=1G",
        "protection": 0, "digest": "other", "cipassword": "open sesame", "zzz": [1]
    });
    assert_eq!(
        lines(then, now),
        [
            "Name: web-server-01 > web-01",
            "Memory: 2 GiB > 4 GiB",
            "Boot order: - > scsi0",
            "Boot disk: scsi0 > -",
            "Guest agent: - > On",
            "Disk scsi0: 50 GiB on local-zfs:vm-101-disk-0 > 80 GiB on local-zfs:vm-101-disk-0, discard on",
            "Disk scsi2: - > 1 GiB on local-zfs:vm-101-disk-1",
            "Disk scsi10: - > 1 GiB on local-zfs:vm-101-disk-2",
            "Network net0: vmbr0, VLAN 100, firewall, virtio, AA:BB:CC:DD:EE:FF > vmbr0, VLAN 200, firewall, virtio, AA:BB:CC:DD:EE:FF",
            "Network net1: - > vmbr1, virtio, AA:BB:CC:DD:EE:00",
            "zzz: - > [1]",
        ]
    );
}

#[test]
fn what_is_written_otherwise_but_means_the_same_is_no_change() {
    let then = json!({"onboot": 1, "memory": "2048", "tablet": null,
        "net0": "virtio=A,bridge=b,tag=1", "scsi0": "s:v,size=1G,ssd=1", "vmgenid": "a",
        "snaptime": 7, "meta": "creation-qemu=9"});
    let now = json!({"onboot": true, "memory": 2048, "tablet": 1, "sockets": 1, "agent": 0,
        "net0": "bridge=b,tag=1,virtio=A", "scsi0": "s:v,ssd=1,size=1G", "vmgenid": "b"});
    assert_eq!(lines(then, now), [""; 0]);
}

#[test]
fn all_of_a_configuration_is_all_but_its_secrets() {
    let all = all(&config(json!({
        "name": "web-01", "cores": 1, "onboot": 0, "numa": 0, "vmgenid": "a-b", "meta": "creation-qemu=9",
        "template": 1, "lock": "backup", "cipassword": "open sesame", "tablet": null, "zzz": [1]
    })));
    let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "name", "cores", "numa", "onboot", "lock", "meta", "template", "vmgenid", "zzz"
        ]
    );
    assert!(
        all.iter()
            .all(|one| one.then.is_some() && one.now.is_none())
    );
}

#[test]
fn what_words_do_not_tell_is_told_as_it_stands() {
    let then = json!({"net0": "virtio=A,bridge=b,queues=2", "scsi0": "s:v,size=1G,backup=0"});
    let now = json!({"net0": "virtio=A,bridge=b,queues=4", "scsi0": "s:v,size=1G"});
    assert_eq!(
        lines(then, now),
        [
            "Disk scsi0: s:v,size=1G,backup=0 > s:v,size=1G",
            "Network net0: virtio=A,bridge=b,queues=2 > virtio=A,bridge=b,queues=4",
        ]
    );
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (0..3_u64).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        Just(json!("s:v,size=1G,ssd=1")),
        Just(json!("virtio=A,bridge=b,tag=2")),
        Just(json!({"a": 1})),
        any::<String>().prop_map(Value::from),
    ]
}

fn any_config() -> impl Strategy<Value = ConfigMap> {
    let keys = prop::sample::select(vec![
        "name",
        "memory",
        "numa",
        "onboot",
        "scsi0",
        "scsi10",
        "scsi2",
        "net0",
        "net1",
        "boot",
        "digest",
        "ipconfig0",
        "zzz",
        "agent",
    ]);
    prop::collection::btree_map(keys.prop_map(ToOwned::to_owned), value(), 0..8)
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(one in any_config()) {
        prop_assert_eq!(diff(&one, &one), vec![]);
    }

    #[test]
    fn either_way_round_the_same_settings_differ_in_the_same_order(
        one in any_config(), other in any_config()
    ) {
        let swapped = |list: Vec<Difference>| -> Vec<_> {
            list.into_iter().map(|one| (one.key, one.now, one.then)).collect()
        };
        let plain: Vec<_> = diff(&one, &other)
            .into_iter()
            .map(|one| (one.key, one.then, one.now))
            .collect();
        prop_assert_eq!(plain, swapped(diff(&other, &one)));
    }

    #[test]
    fn what_differs_is_told_and_differs_in_the_telling(
        one in any_config(), other in any_config()
    ) {
        let found = diff(&one, &other);
        for line in &found {
            prop_assert!(line.then != line.now, "{:?}", line);
        }
        // A text that stands on one side alone always differs.
        for (key, value) in &one {
            let alone = value.is_string() && !other.contains_key(key);
            if alone && key != "digest" && usual(key).is_none() {
                prop_assert!(found.iter().any(|line| line.key == *key), "{}", key);
            }
        }
    }

    #[test]
    fn passwords_are_never_told(
        one in any_config(), other in any_config(), secret in "[A-Z]{12}"
    ) {
        let (mut one, mut other) = (one, other);
        one.insert("cipassword".into(), secret.clone().into());
        other.insert("password".into(), json!([secret.clone()]));
        let told = format!("{:?}", diff(&one, &other));
        prop_assert!(!told.contains(&secret) && !told.contains("password"));
    }
}
