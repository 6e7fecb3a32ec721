//! Looking for a migration that nobody has an answer of: its task, where its VM is, and why it ended.

use super::history;
use crate::api::client::{Client, Contract};
use crate::api::error::{ApiError, ErrorKind};
use crate::api::{tasks, vms};
use crate::domain::ids::{Upid, VmId};
use crate::domain::migrate::{self, Seen};
use crate::domain::status::Lock;
use crate::domain::units::Instant;

/// A migration that was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Its task.
    pub task: Option<Upid>,
    /// The shipped server's number of it.
    pub number: Option<u64>,
}

/// The migration of a VM that began since it was sent (server's clock), or the request to HA for
/// one. The shipped server's history is asked first: its task list may leave out what runs
/// (divergence 44).
///
/// # Errors
/// As every call: then nobody knows.
pub async fn begun_since(
    client: &Client,
    vm: VmId,
    sent: Instant,
) -> Result<Option<Found>, ApiError> {
    if client.contract() == Contract::Server {
        // Servers count whole seconds.
        let since = Instant::from_secs(sent.secs() - 1);
        match history(client, vm).await {
            Ok(rows) => {
                let mut rows = rows.good.into_iter();
                let fits = |own: &super::Past| own.started.is_some_and(|began| began >= since);
                if let Some(row) = rows.find(|own| fits(own) && own.task.is_some()) {
                    return Ok(Some(Found {
                        task: row.task,
                        number: row.id,
                    }));
                }
            }
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let found = match tasks::begun_since(client, vm, "qmigrate", sent).await? {
        Some(task) => Some(task),
        None => tasks::begun_since(client, vm, "hamigrate", sent).await?,
    };
    Ok(found.map(|task| Found {
        task: Some(task),
        number: None,
    }))
}

/// Where a VM is, and whether it is on its way. The shipped server's rows tell no lock
/// (divergence 13): its status does.
pub async fn whereabouts(client: &Client, vm: VmId) -> Seen {
    let row = match vms::get(client, vm).await {
        Ok(row) => row,
        Err(error) if error.kind == ErrorKind::NotFound => return Seen::Gone,
        Err(_) => return Seen::Silent,
    };
    let lock = if client.contract() == Contract::Server {
        match vms::status(client, vm).await {
            Ok(live) => live.lock,
            Err(error) if error.kind == ErrorKind::NotFound => None,
            Err(_) => return Seen::Silent,
        }
    } else {
        row.lock
    };
    Seen::On {
        node: row.node,
        moving: lock == Some(Lock::Migrate),
    }
}

/// Lines of a log that are read from its beginning, and from its end where it is longer.
const LINES: u64 = 200;

/// Why a migration failed, as its log has it; `None` where that does not say.
pub async fn cause(client: &Client, task: &Upid) -> Option<String> {
    let mut log = tasks::log(client, task, 0, LINES).await.ok()?;
    if let Some(rest) = log.total_lines.filter(|total| *total > LINES) {
        log = tasks::log(client, task, rest - LINES, LINES).await.ok()?;
    }
    let lines = log.lines.iter().map(|line| line.message.as_str());
    migrate::cause(lines).map(ToOwned::to_owned)
}
