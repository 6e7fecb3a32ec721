//! State of the dialog, from what is asked for to the plan, and its frame.

use super::fields::Fields;
use super::look::{look, words};
use super::report::Report;
use super::review::Review;
use super::{MassEdit, Shown, run};
use crate::api::ErrorKind;
use crate::components::{Button, ButtonLook, Dialog, DialogSize};
use crate::domain::ids::VmId;
use crate::domain::mass_edit::{Edit, Job, Known, LeftOut, Notes, Plan, Row, State};
use crate::domain::units::count;
use crate::domain::vm_can;
use crate::screens::common::facts::vm_facts;
use crate::screens::common::pool::pool;
use crate::stores::{Live, spawn};
use futures_util::FutureExt;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// How many configurations are read at once.
const READS: usize = 6;

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Fill,
    Review,
    Run,
}

/// What a look at one VM has found so far.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Waiting,
    Known(Arc<Known>),
    /// It can't be edited now.
    Refused(String),
    /// It could not be read; trying again may help.
    Failed(String),
}

#[derive(Debug, Clone, PartialEq)]
struct Looked {
    vm: VmId,
    name: String,
    found: Found,
}

/// What the edit comes to, as far as is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Outline {
    /// VMs that change, with the digest that their plan was made for.
    pub changes: Vec<(VmId, String, Plan, Option<String>)>,
    /// VMs that are as asked for already.
    pub same: Vec<(VmId, String)>,
    /// VMs that can't be edited, and why.
    pub left_out: Vec<LeftOut>,
    /// VMs whose configuration could not be read, and why.
    pub failed: Vec<LeftOut>,
    /// How many are still to be read.
    pub waiting: usize,
    /// Of how many.
    pub all: usize,
}

/// The form, and what was found for it. Fields are what was chosen and typed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub edit: MassEdit,
    pub vms: RwSignal<Vec<VmId>>,
    pub add: RwSignal<Vec<String>>,
    pub remove: RwSignal<Vec<String>>,
    pub onboot: RwSignal<String>,
    pub agent: RwSignal<String>,
    pub protection: RwSignal<String>,
    pub notes_how: RwSignal<String>,
    pub notes: RwSignal<String>,
    pub step: RwSignal<Step>,
    /// The person wants to close it with something chosen.
    pub discarding: RwSignal<bool>,
    /// VMs that somebody else changed are planned anew, into the edit that ran.
    again: RwSignal<bool>,
    looked: RwSignal<Vec<Looked>>,
    /// Counts the looks: a newer one ends an older.
    turn: RwSignal<u32>,
    pub outline: Memo<Outline>,
}

pub(super) const LEAVE: &str = "leave";

fn switch(value: Option<bool>) -> RwSignal<String> {
    let word = match value {
        None => LEAVE,
        Some(true) => "on",
        Some(false) => "off",
    };
    RwSignal::new(word.to_owned())
}

impl Form {
    /// For what the dialog was opened for.
    fn begin(edit: MassEdit) -> Self {
        let shown = edit.shown.get_untracked();
        let job = edit.live().edits.peek();
        let (vms, asked, step) = match (shown, job) {
            (Some(Shown::Form(vms)), _) => (vms, Edit::default(), Step::Fill),
            (_, Some(job)) => (Vec::new(), job.edit.clone(), Step::Run),
            (_, None) => (Vec::new(), Edit::default(), Step::Run),
        };
        let (how, notes) = match &asked.notes {
            Notes::Leave => (LEAVE, String::new()),
            Notes::Replace(text) => ("replace", text.clone()),
            Notes::Append(text) => ("append", text.clone()),
        };
        let looked = RwSignal::new(Vec::new());
        let (add, remove) = (RwSignal::new(asked.add), RwSignal::new(asked.remove));
        let (onboot, agent) = (switch(asked.onboot), switch(asked.agent));
        let protection = switch(asked.protection);
        let (notes_how, notes) = (RwSignal::new(how.to_owned()), RwSignal::new(notes));
        let mut form = Self {
            edit,
            vms: RwSignal::new(vms),
            add,
            remove,
            onboot,
            agent,
            protection,
            notes_how,
            notes,
            step: RwSignal::new(step),
            discarding: RwSignal::new(false),
            again: RwSignal::new(false),
            looked,
            turn: RwSignal::new(0),
            outline: Memo::new(|_| Outline::default()),
        };
        let draft = form;
        form.outline = Memo::new(move |_| {
            let asked = draft.asked();
            looked.with(|looked| outline(&asked, looked))
        });
        form
    }

    /// What is asked for; tracked.
    pub fn asked(&self) -> Edit {
        let switch = |value: RwSignal<String>| {
            value.with(|word| match word.as_str() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            })
        };
        Edit {
            add: self.add.get(),
            remove: self.remove.get(),
            onboot: switch(self.onboot),
            agent: switch(self.agent),
            protection: switch(self.protection),
            notes: self.notes_how.with(|how| match how.as_str() {
                "replace" => Notes::Replace(self.notes.get()),
                "append" => Notes::Append(self.notes.get()),
                _ => Notes::Leave,
            }),
        }
    }

    /// What is wrong with a field; tracked.
    pub fn error_of(&self, field: &'static str) -> Signal<Option<String>> {
        let form = *self;
        Signal::derive(move || {
            let errors = form.asked().check();
            let error = errors.into_iter().find(|error| error.field == field);
            error.map(|error| error.message)
        })
    }

    fn blocked(&self) -> Option<String> {
        let asked = self.asked();
        if asked.is_empty() {
            Some("Nothing is to be changed yet".to_owned())
        } else if asked.check().is_empty() {
            None
        } else {
            Some("Correct the marked fields first".to_owned())
        }
    }

    /// Reads these VMs and shows what would change.
    pub fn review(self, vms: Vec<VmId>) {
        let live = self.edit.live();
        let looked = vms.into_iter().map(|vm| Looked {
            vm,
            name: live.vms.name(vm),
            found: locked(&live, vm).map_or(Found::Waiting, Found::Refused),
        });
        self.looked.set(looked.collect());
        self.step.set(Step::Review);
        self.read();
    }

    /// Reads those again that failed.
    pub fn read_failed(self) {
        self.looked.update(|looked| {
            for row in looked.iter_mut() {
                if matches!(row.found, Found::Failed(_)) {
                    row.found = Found::Waiting;
                }
            }
        });
        self.read();
    }

    fn read(self) {
        let live = self.edit.live();
        let agent = untrack(|| self.asked()).agent.is_some();
        let waits = |row: &&Looked| row.found == Found::Waiting;
        let mut queue: Vec<VmId> = self
            .looked
            .with_untracked(|looked| looked.iter().filter(waits).map(|row| row.vm).collect());
        queue.reverse();
        self.turn.update(|turn| *turn += 1);
        let turn = self.turn.get_untracked();
        let queue = std::cell::RefCell::new(queue);
        // The dialog may be gone before the last answer: nothing more is asked for then.
        spawn::action(async move {
            let next = || {
                if self.turn.try_get_untracked() != Some(turn) {
                    return None;
                }
                let vm = queue.borrow_mut().pop()?;
                let live = live.clone();
                let work = async move {
                    let found = match look(&live, vm, agent).await {
                        Ok(known) => Found::Known(Arc::new(known)),
                        Err(error) if error.kind == ErrorKind::NotFound => {
                            Found::Refused("It is not there any more".to_owned())
                        }
                        Err(error) => Found::Failed(words(&error)),
                    };
                    if self.turn.try_get_untracked() == Some(turn) {
                        self.looked.update(|looked| {
                            if let Some(row) = looked.iter_mut().find(|row| row.vm == vm) {
                                row.found = found;
                            }
                        });
                    }
                };
                Some(work.boxed_local())
            };
            pool(READS, &next).await;
        });
    }

    /// Sends what was reviewed.
    fn run(self) {
        let edits = self.edit.live().edits.clone();
        let outline = self.outline.get_untracked();
        let rows = outline
            .changes
            .into_iter()
            .map(|(vm, name, plan, digest)| Row {
                vm,
                name,
                patch: plan.patch,
                before: plan.before,
                digest,
                force: false,
                state: State::Waiting,
            });
        let rows: Vec<Row> = rows.collect();
        if self.again.get_untracked() {
            self.note_same();
            edits.change(|job| job.take(rows));
        } else {
            let mut left_out = outline.left_out;
            left_out.extend(outline.failed);
            edits.put(Some(Job {
                edit: untrack(|| self.asked()),
                undoes: false,
                rows,
                left_out,
            }));
        }
        self.to_report();
        run::go(self.edit);
    }

    fn to_report(self) {
        self.turn.update(|turn| *turn += 1);
        self.again.set(false);
        self.step.set(Step::Run);
    }

    /// Looks anew at those that somebody else changed.
    pub fn look_again(self) {
        let Some(job) = self.edit.live().edits.peek() else {
            return;
        };
        self.again.set(true);
        self.review(job.changed());
    }

    /// A second look may find that there is nothing left to do.
    fn note_same(self) {
        let same = self.outline.with_untracked(|outline| outline.same.clone());
        for (vm, _) in same {
            self.edit.live().edits.note(vm, State::Same);
        }
    }

    fn back(self) {
        if self.again.get_untracked() {
            self.note_same();
            self.to_report();
        } else {
            self.turn.update(|turn| *turn += 1);
            self.step.set(Step::Fill);
        }
    }

    /// Closes it; what was chosen is not thrown away by a slip, and what runs goes on.
    pub fn close(self) {
        let edits = self.edit.live().edits.clone();
        if self.step.get_untracked() == Step::Run || self.again.get_untracked() {
            let rests = !untrack(|| edits.is_running());
            if rests && edits.peek().is_some_and(|job| job.counts().open == 0) {
                edits.put(None);
            }
            self.edit.shown.set(None);
        } else if untrack(|| self.asked()).is_empty() {
            self.edit.shown.set(None);
        } else {
            self.discarding.set(true);
        }
    }
}

/// Why a VM can't be edited now, as far as the list knows.
fn locked(live: &Live, vm: VmId) -> Option<String> {
    let row = live.vms.rows().peek(&vm)?;
    let refused = vm_can::configure(&vm_facts(&row, false, false)).err()?;
    Some(refused.0)
}

fn outline(asked: &Edit, looked: &[Looked]) -> Outline {
    let mut outline = Outline {
        all: looked.len(),
        ..Outline::default()
    };
    for Looked { vm, name, found } in looked {
        let name = name.clone();
        match found {
            Found::Waiting => outline.waiting += 1,
            Found::Refused(why) => outline.left_out.push(LeftOut {
                name,
                why: why.clone(),
            }),
            Found::Failed(why) => outline.failed.push(LeftOut {
                name,
                why: why.clone(),
            }),
            Found::Known(known) => match asked.plan(known) {
                Err(why) => outline.left_out.push(LeftOut { name, why }),
                Ok(plan) => match (plan.patch.is_empty(), plan.missing) {
                    (false, _) => outline.changes.push((*vm, name, plan, known.digest())),
                    (true, None) => outline.same.push((*vm, name)),
                    (true, Some(why)) => outline.left_out.push(LeftOut {
                        name,
                        why: why.to_owned(),
                    }),
                },
            },
        }
    }
    outline
}

/// The dialog, from its opening to its end.
pub(super) fn dialog(edit: MassEdit) -> AnyView {
    let form = Form::begin(edit);
    if edit.shown.get_untracked() == Some(Shown::GoOn) {
        run::go(edit);
    }
    let job = edit.live().edits.job();
    let title = Signal::derive(move || match form.step.get() {
        Step::Fill => format!("Edit {}", count(form.vms.with(Vec::len), "VM", "VMs")),
        Step::Review => {
            let all = form.outline.with(|outline| outline.all);
            format!("Changes of {}", count(all, "VM", "VMs"))
        }
        Step::Run => job.with(|job| job.as_ref().map(|job| job.name()).unwrap_or_default()),
    });
    let body = move || match form.step.get() {
        Step::Fill => view! { <Fields form=form/> }.into_any(),
        Step::Review => view! { <Review form=form/> }.into_any(),
        Step::Run => view! { <Report form=form/> }.into_any(),
    };
    let place = NodeRef::<html::Div>::new();
    // The button that led here is gone: the focus goes to what took its place, not nowhere.
    Effect::new(move |before: Option<Step>| {
        let step = form.step.get();
        if before.is_some_and(|before| before != step) {
            request_animation_frame(move || {
                if let Some(Some(place)) = place.try_get_untracked() {
                    let _ = place.focus();
                }
            });
        }
        step
    });
    view! {
        <Dialog
            open=true
            on_close=move |()| form.close()
            title=title
            size=DialogSize::Wide
            footer=move || view! { <Foot form=form/> }
        >
            <div class="vms-edit" node_ref=place tabindex="-1" role="group" aria-label=move || title.get()>
                {body}
            </div>
        </Dialog>
    }
    .into_any()
}

/// The buttons, by step.
#[component]
fn Foot(form: Form) -> impl IntoView {
    let asks = move || {
        view! {
            <p class="vm-edit-ask" role="alert">"Discard what you have chosen?"</p>
            <Button label="Keep editing" on_press=move |()| form.discarding.set(false)/>
            <Button
                label="Discard changes"
                look=ButtonLook::Danger
                on_press=move |()| form.edit.shown.set(None)
            />
        }
    };
    let fill = move || {
        view! {
            <Button label="Cancel" on_press=move |()| form.close()/>
            <Button
                label="Review changes"
                look=ButtonLook::Primary
                disabled=Signal::derive(move || form.blocked())
                on_press=move |()| form.review(form.vms.get_untracked())
            />
        }
    };
    let review = move || {
        let off = Signal::derive(move || {
            form.outline.with(|outline| {
                if outline.waiting > 0 {
                    Some("The configurations are still being read".to_owned())
                } else if outline.changes.is_empty() {
                    Some("Nothing would change".to_owned())
                } else {
                    None
                }
            })
        });
        let label = Signal::derive(move || {
            let number = form.outline.with(|outline| outline.changes.len());
            format!("Change {}", count(number, "VM", "VMs"))
        });
        view! {
            <Button label="Back" on_press=move |()| form.back()/>
            <Button
                label=label
                look=ButtonLook::Primary
                disabled=off
                on_press=move |()| form.run()
            />
        }
    };
    move || match (form.discarding.get(), form.step.get()) {
        (true, _) => asks().into_any(),
        (false, Step::Fill) => fill().into_any(),
        (false, Step::Review) => review().into_any(),
        (false, Step::Run) => view! { <super::report::Buttons form=form/> }.into_any(),
    }
}
