//! Moving a VM to another node.

use super::{Actions, Answer, Change, Failures};
use crate::api::migrate::{self, Begun};
use crate::domain::ids::VmId;
use crate::domain::migrate::Order;
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

    /// A migration has ended: where the VM is now is asked for.
    pub fn migration_ended(&self, vm: VmId) {
        self.settled(Some(vm));
    }
}
