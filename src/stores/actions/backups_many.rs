//! Several backups verified or protected, and several VMs backed up: one after the other, with what
//! became of each.

use super::backups::Named;
use super::{Actions, Answer, Change, Failures};
use crate::api::backups::{self, NewBackup, VERIFY_TASK};
use crate::domain::ids::VmId;
use crate::stores::spawn;
use leptos::prelude::*;
use std::sync::Arc;

/// What is done to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// It is checked for damage.
    Verify,
    /// It is kept from removal, or no longer.
    Protect(bool),
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Far {
    /// How many there are.
    pub all: usize,
    /// How many were asked for and not refused.
    pub done: usize,
    /// Those that were refused, each with the reason.
    pub failed: Vec<(String, String)>,
    /// Nothing more is sent.
    pub ended: bool,
}

/// Where it is told. Kept by whoever shows it; it may go before the work ends.
pub type FarSignal = ArcRwSignal<Option<Arc<Far>>>;

fn tell(far: &FarSignal, change: impl FnOnce(&mut Far)) {
    far.update(|far| {
        if let Some(far) = far {
            change(Arc::make_mut(far));
        }
    });
}

impl Actions {
    /// Does it to each. What is refused does not keep the others; after a call that got no answer
    /// nothing more is sent.
    pub fn each_backup(
        &self,
        all: Vec<Named>,
        each: Each,
        far: FarSignal,
    ) -> spawn::Pending<Answer<()>> {
        far.set(Some(Arc::new(Far {
            all: all.len(),
            ..Far::default()
        })));
        let (client, me, told) = (self.0.context.client.clone(), self.clone(), far);
        let call = async move {
            for one in all {
                let began = me.now();
                let answer = match each {
                    Each::Verify => backups::verify(&client, &one.backup).await.map(Some),
                    Each::Protect(on) => backups::protect(&client, &one.backup, on)
                        .await
                        .map(|()| None),
                };
                match answer {
                    Ok(started) => {
                        tell(&told, |far| far.done += 1);
                        if let Some(started) = started {
                            let title = format!("Verify the backup of {}", one.name);
                            me.follow(title, one.backup.vmid, VERIFY_TASK, began, &started);
                        }
                    }
                    Err(error) => {
                        let unsure = error.is_unsure();
                        tell(&told, |far| {
                            far.failed.push((one.name, error.message.clone()));
                        });
                        if unsure {
                            break;
                        }
                    }
                }
            }
            tell(&told, |far| far.ended = true);
            Ok(())
        };
        let (me, quiet) = (self.clone(), Failures::Caller);
        self.run(
            Change::ManyBackups,
            String::new(),
            None,
            quiet,
            call,
            move |()| {
                me.tell_backups();
            },
        )
    }

    /// Backs each VM up, one request after the other. `new` makes what is asked for of each.
    pub fn back_up_each(
        &self,
        vms: Vec<VmId>,
        new: impl Fn(VmId) -> Result<NewBackup, String> + 'static,
        far: FarSignal,
    ) -> spawn::Pending<Answer<()>> {
        far.set(Some(Arc::new(Far {
            all: vms.len(),
            ..Far::default()
        })));
        let (me, told) = (self.clone(), far);
        let call = async move {
            for vm in vms {
                let name = me.name(vm);
                let asked = match new(vm) {
                    Ok(new) => me.back_up(vm, new, Failures::Caller).await,
                    Err(why) => {
                        tell(&told, |far| {
                            far.failed.push((name, why));
                        });
                        continue;
                    }
                };
                match asked {
                    Some(Ok(_)) => tell(&told, |far| far.done += 1),
                    Some(Err(error)) => {
                        let unsure = error.is_unsure();
                        tell(&told, |far| {
                            far.failed.push((name, error.message.clone()));
                        });
                        if unsure {
                            break;
                        }
                    }
                    None => {
                        let why = "It is being backed up already".to_owned();
                        tell(&told, |far| {
                            far.failed.push((name, why));
                        });
                    }
                }
            }
            tell(&told, |far| far.ended = true);
            Ok(())
        };
        let quiet = Failures::Caller;
        self.run(
            Change::ManyBackups,
            String::new(),
            None,
            quiet,
            call,
            |()| (),
        )
    }
}
