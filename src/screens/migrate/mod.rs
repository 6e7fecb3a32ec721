//! Moving VMs to another node (guide: Migration Wizard): six steps, a run that goes on when the page
//! is left, and what came of it.

mod asked;
mod drive;
mod form;
mod kept;
mod known;
mod run;
mod steps;

use crate::api::capabilities::Feature;
use crate::components::dialog::confirm_now;
use crate::components::{
    Button, ButtonLook, Card, ConfirmDialog, EmptyState, IconName, Loss, Note, Weight, Wizard,
};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Draft, Run, Step};
use crate::paths;
use crate::screens::page::Page;
use crate::stores::{Live, use_live};
use form::{Address, Form};
use kept::Kept;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_url};

/// What was under way when the console was left goes on.
pub fn resume(live: &Live) {
    drive::drive(live);
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
enum Face {
    NotOffered(String),
    Running,
    Offered(Kept),
    Form,
}

/// `/migrate`
#[component]
pub fn MigratePage() -> impl IntoView {
    let live = use_live();
    let url = use_url();
    let navigate = use_navigate();
    let run = kept::run(&live);
    let refused = live.denied(Feature::Migrate);
    let asked = Memo::new(move |_| url.with(|url| Address::read(url.search())));
    let round = RwSignal::new(0_u32);
    let face = faces(&live, asked, refused, round);
    let anew = {
        let (live, navigate) = (live.clone(), navigate.clone());
        Callback::new(move |()| {
            navigate(&paths::migrate(), Default::default());
            kept::put(&live, None);
            round.update(|round| *round += 1);
        })
    };
    let more = {
        let (live, navigate) = (live.clone(), navigate.clone());
        Callback::new(move |()| {
            // VMs that were asked for meanwhile have waited for this.
            let vms = asked.with_untracked(|asked| asked.vms.clone());
            navigate(&paths::migrate_where(&vms, "", ""), Default::default());
            kept::put(&live, None);
            round.update(|round| *round += 1);
        })
    };
    let discard = {
        let live = live.clone();
        Callback::new(move |()| {
            kept::put(&live, None);
            round.update(|round| *round += 1);
        })
    };
    let resume = {
        let navigate = navigate.clone();
        Callback::new(move |kept: Kept| {
            let target = kept.draft.target.clone().unwrap_or_default();
            let path = paths::migrate_where(&kept.draft.vms, &target, &kept.step);
            navigate(&path, Default::default());
        })
    };
    let park = {
        let live = live.clone();
        Callback::new(move |()| {
            park(&live, &asked.get_untracked());
            navigate(&paths::vms(), Default::default());
        })
    };
    let asking = RwSignal::new(false);
    let over = {
        let live = live.clone();
        Callback::new(move |()| {
            if kept::peek(&live).is_some_and(|kept| kept.draft.is_worth()) {
                asking.set(true);
            } else {
                anew.run(());
            }
        })
    };
    let filled = Memo::new(move |_| face.with(|face| *face == Face::Form));
    let named = Memo::new(move |_| asked.with(|asked| asked.vms.clone()));
    view! {
        <Page
            title="Migrate"
            actions=move || filled.get().then(|| view! {
                <Button label="Start over" look=ButtonLook::Quiet on_press=over/>
                <Button label="Park for later" look=ButtonLook::Quiet on_press=park/>
            })
        >
            {move || {
                round.track();
                match face.get() {
                    Face::NotOffered(why) => view! {
                        <EmptyState title="This server does not do that" words=why icon=IconName::Monitor/>
                    }.into_any(),
                    Face::Running => view! {
                        <Waiting vms=named run=run/>
                        <run::Under run=run on_more=more/>
                    }.into_any(),
                    Face::Offered(kept) => view! { <Parked kept=kept named=named on_resume=resume on_discard=discard/> }.into_any(),
                    Face::Form => view! { <Filling/> }.into_any(),
                }
            }}
            <ConfirmDialog
                open=asking
                on_close=move |()| asking.set(false)
                title="Start over?"
                lead="What was chosen for this migration is thrown away. Nothing has been sent."
                verb="Throw it away"
                keep=Signal::stored("Keep it".to_owned())
                weight=Weight::Plain
                on_confirm=confirm_now(move || anew.run(()))
            />
        </Page>
    }
}

/// What the page shows. A run stays until the person begins another: with the button, or by an
/// address that came after its end.
fn faces(
    live: &Live,
    asked: Memo<Address>,
    refused: Memo<Option<String>>,
    round: RwSignal<u32>,
) -> Memo<Face> {
    let (live, run) = (live.clone(), kept::run(live));
    // The VMs of the address while it ran: they were asked for too early.
    let early: Memo<Option<Vec<VmId>>> = Memo::new(move |before: Option<&Option<Vec<VmId>>>| {
        run.with(|run| match run {
            None => None,
            Some(run) if run.is_over() => before.cloned().flatten(),
            Some(_) => Some(asked.with(|asked| asked.vms.clone())),
        })
    });
    Memo::new(move |_| {
        round.track();
        if let Some(why) = refused.get() {
            return Face::NotOffered(why);
        }
        let Address { vms, step, .. } = asked.get();
        let named = !vms.is_empty() || step.is_some();
        // Read at each turn: it remembers.
        let early = early.get();
        let over = run.with(|run| run.as_ref().map(Run::is_over));
        match over {
            Some(false) => return Face::Running,
            Some(true) if vms.is_empty() || early.as_ref() == Some(&vms) => {
                return Face::Running;
            }
            Some(true) => return Face::Form,
            None => {}
        }
        let parked = kept::peek(&live).filter(|kept| !kept.draft.vms.is_empty());
        match parked {
            Some(kept) if !named => Face::Offered(kept),
            Some(kept) if kept.draft.vms != vms && kept.draft.is_worth() => Face::Offered(kept),
            _ => Face::Form,
        }
    })
}

/// Keeps what the address says, where nothing more was chosen.
fn park(live: &Live, asked: &Address) {
    if kept::peek(live).is_some() || asked.vms.is_empty() {
        return;
    }
    let kept = Kept {
        draft: Draft {
            vms: asked.vms.clone(),
            target: asked.target.clone(),
            ..Draft::default()
        },
        step: asked.step.unwrap_or(Step::Vms).slug().to_owned(),
        run: None,
    };
    kept::put(live, Some(&kept));
}

/// VMs by their names, as far as those are known; tracked.
fn names(live: &Live, vms: &[VmId]) -> String {
    let roster = live.vms.rows().roster();
    let name = |vm: &VmId| match roster.iter().find(|row| row.vmid == *vm) {
        Some(row) if !row.name.is_empty() => row.name.clone(),
        _ => format!("VM {vm}"),
    };
    vms.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// VMs that were asked for while a run is under way.
#[component]
fn Waiting(vms: Memo<Vec<VmId>>, run: Memo<Option<Run>>) -> impl IntoView {
    let live = use_live();
    let _ = live.vms.watch();
    let over = Memo::new(move |_| run.with(|run| run.as_ref().is_none_or(Run::is_over)));
    let words = move || {
        let vms = vms.get();
        (!vms.is_empty()).then(|| {
            let names = names(&live, &vms);
            let words = if over.get() {
                format!("“Migrate more” goes on with {names}.")
            } else {
                format!("This migration comes first: {names} can be migrated once it is over.")
            };
            view! { <Note><p>{words}</p></Note> }
        })
    };
    view! { <div role="status">{words}</div> }
}

/// A half-filled form is there: it is taken up, or thrown away.
#[component]
fn Parked(
    kept: Kept,
    /// VMs of the address.
    named: Memo<Vec<VmId>>,
    on_resume: Callback<Kept>,
    on_discard: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let step = Step::parse(&kept.step).unwrap_or(Step::Vms).label();
    // Names come with the list.
    let _ = live.vms.watch();
    let about = {
        let (live, vms) = (live.clone(), kept.draft.vms.clone());
        let to = kept.draft.target.as_ref().map(|node| format!(" to {node}"));
        let to = to.unwrap_or_default();
        move || {
            let many = match vms.as_slice() {
                [one] => names(&live, &[*one]),
                all => crate::domain::units::count(all.len(), "VM", "VMs"),
            };
            format!(
                "A migration of {many}{to} was begun and not sent. It was left at the step {step}."
            )
        }
    };
    let other = move || {
        let vms = named.get();
        (!vms.is_empty()).then(|| {
            let names = names(&live, &vms);
            view! { <p>{format!("“Start over” throws it away and begins with {names}.")}</p> }
        })
    };
    view! {
        <Card title="Half-filled form">
            <p>{about}</p>
            {other}
            <div class="btn-row mig-parked">
                <Button label="Resume draft" look=ButtonLook::Primary on_press=move |()| on_resume.run(kept.clone())/>
                <Button label="Start over" on_press=on_discard/>
            </div>
        </Card>
    }
}

#[component]
fn Filling() -> impl IntoView {
    let live = use_live();
    let url = use_url();
    let named = untrack(|| url.with(|url| Address::read(url.search())));
    // What was chosen for other VMs does not hold for these.
    let before = kept::peek(&live)
        .filter(|kept| kept.run.is_none() && kept.draft.vms == named.vms)
        .map_or_else(Draft::default, |kept| kept.draft);
    if kept::peek(&live).is_some_and(|kept| kept.run.is_some()) {
        kept::put(&live, None);
    }
    let form = Form::new(&live, before);
    let body = move || match form.at.get() {
        Step::Vms => view! { <steps::Vms form=form/> }.into_any(),
        Step::Target => view! { <steps::Target form=form/> }.into_any(),
        Step::Storage => view! { <steps::StorageStep form=form/> }.into_any(),
        Step::Options => view! { <steps::Options form=form/> }.into_any(),
        Step::Review => view! { <steps::Review form=form/> }.into_any(),
        Step::Execute => view! { <steps::Execute form=form/> }.into_any(),
    };
    let navigate = use_navigate();
    let send = move |()| {
        if form.wrong.with_untracked(|wrong| !wrong.is_empty()) {
            return;
        }
        let draft = form.draft.get_untracked();
        let run: Run = form.known.with_untracked(|known| draft.run(known));
        if run.moves.is_empty() {
            return;
        }
        let step = Step::Execute.slug().to_owned();
        kept::put(
            &live,
            Some(&Kept {
                draft,
                step,
                run: Some(run),
            }),
        );
        drive::drive(&live);
        let options = leptos_router::NavigateOptions {
            replace: true,
            ..Default::default()
        };
        navigate(&paths::migrate(), options);
    };
    let send = StoredValue::new(send);
    let asking = RwSignal::new(false);
    // Past a rule and without devices: that is asked once more.
    let press = move |()| {
        if form.force.get_untracked() {
            asking.set(true);
        } else {
            send.with_value(|send| send(()));
        }
    };
    let losses = Signal::derive(move || {
        form.known.with(|known| {
            let movers = form.draft.with(|draft| draft.movers(known));
            let line = |own: &&crate::domain::migrate::Guest| {
                let devices = own.hardware.as_ref().map(|own| own.devices.join(", "));
                let devices = devices.filter(|own| !own.is_empty());
                let lost = devices.map_or_else(
                    || "no devices of its node".to_owned(),
                    |own| format!("without {own}"),
                );
                Loss::new(own.name.clone(), lost)
            };
            movers.iter().map(line).collect::<Vec<_>>()
        })
    });
    view! {
        <ConfirmDialog
            open=asking
            on_close=move |()| asking.set(false)
            title="Migrate by force?"
            lead="Devices of the present node stay behind, and a VM that needs them may not start. Force also goes past a safety rule of the server that objects."
            losses=losses
            verb="Migrate by force"
            keep=Signal::stored("Go back".to_owned())
            on_confirm=confirm_now(move || send.with_value(|send| send(())))
        />
        <Wizard
            label="Steps of the migration"
            steps=form.steps()
            current=Signal::derive(move || form.at.get().slug())
            on_go=Callback::new(move |slug: &'static str| form.go_to(slug))
            on_next=Callback::new(move |()| form.next())
            aside=move || view! { <Aside form=form/> }
            send=move || view! {
                <Button
                    label="Start migration"
                    look=ButtonLook::Primary
                    wide=true
                    disabled=form.blocked()
                    on_press=press
                />
            }
            body=body
        />
    }
}

/// What stands beside every step.
#[component]
fn Aside(form: Form) -> impl IntoView {
    let words = Memo::new(move |_| {
        let many = form.vms.with(Vec::len);
        let target = form.target.get();
        match (many, target) {
            (0, _) => "Nothing is chosen yet".to_owned(),
            (many, None) => crate::domain::units::count(many, "VM", "VMs"),
            (many, Some(node)) => format!(
                "{} to {node}",
                crate::domain::units::count(many, "VM", "VMs")
            ),
        }
    });
    view! {
        <p class="mig-aside-words">{move || words.get()}</p>
        <steps::RoomBars form=form/>
    }
}
