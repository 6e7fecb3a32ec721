//! A backup that becomes a VM (guide: Backup Management, "Restore Wizard").

mod facts;
mod fields;
mod over;

use super::create::refused_of;
use super::desk::{Desk, step_path};
use super::frame::WizardPage;
use super::kept::{Kept, Slot};
use super::known::{bridges, known};
use super::review::{Review, ToKnow, calls};
use crate::api::backups::Backup;
use crate::api::capabilities::Feature;
use crate::components::{
    Button, ButtonLook, CheckField, EmptyState, ErrorState, IconName, LinkButton, Loss, Note,
    SkeletonRows, Tone, Wizard,
};
use crate::domain::ids::VmId;
use crate::domain::provision::{RestoreDraft, Run, Step};
use crate::paths;
use crate::screens::common::power::{VmAsk, VmDialogs};
use crate::screens::page::Crumb;
use crate::stores::use_live;
use facts::{Facts, Listed};
use fields::{Fields, Form};
use leptos::prelude::*;
use leptos_router::hooks::use_url;
use over::OverConfirm;
use std::sync::Arc;

/// `/backups/restore`
#[component]
pub fn RestorePage() -> impl IntoView {
    let url = use_url();
    let of = Memo::new(move |_| {
        let pairs = url.with(|url| crate::domain::url_query::read(url.search()));
        let backup = pairs.into_iter().find(|(key, _)| key == "backup");
        backup.map(|(_, volid)| volid).unwrap_or_default()
    });
    // Another backup is another form.
    move || view! { <RestoreOf volid=of.get()/> }
}

#[component]
fn RestoreOf(volid: String) -> impl IntoView {
    let live = use_live();
    let place = Slot::new(&live, format!("restore.{volid}"));
    let crumbs = Signal::stored(vec![
        Crumb::to("Backups", paths::backups()),
        Crumb::here("Restore a backup"),
    ]);
    let path = paths::restore(&volid);
    let volid = StoredValue::new(volid);
    let ask = VmAsk::new();
    let filling = Callback::new(move |kept| {
        view! { <Waiting place=place kept=kept volid=volid.get_value() ask=ask/> }.into_any()
    });
    view! {
        <WizardPage
            title="Restore a backup"
            crumbs=crumbs
            place=place
            path=path
            feature=Feature::Restore
            again="Restore again"
            filling=filling
        />
        <VmDialogs ask=ask/>
    }
}

/// The backups are read first, and what there is to restore to.
#[component]
fn Waiting(place: Slot, kept: Option<Kept>, volid: String, ask: VmAsk) -> impl IntoView {
    let live = use_live();
    let (nodes, storages) = (live.nodes.watch(), live.storages.watch());
    let vms = live.vms.watch();
    let (listed, retry) = facts::list();
    let ready = Memo::new(move |_| {
        let came = |known: bool, failed: bool| known || failed;
        let vms = live.vms.rows().is_loaded() || vms.status.with(|status| status.error.is_some());
        vms && came(
            nodes.value.with(Option::is_some),
            nodes.status.with(|own| own.error.is_some()),
        ) && came(
            storages.value.with(Option::is_some),
            storages.status.with(|own| own.error.is_some()),
        )
    });
    let (kept, volid) = (StoredValue::new(kept), StoredValue::new(volid));
    move || match listed.get() {
        Listed::Failed(error) => view! { <ErrorState error=error on_retry=retry/> }.into_any(),
        Listed::Known(all, bad) if ready.get() => {
            let volid = volid.get_value();
            if !volid.is_empty() && !all.iter().any(|own| own.volid == volid) {
                return view! { <Gone bad=bad/> }.into_any();
            }
            view! { <Filling place=place kept=kept.get_value() volid=volid all=all bad=bad ask=ask/> }
                .into_any()
        }
        _ => view! { <SkeletonRows rows=6/> }.into_any(),
    }
}

#[component]
fn Gone(bad: usize) -> impl IntoView {
    let (title, words) = match bad {
        0 => (
            "This backup is not there any more",
            "It may have been deleted, or cleared away by retention.".to_owned(),
        ),
        bad => (
            "This backup is not among those that could be read",
            format!(
                "It may have been deleted, or be one of the {bad} of the server's list that could \
                 not be understood."
            ),
        ),
    };
    view! {
        <EmptyState
            title=title
            words=words
            icon=IconName::Backup
            action=|| view! {
                <LinkButton
                    label="Choose another"
                    look=ButtonLook::Primary
                    href=paths::href(&paths::restore(""))
                />
            }
        />
    }
}

/// Field of the form for one of the server's.
fn field_of(field: &str) -> &str {
    match field {
        "vmId" | "vmid" => "id",
        "targetNode" => "node",
        "targetStorage" | "storageMapping" => "storage",
        "overwriteExisting" => "over",
        other => other,
    }
}

#[component]
fn Filling(
    place: Slot,
    kept: Option<Kept>,
    volid: String,
    all: Arc<Vec<Arc<Backup>>>,
    bad: usize,
    ask: VmAsk,
) -> impl IntoView {
    let live = use_live();
    let earlier: Option<RestoreDraft> = kept.as_ref().and_then(Kept::draft);
    let asks = volid.is_empty();
    let first = earlier.clone().unwrap_or_else(|| RestoreDraft {
        backup: volid.clone(),
        ..RestoreDraft::default()
    });
    let fields = Fields::new(first);
    let facts = Facts::new(&live, all.clone(), fields.backup);
    let draft = Memo::new(move |_| fields.draft());
    let node = Memo::new(move |_| {
        facts
            .standing
            .with(|vm| draft.with(|draft| draft.target(vm.as_ref()).to_owned()))
    });
    let known = known(&live, bridges(&live, node.into()).into());
    let wrong = Memo::new(move |_| {
        let (draft, standing) = (draft.get(), facts.standing.get());
        facts
            .source
            .with(|source| known.with(|known| draft.check(source, standing.as_ref(), known)))
    });
    let mut steps = vec![Step::General, Step::Disks, Step::Networks, Step::Review];
    if asks {
        steps.insert(0, Step::Source);
    }
    let first_step = steps.first().copied().unwrap_or(Step::General);
    let (path, of) = (paths::restore(""), volid);
    let desk = Desk::new(
        move |step| step_path(&path, &[("backup", &of)], step),
        Signal::stored(steps),
        wrong.into(),
    );
    if let Some(kept) = &kept {
        desk.refused.set(refused_of(kept, field_of));
        if kept.step != first_step.slug() && untrack(|| desk.at.get()) == first_step {
            desk.go_to(&kept.step);
        }
    }
    let form = Form {
        fields,
        desk,
        known,
        facts,
        node,
        ask,
    };
    let plain = propose(form, earlier);
    keep(place, desk, draft, plain);
    let outlook = Memo::new(move |_| {
        let (draft, standing) = (draft.get(), facts.standing.get());
        facts
            .source
            .with(|source| known.with(|known| draft.outlook(source, standing.as_ref(), known)))
    });
    let requests = Signal::derive(move || {
        let standing = facts.standing.get();
        facts
            .source
            .with(|source| draft.with(|draft| draft.requests(source, standing.as_ref())))
    });
    let waits = form.waits();
    let body = move || match desk.at.get() {
        Step::Source => {
            view! { <fields::SourceStep form=form all=all.clone() bad=bad/> }.into_any()
        }
        // What is typed before the proposal has come would be lost to it.
        _ if waits.get() => view! { <SkeletonRows rows=6/> }.into_any(),
        Step::Disks => view! { <fields::DisksStep form=form/> }.into_any(),
        Step::Networks => view! { <fields::NetworksStep form=form/> }.into_any(),
        Step::Review => {
            let told = Memo::new(move |_| {
                let standing = facts.standing.get();
                facts
                    .source
                    .with(|source| draft.with(|draft| draft.choices(source, standing.as_ref())))
            });
            view! {
                <Lost form=form/>
                <Review desk=desk choices=told requests=requests/>
            }
            .into_any()
        }
        _ => view! { <fields::TargetStep form=form/> }.into_any(),
    };
    view! {
        <Wizard
            label="Steps of the restore"
            steps=desk.steps()
            current=Signal::derive(move || desk.at.get().slug())
            on_go=Callback::new(move |slug: &'static str| desk.go_to(slug))
            on_next=Callback::new(move |()| desk.next())
            aside=move || view! { <ToKnow outlook=outlook/> }
            send=move || view! { <Send form=form place=place draft=draft requests=requests/> }
            body=body
        />
    }
}

/// The button that sends it; over a VM its name is asked for first.
#[component]
fn Send(
    form: Form,
    place: Slot,
    draft: Memo<RestoreDraft>,
    requests: Signal<crate::domain::provision::Requests>,
) -> impl IntoView {
    let live = use_live();
    let Form {
        fields,
        desk,
        facts,
        ..
    } = form;
    let waits = form.waits();
    let asking = RwSignal::new(false);
    let now = live.clock.now();
    let call = {
        let live = live.clone();
        Signal::derive(move || calls(&live, &requests.get()))
    };
    let live = StoredValue::new(live);
    let send = Callback::new(move |()| {
        let draft = draft.get_untracked();
        if desk.wrong.with_untracked(|wrong| !wrong.is_empty()) || waits.get_untracked() {
            return;
        }
        let run = facts.source.with_untracked(|source| {
            let name = draft.shown_name(source).to_owned();
            Run::new(draft.vm(source), &name, untrack(|| requests.get()))
        });
        place.keep(&draft, Step::Review.slug(), Some(run));
        live.with_value(|live| super::drive::drive(live, &place.name()));
    });
    let wrong = desk.blocked();
    let blocked = Signal::derive(move || {
        let reads = waits
            .get()
            .then(|| "What is in the backup is being read".to_owned());
        reads.or_else(|| wrong.get())
    });
    let label = Signal::derive(move || {
        if fields.over.get() {
            "Restore over it"
        } else {
            "Restore VM"
        }
        .to_owned()
    });
    let look = move || {
        if fields.over.get() {
            ButtonLook::Danger
        } else {
            ButtonLook::Primary
        }
    };
    let press = move |()| {
        if fields.over.get_untracked() {
            asking.set(true);
        } else {
            send.run(());
        }
    };
    view! {
        <CheckField label="Start it when it is ready" value=fields.start/>
        {move || view! { <Button label=label look=look() wide=true disabled=blocked on_press=press/> }}
        <OverConfirm open=asking facts=facts now=now call=call on_yes=send/>
    }
}

/// Before the review of a restore over a VM: what is lost.
#[component]
fn Lost(form: Form) -> impl IntoView {
    let now = use_live().clock.now();
    let lines = Memo::new(move |_| {
        form.fields
            .over
            .get()
            .then(|| over::losses(form.facts, now))
    });
    let row = |Loss { what, detail }: Loss| view! { <div><dt>{what}</dt><dd>{detail}</dd></div> };
    move || {
        lines.get().map(|lines| {
            let rows = lines.into_iter().map(row).collect_view();
            view! {
                <Note tone=Tone::Bad>
                    <p class="confirm-error">"What will be lost"</p>
                    <dl class="losses">{rows}</dl>
                </Note>
            }
        })
    }
}

/// Fills in what is proposed for a backup once what is in it is known. What was typed stays, earlier
/// and for another backup of the same VM. Answers the draft that nobody has touched.
fn propose(form: Form, earlier: Option<RestoreDraft>) -> RwSignal<RestoreDraft> {
    let plain = RwSignal::new(RestoreDraft::default());
    let through = StoredValue::new(earlier.map(|draft| draft.backup).unwrap_or_default());
    // The VM whose backup the fields are of.
    let of = StoredValue::new(None::<VmId>);
    let Form {
        fields,
        facts,
        known,
        ..
    } = form;
    // Proposals are written into the fields, which the person may change afterwards.
    Effect::new(move || {
        let volid = fields.backup.get();
        if volid.is_empty() || !facts.settled.get() {
            return;
        }
        let vm = facts.source.with_untracked(|source| source.vm);
        let same = of.with_value(|of| *of == Some(vm));
        of.set_value(Some(vm));
        if through.with_value(|through| *through == volid) {
            return;
        }
        through.set_value(volid);
        let standing = facts.standing.get_untracked();
        facts.source.with_untracked(|source| {
            let proposed =
                known.with_untracked(|known| RestoreDraft::of(source, standing.as_ref(), known));
            let before = plain.get_untracked();
            plain.set(proposed.clone());
            fields.fill(match same {
                true => untrack(|| fields.draft()).carried(&before, proposed, source),
                false => proposed,
            });
        });
    });
    plain
}

/// Keeps what is typed, so that leaving the page in whatever way costs nothing.
fn keep(place: Slot, desk: Desk, draft: Memo<RestoreDraft>, plain: RwSignal<RestoreDraft>) {
    let blank = draft.get_untracked();
    // What is kept outlives the page, so it is written whenever it changes.
    Effect::new(move |before: Option<RestoreDraft>| {
        let (now, step) = (draft.get(), desk.at.get());
        if before.as_ref().is_some_and(|before| *before != now) {
            // What the server refused was something else.
            desk.refused.set(Vec::new());
        }
        let touched = plain.with(|plain| *plain != now) && now != blank;
        if touched && before.is_some() {
            place.keep(&now, step.slug(), None);
        }
        now
    });
}
