//! What only a browser can show; run in Chromium by wasm-bindgen-test.
#![cfg(all(target_arch = "wasm32", feature = "ui"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fetch;
mod stores;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
