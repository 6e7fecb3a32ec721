//! What came of switching many VMs, one by one, and trying the failed ones again.

use super::bulk::LeftOut;
use super::bulk_ask::Bulk;
use crate::api::bulk::BulkVmResult;
use crate::api::{ApiError, ErrorKind, Started};
use crate::components::{Button, ButtonLook, Dialog, Icon, IconName, Tone};
use crate::domain::ids::{Upid, VmId};
use crate::domain::units::count;
use crate::domain::vm_can::PowerAction;
use crate::paths;
use crate::screens::page::Link;
use crate::stores::spawn;
use leptos::prelude::*;

/// What came of one VM.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReportRow {
    vm: VmId,
    name: String,
    /// The server's words: what was begun, or why not.
    outcome: Result<String, String>,
    /// Whether the server's safety rules refused it: force goes past them.
    safety: bool,
    task: Option<Upid>,
}

impl ReportRow {
    /// From the answer of a bulk call; `None` where it does not mention the VM.
    pub fn of_bulk(vm: VmId, name: String, told: Option<&BulkVmResult>) -> Self {
        let said = |row: &BulkVmResult| {
            let (message, error) = (row.message.clone(), row.error.clone());
            match (error, message) {
                (Some(error), Some(message)) if error != message => format!("{error}: {message}"),
                (Some(words), _) | (None, Some(words)) => words,
                (None, None) => "The server gives no reason".to_owned(),
            }
        };
        let outcome = match told {
            None => Err("The server says nothing of it".to_owned()),
            Some(row) if row.success => Ok(row.message.clone().unwrap_or_default()),
            Some(row) => Err(said(row)),
        };
        Self {
            vm,
            name,
            outcome,
            safety: told.is_some_and(BulkVmResult::is_safety_refusal),
            task: told.and_then(|row| row.task.clone()),
        }
    }

    /// From a single call; `None` where the same was under way.
    pub fn of_one(vm: VmId, name: String, answer: Option<Result<Started, ApiError>>) -> Self {
        let safety = matches!(&answer, Some(Err(error)) if error.kind == ErrorKind::SafeMode);
        let (outcome, task) = match answer {
            None => (Err("The same is under way already".to_owned()), None),
            Some(Err(error)) => (Err(error.message.clone()), None),
            Some(Ok(started)) => (Ok(started.message), started.task),
        };
        Self {
            vm,
            name,
            outcome,
            safety,
            task,
        }
    }
}

/// What came of all of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Report {
    /// What was done.
    pub action: PowerAction,
    /// VM by VM, as they were sent.
    pub rows: Vec<ReportRow>,
    /// Those that were not sent.
    pub left_out: Vec<LeftOut>,
}

impl Report {
    /// How many were refused or failed.
    pub fn failed(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome.is_err()).count()
    }

    /// "Start 3 VMs: 2 started, 1 refused".
    pub fn title(&self) -> String {
        let (all, failed) = (self.rows.len(), self.failed());
        let verb = self.action.label();
        let many = count(all, "VM", "VMs");
        match failed {
            0 => format!("{verb} {many}: begun"),
            failed => format!("{verb} {many}: {} begun, {failed} refused", all - failed),
        }
    }

    fn refused(&self) -> Vec<VmId> {
        let refused = self.rows.iter().filter(|row| row.outcome.is_err());
        refused.map(|row| row.vm).collect()
    }

    /// Those that force would help.
    fn held(&self) -> Vec<VmId> {
        let held = self.rows.iter().filter(|row| row.safety);
        held.map(|row| row.vm).collect()
    }

    /// Puts newer outcomes in the place of older ones.
    fn take(&mut self, newer: Vec<ReportRow>) {
        for row in newer {
            match self.rows.iter_mut().find(|old| old.vm == row.vm) {
                Some(old) => *old = row,
                None => self.rows.push(row),
            }
        }
    }
}

/// The report, while there is one to show.
#[component]
pub(super) fn ReportDialog(bulk: Bulk) -> impl IntoView {
    let report = bulk.report;
    let open = Memo::new(move |_| report.with(Option::is_some));
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let title = Signal::derive(move || {
        report.with(|report| report.as_ref().map(Report::title).unwrap_or_default())
    });
    let close = Callback::new(move |()| {
        problem.set(None);
        report.set(None);
    });
    let retry = Callback::new(move |force: bool| {
        let known = report.with_untracked(|report| {
            let report = report.as_ref()?;
            let vms = if force {
                report.held()
            } else {
                report.refused()
            };
            Some((report.action, vms))
        });
        let Some((action, vms)) = known else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let live = bulk.live();
        spawn::action(async move {
            let answer = Bulk::run(live, action, vms, force).await;
            let _ = busy.try_set(false);
            match answer {
                Some(Ok(rows)) => {
                    let _ = report.try_update(|report| {
                        if let Some(report) = report {
                            report.take(rows);
                        }
                    });
                }
                Some(Err(error)) => drop(problem.try_set(Some(error.message.clone()))),
                None => drop(problem.try_set(Some("The same is under way already".to_owned()))),
            }
        });
    });
    let failed =
        Memo::new(move |_| report.with(|report| report.as_ref().map_or(0, Report::failed)));
    let held =
        Memo::new(move |_| report.with(|report| report.as_ref().map_or(0, |r| r.held().len())));
    let footer = move || {
        view! {
            {move || (held.get() > 0).then(|| view! {
                <Button
                    label=Signal::derive(move || format!("Force {}", held.get()))
                    look=ButtonLook::DangerQuiet
                    busy=busy
                    on_press=move |()| retry.run(true)
                />
            })}
            {move || (failed.get() > 0).then(|| view! {
                <Button
                    label=Signal::derive(move || format!("Try {} again", failed.get()))
                    icon=Signal::stored(IconName::Refresh)
                    busy=busy
                    on_press=move |()| retry.run(false)
                />
            })}
            <Button label="Done" look=ButtonLook::Primary on_press=close/>
        }
    };
    view! {
        <Dialog open=open on_close=close title=title footer=footer>
            <p class="vms-problem" role="alert">{move || problem.get()}</p>
            {move || (held.get() > 0).then(|| view! {
                <p class="quiet">"The server's safety rules kept some out; Force goes past them."</p>
            })}
            <Lines report=report/>
        </Dialog>
    }
}

#[component]
fn Lines(report: RwSignal<Option<Report>>) -> impl IntoView {
    let lines = move || {
        let report = report.get()?;
        let sent = report.rows.into_iter().map(line).collect_view();
        let left = report.left_out.into_iter().map(|vm| {
            view! {
                <tr>
                    <th scope="row">{vm.name}</th>
                    <td><Mark tone=Tone::Idle icon=IconName::Minus word="Left out"/></td>
                    <td>{vm.reason}</td>
                </tr>
            }
        });
        Some(view! { {sent} {left.collect_view()} })
    };
    view! {
        <table class="vms-results">
            <thead class="vh">
                <tr><th scope="col">"VM"</th><th scope="col">"Result"</th><th scope="col">"Details"</th></tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

fn line(row: ReportRow) -> impl IntoView {
    let (mark, words) = match row.outcome {
        Ok(words) => (
            view! { <Mark tone=Tone::Ok icon=IconName::Check word="Begun"/> }.into_any(),
            words,
        ),
        Err(words) => (
            view! { <Mark tone=Tone::Bad icon=IconName::X word="Refused"/> }.into_any(),
            words,
        ),
    };
    let task = row.task.map(|task| {
        view! { " " <Link to=paths::task(&task) class="link">"Open task"</Link> }
    });
    view! {
        <tr>
            <th scope="row">{row.name}" "<span class="mono">{row.vm.to_string()}</span></th>
            <td>{mark}</td>
            <td>{words}{task}</td>
        </tr>
    }
}

/// How one VM fared: a colour, a picture, a word.
#[component]
pub(super) fn Mark(tone: Tone, icon: IconName, word: &'static str) -> impl IntoView {
    view! {
        <span class=format!("state {}", tone.class())>
            <Icon name=icon/>
            {word}
        </span>
    }
}
