use super::*;
use crate::domain::ids::VmId;
use crate::domain::status::Lock;
use proptest::prelude::*;

fn row<'a>(status: &'a VmStatus) -> RowFacts<'a> {
    RowFacts {
        vmid: VmId(101),
        name: "web-01",
        node: "n1",
        status,
        template: false,
        tags: &[],
        pool: None,
        kind: "qemu",
        lock: None,
        ha: None,
        cpu: Some(0.123),
        mem: Some(Bytes(3 << 30)),
        maxmem: Some(Bytes(4 << 30)),
        disk: None,
        maxdisk: None,
        network: None,
        uptime: None,
    }
}

#[test]
fn looks_follow_state_and_load() {
    let running = VmStatus::Running;
    let mut vm = row(&running);
    assert_eq!(Look::of(&vm, ColorBy::State), Look::Running);
    assert_eq!(Look::of(&vm, ColorBy::Cpu), Look::Low);
    assert_eq!(Look::of(&vm, ColorBy::Memory), Look::High);
    for (share, look) in [
        (0.0, Look::Low),
        (0.3, Look::Medium),
        (0.7, Look::High),
        (0.9, Look::High),
        (0.91, Look::Full),
        (1.7, Look::Full),
    ] {
        vm.cpu = Some(share);
        assert_eq!(Look::of(&vm, ColorBy::Cpu), look, "{share}");
    }
    for unknown in [None, Some(f64::NAN)] {
        vm.cpu = unknown;
        assert_eq!(Look::of(&vm, ColorBy::Cpu), Look::NoFigure);
        assert_eq!(fill(&vm, ColorBy::Cpu), None);
    }
    let stopped = VmStatus::Stopped;
    let mut vm = row(&stopped);
    assert_eq!(
        Look::of(&vm, ColorBy::Memory),
        Look::Off,
        "nothing measured"
    );
    vm.template = true;
    assert_eq!(Look::of(&vm, ColorBy::State), Look::Template);
    let odd = VmStatus::from("prelaunch");
    assert_eq!(Look::of(&row(&odd), ColorBy::State), Look::Unknown);
}

#[test]
fn every_look_stands_in_its_legend() {
    for by in ColorBy::ALL {
        for word in ["running", "stopped", "paused", "suspended", "error", "odd"] {
            let status = VmStatus::from(word);
            for (template, cpu) in [(false, None), (true, Some(0.5)), (false, Some(2.0))] {
                let vm = RowFacts {
                    template,
                    cpu,
                    ..row(&status)
                };
                assert!(
                    Look::legend(by).contains(&Look::of(&vm, by)),
                    "{word} {by:?}"
                );
            }
        }
    }
}

#[test]
fn filled_in_steps() {
    let running = VmStatus::Running;
    let of = |cpu| {
        let vm = RowFacts {
            cpu: Some(cpu),
            ..row(&running)
        };
        fill(&vm, ColorBy::Cpu)
    };
    assert_eq!(of(0.0), Some(5), "a low load is not none");
    assert_eq!(of(0.5), Some(50));
    assert_eq!(of(0.52), Some(50));
    assert_eq!(of(7.0), Some(100));
    assert_eq!(fill(&row(&running), ColorBy::State), None);
}

#[test]
fn a_tile_says_all() {
    let running = VmStatus::Running;
    let plain = |text: String| text.replace(crate::domain::units::THIN, " ");
    let mut vm = row(&running);
    assert_eq!(
        plain(tile_words(&vm)),
        "web-01, VM 101: running, CPU 12.3 %, memory 3.00 GiB of 4 GiB"
    );
    assert_eq!(plain(tile_note(&vm, ColorBy::Cpu)), "12 %");
    assert_eq!(tile_note(&vm, ColorBy::State), "Running");
    let (stopped, lock) = (VmStatus::Stopped, Lock::Backup);
    vm = RowFacts {
        name: "",
        cpu: None,
        mem: None,
        lock: Some(&lock),
        ..row(&stopped)
    };
    assert_eq!(
        plain(tile_words(&vm)),
        "VM 101: stopped, CPU not available, memory not available, 4 GiB in all, locked: backup"
    );
    assert_eq!(tile_note(&vm, ColorBy::Cpu), "Off");
}

#[test]
fn the_address_reads_back() {
    for by in ColorBy::ALL {
        let state = WallState {
            by,
            search: "tag:env-prod cpu:>50%".to_owned(),
        };
        let pairs = state.pairs();
        let get = |key: &str| pairs.iter().find(|pair| pair.0 == key).map(|pair| pair.1);
        assert_eq!(WallState::read(get), state);
    }
    assert_eq!(WallState::read(|_| Some("nonsense")).by, ColorBy::State);
}

/// Two nodes of 7 and 4 tiles, one without any between, three to a row:
/// 0 1 2 / 3 4 5 / 6 // 7 8 9 / 10
const WALL: [usize; 3] = [7, 0, 4];

#[test]
fn arrows_travel_in_two_dimensions() {
    let to = |at, step| neighbour(&WALL, 3, at, step);
    assert_eq!(to(0, Step::Left), 0);
    assert_eq!(to(2, Step::Right), 3);
    assert_eq!(to(6, Step::Right), 7, "on to the next node");
    assert_eq!(to(10, Step::Right), 10);
    assert_eq!(to(1, Step::Down), 4);
    assert_eq!(to(5, Step::Down), 6, "a shorter row ends earlier");
    assert_eq!(to(6, Step::Down), 7, "over a node without VMs");
    assert_eq!(to(8, Step::Down), 10);
    assert_eq!(to(10, Step::Down), 10);
    assert_eq!(to(9, Step::Up), 6, "the last row above is shorter");
    assert_eq!(to(7, Step::Up), 6);
    assert_eq!(to(10, Step::Up), 7);
    assert_eq!(to(2, Step::Up), 2);
}

#[test]
fn ends_of_rows_nodes_and_wall() {
    let to = |at, step| neighbour(&WALL, 3, at, step);
    assert_eq!((to(4, Step::Home), to(4, Step::End)), (3, 5));
    assert_eq!((to(6, Step::Home), to(6, Step::End)), (6, 6));
    assert_eq!((to(4, Step::First), to(4, Step::Last)), (0, 10));
    assert_eq!((to(4, Step::NodeDown), to(8, Step::NodeDown)), (7, 8));
    assert_eq!((to(9, Step::NodeUp), to(7, Step::NodeUp)), (7, 0));
    assert_eq!(Step::of_key("Home", true), Some(Step::First));
    assert_eq!(Step::of_key("ArrowLeft", true), None, "the browser's");
}

#[test]
fn tiles_shrink_as_they_grow_in_number() {
    let sizes = [0, 120, 121, 600, 601, 2000].map(TileSize::of);
    use TileSize::{Dot, Named, Numbered};
    assert_eq!(sizes, [Named, Named, Numbered, Numbered, Dot, Dot]);
}

const STEPS: [Step; 10] = [
    Step::Left,
    Step::Right,
    Step::Up,
    Step::Down,
    Step::Home,
    Step::End,
    Step::First,
    Step::Last,
    Step::NodeUp,
    Step::NodeDown,
];

proptest! {
    #[test]
    fn no_step_leaves_the_wall(
        groups in proptest::collection::vec(0_usize..9, 0..6),
        columns in 0_usize..6,
        at in 0_usize..60,
        step in 0_usize..STEPS.len(),
    ) {
        let total: usize = groups.iter().sum();
        let to = neighbour(&groups, columns, at, STEPS[step]);
        prop_assert!(to < total.max(1));
    }

    #[test]
    fn down_reaches_every_row(
        groups in proptest::collection::vec(0_usize..9, 1..6),
        columns in 1_usize..6,
    ) {
        let rows: usize = groups.iter().map(|size| size.div_ceil(columns)).sum();
        let mut at = 0;
        let mut seen = usize::from(rows > 0);
        loop {
            let next = neighbour(&groups, columns, at, Step::Down);
            if next == at { break; }
            prop_assert!(next > at);
            at = next;
            seen += 1;
        }
        prop_assert_eq!(seen, rows);
    }
}
