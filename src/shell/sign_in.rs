//! Asks for the API key where the server wants one. What stood on the page stays behind it: after
//! signing in, the same address shows, and nothing but reads is repeated.

use crate::components::lazy::area_part;
use crate::components::{Button, ButtonLook, Dialog, TextField, TextKind};
use crate::lazy_view;
use crate::screens::unsaved::guard;
use crate::stores::{spawn, use_live};
use leptos::prelude::*;

/// The dialog; open while the server refuses calls for want of a key.
#[component]
pub fn SignIn() -> impl IntoView {
    let live = use_live();
    let wanted = live.session.wanted();
    let open = Memo::new(move |_| wanted.with(Option::is_some));
    // It stays once it was wanted, so that it closes as every dialog does.
    let ever = Memo::new(move |old: Option<&bool>| old == Some(&true) || open.get());
    move || {
        ever.get().then(|| {
            area_part(
                || Box::pin(preload_sign_in()),
                move || Box::pin(sign_in(open)),
                Callback::new(|()| ()),
            )
        })
    }
}

lazy_view! {
    later, preload_sign_in,
    fn sign_in(open: Memo<bool>) -> AnyView { view! { <Question open=open/> }.into_any() }
}

#[component]
fn Question(open: Memo<bool>) -> impl IntoView {
    let live = use_live();
    let key = RwSignal::new(String::new());
    let remember = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);

    let what = move || {
        key.with(|key| !key.is_empty())
            .then(|| "the API key".to_owned())
    };
    guard(Signal::derive(what), None);

    let submit = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        if key.with_untracked(|key| key.trim().is_empty()) {
            problem.set(Some("Type or paste the API key".to_owned()));
            return;
        }
        busy.set(true);
        problem.set(None);
        let live = live.clone();
        let outcome = key.with_untracked(|key| live.sign_in(key, remember.get_untracked()));
        spawn::page(async move {
            let outcome = outcome.await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(()) => {
                    let _ = key.try_set(String::new());
                }
                Err(error) => {
                    let _ = problem.try_set(Some(error.message.clone()));
                }
            }
        });
    });
    view! {
        <Dialog title="Sign in to Moxxie" question=true open=open on_close=Callback::new(|()| {})>
            <form
                class="form"
                on:submit=move |event| {
                    event.prevent_default();
                    submit.run(());
                }
            >
                <p class="quiet">"This server asks for an API key. It is sent to this server alone."</p>
                <TextField label="API key" kind=TextKind::Secret value=key error=problem autofocus=true/>
                <label class="check-line"><input type="checkbox" prop:checked=remember on:change=move |event| remember.set(event_target_checked(&event))/>"Remember on this device"</label>
                <Button label="Sign in" look=ButtonLook::Primary busy=busy on_press=submit wide=true/>
            </form>
        </Dialog>
    }
}
