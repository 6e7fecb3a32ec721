use super::super::*;
use super::known;
use crate::domain::config::Disk;
use proptest::prelude::*;

proptest! {
    #[test]
    fn drafts_outlive_their_page(name in "\\PC{0,20}", size in "\\PC{0,8}", disks in 0_usize..4, nics in 0_usize..9) {
        let mut draft = Draft { name, ..Draft::default() };
        draft.disks = vec![DiskDraft { size, ..DiskDraft::default() }; disks];
        draft.nics = vec![NicDraft::default(); nics];
        let text = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft.clone());
        // Whatever is typed, checking and telling it must not panic.
        let _ = (draft.check(&known()), choices(&draft), outlook(&draft, &known()), draft.requests());
    }

    #[test]
    fn disks_read_back_as_they_were_asked_for(size in 1_u64..65_536, ssd: bool, discard: bool, backup: bool, bus in 0_usize..4) {
        let bus = ["scsi", "virtio", "sata", "ide"][bus];
        let disk = DiskDraft { bus: bus.into(), storage: "zfs".into(), size: size.to_string(), cache: String::new(), ssd, discard, backup };
        let text = disk.text();
        let read = Disk::parse("scsi1", &text);
        prop_assert_eq!(read.print(), text);
        prop_assert_eq!(read.storage(), Some("zfs"));
        prop_assert_eq!(read.name().and_then(|name| name.parse().ok()), Some(size));
        prop_assert_eq!(read.extras().contains(&"ssd".to_owned()), ssd && bus != "virtio");
    }

    #[test]
    fn no_two_disks_share_a_slot(buses in proptest::collection::vec(0_usize..4, 0..12)) {
        let names = ["scsi", "virtio", "sata", "ide"];
        let disks: Vec<DiskDraft> = buses.iter().map(|at| DiskDraft { bus: names[*at].into(), ..DiskDraft::default() }).collect();
        let draft = Draft { disks, ..Draft::default() };
        let mut keys: Vec<String> = (0..draft.disks.len()).map(|at| draft.key(at)).collect();
        prop_assert!(!keys.contains(&"ide2".to_owned()));
        let count = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), count);
    }

    #[test]
    fn addresses_read_back_as_they_were_typed(a in 1_u8..255, prefix in 1_u32..31) {
        let nic = NicDraft { ip4: Addressing::Static, address4: format!(" 10.0.0.{a}/{prefix}"), gateway4: "10.0.0.1".into(), ..NicDraft::default() };
        let text = nic.ip_config();
        let read = IpConfig::parse(&text);
        prop_assert_eq!(read.get("ip"), Some(nic.address4.trim()));
        prop_assert_eq!(read.get("gw"), Some("10.0.0.1"));
        prop_assert_eq!(read.print(), text);
    }
}
