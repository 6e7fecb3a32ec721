//! One task and its log, while somebody looks.

use super::context::Context;
use super::feed::Feed;
use super::lock;
use super::poller::Plan;
use crate::api::tasks::{self, Task, TaskLog};
use crate::api::{ApiError, Client};
use crate::domain::ids::Upid;
use crate::domain::live::Cadence;
use crate::domain::log::Log;
use futures_util::FutureExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Lines that are asked for at once; a server may send fewer.
const LOG_PAGE: u64 = 2000;
/// Lines that are kept, the newest; the download reads all of them.
const LOG_LINES: usize = 100_000;

/// One task and its log.
#[derive(Debug)]
pub struct TaskStore {
    /// State and progress.
    pub task: Feed<Task>,
    /// Its log, growing; the newest 100,000 lines.
    pub log: Feed<Log>,
    upid: Upid,
    client: Client,
}

impl TaskStore {
    pub(super) fn new(context: &Context, upid: &Upid) -> Self {
        let plan = |slow| Plan {
            cadence: Cadence {
                quick: Duration::from_secs(2),
                ..Cadence::every(slow)
            },
            coverable: false,
        };
        // What was read stays where a later page fails.
        let known = Arc::new(Mutex::new(Log::default()));
        let (of_task, of_log) = (upid.clone(), upid.clone());
        Self {
            task: Feed::new(context, plan(Duration::from_secs(5)), move |client| {
                let upid = of_task.clone();
                async move { tasks::get(&client, &upid).await }.boxed_local()
            }),
            log: Feed::new(context, plan(Duration::from_secs(3)), move |client| {
                let (upid, known) = (of_log.clone(), Arc::clone(&known));
                async move {
                    let mut log = lock(&known).clone();
                    let mut more = !log.complete;
                    while more {
                        more = read_on(&client, &upid, &mut log).await?;
                        log.keep(LOG_LINES);
                        lock(&known).clone_from(&log);
                    }
                    Ok(log)
                }
                .boxed_local()
            }),
            upid: upid.clone(),
            client: context.client.clone(),
        }
    }

    /// The whole log as it stands now, from its first line on.
    ///
    /// # Errors
    /// As every call.
    pub async fn whole_log(&self) -> Result<Log, ApiError> {
        self.log.refresh().await?;
        if let Some(log) = self.log.peek().filter(|log| log.cut() == 0) {
            return Ok((*log).clone());
        }
        let mut log = Log::default();
        while read_on(&self.client, &self.upid, &mut log).await? {}
        Ok(log)
    }
}

/// Reads the page behind what is known; answers whether there is more.
async fn read_on(client: &Client, upid: &Upid, log: &mut Log) -> Result<bool, ApiError> {
    let from = log.cut() + log.len() as u64;
    let page = tasks::log(client, upid, from, LOG_PAGE).await?;
    let more = page_leads_on(&page, from);
    log.append(page.lines.into_iter().map(|line| line.message));
    log.complete = page.complete && !more;
    Ok(more)
}

/// Whether lines stand behind this page. A server that sends fewer than it was asked for is asked
/// again where it says that there are more, or does not say how many there are.
fn page_leads_on(page: &TaskLog, from: u64) -> bool {
    let count = page.lines.len() as u64;
    count > 0
        && match page.total_lines {
            Some(all) => from + count < all,
            None => count >= LOG_PAGE,
        }
}
