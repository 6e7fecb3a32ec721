//! Asking before something is done to a VM, and doing it: power actions and deletion, from lists,
//! pages and tiles alike.

use super::call::curl_of;
use super::delete::DeleteDialog;
use super::faces::error_view;
use super::facts::vm_facts;
use super::force::{Force, ForceChoice};
use crate::api::ErrorKind;
use crate::api::vms::{self, Vm};
use crate::components::lazy::{Load, area_part};
use crate::components::{ConfirmDialog, ErrorView, Loss, Note, Tone, Weight, confirm_now};
use crate::domain::ids::VmId;
use crate::domain::tags;
use crate::domain::vm_can::{self, PowerAction};
use crate::lazy_view;
use crate::stores::actions::Failures;
use crate::stores::notices::Notice;
use crate::stores::{Live, spawn, use_live};
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// What a person is asked.
#[derive(Debug, Clone)]
enum Asked {
    /// A power action; `refusal` is why the safety rules of the server refused it already.
    Power {
        vm: VmId,
        action: PowerAction,
        refusal: Option<ErrorView>,
    },
    /// Deletion, by typing the name.
    Delete(VmId),
    /// Something of a page's own.
    Sure(Sure),
}

/// A question of a page's own, about what is done at once: no call that could fail.
#[derive(Debug, Clone)]
pub struct Sure {
    /// "Restart web-server-01?"
    pub title: String,
    /// What will happen.
    pub lead: &'static str,
    /// On the button that does it.
    pub verb: &'static str,
    /// Does it.
    pub go: Go,
}

/// What is done when it was said again. The question holds it alone: a callback would end with the
/// menu that asked.
#[derive(Clone)]
pub struct Go(Arc<dyn Fn() + Send + Sync>);

impl Go {
    /// Does this.
    pub fn new(run: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(run))
    }
}

impl std::fmt::Debug for Go {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Go")
    }
}

/// The one way from a button or a menu to a power action or a deletion: asks first where something
/// is lost or interrupted. Needs [`VmDialogs`] on the page.
#[derive(Debug, Clone, Copy)]
pub struct VmAsk {
    asked: RwSignal<Option<Asked>>,
    live: StoredValue<Live>,
    deleted: StoredValue<Option<Callback<VmId>>>,
}

impl VmAsk {
    /// For the page that is being built; call it in the component's body.
    #[must_use]
    pub fn new() -> Self {
        Self {
            asked: RwSignal::new(None),
            live: StoredValue::new(use_live()),
            deleted: StoredValue::new(None),
        }
    }

    /// Has `then` called when the server has begun to delete a VM: the page of a VM goes away.
    #[must_use]
    pub fn when_deleted(self, then: Callback<VmId>) -> Self {
        self.deleted.set_value(Some(then));
        self
    }

    pub(super) fn tell_deleted(self, vm: VmId) {
        if let Some(then) = self.deleted.try_get_value().flatten() {
            let _ = then.try_run(vm);
        }
    }

    /// Does it, or asks first.
    pub fn power(self, vm: VmId, action: PowerAction) {
        if action.is_confirmed() {
            let refusal = None;
            // Fails only after the page has gone, with nobody left to ask.
            let _ = self.asked.try_set(Some(Asked::Power {
                vm,
                action,
                refusal,
            }));
            return;
        }
        let Some(live) = self.live.try_get_value() else {
            return;
        };
        let pending = live.actions.power(vm, action, false, Failures::Caller);
        spawn::action(async move {
            let Some(Err(error)) = pending.await else {
                return;
            };
            let title = error.outcome(&format!("{} {}", action.label(), live.vm_name(vm)));
            let refusal = Some(error_view(&title, &error, live.clock.now()));
            let asks = error.kind == ErrorKind::SafeMode
                && self
                    .asked
                    .try_set(Some(Asked::Power {
                        vm,
                        action,
                        refusal,
                    }))
                    .is_none();
            if !asks {
                live.notices
                    .push(Notice::failed(title, &error).vm(Some(vm)));
            }
        });
    }

    /// Asks whether to delete it; the name must be typed.
    pub fn delete(self, vm: VmId) {
        let _ = self.asked.try_set(Some(Asked::Delete(vm)));
    }

    /// Asks whether to do something of the page's own.
    pub fn sure(self, sure: Sure) {
        let _ = self.asked.try_set(Some(Asked::Sure(sure)));
    }

    fn close(self) {
        let _ = self.asked.try_set(None);
    }
}

impl Default for VmAsk {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the questions of a [`VmAsk`] stand. Once on a page, anywhere.
#[component]
pub fn VmDialogs(
    /// Who asks.
    ask: VmAsk,
) -> impl IntoView {
    let on_close = Callback::new(move |()| ask.close());
    move || {
        ask.asked.get().map(|asked| {
            area_part(
                LATER,
                move || Box::pin(vm_question(asked.clone(), ask, on_close)),
                on_close,
            )
        })
    }
}

/// The code of the questions, which comes after that of the page.
pub const LATER: Load = || Box::pin(preload_question());

lazy_view! {
    later, preload_question,
    fn vm_question(asked: Asked, ask: VmAsk, on_close: Callback<()>) -> AnyView {
        question(asked, ask, on_close)
    }
}

fn question(asked: Asked, ask: VmAsk, on_close: Callback<()>) -> AnyView {
    match asked {
        Asked::Power {
            vm,
            action,
            refusal,
        } => view! { <PowerDialog vm=vm action=action refusal=refusal on_close=on_close/> }
            .into_any(),
        Asked::Delete(vm) => view! { <DeleteDialog vm=vm ask=ask on_close=on_close/> }.into_any(),
        Asked::Sure(sure) => view! {
            <ConfirmDialog
                open=Signal::stored(true)
                on_close=on_close
                title=sure.title
                lead=sure.lead
                verb=sure.verb
                weight=Weight::Danger
                on_confirm=confirm_now(move || (sure.go.0)())
            />
        }
        .into_any(),
    }
}

/// Words of a question.
struct Words {
    lead: &'static str,
    keep: &'static str,
}

const fn words(action: PowerAction) -> Words {
    let (lead, keep) = match action {
        PowerAction::Start => ("It is powered on.", "Leave it off"),
        PowerAction::Resume => ("It goes on where it was paused.", "Leave it paused"),
        PowerAction::Shutdown => (
            "The guest is asked to shut down in order; what it serves stops. A guest that does not \
             answer keeps running: Stop overrules a shutdown that hangs.",
            "Keep running",
        ),
        PowerAction::Reboot => (
            "The guest is asked to restart in order; what it serves is away until it is back.",
            "Keep running",
        ),
        PowerAction::Suspend => (
            "It freezes where it is and answers nobody until it is resumed. Its memory is kept.",
            "Keep running",
        ),
        PowerAction::Reset => (
            "It restarts at once, as by its reset button, without asking the guest. Work that is \
             not saved in the guest is lost.",
            "Keep running",
        ),
        PowerAction::Stop => (
            "Its power is cut at once, without asking the guest. Work that is not saved in the \
             guest is lost.",
            "Keep running",
        ),
    };
    Words { lead, keep }
}

/// What happens, as [`ConfirmDialog`] says it: for one VM and for many.
#[must_use]
pub const fn explained(action: PowerAction) -> &'static str {
    words(action).lead
}

/// How a question about an action looks.
#[must_use]
pub const fn weight(action: PowerAction) -> Weight {
    if action.is_harsh() {
        Weight::Danger
    } else {
        Weight::Plain
    }
}

#[component]
fn PowerDialog(
    vm: VmId,
    action: PowerAction,
    refusal: Option<ErrorView>,
    on_close: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let name = live.vm_name(vm);
    let row: Signal<Option<Arc<Vm>>> = live.vms.rows().row(&vm).into();
    // What is known of the VM when the question is asked; a row that goes leaves the words alone.
    let known = row.get_untracked().or_else(|| live.known_vm(vm));
    let choice = Force::new(refusal.is_some());
    let refused = {
        let live = live.clone();
        Signal::derive(move || match row.get().or_else(|| live.known_vm(vm)) {
            None => None,
            Some(row) => {
                let facts = vm_facts(&row, false, is_shutting_down(&live, vm));
                vm_can::power(&facts, action).err().map(|reason| reason.0)
            }
        })
    };
    let lines = known.as_deref().map(lines).unwrap_or_default();
    let remarks = known.as_deref().map(remarks).unwrap_or_default();
    let hangs = action == PowerAction::Stop && untrack(|| is_shutting_down(&live, vm));
    let Words { lead, keep } = words(action);
    let client = live.client.clone();
    let call =
        Signal::derive(move || curl_of(&client, &vms::power_shown(vm, action, choice.is_on())));
    let title = format!("{} {name}?", action.label());
    let what = format!("{} {name}", action.label());
    let send =
        move |live: &Live, force: bool| live.actions.power(vm, action, force, Failures::Caller);
    let on_confirm = if action.is_harsh() {
        choice.call_in_time(&live, what, move |_, force| {
            move |live: &Live| send(live, force)
        })
    } else {
        choice.call(&live, what, send)
    };
    view! {
        <ConfirmDialog
            open=Signal::stored(true)
            on_close=on_close
            title=title
            lead=lead
            losses=Signal::stored(lines)
            verb=format!("{} VM", action.label())
            keep=Signal::stored(keep.to_owned())
            weight=weight(action)
            refused=refused
            on_confirm=on_confirm
            call=call
        >
            {hangs.then(|| view! {
                <Note tone=Tone::Info>"A shutdown of it is under way; Stop overrules that."</Note>
            })}
            {remarks
                .iter()
                .cloned()
                .map(|remark| view! { <Note tone=Tone::Warn>{remark}</Note> })
                .collect_view()}
            {refusal.clone().map(|refusal| view! { <Note tone=Tone::Bad>{refusal.message}</Note> })}
            <ForceChoice choice=choice/>
        </ConfirmDialog>
    }
}

/// Where and since when: so that nobody takes it for another one.
fn lines(vm: &Vm) -> Vec<Loss> {
    let place = match vm.node.as_str() {
        "" => format!("VM {}", vm.vmid),
        node => format!("VM {} on {node}", vm.vmid),
    };
    let since = vm
        .uptime
        .filter(|uptime| uptime.0 > 0)
        .map_or_else(String::new, |uptime| format!("up {}", uptime.long()));
    vec![Loss::new(place, since)]
}

/// What else follows for a VM that is part of something.
pub(super) fn remarks(vm: &Vm) -> Vec<String> {
    let mut remarks = Vec::new();
    if tags::is_talos(&vm.tags) {
        let cluster = tags::cluster(&vm.tags).map_or_else(
            || "a Talos cluster".to_owned(),
            |name| format!("the Talos cluster {name}"),
        );
        remarks.push(format!(
            "It is a node of {cluster}: acting on it alone may cost the cluster its quorum."
        ));
    }
    if let Some(state) = vm.hastate.as_deref().filter(|state| !state.is_empty()) {
        remarks.push(format!(
            "It is under high availability ({state}): the cluster may act on it by itself."
        ));
    }
    remarks
}

/// Whether a task that shuts the VM down is running: then Stop may overrule it. Tracked.
#[must_use]
pub fn is_shutting_down(live: &Live, vm: VmId) -> bool {
    shutting_down(live).contains(&vm)
}

/// The VMs that a running task shuts down, as far as is known. Tracked.
#[must_use]
pub fn shutting_down(live: &Live) -> HashSet<VmId> {
    let fits = |kind: &str| matches!(kind, "qmshutdown" | "qmreboot" | "vzshutdown" | "vzreboot");
    let mut vms: HashSet<VmId> = live.tray.mine().with(|mine| {
        let open = mine
            .iter()
            .filter(|task| task.is_open() && fits(&task.kind));
        open.filter_map(|task| task.vm).collect()
    });
    let tasks = live.tasks.rows.snapshot();
    let running = tasks
        .iter()
        .filter(|task| fits(&task.kind) && task.state().is_running());
    vms.extend(running.filter_map(|task| task.vm()));
    vms
}
