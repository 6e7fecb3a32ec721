//! What the machines of a large estate are called, and what they are for.

/// A role: name, share of the fleet, cores, GiB of memory, GiB of disk, CPU, memory, tags.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    pub name: &'static str,
    pub weight: u32,
    pub cores: &'static [u32],
    pub memory: &'static [u32],
    pub disk: &'static [u32],
    /// Usual load, share of cores.
    pub cpu: f64,
    /// Usual share of memory.
    pub mem: f64,
    pub tags: &'static [&'static str],
    pub ostype: &'static str,
}

const fn role(
    name: &'static str,
    weight: u32,
    size: (&'static [u32], &'static [u32], &'static [u32]),
    load: (f64, f64),
    tags: &'static [&'static str],
) -> Role {
    Role {
        name,
        weight,
        cores: size.0,
        memory: size.1,
        disk: size.2,
        cpu: load.0,
        mem: load.1,
        tags,
        ostype: "l26",
    }
}

const SMALL: (&[u32], &[u32], &[u32]) = (&[1, 2], &[1, 2, 4], &[10, 20, 32]);
const MEDIUM: (&[u32], &[u32], &[u32]) = (&[2, 4], &[4, 8], &[32, 50, 80]);
const LARGE: (&[u32], &[u32], &[u32]) = (&[4, 8], &[16, 32], &[100, 200]);
const HUGE: (&[u32], &[u32], &[u32]) = (&[8, 16, 24], &[32, 64, 128], &[500, 1000, 2000]);

/// All roles.
pub const ROLES: [Role; 20] = [
    role("web", 18, MEDIUM, (0.12, 0.6), &["web-tier"]),
    role("app", 16, MEDIUM, (0.2, 0.68), &["app-tier"]),
    role("api", 8, MEDIUM, (0.18, 0.6), &["app-tier"]),
    role("db", 9, LARGE, (0.25, 0.85), &["db-tier", "backup-daily"]),
    role("cache", 5, LARGE, (0.1, 0.9), &["db-tier"]),
    role("queue", 4, MEDIUM, (0.15, 0.55), &["app-tier"]),
    role("worker", 9, MEDIUM, (0.4, 0.5), &["app-tier"]),
    role("search", 3, LARGE, (0.3, 0.8), &["db-tier"]),
    role(
        "k8s-cp",
        2,
        MEDIUM,
        (0.14, 0.7),
        &["k8s-control-plane", "talos-cluster"],
    ),
    role(
        "k8s-worker",
        6,
        LARGE,
        (0.35, 0.65),
        &["k8s-worker", "talos-cluster"],
    ),
    role("ci-runner", 4, LARGE, (0.45, 0.5), &["ci"]),
    role("build", 2, HUGE, (0.5, 0.4), &["ci"]),
    role("dns", 1, SMALL, (0.02, 0.3), &["infra", "always-on"]),
    role("proxy", 2, SMALL, (0.08, 0.35), &["infra", "always-on"]),
    role("mail", 1, MEDIUM, (0.05, 0.5), &["infra"]),
    role("monitoring", 1, LARGE, (0.3, 0.75), &["infra", "always-on"]),
    role("vpn", 1, SMALL, (0.04, 0.3), &["infra", "always-on"]),
    role("analytics", 2, HUGE, (0.55, 0.8), &["app-tier"]),
    role("sandbox", 4, SMALL, (0.02, 0.3), &["temporary"]),
    Role {
        ostype: "win11",
        ..role("win", 4, MEDIUM, (0.07, 0.65), &["windows"])
    },
];

/// Who they are for.
pub const CLIENTS: [&str; 16] = [
    "acme",
    "globex",
    "initech",
    "umbrella",
    "hooli",
    "stark",
    "wayne",
    "wonka",
    "tyrell",
    "cyberdyne",
    "soylent",
    "vandelay",
    "dunder",
    "oscorp",
    "aperture",
    "massive",
];

/// Environment and its share.
pub const ENVIRONMENTS: [(&str, u32); 4] =
    [("prod", 50), ("staging", 20), ("dev", 22), ("test", 8)];

/// Templates that every estate has.
pub const TEMPLATES: [&str; 8] = [
    "debian-12-template",
    "debian-11-template",
    "ubuntu-2404-template",
    "ubuntu-2204-template",
    "rocky-9-template",
    "talos-v1.7.0-template",
    "windows-2022-template",
    "alpine-3-template",
];
