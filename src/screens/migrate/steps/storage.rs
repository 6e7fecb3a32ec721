//! Where each disk goes, and what is free there afterwards.

use super::lists::Missing;
use crate::components::{Icon, IconName, Note, SelectField, SelectOption, Tone, Usage, UsageBar};
use crate::domain::migrate::{DiskPlan, Room, disk_plans, rooms};
use crate::domain::units::Bytes;
use crate::screens::migrate::form::Form;
use leptos::prelude::*;

/// The plans of the draft; tracked.
pub fn plans(form: Form) -> Memo<Vec<DiskPlan>> {
    Memo::new(move |_| {
        form.draft
            .with(|draft| form.known.with(|known| disk_plans(draft, known)))
    })
}

fn options(plan: &DiskPlan) -> Vec<SelectOption> {
    plan.choices
        .iter()
        .map(|own| {
            let label = match own.free {
                Some(free) => format!("{}, {free} free", own.name),
                None => own.name.clone(),
            };
            SelectOption::new(&own.name, label).disabled(own.refused.clone())
        })
        .collect()
}

/// A storage for each disk; for all of them, where the server takes one alone.
#[component]
pub fn StorageStep(form: Form) -> impl IntoView {
    let plans = plans(form);
    let per_disk = Memo::new(move |_| form.known.with(|known| known.per_disk));
    let none = Memo::new(move |_| plans.with(Vec::is_empty));
    let keys = Memo::new(move |_| {
        plans.with(|all| {
            all.iter()
                .map(|own| (own.vm, own.drive.volid.clone()))
                .collect::<Vec<_>>()
        })
    });
    let error = form.error_of("storage");
    let target = move || form.target.get().unwrap_or_default();
    view! {
        <Missing list=form.lists[2]/>
        {move || (none.get() && form.lists[2].loaded.get()).then(|| view! {
            <Note>
                {move || if form.target.with(Option::is_none) {
                    "Choose a node first: where disks can go follows from it.".to_owned()
                } else {
                    format!("No disk has to be copied: all lie on storage that {} reaches, too.", target())
                }}
            </Note>
        })}
        {move || (!per_disk.get() && !none.get()).then(|| view! { <OneForAll form=form plans=plans/> })}
        <div class="mig-disks" role="list" aria-label="Disks">
            <For each=move || keys.get() key=Clone::clone let:key>
                <DiskRow form=form plans=plans per_disk=per_disk volid=key.1/>
            </For>
        </div>
        {move || (!form.local_disks.get() && !none.get()).then(|| view! {
            <Note tone=Tone::Warn>"Local disks are not copied: see the options."</Note>
        })}
        {move || error.get().map(|why| view! {
            <p class="field-error" role="alert"><Icon name=IconName::CircleAlert/>{why}</p>
        })}
    }
}

/// The shipped server takes one storage for all disks of a VM.
#[component]
fn OneForAll(form: Form, plans: Memo<Vec<DiskPlan>>) -> impl IntoView {
    let all = Signal::derive(move || {
        let mut all = vec![SelectOption::new("", "Where they are now")];
        all.extend(
            plans
                .with(|plans| plans.first().map(options))
                .unwrap_or_default(),
        );
        all
    });
    view! {
        <SelectField
            label="Storage of all disks"
            value=form.one_storage
            options=all
            help="This server takes one storage for all disks of a VM; a choice for each disk is not offered"
        />
    }
}

#[component]
fn DiskRow(
    form: Form,
    plans: Memo<Vec<DiskPlan>>,
    per_disk: Memo<bool>,
    volid: String,
) -> impl IntoView {
    let kept = StoredValue::new(volid.clone());
    let plan = Memo::new(move |_| {
        plans.with(|all| {
            kept.with_value(|volid| all.iter().find(|own| own.drive.volid == *volid).cloned())
        })
    });
    // The configuration that names the drive may come later than the volume.
    let named = Memo::new(move |_| {
        plan.with(|own| {
            let (name, key, size) = own.as_ref().map_or_else(Default::default, |own| {
                (own.name.clone(), own.drive.key.clone(), own.drive.size)
            });
            let size = size.map(|size: Bytes| size.capacity().to_string());
            (
                name,
                key,
                size.unwrap_or_else(|| "size not known".to_owned()),
            )
        })
    });
    let to = move || {
        plan.with(|own| own.as_ref().and_then(|own| own.to.clone()))
            .unwrap_or_default()
    };
    let to = Memo::new(move |_| to());
    let value = RwSignal::new(to.get_untracked());
    // What is proposed changes with the target; the field follows.
    Effect::new(move || value.set(to.get()));
    let all = Signal::derive(move || {
        plan.with(|own| own.as_ref().map(options))
            .unwrap_or_default()
    });
    let choose = Callback::new(move |to: String| {
        kept.with_value(|volid| form.map.update(|map| drop(map.insert(volid.clone(), to))));
    });
    let label = Signal::derive(move || {
        named.with(|(name, key, _)| match key.as_str() {
            "" => kept.with_value(|volid| format!("Storage of {volid} of {name}")),
            key => format!("Storage of {key} of {name}"),
        })
    });
    view! {
        <div class="mig-disk" role="listitem">
            <span class="mig-disk-name"><b>{move || named.get().0}</b>" "<span class="mono">{move || named.get().1}</span></span>
            <span class="quiet">{move || named.get().2}</span>
            <span class="mig-disk-from mono quiet">{volid}</span>
            {move || if per_disk.get() {
                view! { <SelectField label=label value=value options=all on_change=choose/> }.into_any()
            } else {
                view! { <span class="mig-disk-to">{move || format!("to {}", to.get())}</span> }.into_any()
            }}
        </div>
    }
}

/// How full the storages of the target are afterwards.
#[component]
pub fn RoomBars(form: Form) -> impl IntoView {
    let plans = plans(form);
    let all = Memo::new(move |_| {
        form.known
            .with(|known| plans.with(|plans| rooms(plans, known)))
    });
    let row = |room: Room| {
        let after = room.after();
        let used = room
            .total
            .zip(after)
            .map(|(total, after)| Bytes(total.0.saturating_sub(after.0)));
        let label = format!("{} afterwards", room.name);
        let words = match (room.missing(), after) {
            (Some(missing), _) => view! {
                <span class="mig-full"><Icon name=IconName::Triangle/>
                    {format!("{missing} too little: it needs {}", room.comes)}
                </span>
            }
            .into_any(),
            (None, Some(after)) => view! { <span class="quiet">{format!("{after} free afterwards")}</span> }.into_any(),
            (None, None) => view! { <span class="quiet">{format!("takes {}; what is free is not known", room.comes)}</span> }.into_any(),
        };
        view! {
            <div class="mig-room">
                <span>{room.name}</span>
                <UsageBar label=label usage=Signal::stored(Usage::bytes(used, room.total))/>
                {words}
            </div>
        }
    };
    move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            view! {
                <div class="mig-rooms" role="group" aria-label="Free space afterwards">
                    <h3>"Free space afterwards"</h3>
                    {all.into_iter().map(row).collect_view()}
                </div>
            }
        })
    }
}
