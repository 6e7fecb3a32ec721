//! The configuration in a backup, and what has changed since.

use super::super::may;
use crate::api::ErrorKind;
use crate::api::backups::{self, Backup};
use crate::components::{FaceState, Faces, Note, Segments, SkeletonRows, Tone};
use crate::domain::backup_diff::{self, Difference, diff};
use crate::domain::config::ConfigMap;
use crate::domain::units::count;
use crate::screens::common::faces::error_view;
use crate::stores::{spawn, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// Today's configuration, as far as it can be had.
#[derive(Debug, Clone, PartialEq)]
enum Today {
    Asked,
    Known(Arc<ConfigMap>),
    /// There is none to compare with; why.
    None(String),
}

#[component]
pub(super) fn ConfigPart(backup: Arc<Backup>) -> impl IntoView {
    let live = use_live();
    let refused = {
        let live = live.clone();
        Memo::new(move |_| may::read_config(&live))
    };
    let today = today(&backup);
    let (state, retry) = load(backup);
    let shown = move || match refused.get() {
        Some(why) => view! { <p class="quiet">{why}</p> }.into_any(),
        None => view! {
            <Faces
                state=state
                skeleton=|| view! { <SkeletonRows rows=6/> }
                is_empty=|config| config.is_empty()
                empty=|| view! { <p class="quiet">"There is no configuration in it."</p> }
                on_retry=retry
                let:then
            >
                <Compared then=then today=today/>
            </Faces>
        }
        .into_any(),
    };
    view! {
        <section class="bak-config" aria-label="Configuration at the time of the backup">
            <h3>"Configuration"</h3>
            {shown}
        </section>
    }
}

/// Reads it from the backup, once, and again when that failed and somebody presses.
fn load(backup: Arc<Backup>) -> (Signal<FaceState<ConfigMap>>, Callback<()>) {
    let live = use_live();
    let tries = RwSignal::new(0_u32);
    let state = RwSignal::new(FaceState::<ConfigMap>::default());
    // Asking is an effect; what comes back is nobody else's to derive.
    Effect::new(move || {
        tries.track();
        let (live, backup) = (live.clone(), backup.clone());
        state.update(|state| state.loading = true);
        spawn::page(async move {
            let answer = backups::config(&live.client, &backup).await;
            let _ = state.try_update(|state| {
                state.loading = false;
                match answer {
                    Ok(config) => {
                        state.value = Some(Arc::new(config));
                        state.error = None;
                    }
                    Err(error) => {
                        let title = "The configuration in the backup could not be read";
                        state.error = Some(error_view(title, &error, live.clock.now()));
                    }
                }
            });
        });
    });
    let retry = Callback::new(move |()| tries.update(|tries| *tries += 1));
    (state.into(), retry)
}

fn today(backup: &Backup) -> Memo<Today> {
    let Some(vm) = backup.vmid else {
        return Memo::new(|_| Today::None("The backup does not say of which VM it is.".to_owned()));
    };
    let watch = use_live().vm(vm).detail.watch();
    Memo::new(move |_| {
        if let Some(detail) = watch.value.get() {
            return Today::Known(Arc::new(detail.config.0.clone()));
        }
        watch.status.with(|status| match &status.error {
            Some(error) if error.kind == ErrorKind::NotFound => {
                Today::None("The VM is not there any more: nothing to compare with.".to_owned())
            }
            Some(error) => Today::None(format!(
                "Today's configuration could not be read: {}",
                error.message
            )),
            None => Today::Asked,
        })
    })
}

#[component]
fn Compared(then: Signal<Arc<ConfigMap>>, today: Memo<Today>) -> impl IntoView {
    let whole = RwSignal::new(false);
    let comparable = Memo::new(move |_| today.with(|today| !matches!(today, Today::None(_))));
    let current = Signal::derive(move || {
        if whole.get() || !comparable.get() {
            "all"
        } else {
            "changed"
        }
    });
    let choose = Callback::new(move |word: &'static str| whole.set(word == "all"));
    let none = Memo::new(move |_| match today.get() {
        Today::None(why) => Some(why),
        _ => None,
    });
    let changed = Memo::new(move |_| match today.get() {
        Today::Known(now) => Some(diff(&then.get(), &now)),
        _ => None,
    });
    let all = Memo::new(move |_| then.with(|then| backup_diff::all(then)));
    let body = move || {
        if current.get() == "all" {
            return all.with(|all| rows(all, false)).into_any();
        }
        match changed.get() {
            None => view! { <SkeletonRows rows=4/> }.into_any(),
            Some(changed) if changed.is_empty() => view! {
                <p class="quiet" role="status">"Nothing has changed since: today's configuration is the same."</p>
            }
            .into_any(),
            Some(changed) => rows(&changed, true).into_any(),
        }
    };
    let sum = move || {
        let number = changed.with(|changed| changed.as_ref().map(Vec::len));
        number
            .filter(|number| *number > 0 && current.get() == "changed")
            .map(|number| {
                format!(
                    "{} since",
                    count(number, "setting changed", "settings changed")
                )
            })
    };
    view! {
        {move || none.get().map(|why| view! { <Note tone=Tone::Info>{why}</Note> })}
        {move || comparable.get().then(|| view! {
            <div class="bak-which">
                <Segments
                    label="Which settings"
                    items=vec![("changed", "Changed since"), ("all", "All")]
                    current=current
                    on_choose=choose
                />
                <span class="quiet">{sum}</span>
            </div>
        })}
        {body}
    }
}

fn rows(all: &[Difference], compared: bool) -> impl IntoView + use<> {
    let cell = |value: &Option<String>| match value {
        Some(value) => view! { <td>{value.clone()}</td> }.into_any(),
        None => view! { <td class="quiet">"Not set"</td> }.into_any(),
    };
    let row = |one: &Difference| {
        let now = compared.then(|| cell(&one.now));
        view! {
            <tr>
                <th scope="row" data-tip=one.key.clone()>{one.label.clone()}</th>
                {cell(&one.then)}
                {now}
            </tr>
        }
    };
    let rows = all.iter().map(row).collect_view();
    let label = if compared {
        "What has changed since the backup"
    } else {
        "The configuration in the backup"
    };
    view! {
        <div class="bak-scroll" tabindex="0" role="region" aria-label=label>
            <table class="bak-diff" aria-label=label>
                <thead>
                    <tr>
                        <th scope="col">"Setting"</th>
                        <th scope="col">"In the backup"</th>
                        {compared.then(|| view! { <th scope="col">"Today"</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
