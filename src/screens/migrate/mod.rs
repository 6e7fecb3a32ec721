//! Moving VMs to another node (guide: Migration Wizard): six steps, a run that goes on when the page
//! is left, and what came of it.

mod drive;
mod form;
mod kept;
mod known;
mod run;
mod steps;

use crate::api::capabilities::Feature;
use crate::components::{Button, ButtonLook, Card, EmptyState, IconName, Wizard};
use crate::domain::migrate::{Draft, Run, Step};
use crate::paths;
use crate::screens::page::Page;
use crate::stores::use_live;
use form::{Address, Form};
use kept::Kept;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_url};

/// What was under way when the console was left goes on.
pub fn resume(live: &crate::stores::Live) {
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
    let dismissed = RwSignal::new(false);
    let face = {
        let live = live.clone();
        Memo::new(move |_| {
            if let Some(why) = refused.get() {
                return Face::NotOffered(why);
            }
            let named = asked.with(|asked| !asked.vms.is_empty());
            match run.get() {
                // One that is through has been seen once somebody begins another.
                Some(run) if !(run.is_over() && named) => return Face::Running,
                Some(_) => return Face::Form,
                None => {}
            }
            let begun = kept::peek(&live).filter(|kept| !kept.draft.vms.is_empty());
            match begun {
                Some(kept) if !named && !dismissed.get() => Face::Offered(kept),
                _ => Face::Form,
            }
        })
    };
    let anew = {
        let (live, navigate) = (live.clone(), navigate.clone());
        Callback::new(move |()| {
            kept::put(&live, None);
            dismissed.set(true);
            navigate(&paths::migrate(), leptos_router::NavigateOptions::default());
        })
    };
    let resume = Callback::new(move |kept: Kept| {
        let target = kept.draft.target.clone().unwrap_or_default();
        let path = paths::migrate_where(&kept.draft.vms, &target, &kept.step);
        navigate(&path, leptos_router::NavigateOptions::default());
    });
    let filled = Memo::new(move |_| face.with(|face| *face == Face::Form));
    view! {
        <Page
            title="Migrate"
            actions=move || filled.get().then(|| view! {
                <Button label="Start over" look=ButtonLook::Quiet on_press=anew/>
            })
        >
            {move || match face.get() {
                Face::NotOffered(why) => view! {
                    <EmptyState title="This server does not do that" words=why icon=IconName::Monitor/>
                }.into_any(),
                Face::Running => view! { <run::Under run=run on_more=anew/> }.into_any(),
                Face::Offered(kept) => view! { <Parked kept=kept on_resume=resume on_discard=anew/> }.into_any(),
                Face::Form => view! { <Filling/> }.into_any(),
            }}
        </Page>
    }
}

/// A half-filled form is there: it is taken up, or thrown away.
#[component]
fn Parked(kept: Kept, on_resume: Callback<Kept>, on_discard: Callback<()>) -> impl IntoView {
    let step = Step::parse(&kept.step).unwrap_or(Step::Vms).label();
    let many = crate::domain::units::count(kept.draft.vms.len(), "VM", "VMs");
    let to = kept.draft.target.as_ref().map(|node| format!(" to {node}"));
    let about = format!(
        "A migration of {many}{} was begun and not sent. It was left at the step {step}.",
        to.unwrap_or_default()
    );
    view! {
        <Card title="Half-filled form">
            <p>{about}</p>
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
    view! {
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
                    on_press=move |()| send.with_value(|send| send(()))
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
