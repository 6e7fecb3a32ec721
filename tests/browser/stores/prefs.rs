//! Preferences, with storage and without.

use super::fake::{Bench, forget_storage, settle};
use leptos::prelude::*;
use moxxie_ui::stores::prefs::{DENSITY, Density, POLL_SECONDS, Prefs, THEME, Theme};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(inline_js = r#"
const real = Storage.prototype.setItem;
export function block() { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }
export function unblock() { Storage.prototype.setItem = real; }
"#)]
extern "C" {
    fn block();
    fn unblock();
}

#[wasm_bindgen_test]
async fn kept_on_the_device() {
    forget_storage();
    let prefs = Prefs::new();
    assert_eq!(prefs.peek(&THEME), Theme::System);
    prefs.set(&THEME, &Theme::Dark);
    prefs.set_named("table.vms", &json!({"hidden": ["disk"]}));
    assert_eq!(Prefs::new().peek(&THEME), Theme::Dark);
    assert_eq!(
        Prefs::new().export(),
        json!({"theme": "dark", "table.vms": {"hidden": ["disk"]}})
    );
    let store = window().local_storage().unwrap().unwrap();
    store.set_item("moxxie.pref.density", "{broken").unwrap();
    assert_eq!(Prefs::new().peek(&DENSITY), Density::Comfortable);
    prefs.reset_all("table.");
    assert_eq!(prefs.named::<Option<Value>>("table.vms"), None);
}

#[wasm_bindgen_test]
async fn other_tabs_are_heard() {
    let bench = Bench::new().await;
    let page = bench.page();
    let prefs = bench.live.prefs.clone();
    let theme = page.with(|| prefs.signal(&THEME));
    assert_eq!(theme.get(), Theme::System);
    let store = window().local_storage().unwrap().unwrap();
    store.set_item("moxxie.pref.theme", "\"light\"").unwrap();
    window()
        .dispatch_event(&web_sys::Event::new("storage").unwrap())
        .unwrap();
    settle().await;
    assert_eq!(theme.get(), Theme::Light);
}

#[wasm_bindgen_test]
async fn memory_where_storage_is_blocked() {
    forget_storage();
    block();
    let prefs = Prefs::new();
    prefs.set(&THEME, &Theme::Dark);
    assert_eq!(prefs.peek(&THEME), Theme::Dark);
    assert_eq!(prefs.export(), json!({"theme": "dark"}));
    unblock();
    assert_eq!(
        Prefs::new().peek(&THEME),
        Theme::System,
        "as long as the page lasts"
    );
}

#[wasm_bindgen_test]
async fn the_poll_interval_is_a_preference() {
    let bench = Bench::new().await;
    let page = bench.page();
    let _vms = page.with(|| bench.live.vms.watch());
    bench.fake.advance(0.0).await;
    bench.live.prefs.set(&POLL_SECONDS, &Some(30));
    bench.live.repace();
    bench.fake.take_log();
    bench.fake.advance(62.0).await;
    assert_eq!(bench.fake.count("/vms"), 2);
}
