//! Taking settings along, and forgetting layouts.

use crate::components::dom::save_file;
use crate::components::{Button, Card, IconName, Toast, Tone, use_toasts};
use crate::stores::{spawn, use_live};
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;

/// Export, import, reset.
#[component]
pub fn Portable() -> impl IntoView {
    let live = use_live();
    let toasts = use_toasts();
    let input = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<String>);

    let prefs = live.prefs.clone();
    let export = Callback::new(move |()| {
        let text = serde_json::to_string_pretty(&prefs.export()).unwrap_or_default();
        save_file("moxxie-settings.json", "application/json", &text);
    });
    let prefs = live.prefs.clone();
    let reset = Callback::new(move |()| {
        prefs.reset_all("table.");
        toasts.push(Toast::new(Tone::Ok, "Table layouts are as by design again"));
    });
    let choose = Callback::new(move |()| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    });
    let import = move |_| {
        let Some(element) = input.get_untracked() else {
            return;
        };
        let Some(file) = js_sys::Reflect::get(&element, &"files".into())
            .and_then(|files| js_sys::Reflect::get_u32(&files, 0))
            .ok()
            .filter(wasm_bindgen::JsValue::is_object)
        else {
            return;
        };
        let blob: web_sys::Blob = file.into();
        let prefs = live.prefs.clone();
        spawn::page(async move {
            let text = JsFuture::from(js_sys::Promise::resolve(&read_text(&blob))).await;
            let values = text
                .ok()
                .and_then(|text| text.as_string())
                .and_then(|text| serde_json::from_str::<Value>(&text).ok());
            match values {
                Some(Value::Object(values)) => {
                    let count = prefs.import(&values);
                    let _ = problem.try_set(None);
                    toasts.push(Toast::new(Tone::Ok, format!("{count} settings imported")));
                }
                _ => {
                    let _ = problem.try_set(Some(
                        "That file holds no settings: a JSON object is wanted".to_owned(),
                    ));
                }
            }
        });
        // The same file can be chosen again.
        element.set_value("");
    };
    view! {
        <Card title="On this device">
            <p class="quiet">"Settings are kept in this browser. The API key is never part of an export."</p>
            <div class="btn-row">
                <Button label="Export settings" icon=IconName::Export on_press=export/>
                <Button label="Import settings" icon=IconName::Upload on_press=choose/>
                <Button label="Reset table layouts" on_press=reset/>
            </div>
            <input
                type="file"
                class="vh"
                tabindex="-1"
                accept="application/json,.json"
                aria-label="Settings file"
                node_ref=input
                on:change=import
            />
            <p class="field-error" role="alert">{move || problem.get()}</p>
        </Card>
    }
}

/// `Blob.text()`, a promise of text.
fn read_text(blob: &web_sys::Blob) -> wasm_bindgen::JsValue {
    js_sys::Reflect::get(blob, &"text".into())
        .map(js_sys::Function::from)
        .and_then(|text| text.call0(blob))
        .unwrap_or_default()
}
