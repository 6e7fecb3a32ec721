//! The questions, and the details of one backup.

mod back_up;
mod config;
mod delete;
mod details;
mod form;
mod history;
mod notes;
mod verify;

use super::ask::{Asked, BackupAsk};
use leptos::prelude::*;

/// What is asked, drawn.
pub(super) fn question(asked: Asked, ask: BackupAsk, on_close: Callback<()>) -> AnyView {
    match asked {
        Asked::BackUp(vm) => view! { <back_up::BackUpDialog vm=vm on_close=on_close/> }.into_any(),
        Asked::Delete(targets) => {
            view! { <delete::DeleteDialog targets=targets ask=ask on_close=on_close/> }.into_any()
        }
        Asked::Verify(target) => {
            view! { <verify::VerifyDialog target=target ask=ask on_close=on_close/> }.into_any()
        }
        Asked::Notes(target) => {
            view! { <notes::NotesDialog target=target on_close=on_close/> }.into_any()
        }
        Asked::Details(target) => {
            view! { <details::DetailsDialog target=target ask=ask on_close=on_close/> }.into_any()
        }
    }
}
