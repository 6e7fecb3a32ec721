//! A new VM: from an ISO image, from a cloud image, or empty (guide: VM List & Management, "Create
//! VM").

mod cloud_init;
mod disks;
mod form;
mod general;
mod networks;
mod source;
mod system;

pub use cloud_init::UserData;
pub use form::NicForm;
pub use general::node_options;

use super::desk::{Desk, Refused, step_path};
use super::frame::WizardPage;
use super::kept::{Kept, Slot};
use super::known::{Unread, Volumes, bridges, known, volumes};
use super::review::{Review, ToKnow};
use crate::api::capabilities::Feature;
use crate::components::{Button, ButtonLook, CheckField, Wizard};
use crate::domain::provision::{Draft, Known, Run, Step, Wrong, choices, outlook};
use crate::domain::units::Bytes;
use crate::paths;
use crate::screens::page::Crumb;
use crate::stores::use_live;
use form::{Fields, Form};
use leptos::prelude::*;

/// `/vms/new`
#[component]
pub fn CreatePage() -> impl IntoView {
    let live = use_live();
    let place = Slot::new(&live, "create".to_owned());
    let crumbs = vec![
        Crumb::to("Virtual machines", paths::vms()),
        Crumb::here("Create VM"),
    ];
    let filling = Callback::new(move |kept| view! { <Filling place=place kept=kept/> }.into_any());
    view! {
        <WizardPage
            title="Create VM"
            crumbs=Signal::stored(crumbs)
            place=place
            path=paths::vm_new()
            feature=Feature::Create
            again="Create another"
            filling=filling
        />
    }
}

/// Field of the form for one of the server's.
fn field_of(field: &str) -> &str {
    match field {
        "vmId" | "vmid" | "newVmId" => "id",
        "memoryMB" => "memory",
        "storage" | "targetStorage" => "disk0.storage",
        "diskSizeGB" => "disk0.size",
        "imageSource" => "image",
        "networks" => "net0.bridge",
        "sshKeys" => "keys",
        "cloudInitUser" => "user",
        "nameservers" => "dns",
        "searchDomain" => "search",
        "firmware" => "efi",
        "cpuType" => "cpu",
        other => other,
    }
}

/// What the server refused of a draft.
pub fn refused_of(kept: &Kept, field_of: fn(&str) -> &str) -> Vec<Refused> {
    let said = kept.draft.get("refused").and_then(|said| said.as_object());
    let all = said.into_iter().flatten().map(|(field, message)| Refused {
        field: field_of(field).to_owned(),
        message: message.as_str().unwrap_or_default().to_owned(),
    });
    all.collect()
}

/// A storage is refused by its name: what is said of it belongs to the first disk that lies there.
fn on_its_disk(mut all: Vec<Refused>, draft: &Draft) -> Vec<Refused> {
    for refused in all.iter_mut().filter(|own| own.field == "disk0.storage") {
        let names = |word: &str| {
            let inner = |c: char| !(c.is_alphanumeric() || "-_.".contains(c));
            refused.message.split(inner).any(|own| own == word)
        };
        let at = draft.disks.iter().position(|disk| names(&disk.storage));
        refused.field = format!("disk{}.storage", at.unwrap_or_default());
    }
    all
}

fn wrong(step: Step, field: &str, message: &str) -> Wrong {
    Wrong {
        step,
        field: field.to_owned(),
        message: message.to_owned(),
        missing: field == "template",
    }
}

/// Size of the image, where the disk that becomes its copy is smaller; tracked.
fn too_small(draft: &Draft, volumes: RwSignal<Volumes>) -> Option<Bytes> {
    let disk = draft.disks.first().filter(|_| draft.is_copied(0))?;
    let size = volumes.with(|volumes| {
        let image = volumes.all.iter().find(|own| own.volid == draft.image);
        image.and_then(|image| image.size)
    })?;
    let asked = disk.size.trim().parse::<u64>().ok()?;
    (asked.saturating_mul(1 << 30) < size.0).then_some(size)
}

#[component]
fn Filling(place: Slot, kept: Option<Kept>) -> impl IntoView {
    let live = use_live();
    let earlier: Option<Draft> = kept.as_ref().and_then(Kept::draft);
    let fields = Fields::new(earlier.clone().unwrap_or_default());
    let bridges = bridges(&live, fields.node.into());
    let known = known(&live, bridges.into());
    let volumes = volumes(&live, fields.node.into(), known);
    let draft = Memo::new(move |_| fields.draft());
    let wrong = Memo::new(move |_| {
        let mut all = draft.with(|draft| known.with(|known| draft.check(known)));
        if fields.template.get() {
            all.retain(|wrong| wrong.step != Step::Source);
            all.push(wrong(Step::Source, "template", "Choose a template above"));
        } else if let Some(size) = draft.with(|draft| too_small(draft, volumes)) {
            let why = format!("The image needs {}", size.capacity());
            all.push(wrong(Step::Disks, "disk0.size", &why));
        }
        all.sort_by_key(|wrong| wrong.step);
        all
    });
    let all = Memo::new(move |_| Step::of(fields.source.get()));
    let desk = Desk::new(
        |step| step_path(&paths::vm_new(), &[], step),
        all.into(),
        wrong.into(),
    );
    let form = Form::new(fields, desk, known, volumes);
    if let Some(kept) = &kept {
        desk.refused.set(on_its_disk(
            refused_of(kept, field_of),
            &untrack(|| draft.get()),
        ));
        if kept.step != Step::General.slug() && untrack(|| desk.at.get()) == Step::General {
            desk.go_to(&kept.step);
        }
    }
    let plain = StoredValue::new(Draft::default());
    propose(form, earlier.is_none(), plain);
    keep(place, desk, draft, plain);
    let outlook = Memo::new(move |_| draft.with(|draft| known.with(|known| outlook(draft, known))));
    let body = move || match desk.at.get() {
        Step::General => view! { <general::General form=form/> }.into_any(),
        Step::Source => view! { <source::SourceStep form=form/> }.into_any(),
        Step::System => view! { <system::System form=form/> }.into_any(),
        Step::Disks => view! { <disks::Disks form=form/> }.into_any(),
        Step::Networks => view! { <networks::Networks form=form/> }.into_any(),
        Step::CloudInit => view! { <cloud_init::CloudInit form=form/> }.into_any(),
        Step::Review => {
            let told = Memo::new(move |_| draft.with(choices));
            let requests = Signal::derive(move || draft.with(Draft::requests));
            view! { <Review desk=desk choices=told requests=requests/> }.into_any()
        }
    };
    let send = {
        let live = StoredValue::new(live);
        move |()| {
            let draft = draft.get_untracked();
            if wrong.with_untracked(|wrong| !wrong.is_empty()) {
                return;
            }
            let run = Run::new(draft.vm(), draft.name.trim(), draft.requests());
            place.keep(&draft, Step::Review.slug(), Some(run));
            live.with_value(|live| super::drive::drive(live, &place.name()));
        }
    };
    view! {
        <Unread/>
        <Wizard
            label="Steps of the new VM"
            steps=desk.steps()
            current=Signal::derive(move || desk.at.get().slug())
            on_go=Callback::new(move |slug: &'static str| desk.go_to(slug))
            on_next=Callback::new(move |()| desk.next())
            aside=move || view! { <ToKnow outlook=outlook/> }
            send=move || view! {
                <CheckField label="Start it when it is ready" value=fields.start/>
                <Button label="Create VM" look=ButtonLook::Primary wide=true disabled=desk.blocked() on_press=send/>
            }
            body=body
        />
    }
}

/// Fills in what is proposed as it becomes known, each once: what is typed stays, and what is
/// cleared stays empty. `plain` is the draft that nobody has touched.
fn propose(form: Form, empty: bool, plain: StoredValue<Draft>) {
    // Number and node, storages, bridges.
    let open = StoredValue::new([empty; 3]);
    let live = use_live();
    // Proposals are written into the fields, which the person may change afterwards.
    Effect::new(move || {
        let known = form.known.get();
        let place = live.vms.rows().is_loaded() && !known.nodes.is_empty();
        let now = open.get_value();
        let node = plain.with_value(|plain| place || !plain.node.is_empty());
        let ready = [
            now[0] && place,
            now[1] && node && !known.storages.is_empty(),
            now[2] && node && known.bridges.is_some(),
        ];
        let steps: [fn(&mut Draft, &Known); 3] =
            [Draft::fill_place, Draft::fill_storages, Draft::fill_bridges];
        let mut draft = untrack(|| form.fields().draft());
        let before = draft.clone();
        for (fill, _) in steps.into_iter().zip(ready).filter(|(_, ready)| *ready) {
            fill(&mut draft, &known);
            plain.update_value(|plain| fill(plain, &known));
        }
        if draft != before {
            form.fields().fill(draft);
        }
        open.set_value([0, 1, 2].map(|at| now[at] && !ready[at]));
    });
}

/// Keeps what is typed, so that leaving the page in whatever way costs nothing.
fn keep(place: Slot, desk: Desk, draft: Memo<Draft>, plain: StoredValue<Draft>) {
    // What is kept outlives the page, so it is written whenever it changes.
    Effect::new(move |before: Option<Draft>| {
        let (now, step) = (draft.get(), desk.at.get());
        if before.as_ref().is_some_and(|before| *before != now) {
            // What the server refused was something else.
            desk.refused.set(Vec::new());
        }
        if plain.with_value(|plain| *plain != now) {
            place.keep(&now, step.slug(), None);
        } else if before.is_some() {
            place.clear();
        }
        now
    });
}
