//! The page that both wizards stand in: the question about what was typed before, the form, and
//! what was sent.

use super::desk::named;
use super::kept::{Clash, Kept, Slot};
use super::progress::{Parked, Under};
use crate::api::capabilities::Feature;
use crate::components::{
    Button, ButtonLook, ConfirmDialog, EmptyState, IconName, Note, Tone, confirm_now,
};
use crate::domain::provision::Step;
use crate::paths;
use crate::screens::page::{Crumb, Page};
use crate::stores::use_live;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_url};

/// The form, over what was typed before.
pub type Filling = Callback<Option<Kept>, AnyView>;

#[component]
pub fn WizardPage(
    #[prop(into)] title: Signal<String>,
    crumbs: Signal<Vec<Crumb>>,
    /// Where it is kept.
    place: Slot,
    /// The address of its first step.
    path: String,
    /// What it needs of the server.
    feature: Feature,
    /// "Create another".
    again: &'static str,
    filling: Filling,
) -> impl IntoView {
    let live = use_live();
    let run = place.run();
    // What is typed here does not make room for what another tab sends.
    let running = Memo::new(move |_| run.with(Option::is_some) && !place.is_typed());
    let clash = place.clash();
    let fresh = drop_ended(place);
    let url = use_url();
    let deep = untrack(|| url.with(|url| named(url.search())).is_some());
    // An address with a step is a reload or a link of one's own: what was typed is back at once.
    let offered = RwSignal::new(fresh.clone().filter(|_| !deep));
    let begun = RwSignal::new(fresh.filter(|_| deep));
    let round = RwSignal::new(0_u32);
    let refused = live.denied(feature);
    let navigate = use_navigate();
    let home = navigate.clone();
    let anew = Callback::new(move |()| {
        place.forget();
        begun.set(None);
        offered.set(None);
        round.update(|round| *round += 1);
        home(&path, Default::default());
    });
    let back = Callback::new(move |()| {
        begun.set(place.peek());
        place.back();
    });
    // Another tab may have gone on with it.
    let now_kept = move || place.peek().filter(|kept| kept.run.is_none());
    let resume = Callback::new(move |()| {
        begun.set(now_kept());
        offered.set(None);
    });
    let theirs = Callback::new(move |()| {
        place.begin(None);
        begun.set(now_kept());
        round.update(|round| *round += 1);
    });
    let asking = RwSignal::new(false);
    let press = Callback::new(move |()| {
        if untrack(|| place.is_typed()) || offered.with_untracked(Option::is_some) {
            asking.set(true);
        } else {
            anew.run(());
        }
    });
    let park = Callback::new(move |()| navigate(&paths::vms(), Default::default()));
    let filled = Memo::new(move |_| !running.get() && offered.with(Option::is_none));
    view! {
        <Page
            title=title
            crumbs=crumbs
            actions=move || (filled.get() && refused.with(Option::is_none)).then(|| view! {
                <Button label="Start over" look=ButtonLook::Quiet on_press=press/>
                <Button label="Park for later" look=ButtonLook::Quiet on_press=park/>
            })
        >
            {move || clash.get().map(|clash| view! { <Clashed clash=clash place=place on_theirs=theirs/> })}
            {move || {
                round.track();
                if let Some(why) = refused.get() {
                    return view! { <EmptyState title="This server does not do that" words=why icon=IconName::Monitor/> }.into_any();
                }
                if running.get() {
                    return view! { <Under place=place run=run again=again on_again=anew on_back=back/> }.into_any();
                }
                match offered.get() {
                    Some(kept) => view! { <Parked about=about(&kept) on_resume=resume on_discard=press/> }.into_any(),
                    None => {
                        let kept = begun.get_untracked();
                        place.begin(kept.as_ref());
                        filling.run(kept)
                    }
                }
            }}
            <ConfirmDialog
                open=asking
                on_close=move |()| asking.set(false)
                title="Start over?"
                lead="What is typed in this form is thrown away."
                verb="Start over"
                keep=Signal::stored("Keep it".to_owned())
                on_confirm=confirm_now(move || {
                    asking.set(false);
                    anew.run(());
                })
            />
        </Page>
    }
}

/// Another tab has put something else there than what is typed here: the person says which stays.
#[component]
fn Clashed(clash: Clash, place: Slot, on_theirs: Callback<()>) -> impl IntoView {
    let (words, theirs) = match clash {
        Clash::Draft => (
            "Another tab of this browser has changed this form meanwhile. What is typed here is not \
             kept until you say which of the two stays.",
            "Take the other tab's",
        ),
        Clash::Run => (
            "Another tab of this browser sends this form. What is typed here can't be kept or sent \
             until that is through; to show how that stands throws it away.",
            "Show how it stands",
        ),
    };
    let mine = (clash == Clash::Draft).then(|| {
        view! { <Button label="Keep what is typed here" on_press=move |()| place.claim()/> }
    });
    view! {
        <div role="alert">
            <Note tone=Tone::Warn>
                <p>{words}</p>
                <div class="btn-row make-parked">
                    {mine}
                    <Button label=theirs on_press=on_theirs/>
                </div>
            </Note>
        </div>
    }
}

/// What is kept, unless it is through: then it has been seen.
fn drop_ended(place: Slot) -> Option<Kept> {
    let kept = place.peek()?;
    if kept.run.as_ref().is_some_and(|run| run.at().is_none()) {
        place.forget();
        return None;
    }
    Some(kept).filter(|kept| kept.run.is_none())
}

fn about(kept: &Kept) -> String {
    let name = kept.draft.get("name").and_then(|name| name.as_str());
    let name = name
        .filter(|name| !name.is_empty())
        .unwrap_or("A VM without a name");
    let step = Step::ALL.into_iter().find(|step| step.slug() == kept.step);
    let step = step.unwrap_or(Step::General).label();
    let at = kept.at().to_iso().replace('T', " ");
    let at = at.get(..16).unwrap_or_default();
    format!("{name} was begun and not sent. It was left at the step {step} at {at} UTC.")
}
