//! Saved views: filters, order, groups, columns and page size under a name, here and in the navigation.

use super::query::ListQuery;
use crate::components::lazy::area_part;
use crate::components::overlay::{Overlay, OverlaySurface, Trigger};
use crate::components::toast::{Toast, use_toasts};
use crate::components::{
    Button, ButtonLook, ControlSize, Icon, IconButton, IconName, TextField, Tone,
};
use crate::domain::place::Edge;
use crate::domain::units::grouped;
use crate::domain::views::{self, SavedView};
use crate::domain::vm_list::{ListState, Matcher};
use crate::lazy_view;
use crate::paths;
use crate::screens::common::facts::row_facts;
use crate::screens::page::Link;
use crate::screens::unsaved::guard;
use crate::stores::prefs::VIEWS;
use crate::stores::{Live, use_live};
use leptos::prelude::*;

/// Columns where they are not as designed.
type Shown = Signal<Option<Vec<String>>>;

/// The list as it stands, as views keep it: every page of it.
fn text(state: &ListState) -> String {
    let state = ListState {
        page: 1,
        ..state.clone()
    };
    let pairs = state.pairs();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    paths::query(&pairs).trim_start_matches('?').to_owned()
}

/// How many VMs a view shows, once they are known; follows them.
fn counted(live: &Live, view: &SavedView) -> Memo<Option<usize>> {
    let vms = live.vms.clone();
    let state = ListState::read_text(&view.query);
    let matcher = Matcher::new(&state, None);
    let by_figures = Matcher::follows_figures(&state);
    Memo::new(move |_| {
        if !vms.rows().is_loaded() {
            return None;
        }
        let rows = if by_figures {
            vms.rows().snapshot()
        } else {
            vms.rows().roster()
        };
        let fits = rows
            .iter()
            .filter(|vm| matcher.matches(&row_facts(vm, None)));
        Some(fits.count())
    })
}

/// The button above the list.
#[component]
pub(super) fn ViewsButton(query: ListQuery, columns: Shown) -> impl IntoView {
    let overlay = Overlay::new(Edge::End);
    let trigger = Trigger::new(overlay);
    // Lives with the page: closing the list costs nothing that was typed.
    let name = RwSignal::new(String::new());
    let what = move || {
        let typed = name.with(|name| !name.trim().is_empty());
        typed.then(|| "the name of a view".to_owned())
    };
    guard(Signal::derive(what), Some(paths::vms()));
    view! {
        <button
            type="button"
            class="btn"
            aria-haspopup="dialog"
            aria-expanded=move || if overlay.is_open() { "true" } else { "false" }
            aria-controls=overlay.id()
            on:pointerdown=move |_| trigger.down()
            on:keydown=move |_| trigger.down()
            on:click=move |event| trigger.click(&event, |anchor| overlay.show(anchor))
        >
            <Icon name=IconName::Layers/>
            "Views"
            <Icon name=IconName::ChevronDown/>
        </button>
        <OverlaySurface overlay=overlay class="views" role="dialog" label="Saved views">
            {area_part(
                || Box::pin(preload_views()),
                move || Box::pin(views_body(overlay, query, columns, name)),
                Callback::new(move |()| overlay.hide()),
            )}
        </OverlaySurface>
    }
}

lazy_view! {
    later, preload_views,
    fn views_body(overlay: Overlay, query: ListQuery, columns: Shown, name: RwSignal<String>) -> AnyView {
        view! { <ViewsBody overlay=overlay query=query columns=columns name=name/> }.into_any()
    }
}

#[component]
fn ViewsBody(
    overlay: Overlay,
    query: ListQuery,
    columns: Shown,
    name: RwSignal<String>,
) -> impl IntoView {
    let live = use_live();
    let list = live.prefs.signal(&VIEWS);
    let names = Memo::new(move |_| {
        list.with(|views| {
            views
                .iter()
                .map(|view| view.name.clone())
                .collect::<Vec<_>>()
        })
    });
    view! {
        <h2>"Saved views"</h2>
        {move || {
            names.with(Vec::is_empty).then(|| view! {
                <p class="quiet">"A view keeps search, filters, order, groups and columns under a name. Set them, then save."</p>
            })
        }}
        <ul class="views-list">
            <For each=move || names.get() key=Clone::clone let:name>
                <ViewRow overlay=overlay name=name/>
            </For>
        </ul>
        <SaveView overlay=overlay query=query columns=columns name=name/>
    }
}

#[component]
fn ViewRow(overlay: Overlay, name: String) -> impl IntoView {
    let live = use_live();
    let toasts = use_toasts();
    let list = live.prefs.signal(&VIEWS);
    let of = name.clone();
    // The last known one stands while the row goes away.
    let view = Memo::new(move |old: Option<&SavedView>| {
        list.with(|views| views::find(views, &of).cloned())
            .or_else(|| old.cloned())
            .unwrap_or_default()
    });
    let counting = live.clone();
    let count = Memo::new(move |_| view.with(|view| counted(&counting, view)).get());
    let pin_label = Signal::derive(move || {
        view.with(|view| {
            let verb = if view.pinned { "Unpin" } else { "Pin" };
            format!("{verb} {}", view.name)
        })
    });
    let pinned = Signal::derive(move || view.with(|view| view.pinned));
    let (prefs, pin_name) = (live.prefs.clone(), name.clone());
    let pin = move |()| {
        let views = prefs.peek(&VIEWS);
        prefs.set(
            &VIEWS,
            &views::pinned(&views, &pin_name, !pinned.get_untracked()),
        );
    };
    let prefs = live.prefs.clone();
    let delete_name = name.clone();
    let delete = move |()| {
        let before = prefs.peek(&VIEWS);
        prefs.set(&VIEWS, &views::without(&before, &delete_name));
        let (again, gone) = (prefs.clone(), view.get_untracked());
        toasts.push(
            Toast::new(Tone::Info, format!("View {} deleted", gone.name)).action(
                "Undo",
                move || {
                    again.set(&VIEWS, &views::with(&again.peek(&VIEWS), gone.clone()));
                },
            ),
        );
    };
    let to = Signal::derive(move || view.with(|view| paths::vms_view(&view.query)));
    let delete_label = format!("Delete view {name}");
    view! {
        <li class="views-row">
            <span class="views-name" on:click=move |_| overlay.close()>
                <Link class="link" to=to>{name.clone()}</Link>
            </span>
            <span class="count">{move || count.get().map(|count| grouped(count as u64))}</span>
            <IconButton label=pin_label icon=IconName::Pin size=ControlSize::Small pressed=pinned on_press=pin/>
            <IconButton label=delete_label icon=IconName::Trash size=ControlSize::Small on_press=delete/>
        </li>
    }
}

/// Saves the list as it stands; a name that is taken is said before it is replaced.
#[component]
fn SaveView(
    overlay: Overlay,
    query: ListQuery,
    columns: Shown,
    name: RwSignal<String>,
) -> impl IntoView {
    let live = use_live();
    let list = live.prefs.signal(&VIEWS);
    let problem = RwSignal::new(None::<String>);
    let taken =
        Memo::new(move |_| name.with(|name| list.with(|views| views::find(views, name).is_some())));
    let label = Signal::derive(move || {
        if taken.get() {
            "Replace view"
        } else {
            "Save view"
        }
        .to_owned()
    });
    let help = Signal::derive(move || {
        if taken.get() {
            "There is a view of this name; saving puts the present list in its place."
        } else {
            "Shown here; pinned ones also in the navigation."
        }
        .to_owned()
    });
    let prefs = live.prefs.clone();
    let save = Callback::new(move |()| {
        let wrong = name.with_untracked(|name| views::name_problem(name));
        problem.set(wrong.clone());
        if wrong.is_some() {
            return;
        }
        let view = SavedView {
            name: name.get_untracked().trim().to_owned(),
            query: untrack(|| {
                let columns = columns.get();
                query.with(|state| {
                    text(&ListState {
                        columns,
                        ..state.clone()
                    })
                })
            }),
            pinned: false,
        };
        prefs.set(&VIEWS, &views::with(&prefs.peek(&VIEWS), view));
        name.set(String::new());
        overlay.place();
    });
    view! {
        <form
            class="views-save"
            on:submit=move |event| {
                event.prevent_default();
                save.run(());
            }
        >
            <TextField label="Save the present list as" value=name help=help error=problem/>
            <Button label=label look=ButtonLook::Primary on_press=save/>
        </form>
    }
}

/// Pinned views in the navigation, each with how many VMs it shows. `current` is the address
/// behind `?` while the list is open.
#[component]
pub fn PinnedViews(
    /// What the list shows, while it is open.
    #[prop(into)]
    current: Signal<Option<String>>,
    /// A link was followed.
    on_follow: Callback<()>,
) -> impl IntoView {
    let live = use_live();
    let list = live.prefs.signal(&VIEWS);
    let any = Memo::new(move |_| list.with(|views| views.iter().any(|view| view.pinned)));
    move || {
        any.get().then(|| {
            area_part(
                || Box::pin(preload_pinned()),
                move || Box::pin(pinned(current, on_follow)),
                Callback::new(|()| ()),
            )
        })
    }
}

lazy_view! {
    later, preload_pinned,
    fn pinned(current: Signal<Option<String>>, on_follow: Callback<()>) -> AnyView {
        view! { <Pinned current=current on_follow=on_follow/> }.into_any()
    }
}

#[component]
fn Pinned(current: Signal<Option<String>>, on_follow: Callback<()>) -> impl IntoView {
    let live = use_live();
    let list = live.prefs.signal(&VIEWS);
    let shown = Memo::new(move |_| {
        list.with(|views| {
            views
                .iter()
                .filter(|view| view.pinned)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    move || {
        let links = shown.get().into_iter().map(|view| {
            let count = counted(&live, &view);
            let state = ListState::read_text(&view.query);
            let is_current = move || {
                let here = current.with(|here| here.as_deref().map(ListState::read_text));
                here.is_some_and(|here| text(&here) == text(&state)).then_some("page")
            };
            view! {
                <a
                    class="nav-link nav-view"
                    href=paths::href(&paths::vms_view(&view.query))
                    aria-current=is_current
                    title=view.name.clone()
                    on:click=move |_| on_follow.run(())
                >
                    <Icon name=IconName::Pin/>
                    <span class="nav-label">{view.name.clone()}</span>
                    <span class="nav-count">{move || count.get().map(|count| grouped(count as u64))}</span>
                </a>
            }
        });
        links.collect_view()
    }
}
