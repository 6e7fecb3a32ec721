//! The policy and the rule as they are typed, and of which VMs.

use super::super::fleet::Fleet;
use super::figures::bare_words;
use super::form::{Form, follows};
use super::kept::{self, Kept};
use super::policy_words;
use super::reckon::{self, Reckoned, bare};
use crate::api::backups::{RetentionPolicy, set_retention_shown};
use crate::api::capabilities::Feature;
use crate::components::time::zone_name;
use crate::components::{
    Button, ButtonLook, CallFold, Card, ConfirmDialog, ErrorState, Loss, Note, NumberField,
    NumberRange, SearchField, SelectField, SelectOption, SkeletonRows, Tone,
};
use crate::domain::prune::{By, MOST, read_count, read_rule};
use crate::domain::retention::{Policy, Rule};
use crate::domain::units::count;
use crate::screens::common::call::curl_of;
use crate::screens::common::force::Force;
use crate::stores::actions::{Change, Failures};
use crate::stores::prefs::RETENTION;
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const RANGE: NumberRange = NumberRange::new(0.0, 9_999.0);

/// What a rule keeps, in words.
const fn words(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::Last => ("Keep last", "The newest ones"),
        Rule::Hourly => ("Keep hourly", "One of each hour"),
        Rule::Daily => ("Keep daily", "One of each day"),
        Rule::Weekly => ("Keep weekly", "One of each week"),
        Rule::Monthly => ("Keep monthly", "One of each month"),
        Rule::Yearly => ("Keep yearly", "One of each year"),
    }
}

/// The policy: what holds, what is typed, and the way to save it.
#[component]
pub fn PolicyCard(
    form: Form,
    kept: RwSignal<Kept>,
    fleet: Fleet,
    /// What can be done by it at once.
    children: ChildrenFn,
) -> impl IntoView {
    let live = use_live();
    let ready = Memo::new(move |_| kept.with(|kept| kept.policy().is_some()));
    let body = move || {
        if ready.get() {
            return view! {
                <PolicyFields form=form kept=kept fleet=fleet/>
                {children()}
            }
            .into_any();
        }
        match kept.get() {
            Kept::Failed(error) => {
                let live = live.clone();
                let again = Callback::new(move |()| kept::read(&live, form, kept));
                view! { <ErrorState error=error on_retry=again/> }.into_any()
            }
            _ => view! { <SkeletonRows rows=5/> }.into_any(),
        }
    };
    let where_ = move || {
        kept.with(|kept| match kept {
            Kept::Server(_) => "of the server",
            Kept::Browser(..) => "kept in this browser",
            Kept::Loading | Kept::Failed(_) => "",
        })
    };
    view! { <Card title="Policy" aside=move || where_() class="ret-card">{body}</Card> }
}

#[component]
fn PolicyFields(form: Form, kept: RwSignal<Kept>, fleet: Fleet) -> impl IntoView {
    let held = Memo::new(move |_| kept.with(Kept::policy).unwrap_or_default());
    let local = Memo::new(move |_| {
        kept.with(|kept| match kept {
            Kept::Browser(_, why) => Some(why.clone()),
            _ => None,
        })
    });
    let fields = Rule::ALL.into_iter().zip(form.counts).map(|(rule, value)| {
        let (label, help) = words(rule);
        let error = Signal::derive(move || value.with(|text| read_count(text)).err());
        view! {
            <NumberField label=label value=value range=Signal::stored(RANGE) help=help error=error optional=true placeholder="0"/>
        }
    });
    view! {
        {move || local.get().map(|why| view! {
            <Note tone=Tone::Info>
                <p>{why}". The policy is kept in this browser: no job prunes by it. It previews, and what goes by it is removed by the button below alone."</p>
            </Note>
        })}
        <p class="quiet">"Each VM on each storage is judged apart. What no rule keeps goes; protected backups stay and take no place."</p>
        <div class="ret-fields">{fields.collect_view()}</div>
        <p class="quiet">
            {move || format!("Holds: {}. Days, weeks and months are those of {}.", policy_words(held.get()), zone_name())}
        </p>
        <SavePolicy form=form kept=kept held=held fleet=fleet/>
    }
}

/// Saves the policy, asked first: the next jobs prune by it.
#[component]
fn SavePolicy(form: Form, kept: RwSignal<Kept>, held: Memo<Policy>, fleet: Fleet) -> impl IntoView {
    let live = use_live();
    let now = live.clock.clone();
    let asking = RwSignal::new(false);
    let no_saving = live.denied(Feature::SetRetention);
    let on_server = Memo::new(move |_| kept.with(|kept| matches!(kept, Kept::Server(_))));
    let typed = Memo::new(move |_| form.policy());
    let refused = Signal::derive(move || {
        let Some(policy) = typed.get() else {
            return Some("Some numbers can't be taken".to_owned());
        };
        if policy == held.get() {
            return Some("This is what holds".to_owned());
        }
        if !on_server.get() {
            return None;
        }
        let lost = RetentionPolicy::of(policy).err().map(|rule| {
            format!(
                "The server's policy has no {}: it can be previewed, not saved",
                rule.key()
            )
        });
        no_saving.get().or(lost)
    });
    let wire = move || RetentionPolicy::of(typed.get()?).ok();
    let call = {
        let client = live.client.clone();
        Signal::derive(move || {
            wire()
                .map(|policy| curl_of(&client, &set_retention_shown(policy)))
                .unwrap_or_default()
        })
    };
    // Of all backups, whatever is looked at: jobs prune by it wherever they run. Reckoned while it
    // is asked about alone.
    let whole = Memo::new(move |_| {
        let policy = typed.get().filter(|_| asking.get())?;
        reckon::of_all(fleet, By::Policy(policy), now.now()).map(Arc::new)
    });
    let losses = Signal::derive(move || {
        let (was, will) = (held.get(), typed.get().unwrap_or_default());
        let mut lines = vec![
            Loss::new("So far", policy_words(was)),
            Loss::new("From now on", policy_words(will)),
        ];
        lines.extend(goes_lines(whole.get().as_deref(), &lacking(fleet)));
        lines
    });
    let bared = Memo::new(move |_| {
        let whole = whole.get()?;
        let bare = fleet.all.with(|all| bare(all, &whole.going()));
        (!bare.is_empty()).then(|| bare_words(&bare))
    });
    let press = {
        let live = live.clone();
        move |()| {
            if on_server.get_untracked() {
                asking.set(true);
            } else if let Some(policy) = typed.get_untracked() {
                live.prefs.set(&RETENTION, &Some(policy.to_string()));
                kept.update(|kept| {
                    if let Kept::Browser(held, _) = kept {
                        *held = policy;
                    }
                });
            }
        }
    };
    let busy = live.actions.is_busy(Change::Retention);
    let on_confirm = save(&live, form, kept);
    view! {
        <div class="btn-row">
            <Button label="Save policy" look=ButtonLook::Primary disabled=refused busy=busy on_press=press/>
            <Button
                label="Reset"
                disabled=Signal::derive(move || (typed.get() == Some(held.get())).then(|| "Nothing was changed".to_owned()))
                on_press=move |()| form.fill(held.get_untracked())
            />
        </div>
        {move || on_server.get().then(|| view! { <CallFold text=call/> })}
        <ConfirmDialog
            open=asking
            on_close=move |()| asking.set(false)
            title="Save the retention policy?"
            lead="Backup jobs prune by it from their next run. What they remove is gone for good."
            losses=losses
            verb="Save policy"
            keep=Signal::stored("Keep the old one".to_owned())
            on_confirm=on_confirm
            call=call
        >
            {move || bared.get().map(|words| view! { <Note tone=Tone::Bad><p>{words}</p></Note> })}
        </ConfirmDialog>
    }
}

/// Why the list does not tell of all backups there are; empty where it does. Tracked.
fn lacking(fleet: Fleet) -> String {
    let stale = fleet.watch.status.with(|status| status.error.is_some());
    fleet.watch.value.with(|all| {
        let Some(all) = all.as_deref() else {
            return "the list of backups has not been read".to_owned();
        };
        let storages: Vec<&str> = all.failed.iter().map(|(name, _)| name.as_str()).collect();
        match (storages.is_empty(), all.bad > 0, stale) {
            (false, ..) => format!("{} could not be read", storages.join(", ")),
            (_, true, _) => "some of the list could not be understood".to_owned(),
            (_, _, true) => "the list is an old one".to_owned(),
            _ => String::new(),
        }
    })
}

/// What goes of all there are, or that this is not known.
fn goes_lines(whole: Option<&Reckoned>, lacking: &str) -> Vec<Loss> {
    let Some(whole) = whole else {
        return vec![Loss::new("How many backups go is not known", lacking)];
    };
    let goes = whole.plan.goes;
    let least = if lacking.is_empty() { "" } else { "At least " };
    let what = count(goes, "backup of today goes", "backups of today go");
    let size = whole.goes().size_words().filter(|_| goes > 0);
    let size = size.map_or_else(String::new, |size| format!("{size}, "));
    let mut lines = vec![Loss::new(
        format!("{least}{what}"),
        format!("{size}when jobs prune by it"),
    )];
    if !lacking.is_empty() {
        lines.push(Loss::new("How many more is not known", lacking));
    }
    lines
}

fn save(live: &Live, form: Form, kept: RwSignal<Kept>) -> crate::components::dialog::ConfirmCall {
    Force::new(false).call(
        live,
        "Save the retention policy".to_owned(),
        move |live, _| {
            let wire =
                untrack(|| form.policy()).and_then(|policy| RetentionPolicy::of(policy).ok());
            let sent = live
                .actions
                .set_retention(wire.unwrap_or_default(), Failures::Caller);
            async move {
                let answer = sent.await;
                if let Some(Ok(policy)) = &answer {
                    let _ = kept.try_set(Kept::Server(policy.policy()));
                }
                answer
            }
        },
    )
}

/// A rule of the server's cleanup.
#[component]
pub fn RuleCard(form: Form, children: Children) -> impl IntoView {
    let word = form.by_word();
    let label = Signal::derive(move || {
        match word.get() {
            "days" => "Keep those of the last",
            "count" => "Keep the newest of each VM",
            _ => "Keep one of each of the last",
        }
        .to_owned()
    });
    let unit = Signal::derive(move || {
        match word.get() {
            "days" => "days",
            "count" => "backups",
            _ => "months",
        }
        .to_owned()
    });
    let help = Signal::derive(move || {
        match word.get() {
            "days" => "All older ones are removed, also a VM's last",
            "count" => "Of each VM, wherever they lie",
            _ => "The newest of each month, VM by VM",
        }
        .to_owned()
    });
    let error = Signal::derive(move || form.number.with(|text| read_rule(text)).err());
    let range = NumberRange::new(1.0, f64::from(MOST));
    view! {
        <Card title="Cleanup" aside=|| "once, by the server" class="ret-card">
            <p class="quiet">"Removes now what the rule does not keep. Protected backups stay."</p>
            <NumberField label=label value=form.number range=Signal::stored(range) help=help error=error unit=unit/>
            {children()}
        </Card>
    }
}

/// Of which VMs, and on which storage.
#[component]
pub fn Scope(fleet: Fleet, form: Form) -> impl IntoView {
    let words = form.address.word("q");
    let storage = follows(form.address.word("storage"));
    let options = Signal::derive(move || {
        let names: BTreeSet<String> = fleet
            .all
            .with(|all| all.iter().map(|row| row.storage.clone()).collect());
        let mut options = vec![SelectOption::new("", "All storages")];
        options.extend(
            names
                .into_iter()
                .map(|name| SelectOption::new(name.clone(), name)),
        );
        options
    });
    let found = move || {
        let scope = form.scope.get();
        scope.map(|vms| count(vms.len(), "VM", "VMs"))
    };
    let is_policy = Memo::new(move |_| form.is_policy());
    view! {
        <div class="fb-filters" role="search" aria-label="Which backups">
            <SearchField
                label="Search VMs"
                placeholder="All VMs; or name, ID, tag:… node:…"
                value=words
                on_input=move |words: String| form.address.typed(&[("q", &words)])
                on_leave=move |()| form.address.flush()
                found=Signal::derive(found)
                of_page=true
            />
            {move || is_policy.get().then(|| view! {
                <div class="ret-storage">
                    <SelectField
                        label="Storage"
                        value=storage
                        options=options
                        on_change=Callback::new(move |name: String| form.address.set(&[("storage", &name)]))
                    />
                </div>
            })}
        </div>
    }
}
