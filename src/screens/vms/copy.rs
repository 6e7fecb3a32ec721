//! Names, numbers or addresses of the selected VMs, one per line, for the clipboard.

use super::bulk_ask::Bulk;
use crate::api::capabilities::Feature;
use crate::api::vms::{self, Vm};
use crate::components::dom::copy_text;
use crate::components::{
    ControlSize, IconName, MenuButton, MenuItem, Toast, Toasts, Tone, use_toasts,
};
use crate::domain::units::count;
use crate::screens::common::facts::is_on;
use crate::screens::common::pool::pool;
use crate::stores::{Live, spawn};
use futures_util::FutureExt;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// How many guests are asked at once.
const AT_ONCE: usize = 4;
/// How many names a reason lists.
const NAMED: usize = 3;
const KEY: &str = "vms-copy";

/// In the bar of the selection.
#[component]
pub(super) fn CopyMenu(bulk: Bulk) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let items = Signal::derive(move || {
        let live = bulk.live();
        let offered = live.offers(Feature::Agent);
        let reason = offered.reason().map(ToOwned::to_owned).or_else(|| {
            let on = bulk.chosen.with(|vms| vms.iter().any(|vm| is_on(vm)));
            (!on).then(|| "None of them is running: no guest can be asked".to_owned())
        });
        let reason = reason.or_else(|| busy.get().then(|| "The guests are being asked".to_owned()));
        let lines = move |what: (&'static str, &'static str), line: fn(&Vm) -> String| {
            let vms = bulk.chosen.get_untracked();
            let text: Vec<String> = vms.iter().map(|vm| line(vm)).collect();
            let told = count(text.len(), what.0, what.1);
            put(
                toasts,
                text.join("\n"),
                format!("{told} copied"),
                String::new(),
            );
        };
        vec![
            MenuItem::new("names", "Names", move || {
                lines(("name", "names"), super::cells::shown_name);
            }),
            MenuItem::new("ids", "IDs", move || {
                lines(("ID", "IDs"), |vm| vm.vmid.to_string());
            }),
            MenuItem::new("addresses", "IP addresses", move || {
                busy.set(true);
                addresses(&bulk.live(), toasts, bulk.chosen.get_untracked(), busy);
            })
            .disabled(reason),
        ]
    });
    view! { <MenuButton label="Copy" items=items size=ControlSize::Small icon=IconName::Copy/> }
}

/// Puts it on the clipboard and says so. Where the browser wants a press of its own, as after a
/// wait, it is offered.
fn put(toasts: Toasts, text: String, told: String, more: String) {
    let copying = copy_text(&text);
    spawn::action(async move {
        let copied = copying.await;
        let toast = if copied {
            Toast::new(Tone::Ok, told).text(more)
        } else {
            let words = "The browser wants a press for it.";
            let text = Arc::new(text);
            let ready = told.trim_end_matches(" copied").to_owned();
            Toast::new(Tone::Warn, format!("{ready} ready to copy"))
                .text(words)
                .action("Copy", move || {
                    put(toasts, text.as_ref().clone(), told.clone(), more.clone());
                })
        };
        toasts.push(toast.key(KEY));
    });
}

/// Asks the guests and copies what they say.
fn addresses(live: &Live, toasts: Toasts, vms: Vec<Arc<Vm>>, busy: RwSignal<bool>) {
    let live = live.clone();
    spawn::action(async move {
        let found: Vec<Option<Result<Vec<String>, String>>> = vec![None; vms.len()];
        let found = Rc::new(RefCell::new(found));
        let (at, done) = (Cell::new(0), Rc::new(Cell::new(0)));
        let all = vms.len();
        let next = || {
            let place = at.get();
            at.set(place + 1);
            let vm = Arc::clone(vms.get(place)?);
            let (live, found, done) = (live.clone(), Rc::clone(&found), Rc::clone(&done));
            let work = async move {
                let answer = of_guest(&live, &vm).await;
                if let Some(slot) = found.borrow_mut().get_mut(place) {
                    *slot = Some(answer);
                }
                done.set(done.get() + 1);
                let words = format!("Asking guests for their addresses: {} of {all}", done.get());
                toasts.push(Toast::new(Tone::Info, words).key(KEY));
            };
            Some(work.boxed_local())
        };
        pool(AT_ONCE, &next).await;
        let _ = busy.try_set(false);
        let mut lines = Vec::new();
        let mut none: Vec<(String, Vec<String>)> = Vec::new();
        for (vm, answer) in vms.iter().zip(found.take()) {
            match answer {
                Some(Ok(own)) => lines.extend(own),
                Some(Err(why)) => lack(&mut none, why, super::cells::shown_name(vm)),
                None => {}
            }
        }
        let (had, lacking) = (
            vms.len(),
            none.iter().map(|(_, names)| names.len()).sum::<usize>(),
        );
        let more = reasons(&none, lacking);
        if lines.is_empty() {
            toasts.push(
                Toast::new(Tone::Warn, "No addresses to copy")
                    .text(more)
                    .key(KEY),
            );
            return;
        }
        let told = format!(
            "{} of {} copied",
            count(lines.len(), "address", "addresses"),
            count(had - lacking, "VM", "VMs")
        );
        put(toasts, lines.join("\n"), told, more);
    });
}

/// The addresses that others can reach the guest by, or why there are none.
async fn of_guest(live: &Live, vm: &Vm) -> Result<Vec<String>, String> {
    if !is_on(vm) {
        return Err("not running".to_owned());
    }
    let answer = vms::agent_interfaces(&live.client, vm.vmid).await;
    let interfaces = answer.map_err(|error| error.message.clone())?.good;
    let all = interfaces
        .into_iter()
        .flat_map(|interface| interface.addresses);
    let own: Vec<String> = all
        .map(|address| address.ip)
        .filter(|ip| !is_inner(ip))
        .collect();
    if own.is_empty() {
        return Err("the guest has none".to_owned());
    }
    Ok(own)
}

/// Of use inside the guest, or on one cable, only.
fn is_inner(ip: &str) -> bool {
    let ip = ip.to_ascii_lowercase();
    ip.is_empty()
        || ip == "::1"
        || ["127.", "169.254.", "fe80:"]
            .iter()
            .any(|inner| ip.starts_with(inner))
}

fn lack(none: &mut Vec<(String, Vec<String>)>, why: String, name: String) {
    match none.iter_mut().find(|(known, _)| *known == why) {
        Some((_, names)) => names.push(name),
        None => none.push((why, vec![name])),
    }
}

/// "3 had none: not running (db-01, db-02), QEMU guest agent is not running (web-03)".
fn reasons(none: &[(String, Vec<String>)], lacking: usize) -> String {
    if none.is_empty() {
        return String::new();
    }
    let parts = none.iter().map(|(why, names)| {
        let more = names.len().saturating_sub(NAMED);
        let named = names
            .iter()
            .take(NAMED)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!("{why} ({named}{more})")
    });
    format!(
        "{lacking} had none: {}",
        parts.collect::<Vec<_>>().join("; ")
    )
}
