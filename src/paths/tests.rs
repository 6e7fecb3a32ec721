use super::*;

#[test]
fn encoded() {
    let upid = Upid("UPID:n:1:2:3:qmstart:101:root@pam:".into());
    assert_eq!(task(&upid), "/tasks/UPID:n:1:2:3:qmstart:101:root@pam:");
    assert_eq!(
        task(&Upid("a/b?c#d%e f".into())),
        "/tasks/a%2Fb%3Fc%23d%25e%20f"
    );
    assert_eq!(
        vms_where(&[("tags", "env-prod,a&b"), ("node", ""), ("q", "100% +x")]),
        "/vms?tags=env-prod,a%26b&q=100%25%20%2Bx"
    );
    assert_eq!(vms_where(&[]), "/vms");
    assert_eq!(migrate_where(&[], "", ""), "/migrate");
    assert_eq!(
        migrate_where(&[VmId(101), VmId(105)], "a b", "options"),
        "/migrate?vm=101,105&to=a%20b&step=options"
    );
}

#[test]
fn tabs_read_back() {
    for tab in VmTab::ALL {
        assert_eq!(VmTab::parse(tab.slug()), Some(tab));
    }
    assert_eq!(VmTab::parse("nonsense"), None);
    assert_eq!(vm_tab(VmId(101), VmTab::Tasks), "/vms/101/tasks");
    assert_eq!(
        vm_tab_where(VmId(101), VmTab::General, &[("range", "day"), ("sort", "")]),
        "/vms/101?range=day"
    );
}

#[test]
fn wizards() {
    let at = |name| wizard(name).unwrap_or_default();
    assert_eq!(at("create"), "/vms/new");
    assert_eq!(at("clone.101"), "/vms/101/clone");
    assert_eq!(at("clone.101.a.b"), "/vms/101/clone?snapshot=a.b");
    assert_eq!(at("restore."), "/backups/restore");
    assert_eq!(
        at("restore.local:backup/x.vma.zst"),
        restore("local:backup/x.vma.zst")
    );
    assert_eq!(at("migrate"), "/migrate");
    assert_eq!((wizard("other"), wizard("clone.x")), (None, None));
}

#[test]
fn consoles() {
    let serial = Some(ConsoleKind::Serial);
    assert_eq!(vm_console(VmId(101), None, false), "/vms/101/console");
    assert_eq!(
        vm_console(VmId(101), serial, true),
        "/vms/101/console?type=serial&window"
    );
    assert_eq!(node_console("pve/1", true), "/nodes/pve%2F1/console?window");
}

#[test]
fn based() {
    assert_eq!(join("", "/vms"), "/vms");
    assert_eq!(join("/portal/moxxie/", "/vms"), "/portal/moxxie/vms");
}
