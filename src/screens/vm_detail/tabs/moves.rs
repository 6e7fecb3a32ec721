//! Where the VM has been: its migrations, newest first, as the server's history or its tasks tell.

use crate::api::migrate::{self, Past};
use crate::components::{Button, ButtonLook, Card, ControlSize, TaskMark, TimeStyle, TimeText};
use crate::domain::task::TaskState;
use crate::paths;
use crate::screens::page::Link;
use crate::screens::vm_detail::model::use_vm;
use crate::stores::{spawn, use_live};
use leptos::prelude::*;

/// Nothing where there was none: most VMs never move.
#[component]
pub fn Moves() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let rows: RwSignal<Vec<Past>> = RwSignal::new(Vec::new());
    let failed: RwSignal<Option<String>> = RwSignal::new(None);
    let round = RwSignal::new(0_u32);
    // A migration that ends moves the VM, or takes its lock off.
    let changes = Memo::new(move |_| {
        let at = vm.vm.with(|vm| (vm.node.clone(), vm.lock.clone()));
        (at, round.get())
    });
    // Asking is an effect; what comes back is nobody else's to derive.
    Effect::new(move || {
        changes.track();
        let live = live.clone();
        spawn::page(async move {
            match migrate::history(&live.client, vm.id).await {
                Ok(told) => {
                    failed.set(None);
                    rows.set(told.good);
                }
                Err(error) => failed.set(Some(error.message.clone())),
            }
        });
    });
    let again = move |()| round.update(|round| *round += 1);
    let any =
        Memo::new(move |_| rows.with(|rows| !rows.is_empty()) || failed.with(Option::is_some));
    move || {
        any.get().then(|| {
            view! {
                <Card title="Migrations" class="mig-history" flush=true>
                    {move || failed.get().map(|why| view! {
                        <p class="mig-history-note">
                            {format!("The migrations could not be loaded: {why} ")}
                            <Button label="Try again" size=ControlSize::Small look=ButtonLook::Quiet on_press=again/>
                        </p>
                    })}
                    <div class="mig-scroll" tabindex="0" role="group" aria-label="Migrations">
                        <table aria-label="Migrations">
                            <thead><tr>
                                <th scope="col">"State"</th><th scope="col">"From and to"</th><th scope="col">"Started"</th>
                                <th scope="col">"Took"</th><th scope="col">"By"</th><th scope="col">"Log"</th>
                            </tr></thead>
                            <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                </Card>
            }
        })
    }
}

fn row(past: Past) -> impl IntoView {
    let vm = use_vm();
    let state = past.state();
    let why = match &state {
        TaskState::Failed(why) => Some(why.clone()).filter(|why| !why.is_empty()),
        _ => None,
    };
    let way = match &past.to {
        Some(to) => format!("{} → {to}", past.from),
        None => format!("from {}", past.from),
    };
    let kind = past.kind.map(|kind| format!(", {kind}"));
    view! {
        <tr>
            <td><TaskMark state=Signal::stored(state)/></td>
            <td>{way}{kind}{why.map(|why| view! { <div class="quiet mig-history-why">{why}</div> })}</td>
            <td><TimeText at=Signal::stored(past.started) now=vm.now style=TimeStyle::Clock/></td>
            <td>{past.lasted.map(crate::domain::units::Seconds::long)}</td>
            <td>{past.by}</td>
            <td>{past.task.map(|task| view! { <Link class="link" to=paths::task(&task)>"Log"</Link> })}</td>
        </tr>
    }
}
