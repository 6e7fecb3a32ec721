//! Follows tasks: what the newest list says of those started here, and how quickly to ask.

use super::context::Context;
use super::feed::Hooks;
use super::rows::Rows;
use super::spawn;
use super::tray::{Tray, TrayTask};
use crate::api::ErrorKind;
use crate::api::tasks::{self, Task};
use crate::domain::ids::Upid;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A task of somebody else makes polls quick for so long. A backup runs for hours, and meanwhile
/// nothing moves.
const MOVES_MILLIS: i64 = 600_000;
/// At most so many tasks are asked for one by one.
const ONE_BY_ONE: usize = 8;

#[derive(Clone)]
pub(super) struct Follow {
    context: Context,
    tray: Tray,
    rows: Rows<Upid, Task>,
    asking: Arc<AtomicBool>,
}

impl Hooks<Task> for Follow {
    fn done(&self) {
        self.look();
        self.ask_for_unseen();
    }
}

impl Follow {
    pub fn new(context: &Context, tray: &Tray, rows: &Rows<Upid, Task>) -> Self {
        Self {
            context: context.clone(),
            tray: tray.clone(),
            rows: rows.clone(),
            asking: Arc::default(),
        }
    }

    /// Takes note of the rows as they are.
    pub fn look(&self) {
        self.tray.take_from_rows();
        let now = self.context.client.server_now().millis;
        let recent = |task: &Task| {
            task.starttime
                .is_none_or(|start| now.saturating_sub(start.millis) < MOVES_MILLIS)
        };
        let moving = self.tray.is_expecting()
            || self
                .rows
                .peek_all()
                .iter()
                .any(|task| task.state().is_running() && recent(task));
        self.context.set_moving(moving);
    }

    /// Asks for open tasks that are not in the list: it may be too short, or leave out running
    /// ones (divergence 44).
    fn ask_for_unseen(&self) {
        let unseen = self.tray.unseen();
        if unseen.is_empty() || self.asking.swap(true, Ordering::Relaxed) {
            return;
        }
        let me = self.clone();
        spawn::action(async move {
            for own in unseen.into_iter().take(ONE_BY_ONE) {
                me.ask(&own).await;
            }
            me.asking.store(false, Ordering::Relaxed);
            me.look();
        });
    }

    async fn ask(&self, own: &TrayTask) {
        let client = &self.context.client;
        let answer = match (&own.upid, own.vm) {
            (Some(upid), _) => tasks::get(client, upid).await.map(Some),
            (None, Some(vm)) if !own.kind.is_empty() => {
                tasks::look_up(client, vm, &own.kind, own.began).await
            }
            _ => Ok(None),
        };
        match answer {
            Ok(Some(task)) => self.tray.take(own.id, &task),
            Ok(None) => self.tray.let_go(own.id, false),
            Err(error) if error.kind == ErrorKind::NotFound => self.tray.let_go(own.id, true),
            Err(_) => {}
        }
    }
}
