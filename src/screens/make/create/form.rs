//! State of the form for a new VM: one signal a field, so that a page of it can go and come back.

use crate::domain::provision::{Addressing, DiskDraft, Draft, Known, NicDraft, Source};
use crate::screens::make::desk::Desk;
use crate::screens::make::known::Volumes;
use leptos::prelude::*;

/// A disk of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskForm {
    /// Names it while the form stands.
    pub id: usize,
    pub bus: RwSignal<String>,
    pub storage: RwSignal<String>,
    pub size: RwSignal<String>,
    pub cache: RwSignal<String>,
    pub ssd: RwSignal<bool>,
    pub discard: RwSignal<bool>,
    pub backup: RwSignal<bool>,
}

impl DiskForm {
    pub fn new(id: usize, draft: DiskDraft) -> Self {
        Self {
            id,
            bus: RwSignal::new(draft.bus),
            storage: RwSignal::new(draft.storage),
            size: RwSignal::new(draft.size),
            cache: RwSignal::new(draft.cache),
            ssd: RwSignal::new(draft.ssd),
            discard: RwSignal::new(draft.discard),
            backup: RwSignal::new(draft.backup),
        }
    }

    fn draft(self) -> DiskDraft {
        DiskDraft {
            bus: self.bus.get(),
            storage: self.storage.get(),
            size: self.size.get(),
            cache: self.cache.get(),
            ssd: self.ssd.get(),
            discard: self.discard.get(),
            backup: self.backup.get(),
        }
    }
}

/// An interface of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NicForm {
    /// Names it while the form stands.
    pub id: usize,
    pub model: RwSignal<String>,
    pub bridge: RwSignal<String>,
    pub vlan: RwSignal<String>,
    pub mac: RwSignal<String>,
    /// As [`Addressing::as_str`], for the select.
    pub ip4: RwSignal<String>,
    pub address4: RwSignal<String>,
    pub gateway4: RwSignal<String>,
    pub ip6: RwSignal<String>,
    pub address6: RwSignal<String>,
    pub gateway6: RwSignal<String>,
}

impl NicForm {
    pub fn new(id: usize, draft: NicDraft) -> Self {
        Self {
            id,
            model: RwSignal::new(draft.model),
            bridge: RwSignal::new(draft.bridge),
            vlan: RwSignal::new(draft.vlan),
            mac: RwSignal::new(draft.mac),
            ip4: RwSignal::new(draft.ip4.as_str().to_owned()),
            address4: RwSignal::new(draft.address4),
            gateway4: RwSignal::new(draft.gateway4),
            ip6: RwSignal::new(draft.ip6.as_str().to_owned()),
            address6: RwSignal::new(draft.address6),
            gateway6: RwSignal::new(draft.gateway6),
        }
    }

    pub fn draft(self) -> NicDraft {
        NicDraft {
            model: self.model.get(),
            bridge: self.bridge.get(),
            vlan: self.vlan.get(),
            mac: self.mac.get(),
            ip4: Addressing::parse(&self.ip4.get()),
            address4: self.address4.get(),
            gateway4: self.gateway4.get(),
            ip6: Addressing::parse(&self.ip6.get()),
            address6: self.address6.get(),
            gateway6: self.gateway6.get(),
        }
    }
}

/// The fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub name: RwSignal<String>,
    pub id: RwSignal<String>,
    pub node: RwSignal<String>,
    pub pool: RwSignal<String>,
    pub tags: RwSignal<Vec<String>>,
    pub source: RwSignal<Source>,
    pub iso: RwSignal<String>,
    pub image: RwSignal<String>,
    pub ostype: RwSignal<String>,
    pub cores: RwSignal<String>,
    pub memory: RwSignal<String>,
    pub cpu: RwSignal<String>,
    /// `bios` or `uefi`.
    pub firmware: RwSignal<String>,
    pub efi_storage: RwSignal<String>,
    pub secure_boot: RwSignal<bool>,
    /// `q35` or `i440fx`.
    pub machine: RwSignal<String>,
    pub onboot: RwSignal<bool>,
    pub agent: RwSignal<bool>,
    pub disks: RwSignal<Vec<DiskForm>>,
    pub nics: RwSignal<Vec<NicForm>>,
    pub user: RwSignal<String>,
    pub keys: RwSignal<String>,
    pub dns: RwSignal<String>,
    pub search: RwSignal<String>,
    pub user_data: RwSignal<String>,
    pub start: RwSignal<bool>,
    /// A template is to be copied, which is a form of its own: nothing here can be sent.
    pub template: RwSignal<bool>,
    next: StoredValue<usize>,
    /// Rows that come later live as long as the form, whoever adds them.
    owner: StoredValue<Owner>,
}

impl Fields {
    pub fn new(draft: Draft) -> Self {
        let fields = Self {
            name: RwSignal::new(draft.name.clone()),
            id: RwSignal::new(draft.id.clone()),
            node: RwSignal::new(draft.node.clone()),
            pool: RwSignal::new(draft.pool.clone()),
            tags: RwSignal::new(draft.tags.clone()),
            source: RwSignal::new(draft.source),
            iso: RwSignal::new(draft.iso.clone()),
            image: RwSignal::new(draft.image.clone()),
            ostype: RwSignal::new(draft.ostype.clone()),
            cores: RwSignal::new(draft.cores.clone()),
            memory: RwSignal::new(draft.memory.clone()),
            cpu: RwSignal::new(draft.cpu.clone()),
            firmware: RwSignal::new(firmware(draft.uefi)),
            efi_storage: RwSignal::new(draft.efi_storage.clone()),
            secure_boot: RwSignal::new(draft.secure_boot),
            machine: RwSignal::new(machine(draft.q35)),
            onboot: RwSignal::new(draft.onboot),
            agent: RwSignal::new(draft.agent),
            disks: RwSignal::new(Vec::new()),
            nics: RwSignal::new(Vec::new()),
            user: RwSignal::new(draft.user.clone()),
            keys: RwSignal::new(draft.keys.clone()),
            dns: RwSignal::new(draft.dns.clone()),
            search: RwSignal::new(draft.search.clone()),
            user_data: RwSignal::new(draft.user_data.clone()),
            start: RwSignal::new(draft.start),
            template: RwSignal::new(false),
            next: StoredValue::new(0),
            owner: StoredValue::new(
                Owner::current().map_or_else(Owner::new, |owner| owner.child()),
            ),
        };
        fields.list(draft);
        fields
    }

    fn fresh(self) -> usize {
        let next = self.next.get_value();
        self.next.set_value(next + 1);
        next
    }

    /// A row for a disk.
    fn disk(self, draft: DiskDraft) -> DiskForm {
        let id = self.fresh();
        self.owner
            .with_value(|owner| owner.with(|| DiskForm::new(id, draft)))
    }

    fn nic(self, draft: NicDraft) -> NicForm {
        let id = self.fresh();
        self.owner
            .with_value(|owner| owner.with(|| NicForm::new(id, draft)))
    }

    /// One more disk.
    pub fn add_disk(self, draft: DiskDraft) {
        let disk = self.disk(draft);
        self.disks.update(|all| all.push(disk));
    }

    /// What the server does to the first disk of a VM that it makes from an image.
    pub fn suit_image(self) {
        let first = self.disks.with_untracked(|disks| disks.first().copied());
        if let Some(first) = first.filter(|_| self.source.get_untracked() == Source::Image) {
            first.bus.set("scsi".to_owned());
            first.backup.set(true);
        }
    }

    /// One more interface.
    pub fn add_nic(self, draft: NicDraft) {
        let nic = self.nic(draft);
        self.nics.update(|all| all.push(nic));
    }

    fn list(self, draft: Draft) {
        let disks = draft.disks.into_iter();
        self.disks.set(disks.map(|disk| self.disk(disk)).collect());
        let nics = draft.nics.into_iter();
        self.nics.set(nics.map(|nic| self.nic(nic)).collect());
    }

    /// Puts a draft into the fields.
    pub fn fill(self, draft: Draft) {
        for (field, value) in [
            (self.name, &draft.name),
            (self.id, &draft.id),
            (self.node, &draft.node),
            (self.pool, &draft.pool),
            (self.iso, &draft.iso),
            (self.image, &draft.image),
            (self.ostype, &draft.ostype),
            (self.cores, &draft.cores),
            (self.memory, &draft.memory),
            (self.cpu, &draft.cpu),
            (self.firmware, &firmware(draft.uefi)),
            (self.efi_storage, &draft.efi_storage),
            (self.machine, &machine(draft.q35)),
            (self.user, &draft.user),
            (self.keys, &draft.keys),
            (self.dns, &draft.dns),
            (self.search, &draft.search),
            (self.user_data, &draft.user_data),
        ] {
            if field.with_untracked(|old| old != value) {
                field.set(value.clone());
            }
        }
        self.tags.set(draft.tags.clone());
        self.source.set(draft.source);
        for (field, on) in [
            (self.secure_boot, draft.secure_boot),
            (self.onboot, draft.onboot),
            (self.agent, draft.agent),
            (self.start, draft.start),
        ] {
            field.set(on);
        }
        self.list(draft);
    }

    /// What is typed; tracked.
    pub fn draft(self) -> Draft {
        Draft {
            name: self.name.get(),
            id: self.id.get(),
            node: self.node.get(),
            pool: self.pool.get(),
            tags: self.tags.get(),
            source: self.source.get(),
            iso: self.iso.get(),
            image: self.image.get(),
            ostype: self.ostype.get(),
            cores: self.cores.get(),
            memory: self.memory.get(),
            cpu: self.cpu.get(),
            uefi: self.firmware.with(|word| word == "uefi"),
            efi_storage: self.efi_storage.get(),
            secure_boot: self.secure_boot.get(),
            q35: self.machine.with(|word| word == "q35"),
            onboot: self.onboot.get(),
            agent: self.agent.get(),
            disks: self.disks.get().into_iter().map(DiskForm::draft).collect(),
            nics: self.nics.get().into_iter().map(NicForm::draft).collect(),
            user: self.user.get(),
            keys: self.keys.get(),
            dns: self.dns.get(),
            search: self.search.get(),
            user_data: self.user_data.get(),
            start: self.start.get(),
        }
    }
}

fn firmware(uefi: bool) -> String {
    if uefi { "uefi" } else { "bios" }.to_owned()
}

fn machine(q35: bool) -> String {
    if q35 { "q35" } else { "i440fx" }.to_owned()
}

/// What the steps work on.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    fields: StoredValue<Fields>,
    pub desk: Desk,
    pub known: Memo<Known>,
    pub volumes: RwSignal<Volumes>,
}

impl Form {
    pub fn new(fields: Fields, desk: Desk, known: Memo<Known>, volumes: RwSignal<Volumes>) -> Self {
        Self {
            fields: StoredValue::new(fields),
            desk,
            known,
            volumes,
        }
    }

    /// Its fields.
    pub fn fields(self) -> Fields {
        self.fields.get_value()
    }

    /// What is said of a field.
    pub fn error_of(self, field: impl Into<String>) -> Signal<Option<String>> {
        self.desk.error_of(field)
    }

    /// Another node was chosen: what it lacks is chosen anew.
    pub fn move_to(self, node: &str) {
        let mut draft = untrack(|| self.fields().draft());
        self.known
            .with_untracked(|known| draft.move_to(node, known));
        self.fields().fill(draft);
    }
}
