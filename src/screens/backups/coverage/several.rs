//! Several VMs backed up at once: where to, how, and what became of each.

use super::super::page::FarNote;
use super::guests::Guests;
use crate::api::backups::{Compression, Mode, NewBackup};
use crate::api::capabilities::Feature;
use crate::components::{
    Button, ButtonLook, CheckField, ControlSize, Dialog, IconName, Note, SelectField, SelectOption,
    TextField, Tone,
};
use crate::domain::backup_notes::{Guest as Named, fill};
use crate::domain::ids::VmId;
use crate::domain::table::Selection;
use crate::domain::units::count;
use crate::screens::backups::may;
use crate::stores::actions::{Change, FarSignal};
use crate::stores::{Live, use_live};
use leptos::prelude::*;

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
    notes: RwSignal<String>,
    protect: RwSignal<bool>,
}

impl Draft {
    /// As it stands: what is sent goes on when the page is left. Not tracked.
    fn sent(self) -> Sent {
        let mode = self.mode.get_untracked();
        let found = Mode::ALL.into_iter().find(|own| own.as_str() == mode);
        Sent {
            storage: self.storage.get_untracked(),
            mode: found.unwrap_or_default(),
            notes: self.notes.get_untracked(),
            protect: self.protect.get_untracked(),
        }
    }
}

/// What is asked for of each.
#[derive(Clone)]
struct Sent {
    storage: String,
    mode: Mode,
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
            compression: Compression::default(),
            notes: fill(&self.notes, &named)?,
            protect: self.protect,
        })
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
    let draft = Draft {
        storage: RwSignal::new(String::new()),
        mode: RwSignal::new(Mode::default().as_str().to_owned()),
        notes: RwSignal::new("{{guestname}}".to_owned()),
        protect: RwSignal::new(false),
    };
    let far = FarSignal::default();
    let told = far.clone();
    let shown = Memo::new(move |_| told.get());
    let begun = Memo::new(move |_| shown.with(Option::is_some));
    let ended = Memo::new(move |_| shown.with(|far| far.as_ref().is_some_and(|far| far.ended)));
    let places = places(&live, draft);
    let wrong = notes_error(&live, draft, vms.first().copied());
    let refused = Signal::derive(move || {
        if draft.storage.with(String::is_empty) {
            return Some("Choose a storage".to_owned());
        }
        wrong.get()
    });
    let busy = live.actions.is_busy(Change::ManyBackups);
    let send = {
        let live = live.clone();
        Callback::new(move |()| {
            let (own, draft) = (live.clone(), draft.sent());
            let sent =
                live.actions
                    .back_up_each(vms.clone(), move |vm| draft.of(&own, vm), far.clone());
            drop(sent);
        })
    };
    let close = Callback::new(move |()| {
        let well = shown.with_untracked(|far| {
            far.as_ref()
                .is_some_and(|far| far.ended && far.failed.is_empty())
        });
        open.set(false);
        if well {
            selection.update(Selection::clear);
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
            view! {
                <Button label=Signal::derive(move || if begun.get() { "Close" } else { "Cancel" }.to_owned()) disabled=locked on_press=close/>
                {move || (!begun.get()).then(|| view! {
                    <Button label=verb.clone() look=ButtonLook::Primary disabled=refused busy=busy on_press=send/>
                })}
            }
        }
    };
    // One memo alone is read: an effect that reads one of its followers before it misses its news.
    let body = move || match shown.get() {
        Some(far) => {
            view! { <FarNote far=far verb="Back up" past="started" on_close=close bare=true/> }
                .into_any()
        }
        None => fields(draft, places, wrong, number),
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
    view! {
            <div class="snap-form">
                <SelectField label="Storage" value=draft.storage options=places/>
                <SelectField label="Mode" value=draft.mode options=Signal::stored(modes.to_vec())/>
                {move || draft.mode.with(|mode| mode == "stop").then(|| view! {
                    <Note tone=Tone::Warn><p>{format!("All {number} are shut down for it.")}</p></Note>
                })}
                <TextField label="Notes" value=draft.notes error=wrong optional=true help="{{guestname}}, {{vmid}}, {{node}} and {{cluster}} are filled in for each"/>
                <CheckField label="Protect them from removal" value=draft.protect/>
            </div>
        }
    .into_any()
}

/// Storages for backups, those that do not answer with the reason.
fn places(live: &Live, draft: Draft) -> Signal<Vec<SelectOption>> {
    let storages = live.storages.watch();
    let places = Memo::new(move |_| {
        storages.value.with(|all| {
            let all = all.as_deref().map_or(&[][..], Vec::as_slice);
            let own = all
                .iter()
                .filter(|own| own.content.iter().any(|what| what == "backup"));
            own.map(|own| (own.storage.clone(), own.is_usable()))
                .collect::<Vec<_>>()
        })
    });
    // Writes out of an effect: the only storage need not be chosen.
    Effect::new(move || {
        places.with(|places| {
            let mut usable = places.iter().filter(|(_, usable)| *usable);
            if let (Some((only, _)), None) = (usable.next(), usable.next())
                && draft.storage.with_untracked(String::is_empty)
            {
                draft.storage.set(only.clone());
            }
        });
    });
    Signal::derive(move || {
        let mut options = vec![SelectOption::new("", "Choose a storage")];
        places.with(|places| {
            options.extend(places.iter().map(|(name, usable)| {
                let why = (!usable).then(|| "does not answer".to_owned());
                SelectOption::from(name.as_str()).disabled(why)
            }));
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
