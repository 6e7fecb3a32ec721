use super::*;

fn row(volid: &str, vm: u32, made: i64) -> BackupRow {
    BackupRow {
        key: volid.to_owned(),
        volid: volid.to_owned(),
        vm: (vm > 0).then_some(VmId(vm)),
        vm_name: format!("web-{vm}"),
        gone: false,
        storage: volid.split(':').next().unwrap_or_default().to_owned(),
        made: (made >= 0).then(|| Instant::from_secs(made)),
        size: Some(Bytes(1 << 30)),
        format: "vma.zst".to_owned(),
        check: Check::Never,
        check_word: "none".to_owned(),
        checked: None,
        protected: false,
        encrypted: None,
        notes: "Nightly\nenv-prod".to_owned(),
    }
}

fn order(mut rows: Vec<BackupRow>, by: fn(&BackupRow, &BackupRow) -> Ordering) -> Vec<String> {
    rows.sort_by(by);
    rows.into_iter().map(|row| row.key).collect()
}

#[test]
fn the_file_is_the_volume_without_its_place() {
    assert_eq!(row("nas:backup/a.vma", 1, 0).file(), "a.vma");
    assert_eq!(row("pbs:vm/1/x", 1, 0).file(), "vm/1/x");
    assert_eq!(row("odd", 1, 0).file(), "odd");
}

#[test]
fn names_sort_as_people_count_and_what_is_not_known_comes_last() {
    let rows = vec![
        row("a:1", 10, 5),
        row("a:2", 2, 9),
        row("a:3", 2, -1),
        row("b:4", 2, 20),
    ];
    assert_eq!(order(rows.clone(), by_vm), ["b:4", "a:2", "a:3", "a:1"]);
    assert_eq!(order(rows.clone(), by_age), ["a:1", "a:2", "b:4", "a:3"]);
    assert_eq!(order(rows, by_storage), ["a:2", "a:3", "a:1", "b:4"]);
}

#[test]
fn damaged_ones_come_before_what_nobody_looked_at() {
    let mut rows = vec![row("a:1", 1, 1), row("a:2", 2, 2), row("a:3", 3, 3)];
    rows[0].check = Check::Whole;
    rows[2].check = Check::Damaged;
    assert_eq!(order(rows.clone(), by_check), ["a:3", "a:2", "a:1"]);
    let of = |only: Only| rows.iter().filter(|row| only.fits(row)).count();
    assert_eq!(
        (of(Only::Damaged), of(Only::Unverified), of(Only::Gone)),
        (1, 1, 0)
    );
}

#[test]
fn words_are_found_in_names_notes_and_numbers() {
    let row = row("nas:backup/vzdump-qemu-101-x.vma", 101, 1);
    let holds = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        row.holds(&words)
    };
    assert!(holds(&["nas", "prod"]));
    assert!(holds(&["101"]) && holds(&["web-101"]) && holds(&[]));
    assert!(!holds(&["nas", "weekly"]));
}

#[test]
fn groups_stand_where_their_rows_do_and_say_what_is_not_known() {
    let mut rows = vec![
        row("a:1", 10, 5),
        row("a:2", 2, 9),
        row("b:3", 2, 1),
        row("a:4", 0, 1),
    ];
    rows[2].size = None;
    rows[3].size = None;
    rows.sort_by(|a, b| Together::Vm.compare(a, b).then_with(|| by_age(a, b)));
    let rows: Vec<Arc<BackupRow>> = rows.into_iter().map(Arc::new).collect();
    let groups = groups(&rows, Together::Vm);
    let told: Vec<(&str, &str, usize, usize)> = groups
        .iter()
        .map(|group| {
            (
                group.label.as_str(),
                group.note.as_str(),
                group.at,
                group.count,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("VM not known", "1 backup", 0, 1),
            ("web-2", "2 backups, at least 1.00\u{2009}GiB", 1, 2),
            ("web-10", "1 backup, 1.00\u{2009}GiB", 3, 1),
        ]
    );
}

#[test]
fn a_vm_is_bared_when_its_last_whole_backup_goes() {
    let mut rows = vec![
        row("a:1", 1, 1),
        row("a:2", 1, 2),
        row("a:3", 2, 1),
        row("a:4", 3, 1),
        row("a:5", 3, 2),
    ];
    rows[1].check = Check::Damaged;
    let going = HashSet::from(["a:1", "a:4"]);
    let bare: Vec<VmId> = bared(&rows, &going).into_iter().map(|(vm, _)| vm).collect();
    assert_eq!(bare, [VmId(1)]);
    // What could not be restored before is no loss.
    rows[0].check = Check::Damaged;
    assert_eq!(bared(&rows, &going), []);
}
