use super::item::MenuItem;
use super::list::{MenuSurface, open_menu};
use crate::components::button::{Button, ButtonLook, ControlSize};
use crate::components::dom;
use crate::components::icon::{Icon, IconName};
use crate::components::overlay::{Anchor, Overlay, Trigger};
use crate::domain::place::Edge;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

/// A click on a menu's button.
fn click(trigger: Trigger, overlay: Overlay, event: &MouseEvent) {
    trigger.click(event, |anchor| open_menu(overlay, anchor, false));
}

/// Arrows open a menu from its button.
fn key(overlay: Overlay, event: &KeyboardEvent) {
    let last = match event.key().as_str() {
        "ArrowDown" => false,
        "ArrowUp" => true,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(button) = dom::handled_at(event) {
        open_menu(overlay, Anchor::Element(button), last);
    }
}

/// A button that opens a menu. The picture alone where `icon_only`.
#[component]
pub fn MenuButton(
    /// Name of button and menu: "Status", "More actions".
    #[prop(into)]
    label: Signal<String>,
    /// The actions; read while it is open.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// Weight.
    #[prop(optional)]
    look: ButtonLook,
    /// Height.
    #[prop(optional)]
    size: ControlSize,
    /// Picture before the word.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The picture alone; the name is tooltip and label.
    #[prop(optional)]
    icon_only: bool,
    /// Edge of the button that the menu is in line with.
    #[prop(default = Edge::Start)]
    edge: Edge,
) -> impl IntoView {
    let overlay = Overlay::new(edge);
    let trigger = Trigger::new(overlay);
    let class = format!(
        "btn{}{}{}",
        look.class(),
        size.class(),
        if icon_only { " icon-only" } else { "" }
    );
    view! {
        <button
            type="button"
            class=class
            aria-haspopup="menu"
            aria-expanded=move || if overlay.is_open() { "true" } else { "false" }
            aria-controls=overlay.id()
            aria-label=move || icon_only.then(|| label.get())
            data-tip=move || icon_only.then(|| label.get())
            on:pointerdown=move |_| trigger.down()
            on:click=move |event| click(trigger, overlay, &event)
            on:keydown=move |event| key(overlay, &event)
        >
            {icon.map(|name| view! { <Icon name=name/> })}
            {(!icon_only).then(|| view! { {move || label.get()} <Icon name=IconName::ChevronDown/> })}
        </button>
        <MenuSurface overlay=overlay label=label items=items/>
    }
}

/// The likely action as a button, the others in a menu beside it.
#[component]
pub fn ActionMenu(
    /// The likely action.
    #[prop(into)]
    primary: Signal<MenuItem>,
    /// The others.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// Name of the menu: "More actions of web-server-01".
    #[prop(into)]
    label: Signal<String>,
    /// Weight.
    #[prop(optional)]
    look: ButtonLook,
    /// A call runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let overlay = Overlay::new(Edge::End);
    let trigger = Trigger::new(overlay);
    let word = Signal::derive(move || primary.with(|item| item.label.clone()));
    let reason = Signal::derive(move || primary.with(|item| item.disabled.clone()));
    let picture = Signal::derive(move || primary.with(|item| item.icon.unwrap_or(IconName::Bolt)));
    view! {
        <span class="btn-split">
            <Button
                label=word
                icon=picture
                look=look
                busy=busy
                disabled=reason
                on_press=Callback::new(move |()| primary.with_untracked(|item| item.run).run(()))
            />
            <button
                type="button"
                class=format!("btn{}", look.class())
                aria-haspopup="menu"
                aria-expanded=move || if overlay.is_open() { "true" } else { "false" }
                aria-controls=overlay.id()
                aria-label=move || label.get()
                data-tip=move || label.get()
                on:pointerdown=move |_| trigger.down()
                on:click=move |event| click(trigger, overlay, &event)
                on:keydown=move |event| key(overlay, &event)
            >
                <Icon name=IconName::ChevronDown/>
            </button>
        </span>
        <MenuSurface overlay=overlay label=label items=items/>
    }
}
