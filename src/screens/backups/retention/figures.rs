//! Before and after, who is left without anything, and where the server says something else.

use super::super::fleet::Fleet;
use super::form::Form;
use super::reckon::{Reckoned, bare, compared};
use super::server::{Says, Server, unread_words};
use crate::components::{Button, ControlSize, ErrorState, Note, Tone};
use crate::domain::backup_list::Sum;
use crate::domain::units::{Bytes, NONE, count, grouped};
use leptos::prelude::*;
use std::sync::Arc;

/// VMs that are named.
const NAMED: usize = 6;

fn figure(label: &'static str, number: String, note: String) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{number} <span class="ret-note">{note}</span></dd>
        </div>
    }
}

fn size(sum: Sum) -> String {
    sum.size_words().unwrap_or_default()
}

/// What there is, what goes, what stays.
#[component]
pub fn Figures(fleet: Fleet, reckoned: Memo<Option<Arc<Reckoned>>>) -> impl IntoView {
    let body = move || {
        let told = reckoned.get();
        let of = |read: fn(&Reckoned) -> (usize, String)| {
            told.as_deref().map_or_else(
                || (NONE.to_owned(), String::new()),
                |all| {
                    let (number, note) = read(all);
                    (grouped(number as u64), note)
                },
            )
        };
        let before = of(|all| (all.before.count, size(all.before)));
        let goes = of(|all| (all.plan.goes, size(all.goes())));
        let after = of(|all| {
            let goes = all.goes();
            let rest = Sum {
                count: all.before.count - goes.count,
                bytes: all.before.bytes.saturating_sub(goes.bytes),
                without_size: all.before.without_size - goes.without_size,
                ..Sum::default()
            };
            (all.plan.stays(), size(rest))
        });
        let protected = of(|all| (all.plan.protected, "never counted".to_owned()));
        let unjudged = told
            .as_deref()
            .map(|all| all.plan.unjudged.len())
            .filter(|unjudged| *unjudged > 0);
        view! {
            {figure("now", before.0, before.1)}
            {figure("go", goes.0, goes.1)}
            {figure("stay", after.0, after.1)}
            {figure("protected", protected.0, protected.1)}
            {unjudged.map(|number| figure("not judged", grouped(number as u64), "they stay".to_owned()))}
        }
    };
    let bare = Memo::new(move |_| {
        reckoned.with(|all| {
            let all = all.as_ref()?;
            let bare = fleet.all.with(|rows| bare(rows, &all.going()));
            (!bare.is_empty()).then_some(bare)
        })
    });
    view! {
        <div role="status" aria-label="Before and after">
            <dl class="ret-figures">{body}</dl>
        </div>
        {move || bare.get().map(|bare| view! { <Note tone=Tone::Bad><p>{bare_words(&bare)}</p></Note> })}
    }
}

/// "2 VMs would have no backup left to restore: web-01, db-01."
pub fn bare_words(bare: &[String]) -> String {
    let names: Vec<&str> = bare.iter().take(NAMED).map(String::as_str).collect();
    let more = match bare.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{} would have no backup left to restore: {}{more}.",
        count(bare.len(), "VM", "VMs"),
        names.join(", ")
    )
}

/// What the server says to it.
#[component]
pub fn Compared(
    form: Form,
    reckoned: Memo<Option<Arc<Reckoned>>>,
    server: Server,
) -> impl IntoView {
    let says = move || {
        match server.says.get() {
        Says::Nothing(None) => ().into_any(),
        Says::Nothing(Some(why)) => view! { <p class="quiet ret-says">{why}</p> }.into_any(),
        Says::Asked => {
            view! { <p class="quiet ret-says" role="status">"The server is asked what it would remove…"</p> }
                .into_any()
        }
        Says::Failed(error) => {
            let again = Callback::new(move |()| server.ask_again());
            view! { <ErrorState error=error on_retry=again/> }.into_any()
        }
        Says::Known(list, bad) => {
            let sized = list.iter().filter_map(|one| one.size).count();
            let size = list.iter().filter_map(|one| one.size).fold(0_u64, |sum, size| sum.saturating_add(size.0));
            let least = if sized < list.len() || bad > 0 { "at least " } else { "" };
            let words = format!(
                "The server would remove {}, {least}{}",
                count(list.len() + bad, "backup", "backups"),
                Bytes(size).amount()
            );
            view! { <Verdict words=words form=form reckoned=reckoned server=server/> }.into_any()
        }
    }
    };
    view! { <div class="ret-server">{says}</div> }
}

#[component]
fn Verdict(
    words: String,
    form: Form,
    reckoned: Memo<Option<Arc<Reckoned>>>,
    server: Server,
) -> impl IntoView {
    let unread = server.unread();
    let difference = reckoned.get().and_then(|all| compared(&all, server));
    match difference {
        None => ().into_any(),
        Some(_) if unread > 0 => {
            view! { <Note tone=Tone::Warn><p>{words}". "{unread_words(unread)}" So it can't be compared with what is reckoned here."</p></Note> }
                .into_any()
        }
        Some(same) if same.is_none() => {
            view! { <Note tone=Tone::Ok><p>{words}": the same as reckoned here."</p></Note> }
                .into_any()
        }
        Some(other) => {
            let more = other.server_alone.len();
            let less = other.here_alone.len();
            let parts: Vec<String> = [
                (more > 0).then(|| format!("{more} that would stay here")),
                (less > 0).then(|| format!("not {less} that would go here")),
            ]
            .into_iter()
            .flatten()
            .collect();
            view! {
                <Note tone=Tone::Warn>
                    <p>{words}", among them "{parts.join(", and ")}". The server decides what a cleanup removes; it may count protected backups, take storages together, or go by another clock."</p>
                    <Button
                        label="Show the differences"
                        size=ControlSize::Small
                        on_press=move |()| form.address.set(&[("show", "differs")])
                    />
                </Note>
            }
            .into_any()
        }
    }
}
