use super::item::MenuItem;
use super::list::{MenuSurface, handled_at, open_menu};
use crate::components::button::{Button, ButtonLook, ControlSize};
use crate::components::icon::{Icon, IconName};
use crate::components::overlay::{Anchor, Overlay};
use crate::domain::place::Edge;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A press on a menu's button while the menu is open closes it by light dismissal before the
/// click arrives; the click must not open it again.
#[derive(Clone, Copy)]
struct Trigger {
    overlay: Overlay,
    was_open: StoredValue<bool>,
}

impl Trigger {
    fn new(overlay: Overlay) -> Self {
        Self {
            overlay,
            was_open: StoredValue::new(false),
        }
    }

    fn down(self) {
        self.was_open.set_value(self.overlay.is_open_now());
    }

    fn click(self, event: &web_sys::MouseEvent) {
        let was_open = self.was_open.get_value();
        self.was_open.set_value(false);
        if was_open {
            self.overlay.close();
        } else if let Some(button) = handled_at(event) {
            open_menu(self.overlay, Anchor::Element(button), false);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let last = match event.key().as_str() {
            "ArrowDown" => false,
            "ArrowUp" => true,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(button) = handled_at(event) {
            open_menu(self.overlay, Anchor::Element(button), last);
        }
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
            on:click=move |event| trigger.click(&event)
            on:keydown=move |event| trigger.key(&event)
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
                on:click=move |event| trigger.click(&event)
                on:keydown=move |event| trigger.key(&event)
            >
                <Icon name=IconName::ChevronDown/>
            </button>
        </span>
        <MenuSurface overlay=overlay label=label items=items/>
    }
}
