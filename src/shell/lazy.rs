//! Pages whose code travels in a file of its own, fetched when the page is first opened.
//!
//! `lazy_page!` declares such a page. With the feature `split` (release builds) its body moves to
//! the wasm file of its area; without, it is an ordinary function, so development builds and tests
//! need no split step. Either way `area_page` shows it, and says so where the code does not come.

use crate::components::{Button, ButtonLook, ErrorState, ErrorView, Skeleton};
use crate::stores::spawn;
use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use std::time::Duration;

/// Declares a page of an area, and the function that fetches the area's code ahead of time:
///
/// ```ignore
/// lazy_page! { infrastructure, preload_nodes, fn nodes_page() -> AnyView { view! { … }.into_any() } }
/// ```
///
/// becomes `async fn nodes_page() -> Result<AnyView, SplitLoaderError>` and
/// `async fn preload_nodes() -> Result<(), SplitLoaderError>`. Pages of one area share one file.
#[macro_export]
macro_rules! lazy_page {
    (
        $area:ident, $preload:ident,
        $(#[$meta:meta])* $vis:vis fn $page:ident() -> AnyView $body:block
    ) => {
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split(
            $area, wasm_split_path = ::leptos::wasm_split, fallible, preload($preload)
        )]
        $(#[$meta])*
        #[allow(unused_braces)]
        $vis fn $page() -> Result<::leptos::prelude::AnyView, ::leptos::wasm_split::SplitLoaderError> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $(#[$meta])*
        #[allow(clippy::unused_async, unused_braces)]
        $vis async fn $page() -> Result<::leptos::prelude::AnyView, ::leptos::wasm_split::SplitLoaderError> {
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
/// A failure is left to the page itself, which tries again when it is opened.
pub fn preload<F, Fut>(load: F)
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<(), SplitLoaderError>> + 'static,
{
    let loading = load();
    spawn::action(async move {
        let _ = loading.await;
    });
}

/// One failed fetch is often a hiccup: how long to wait before the second try.
const SECOND_TRY_AFTER: Duration = Duration::from_millis(400);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Loading,
    Failed,
    Ready,
}

/// A page declared by `lazy_page!`: a skeleton while the code is fetched, the page, or what to do
/// where the code did not come. In a route: `view=|| area_page(preload_nodes, nodes_page)`.
pub fn area_page<F, Loading, P, Page>(load: F, page: P) -> AnyView
where
    F: Fn() -> Loading + Copy + Send + Sync + 'static,
    Loading: Future<Output = Result<(), SplitLoaderError>> + 'static,
    P: Fn() -> Page + Send + 'static,
    Page: Future<Output = Result<AnyView, SplitLoaderError>> + 'static,
{
    let face = RwSignal::new(Face::Loading);
    let fetch = move || {
        face.set(Face::Loading);
        // Code that is fetched stays for the next visit: no reason to stop when the page is left.
        spawn::action(async move {
            let mut loaded = load().await;
            if loaded.is_err() {
                gloo_timers::future::sleep(SECOND_TRY_AFTER).await;
                loaded = load().await;
            }
            // Whoever went elsewhere meanwhile has disposed of it.
            let _ = face.try_set(if loaded.is_ok() {
                Face::Ready
            } else {
                Face::Failed
            });
        });
    };
    fetch();
    let retry = Callback::new(move |()| fetch());
    // Once the code is there the page is built at the first poll, here and now: inside the owner
    // that ends with it, and without following what it reads.
    let build = move || untrack(|| page().now_or_never().and_then(Result::ok));
    (move || match face.get() {
        Face::Loading => skeleton().into_any(),
        Face::Failed => failed(retry).into_any(),
        Face::Ready => build().map_or_else(|| failed(retry).into_any(), IntoAny::into_any),
    })
    .into_any()
}

fn skeleton() -> impl IntoView {
    view! {
        <div class="area-loading" role="status">
            <span class="vh">"Loading this page"</span>
            <Skeleton width="240px" height="28px"/>
            <Skeleton width="420px"/>
            <Skeleton height="320px"/>
        </div>
    }
}

fn failed(retry: Callback<()>) -> impl IntoView {
    let error = ErrorView {
        title: "This page could not be loaded".to_owned(),
        message: "Its code did not arrive: the connection may be down, or the console was updated \
                  since it was opened."
            .to_owned(),
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
}
