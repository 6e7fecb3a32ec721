//! Several VMs backed up at once: where to, how, and what became of each.

use super::super::looks::packed;
use super::super::parts::FarNote;
use super::guests::Guests;
use crate::api::backups::{Compression, Mode, NewBackup, create_shown};
use crate::api::capabilities::Feature;
use crate::api::storage::Storage;
use crate::components::dialog::DiscardAsk;
use crate::components::{
    Button, ButtonLook, CallFold, CheckField, ControlSize, Dialog, IconName, Note, SelectField,
    SelectOption, TextField, Tone,
};
use crate::domain::backup_notes::{Guest as Named, fill};
use crate::domain::ids::VmId;
use crate::domain::table::Selection;
use crate::domain::units::count;
use crate::screens::backups::may;
use crate::screens::common::call::curl_of;
use crate::screens::unsaved::guard;
use crate::stores::actions::{Change, Work};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Notes until somebody types others.
const NOTES: &str = "{{guestname}}";

/// The button of the bulk bar. The bar is drawn anew with the rows, so the question stands
/// elsewhere: [`SeveralDialog`].
#[component]
pub fn Several(open: RwSignal<bool>) -> impl IntoView {
    let live = use_live();
    let refused = live.denied(Feature::BackUp);
    view! {
        <Button
            label="Back up now"
            size=ControlSize::Small
            icon=Signal::stored(IconName::Backup)
            disabled=refused
            on_press=move |()| open.set(true)
        />
    }
}

/// The question, while it is open. Once on the page.
#[component]
pub fn SeveralDialog(
    guests: Guests,
    selection: RwSignal<Selection<VmId>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    move || {
        open.get().then(|| {
            let vms = untrack(|| chosen(guests, selection));
            view! { <Asked vms=vms open=open selection=selection/> }
        })
    }
}

fn chosen(guests: Guests, selection: RwSignal<Selection<VmId>>) -> Vec<VmId> {
    selection.with(|selection| {
        guests.all.with(|all| {
            let all = all.as_deref().map_or(&[][..], Vec::as_slice);
            let vms = all.iter().map(|guest| guest.vm);
            vms.filter(|vm| selection.has(vm)).collect()
        })
    })
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    storage: RwSignal<String>,
    mode: RwSignal<String>,
    compression: RwSignal<String>,
    notes: RwSignal<String>,
    protect: RwSignal<bool>,
    /// The storage that was proposed.
    proposed: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        Self {
            storage: RwSignal::new(String::new()),
            mode: RwSignal::new(Mode::default().as_str().to_owned()),
            compression: RwSignal::new(Compression::default().as_str().to_owned()),
            notes: RwSignal::new(NOTES.to_owned()),
            protect: RwSignal::new(false),
            proposed: RwSignal::new(String::new()),
        }
    }

    /// As it stands: what is sent goes on when the page is left. Tracked.
    fn sent(self) -> Sent {
        let (mode, compression) = (self.mode.get(), self.compression.get());
        let mode = Mode::ALL.into_iter().find(|own| own.as_str() == mode);
        let mut packed = Compression::ALL.into_iter();
        let compression = packed.find(|own| own.as_str() == compression);
        Sent {
            storage: self.storage.get(),
            mode: mode.unwrap_or_default(),
            compression: compression.unwrap_or_default(),
            notes: self.notes.get(),
            protect: self.protect.get(),
        }
    }

    /// Whether the person has chosen or typed anything; tracked.
    fn is_touched(self) -> bool {
        let plain = Sent {
            storage: self.proposed.get(),
            mode: Mode::default(),
            compression: Compression::default(),
            notes: NOTES.to_owned(),
            protect: false,
        };
        self.sent() != plain
    }
}

/// What is asked for of each.
#[derive(Clone, PartialEq)]
struct Sent {
    storage: String,
    mode: Mode,
    compression: Compression,
    notes: String,
    protect: bool,
}

impl Sent {
    /// What is asked for of one VM.
    fn of(&self, live: &Live, vm: VmId) -> Result<NewBackup, String> {
        let known = live.known_vm(vm);
        if let Some(why) = known
            .as_ref()
            .and_then(|own| untrack(|| may::back_up(live, own)))
        {
            return Err(why);
        }
        let node = known.map(|own| own.node.clone()).unwrap_or_default();
        let cluster = live.cluster.peek().map(|own| own.cluster.name.clone());
        let named = Named {
            name: &live.vm_name(vm),
            vm,
            node: &node,
            cluster: &cluster.unwrap_or_default(),
        };
        Ok(NewBackup {
            storage: self.storage.clone(),
            mode: self.mode,
            compression: self.compression,
            notes: fill(&self.notes, &named)?,
            protect: self.protect,
        })
    }

    /// The calls that will be sent, one below the other; none before a storage is chosen.
    fn calls(&self, live: &Live, vms: &[VmId]) -> String {
        if self.storage.is_empty() {
            return String::new();
        }
        let call = |vm: &VmId| {
            let request = self.of(live, *vm).ok()?;
            Some(curl_of(&live.client, &create_shown(*vm, &request)))
        };
        vms.iter().filter_map(call).collect::<Vec<_>>().join("\n")
    }
}

#[component]
fn Asked(
    vms: Vec<VmId>,
    open: RwSignal<bool>,
    selection: RwSignal<Selection<VmId>>,
) -> impl IntoView {
    let live = use_live();
    let number = vms.len();
    let what = count(number, "VM", "VMs");
    let draft = Draft::new();
    let work = Work::default();
    let shown = work.far();
    let left = work.clone();
    on_cleanup(move || left.leave());
    let begun = Memo::new(move |_| shown.with(Option::is_some));
    let ended = Memo::new(move |_| shown.with(|far| far.as_ref().is_some_and(|far| far.ended)));
    let typed = move || (!begun.get() && draft.is_touched()).then(|| "new backups".to_owned());
    guard(Signal::derive(typed), None);
    let discarding = RwSignal::new(false);
    let places = places(&live, draft, &vms);
    let wrong = notes_error(&live, draft, vms.first().copied());
    let refused = Signal::derive(move || {
        if draft.storage.with(String::is_empty) {
            return Some("Choose a storage".to_owned());
        }
        wrong.get()
    });
    let busy = live.actions.is_busy(Change::ManyBackups);
    let calls = {
        let (live, vms) = (live.clone(), vms.clone());
        Signal::derive(move || draft.sent().calls(&live, &vms))
    };
    let stop = {
        let work = work.clone();
        Callback::new(move |()| work.stop())
    };
    let send = {
        let live = live.clone();
        Callback::new(move |()| {
            let (own, draft) = (live.clone(), untrack(|| draft.sent()));
            let new = move |vm| draft.of(&own, vm);
            drop(live.actions.back_up_each(vms.clone(), new, work.clone()));
        })
    };
    let leave = Callback::new(move |()| {
        let well = shown.with_untracked(|far| far.as_ref().is_some_and(|far| far.is_well()));
        open.set(false);
        if well {
            selection.update(Selection::clear);
        }
    });
    let close = Callback::new(move |()| {
        if !begun.get_untracked() && untrack(|| draft.is_touched()) {
            discarding.set(true);
        } else {
            leave.run(());
        }
    });
    let locked = Signal::derive(move || {
        (begun.get() && !ended.get())
            .then(|| "Each is being asked for; this takes a moment.".to_owned())
    });
    let verb = format!("Back up {what}");
    let footer = {
        let verb = verb.clone();
        move || {
            let verb = verb.clone();
            if discarding.get() {
                return view! { <DiscardAsk discarding=discarding on_discard=leave/> }.into_any();
            }
            view! {
                <Button label=Signal::derive(move || if begun.get() { "Close" } else { "Cancel" }.to_owned()) disabled=locked on_press=close/>
                {move || (!begun.get()).then(|| view! {
                    <Button label=verb.clone() look=ButtonLook::Primary disabled=refused busy=busy on_press=send/>
                })}
            }
            .into_any()
        }
    };
    let body = move || match begun.get() {
        true => view! {
            <FarNote far=shown verb="Back up" past="started" on_close=close on_stop=stop bare=true/>
        }
        .into_any(),
        false => view! {
            {fields(draft, places, wrong, number)}
            <CallFold text=calls many=true/>
        }
        .into_any(),
    };
    view! {
        <Dialog open=true on_close=close title=verb locked=locked footer=footer>
            {body}
        </Dialog>
    }
}

/// What is asked for of each.
fn fields(
    draft: Draft,
    places: Signal<Vec<SelectOption>>,
    wrong: Signal<Option<String>>,
    number: usize,
) -> AnyView {
    let modes = Mode::ALL.map(|mode| {
        let word = match mode {
            Mode::Snapshot => "Snapshot: the guests run on",
            Mode::Suspend => "Suspend: each is frozen meanwhile",
            Mode::Stop => "Stop: each is shut down and started again",
        };
        SelectOption::new(mode.as_str(), word)
    });
    let packings = Compression::ALL.map(|own| SelectOption::new(own.as_str(), packed(own)));
    view! {
            <div class="snap-form">
                <SelectField label="Storage" value=draft.storage options=places/>
                <SelectField label="Mode" value=draft.mode options=Signal::stored(modes.to_vec())/>
                {move || draft.mode.with(|mode| mode == "stop").then(|| view! {
                    <Note tone=Tone::Warn><p>{format!("All {number} are shut down for it.")}</p></Note>
                })}
                <SelectField label="Compression" value=draft.compression options=Signal::stored(packings.to_vec())/>
                <TextField label="Notes" value=draft.notes error=wrong optional=true help="{{guestname}}, {{vmid}}, {{node}} and {{cluster}} are filled in for each"/>
                <CheckField label="Protect them from removal" value=draft.protect/>
            </div>
        }
    .into_any()
}

/// A storage, and why it can't take them all.
type Place = (String, Option<String>);

/// Storages for backups, those that can't take the backups of all these VMs with the reason.
fn places(live: &Live, draft: Draft, vms: &[VmId]) -> Signal<Vec<SelectOption>> {
    let storages = live.storages.watch();
    let known = vms.iter().filter_map(|vm| live.known_vm(*vm));
    let nodes: BTreeSet<String> = known
        .map(|vm| vm.node.clone())
        .filter(|node| !node.is_empty())
        .collect();
    let why_not = move |own: &Storage| {
        if !own.is_usable() {
            return Some("does not answer".to_owned());
        }
        let far = |node: &&String| !own.nodes.is_empty() && !own.nodes.contains(node);
        let far: Vec<&str> = nodes.iter().filter(far).map(String::as_str).collect();
        (!far.is_empty()).then(|| format!("not reached by {}", far.join(", ")))
    };
    let places = Memo::new(move |_| {
        storages.value.with(|all| {
            let all = all.as_deref().map_or(&[][..], Vec::as_slice);
            let holds = |own: &&Storage| own.content.iter().any(|what| what == "backup");
            let own = all.iter().filter(holds);
            own.map(|own| (own.storage.clone(), why_not(own)))
                .collect::<Vec<Place>>()
        })
    });
    // Writes out of an effect: the only storage need not be chosen.
    Effect::new(move || {
        places.with(|places| {
            let mut fitting = places.iter().filter(|(_, why)| why.is_none());
            if let (Some((only, _)), None) = (fitting.next(), fitting.next())
                && draft.storage.with_untracked(String::is_empty)
            {
                draft.proposed.set(only.clone());
                draft.storage.set(only.clone());
            }
        });
    });
    Signal::derive(move || {
        let mut options = vec![SelectOption::new("", "Choose a storage")];
        places.with(|places| {
            let option =
                |(name, why): &Place| SelectOption::from(name.as_str()).disabled(why.clone());
            options.extend(places.iter().map(option));
        });
        options
    })
}

/// What is wrong with the notes, tried on the first VM.
fn notes_error(live: &Live, draft: Draft, first: Option<VmId>) -> Signal<Option<String>> {
    let name = first.map(|vm| live.vm_name(vm)).unwrap_or_default();
    Signal::derive(move || {
        let named = Named {
            name: &name,
            vm: first.unwrap_or(VmId(0)),
            node: "",
            cluster: "",
        };
        draft.notes.with(|notes| fill(notes, &named)).err()
    })
}
