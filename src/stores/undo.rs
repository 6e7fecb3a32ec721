//! Changes that can be taken back: the toast that tells of one offers to undo it.

use super::actions::{Actions, Answer, Change, Failures};
use super::notices::{Notice, Tone, Undo};
use super::spawn;
use crate::api::vms::{self, ConfigPatch};
use crate::api::{ErrorKind, Started};
use crate::domain::config;
use crate::domain::ids::VmId;

impl Actions {
    /// Changes a VM's configuration. `before` puts the old values back: it is offered once the
    /// change is made.
    pub fn update_config(
        &self,
        vm: VmId,
        patch: ConfigPatch,
        before: ConfigPatch,
        failures: Failures,
    ) -> spawn::Pending<Answer<Started>> {
        let me = self.clone();
        self.send_config(vm, patch, failures, move |name, started| {
            if started.task.is_some() {
                // When it will be done is not known: nothing can be taken back yet.
                let title = format!("Change {name}");
                me.started(title, Some(vm), "qmconfig", me.now(), started);
                return;
            }
            let name = name.to_owned();
            spawn::action(async move {
                let notice = Notice::new(Tone::Good, format!("Change {name}: saved")).vm(Some(vm));
                // Undoing goes from what stands now, and from nothing that others make of it later.
                let detail = me.0.details.vm(vm).detail.clone();
                let known = detail.refresh().await.is_ok();
                let digest = detail
                    .peek()
                    .filter(|_| known)
                    .and_then(|detail| config::text(&detail.config.0, "digest"));
                me.say(match digest {
                    Some(digest) => {
                        let (back, me) = (before.digest(Some(digest)), me.clone());
                        notice.undo(Undo::new(move || me.undo_config(vm, back.clone())))
                    }
                    None => notice,
                });
            });
        })
    }

    /// Changes a VM's configuration as one of many: told by the caller, a success too.
    pub fn edit_config(&self, vm: VmId, patch: ConfigPatch) -> spawn::Pending<Answer<Started>> {
        let (me, began) = (self.clone(), self.now());
        self.send_config(vm, patch, Failures::Caller, move |name, started| {
            if started.task.is_some() {
                me.follow(
                    format!("Change {name}"),
                    Some(vm),
                    "qmconfig",
                    began,
                    started,
                );
            }
        })
    }

    fn undo_config(&self, vm: VmId, patch: ConfigPatch) {
        let me = self.clone();
        let undoing = self.send_config(vm, patch, Failures::Caller, move |name, _| {
            let title = format!("Change {name}: undone");
            me.say(Notice::new(Tone::Good, title).vm(Some(vm)));
        });
        let me = self.clone();
        spawn::action(async move {
            let Some(Err(error)) = undoing.await else {
                return;
            };
            let mut notice =
                Notice::failed(format!("Change {}: not undone", me.name(vm)), &error).vm(Some(vm));
            if error.kind == ErrorKind::Conflict {
                notice = notice.text(format!(
                    "It was changed again meanwhile, so nothing was written. The server: {}",
                    error.message
                ));
            }
            me.say(notice);
        });
    }

    fn send_config(
        &self,
        vm: VmId,
        patch: ConfigPatch,
        failures: Failures,
        then: impl FnOnce(&str, &Started) + 'static,
    ) -> spawn::Pending<Answer<Started>> {
        let name = self.name(vm);
        let client = self.0.context.client.clone();
        let call = async move { vms::update_config(&client, vm, &patch).await };
        self.run(
            Change::Config(vm),
            format!("Change {name}"),
            Some(vm),
            failures,
            call,
            move |started| then(&name, started),
        )
    }

    /// Puts a tag on a VM.
    pub fn add_tag(
        &self,
        vm: VmId,
        tag: String,
        force: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<()>> {
        self.tag(vm, tag, true, force, failures)
    }

    /// Takes a tag off a VM.
    pub fn remove_tag(
        &self,
        vm: VmId,
        tag: String,
        force: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<()>> {
        self.tag(vm, tag, false, force, failures)
    }

    fn tag(
        &self,
        vm: VmId,
        tag: String,
        on: bool,
        force: bool,
        failures: Failures,
    ) -> spawn::Pending<Answer<()>> {
        let name = self.name(vm);
        let title = if on {
            format!("Tag {name} with {tag}")
        } else {
            format!("Take the tag {tag} off {name}")
        };
        let (client, word) = (self.0.context.client.clone(), tag.clone());
        let call = async move {
            if on {
                vms::add_tag(&client, vm, &word, force).await
            } else {
                vms::remove_tag(&client, vm, &word, force).await
            }
        };
        let (me, word) = (self.clone(), tag.clone());
        let then = move |(): &()| {
            me.patch(vm, |row| {
                row.tags.retain(|own| *own != word);
                if on {
                    row.tags.push(word.clone());
                }
            });
            let done = if on { "added" } else { "removed" };
            let notice = Notice::new(Tone::Good, format!("{name}: tag {word} {done}"));
            let back = me.clone();
            let undo = Undo::new(move || {
                drop(back.tag(vm, word.clone(), !on, force, Failures::Toast));
            });
            me.say(notice.vm(Some(vm)).undo(undo));
        };
        self.run(Change::Tag(vm, tag), title, Some(vm), failures, call, then)
    }
}
