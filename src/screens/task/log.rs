//! The log of a task.

use crate::api::ApiError;
use crate::components::{
    Card, EmptyState, FaceState, Faces, IconName, LogView, SkeletonRows, Toast, Tone, dom,
    use_toasts,
};
use crate::domain::ids::Upid;
use crate::domain::log::{self, Log};
use crate::stores::prefs::LOG_WRAP;
use crate::stores::task::TaskStore;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

/// The log, following its end while that is in sight.
#[component]
pub fn TaskLogCard(
    #[prop(into)] face: Signal<FaceState<Log>>,
    on_retry: Callback<()>,
    store: Arc<TaskStore>,
    upid: Upid,
) -> impl IntoView {
    let live = use_live();
    let toasts = use_toasts();
    let saving = RwSignal::new(false);
    let store = StoredValue::new(store);
    let on_save = Callback::new(move |()| {
        let (store, name) = (store.get_value(), log::file_name(&upid.0));
        saving.set(true);
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            match store.whole_log().await {
                Ok(log) => dom::save_file(&name, "text/plain", &log.text()),
                Err(error) => {
                    toasts.push(failure(&error));
                }
            }
            let _ = saving.try_set(false);
        });
    });
    let preferred = live.prefs.signal(&LOG_WRAP);
    let wrap = Signal::derive(move || preferred.get().unwrap_or(true));
    let prefs = live.prefs.clone();
    let on_wrap = Callback::new(move |wrap: bool| prefs.set(&LOG_WRAP, &Some(wrap)));
    let empty = || view! { <EmptyState title="No log lines yet" icon=IconName::File small=true/> };
    view! {
        <Card title="Log" class="task-log-card">
            <Faces
                state=face
                skeleton=|| view! { <SkeletonRows rows=8/> }
                is_empty=Log::is_empty
                empty=empty
                on_retry=on_retry
                let:log
            >
                <LogView
                    label="Task log"
                    log=log
                    wrap=wrap
                    on_wrap=on_wrap
                    on_save=on_save
                    saving=saving
                />
            </Faces>
        </Card>
    }
}

fn failure(error: &ApiError) -> Toast {
    Toast::new(Tone::Bad, "The log could not be downloaded").text(error.message.clone())
}
