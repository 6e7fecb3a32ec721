//! Figures of the VMs in sight, where the list has none (divergence 13): each is asked for by
//! itself, a few at once while some are new, then no more than one in a second.

use super::context::Context;
use super::feed::Feed;
use super::lock;
use super::poller::Plan;
use super::rows::Rows;
use super::vms::Histories;
use crate::api::vms::{self, Vm, VmLive};
use crate::api::{ApiError, Client, ErrorKind};
use crate::domain::ids::VmId;
use crate::domain::live::{Cadence, Turns};
use crate::domain::status::VmStatus;
use crate::domain::units::Instant;
use futures_util::FutureExt;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest time for which figures stand in a row, in milliseconds: with a screenful of rows each
/// has its turn once in a minute.
const KEPT: i64 = 150_000;

/// What was learnt of each VM, and when.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<HashMap<VmId, (VmLive, Instant)>>);

impl Kept {
    /// Completes a row of a list without figures. Answers whether it did: then the row is no new
    /// sample.
    pub fn complete(&self, vm: &mut Vm, now: Instant) -> bool {
        if vm.cpu.is_some() || vm.mem.is_some() {
            return false;
        }
        let kept = lock(&self.0);
        let Some((live, at)) = kept.get(&vm.vmid) else {
            return false;
        };
        let fresh = now.millis - at.millis <= KEPT && vm.status == live.state();
        if fresh {
            fill(vm, live);
        }
        fresh
    }

    fn put(&self, live: VmLive, at: Instant) {
        lock(&self.0).insert(live.vmid, (live, at));
    }

    pub fn clear(&self) {
        lock(&self.0).clear();
    }
}

fn fill(vm: &mut Vm, live: &VmLive) {
    // The list's own state and uptime are as new, and change without the figures.
    let (status, uptime) = (vm.status.clone(), vm.uptime);
    live.fill(vm);
    vm.status = status;
    vm.uptime = uptime.or(vm.uptime);
}

/// Asks for them.
#[derive(Clone)]
pub(super) struct InSight {
    turns: Arc<Mutex<Turns<VmId>>>,
    feed: Feed<()>,
}

impl std::fmt::Debug for InSight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("InSight").finish_non_exhaustive()
    }
}

impl InSight {
    pub fn new(context: &Context, rows: &Rows<VmId, Vm>, histories: &Arc<Histories>) -> Self {
        let turns = Arc::<Mutex<Turns<VmId>>>::default();
        let plan = Plan {
            cadence: Cadence::steady(Duration::from_secs(1)),
            coverable: false,
        };
        let work = Work {
            context: context.clone(),
            rows: rows.clone(),
            histories: Arc::clone(histories),
            turns: Arc::clone(&turns),
        };
        let work = Arc::new(work);
        let feed = Feed::new(context, plan, move |client| {
            let work = Arc::clone(&work);
            async move { work.round(&client).await }.boxed_local()
        });
        Self { turns, feed }
    }

    pub fn feed(&self) -> &Feed<()> {
        &self.feed
    }

    pub fn look(&self, vm: VmId) {
        lock(&self.turns).look(vm);
    }

    pub fn leave(&self, vm: VmId) {
        lock(&self.turns).leave(vm);
    }

    pub fn forget(&self) {
        self.feed.forget();
        lock(&self.turns).forget();
    }
}

struct Work {
    context: Context,
    rows: Rows<VmId, Vm>,
    histories: Arc<Histories>,
    turns: Arc<Mutex<Turns<VmId>>>,
}

impl Work {
    async fn round(&self, client: &Client) -> Result<(), ApiError> {
        let can_tell = |vm: &VmId| {
            let row = self.rows.peek(vm);
            row.is_some_and(|row| {
                !row.template && !matches!(row.status, VmStatus::Stopped | VmStatus::Suspended)
            })
        };
        let turn = lock(&self.turns).next(self.context.now(), can_tell);
        let asked = turn.iter().map(|vm| vms::status(client, *vm));
        for told in join_all(asked).await {
            match told {
                Ok(live) => self.take(live),
                // Nobody answers: the pace slows down as that of every other call.
                Err(error) if matches!(error.kind, ErrorKind::Network | ErrorKind::Timeout) => {
                    return Err(error);
                }
                // This VM does not tell now; its next turn comes.
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn take(&self, live: VmLive) {
        let at = self.context.sample_time();
        if let Some(row) = self.rows.peek(&live.vmid) {
            let mut vm = Vm::clone(&row);
            fill(&mut vm, &live);
            self.histories.sample(&vm, at);
            self.rows.put(vm.vmid, vm, false);
        }
        self.histories.kept.put(live, at);
    }
}
