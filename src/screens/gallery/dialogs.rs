use super::Part;
use crate::components::dialog::Outcome;
use crate::components::{
    Button, ButtonLook, ConfirmDialog, Dialog, ErrorView, Loss, TextField, TypedConfirm,
    confirm_call,
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// Milliseconds that the gallery's calls take.
const CALL: u32 = 150;

/// The first try is refused, the second succeeds.
async fn refused_once(tries: RwSignal<u32>) -> Outcome {
    TimeoutFuture::new(CALL).await;
    let before = tries.try_get_untracked().unwrap_or_default();
    let _ = tries.try_set(before + 1);
    if before > 0 {
        return Ok(());
    }
    Err(ErrorView {
        title: "Stop web-server-01: failed".into(),
        message: "VM is locked (backup)".into(),
        hint: Some("Another operation holds the lock: wait until it ends.".into()),
        ..ErrorView::default()
    })
}

/// Dialogs: a form, a question, a question with its call, the name to type.
#[component]
pub(super) fn Dialogs() -> impl IntoView {
    let shown = RwSignal::new("");
    let open = move |name: &'static str| Signal::derive(move || shown.get() == name);
    let close = Callback::new(move |()| shown.set(""));
    let show = move |label: &'static str, name: &'static str| {
        view! { <Button label=label on_press=Callback::new(move |()| shown.set(name))/> }
    };
    let tries = RwSignal::new(0);
    let name = RwSignal::new(String::new());
    let footer = move || {
        view! {
            <Button label="Cancel" on_press=close/>
            <Button label="Save" look=ButtonLook::Primary on_press=close/>
        }
    };
    let losses = vec![
        Loss::new("2 disks on local-zfs", "150 GiB"),
        Loss::new("3 backups stay", "backup-nas"),
    ];
    view! {
        <Part id="dialogs" title="Dialogs">
            <div class="btn-row">
                {show("Edit a name", "form")}
                {show("Ask whether to stop", "ask")}
                {show("Ask whether to delete", "typed")}
            </div>
            <Dialog open=open("form") on_close=close title="Edit a name" footer=footer>
                <TextField label="New name" value=name help="Letters, digits and hyphens"/>
            </Dialog>
            <ConfirmDialog
                open=open("ask")
                on_close=close
                title="Stop web-server-01?"
                lead="Its power is cut at once."
                verb="Stop VM"
                keep=Signal::stored("Keep running".to_owned())
                on_confirm=confirm_call(move || refused_once(tries))
                call=Signal::stored("curl -X POST 'https://moxxie/api/v1/vms/101/stop'".to_owned())
            />
            <TypedConfirm
                open=open("typed")
                on_close=close
                title="Delete web-server-01?"
                name="web-server-01"
                lead="What only it holds is lost:"
                losses=Signal::stored(losses)
                verb="Delete VM"
                keep=Signal::stored("Keep VM".to_owned())
                on_confirm=confirm_call(|| async {
                    TimeoutFuture::new(CALL).await;
                    Ok(())
                })
            />
        </Part>
    }
}
