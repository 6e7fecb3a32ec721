//! `/dev/components`: every component in all its states, for eyes, screenshots and axe. Built only
//! with the feature `gallery`.

mod basics;
mod charts;
mod demo;
mod dialogs;
mod faces;
mod forms;
mod menus;
mod numbers;
mod tables;

use crate::components::{Button, ButtonLook, ControlSize};
use leptos::prelude::*;

/// A titled part of the page; a link to it is its ID.
#[component]
fn Part(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="gallery-part" id=id aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title")>{title}</h2>
            <div class="gallery-body">{children()}</div>
        </section>
    }
}

/// One thing in one state, with its name under it.
#[component]
fn Sample(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div class="gallery-sample">
            <div class="gallery-thing">{children()}</div>
            <div class="gallery-name">{name}</div>
        </div>
    }
}

/// Sets an attribute of the root element: theme, density.
fn set_root(attribute: &'static str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(attribute, value);
    }
}

#[component]
fn Choices(
    label: &'static str,
    attribute: &'static str,
    values: &'static [&'static str],
) -> impl IntoView {
    let now = RwSignal::new(
        document()
            .document_element()
            .and_then(|root| root.get_attribute(attribute))
            .unwrap_or_else(|| values[0].to_owned()),
    );
    let buttons = values.iter().map(|value| {
        let press = move |()| {
            set_root(attribute, value);
            now.set((*value).to_owned());
        };
        let on = Signal::derive(move || now.with(|now| now == value));
        view! {
            <Button label=*value look=ButtonLook::Quiet size=ControlSize::Small pressed=on on_press=Callback::new(press)/>
        }
    });
    view! { <div class="btn-row" role="group" aria-label=label>{buttons.collect_view()}</div> }
}

/// The page.
#[component]
pub fn GalleryPage() -> impl IntoView {
    view! {
        <div class="gallery">
            <div class="gallery-head">
                <h1>"Components"</h1>
                <Choices
                    label="Theme"
                    attribute="data-theme"
                    values=&["system", "light", "dark", "contrast-light", "contrast-dark"]
                />
                <Choices label="Density" attribute="data-density" values=&["comfortable", "compact"]/>
            </div>
            <basics::Basics/>
            <numbers::Numbers/>
            <charts::Charts/>
            <forms::Forms/>
            <menus::Menus/>
            <dialogs::Dialogs/>
            <faces::FaceParts/>
            <tables::Tables/>
        </div>
    }
}
