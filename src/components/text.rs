use super::button::{ControlSize, IconButton};
use super::icon::IconName;
use crate::domain::units::{Amount, NONE};
use leptos::prelude::*;
use std::time::Duration;

/// A number with its unit smaller and dimmer; an en dash where it is not known.
#[component]
pub fn AmountText(
    /// The number.
    #[prop(into)]
    amount: Signal<Option<Amount>>,
    /// The biggest text of its card.
    #[prop(optional)]
    big: bool,
    /// The exact value, as tooltip.
    #[prop(optional, into)]
    exact: Signal<Option<String>>,
) -> impl IntoView {
    move || amount_text(amount.get(), big, exact.get())
}

/// The same, as it stands: for what is drawn anew as a whole.
pub(crate) fn amount_text(
    amount: Option<Amount>,
    big: bool,
    exact: Option<String>,
) -> impl IntoView + use<> {
    let class = if big { "amount big" } else { "amount" };
    let (number, unit) = amount.map_or_else(|| (NONE.to_owned(), ""), |a| (a.number, a.unit));
    view! {
        <span class=class data-tip=exact>
            {number}
            <span class="unit">{unit}</span>
        </span>
    }
}

/// Copies a text, and says that it did.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is: "UPID", "MAC address".
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let done = RwSignal::new(None::<bool>);
    let copy = move |()| {
        let outcome = super::dom::copy_text(&text.get_untracked());
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            let ok = outcome.await;
            // The button may be gone by now.
            let _ = done.try_set(Some(ok));
            gloo_timers::future::sleep(Duration::from_millis(1600)).await;
            let _ = done.try_set(None);
        });
    };
    let label = Signal::derive(move || match done.get() {
        None => format!("Copy {what}"),
        Some(true) => "Copied".to_owned(),
        Some(false) => "The browser refused to copy".to_owned(),
    });
    let icon = Signal::derive(move || match done.get() {
        None => IconName::Copy,
        Some(true) => IconName::Check,
        Some(false) => IconName::X,
    });
    view! {
        <span class="copy">
            <IconButton label=label icon=icon on_press=Callback::new(copy) size=ControlSize::Small/>
            <span class="vh" role="status">{move || done.get().map(|ok| if ok { "Copied" } else { "Not copied" })}</span>
        </span>
    }
}
