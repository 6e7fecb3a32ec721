//! What is typed, and the steps that it is typed at.

use super::facts::Facts;
use super::over::losses;
use crate::api::backups::Backup;
use crate::components::time::{TimeFormat, format_local};
use crate::components::{
    Button, CheckField, ControlSize, Icon, IconName, Loss, Note, Segments, SelectField,
    SelectOption, TextField, Tone,
};
use crate::domain::ids::VmId;
use crate::domain::provision::{Known, RestoreDraft};
use crate::domain::units::count;
use crate::domain::vm_can::{self, PowerAction};
use crate::screens::backups::looks::verified;
use crate::screens::common::facts::vm_facts;
use crate::screens::common::power::VmAsk;
use crate::screens::make::create::node_options;
use crate::screens::make::desk::Desk;
use crate::screens::make::fields::{IdField, storage_options};
use crate::stores::use_live;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub backup: RwSignal<String>,
    pub over: RwSignal<bool>,
    pub id: RwSignal<String>,
    pub name: RwSignal<String>,
    pub node: RwSignal<String>,
    pub storage: RwSignal<String>,
    pub storages: RwSignal<BTreeMap<String, String>>,
    pub bridges: RwSignal<BTreeMap<String, String>>,
    pub unique: RwSignal<bool>,
    pub start: RwSignal<bool>,
}

impl Fields {
    pub fn new(draft: RestoreDraft) -> Self {
        Self {
            backup: RwSignal::new(draft.backup),
            over: RwSignal::new(draft.over),
            id: RwSignal::new(draft.id),
            name: RwSignal::new(draft.name),
            node: RwSignal::new(draft.node),
            storage: RwSignal::new(draft.storage),
            storages: RwSignal::new(draft.storages),
            bridges: RwSignal::new(draft.bridges),
            unique: RwSignal::new(draft.unique),
            start: RwSignal::new(draft.start),
        }
    }

    /// Writes a proposal into them.
    pub fn fill(self, draft: RestoreDraft) {
        self.over.set(draft.over);
        self.id.set(draft.id);
        self.name.set(draft.name);
        self.node.set(draft.node);
        self.storage.set(draft.storage);
        self.storages.set(draft.storages);
        self.bridges.set(draft.bridges);
        self.unique.set(draft.unique);
        self.start.set(draft.start);
    }

    /// What is typed; tracked.
    pub fn draft(self) -> RestoreDraft {
        RestoreDraft {
            backup: self.backup.get(),
            over: self.over.get(),
            id: self.id.get(),
            name: self.name.get(),
            node: self.node.get(),
            storage: self.storage.get(),
            storages: self.storages.get(),
            bridges: self.bridges.get(),
            unique: self.unique.get(),
            start: self.start.get(),
        }
    }
}

/// The form.
#[derive(Clone, Copy)]
pub struct Form {
    pub fields: Fields,
    pub desk: Desk,
    pub known: Memo<Known>,
    pub facts: Facts,
    /// The node that it goes to.
    pub node: Memo<String>,
    pub ask: VmAsk,
}

impl Form {
    /// Whether what is in the chosen backup is still being read; tracked.
    pub fn waits(self) -> Memo<bool> {
        let (backup, settled) = (self.fields.backup, self.facts.settled);
        Memo::new(move |_| !backup.with(String::is_empty) && !settled.get())
    }
}

/// "21 Jun 2024, 02:00, 5 GiB on backup-nas, damaged".
fn about(backup: &Backup) -> String {
    let mut words = match backup.ctime {
        Some(at) => format_local(at, TimeFormat::DateClock),
        None => backup.file_name().to_owned(),
    };
    if let Some(size) = backup.size {
        words.push_str(&format!(", {}", size.amount()));
    }
    words.push_str(&format!(
        " on {}, {}",
        backup.storage_name().unwrap_or_default(),
        verified(&backup.verified()).2.to_lowercase()
    ));
    words
}

/// Which backup: of which VM, then from when.
#[component]
pub fn SourceStep(form: Form, all: Arc<Vec<Arc<Backup>>>, bad: usize) -> impl IntoView {
    let live = use_live();
    let mut counts: BTreeMap<VmId, usize> = BTreeMap::new();
    for vm in all.iter().filter_map(|own| own.vmid) {
        *counts.entry(vm).or_default() += 1;
    }
    let option = |(vm, number): (&VmId, &usize)| {
        let there = live.known_vm(*vm).is_some();
        let name = if there {
            live.vm_name(*vm)
        } else {
            "not there any more".to_owned()
        };
        let label = format!("{vm}, {name} ({})", count(*number, "backup", "backups"));
        SelectOption::new(vm.to_string(), label)
    };
    let vms: Vec<SelectOption> = counts.iter().map(option).collect();
    let first = form
        .facts
        .chosen
        .with_untracked(|own| own.as_ref().and_then(|own| own.vmid));
    let vm = RwSignal::new(first.map(|vm| vm.to_string()).unwrap_or_default());
    let of_vm = Memo::new(move |_| {
        let vm = vm.get();
        let mut own: Vec<&Arc<Backup>> = all
            .iter()
            .filter(|own| own.vmid.is_some_and(|of| of.to_string() == vm))
            .collect();
        own.sort_by_key(|own| std::cmp::Reverse(own.ctime));
        let options = own
            .iter()
            .map(|own| SelectOption::new(own.volid.clone(), about(own)));
        options.collect::<Vec<_>>()
    });
    // The newest of another VM is most likely meant.
    let choose = Callback::new(move |_: String| {
        let newest = of_vm.with_untracked(|all| all.first().map(|own| own.value.clone()));
        form.fields.backup.set(newest.unwrap_or_default());
    });
    let none = vms.is_empty();
    let any = Memo::new(move |_| of_vm.with(|all| !all.is_empty()));
    view! {
        <div class="form">
            {(bad > 0).then(|| {
                let words = count(bad, "backup", "backups");
                view! { <Note tone=Tone::Warn>{format!("{words} of the server's list could not be understood and can't be chosen.")}</Note> }
            })}
            {(none && bad == 0).then(|| view! { <Note tone=Tone::Info>"There are no backups to restore."</Note> })}
            <SelectField
                label="VM"
                value=vm
                options=Signal::stored(vms)
                error=form.desk.error_of("backup")
                on_change=choose
            />
            <Show when=move || any.get()>
                <SelectField label="Backup" value=form.fields.backup options=of_vm/>
            </Show>
        </div>
    }
}

/// As what: a new VM, or the one that was backed up.
#[component]
pub fn TargetStep(form: Form) -> impl IntoView {
    let Form {
        fields,
        desk,
        facts,
        ..
    } = form;
    let there = Memo::new(move |_| facts.standing.with(Option::is_some));
    let current = Signal::derive(move || if fields.over.get() { "over" } else { "new" });
    // Two that stand side by side need addresses of their own; one in the other's place keeps them.
    let choose = Callback::new(move |word: &'static str| {
        fields.over.set(word == "over");
        fields.unique.set(word == "new");
    });
    let what = move || {
        facts.chosen.with(|own| {
            let own = own.as_ref()?;
            let of = facts.source.with(|source| source.name.clone());
            let vm = own.vmid.map(|vm| format!(" ({vm})")).unwrap_or_default();
            Some(format!("Backup of {of}{vm}, {}", about(own)))
        })
    };
    view! {
        <div class="form">
            <p class="bak-of">{what}</p>
            {move || (there.get() || fields.over.get()).then(|| view! {
                <Segments
                    label="Restore as"
                    items=vec![("new", "A new VM"), ("over", "Over the VM that was backed up")]
                    current=current
                    on_choose=choose
                />
            })}
            {move || if fields.over.get() {
                view! { <Over form=form/> }.into_any()
            } else {
                view! {
                    <TextField
                        label="Name"
                        value=fields.name
                        error=desk.error_of("name")
                        help="As DNS has it: letters, digits, hyphens and dots"
                    />
                    <IdField value=fields.id known=form.known error=desk.error_of("id")/>
                    <SelectField
                        label="Target node"
                        value=fields.node
                        options=node_options(form.known)
                        error=desk.error_of("node")
                    />
                }
                .into_any()
            }}
        </div>
    }
}

/// What becomes of the VM, or why it can't be restored over, with what removes that.
#[component]
fn Over(form: Form) -> impl IntoView {
    let facts = form.facts;
    let now = use_live().clock.now();
    let lines = Memo::new(move |_| losses(facts, now));
    let error = form.desk.error_of("over");
    let place = move || {
        let id = facts.source.with(|source| source.vm);
        facts.standing.with(|vm| {
            let vm = vm.as_ref()?;
            Some(format!(
                "{} ({id}) on {} becomes what it was. Lost are:",
                vm.name, vm.node
            ))
        })
    };
    let power = move |action: PowerAction| {
        let vm = facts.vm.get()?;
        vm_can::power(&vm_facts(&vm, false, false), action).ok()?;
        let (id, ask) = (vm.vmid, form.ask);
        Some(view! {
            <Button
                label=format!("{} {}", action.label(), vm.name)
                size=ControlSize::Small
                on_press=move |()| ask.power(id, action)
            />
        })
    };
    let blocked = move |why: String| {
        view! {
            <Note tone=Tone::Warn>
                <p>{why}</p>
                <div class="btn-row">{move || power(PowerAction::Shutdown)} {move || power(PowerAction::Stop)}</div>
            </Note>
        }
    };
    let row = |Loss { what, detail }: Loss| view! { <div><dt>{what}</dt><dd>{detail}</dd></div> };
    let list = move || lines.get().into_iter().map(row).collect_view();
    let is_there = Memo::new(move |_| facts.standing.with(Option::is_some));
    view! {
        <div role="alert">{move || error.get().map(blocked)}</div>
        {move || is_there.get().then(|| view! {
            <p>{place}</p>
            <dl class="losses" aria-label="What is lost">{list}</dl>
        })}
    }
}

/// Where the disks go.
#[component]
pub fn DisksStep(form: Form) -> impl IntoView {
    let Form {
        fields,
        desk,
        known,
        facts,
        node,
        ..
    } = form;
    let options = storage_options(known, node.into());
    let all = Memo::new(move |_| {
        let mut all = vec![SelectOption::new("", "Where each disk was")];
        all.extend(options.get());
        all
    });
    let disks = Memo::new(move |_| facts.source.with(|source| source.disks.clone()));
    let maps = Memo::new(move |_| facts.source.with(|source| source.maps));
    let each =
        move || {
            let rows = disks.get().into_iter().map(|disk| {
            let size = disk.size.map_or_else(String::new, |size| format!(", {}", size.capacity()));
            let label = format!("{}{size}", disk.key);
            let was = disk.storage.clone();
            let own = Memo::new(move |_| {
                let chosen = fields.storage.get();
                let word = if chosen.is_empty() {
                    format!("{was}, as it was")
                } else {
                    format!("{chosen}, as all disks")
                };
                let mut all = vec![SelectOption::new("", word)];
                all.extend(options.get());
                all
            });
            let error = desk.error_of(format!("disk.{}", disk.key));
            view! { <Mapped label=label key=disk.key map=fields.storages options=own error=error/> }
        });
            rows.collect_view()
        };
    view! {
        <div class="form">
            <Unread facts=facts/>
            <SelectField label="Storage of all disks" value=fields.storage options=all error=desk.error_of("storage")/>
            {move || maps.get().then(|| view! { <div class="bak-map" role="group" aria-label="Disk by disk">{each}</div> })}
            {move || (!maps.get()).then(|| view! {
                <p class="quiet">"This server takes one storage for all disks, or leaves each where it was."</p>
            })}
        </div>
    }
}

/// What its configuration would have told.
#[component]
fn Unread(facts: Facts) -> impl IntoView {
    move || {
        facts.unread.get().map(|why| {
            let words = format!("What is in the backup could not be read: {why}");
            view! { <Note tone=Tone::Warn>{words}</Note> }
        })
    }
}

/// One entry of a mapping.
#[component]
fn Mapped(
    #[prop(into)] label: String,
    key: String,
    map: RwSignal<BTreeMap<String, String>>,
    #[prop(into)] options: Signal<Vec<SelectOption>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let first = map.with_untracked(|map| map.get(&key).cloned().unwrap_or_default());
    let value = RwSignal::new(first);
    let choose = Callback::new(move |chosen: String| {
        map.update(|map| {
            if chosen.is_empty() {
                map.remove(&key);
            } else {
                map.insert(key.clone(), chosen);
            }
        });
    });
    view! { <SelectField label=label value=value options=options error=error on_change=choose/> }
}

/// Where the interfaces go, and what they are called on the wire.
#[component]
pub fn NetworksStep(form: Form) -> impl IntoView {
    let Form {
        fields,
        desk,
        known,
        facts,
        ..
    } = form;
    let source = facts.source;
    let bridges = Memo::new(move |_| {
        known.with(|known| {
            let own = known.bridges.iter().flatten();
            own.map(|own| SelectOption::from(own.name.as_str()))
                .collect::<Vec<_>>()
        })
    });
    let nics = Memo::new(move |_| source.with(|source| source.nics.clone()));
    let maps = Memo::new(move |_| source.with(|source| source.maps));
    let each = move || {
        let rows = nics.get().into_iter().map(|nic| {
            let was = nic.bridge.clone();
            let own = Memo::new(move |_| {
                let mut all = vec![SelectOption::new("", format!("{was}, as it was"))];
                all.extend(bridges.get());
                all
            });
            let error = desk.error_of(format!("nic.{}", nic.key));
            let label = format!("{}: {}", nic.key, nic.words);
            view! { <Mapped label=label key=nic.key map=fields.bridges options=own error=error/> }
        });
        rows.collect_view()
    };
    let none = move || {
        (source.with(|source| source.read && source.nics.is_empty())).then(|| {
            view! { <p class="quiet">"The VM had no network interface."</p> }
        })
    };
    view! {
        <div class="form">
            <Unread facts=facts/>
            {none}
            {move || maps.get().then(|| view! { <div class="bak-map" role="group" aria-label="Interface by interface">{each}</div> })}
            {move || (!maps.get()).then(|| view! {
                <p class="quiet"><Icon name=IconName::Info/>" This server leaves each interface on the bridge that it was on."</p>
            })}
            <CheckField
                label="New hardware addresses"
                value=fields.unique
                help="So that it and the VM that was backed up can run side by side"
            />
        </div>
    }
}
