//! Every operation that is simulated answers as the contract says, all others say that they are
//! not.

use crate::support::{Checked, GUIDE};
use moxxie_ui::sim::{Request, Settings, operations};
use serde_json::json;

const READS: [&str; 50] = [
    "/info",
    "/cluster/status",
    "/cluster/resources",
    "/cluster/resources?type=vm",
    "/cluster/resources?type=node",
    "/cluster/resources?type=storage",
    "/tasks",
    "/tasks?limit=3&start=2",
    "/tasks?statusfilter=ok,warning&node=proxmox-02",
    "/tasks?vmid=101&type=qmsnapshot&user=scheduler@pve",
    "/vms",
    "/vms?limit=5&offset=3",
    "/vms?client=acme&node=proxmox-02",
    "/vms?vmIds=101,102&namePattern=*-01",
    "/vms/101",
    "/vms/9000",
    "/vms/101/detail",
    "/vms/102/detail",
    "/vms/117/detail",
    "/vms/101/status",
    "/vms/102/status",
    "/vms/101/metrics",
    "/vms/101/metrics?timeframe=day",
    "/vms/102/metrics?timeframe=week",
    "/vms/101/metrics?timeframe=month",
    "/vms/101/metrics?timeframe=year",
    "/vms/101/agent/interfaces",
    "/vms/101/pending",
    "/vms/101/config",
    "/vms/101/tags",
    "/vms/101/migrate/check?target=proxmox-02",
    "/vms/104/migrate/status",
    "/vms/104/snapshots",
    "/vms/104/backups",
    "/tags",
    "/tags/env-prod/vms",
    "/backups",
    "/backups/health?coverageThresholdDays=2&overdueThresholdDays=3",
    "/nodes",
    "/backups/retention",
    "/backups/retention-candidates?retentionPolicy=days:1&tags=env-prod&includeProtected=true",
    "/nodes/proxmox-03/status",
    "/nodes/proxmox-02/metrics?timeframe=day",
    "/storage",
    "/storage/local-zfs/status",
    "/storage/local/content",
    "/storage/local/content?type=iso",
    "/storage/local-zfs/content?type=images",
    "/networks",
    "/networks?node=proxmox-02&type=bridge",
];

#[test]
fn reads_fit_the_contract() {
    let mut sim = Checked::guide();
    for path in READS {
        sim.get(path);
    }
    sim.get("/bulk/operations");
    sim.get("/admin/audit?limit=3&user=admin@pam&success=false&search=old-test");
    sim.wait(400.0);
    for path in READS {
        sim.get(path);
    }
}

#[test]
fn the_table_of_operations_is_the_contracts() {
    let mut own: Vec<(String, Vec<String>)> = operations()
        .iter()
        .map(|(path, methods)| {
            let mut methods: Vec<String> = methods.iter().map(|word| (*word).to_owned()).collect();
            methods.sort();
            ((*path).to_owned(), methods)
        })
        .collect();
    let mut contract = GUIDE.operations();
    for (_, methods) in &mut contract {
        methods.sort();
    }
    own.sort();
    contract.sort();
    assert_eq!(own, contract);
}

#[test]
fn what_is_not_simulated_says_so() {
    let mut sim = Checked::guide();
    assert_eq!(
        sim.refused("GET", "/scheduler/jobs"),
        (501, "NOT_IMPLEMENTED".into())
    );
    assert_eq!(
        sim.refused("POST", "/bulk/migrate"),
        (501, "NOT_IMPLEMENTED".into())
    );
    assert_eq!(sim.refused("GET", "/nonsense").0, 404);
    assert_eq!(sim.refused("GET", "/vms/101/detail/more").0, 404);
    assert_eq!(sim.refused("DELETE", "/vms/101/detail").0, 405);
    assert_eq!(sim.refused("POST", "/tasks").0, 405);
    let info = sim.get("/info");
    let features = info["features"].as_array().unwrap();
    for present in [
        "events",
        "metrics",
        "agent",
        "pending",
        "backup-notes",
        "getRetentionPolicy",
    ] {
        assert!(features.contains(&json!(present)), "{present}");
    }
    for absent in ["sdn-write", "job-retry", "bulk-migrate"] {
        assert!(!features.contains(&json!(absent)), "{absent}");
    }
}

#[test]
fn bad_input_is_refused() {
    let mut sim = Checked::guide();
    for (path, status) in [
        ("/vms/99999", 404),
        ("/vms/abc", 400),
        ("/vms/4294967296", 400),
        ("/vms?limit=none", 400),
        ("/vms?limit=0", 400),
        ("/tasks?limit=-1", 400),
        ("/tasks/UPID:nobody", 404),
        ("/vms/101/metrics?timeframe=century", 400),
        ("/cluster/resources?type=planets", 400),
        ("/storage?enabled=maybe", 400),
        ("/storage/none/status", 404),
        ("/storage/none/content", 404),
        ("/networks?node=none", 404),
        ("/nodes/none", 404),
        ("/nodes/none/services", 404),
        ("/admin/audit?start=yesterday", 400),
        ("/bulk/operations/none", 404),
        ("/backups?vmId=x", 400),
    ] {
        assert_eq!(sim.refused("GET", path).0, status, "{path}");
    }
    for body in ["", "[]", "{", "null"] {
        let mut request = Request::new("PUT", "/api/v1/vms/101/config");
        body.clone_into(&mut request.body);
        assert_eq!(sim.send(&request).status, 400, "{body:?}");
    }
}

#[test]
fn headers_identify_server_and_call() {
    let mut sim = Checked::guide();
    let answer = sim.send(&Request::new("GET", "/api/v1/info").header("x-request-id", "abc-1"));
    assert_eq!(answer.header("X-Correlation-ID"), Some("abc-1"));
    for name in [
        "X-Moxxie-Location",
        "X-Moxxie-Provider",
        "X-Moxxie-Instance-Id",
    ] {
        assert!(
            answer.header(name).is_some_and(|value| !value.is_empty()),
            "{name}"
        );
    }
    let first = sim.call("GET", "/info");
    let second = sim.call("GET", "/info");
    assert_ne!(
        first.header("X-Correlation-ID"),
        second.header("X-Correlation-ID")
    );
}

#[test]
fn a_key_is_asked_for() {
    let mut sim = Checked::with(Settings {
        api_key: Some("secret".into()),
        ..Settings::default()
    });
    assert_eq!(sim.refused("GET", "/info"), (401, "UNAUTHORIZED".into()));
    let wrong = Request::new("GET", "/api/v1/info").header("X-API-Key", "guess");
    assert_eq!(sim.send(&wrong).status, 401);
    let right = Request::new("GET", "/api/v1/info").header("x-api-key", "secret");
    assert_eq!(sim.send(&right).status, 200);
    assert!(
        sim.sim
            .admit_socket(&Request::new("GET", "/api/v1/events"))
            .is_err()
    );
}

#[test]
fn read_only_refuses_changes_alone() {
    let mut sim = Checked::with(Settings {
        read_only: true,
        ..Settings::default()
    });
    assert_eq!(sim.get("/info")["readOnly"], true);
    sim.get("/vms");
    for (method, path) in [
        ("POST", "/vms/101/stop"),
        ("DELETE", "/vms/102"),
        ("PUT", "/vms/101/config"),
        ("POST", "/vms/101/tags"),
        ("POST", "/bulk/power/stop"),
    ] {
        assert_eq!(
            sim.refused(method, path),
            (403, "READ_ONLY".into()),
            "{path}"
        );
    }
}

#[test]
fn timeframes_have_gaps_and_order() {
    let mut sim = Checked::guide();
    let mut gaps = 0;
    for frame in ["hour", "day", "week", "month", "year"] {
        let series = sim.get(&format!("/vms/123/metrics?timeframe={frame}"));
        assert_eq!(series["timeframe"], frame);
        let points = series["points"].as_array().unwrap();
        assert!(points.len() >= 48);
        let times: Vec<i64> = points
            .iter()
            .map(|point| point["time"].as_i64().unwrap())
            .collect();
        assert!(times.is_sorted());
        assert!(*times.last().unwrap() <= sim.sim.now().secs());
        gaps += points.iter().filter(|point| point["cpu"].is_null()).count();
    }
    assert!(gaps > 0);
    let off = sim.get("/vms/102/metrics");
    assert!(
        off["points"]
            .as_array()
            .unwrap()
            .iter()
            .all(|point| point["cpu"].is_null())
    );
}

#[test]
fn a_hostile_cluster_still_fits_the_contract() {
    let mut sim = Checked::guide();
    sim.sim.make_hostile();
    for path in READS.iter().filter(|path| !path.contains("proxmox")) {
        if !path.starts_with("/storage/") {
            sim.get(path);
        }
    }
    let vm = sim.get("/vms/101");
    assert!(vm["name"].as_str().unwrap().contains("<script>"));
    assert_eq!(vm["node"], sim.get("/nodes")[0]["name"]);
    let upid = sim.start("/vms/102/start");
    sim.wait(5.0);
    assert_eq!(sim.get("/vms/102")["status"], "running");
    assert_eq!(
        sim.call(
            "GET",
            &format!("/tasks/{}", upid.replace('/', "%2F").replace(':', "%3A"))
        )
        .status,
        200
    );
    sim.get("/nodes/%3Cb%3Eproxmox-01%3C%2Fb%3E");
    sim.get("/admin/audit");
}
