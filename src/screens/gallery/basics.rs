use super::{Part, Sample};
use crate::components::{
    Button, ButtonLook, ControlSize, CopyButton, Icon, IconButton, IconName, LinkButton, NodeState,
    Note, Pill, TagChip, TagLook, TagRow, TaskMark, Tone, VmStatePill, drawn,
};
use crate::domain::status::{NodeStatus, VmStatus};
use crate::domain::task::TaskState;
use leptos::prelude::*;

/// Buttons, icons, states, tags.
#[component]
pub(super) fn Basics() -> impl IntoView {
    view! {
        <Buttons/>
        <States/>
        <Tags/>
        <Part id="icons" title="Icons">
            <ul class="gallery-icons">
                {IconName::ALL.iter().map(|name| view! { <li data-tip=name.id()><Icon name=*name/><span class="vh">{name.id()}</span></li> }).collect_view()}
            </ul>
        </Part>
        <Part id="notes" title="Notes">
            <Note tone=Tone::Info>"The change takes effect after the next restart."</Note>
            <Note tone=Tone::Ok>"All 12 VMs have a backup from the last 24 h."</Note>
            <Note tone=Tone::Warn>"local-zfs on proxmox-02 will be 93 % full."</Note>
            <Note tone=Tone::Bad>"The VM and its 2 snapshots are lost and can't be brought back."</Note>
        </Part>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let presses = RwSignal::new(0);
    let press = Callback::new(move |()| presses.update(|count| *count += 1));
    let reason = Signal::stored(Some("web-server-01 is locked: a backup runs".to_owned()));
    let on = RwSignal::new(true);
    view! {
        <Part id="buttons" title="Buttons">
            <div class="btn-row">
                <Button label="Create VM" icon=Signal::stored(IconName::Plus) look=ButtonLook::Primary on_press=press/>
                <Button label="Shut down" icon=Signal::stored(IconName::Power) on_press=press/>
                <Button label="Save view" look=ButtonLook::Quiet on_press=press/>
                <Button label="Delete VM" look=ButtonLook::Danger on_press=press/>
                <Button label="Delete" look=ButtonLook::DangerQuiet on_press=press/>
                <LinkButton label="All tasks" href="#buttons" icon=IconName::Tasks/>
            </div>
            <div class="btn-row">
                <Button label="Start VM" icon=Signal::stored(IconName::Play) look=ButtonLook::Primary disabled=reason on_press=press/>
                <Button label="Start VM" disabled=reason on_press=press/>
                <Button label="Reboot" look=ButtonLook::Quiet disabled=reason on_press=press/>
                <Button label="Starting" icon=Signal::stored(IconName::Play) look=ButtonLook::Primary busy=true on_press=press/>
                <Button label="Deleting" look=ButtonLook::Danger busy=true on_press=press/>
            </div>
            <div class="btn-row">
                <Button label="Small" size=ControlSize::Small on_press=press/>
                <Button label="Select" size=ControlSize::Small pressed=on on_press=Callback::new(move |()| on.update(|on| *on = !*on))/>
                <IconButton label="Refresh" icon=IconName::Refresh on_press=press/>
                <IconButton label="Pin" icon=IconName::Pin look=ButtonLook::Secondary on_press=press/>
                <IconButton label="Console" icon=IconName::Console disabled=reason on_press=press/>
                <span class="mono">"AA:BB:CC:DD:EE:FF"</span>
                <CopyButton text="AA:BB:CC:DD:EE:FF" what="MAC address"/>
                <span class="quiet" role="status">{move || format!("{} presses", presses.get())}</span>
            </div>
        </Part>
    }
}

#[component]
fn States() -> impl IntoView {
    let vms = [
        "running",
        "stopped",
        "paused",
        "suspended",
        "error",
        "",
        "prelaunch",
    ];
    let nodes = ["online", "offline", ""];
    let tasks = || {
        [
            TaskState::Running,
            TaskState::Ok,
            TaskState::Warning("WARNINGS: 2".into()),
            TaskState::Failed("storage 'backup-nas' is full".into()),
            TaskState::Cancelled,
            TaskState::Ended,
        ]
    };
    view! {
        <Part id="states" title="States">
            <div class="gallery-row">
                {vms.map(|word| view! { <Sample name=format!("VM {word}")>{drawn::vm_state(&VmStatus::from(word), false, false)}</Sample> }).into_iter().collect_view()}
            </div>
            <div class="gallery-row">
                {nodes.map(|word| view! { <Sample name=format!("node {word}")><NodeState status=NodeStatus::from(word)/></Sample> }).into_iter().collect_view()}
                {tasks().map(|state| view! { <Sample name="task"><TaskMark state=state/></Sample> }).into_iter().collect_view()}
            </div>
            <div class="gallery-row">
                {vms.map(|word| view! { <VmStatePill status=VmStatus::from(word)/> }).into_iter().collect_view()}
                <Pill label="Quorate" tone=Tone::Ok icon=Signal::stored(IconName::Check)/>
                <Pill label="expired 3 h ago" tone=Tone::Warn/>
                <Pill label="Locked: backup" tone=Tone::Info icon=Signal::stored(IconName::Lock)/>
                {tasks().map(|state| view! { <TaskMark state=state only_shape=true/> }).into_iter().collect_view()}
            </div>
        </Part>
    }
}

#[component]
fn Tags() -> impl IntoView {
    let names = [
        "env-prod",
        "env-dev",
        "env-test",
        "client-acme",
        "client-globex",
        "client-initech",
        "web-tier",
        "always-on",
        "critical",
        "talos-cluster",
        "k8s-worker",
        "temporary",
        "ci",
        "gpu",
        "database",
        "monitoring",
    ];
    let pressed = RwSignal::new(String::new());
    let press = Callback::new(move |name: String| pressed.set(name));
    let many: Vec<TagLook> = names
        .iter()
        .take(5)
        .map(|name| TagLook::from(*name))
        .collect();
    let long = "a-tag-with-the-longest-name-that-is-allowed-here-sixty-three-cha";
    view! {
        <Part id="tags" title="Tags">
            <div class="tags">{names.map(|name| view! { <TagChip tag=name/> }).into_iter().collect_view()}</div>
            <div class="tags">
                <TagChip tag=TagLook::new("own colour", Some("#ff8800")) count=Signal::stored(12)/>
                <TagChip tag="env-prod" on_press=press/>
                <TagChip tag="client-acme" count=Signal::stored(3) on_press=press/>
                <TagChip tag="web-tier" href="#tags"/>
                <TagChip tag="env-test" on_remove=press/>
                <TagChip tag="always-on" on_press=press on_remove=press/>
                <span class="quiet" role="status">{move || pressed.get()}</span>
            </div>
            <div class="gallery-narrow"><TagRow tags=many on_press=press/></div>
            <div class="gallery-narrow"><TagChip tag=long on_remove=press/></div>
        </Part>
    }
}
