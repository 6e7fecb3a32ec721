//! What a query finds.

use super::{bare, words};
use crate::domain::query::{Compiled, Facts, parse};

/// IDs of the VMs that a query finds, by whether it holds.
fn holds(query: &str, facts: &Facts<'_>) -> bool {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    Compiled::new(&query).matches(facts)
}

fn check(facts: &Facts<'_>, yes: &[&str], no: &[&str]) {
    for query in yes {
        assert!(holds(query, facts), "{query} should match");
    }
    for query in no {
        assert!(!holds(query, facts), "{query} should not match");
    }
}

#[test]
fn words_and_text_fields() {
    let tags = words(&["env-prod", "Web-Tier", "cluster-talos-01"]);
    let ips = words(&["10.0.3.7", "fe80::1/64"]);
    let vm = Facts {
        name: "Web-Server-01",
        node: "pve1",
        tags: &tags,
        ips: &ips,
        pool: Some("Shop"),
        ha: Some("started"),
        ..bare(1042)
    };
    check(
        &vm,
        &[
            "",
            "server",
            "WEB 104",
            "pve",
            "shop",
            "prod",
            "10.0.3",
            "fe80",
            "web* *01",
            "10.0.*.7",
            "\"\"",
            "*",
            "nginx,web",
            "fe80::1",
        ],
        &[
            "nginx",
            "server*",
            "web nginx",
            "/64",
            "qemu",
            "running",
            "\"*\"",
        ],
    );
    check(
        &vm,
        &[
            "tag:ENV-PROD",
            "tag:env-*",
            "tag:x,web-tier",
            "tag:any",
            "tag:!=env",
            "tag:!=a,b",
            "node:PVE1",
            "node:pve*",
            "pool:shop",
            "pool:any",
            "pool:!=web",
            "name:server",
            "name:=web-server-01",
            "name:web*",
            "name:!=web",
            "ip:10.0.3.7",
            "ip:10.*",
            "ip:fe80::1",
            "type:vm",
            "type:qemu",
            "status:running",
            "cluster:talos-01",
            "cluster:any",
            "cluster:talos*",
            "ha:started",
            "ha:any",
            "lock:none",
            "lock:!=backup",
            "id:10*",
            "id:\"1042\"",
        ],
        &[
            "tag:env",
            "tag:none",
            "tag:!=env-prod,x",
            "node:pve",
            "pool:none",
            "pool:sho",
            "name:=web",
            "name:!=web-server-01",
            "ip:10.0.3",
            "type:lxc",
            "type:ct",
            "status:run",
            "status:stopped",
            "status:template",
            "cluster:talos",
            "cluster:none",
            "ha:none",
            "lock:any",
            "lock:backup",
            "id:\"104\"",
            "id:*10",
        ],
    );
}

#[test]
fn what_a_vm_lacks() {
    let vm = bare(1);
    check(
        &vm,
        &[
            "tag:none",
            "pool:none",
            "cluster:none",
            "ha:none",
            "pool:!=x",
            "name:=\"\"",
            "-ip:10.*",
        ],
        &[
            "tag:any",
            "pool:*",
            "pool:\"\"",
            "cluster:any",
            "ha:any",
            "ip:!=10.0.0.1",
        ],
    );
}

#[test]
fn a_template_is_nothing_else() {
    let vm = Facts {
        status: "stopped",
        template: true,
        ..bare(9000)
    };
    check(
        &vm,
        &["status:template", "status:!=stopped"],
        &["status:stopped"],
    );
}

#[test]
fn measurements() {
    let vm = Facts {
        cpu: Some(0.8),
        mem: Some(5 << 30),
        maxmem: Some(8 << 30),
        disk: Some(8),
        maxdisk: Some(10),
        uptime: Some(5400),
        ..bare(150)
    };
    check(
        &vm,
        &[
            "cpu:>=80%",
            "cpu:>0.79",
            "cpu:80%",
            "cpu:=80.4%",
            "cpu:!=50%",
            "cpu:80%..90%",
            "mem:>4G",
            "mem:>62%",
            "mem:5G",
            "mem:<=62.5%",
            "mem:4G..6G",
            "disk:80%..",
            "disk:<=8B",
            "uptime:>1h",
            "uptime:<2h",
            "uptime:1h30m",
            "id:100..199",
            "id:150",
            "id:>149",
            "id:!=151",
            "id:1,150",
            "id:1,>100",
        ],
        &[
            "cpu:>80%",
            "cpu:<80%",
            "cpu:=81%",
            "cpu:!=80%",
            "mem:>5G",
            "mem:4.9G",
            "mem:>62.5%",
            "disk:>80%",
            "uptime:<1h30m",
            "id:151..199",
            "id:15",
            "id:!=150",
            "id:<150",
        ],
    );
}

#[test]
fn unknown_fits_no_comparison_and_not_shares_out() {
    let off = Facts {
        maxmem: Some(8 << 30),
        ..bare(1)
    };
    check(
        &off,
        &["NOT cpu:>50%", "-mem:>1%", "NOT cpu:!=50%", "-uptime:<1h"],
        &[
            "cpu:>=0%",
            "cpu:<=100%",
            "cpu:!=50%",
            "cpu:=0%",
            "mem:>=0%",
            "mem:<1T",
            "mem:!=1G",
            "disk:..100%",
            "uptime:<1h",
            "uptime:!=1h",
        ],
    );
    let odd = Facts {
        cpu: Some(f64::NAN),
        mem: Some(1),
        maxmem: Some(0),
        ..bare(1)
    };
    check(&odd, &["mem:1B"], &["cpu:>=0%", "cpu:<=100%", "mem:>=0%"]);
}

#[test]
fn letters_beyond_ascii() {
    let tags = words(&["größe-xl"]);
    let vm = Facts {
        name: "Übung-İx-K",
        tags: &tags,
        ..bare(1)
    };
    check(
        &vm,
        &[
            "ÜBUNG",
            "name:über,übu*",
            "tag:GRÖßE-XL",
            "name:*-K",
            "name:*k",
            "name:*ng*x*",
            "name:=übung-İX-k",
        ],
        &["ubung", "name:=übung", "name:ü*ü", "name:*g-"],
    );
}
