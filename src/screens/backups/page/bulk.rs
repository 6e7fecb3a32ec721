//! What can be done with the selected ones, and what became of it.

use super::super::ask::BackupAsk;
use super::super::fleet::Fleet;
use super::super::may;
use super::super::target::Target;
use crate::components::{Button, ButtonLook, ControlSize, IconName, Note, Progress, Tone};
use crate::domain::table::Selection;
use crate::domain::units::Fraction;
use crate::stores::actions::{Change, Each, Far, FarSignal};
use crate::stores::{Live, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Work on several. `Copy`; lives as long as the page.
#[derive(Debug, Clone, Copy)]
pub struct Many {
    /// "Verify", "Protect".
    verb: RwSignal<&'static str>,
    far: StoredValue<FarSignal>,
    shown: Memo<Option<Arc<Far>>>,
    selection: RwSignal<Selection<String>>,
}

impl Many {
    /// For the page that is being built.
    pub fn new(selection: RwSignal<Selection<String>>) -> Self {
        let far = FarSignal::default();
        let read = far.clone();
        Self {
            verb: RwSignal::new(""),
            far: StoredValue::new(far),
            shown: Memo::new(move |_| read.get()),
            selection,
        }
    }

    fn begin(self, live: &Live, targets: &[Target], each: Each, verb: &'static str) {
        let now = live.clock.now();
        let all = targets.iter().map(|target| target.named(now)).collect();
        self.verb.set(verb);
        let sent = live.actions.each_backup(all, each, self.far.get_value());
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
        many.begin(
            &one,
            &chosen(&one, fleet, selection),
            Each::Verify,
            "Verify",
        );
    });
    let on_protect = Callback::new(move |()| {
        let on = !lifts.get_untracked();
        let verb = if on {
            "Protect"
        } else {
            "Lift the protection of"
        };
        many.begin(
            &two,
            &chosen(&two, fleet, selection),
            Each::Protect(on),
            verb,
        );
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
    let far = many.shown;
    let close = Callback::new(move |()| many.far.with_value(|far| far.set(None)));
    move || {
        far.get().map(|far| {
            let verb = many.verb.get();
            let past = if verb == "Verify" { "started" } else { "done" };
            view! { <FarNote far=far verb=verb.to_owned() past=past on_close=close/> }
        })
    }
}

/// How far one stretch of work has come.
#[component]
pub fn FarNote(
    far: Arc<Far>,
    /// "Verify".
    #[prop(into)]
    verb: Signal<String>,
    /// What has become of those that were not refused: "started".
    past: &'static str,
    on_close: Callback<()>,
    /// Without a button: there is one elsewhere.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let (all, done, failed) = (far.all, far.done, far.failed.len());
    let left = all - done - failed;
    let words = match (far.ended, failed) {
        (false, _) => format!("{} of {all}", done + failed),
        (true, 0) => format!("{done} of {all} {past}"),
        (true, _) => format!("{done} of {all} {past}, {failed} refused"),
    };
    let rest = (far.ended && left > 0)
        .then(|| format!("The other {left} were not asked for, since the server does not answer."));
    let tone = match (far.ended, failed) {
        (_, 1..) => Tone::Bad,
        (true, 0) => Tone::Ok,
        (false, 0) => Tone::Info,
    };
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let share = Signal::stored(Some(Fraction((done + failed) as f64 / all.max(1) as f64)));
    let line = |(name, why): &(String, String)| {
        view! { <li><b>{name.clone()}</b>": "{why.clone()}</li> }
    };
    let lines = far.failed.iter().take(20).map(line).collect_view();
    view! {
        <Note tone=tone>
            <p role="status">{move || verb.get()}": "{words}". "{rest}</p>
            {(failed > 0).then(|| view! { <ul class="fb-why">{lines}</ul> })}
            {if far.ended && bare {
                ().into_any()
            } else if far.ended {
                view! { <Button label="Close" size=ControlSize::Small on_press=on_close/> }.into_any()
            } else {
                view! { <Progress label="Asked for" share=share bar_only=true/> }.into_any()
            }}
        </Note>
    }
}
