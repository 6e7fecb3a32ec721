//! Pages and parts of pages whose code travels in a file of its own, fetched when it is first
//! wanted.
//!
//! `lazy_view!` declares one. With the feature `split` (release builds) its body moves to the wasm
//! file of its area; without, it is an ordinary function, so development builds and tests need no
//! split step. Either way [`Page`](area_page) and [`part`](area_part) show it, and say so where the
//! code does not come.

use super::button::{Button, ButtonLook};
use super::faces::{ErrorState, ErrorView, Skeleton};
use super::status::Tone;
use super::toast::{Toast, use_toasts};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use gloo_timers::future::sleep;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use std::time::Duration;

/// Fetching the code of an area.
pub type Loading = LocalBoxFuture<'static, Result<(), SplitLoaderError>>;
/// A view of an area whose code is there.
pub type Built = LocalBoxFuture<'static, Result<AnyView, SplitLoaderError>>;
/// Starts fetching the code of an area; once it is there, that answers at once.
pub type Load = fn() -> Loading;

/// Declares a view of an area, and the function that fetches the area's code ahead of time:
///
/// ```ignore
/// lazy_view! { infrastructure, preload_nodes, fn nodes_page() -> AnyView { view! { … }.into_any() } }
/// ```
///
/// becomes `async fn nodes_page() -> Result<AnyView, SplitLoaderError>` and
/// `async fn preload_nodes() -> Result<(), SplitLoaderError>`. Views of one area share one file.
#[macro_export]
macro_rules! lazy_view {
    (
        $area:ident, $preload:ident,
        $(#[$meta:meta])* $vis:vis fn $page:ident($($arg:ident: $kind:ty),* $(,)?) -> AnyView $body:block
    ) => {
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split(
            $area, wasm_split_path = ::leptos::wasm_split, fallible, preload($preload)
        )]
        $(#[$meta])*
        #[allow(unused_braces, improper_ctypes_definitions, improper_ctypes)]
        $vis fn $page($($arg: $kind),*) -> Result<::leptos::prelude::AnyView, ::leptos::wasm_split::SplitLoaderError> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $(#[$meta])*
        #[allow(clippy::unused_async, unused_braces)]
        $vis async fn $page($($arg: $kind),*) -> Result<::leptos::prelude::AnyView, ::leptos::wasm_split::SplitLoaderError> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        #[allow(clippy::unused_async)]
        $vis async fn $preload() -> Result<(), ::leptos::wasm_split::SplitLoaderError> {
            Ok(())
        }
    };
}

/// Fetches an area's code ahead of time, as when a link into it is hovered or focused.
/// A failure is left to the view itself, which tries again when it is opened.
#[expect(
    clippy::disallowed_methods,
    reason = "code that is fetched stays for the next visit: no reason to stop with the page"
)]
pub fn preload(load: Load) {
    leptos::task::spawn_local(load().map(drop));
}

/// One failed fetch is often a hiccup: how long to wait before the second try.
const SECOND_TRY_AFTER: Duration = Duration::from_millis(400);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Loading,
    Failed,
    Ready,
}

/// Fetches, with a second try, and tells the face how it went.
#[expect(
    clippy::disallowed_methods,
    reason = "code that is fetched stays for the next visit: no reason to stop with the page"
)]
fn fetch(load: Load, face: RwSignal<Face>) {
    face.set(Face::Loading);
    leptos::task::spawn_local(async move {
        let mut loaded = load().await;
        if loaded.is_err() {
            sleep(SECOND_TRY_AFTER).await;
            loaded = load().await;
        }
        // Whoever went elsewhere meanwhile has disposed of it.
        let _ = face.try_set(if loaded.is_ok() {
            Face::Ready
        } else {
            Face::Failed
        });
    });
}

/// Once the code is there a view is built at the first poll, here and now: inside the owner that
/// ends with it, and without following what it reads.
fn build(view: fn() -> Built) -> Option<AnyView> {
    untrack(|| view().now_or_never().and_then(Result::ok))
}

/// A page declared by `lazy_view!`: a skeleton while the code is fetched, the page, or what to do
/// where the code did not come. In a route:
/// `view=|| area_page(|| Box::pin(preload_nodes()), || Box::pin(nodes_page()))`.
#[must_use]
pub fn area_page(load: Load, page: fn() -> Built) -> AnyView {
    let face = RwSignal::new(Face::Loading);
    fetch(load, face);
    let retry = Callback::new(move |()| fetch(load, face));
    (move || match face.get() {
        Face::Loading => skeleton(),
        Face::Failed => failed(retry),
        Face::Ready => build(page).unwrap_or_else(|| failed(retry)),
    })
    .into_any()
}

/// A part of a page that is wanted later than the page, such as a dialog: nothing while its code
/// is fetched, then the part. Where the code does not come a toast says so, and `give_up` takes
/// back what asked for the part.
pub fn area_part(
    load: Load,
    part: impl Fn() -> Built + Send + Sync + 'static,
    give_up: Callback<()>,
) -> AnyView {
    let face = RwSignal::new(Face::Loading);
    fetch(load, face);
    let toasts = use_toasts();
    (move || match face.get() {
        Face::Loading => None,
        Face::Ready => untrack(|| part().now_or_never().and_then(Result::ok)),
        Face::Failed => {
            toasts.push(
                Toast::new(Tone::Bad, "This part of the console could not be loaded")
                    .text(NOT_ARRIVED)
                    .key("area-part"),
            );
            queue_microtask(move || {
                let _ = give_up.try_run(());
            });
            None
        }
    })
    .into_any()
}

const NOT_ARRIVED: &str = "Its code did not arrive: the connection may be down, or the console was \
                           updated since it was opened.";

fn skeleton() -> AnyView {
    view! {
        <div class="area-loading" role="status">
            <span class="vh">"Loading this page"</span>
            <Skeleton width="240px" height="28px"/>
            <Skeleton width="420px"/>
            <Skeleton height="320px"/>
        </div>
    }
    .into_any()
}

fn failed(retry: Callback<()>) -> AnyView {
    let error = ErrorView {
        title: "This page could not be loaded".to_owned(),
        message: NOT_ARRIVED.to_owned(),
        hint: Some(
            "Try again; where that does not help, reload to get the new version.".to_owned(),
        ),
        report: None,
    };
    let reload = Callback::new(|()| {
        let _ = window().location().reload();
    });
    view! {
        <div class="area-failed">
            <ErrorState error=error on_retry=retry/>
            <Button label="Reload" look=ButtonLook::Quiet on_press=reload/>
        </div>
    }
    .into_any()
}
