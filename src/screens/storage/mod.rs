//! One storage: how full it is, what it may hold, who reaches it, and what lies there (guide:
//! Storage Overview).

mod content;

use crate::api::storage::Storage;
use crate::components::{
    Button, ButtonLook, Card, EmptyState, FaceState, Faces, Fact, Facts, Gauge, IconName,
    LinkButton, Pill, SkeletonRows, Tone,
};
use crate::domain::storage::{content_words, type_words};
use crate::domain::units::{Bytes, NONE};
use crate::paths;
use crate::screens::common::faces::face_state;
use crate::screens::page::{Crumb, Link, Page};
use crate::stores::{Watch, use_live};
use content::Contents;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

/// `/storage/:storage`
#[component]
pub fn StoragePage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("storage")));
    // Another storage is another page: nothing of the one before may stay.
    move || name.get().map(|name| view! { <OneStorage name=name/> })
}

#[component]
fn OneStorage(name: String) -> impl IntoView {
    let live = use_live();
    let watch = live.storages.watch();
    let wanted = name.clone();
    let own = Memo::new(move |_| {
        watch.value.with(|all| {
            let all = all.as_ref()?;
            all.iter().find(|own| own.storage == wanted).cloned()
        })
    });
    let missing = Memo::new(move |_| watch.value.with(Option::is_some) && own.get().is_none());
    let face = face_state(
        "The storages could not be loaded",
        watch,
        live.clock.clone(),
    );
    // The face of the list, with this one of it.
    let face = Signal::derive(move || {
        let all = face.get();
        FaceState {
            value: own.get().map(Arc::new),
            error: all.error,
            loading: all.loading,
        }
    });
    let retry = Callback::new(move |()| drop(watch.refresh()));
    let crumbs = vec![
        Crumb::to("Dashboard", paths::dashboard()),
        Crumb::here(name.clone()),
    ];
    let (title, of) = (name.clone(), name);
    let badges = move || view! { <State own=own/> };
    let body = move || {
        if missing.get() {
            return view! { <Missing name=of.clone() watch=watch/> }.into_any();
        }
        let name = of.clone();
        view! {
            <div class="storage-page">
                <Card title="Storage">
                    <Faces
                        state=face
                        skeleton=|| view! { <SkeletonRows rows=7/> }
                        on_retry=retry
                        let:own
                    >
                        <About own=own/>
                    </Faces>
                </Card>
                <Contents name=name/>
            </div>
        }
        .into_any()
    };
    view! {
        <Page title=title crumbs=crumbs badges=badges>
            {body}
        </Page>
    }
}

/// Whether it can be used.
#[component]
fn State(own: Memo<Option<Storage>>) -> impl IntoView {
    let look = Memo::new(move |_| {
        own.with(|own| {
            let own = own.as_ref()?;
            Some(match (own.enabled, own.active) {
                (Some(false), _) => (Tone::Idle, IconName::CircleX, "Switched off"),
                (_, Some(false)) => (Tone::Bad, IconName::CircleAlert, "Does not answer"),
                (_, Some(true)) => (Tone::Ok, IconName::CircleCheck, "Available"),
                _ => return None,
            })
        })
    });
    move || {
        look.get().map(
            |(tone, icon, label)| view! { <Pill tone=tone icon=Signal::stored(icon) label=label/> },
        )
    }
}

/// How full it is, and what it is.
#[component]
fn About(own: Signal<Arc<Storage>>) -> impl IntoView {
    let share = Memo::new(move |_| own.with(|own| own.fill()));
    let exact = Signal::derive(move || {
        own.with(|own| match own.used.zip(own.total) {
            Some((used, total)) => format!("{} of {}", used.exact(), total.exact()),
            None => String::new(),
        })
    });
    let amount = move |read: fn(&Storage) -> Option<Bytes>| {
        move || own.with(|own| read(own).map_or_else(|| NONE.to_owned(), |size| size.to_string()))
    };
    let words = move |read: fn(&Storage) -> String| {
        move || {
            Some(own.with(|own| read(own)))
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| NONE.to_owned())
        }
    };
    let place = move || {
        own.with(|own| {
            let source = [&own.server, &own.export, &own.pool, &own.path];
            let known: Vec<&str> = source.into_iter().flatten().map(String::as_str).collect();
            known.join(" ")
        })
    };
    let place = Memo::new(move |_| place());
    view! {
        <div class="storage-fill">
            <Gauge label="Used" share=share exact=exact/>
        </div>
        <Facts>
            <Fact label="Used">{amount(|own| own.used)}</Fact>
            <Fact label="Free">{amount(|own| own.available)}</Fact>
            <Fact label="Total">{amount(|own| own.total)}</Fact>
            <Fact label="Type">
                {words(|own| type_words(&own.kind).to_owned())}
            </Fact>
            <Fact label="May hold">
                {words(|own| {
                    let kinds = own.content.iter().map(|kind| content_words(kind).1);
                    kinds.collect::<Vec<_>>().join(", ")
                })}
            </Fact>
            <Fact label="Shared">
                {move || if own.with(|own| own.shared) {
                    "Yes: all its nodes see the same"
                } else {
                    "No: each node has its own"
                }}
            </Fact>
            <Fact label="Nodes"><Nodes own=own/></Fact>
            {move || {
                let place = place.get();
                (!place.is_empty()).then(|| view! {
                    <Fact label="Place"><span class="mono">{place}</span></Fact>
                })
            }}
        </Facts>
    }
}

/// The nodes that reach it, each leading to its VMs.
#[component]
fn Nodes(own: Signal<Arc<Storage>>) -> impl IntoView {
    let nodes = Memo::new(move |_| own.with(|own| own.nodes.clone()));
    move || {
        let nodes = nodes.get();
        if nodes.is_empty() {
            return "All nodes".into_any();
        }
        let links = nodes.into_iter().enumerate().map(|(at, node)| {
            let to = paths::vms_where(&[("node", &node)]);
            view! {
                {(at > 0).then_some(", ")}
                <Link class="link" to=to>{node}</Link>
            }
        });
        links.collect_view().into_any()
    }
}

/// The server knows no such storage.
#[component]
fn Missing(name: String, watch: Watch<Vec<Storage>>) -> impl IntoView {
    let busy = Signal::derive(move || watch.status.with(|status| status.in_flight));
    let again = Callback::new(move |()| drop(watch.refresh()));
    view! {
        <EmptyState
            title=format!("There is no storage {name}")
            words="It may have been removed, or the address has a slip in it."
            icon=IconName::Database
            action=move || view! {
                <LinkButton label="To the dashboard" look=ButtonLook::Primary href=paths::href(&paths::dashboard())/>
                <Button label="Look again" icon=IconName::Refresh busy=busy on_press=again/>
            }
        />
    }
}
