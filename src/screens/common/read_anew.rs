//! When a list was read that nothing keeps up to date by itself, and the way to read it anew.

use crate::components::{ControlSize, IconButton, IconName, TimeStyle, TimeText};
use crate::domain::units::Instant;
use crate::stores::use_live;
use leptos::prelude::*;

/// "Read 2 min ago", with a button.
#[component]
pub fn ReadAnew(
    /// When it was read; none yet.
    at: Memo<Option<Instant>>,
    /// It is being read.
    busy: Memo<bool>,
    /// Reads it.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let now = use_live().clock.watch();
    view! {
        <span class="read-anew">
            "Read " <TimeText at=at now=now style=TimeStyle::Relative none="never"/>
            <IconButton
                label="Read all anew"
                icon=Signal::stored(IconName::Refresh)
                size=ControlSize::Small
                busy=busy
                on_press=on_press
            />
        </span>
    }
}
