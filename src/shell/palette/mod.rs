//! The command palette and the sheet of shortcuts. Their code is fetched when the first of them is
//! opened, and stays.

mod find;
mod list;
mod sheet;
mod state;

use super::commands::{Desk, Sheet};
use crate::components::{Dialog, DialogSize, Icon, IconName};
use crate::lazy_view;
use crate::screens::common::power::{VmAsk, VmDialogs};
use crate::stores::use_live;
use leptos::html;
use leptos::prelude::*;
use list::Results;
use sheet::ShortcutSheet;
use state::Palette;

lazy_view! {
    later, preload_palette,
    pub(super) fn sheets(desk: Desk) -> AnyView { view! { <Sheets desk=desk/> }.into_any() }
}

/// Both dialogs, and the questions that an action on a VM may ask.
#[component]
fn Sheets(desk: Desk) -> impl IntoView {
    let ask = VmAsk::new();
    let palette = Signal::derive(move || desk.is_open(Sheet::Palette));
    let shortcuts = Signal::derive(move || desk.is_open(Sheet::Shortcuts));
    let close = move |()| desk.close();
    view! {
        <Dialog open=palette on_close=close title="Search or jump to" size=DialogSize::Normal>
            <PaletteBody desk=desk ask=ask/>
        </Dialog>
        <Dialog open=shortcuts on_close=close title="Keyboard shortcuts" size=DialogSize::Small>
            <ShortcutSheet/>
        </Dialog>
        <VmDialogs ask=ask/>
    }
}

/// One field, and what it finds. Stores are read while it stands.
#[component]
fn PaletteBody(desk: Desk, ask: VmAsk) -> impl IntoView {
    let live = use_live();
    let field = NodeRef::<html::Input>::new();
    let palette = Palette::new(&live, desk, ask, field);
    let expanded = move || {
        if palette.is_empty() { "false" } else { "true" }
    };
    view! {
        <div class="palette">
            <div class="palette-field">
                <Icon name=IconName::Search/>
                <input
                    node_ref=field
                    type="text"
                    role="combobox"
                    aria-label="Search or jump to"
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-expanded=expanded
                    aria-controls=palette.id()
                    aria-activedescendant=move || palette.active_id()
                    placeholder="VM, node, tag, view, task, page or command"
                    autofocus=true
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    data-1p-ignore="true"
                    data-lpignore="true"
                    prop:value=move || palette.text()
                    on:input=move |event| {
                        // What is typed here is no loss: a press beside the dialog closes it.
                        event.stop_propagation();
                        palette.type_in(event_target_value(&event));
                    }
                    on:keydown=move |event| palette.key(&event)
                />
            </div>
            <Results palette=palette/>
            <p class="palette-keys" aria-hidden="true">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>"Move"</span>
                <span><kbd>"Enter"</kbd>{move || if palette.is_acting() { "Run" } else { "Open" }}</span>
                <span hidden=move || !palette.offers_actions()><kbd>"Tab"</kbd>"Actions of the VM"</span>
                <span><kbd>"Esc"</kbd>"Close"</span>
            </p>
        </div>
    }
}
