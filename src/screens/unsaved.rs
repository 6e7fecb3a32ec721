//! What is typed and not saved is not lost by a slip: following a link, going back, running a
//! command and closing the tab ask first. A form says what it holds by [`guard`]; the frame
//! provides [`Unsaved`] and draws the question.

use crate::components::dom;
use crate::domain::unsaved::leaves;
use crate::paths;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_router::hooks::{use_navigate, use_url};
use std::sync::Arc;
use web_sys::{BeforeUnloadEvent, Element, Event, HtmlAnchorElement, MouseEvent};

/// What a form holds.
#[derive(Debug, Clone)]
struct Guard {
    id: u32,
    what: Signal<Option<String>>,
    /// Nothing is lost while the address stays within this path; none: by no address of the
    /// console, only with the tab.
    within: Option<String>,
}

/// Where the person wants to go.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    To(String),
    /// By the browser's own button.
    Back,
}

/// The question that stands: what would be lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// "the server address", "the name of a view".
    pub lost: Vec<String>,
    way: Way,
}

type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// All that is typed and not saved. In the context; see [`Unsaved::provide`].
#[derive(Clone, Copy)]
pub struct Unsaved {
    /// The question that stands.
    pub asked: RwSignal<Option<Asked>>,
    guards: StoredValue<Vec<Guard>>,
    next: StoredValue<u32>,
    /// The next move of the browser was agreed to.
    passes: StoredValue<bool>,
    /// Address of the page as the router knows it.
    here: StoredValue<String>,
    go: StoredValue<Option<Go>>,
}

impl std::fmt::Debug for Unsaved {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Unsaved").finish_non_exhaustive()
    }
}

impl Unsaved {
    /// Puts it into the context; once, before the router is made: what listens on the window is
    /// told in the order in which it began, and the router must not hear of a step back that is
    /// asked about first.
    pub fn provide() -> Self {
        let unsaved = Self {
            asked: RwSignal::new(None),
            guards: StoredValue::new(Vec::new()),
            next: StoredValue::new(0),
            passes: StoredValue::new(false),
            here: StoredValue::new(String::new()),
            go: StoredValue::new(None),
        };
        provide_context(unsaved);
        let page: web_sys::EventTarget = window().into();
        dom::listen(&page, "popstate", true, move |event| {
            unsaved.stepped(&event);
        });
        dom::listen(&page, "click", true, move |event: MouseEvent| {
            if let Some(path) = followed(&event)
                && unsaved.ask(path)
            {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
        });
        dom::listen(
            &page,
            "beforeunload",
            false,
            move |event: BeforeUnloadEvent| {
                if !unsaved.held(None).is_empty() {
                    event.prevent_default();
                }
            },
        );
        unsaved
    }

    /// Learns where the console is, and the way to elsewhere; once, inside the router.
    pub fn follow_router(self) {
        let navigate = use_navigate();
        let go: Go = Arc::new(move |path: &str| navigate(path, Default::default()));
        self.go.set_value(Some(go));
        let url = use_url();
        // Read outside of any view, when the browser steps back.
        Effect::new(move || {
            let here = url.with(|url| {
                let mark = if url.search().is_empty() { "" } else { "?" };
                format!("{}{mark}{}{}", url.path(), url.search(), url.hash())
            });
            self.here.set_value(here);
        });
    }

    /// The browser's own buttons have gone somewhere.
    fn stepped(self, event: &Event) {
        if self.passes.try_update_value(std::mem::take) == Some(true) {
            return;
        }
        let path = window().location().pathname().unwrap_or_default();
        let lost = self.held(Some(&plain(&path)));
        if lost.is_empty() {
            return;
        }
        // The browser has gone already: it is taken back to where the page still is.
        event.stop_immediate_propagation();
        let here = self.here.get_value();
        let back = window()
            .history()
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&here)));
        if back.is_ok() {
            self.asked.set(Some(Asked {
                lost,
                way: Way::Back,
            }));
        }
    }

    /// What would be lost by going to a path; by closing the tab where there is none.
    fn held(self, to: Option<&str>) -> Vec<String> {
        self.guards
            .try_with_value(|guards| {
                guards
                    .iter()
                    .filter(|guard| match (&guard.within, to) {
                        (Some(within), Some(to)) => leaves(within, to),
                        (None, Some(_)) => false,
                        (_, None) => true,
                    })
                    .filter_map(|guard| guard.what.try_get_untracked().flatten())
                    .collect()
            })
            .unwrap_or_default()
    }

    fn ask(self, path: String) -> bool {
        let lost = self.held(Some(&path));
        let asks = !lost.is_empty();
        if asks {
            self.asked.set(Some(Asked {
                lost,
                way: Way::To(path),
            }));
        }
        asks
    }

    /// Goes to a plain path, after the question where something would be lost.
    pub fn go(self, path: &str) {
        if !self.ask(path.to_owned()) {
            self.travel(path);
        }
    }

    fn travel(self, path: &str) {
        if let Some(go) = self.go.get_value() {
            go(path);
        }
    }

    /// Stays.
    pub fn stay(self) {
        self.asked.set(None);
    }

    /// Goes where the person wanted to.
    pub fn leave(self) {
        let Some(asked) = self.asked.get_untracked() else {
            return;
        };
        self.asked.set(None);
        match asked.way {
            Way::To(path) => self.travel(&path),
            Way::Back => {
                self.passes.set_value(true);
                let _ = window().history().and_then(|history| history.back());
            }
        }
    }
}

/// An address of the console without its base.
fn plain(path: &str) -> String {
    let base = paths::base();
    let rest = path.strip_prefix(base.as_str()).unwrap_or(path);
    if rest.starts_with('/') {
        rest.to_owned()
    } else {
        format!("/{rest}")
    }
}

/// The plain path of the link that a press follows within the console.
fn followed(event: &MouseEvent) -> Option<String> {
    let held = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || held {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let elsewhere = !matches!(link.target().as_str(), "" | "_self")
        || link.has_attribute("download")
        || link.origin() != window().location().origin().ok()?;
    (!elsewhere).then(|| plain(&link.pathname()) + &link.search() + &link.hash())
}

/// Says what a form holds, for as long as the component lives: "the server address", or nothing.
/// `within` is the plain path that may change below without loss; none where what is typed stays
/// in the console whatever its address, and is lost with the tab alone.
pub fn guard(what: impl Into<Signal<Option<String>>>, within: Option<String>) {
    let Some(unsaved) = use_context::<Unsaved>() else {
        return;
    };
    let what = what.into();
    let id = unsaved
        .next
        .try_update_value(|next| {
            *next = next.wrapping_add(1);
            *next
        })
        .unwrap_or_default();
    let guard = Guard { id, what, within };
    unsaved.guards.update_value(|guards| guards.push(guard));
    on_cleanup(move || {
        let _ = unsaved
            .guards
            .try_update_value(|guards| guards.retain(|guard| guard.id != id));
    });
}
