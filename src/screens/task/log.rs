//! The log of a task.

use crate::components::{
    Button, ButtonLook, Card, ControlSize, EmptyState, FaceState, Faces, IconName, SkeletonRows,
};
use crate::domain::ids::Upid;
use crate::stores::vm::LogText;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// Lines drawn at most; the newest ones. A log can have 100,000.
const DRAWN: usize = 2000;

/// The log, following its end while that is in sight.
#[component]
pub fn TaskLogCard(
    #[prop(into)] face: Signal<FaceState<LogText>>,
    on_retry: Callback<()>,
    upid: Upid,
) -> impl IntoView {
    let follow = RwSignal::new(true);
    let label =
        Signal::derive(move || if follow.get() { "Following" } else { "Follow" }.to_owned());
    let toggle = Callback::new(move |()| follow.update(|follow| *follow = !*follow));
    let lines = Signal::derive(move || face.with(|face| face.value.clone()));
    let download = Callback::new(move |()| {
        let Some(text) = lines.get_untracked() else {
            return;
        };
        let text = text
            .lines
            .iter()
            .map(|line| line.message.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let name = format!("{}.log", upid.0.replace([':', '/', '@'], "_"));
        crate::components::dom::save_file(&name, "text/plain", &text);
    });
    let aside = move || {
        view! {
            <Button label=label pressed=follow look=ButtonLook::Quiet size=ControlSize::Small on_press=toggle/>
            <Button label="Download" icon=IconName::Download look=ButtonLook::Quiet size=ControlSize::Small on_press=download/>
        }
    };
    let empty = || view! { <EmptyState title="No log lines yet" icon=IconName::File small=true/> };
    view! {
        <Card title="Log" aside=aside class="task-log-card">
            <Faces
                state=face
                skeleton=|| view! { <SkeletonRows rows=8/> }
                is_empty=|text: &LogText| text.lines.is_empty()
                empty=empty
                on_retry=on_retry
                let:text
            >
                <Lines text=text follow=follow/>
            </Faces>
        </Card>
    }
}

#[component]
fn Lines(text: Signal<Arc<LogText>>, follow: RwSignal<bool>) -> impl IntoView {
    let pane = NodeRef::<html::Pre>::new();
    let shown = move || {
        text.with(|text| {
            let from = text.lines.len().saturating_sub(DRAWN);
            let left_out = text.cut + from as u64;
            let head =
                (left_out > 0).then(|| format!("… {left_out} earlier lines, in the download"));
            head.into_iter()
                .chain(text.lines[from..].iter().map(|line| line.message.clone()))
                .collect::<Vec<_>>()
                .join("\n")
        })
    };
    // Scrolling is the document's state, not a signal's.
    Effect::new(move || {
        text.track();
        if let Some(pane) = pane.get()
            && follow.get()
        {
            let element = pane;
            request_animation_frame(move || element.set_scroll_top(element.scroll_height()));
        }
    });
    view! {
        <pre class="task-log" node_ref=pane tabindex="0" role="log" aria-label="Task log">
            {shown}
        </pre>
    }
}
