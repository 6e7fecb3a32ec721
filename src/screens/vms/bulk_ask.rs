//! Asking before many VMs are switched, and doing it.

use super::bulk::{LeftOut, Plan, chosen};
use super::bulk_result::{Report, ReportDialog, ReportRow};
use crate::api::ApiError;
use crate::api::bulk;
use crate::api::capabilities::Feature;
use crate::api::vms::{self, Vm};
use crate::components::lazy::area_part;
use crate::components::{ConfirmDialog, Loss};
use crate::domain::ids::VmId;
use crate::domain::table::Selection;
use crate::domain::units::count;
use crate::domain::vm_can::PowerAction;
use crate::lazy_view;
use crate::screens::common::call::curl_of;
use crate::screens::common::force::{Force, ForceChoice};
use crate::screens::common::power::{explained, weight};
use crate::stores::actions::{Answer, Failures};
use crate::stores::notices::{Notice, Tone};
use crate::stores::{Live, spawn};
use futures_util::future::join_all;
use leptos::prelude::*;
use std::sync::Arc;

/// How many single calls run at once where the server has no call for many.
const AT_ONCE: usize = 4;
/// How many names a question lists.
const NAMED: usize = 8;

/// Switching many: what is selected, what is asked, what came of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bulk {
    live: StoredValue<Live>,
    /// The selected VMs as they are.
    pub chosen: Memo<Vec<Arc<Vm>>>,
    asked: RwSignal<Option<Plan>>,
    /// What came of the newest one, VM by VM, while it is shown.
    pub report: RwSignal<Option<Report>>,
}

impl Bulk {
    /// For the page that is being built.
    pub fn new(live: &Live, selection: RwSignal<Selection<VmId>>) -> Self {
        let of = live.clone();
        Self {
            live: StoredValue::new(live.clone()),
            chosen: Memo::new(move |_| selection.with(|selection| chosen(&of, selection))),
            asked: RwSignal::new(None),
            report: RwSignal::new(None),
        }
    }

    /// The stores.
    pub fn live(self) -> Live {
        self.live.get_value()
    }

    /// Asks whether to do it to the selected VMs that allow it.
    pub fn ask(self, action: PowerAction) {
        let plan = untrack(|| Plan::new(&self.live(), &self.chosen.get(), action));
        if !plan.allowed.is_empty() {
            self.asked.set(Some(plan));
        }
    }

    /// Does it and takes down what came of each.
    pub async fn run(
        live: Live,
        action: PowerAction,
        vms: Vec<VmId>,
        force: bool,
    ) -> Answer<Vec<ReportRow>> {
        if untrack(|| live.offers(Feature::BulkPower).is_yes()) {
            let pending = live
                .actions
                .bulk_power(vms.clone(), action, force, Failures::Caller);
            return Some(pending.await?.map(|result| {
                let row = |vm: VmId| {
                    let told = result.results.iter().find(|row| row.vmid == vm);
                    ReportRow::of_bulk(vm, live.vms.name(vm), told)
                };
                vms.into_iter().map(row).collect()
            }));
        }
        let mut rows = Vec::new();
        for some in vms.chunks(AT_ONCE) {
            let calls = some.iter().map(|vm| {
                let pending = live.actions.power(*vm, action, force, Failures::Caller);
                let (vm, name) = (*vm, live.vms.name(*vm));
                async move { ReportRow::of_one(vm, name, pending.await) }
            });
            rows.extend(join_all(calls).await);
        }
        Some(Ok(rows))
    }

    /// Shows what came of it: a line in passing where all went well, else VM by VM.
    fn tell(self, live: &Live, report: Report) {
        if report.failed() > 0 && self.report.try_set(Some(report.clone())).is_none() {
            return;
        }
        let tone = if report.failed() > 0 {
            Tone::Bad
        } else {
            Tone::Good
        };
        live.notices.push(Notice::new(tone, report.title()));
    }
}

/// Where the question and the report stand.
#[component]
pub(super) fn BulkDialogs(bulk: Bulk) -> impl IntoView {
    let wanted =
        Memo::new(move |_| bulk.asked.with(Option::is_some) || bulk.report.with(Option::is_some));
    let give_up = Callback::new(move |()| bulk.asked.set(None));
    move || {
        wanted.get().then(|| {
            area_part(
                || Box::pin(preload_bulk()),
                move || Box::pin(bulk_questions(bulk)),
                give_up,
            )
        })
    }
}

lazy_view! {
    many, preload_bulk,
    fn bulk_questions(bulk: Bulk) -> AnyView { questions(bulk) }
}

fn questions(bulk: Bulk) -> AnyView {
    view! {
        {move || bulk.asked.get().map(|plan| view! { <Question bulk=bulk plan=plan/> })}
        <ReportDialog bulk=bulk/>
    }
    .into_any()
}

#[component]
fn Question(bulk: Bulk, plan: Plan) -> impl IntoView {
    let Plan {
        action,
        allowed,
        left_out,
    } = plan;
    let verb = action.label();
    let many = count(allowed.len(), "VM", "VMs");
    let mut lines = named(&allowed);
    lines.extend(reasons(&left_out));
    let ids: Vec<VmId> = allowed.iter().map(|vm| vm.vmid).collect();
    let choice = Force::new(false);
    let on_close = Callback::new(move |()| {
        let _ = bulk.asked.try_set(None);
    });
    let what = format!("{verb} {many}");
    let (live, targets) = (bulk.live(), ids.clone());
    let call = Signal::derive(move || requests(&live, action, &targets, choice.is_on()));
    let send = move |live: &Live, force: bool| {
        let (live, ids, left_out) = (live.clone(), ids.clone(), left_out.clone());
        // Runs to its end also when the page is left.
        move |_: &Live| {
            spawn::action(async move {
                let answer = Bulk::run(live.clone(), action, ids, force).await;
                if let Some(Ok(rows)) = &answer {
                    let report = Report {
                        action,
                        rows: rows.clone(),
                        left_out,
                    };
                    bulk.tell(&live, report);
                }
                answer.map(|answer| answer.map(drop::<Vec<ReportRow>>))
            }) as spawn::Pending<Option<Result<(), ApiError>>>
        }
    };
    let on_confirm = if action.is_harsh() {
        choice.call_in_time(&bulk.live(), what, send)
    } else {
        choice.call(&bulk.live(), what, move |live, force| {
            send(live, force)(live)
        })
    };
    view! {
        <ConfirmDialog
            open=Signal::stored(true)
            on_close=on_close
            title=format!("{verb} {many}?")
            lead=lead(action, allowed.len())
            losses=Signal::stored(lines)
            verb=format!("{verb} {many}")
            keep=Signal::stored("Leave them".to_owned())
            weight=weight(action)
            on_confirm=on_confirm
            call=call
        >
            <ForceChoice choice=choice/>
        </ConfirmDialog>
    }
}

/// The requests that [`Bulk::run`] sends, one after the other.
fn requests(live: &Live, action: PowerAction, ids: &[VmId], force: bool) -> String {
    let client = &live.client;
    let commands: Vec<String> = if live.offers(Feature::BulkPower).is_yes() {
        live.actions
            .bulk_requests(ids, force)
            .iter()
            .map(|request| curl_of(client, &bulk::power_shown(client, action, request)))
            .collect()
    } else {
        let one = |id: &VmId| curl_of(client, &vms::power_shown(*id, action, force));
        ids.iter().map(one).collect()
    };
    commands.join("\n")
}

fn lead(action: PowerAction, number: usize) -> String {
    let each = if number == 1 {
        ""
    } else {
        "For each of them: "
    };
    let words = explained(action);
    if each.is_empty() {
        return words.to_owned();
    }
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    format!("{each}{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The first names, where they are, and how many more.
fn named(vms: &[Arc<Vm>]) -> Vec<Loss> {
    let line = |vm: &Arc<Vm>| {
        let name = super::cells::shown_name(vm);
        Loss::new(name, format!("{} on {}", vm.vmid, vm.node))
    };
    let mut lines: Vec<Loss> = vms.iter().take(NAMED).map(line).collect();
    if let Some(more) = vms.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(Loss::new(format!("and {more} more"), ""));
    }
    lines
}

/// Those left out, by reason.
fn reasons(left_out: &[LeftOut]) -> Vec<Loss> {
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for vm in left_out {
        match by_reason
            .iter_mut()
            .find(|(reason, _)| *reason == vm.reason)
        {
            Some((_, names)) => names.push(&vm.name),
            None => by_reason.push((&vm.reason, vec![&vm.name])),
        }
    }
    by_reason
        .into_iter()
        .map(|(reason, names)| {
            let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            let more = names.len().saturating_sub(3);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            Loss::new(format!("Left out: {shown}{more}"), reason)
        })
        .collect()
}
