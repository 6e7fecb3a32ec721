//! What the cluster is doing to a VM now, and who had it done.

use crate::api::tasks::Task;
use crate::components::{IconName, Pill, Progress, Tone};
use crate::domain::ids::VmId;
use crate::domain::task::under_way;
use crate::domain::units::Fraction;
use crate::paths;
use crate::screens::page::Link;
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// The running task of each VM that has one: the newest, and a console only where there is no
/// other. Needs somebody who watches the tasks: the frame does.
#[derive(Debug, Clone, Copy)]
pub struct UnderWay(Memo<Arc<HashMap<VmId, Arc<Task>>>>);

impl UnderWay {
    /// For the page that is being built, which puts it into the context.
    #[must_use]
    pub fn provide(live: &Live) -> Self {
        let tasks = live.tasks.rows.clone();
        let all = Memo::new(move |_| {
            let rows = tasks.snapshot();
            let mut running: Vec<&Arc<Task>> = rows
                .iter()
                .filter(|task| task.state().is_running())
                .collect();
            running.sort_by_key(|task| (task.kind != "vncproxy", task.starttime));
            let by_vm = running
                .into_iter()
                .filter_map(|task| Some((task.vm()?, task.clone())));
            Arc::new(by_vm.collect::<HashMap<_, _>>())
        });
        let this = Self(all);
        provide_context(this);
        this
    }

    /// The task of one VM.
    #[must_use]
    pub fn of(self, vm: impl Into<Signal<VmId>>) -> Memo<Option<Arc<Task>>> {
        let vm = vm.into();
        Memo::new(move |_| self.0.with(|all| all.get(&vm.get()).cloned()))
    }
}

/// A task in a line: "Back up, by colleague@pve, 34%".
#[must_use]
pub fn words(task: &Task) -> String {
    under_way(&task.kind, &task.user, task.progress)
}

/// The task under way as a pill that leads to it.
#[component]
pub fn UnderWayPill(
    /// The task, while there is one.
    task: Memo<Option<Arc<Task>>>,
) -> impl IntoView {
    let upid = Memo::new(move |_| task.with(|task| task.as_ref().map(|task| task.upid.clone())));
    let label = Memo::new(move |shown: Option<&String>| {
        let now = task.with(|task| task.as_ref().map(|task| words(task)));
        now.or_else(|| shown.cloned()).unwrap_or_default()
    });
    move || {
        upid.get().map(|upid| {
            view! {
                <Link class="under-way" to=paths::task(&upid)>
                    <Pill
                        label=label
                        tone=Tone::Info
                        icon=IconName::Spinner
                        tip=Some("Under way now; opens the task with its log".to_owned())
                    />
                </Link>
            }
        })
    }
}

/// The task under way on a VM, where it is one of a few, with its progress: above a list that it
/// will change.
#[component]
pub fn UnderWayLine(
    /// Which VM.
    vm: VmId,
    /// Which types of tasks.
    fits: fn(&str) -> bool,
) -> impl IntoView {
    let task = UnderWay::provide(&use_live()).of(vm);
    let about = Memo::new(move |_| {
        let task = task.get()?;
        fits(&task.kind).then(|| (task.upid.clone(), words(&task)))
    });
    let share = Signal::derive(move || {
        let progress = task.with(|task| task.as_ref().and_then(|task| task.progress));
        progress.map(Fraction)
    });
    move || {
        about.get().map(|(upid, words)| {
            view! {
                <div class="snap-way" role="status">
                    <Link to=paths::task(&upid)>{words}</Link>
                    <Progress label="Progress of the task" share=share bar_only=true/>
                </div>
            }
        })
    }
}
