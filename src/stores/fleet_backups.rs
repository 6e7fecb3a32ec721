//! The backups of all VMs. Where the server cannot list them all at once, since one storage does not
//! answer, each storage is asked for its own: what can be read is shown, and the rest is named.

use crate::api::backups::{self, Backup, BackupQuery};
use crate::api::storage::{self, Storage};
use crate::api::{ApiError, Client, Contract, ErrorKind};
use futures_util::future::join_all;
use std::sync::Arc;

/// How many storages are asked at once.
const AT_ONCE: usize = 4;

/// The backups of all VMs, as far as they can be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AllBackups {
    /// The backups, in the server's order.
    pub list: Arc<Vec<Arc<Backup>>>,
    /// Rows that could not be read.
    pub bad: usize,
    /// Storages that could not be asked, each with the reason.
    pub failed: Vec<(String, String)>,
}

impl AllBackups {
    fn take(&mut self, rows: crate::domain::lenient::Rows<Backup>) {
        let good = rows.good.into_iter().map(Arc::new);
        Arc::make_mut(&mut self.list).extend(good);
        self.bad += rows.bad;
    }
}

/// Whether the list may fail for one storage's sake.
const fn may_be_one_storage(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Server | ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Other
    )
}

/// Reads them.
pub(super) async fn all(client: Client) -> Result<AllBackups, ApiError> {
    let mut all = AllBackups::default();
    match backups::list(&client, &BackupQuery::default()).await {
        Ok(rows) => {
            all.take(rows);
            Ok(all)
        }
        // The shipped server knows no filters: its list cannot be cut.
        Err(error) if client.contract() == Contract::Guide && may_be_one_storage(error.kind) => {
            by_storage(&client, error).await
        }
        Err(error) => Err(error),
    }
}

/// Storage by storage; the failure of the whole where none can be read.
async fn by_storage(client: &Client, whole: ApiError) -> Result<AllBackups, ApiError> {
    let Ok(storages) = storage::list(client).await else {
        return Err(whole);
    };
    let holds = |storage: &Storage| storage.content.iter().any(|what| what == "backup");
    let names: Vec<String> = storages
        .good
        .into_iter()
        .filter(holds)
        .map(|storage| storage.storage)
        .collect();
    let mut all = AllBackups::default();
    for some in names.chunks(AT_ONCE) {
        let asked = some.iter().map(|name| {
            let wanted = BackupQuery {
                storage: Some(name.clone()),
                vm: None,
            };
            async move { backups::list(client, &wanted).await }
        });
        for (name, told) in some.iter().zip(join_all(asked).await) {
            match told {
                Ok(rows) => all.take(rows),
                Err(error) => all.failed.push((name.clone(), error.message.clone())),
            }
        }
    }
    if all.failed.len() == names.len() {
        return Err(whole);
    }
    Ok(all)
}
