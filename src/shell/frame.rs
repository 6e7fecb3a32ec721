//! The frame around every page: skip link, navigation, header, banner, content.

use super::banner::ConnectionBanner;
use super::commands::Desk;
use super::grace::GraceToasts;
use super::header::Header;
use super::keys::Commands;
use super::nav::Nav;
use super::preload::Preloader;
use super::resume::Resume;
use super::unsaved::UnsavedQuestion;
use crate::components::{IconButton, IconName};
use crate::screens::page::PageState;
use crate::screens::unsaved::Unsaved;
use crate::stores::prefs::NAV_FOLDED;
use crate::stores::use_live;
use leptos::html;
use leptos::prelude::*;

/// The frame; `children` are the routes.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let live = use_live();
    let state = expect_context::<PageState>();
    let unsaved = expect_context::<Unsaved>();
    unsaved.follow_router();
    let desk = Desk::provide(unsaved);
    let drawer = RwSignal::new(false);
    let folded = live.prefs.signal(&NAV_FOLDED);
    let main = NodeRef::<html::Main>::new();
    let vms = live.vms.clone();
    // Shown only where the list is read anyway: the navigation asks for nothing of its own.
    let vm_count = Signal::derive(move || {
        let keys = vms.rows().keys().get();
        (!keys.is_empty()).then(|| keys.len())
    });
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    let prefs = live.prefs.clone();
    let fold = Callback::new(move |()| {
        let next = !prefs.peek(&NAV_FOLDED);
        prefs.set(&NAV_FOLDED, &next);
    });
    let close = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && drawer.get_untracked() {
            drawer.set(false);
        }
    };
    let fold_label = Signal::derive(move || {
        if folded.get() {
            "Unfold navigation"
        } else {
            "Fold navigation"
        }
        .to_owned()
    });
    let bare = move || state.bare.get();
    let preloader = Preloader::new();
    view! {
        <a class="skip-link" href="#main" hidden=bare on:click=skip>
            "Skip to content"
        </a>
        <div
            class="frame"
            data-bare=move || bare().then_some("")
            data-nav=move || folded.get().then_some("collapsed")
            data-drawer=move || drawer.get().then_some("open")
            on:keydown=close
            on:pointerover=move |event| preloader.reached(event.target())
            on:focusin=move |event| preloader.reached(event.target())
        >
            <nav class="nav" aria-label="Main" hidden=bare>
                <Nav brand=state.brand vm_count=vm_count on_follow=Callback::new(move |()| drawer.set(false))/>
                <div class="nav-toggle">
                    <IconButton label=fold_label icon=IconName::Panel on_press=fold/>
                </div>
            </nav>
            <div class="nav-scrim" aria-hidden="true" on:click=move |_| drawer.set(false)></div>
            <header class="topbar" hidden=bare>
                <Header on_menu=Callback::new(move |()| drawer.set(true))/>
            </header>
            <main class="main" id="main" tabindex="-1" node_ref=main>
                <ConnectionBanner/>
                {children()}
            </main>
        </div>
        <Commands desk=desk/>
        <UnsavedQuestion unsaved=unsaved/>
        <GraceToasts/>
        <Resume/>
        <div class="vh" role="status" aria-live="polite">
            {move || state.announced.get()}
        </div>
    }
}
