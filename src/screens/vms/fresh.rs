//! How old the list is, whether the newest try failed, and asking anew.

use super::ctx::ListCtx;
use crate::components::{ButtonLook, ControlSize, Icon, IconButton, IconName};
use crate::domain::ago::ago;
use crate::stores::spawn;
use leptos::prelude::*;

/// "updated 2 s ago", or that it is old and why.
#[component]
pub(super) fn Freshness(ctx: ListCtx) -> impl IntoView {
    let live = ctx.live();
    let now = live.clock.watch();
    let watch = live.vms.watch();
    let status = watch.status;
    let asked = RwSignal::new(false);
    let said = RwSignal::new("");
    let age = Memo::new(move |_| {
        let updated = status.with(|status| status.updated)?;
        ago(updated, now.get())
    });
    let failure = Memo::new(move |_| {
        status.with(|status| {
            let error = status.error.as_ref().filter(|_| status.is_stale())?;
            Some(error.message.clone())
        })
    });
    let refresh = move |()| {
        if asked.get_untracked() {
            return;
        }
        asked.set(true);
        said.set("");
        let answer = watch.refresh();
        spawn::page(async move {
            let outcome = answer.await;
            let _ = asked.try_set(false);
            let _ = said.try_set(if outcome.is_ok() {
                "The list is up to date"
            } else {
                "The list could not be refreshed"
            });
        });
    };
    view! {
        <div class="vms-fresh">
            {move || match (failure.get(), age.get()) {
                (Some(why), age) => view! {
                    <span class="vms-stale" data-tip=why.clone()>
                        <Icon name=IconName::Triangle/>
                        {age.map_or_else(|| "Not up to date".to_owned(), |age| format!("Not up to date, from {age}"))}
                        <span class="vh">{format!(": {why}")}</span>
                    </span>
                }.into_any(),
                (None, Some(age)) => view! { <span class="vms-age">{format!("Updated {age}")}</span> }.into_any(),
                (None, None) => ().into_any(),
            }}
            <IconButton
                label="Refresh the list"
                icon=Signal::stored(IconName::Refresh)
                look=ButtonLook::Quiet
                size=ControlSize::Small
                busy=asked
                on_press=Callback::new(refresh)
            />
            <span class="vh" role="status">{move || said.get()}</span>
        </div>
    }
}
