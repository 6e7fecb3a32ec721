use super::Part;
use crate::components::form::{
    CheckField, Choice, Combo, KnownTag, NumberField, NumberRange, QueryBox, SelectField,
    SelectOption, SwitchField, TagsField, TextArea, TextField, TextKind,
};
use crate::components::{Button, ButtonLook, Card, TagLook};
use crate::domain::tags;
use leptos::prelude::*;
use std::sync::Arc;

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn wrong(why: &str) -> Signal<Option<String>> {
    Signal::stored(Some(why.to_owned()))
}

fn guests() -> Signal<Vec<SelectOption>> {
    Signal::stored(vec![
        SelectOption::new("l26", "Linux 2.6 – 6.x"),
        SelectOption::new("win11", "Windows 11"),
        SelectOption::new("solaris", "Solaris").disabled(Some("not on this node".to_owned())),
    ])
}

fn cores() -> NumberRange {
    NumberRange::new(1.0, 32.0)
}

/// Fields: empty, filled, with help, wrong, locked; and a form that checks what it is given.
#[component]
pub(super) fn Forms() -> impl IntoView {
    view! {
        <Part id="forms" title="Forms">
            <div class="gallery-cards">
                <Checked/>
                <Plain/>
                <Wrong/>
                <Locked/>
                <Choosing/>
            </div>
        </Part>
    }
}

/// Help gives way to the error, and comes back when it is corrected.
#[component]
fn Checked() -> impl IntoView {
    let (name, memory) = (text(""), text("4096"));
    let tried = RwSignal::new(false);
    let bad_name = Signal::derive(move || {
        let missing = tried.get() && name.with(|name| name.trim().is_empty());
        missing.then(|| "A VM needs a name".to_owned())
    });
    let bad_memory = Signal::derive(move || {
        let sound = memory.with(|text| text.trim().parse::<u64>().is_ok_and(|mib| mib % 1024 == 0));
        (tried.get() && !sound).then(|| "Must be a multiple of 1024".to_owned())
    });
    let range = NumberRange {
        min: 1024.0,
        max: 131_072.0,
        step: 1024.0,
    };
    let said = move || {
        let good = tried.get() && bad_name.get().is_none() && bad_memory.get().is_none();
        good.then_some("Everything can be taken")
    };
    view! {
        <Card title="A form that checks">
            <form novalidate on:submit=move |event| { event.prevent_default(); tried.set(true); }>
                <TextField label="Name" value=name help="Letters, digits and hyphens" error=bad_name/>
                <NumberField label="Memory" value=memory range=range unit="MiB" help="A multiple of 1024" error=bad_memory/>
                <Button label="Check" look=ButtonLook::Primary submits=true on_press=|()| ()/>
                <p class="quiet" role="status">{said}</p>
            </form>
        </Card>
    }
}

#[component]
fn Plain() -> impl IntoView {
    view! {
        <Card title="Filled">
            <TextField label="VM name" value=text("web-server-01") help="As the guest calls itself"/>
            <TextField label="API key" value=text("not-a-real-key") kind=TextKind::Secret optional=true/>
            <NumberField label="Cores" value=text("4") range=cores()/>
            <SelectField label="Guest type" value=text("l26") options=guests()/>
            <TextArea label="Notes" value=text("Front of the shop.\nOwner: Ada.") limit=120 optional=true/>
            <SwitchField label="Starts with the node" value=RwSignal::new(true) help="After a power cut, too"/>
            <CheckField label="Start after creation" value=RwSignal::new(false)/>
        </Card>
    }
}

#[component]
fn Wrong() -> impl IntoView {
    view! {
        <Card title="Wrong">
            <TextField label="Wrong name" value=text("web server") help="Not seen" error=wrong("No spaces")/>
            <NumberField label="Wrong cores" value=text("99") range=cores() error=wrong("At most 32")/>
            <SelectField label="Wrong guest type" value=text("") options=guests() error=wrong("Choose one")/>
            <TextArea label="Wrong notes" value=text("Much too long for this") limit=10/>
            <SwitchField label="Wrong switch" value=RwSignal::new(true) error=wrong("This node does not allow it")/>
            <CheckField label="Wrong box" value=RwSignal::new(false) error=wrong("Must be agreed to")/>
        </Card>
    }
}

#[component]
fn Locked() -> impl IntoView {
    view! {
        <Card title="Locked">
            <TextField label="Locked name" value=text("web-server-01") locked=true/>
            <NumberField label="Locked cores" value=text("4") range=cores() locked=true/>
            <SelectField label="Locked guest type" value=text("win11") options=guests() locked=true/>
            <TextArea label="Locked notes" value=text("Front of the shop.") locked=true/>
            <SwitchField label="Locked switch" value=RwSignal::new(true) locked=true/>
            <CheckField label="Locked box" value=RwSignal::new(true) locked=true/>
        </Card>
    }
}

#[component]
fn Choosing() -> impl IntoView {
    let node = RwSignal::new(None::<String>);
    let nodes = ["proxmox-01", "proxmox-02", "proxmox-03"];
    let nodes = nodes.map(|name| Choice::new(name, name).count(Some(12)));
    let known = ["env-prod", "env-test", "always-on"].map(|name| KnownTag {
        look: TagLook::from(name),
        count: Some(3),
    });
    let chosen = RwSignal::new(vec!["env-prod".to_owned()]);
    let check = Callback::new(|tag: String| tags::check(&tag));
    view! {
        <Card title="Choosing">
            <Combo
                label="Filter by node"
                any="Any node"
                value=node
                options=Signal::stored(nodes.to_vec())
                on_pick=move |picked| node.set(picked)
            />
            <TagsField label="Tags" value=chosen known=Signal::stored(known.to_vec()) check=check help="Enter adds one"/>
            <QueryBox
                label="Search"
                value=text("tag:env-prod NOT cpu:<5%")
                index=Signal::stored(Arc::default())
                found=Signal::stored(Some("3 of 12".to_owned()))
                on_input=Callback::new(|_| ())
                on_enter=Callback::new(|()| ())
            />
        </Card>
    }
}
