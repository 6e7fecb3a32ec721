//! What needs a person. Each kind of trouble comes from a source of its own; one that fails takes
//! nothing from the others, and is named, since silence would read as "all is well".

use super::backups::{has_failed, name};
use super::parts::{denied, hold, minute, steady};
use crate::api::ApiError;
use crate::api::backups::BackupHealth;
use crate::api::capabilities::Feature;
use crate::api::cluster::{ClusterResource, ClusterStatus};
use crate::api::storage::Storage;
use crate::api::tasks::Task;
use crate::api::vms::Vm;
use crate::components::time::{TimeStyle, TimeText};
use crate::components::{
    Button, Card, ControlSize, EmptyState, Icon, IconName, Note, SkeletonRows, Tone,
};
use crate::domain::alerts::{
    Alert, Facts, FailedTask, NodeFacts, Overdue, Severity, StorageFacts, Target, derive,
};
use crate::domain::ids::{Upid, VmId};
use crate::domain::status::VmStatus;
use crate::domain::task::{TaskState, title};
use crate::domain::units::{Bytes, Instant};
use crate::paths;
use crate::screens::page::Link;
use crate::stores::{Live, RowsWatch, Status, Watch, use_live};
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

const DAY: i64 = 86_400_000;
/// Failed tasks that are named.
const FAILED: usize = 5;

/// Where alerts come from.
#[derive(Clone, Copy)]
struct Sources {
    cluster: Watch<ClusterStatus>,
    usage: Watch<Vec<ClusterResource>>,
    storages: Watch<Vec<Storage>>,
    tasks: RowsWatch<Upid, Task>,
    vms: RowsWatch<VmId, Vm>,
    /// None where the server does not offer it.
    backups: Memo<Option<Health>>,
    minute: Memo<Instant>,
}

/// A watch, for a memo: told apart only by whether there is one.
#[derive(Clone, Copy)]
struct Health(Watch<BackupHealth>);

impl PartialEq for Health {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How one source stands.
struct Check {
    what: &'static str,
    known: bool,
    status: Signal<Status>,
    again: fn(Sources),
}

impl Sources {
    fn new(live: &Live) -> Self {
        let refused = denied(live, Feature::BackupHealth);
        let offered = Memo::new(move |_| refused.with(Option::is_none));
        let health = live.backup_health.clone();
        Self {
            cluster: live.cluster.watch(),
            usage: live.node_usage.watch(),
            storages: live.storages.watch(),
            tasks: live.tasks.watch(),
            vms: live.vms.watch(),
            backups: Memo::new(move |_| offered.get().then(|| Health(health.watch()))),
            minute: minute(live.clock.watch()),
        }
    }

    /// All sources; tracks which are known.
    fn checks(self) -> Vec<Check> {
        let mut checks = vec![
            Check {
                what: "nodes and quorum",
                known: self.cluster.value.with(Option::is_some),
                status: self.cluster.status,
                again: |all| drop(all.cluster.refresh()),
            },
            Check {
                what: "memory of the nodes",
                known: self.usage.value.with(Option::is_some),
                status: self.usage.status,
                again: |all| drop(all.usage.refresh()),
            },
            Check {
                what: "storages",
                known: self.storages.value.with(Option::is_some),
                status: self.storages.status,
                again: |all| drop(all.storages.refresh()),
            },
            Check {
                what: "tasks",
                known: self.tasks.rows().is_loaded(),
                status: self.tasks.status,
                again: |all| drop(all.tasks.refresh()),
            },
            Check {
                what: "VMs",
                known: self.vms.rows().is_loaded(),
                status: self.vms.status,
                again: |all| drop(all.vms.refresh()),
            },
        ];
        if let Some(Health(watch)) = self.backups.get() {
            checks.push(Check {
                what: "backups",
                known: watch.value.with(Option::is_some),
                status: watch.status,
                again: |all| {
                    if let Some(Health(watch)) = all.backups.get_untracked() {
                        drop(watch.refresh());
                    }
                },
            });
        }
        checks
    }

    /// What follows from all that is known; tracked.
    fn alerts(self) -> Vec<Alert> {
        let cluster = self.cluster.get();
        let usage = self.usage.get();
        let storages = self.storages.get();
        let tasks = self.tasks.all();
        let vms = self.vms.rows().roster();
        let health = self.backups.get().and_then(|Health(watch)| watch.get());
        let rows = usage.as_deref().map_or(&[][..], Vec::as_slice);
        let memory = |node: &str| {
            let row = rows.iter().find(|row| row.node.as_deref() == Some(node))?;
            row.mem?.of(row.maxmem?)
        };
        let since = self.minute.get().millis - DAY;
        let named = |vm: VmId| {
            let row = self.vms.rows().peek(&vm);
            row.map(|row| row.name.clone())
        };
        let coverage = health.as_deref().map_or(&[][..], |health| &health.coverage);
        let names: Vec<String> = coverage.iter().map(name).collect();
        let facts = Facts {
            quorate: cluster.as_deref().and_then(|status| status.cluster.quorate),
            nodes: cluster
                .iter()
                .flat_map(|status| &status.nodes)
                .map(|node| NodeFacts {
                    name: &node.name,
                    online: node.online,
                    memory: memory(&node.name),
                })
                .collect(),
            storages: storages
                .iter()
                .flat_map(|all| all.iter())
                .map(fill)
                .collect(),
            failed: failed(&tasks, since, named),
            overdue: coverage
                .iter()
                .zip(&names)
                .filter(|(vm, _)| vm.overdue || has_failed(vm))
                .map(|(vm, name)| Overdue {
                    vmid: vm.vmid,
                    name,
                })
                .collect(),
            broken: vms
                .iter()
                .filter(|vm| vm.status == VmStatus::Error && !vm.template)
                .map(|vm| (vm.vmid, vm.name.as_str()))
                .collect(),
        };
        derive(&facts)
    }
}

fn fill(storage: &Storage) -> StorageFacts<'_> {
    let counted = storage.total.zip(storage.used);
    StorageFacts {
        name: &storage.storage,
        enabled: storage.enabled != Some(false),
        active: storage.active,
        used: storage.fill(),
        left: storage
            .available
            .or_else(|| counted.map(|(total, used)| Bytes(total.0.saturating_sub(used.0)))),
    }
}

/// The newest tasks that failed since then, and were not made good by the same task on the same
/// object.
fn failed(
    tasks: &[Arc<Task>],
    since: i64,
    named: impl Fn(VmId) -> Option<String>,
) -> Vec<FailedTask<'_>> {
    let mut newest: Vec<(&Task, TaskState)> =
        tasks.iter().map(|task| (&**task, task.state())).collect();
    newest.sort_by_key(|(task, _)| std::cmp::Reverse(task.starttime));
    let mut done = HashSet::new();
    let mut failed = Vec::new();
    for (task, state) in newest {
        let work = (task.kind.as_str(), task.id.as_str());
        let at = task.endtime.or(task.starttime);
        let fresh = at.is_none_or(|at| at.millis >= since);
        match state {
            TaskState::Ok | TaskState::Warning(_) => {
                done.insert(work);
            }
            TaskState::Failed(_) if fresh && failed.len() < FAILED && !done.contains(&work) => {
                let name = task.vm().and_then(&named);
                let (verb, object) = title(&task.kind, &task.id, name.as_deref());
                failed.push(FailedTask {
                    upid: &task.upid,
                    title: format!("{verb} {object}").trim().to_owned(),
                    why: task.exitstatus.as_deref().unwrap_or(&task.status),
                    at,
                });
            }
            _ => {}
        }
    }
    failed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Loading,
    Nothing,
    Alerts,
}

#[component]
pub(super) fn AttentionCard() -> impl IntoView {
    let sources = Sources::new(&use_live());
    let held = RwSignal::new(false);
    let fresh = Memo::new(move |_| sources.alerts());
    let alerts = steady(fresh, held);
    let pending = Memo::new(move |_| {
        let waits = |check: &Check| !check.known && check.status.with(|s| s.error.is_none());
        sources.checks().iter().any(waits)
    });
    let shown = Memo::new(move |_| match alerts.with(Vec::is_empty) {
        false => Shown::Alerts,
        true if pending.get() => Shown::Loading,
        true => Shown::Nothing,
    });
    let number = Memo::new(move |_| fresh.with(Vec::len));
    let aside = move || move || (!pending.get() || number.get() > 0).then(|| number.get());
    let unchecked = Memo::new(move |_| unchecked(sources));
    let whole = Memo::new(move |_| unchecked.with(Option::is_none));
    let nothing = move || {
        if whole.get() {
            view! { <EmptyState small=true icon=IconName::CircleCheck title="Nothing needs attention"/> }
                .into_any()
        } else {
            view! { <EmptyState small=true icon=IconName::Info title="Nothing found in what could be checked"/> }
                .into_any()
        }
    };
    view! {
        <Card title="Needs attention" aside=aside flush=true class="dash-attention">
            {move || match shown.get() {
                Shown::Loading => view! { <div aria-busy="true"><SkeletonRows rows=3/></div> }.into_any(),
                Shown::Nothing => nothing().into_any(),
                Shown::Alerts => view! {
                    <ul
                        class="rows dash-alerts"
                        on:focusin=move |_| hold(held, true)
                        on:focusout=move |_| hold(held, false)
                    >
                        <For
                            each=move || alerts.with(|all| all.iter().map(|alert| alert.key.clone()).collect::<Vec<_>>())
                            key=Clone::clone
                            let:key
                        >
                            <AlertRow alerts=alerts key=key/>
                        </For>
                    </ul>
                }
                .into_any(),
            }}
            <Unchecked unchecked=unchecked sources=sources/>
        </Card>
    }
}

/// The sources that failed, and why the first did.
fn unchecked(sources: Sources) -> Option<(String, String)> {
    let failed: Vec<(&str, ApiError)> = sources
        .checks()
        .iter()
        .filter_map(|check| Some((check.what, check.status.with(|s| s.error.clone())?)))
        .collect();
    let (_, first) = failed.first()?;
    let message = first.message.clone();
    let what: Vec<&str> = failed.iter().map(|(what, _)| *what).collect();
    Some((what.join(", "), message))
}

/// What could not be checked.
#[component]
fn Unchecked(unchecked: Memo<Option<(String, String)>>, sources: Sources) -> impl IntoView {
    let any = Memo::new(move |_| unchecked.with(Option::is_some));
    let what = move || {
        unchecked.with(|failed| {
            let (what, why) = failed.as_ref()?;
            Some(format!("Could not be checked: {what}. {why}"))
        })
    };
    let retry = Callback::new(move |()| {
        for check in untrack(|| sources.checks()) {
            if check.status.with_untracked(|status| status.error.is_some()) {
                (check.again)(sources);
            }
        }
    });
    view! {
        <Show when=move || any.get()>
            <div class="dash-unchecked">
                <Note tone=Tone::Warn>
                    <p>{what}</p>
                    <Button label="Check again" size=ControlSize::Small on_press=retry/>
                </Note>
            </div>
        </Show>
    }
}

/// Where the cause is seen. Nodes have no page yet: their VMs are what suffers.
fn place(target: &Target) -> Option<String> {
    match target {
        Target::Vm(vm) => Some(paths::vm(*vm)),
        Target::Task(upid) => Some(paths::task(upid)),
        Target::Node(node) => Some(paths::vms_where(&[("node", node)])),
        Target::Cluster | Target::Storage(_) | Target::Vms(_) => None,
    }
}

/// One alert. Its words may change while its cause stays the same.
#[component]
fn AlertRow(alerts: Memo<Vec<Alert>>, key: String) -> impl IntoView {
    let live = use_live();
    let now = live.clock.watch();
    let alert = Memo::new(move |last: Option<&Option<Alert>>| {
        let found = alerts.with(|all| all.iter().find(|alert| alert.key == key).cloned());
        found.or_else(|| last.cloned().flatten())
    });
    let bad = Memo::new(move |_| {
        alert.with(|alert| alert.as_ref().map(|alert| alert.severity) == Some(Severity::Bad))
    });
    let title = move || alert.with(|alert| alert.as_ref().map(|alert| alert.title.clone()));
    let detail = Memo::new(move |_| alert.with(|alert| alert.as_ref().map(|a| a.detail.clone())));
    let at = Memo::new(move |_| alert.with(|alert| alert.as_ref()?.at));
    let to = Memo::new(move |_| alert.with(|alert| place(&alert.as_ref()?.target)));
    let several = Memo::new(move |_| {
        alert.with(|alert| match &alert.as_ref()?.target {
            Target::Vms(vms) => Some(vms.clone()),
            _ => None,
        })
    });
    let icon = Signal::derive(move || {
        if bad.get() {
            IconName::CircleAlert
        } else {
            IconName::Triangle
        }
    });
    let tone = move || if bad.get() { Tone::Bad } else { Tone::Warn }.class();
    view! {
        <li class=move || format!("dash-alert {}", tone())>
            <Icon name=icon/>
            <div class="dash-alert-words">
                <span class="vh">{move || if bad.get() { "Critical: " } else { "Warning: " }}</span>
                {move || match to.get() {
                    Some(to) => view! { <Link class="dash-row-link dash-alert-title" to=to>{title}</Link> }.into_any(),
                    None => view! { <span class="dash-alert-title">{title}</span> }.into_any(),
                }}
                <p class="dash-alert-detail">
                    {move || match several.get() {
                        Some(vms) => view! { <Several vms=vms/> }.into_any(),
                        None => view! { {move || detail.get()} }.into_any(),
                    }}
                </p>
            </div>
            {move || at.get().map(|_| view! {
                <span class="dash-alert-time"><TimeText at=at now=now style=TimeStyle::Clock/></span>
            })}
        </li>
    }
}

/// Several VMs, the first of them by name.
#[component]
fn Several(vms: Vec<VmId>) -> impl IntoView {
    const NAMED: usize = 3;
    let live = use_live();
    let more = vms.len().saturating_sub(NAMED);
    let named = vms.into_iter().take(NAMED).enumerate().map(|(at, vm)| {
        let name = live.vms.name(vm);
        view! {
            {(at > 0).then_some(", ")}
            <Link class="link" to=paths::vm(vm)>{name}</Link>
        }
    });
    view! {
        {named.collect_view()}
        {(more > 0).then(|| format!(" and {more} more"))}
    }
}
