//! Locks that all tabs of this browser share (`navigator.locks`). Browsers offer them in secure
//! contexts alone; elsewhere nobody is kept out.

use super::spawn;
use js_sys::{Function, Object, Promise, Reflect};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        held: &Function,
    ) -> Result<Promise, JsValue>;
}

/// A lock that is held until it is dropped, or the tab closes.
pub(super) struct Held(SendWrapper<Function>);

impl std::fmt::Debug for Held {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Held")
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// What came of asking for a lock.
#[derive(Debug)]
pub(super) enum Taken {
    Held(Held),
    /// Another tab has it.
    Elsewhere,
    /// This browser has no locks here.
    NoLocks,
}

fn locks() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(navigator.as_ref(), &"locks".into()).ok()?;
    locks
        .is_object()
        .then(|| locks.unchecked_into::<LockManager>())
}

/// Whether this browser has locks here.
pub(super) fn are_there() -> bool {
    locks().is_some()
}

/// Takes a lock; with `wait` once whoever has it gives it back.
pub(super) async fn take(name: &str, wait: bool) -> Taken {
    let Some(locks) = locks() else {
        return Taken::NoLocks;
    };
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &(!wait).into());
    let answer = Promise::new(&mut |tell: Function, _| {
        let failed = tell.clone();
        // The lock is held for as long as the promise that this answers is open.
        let held = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() || lock.is_undefined() {
                let _ = tell.call1(&JsValue::UNDEFINED, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            Promise::new(&mut |release: Function, _| {
                let _ = tell.call1(&JsValue::UNDEFINED, &release);
            })
            .into()
        });
        match locks.request(name, &options, held.unchecked_ref()) {
            Ok(asked) => drop(spawn::action(async move {
                if JsFuture::from(asked).await.is_err() {
                    let _ = failed.call0(&JsValue::UNDEFINED);
                }
            })),
            Err(_) => drop(failed.call0(&JsValue::UNDEFINED)),
        }
    });
    match JsFuture::from(answer).await {
        Ok(told) if told.is_null() => Taken::Elsewhere,
        Ok(told) => told
            .dyn_into::<Function>()
            .map_or(Taken::NoLocks, |release| {
                Taken::Held(Held(SendWrapper::new(release)))
            }),
        Err(_) => Taken::NoLocks,
    }
}
