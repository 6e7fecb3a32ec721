//! A copy of a VM, a template or a snapshot (guide: VM Detail, "Clone"; Snapshots, "Clone from
//! snapshot").

mod fields;

use super::create::refused_of;
use super::desk::{Desk, step_path};
use super::frame::WizardPage;
use super::kept::{Kept, Slot};
use super::known::{Unread, bridges, known, volumes};
use super::review::{Review, ToKnow};
use crate::api::capabilities::Feature;
use crate::components::{
    Button, ButtonLook, CheckField, ErrorState, Note, SkeletonRows, Tone, Wizard,
};
use crate::domain::ids::VmId;
use crate::domain::provision::{CloneDraft, CloneSource, Run, Step, clone_choices};
use crate::domain::vm_can;
use crate::paths;
use crate::screens::common::faces::error_view;
use crate::screens::common::facts::vm_facts;
use crate::screens::page::{Crumb, Page};
use crate::stores::{Live, use_live};
use fields::{CloneForm, Fields};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_url};

/// `/vms/:vmid/clone`
#[component]
pub fn ClonePage() -> impl IntoView {
    let params = use_params_map();
    let url = use_url();
    let of = Memo::new(move |_| {
        let vm = params
            .with(|params| params.get("vmid"))?
            .parse::<u32>()
            .ok()?;
        let pairs = url.with(|url| crate::domain::url_query::read(url.search()));
        let snapshot = pairs.into_iter().find(|(key, _)| key == "snapshot");
        Some((VmId(vm), snapshot.map(|(_, name)| name).unwrap_or_default()))
    });
    // Another source is another form.
    move || match of.get() {
        Some((vm, snapshot)) => view! { <CloneOf vm=vm snapshot=snapshot/> }.into_any(),
        None => view! {
            <Page title="Clone VM"><p>"There is no such VM: its ID is a number."</p></Page>
        }
        .into_any(),
    }
}

#[component]
fn CloneOf(vm: VmId, snapshot: String) -> impl IntoView {
    let live = use_live();
    let name = if snapshot.is_empty() {
        format!("clone.{vm}")
    } else {
        format!("clone.{vm}.{snapshot}")
    };
    let place = Slot::new(&live, name);
    let title = {
        let (live, snapshot) = (live.clone(), snapshot.clone());
        let row = live.vms.rows().row(&vm);
        Signal::derive(move || {
            row.track();
            let name = live.vm_name(vm);
            if snapshot.is_empty() {
                format!("Clone {name}")
            } else {
                format!("Clone {name} at {snapshot}")
            }
        })
    };
    let crumbs = {
        let row = live.vms.rows().row(&vm);
        Signal::derive(move || {
            row.track();
            vec![
                Crumb::to("Virtual machines", paths::vms()),
                Crumb::to(live.vm_name(vm), paths::vm(vm)),
                Crumb::here("Clone"),
            ]
        })
    };
    let path = paths::clone_vm(vm, &snapshot);
    let snapshot = StoredValue::new(snapshot);
    let filling = Callback::new(move |kept| {
        view! { <Waiting place=place kept=kept vm=vm snapshot=snapshot.get_value()/> }.into_any()
    });
    view! {
        <WizardPage
            title=title
            crumbs=crumbs
            place=place
            path=path
            feature=Feature::Clone
            again="Clone again"
            filling=filling
        />
    }
}

/// The source is read first: what is proposed follows from it.
#[component]
fn Waiting(place: Slot, kept: Option<Kept>, vm: VmId, snapshot: String) -> impl IntoView {
    let live = use_live();
    let store = live.vm(vm);
    let detail = store.detail.watch();
    let storages = live.storages.watch();
    // The form says which node is chosen.
    let node = RwSignal::new(String::new());
    let known = known(&live, bridges(&live, node.into()).into());
    let source = Memo::new(move |_| {
        let told = detail.get()?;
        let mut source = CloneSource {
            vm,
            name: told.vm.name.clone(),
            node: told.vm.node.clone(),
            template: told.vm.template,
            snapshot: snapshot.clone(),
            ..CloneSource::default()
        };
        source.read(&told.config.0);
        Some(source)
    });
    let failed = Memo::new(move |_| {
        let error = detail.status.with(|status| status.error.clone());
        error.filter(|_| source.with(Option::is_none))
    });
    let busy = Signal::derive(move || detail.status.with(|status| status.in_flight));
    let vms = live.vms.watch();
    let rows = live.vms.rows().clone();
    let ready = Memo::new(move |_| {
        let storages =
            storages.get().is_some() || storages.status.with(|status| status.error.is_some());
        let vms = rows.is_loaded() || vms.status.with(|status| status.error.is_some());
        source.with(Option::is_some) && storages && vms
    });
    let kept = StoredValue::new(kept);
    move || {
        if let Some(why) = failed.get() {
            let now = untrack(|| live.clock.now());
            let view = error_view("What is to be copied could not be read", &why, now);
            let retry = move |()| drop(detail.refresh());
            return view! { <ErrorState error=view on_retry=retry busy=busy/> }.into_any();
        }
        if !ready.get() {
            return view! { <Unread/> <SkeletonRows rows=6/> }.into_any();
        }
        let source = Signal::derive(move || source.get().unwrap_or_default());
        view! {
            <Unread/>
            <Filling place=place kept=kept.get_value() source=source known=known node=node/>
        }
        .into_any()
    }
}

/// Field of the form for one of the server's.
fn field_of(field: &str) -> &str {
    match field {
        "newVmId" | "vmId" | "vmid" => "id",
        "targetNode" => "node",
        "targetStorage" => "storage",
        "fullClone" => "full",
        other => other,
    }
}

/// Why the source can't be copied now. One that is locked may be free in a minute: the form stays.
fn locked(live: &Live, vm: VmId) -> Memo<Option<String>> {
    let row = live.vms.rows().row(&vm);
    Memo::new(move |_| {
        let row = row.get()?;
        let why = vm_can::copy(&vm_facts(&row, false, false)).err()?.0;
        // A container stays one; a lock ends.
        let ends = row.lock.is_some();
        Some(if ends {
            format!("{why}: it can't be copied until that is over")
        } else {
            why
        })
    })
}

#[component]
fn Filling(
    place: Slot,
    kept: Option<Kept>,
    source: Signal<CloneSource>,
    known: Memo<crate::domain::provision::Known>,
    /// Whose bridges are asked for.
    node: RwSignal<String>,
) -> impl IntoView {
    let live = use_live();
    let of = source.get_untracked();
    let tags = live
        .known_vm(of.vm)
        .map(|vm| vm.tags.clone())
        .unwrap_or_default();
    let proposed = known.with_untracked(|known| CloneDraft::of(&of, &tags, known));
    let earlier: Option<CloneDraft> = kept.as_ref().and_then(Kept::draft);
    let fields = Fields::new(earlier.unwrap_or_else(|| proposed.clone()));
    Effect::new(move || node.set(fields.node.get()));
    let volumes = volumes(&live, fields.node.into(), known);
    let draft = Memo::new(move |_| fields.draft());
    let wrong = Memo::new(move |_| {
        draft.with(|draft| source.with(|source| known.with(|known| draft.check(source, known))))
    });
    let mut steps = vec![Step::General, Step::Disks, Step::System];
    if !of.nics.is_empty() {
        steps.push(Step::Networks);
    }
    if of.cloud_init {
        steps.push(Step::CloudInit);
    }
    steps.push(Step::Review);
    let path = paths::vm(of.vm) + "/clone";
    let snapshot = of.snapshot.clone();
    let desk = Desk::new(
        move |step| step_path(&path, &[("snapshot", &snapshot)], step),
        Signal::stored(steps),
        wrong.into(),
    );
    if let Some(kept) = &kept {
        desk.refused.set(refused_of(kept, field_of));
        if kept.step != Step::General.slug() && untrack(|| desk.at.get()) == Step::General {
            desk.go_to(&kept.step);
        }
    }
    // What is kept outlives the page, so it is written whenever it changes.
    Effect::new(move |before: Option<CloneDraft>| {
        let (now, step) = (draft.get(), desk.at.get());
        if before.as_ref().is_some_and(|before| *before != now) {
            desk.refused.set(Vec::new());
        }
        if now != proposed {
            place.keep(&now, step.slug(), None);
        } else if before.is_some() {
            place.clear();
        }
        now
    });
    let form = CloneForm::new(fields, desk, known, source, volumes);
    let outlook = Memo::new(move |_| {
        draft.with(|draft| source.with(|source| known.with(|known| draft.outlook(source, known))))
    });
    let body = move || match desk.at.get() {
        Step::Disks => view! { <fields::Target form=form/> }.into_any(),
        Step::System => view! { <fields::Hardware form=form/> }.into_any(),
        Step::Networks => view! { <fields::Networks form=form/> }.into_any(),
        Step::CloudInit => view! { <fields::CloudInit form=form/> }.into_any(),
        Step::Review => {
            let told = Memo::new(move |_| {
                draft.with(|draft| source.with(|source| clone_choices(draft, source)))
            });
            let requests = Signal::derive(move || {
                draft.with(|draft| source.with(|source| draft.requests(source)))
            });
            view! { <Review desk=desk choices=told requests=requests/> }.into_any()
        }
        _ => view! { <fields::General form=form/> }.into_any(),
    };
    let locked = locked(&live, of.vm);
    let blocked = desk.blocked();
    let live = StoredValue::new(live);
    let send = move |()| {
        let draft = draft.get_untracked();
        if wrong.with_untracked(|wrong| !wrong.is_empty()) {
            return;
        }
        let requests = source.with_untracked(|source| draft.requests(source));
        let run = Run::new(draft.vm(), draft.name.trim(), requests);
        place.keep(&draft, Step::Review.slug(), Some(run));
        live.with_value(|live| super::drive::drive(live, &place.name()));
    };
    view! {
        <Wizard
            label="Steps of the copy"
            steps=desk.steps()
            current=Signal::derive(move || desk.at.get().slug())
            on_go=Callback::new(move |slug: &'static str| desk.go_to(slug))
            on_next=Callback::new(move |()| desk.next())
            aside=move || view! {
                {move || locked.get().map(|why| view! { <Note tone=Tone::Warn>{why}</Note> })}
                <ToKnow outlook=outlook/>
            }
            send=move || view! {
                <CheckField label="Start it when it is ready" value=fields.start/>
                <Button
                    label="Clone VM"
                    look=ButtonLook::Primary
                    wide=true
                    disabled=Signal::derive(move || blocked.get().or_else(|| locked.get()))
                    on_press=send
                />
            }
            body=body
        />
    }
}
