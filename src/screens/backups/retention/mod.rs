//! `/backups/retention`: what a policy or a cleanup removes, exactly, before it does.

mod cleanup;
mod fields;
mod figures;
mod form;
mod kept;
mod preview;
mod reckon;
mod server;

use super::ask::{BackupAsk, BackupDialogs};
use super::fleet::Fleet;
use super::parts::{self, Age, Lacks, offered};
use crate::components::Segments;
use crate::domain::retention::Policy;
use crate::paths;
use crate::screens::page::{Crumb, Page};
use crate::screens::unsaved::guard;
use crate::stores::use_live;
use cleanup::{CleanUp, Ran, RemoveNow, Running};
use fields::{PolicyCard, RuleCard, Scope};
use figures::{Compared, Figures};
use form::{BY, Form};
use kept::Kept;
use leptos::prelude::*;
use preview::Preview;
use server::Server;

/// `/backups/retention`
#[component]
pub fn RetentionPage() -> impl IntoView {
    offered(|| view! { <Retention/> }.into_any())
}

#[component]
fn Retention() -> impl IntoView {
    let live = use_live();
    let fleet = Fleet::new(&live);
    let form = Form::new(fleet);
    let kept = kept::follow(&live, form);
    let now = live.clock.watch();
    let reckoned = reckon::reckoned(fleet, form, now);
    let server = Server::follow(&live, fleet, form);
    let ran = RwSignal::new(None::<Ran>);
    let ask = BackupAsk::new(fleet.known());
    unsaved(form, kept);
    let choose =
        Callback::new(move |id: &'static str| form.address.set(&[("by", id), ("show", "all")]));
    let card = move || {
        if form.is_policy() {
            view! { <PolicyCard form=form kept=kept fleet=fleet>
                    <RemoveNow fleet=fleet reckoned=reckoned ask=ask kept=kept/>
                </PolicyCard>
            }
            .into_any()
        } else {
            view! {
                <RuleCard form=form>
                    <CleanUp fleet=fleet reckoned=reckoned server=server ran=ran/>
                </RuleCard>
            }
            .into_any()
        }
    };
    let anew = Callback::new(move |()| kept::read_anew(&live, form, kept));
    let crumbs = vec![
        Crumb::to("Backups", paths::backups()),
        Crumb::here("Retention"),
    ];
    view! {
        <Page title="Retention" crumbs=Signal::stored(crumbs) facts=move || view! { <Age fleet=fleet also=anew/> }>
            {parts::ways("retention")}
            <Lacks fleet=fleet/>
            <BackupDialogs ask=ask/>
            <div class="ret-both">
                <div class="ret-side">
                    <Segments label="What decides" items=BY.to_vec() current=form.by_word() on_choose=choose/>
                    {card}
                </div>
                <div class="ret-main">
                    <Running fleet=fleet ran=ran/>
                    <Figures fleet=fleet reckoned=reckoned/>
                    <Compared form=form reckoned=reckoned server=server/>
                    <Scope fleet=fleet form=form/>
                    <Preview fleet=fleet form=form reckoned=reckoned server=server/>
                </div>
            </div>
        </Page>
    }
}

/// A policy that was typed is not lost by a slip.
fn unsaved(form: Form, kept: RwSignal<Kept>) {
    let what = Signal::derive(move || {
        let held = kept.with(Kept::policy)?;
        (form.policy() != Some(held)).then(|| "the retention policy".to_owned())
    });
    guard(what, Some("/backups/retention".to_owned()));
}

/// In words: "keep-last 3, keep-daily 7"; that all stay where no rule is set.
fn policy_words(policy: Policy) -> String {
    if policy.keeps_all() {
        "All backups stay".to_owned()
    } else {
        policy.to_string().replace('=', "\u{a0}").replace(',', ", ")
    }
}
