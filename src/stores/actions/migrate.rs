//! Moving a VM to another node.

use super::{Actions, Answer, Change, Failures};
use crate::api::Started;
use crate::api::migrate::{self, Begun};
use crate::domain::ids::{Upid, VmId};
use crate::domain::migrate::Order;
use crate::domain::units::Instant;
use crate::stores::spawn;

impl Actions {
    /// Begins a migration; its task goes into the tray. Failures are the caller's to tell: it
    /// stands on a page that shows how each VM fares.
    pub fn migrate(&self, vm: VmId, order: Order) -> spawn::Pending<Answer<Begun>> {
        let title = format!("Migrate {} to {}", self.name(vm), order.target);
        let client = self.0.context.client.clone();
        let call = async move { migrate::start(&client, vm, &order).await };
        let (me, began, told) = (self.clone(), self.now(), title.clone());
        let change = Change::Migrate(vm);
        self.run(
            change,
            title,
            Some(vm),
            Failures::Caller,
            call,
            move |begun| {
                me.follow(told, Some(vm), "qmigrate", began, &begun.started);
            },
        )
    }

    /// The task of a migration that was sent from here was found: it goes into the tray as one's
    /// own, unless it is there.
    pub fn migration_found(&self, vm: VmId, target: &str, began: Instant, task: &Upid) {
        use leptos::prelude::WithUntracked;
        let own = self.0.tray.mine();
        let is_it = |one: &super::super::tray::TrayTask| {
            one.upid.as_ref() == Some(task)
                || one.is_open() && one.upid.is_none() && one.vm == Some(vm)
        };
        if own.with_untracked(|all| all.iter().any(is_it)) {
            return;
        }
        let title = format!("Migrate {} to {target}", self.name(vm));
        let started = Started {
            task: Some(task.clone()),
            ..Started::default()
        };
        self.follow(title, Some(vm), "qmigrate", began, &started);
    }

    /// A migration has ended: where the VM is now is asked for.
    pub fn migration_ended(&self, vm: VmId) {
        self.settled(Some(vm));
    }
}
