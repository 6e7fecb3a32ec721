//! Long lists, slice by slice.

use super::fake::{answer, once};
use crate::api::vms::{self, Vm, VmQuery};
use crate::api::{ApiError, ErrorKind, RawRows};
use crate::domain::ids::VmId;
use proptest::prelude::*;

fn raw(body: &str) -> Result<RawRows<Vm>, ApiError> {
    once(answer(200, body), async |client| {
        vms::list_raw(client, &VmQuery::default()).await
    })
}

fn ids(rows: &[Vm]) -> Vec<u32> {
    rows.iter().map(|vm| vm.vmid.0).collect()
}

fn all(body: &str) -> (Vec<u32>, usize) {
    let rows = raw(body).unwrap().collect_all().unwrap();
    (ids(&rows.good), rows.bad)
}

#[test]
fn slices() {
    let body: String = (1..=25)
        .map(|id| format!(r#" {{"vmid": {id}, "name": "a,]}}[\"\\"}} ,"#))
        .collect();
    let body = format!("\n[{}\t]\n", body.trim_end_matches(','));
    let mut rows = raw(&body).unwrap();
    let mut sizes = Vec::new();
    let mut seen = Vec::new();
    while let Some(slice) = rows.next_slice(10).unwrap() {
        sizes.push(slice.len());
        seen.extend(ids(&slice));
    }
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(seen, (1..=25).collect::<Vec<_>>());
    assert_eq!((rows.bad, rows.bytes_left()), (0, 0));
    assert_eq!(rows.next_slice(10).unwrap(), None);
}

#[test]
fn bad_rows_are_counted() {
    let body = r#"[{"vmid":1}, {"vmid":"x"}, null, 7, "text", [1,[2]], {"vmid":2,"cpu":1e999}, true,
        {"vmid":3,"name":"\ud800"}, {"name":"no number"}, {"vmid":4,"deep":{"a":[{"b":"]"}]}}]"#;
    assert_eq!(all(body), (vec![1, 4], 9));
    assert_eq!(all("[]"), (vec![], 0));
    assert_eq!(all(" [ ] "), (vec![], 0));
    assert_eq!(all("null"), (vec![], 0));
    let none = once(answer(204, ""), async |client| {
        vms::list(client, &VmQuery::default()).await
    });
    assert!(none.unwrap().good.is_empty());
}

#[test]
fn broken_lists_are_not_shown_as_whole() {
    for body in [
        "",
        "[",
        "{}",
        "17",
        "\"x\"",
        "{\"vms\":3}",
        "{\"error\":\"X\",\"message\":\"No\"}",
        r#"[{"vmid":1},{"vmid":2"#,
        r#"[{"vmid":1},"#,
        r#"[{"vmid":1}"#,
        "<html></html>",
        r#"{"data":[{"vmid":1}],"message":"#,
    ] {
        let error = raw(body).expect_err(body);
        assert_eq!(error.kind, ErrorKind::Decode, "{body}");
    }
    for body in [
        r#"[{"vmid":1} {"vmid":2}]"#,
        r#"[{"vmid":1},{"vmid":]"#,
        r#"[{"vmid":1},}]"#,
        "[x]",
    ] {
        let error = raw(body).unwrap().collect_all().expect_err(body);
        assert_eq!(error.kind, ErrorKind::Decode, "{body}");
    }
}

#[test]
fn ten_thousand_rows_decode_in_time() {
    let rows: Vec<String> = (100..10_100).map(|id| {
        format!(r#"{{"vmid":{id},"name":"web-server-{id}","node":"proxmox-01","type":"qemu","status":"running","cpu":0.15234,"cpus":4,"mem":3758096384,"maxmem":4294967296,"disk":21474836480,"maxdisk":53687091200,"netin":1234567890,"netout":987654321,"diskread":5368709120,"diskwrite":2147483648,"uptime":432000,"template":false,"tags":["env-prod","client-acme","web-tier"],"lock":null,"hastate":null}}"#)
    }).collect();
    let body = format!("[{}]", rows.join(","));
    let mut rows = raw(&body).unwrap();
    let start = std::time::Instant::now();
    let mut count = 0;
    while let Some(slice) = rows.next_slice(500).unwrap() {
        count += slice.len();
    }
    let taken = start.elapsed();
    assert_eq!((count, rows.bad), (10_000, 0));
    // Unoptimised and on a busy machine; this is a net for accidents of another order.
    assert!(taken.as_millis() < 5000, "{taken:?}");
}

proptest! {
    /// Whatever stands between the brackets: no panic, and good rows stay good.
    #[test]
    fn any_json_between_rows(values in proptest::collection::vec(super::lenient::json(), 0..12)) {
        let body = serde_json::to_string(&values).unwrap();
        let (good, bad) = all(&body);
        prop_assert_eq!(good.len() + bad, values.len());
        let mut with = values;
        with.insert(with.len() / 2, serde_json::json!({"vmid": 4242}));
        let rows = raw(&serde_json::to_string(&with).unwrap()).unwrap().collect_all().unwrap();
        prop_assert!(rows.good.iter().any(|vm| vm.vmid == VmId(4242)));
    }

    #[test]
    fn any_text(body in any::<String>()) {
        if let Ok(rows) = raw(&body) {
            let _ = rows.collect_all();
        }
    }

    #[test]
    fn any_cut(at in 0..400_usize) {
        let body = r#"[{"vmid":1,"name":"a","tags":["x","y"]},{"vmid":2,"name":"é\"","lock":null},{"vmid":3}]"#;
        let mut at = at.min(body.len() - 1);
        while !body.is_char_boundary(at) { at -= 1; }
        let whole = raw(&body[..at]).and_then(RawRows::collect_all);
        prop_assert!(whole.is_err(), "a cut list passed as whole at {}", at);
    }
}
