//! What lies on storages, in words.

/// What content of a kind is called, one and many: `iso` is "ISO image". A kind that is not known
/// is called as it is.
///
/// Kinds as Proxmox VE names them (contract: `StorageContent.content_type`).
#[must_use]
pub fn content_words(kind: &str) -> (&str, &str) {
    match kind {
        "images" => ("VM disk", "VM disks"),
        "rootdir" => ("Container disk", "container disks"),
        "iso" => ("ISO image", "ISO images"),
        "vztmpl" => ("Container template", "container templates"),
        "backup" => ("Backup", "backups"),
        "snippets" => ("Snippet", "snippets"),
        "import" => ("Image to import", "images to import"),
        "" => ("Other", "others"),
        other => (other, other),
    }
}

/// What a type of storage is called: `zfspool` is "ZFS". A type that is not known is called as it is.
///
/// Types as Proxmox VE names its storage plugins.
#[must_use]
pub fn type_words(kind: &str) -> &str {
    match kind {
        "dir" => "Directory",
        "zfspool" => "ZFS",
        "zfs" => "ZFS over iSCSI",
        "lvm" => "LVM",
        "lvmthin" => "LVM-Thin",
        "nfs" => "NFS",
        "cifs" => "SMB/CIFS",
        "rbd" => "Ceph RBD",
        "cephfs" => "CephFS",
        "iscsi" | "iscsidirect" => "iSCSI",
        "btrfs" => "BTRFS",
        "glusterfs" => "GlusterFS",
        "pbs" => "Proxmox Backup Server",
        other => other,
    }
}
