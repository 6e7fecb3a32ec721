//! What is told in passing: toasts and the live region for screen readers.

use super::lock;
use crate::api::ApiError;
use crate::domain::ids::{Upid, VmId};
use leptos::prelude::*;
use std::sync::{Arc, Mutex};

/// How good the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    Info,
    /// Something ended well.
    Good,
    /// Something ended, but look at it.
    Warn,
    /// Something failed.
    Bad,
}

/// Takes back what a notice tells of.
#[derive(Clone)]
pub struct Undo(Arc<dyn Fn() + Send + Sync>);

impl Undo {
    /// By running this, from wherever.
    pub fn new(run: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(run))
    }

    /// Takes it back.
    pub fn run(&self) {
        (self.0)();
    }
}

impl PartialEq for Undo {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Undo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Undo")
    }
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Names it for [`Notices::dismiss`]; given by [`Notices::push`].
    pub id: u64,
    /// How good it is.
    pub tone: Tone,
    /// One line, e.g. `Start web-server-01`.
    pub title: String,
    /// More: the server's words.
    pub text: Option<String>,
    /// Of a failed call; has the copyable report.
    pub error: Option<Box<ApiError>>,
    /// The task it is about.
    pub task: Option<Upid>,
    /// The VM it is about.
    pub vm: Option<VmId>,
    /// Takes it back, where that can be done.
    pub undo: Option<Undo>,
    /// Where more can be done about it: words, and a plain path.
    pub link: Option<(&'static str, String)>,
}

impl Notice {
    /// With a title alone.
    #[must_use]
    pub fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self {
            id: 0,
            tone,
            title: title.into(),
            text: None,
            error: None,
            task: None,
            vm: None,
            undo: None,
            link: None,
        }
    }

    /// A failed call: `what` could not be done.
    #[must_use]
    pub fn failed(what: impl Into<String>, error: &ApiError) -> Self {
        Self {
            text: Some(error.message.clone()),
            error: Some(Box::new(error.clone())),
            ..Self::new(Tone::Bad, what)
        }
    }

    /// With more words.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into()).filter(|text| !text.is_empty());
        self
    }

    /// About a task.
    #[must_use]
    pub fn task(mut self, task: Option<Upid>) -> Self {
        self.task = task;
        self
    }

    /// With a way to take it back.
    #[must_use]
    pub fn undo(mut self, undo: Undo) -> Self {
        self.undo = Some(undo);
        self
    }

    /// With a way to where more can be done; before those to the task and the VM.
    #[must_use]
    pub fn link(mut self, words: &'static str, path: String) -> Self {
        self.link = Some((words, path));
        self
    }

    /// About a VM.
    #[must_use]
    pub fn vm(mut self, vm: Option<VmId>) -> Self {
        self.vm = vm;
        self
    }
}

/// Older news than this many is forgotten.
const MOST: usize = 20;

/// All news that was not dismissed, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Notices {
    list: ArcRwSignal<Arc<Vec<Notice>>>,
    next: Arc<Mutex<u64>>,
}

impl Notices {
    /// What is to be shown, oldest first. The newest one's title is what a live region speaks.
    #[must_use]
    pub fn list(&self) -> Signal<Arc<Vec<Notice>>> {
        self.list.clone().into()
    }

    /// Tells something. A task's later news takes the place of its earlier.
    pub fn push(&self, mut notice: Notice) -> u64 {
        let id = {
            let mut next = lock(&self.next);
            *next += 1;
            *next
        };
        notice.id = id;
        self.list.update(|list| {
            let list = Arc::make_mut(list);
            if notice.task.is_some() {
                list.retain(|other| other.task != notice.task);
            }
            list.push(notice);
            if list.len() > MOST {
                list.remove(0);
            }
        });
        id
    }

    /// Takes one away.
    pub fn dismiss(&self, id: u64) {
        self.list
            .update(|list| Arc::make_mut(list).retain(|notice| notice.id != id));
    }

    /// Takes all away.
    pub fn clear(&self) {
        self.list.set(Arc::default());
    }
}
