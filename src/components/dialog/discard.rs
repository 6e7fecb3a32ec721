use crate::components::button::{Button, ButtonLook};
use crate::components::icon::{Icon, IconName};
use leptos::prelude::*;

/// In place of the buttons of a form that is being closed with something in it: what was typed is
/// not thrown away by a slip.
#[component]
pub fn DiscardAsk(
    /// Whether this is asked; the buttons of the form come back when it is taken back.
    discarding: RwSignal<bool>,
    /// Throws it away.
    #[prop(into)]
    on_discard: Callback<()>,
    /// What would be thrown away.
    #[prop(default = "what you have typed")]
    what: &'static str,
    /// On the button that does not.
    #[prop(default = "Keep typing")]
    keep: &'static str,
    /// On the button that does.
    #[prop(default = "Discard")]
    verb: &'static str,
) -> impl IntoView {
    view! {
        <p class="dialog-ask" role="alert"><Icon name=IconName::Help/>{format!("Discard {what}?")}</p>
        <Button label=keep on_press=move |()| discarding.set(false)/>
        <Button label=verb look=ButtonLook::Danger on_press=on_discard/>
    }
}
