//! The retention policy, and clearing backups away by a rule.

use super::{Actions, Answer, Change, Failures};
use crate::api::backups::{self, Cleanup, CleanupResult, RetentionPolicy};
use crate::stores::notices::{Notice, Tone};
use crate::stores::spawn;

impl Actions {
    /// Changes the retention policy; answers what then holds.
    pub fn set_retention(
        &self,
        policy: RetentionPolicy,
        failures: Failures,
    ) -> spawn::Pending<Answer<RetentionPolicy>> {
        let client = self.0.context.client.clone();
        let call = async move { backups::set_retention(&client, policy).await };
        let title = "Change the retention policy".to_owned();
        let me = self.clone();
        self.run(Change::Retention, title, None, failures, call, move |_| {
            me.say(Notice::new(Tone::Good, "Retention policy saved"));
        })
    }

    /// Has the server remove what a rule does not keep. Each deletion is a task of its own, which
    /// the answer does not wait for.
    pub fn clean_up(
        &self,
        wanted: Cleanup,
        failures: Failures,
    ) -> spawn::Pending<Answer<CleanupResult>> {
        let client = self.0.context.client.clone();
        let call = async move { backups::cleanup(&client, &wanted, false).await };
        let title = "Remove old backups".to_owned();
        let me = self.clone();
        self.run(Change::Cleanup, title, None, failures, call, move |_| {
            me.0.context.set_moving(true);
        })
    }
}
