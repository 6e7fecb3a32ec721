//! Head of the page: what it is, how it stands, what can be done.

use super::addresses::{self, Source};
use super::edit::Editor;
use super::head_tags::HeadTags;
use super::model::{VmPage, use_vm};
use crate::api::capabilities::Feature;
use crate::components::{
    ActionMenu, Button, ControlSize, CopyButton, IconName, MenuButton, MenuItem, Note, Pill, Tone,
    VmStatePill,
};
use crate::domain::config;
use crate::domain::place::Edge;
use crate::domain::units::NONE;
use crate::domain::vm_can;
use crate::domain::vm_can::PowerAction;
use crate::paths;
use crate::screens::common::create::{CloneButton, ConsoleButton, MigrateButton};
use crate::screens::common::facts::vm_facts;
use crate::screens::common::power::VmAsk;
use crate::screens::common::under_way::{UnderWay, UnderWayPill};
use crate::screens::common::vm_menu::{
    backup_item, clone_refused, console_refused, migrate_refused, power_item, primary_item,
    snapshot_item,
};
use crate::stores::actions::Change;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

/// Behind the name: number, state, and what is out of the ordinary.
#[component]
pub fn Badges() -> impl IntoView {
    let vm = use_vm();
    let status = Signal::derive(move || vm.vm.with(|vm| vm.status.clone()));
    let lock = Memo::new(move |_| vm.vm.with(|vm| vm.lock.as_ref().map(ToString::to_string)));
    let ha = Memo::new(move |_| {
        vm.vm
            .with(|vm| vm.hastate.clone().filter(|state| !state.is_empty()))
    });
    let template = Memo::new(move |_| vm.vm.with(|vm| vm.template));
    let talos = Memo::new(move |_| vm.talos());
    let id = vm.id.to_string();
    let locked = move |lock: String| {
        let tip =
            format!("Another operation holds the lock ({lock}); most actions wait until it ends");
        view! { <Pill label=format!("Locked: {lock}") tone=Tone::Warn icon=IconName::Lock tip=Some(tip)/> }
    };
    let managed = move |state: String| {
        let bad = matches!(state.as_str(), "error" | "fence" | "recovery");
        let tip = "State under high availability: the cluster may move or start it by itself";
        view! {
            <Pill
                label=format!("HA: {state}")
                tone=if bad { Tone::Bad } else { Tone::Info }
                icon=IconName::ShieldCheck
                tip=Some(tip.to_owned())
            />
        }
    };
    let node_of = move |cluster: Option<String>| {
        let tip = "Acting on one node alone can cost the cluster its quorum";
        let label = cluster.map_or_else(
            || "Talos node".to_owned(),
            |name| format!("Talos node of {name}"),
        );
        view! { <Pill label=label icon=IconName::Cluster tip=Some(tip.to_owned())/> }
    };
    view! {
        <span class="vm-id">
            <span class="vh">"VM ID "</span>
            <span class="mono">{id.clone()}</span>
            <CopyButton text=id what="VM ID"/>
        </span>
        <VmStatePill status=status/>
        {move || template.get().then(|| view! { <Pill label="Template" icon=IconName::Layers/> })}
        {move || lock.get().map(locked)}
        {move || ha.get().map(managed)}
        {move || talos.get().map(node_of)}
        <UnderWayPill task=UnderWay::provide(&use_live()).of(vm.id)/>
    }
}

/// One line of facts below the name.
#[component]
pub fn FactsLine() -> impl IntoView {
    let vm = use_vm();
    let node = Memo::new(move |_| vm.vm.with(|vm| vm.node.clone()));
    let uptime = Memo::new(move |_| {
        let on = vm.on.get();
        vm.vm
            .with(|vm| vm.uptime.filter(|uptime| on && uptime.0 > 0))
    });
    let os = Memo::new(move |_| {
        let kind = vm.vm.with(|vm| vm.kind.to_string());
        vm.config.with(|config| {
            let ostype = config::text(config.as_ref()?, "ostype")?;
            Some(if kind == "lxc" {
                ostype
            } else {
                config::os(&ostype)
            })
        })
    });
    view! {
        <span>"on " <b>{move || some_or_none(node.get())}</b></span>
        {move || uptime.get().map(|uptime| view! { <span>"up " <b>{uptime.long()}</b></span> })}
        <Addresses vm=vm/>
        {move || os.get().map(|os| view! { <span>{os}</span> })}
        <HeadTags/>
    }
}

fn some_or_none(text: String) -> String {
    if text.is_empty() {
        NONE.to_owned()
    } else {
        text
    }
}

/// The first address, copied with a press; the others in the tooltip.
#[component]
fn Addresses(vm: VmPage) -> impl IntoView {
    let known = Memo::new(move |_| vm.nics.with(|nics| addresses::for_head(nics)));
    move || {
        let known = known.get();
        let (first, source) = known.first()?.clone();
        let more = known.len() - 1;
        let all = known
            .iter()
            .map(|(ip, _)| ip.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let (mark, tip) = match source {
            Source::Guest => (None, "As the guest reports it".to_owned()),
            Source::Configured => (
                Some("configured"),
                "As cloud-init is told to set it; the guest does not say what it uses".to_owned(),
            ),
        };
        let tip = if more == 0 {
            tip
        } else {
            format!("{tip}. All: {all}")
        };
        Some(view! {
            <span class="vm-address" data-tip=tip>
                <span class="vh">"IP address "</span>
                <span class="mono">{first.clone()}</span>
                <CopyButton text=first what="IP address"/>
                {mark.map(|mark| view! { <span class="aside">{mark}</span> })}
                {(more > 0).then(|| view! {
                    <span class="aside">{format!("+{more}")}<span class="vh">{format!("All addresses: {all}")}</span></span>
                })}
            </span>
        })
    }
}

/// Quick actions, the power button with its menu, and what is rarer.
#[component]
pub fn Actions() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let ask = expect_context::<VmAsk>();
    let busy = live.actions.is_busy(Change::Power(vm.id));
    let primary = {
        let live = live.clone();
        Signal::derive(move || vm.vm.with(|row| primary_item(&live, row, ask)))
    };
    let powers = {
        let live = live.clone();
        Signal::derive(move || power_menu(&live, vm, ask))
    };
    let label = Signal::derive(move || format!("Power actions of {}", vm.name.get()));
    let no_console = {
        let live = live.clone();
        Memo::new(move |_| vm.vm.with(|row| console_refused(&live, row)))
    };
    let no_clone = {
        let live = live.clone();
        Memo::new(move |_| vm.vm.with(|row| clone_refused(&live, row)))
    };
    let no_migrate = {
        let live = live.clone();
        Memo::new(move |_| vm.vm.with(|row| migrate_refused(&live, row)))
    };
    view! {
        <ConsoleButton refused=no_console to=paths::vm_console(vm.id, None, false)/>
        <MigrateButton refused=no_migrate to=paths::migrate_where(&[vm.id], "", "")/>
        <CloneButton refused=no_clone to=paths::clone_vm(vm.id, "")/>
        <ActionMenu primary=primary items=powers label=label busy=busy/>
        <RareActions ask=ask/>
    }
}

fn power_menu(live: &Live, vm: VmPage, ask: VmAsk) -> Vec<MenuItem> {
    vm.vm.with(|row| {
        PowerAction::ALL
            .into_iter()
            .map(|action| {
                let mut item = power_item(live, row, action, ask);
                if action == PowerAction::Reset && item.disabled.is_none() {
                    item.disabled = live.denies(Feature::Reset);
                }
                if action.is_harsh() {
                    item.danger()
                } else {
                    item
                }
            })
            .collect()
    })
}

#[component]
fn RareActions(ask: VmAsk) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let editor = expect_context::<Editor>();
    let items = Signal::derive(move || {
        let protection = vm.protection();
        let not_offered = live.denies(Feature::Delete);
        let reason = vm.vm.with(|row| {
            vm_can::delete(&vm_facts(row, protection, false))
                .err()
                .map(|reason| reason.0)
        });
        let (id, name) = (vm.id.to_string(), vm.name.get());
        vec![
            MenuItem::new("edit", "Edit configuration", move || editor.open())
                .icon(IconName::Edit)
                .disabled(editor.refused()),
            vm.vm.with(|row| snapshot_item(&live, row)),
            vm.vm.with(|row| backup_item(&live, row)),
            MenuItem::new("copy-id", "Copy VM ID", move || copy(&id)).icon(IconName::Copy),
            MenuItem::new("copy-name", "Copy name", move || copy(&name)).icon(IconName::Copy),
            MenuItem::new("remove", "Remove", move || ask.delete(vm.id))
                .icon(IconName::Trash)
                .disabled(reason.or(not_offered))
                .danger(),
        ]
    });
    let label = Signal::derive(move || format!("More actions of {}", vm.name.get()));
    view! { <MenuButton label=label items=items icon=IconName::Dots icon_only=true edge=Edge::End/> }
}

fn copy(text: &str) {
    let copying = crate::components::dom::copy_text(text);
    crate::stores::spawn::action(async move {
        // The browser says by itself where it refuses.
        let _ = copying.await;
    });
}

/// What is to be known before anything is done to this VM, and what waits to be saved.
#[component]
pub fn Warnings() -> impl IntoView {
    view! {
        <Unsaved/>
        <TalosNote/>
    }
}

/// Input that was left behind with the page.
#[component]
fn Unsaved() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let waits = Memo::new(move |_| editor.has_parked());
    view! {
        <Show when=move || waits.get()>
            <Note tone=Tone::Info>
                <p>"You have changed the configuration of this VM without saving."</p>
                <Button label="Continue editing" size=ControlSize::Small on_press=move |()| editor.open()/>
            </Note>
        </Show>
    }
}

#[component]
fn TalosNote() -> impl IntoView {
    let vm = use_vm();
    let talos = Memo::new(move |_| vm.talos());
    move || {
        talos.get().map(|cluster| {
            let whose = cluster.map_or_else(
                || "a Talos cluster".to_owned(),
                |name| format!("the Talos cluster {name}"),
            );
            view! {
                <Note tone=Tone::Warn>
                    {format!(
                        "This VM is a node of {whose}. Acting on it alone can cost the cluster its \
                         quorum or its workloads.",
                    )}
                </Note>
            }
        })
    }
}
