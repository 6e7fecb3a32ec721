//! Fields that the wizards share.

use crate::components::form::{KnownTag, TagCheck};
use crate::components::{
    Button, ButtonLook, ControlSize, SelectField, SelectOption, TagLook, TagsField, TextArea,
    TextField,
};
use crate::domain::provision::Known;
use crate::domain::tags;
use crate::domain::units::Bytes;
use crate::stores::use_live;
use leptos::prelude::*;

/// The number, proposed and checked while it is typed.
#[component]
pub fn IdField(
    value: RwSignal<String>,
    known: Memo<Known>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let next = Memo::new(move |_| known.with(Known::next_id).to_string());
    let offered = Memo::new(move |_| error.with(Option::is_some) && value.get() != next.get());
    view! {
        <div class="make-id">
            <TextField
                label="VM ID"
                value=value
                error=error
                help="From 100 to 999999999, not in use"
                mono=true
            />
            <Show when=move || offered.get()>
                <Button
                    label=Signal::derive(move || format!("Use {}, the next free one", next.get()))
                    look=ButtonLook::Quiet
                    size=ControlSize::Small
                    on_press=move |()| value.set(next.get_untracked())
                />
            </Show>
        </div>
    }
}

/// The pool: those that VMs are in, or another one by name.
#[component]
pub fn PoolField(
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let live = use_live();
    let rows = live.vms.rows().clone();
    let pools = Memo::new(move |_| {
        let roster = rows.roster();
        let mut pools: Vec<String> = roster.iter().filter_map(|vm| vm.pool.clone()).collect();
        pools.sort();
        pools.dedup();
        pools
    });
    let help = Signal::derive(move || match pools.get().join(", ").as_str() {
        "" => "The name of a resource pool that exists".to_owned(),
        names => format!("The name of a resource pool that exists, such as {names}"),
    });
    view! { <TextField label="Pool" value=value optional=true help=help error=error/> }
}

/// Tags, completed from those in use.
#[component]
pub fn TagsOf(value: RwSignal<Vec<String>>, error: Signal<Option<String>>) -> impl IntoView {
    let live = use_live();
    let watch = live.tags.watch();
    let known = Memo::new(move |_| {
        let all = watch.get().unwrap_or_default();
        let known = |tag: &crate::api::tags::Tag| KnownTag {
            look: TagLook::from(tag.name.as_str()),
            count: tag.count.and_then(|count| usize::try_from(count).ok()),
        };
        all.iter().map(known).collect::<Vec<_>>()
    });
    let check: TagCheck = Callback::new(|tag: String| tags::check(&tag));
    view! { <TagsField label="Tags" value=value known=known check=check error=error optional=true/> }
}

/// Storages of a node for disks, with the room that they have.
pub fn storage_options(known: Memo<Known>, node: Signal<String>) -> Signal<Vec<SelectOption>> {
    Memo::new(move |_| {
        let node = node.get();
        known.with(|known| {
            let option = |own: &&crate::domain::provision::StorageFacts| {
                let room = own
                    .free
                    .map_or_else(String::new, |free| format!(" ({} free)", free.capacity()));
                SelectOption::new(own.name.clone(), format!("{}{room}", own.name))
            };
            known
                .storages_for(&node, "images")
                .iter()
                .map(option)
                .collect()
        })
    })
    .into()
}

/// The bridge: one of the node's, or by name where the node has not told them.
#[component]
pub fn BridgeField(
    #[prop(default = "Bridge".to_owned(), into)] label: String,
    value: RwSignal<String>,
    known: Memo<Known>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let bridges = Memo::new(move |_| {
        known.with(|known| {
            let all = known.bridges.as_deref()?;
            let option = |own: &crate::domain::provision::Bridge| {
                let mut about = own.comment.clone();
                if own.active == Some(false) {
                    about = "down".to_owned();
                }
                let label = if about.is_empty() {
                    own.name.clone()
                } else {
                    format!("{} ({about})", own.name)
                };
                SelectOption::new(own.name.clone(), label)
            };
            Some(all.iter().map(option).collect::<Vec<_>>())
        })
    });
    let told = Memo::new(move |_| bridges.with(Option::is_some));
    let options = Signal::derive(move || bridges.get().unwrap_or_default());
    move || {
        let label = label.clone();
        if told.get() {
            view! { <SelectField label=label value=value options=options error=error/> }.into_any()
        } else {
            let help = "The node has not told its bridges";
            view! { <TextField label=label value=value mono=true error=error help=help/> }
                .into_any()
        }
    }
}

/// How an interface gets its addresses, with the fields that a static one wants.
#[component]
pub fn AddressFields(
    /// `net0`
    label: String,
    nic: super::create::NicForm,
    /// What is said of `address4`, `gateway4`, `address6`, `gateway6`.
    error_of: Callback<&'static str, Signal<Option<String>>>,
) -> impl IntoView {
    let options = |six: bool| {
        let mut options = vec![
            SelectOption::new("dhcp", "DHCP"),
            SelectOption::new("static", "Static"),
            SelectOption::new("none", "None"),
        ];
        if six {
            options.insert(0, SelectOption::new("auto", "From the router (SLAAC)"));
        }
        Signal::stored(options)
    };
    let four = Memo::new(move |_| nic.ip4.with(|mode| mode == "static"));
    let six = Memo::new(move |_| nic.ip6.with(|mode| mode == "static"));
    let name = StoredValue::new(label);
    let named = move |what: &str| format!("{what} of {}", name.get_value());
    view! {
        <div class="form-row">
            <SelectField label=named("IPv4") value=nic.ip4 options=options(false)/>
            <Show when=move || four.get()>
                <TextField label=named("IPv4 address") value=nic.address4 mono=true placeholder="10.0.0.5/24" error=error_of.run("address4")/>
                <TextField label=named("IPv4 gateway") value=nic.gateway4 mono=true optional=true placeholder="10.0.0.1" error=error_of.run("gateway4")/>
            </Show>
        </div>
        <div class="form-row">
            <SelectField label=named("IPv6") value=nic.ip6 options=options(true)/>
            <Show when=move || six.get()>
                <TextField label=named("IPv6 address") value=nic.address6 mono=true placeholder="fd00::5/64" error=error_of.run("address6")/>
                <TextField label=named("IPv6 gateway") value=nic.gateway6 mono=true optional=true placeholder="fd00::1" error=error_of.run("gateway6")/>
            </Show>
        </div>
    }
}

/// Public SSH keys, one a line.
#[component]
pub fn KeysField(value: RwSignal<String>, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <TextArea
            label="SSH keys"
            value=value
            error=error
            rows=4
            mono=true
            optional=true
            help="Public keys, one a line"
            placeholder="ssh-ed25519 AAAA… me@example.org"
        />
    }
}

/// Memory as it is typed, MiB, in words: "4 GiB"; empty where it is no number.
pub fn memory_words(typed: RwSignal<String>) -> Signal<String> {
    Signal::derive(move || {
        let mib = typed.with(|text| text.trim().parse::<u64>().ok());
        mib.map_or_else(String::new, |mib| {
            Bytes(mib.saturating_mul(1 << 20)).capacity().to_string()
        })
    })
}
