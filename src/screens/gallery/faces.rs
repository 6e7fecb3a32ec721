use super::Part;
use crate::components::{
    Button, Card, EmptyState, ErrorView, FaceState, Faces, IconName, Skeleton, SkeletonRows,
};
use leptos::prelude::*;
use std::sync::Arc;

fn failure() -> ErrorView {
    ErrorView {
        title: "The backups could not be loaded".into(),
        message: "storage 'backup-nas' is not online (500)".into(),
        hint: Some("Check that the NAS is reachable from proxmox-01, then try again.".into()),
        report: Some("GET /api/v1/vms/101/backups\nrequest 3f2a".into()),
    }
}

/// The four faces of a load, and the stale one.
#[component]
pub(super) fn FaceParts() -> impl IntoView {
    let value = || Some(Arc::new(vec!["before-upgrade", "weekly-auto"]));
    let none: fn(&Vec<&'static str>) -> bool = Vec::is_empty;
    let states = [
        (
            "Loading",
            FaceState {
                value: None,
                error: None,
                loading: true,
            },
        ),
        (
            "Empty",
            FaceState {
                value: Some(Arc::new(Vec::new())),
                error: None,
                loading: false,
            },
        ),
        (
            "Failed",
            FaceState {
                value: None,
                error: Some(failure()),
                loading: false,
            },
        ),
        (
            "Loaded",
            FaceState {
                value: value(),
                error: None,
                loading: false,
            },
        ),
        (
            "Stale",
            FaceState {
                value: value(),
                error: Some(failure()),
                loading: false,
            },
        ),
    ];
    let cards = states.map(|(title, state)| {
        let load = RwSignal::new(state);
        let retry = move |()| load.update(|load| load.loading = true);
        view! {
            <Card title=title flush=true>
                <Faces
                    state=load
                    skeleton=|| view! { <SkeletonRows rows=3/> }
                    is_empty=none
                    empty=|| view! {
                        <EmptyState
                            title="No snapshots"
                            words="A snapshot keeps the state of the VM, so that it can be rolled back."
                            icon=IconName::Snapshot
                            action=|| view! { <Button label="Create snapshot" on_press=Callback::new(|()| ())/> }
                        />
                    }
                    on_retry=Callback::new(retry)
                    let:list
                >
                    <div class="rows">
                        {move || list.get().iter().map(|name| view! { <div>{*name}</div> }).collect_view()}
                    </div>
                </Faces>
            </Card>
        }
    });
    view! {
        <Part id="faces" title="Faces of a load">
            <div class="gallery-cards">{cards.into_iter().collect_view()}</div>
            <div class="gallery-row">
                <Skeleton width="120px"/>
                <Skeleton width="112px" height="112px" round=true/>
                <Skeleton width="240px" height="64px"/>
            </div>
        </Part>
    }
}
