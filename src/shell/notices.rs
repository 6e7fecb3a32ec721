//! What the stores have to tell becomes toasts.

use crate::components::Tone;
use crate::components::toast::{Toast, use_toasts};
use crate::paths;
use crate::stores::notices::{Notice, Tone as NoticeTone};
use crate::stores::use_live;
use leptos::prelude::*;

fn toast(notice: &Notice) -> Toast {
    let tone = match notice.tone {
        NoticeTone::Info => Tone::Info,
        NoticeTone::Good => Tone::Ok,
        NoticeTone::Warn => Tone::Warn,
        NoticeTone::Bad => Tone::Bad,
    };
    let mut toast = Toast::new(tone, notice.title.clone()).key(format!("notice-{}", notice.id));
    if let Some(text) = &notice.text {
        toast = toast.text(text.clone());
    }
    if let Some(undo) = notice.undo.clone() {
        toast = toast.action("Undo", move || undo.run());
    }
    if let Some((words, path)) = &notice.link {
        return toast.link(*words, paths::href(path));
    }
    match (&notice.task, notice.vm) {
        (Some(task), _) => toast.link("Open task", paths::href(&paths::task(task))),
        (None, Some(vm)) => toast.link("Open VM", paths::href(&paths::vm(vm))),
        (None, None) => toast,
    }
}

/// Draws nothing itself; hands notices to the toasts, each once, newer words in place of older.
#[component]
pub fn NoticeToasts() -> impl IntoView {
    let live = use_live();
    let toasts = use_toasts();
    let list = live.notices.list();
    // Toasts live on their own once shown: handing over is the effect's purpose.
    Effect::new(move |seen: Option<Vec<Notice>>| {
        let notices = list.get();
        let seen = seen.unwrap_or_default();
        for notice in notices.iter().filter(|notice| !seen.contains(notice)) {
            toasts.push(toast(notice));
        }
        notices.as_ref().clone()
    });
}
