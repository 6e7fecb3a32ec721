//! State of the dialog, from what is asked for to what is sent.

use super::look::{look, words};
use super::outline::{Found, Looked, Outline, locked, outline};
use super::{MassEdit, Shown, run};
use crate::api::ErrorKind;
use crate::domain::ids::VmId;
use crate::domain::mass_edit::{Edit, Job, Notes, Row, State};
use crate::screens::common::pool::pool;
use crate::stores::spawn;
use futures_util::FutureExt;
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
    pub fn begin(edit: MassEdit) -> Self {
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

    /// Why the changes can't be reviewed yet; tracked.
    pub fn blocked(&self) -> Option<String> {
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
    pub fn run(self) {
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

    /// To the step before.
    pub fn back(self) {
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
