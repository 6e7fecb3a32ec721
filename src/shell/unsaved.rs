//! Asks before something that was typed is lost.

use crate::components::lazy::area_part;
use crate::components::{ConfirmDialog, confirm_now};
use crate::domain::unsaved::listed;
use crate::lazy_view;
use crate::screens::unsaved::Unsaved;
use leptos::prelude::*;

/// The question, once there is one.
#[component]
pub fn UnsavedQuestion(unsaved: Unsaved) -> impl IntoView {
    let ever =
        Memo::new(move |old: Option<&bool>| old == Some(&true) || unsaved.asked.get().is_some());
    move || {
        ever.get().then(|| {
            area_part(
                || Box::pin(preload_unsaved()),
                move || Box::pin(unsaved_question(unsaved)),
                Callback::new(move |()| unsaved.stay()),
            )
        })
    }
}

lazy_view! {
    later, preload_unsaved,
    fn unsaved_question(unsaved: Unsaved) -> AnyView {
        view! { <Question unsaved=unsaved/> }.into_any()
    }
}

#[component]
fn Question(unsaved: Unsaved) -> impl IntoView {
    let open = Signal::derive(move || unsaved.asked.get().is_some());
    // The words stay while the question goes.
    let lost = Memo::new(move |old: Option<&String>| {
        let asked = unsaved.asked.get().map(|asked| listed(&asked.lost));
        asked.or_else(|| old.cloned()).unwrap_or_default()
    });
    let lead = Signal::derive(move || format!("Not saved, and lost by leaving: {}.", lost.get()));
    view! {
        <ConfirmDialog
            open=open
            on_close=move |()| unsaved.stay()
            title="Leave without saving?"
            lead=lead
            verb="Leave"
            keep=Signal::stored("Stay".to_owned())
            on_confirm=confirm_now(move || unsaved.leave())
        />
    }
}
