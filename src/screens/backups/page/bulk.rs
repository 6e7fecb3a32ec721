//! What can be done with the selected ones, and what became of it.

use super::super::ask::BackupAsk;
use super::super::fleet::Fleet;
use super::super::may;
use super::super::parts::FarNote;
use super::super::target::Target;
use crate::components::{Button, ButtonLook, ControlSize, IconName};
use crate::domain::far::Far;
use crate::domain::table::Selection;
use crate::stores::actions::{Change, Each, Work};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Work on several. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Many {
    each: RwSignal<Each>,
    work: StoredValue<Work>,
    shown: Memo<Option<Arc<Far>>>,
    selection: RwSignal<Selection<String>>,
}

impl Many {
    /// For the page that is being built.
    pub fn new(selection: RwSignal<Selection<String>>) -> Self {
        let work = Work::default();
        let (shown, left) = (work.far(), work.clone());
        on_cleanup(move || left.leave());
        Self {
            each: RwSignal::new(Each::Verify),
            work: StoredValue::new(work),
            shown,
            selection,
        }
    }

    fn begin(self, live: &Live, targets: &[Target], each: Each) {
        let now = live.clock.now();
        let all = targets.iter().map(|target| target.named(now)).collect();
        self.each.set(each);
        let sent = live.actions.each_backup(all, each, self.work.get_value());
        drop(sent);
        self.selection.update(Selection::clear);
    }
}

/// The selected ones as they are now. Not tracked.
fn chosen(live: &Live, fleet: Fleet, selection: RwSignal<Selection<String>>) -> Vec<Target> {
    selection.with_untracked(|selection| {
        fleet.all.with_untracked(|all| {
            let rows = all.iter().filter(|row| selection.has(&row.key));
            rows.filter_map(|row| fleet.target(live, &row.volid))
                .collect()
        })
    })
}

/// The buttons.
#[component]
pub fn Bulk(
    fleet: Fleet,
    selection: RwSignal<Selection<String>>,
    ask: BackupAsk,
    many: Many,
) -> impl IntoView {
    let live = use_live();
    let counts = Memo::new(move |_| {
        selection.with(|selection| {
            fleet.all.with(|all| {
                let rows = all.iter().filter(|row| selection.has(&row.key));
                rows.fold((0, 0), |(all, kept), row| {
                    (all + 1, kept + usize::from(row.protected))
                })
            })
        })
    });
    let busy = live.actions.is_busy(Change::ManyBackups);
    let (verify, protect, delete) = (live.clone(), live.clone(), live.clone());
    let no_verify = Signal::derive(move || may::verify(&verify));
    let no_protect = Signal::derive(move || may::protect(&protect));
    let no_delete = Signal::derive(move || {
        let (all, kept) = counts.get();
        may::delete_any(&delete)
            .or_else(|| (all > 0 && all == kept).then(|| "All of them are protected".to_owned()))
    });
    let lifts = Memo::new(move |_| {
        let (all, kept) = counts.get();
        all > 0 && all == kept
    });
    let button = |label: Signal<String>, refused, press: Callback<()>| {
        view! {
            <Button label=label size=ControlSize::Small disabled=refused busy=busy on_press=press/>
        }
    };
    let (one, two, three) = (live.clone(), live.clone(), live);
    let on_verify = Callback::new(move |()| {
        many.begin(&one, &chosen(&one, fleet, selection), Each::Verify);
    });
    let on_protect = Callback::new(move |()| {
        let on = !lifts.get_untracked();
        many.begin(&two, &chosen(&two, fleet, selection), Each::Protect(on));
    });
    let word = Signal::derive(move || {
        let word = if lifts.get() {
            "Lift protection"
        } else {
            "Protect"
        };
        word.to_owned()
    });
    view! {
        {button(Signal::stored("Verify".to_owned()), no_verify, on_verify)}
        {button(word, no_protect, on_protect)}
        <Button
            label="Delete"
            look=ButtonLook::DangerQuiet
            size=ControlSize::Small
            icon=Signal::stored(IconName::Trash)
            disabled=no_delete
            on_press=move |()| ask.delete(chosen(&three, fleet, selection))
        />
    }
}

/// How far work on several has come, or what became of it.
#[component]
pub fn Told(many: Many) -> impl IntoView {
    let close = Callback::new(move |()| many.work.with_value(Work::put_away));
    let stop = Callback::new(move |()| many.work.with_value(Work::stop));
    let verb = Signal::derive(move || many.each.get().verb().to_owned());
    let past = Signal::derive(move || many.each.get().past().to_owned());
    view! { <FarNote far=many.shown verb=verb past=past on_close=close on_stop=stop/> }
}
