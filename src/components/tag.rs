use super::dom;
use super::icon::{Icon, IconName};
use super::tab_stop::tab_index;
use crate::domain::chips;
use crate::domain::tags;
use leptos::html;
use leptos::prelude::*;

/// A tag and its colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagLook {
    /// Name, as the server spells it.
    pub name: String,
    /// Hue in degrees; lightness and strength are the theme's, so that the name can be read.
    pub hue: u16,
}

impl TagLook {
    /// The hue is the domain's: of the tag's own colour, else of its category, else of its name.
    #[must_use]
    pub fn new(name: &str, color: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            hue: tags::hue(name, color),
        }
    }
}

impl From<&str> for TagLook {
    fn from(name: &str) -> Self {
        Self::new(name, None)
    }
}

/// A tag. Alone it is text; with `on_press` a button (filter by it), with `href` a link, with
/// `on_remove` it has a cross.
#[component]
pub fn TagChip(
    /// Name and colour.
    #[prop(into)]
    tag: TagLook,
    /// How many things have it.
    #[prop(optional, into)]
    count: Option<Signal<usize>>,
    /// What a press does; gets the name.
    #[prop(optional, into)]
    on_press: Option<Callback<String>>,
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// What the cross does; gets the name.
    #[prop(optional, into)]
    on_remove: Option<Callback<String>>,
) -> impl IntoView {
    let TagLook { name, hue } = tag;
    let tab = tab_index();
    let inside = {
        let name = name.clone();
        move || {
            view! {
                <span class="tag-name">{name}</span>
                {count.map(|count| view! { <span class="tag-count">{move || count.get()}</span> })}
            }
        }
    };
    let body = if let Some(press) = on_press {
        let pressed = name.clone();
        let tip = format!("Filter by {name}");
        view! {
            <button type="button" class="tag-body" tabindex=tab data-tip=tip on:click=move |_| press.run(pressed.clone())>
                {inside()}
            </button>
        }
        .into_any()
    } else if let Some(href) = href {
        view! { <a class="tag-body" href=href tabindex=tab>{inside()}</a> }.into_any()
    } else {
        view! { <span class="tag-body">{inside()}</span> }.into_any()
    };
    view! {
        <span class="tag" style=("--tag-hue", hue.to_string())>
            {body}
            {on_remove.map(|remove| {
                let label = format!("Remove tag {name}");
                view! {
                    <button
                        type="button"
                        class="tag-x"
                        tabindex=tab
                        aria-label=label.clone()
                        data-tip=label
                        on:click=move |_| remove.run(name.clone())
                    >
                        <Icon name=IconName::X/>
                    </button>
                }
            })}
        </span>
    }
}

/// Tags on one line: the first few that have room, then how many more; the tooltip names them all.
#[component]
pub fn TagRow(
    /// The tags.
    #[prop(into)]
    tags: Signal<Vec<TagLook>>,
    /// How many are shown at most.
    #[prop(default = 2)]
    show: usize,
    /// What a press on one does.
    #[prop(optional, into)]
    on_press: Option<Callback<String>>,
) -> impl IntoView {
    // An equal list must not redraw the chips: one of them may have the focus.
    let tags = Memo::new(move |_| tags.get());
    let element = NodeRef::<html::Span>::new();
    let line = RwSignal::new(None::<f64>);
    // Set up once, when it is in the document; what stands in it does not change its width.
    Effect::new(move || {
        if let Some(element) = element.get() {
            dom::watch_size(&element, move |width, _| {
                let _ = line.try_set(Some(width));
            });
        }
    });
    let fit = Memo::new(move |_| {
        let line = line.get();
        tags.with(|tags| match line {
            Some(line) => chips::fitting(tags.iter().map(|tag| &*tag.name), line, show),
            None => show,
        })
    });
    let tip = move || {
        tags.with(|all| {
            let names = all.iter().map(|tag| tag.name.as_str());
            (all.len() > fit.get()).then(|| names.collect::<Vec<_>>().join(", "))
        })
    };
    let chips = move || {
        let all = tags.get();
        let show = fit.get();
        let more = all.len().saturating_sub(show);
        let names = || all.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>();
        let said = (more > 0).then(|| names().join(", "));
        let chips = all
            .into_iter()
            .take(show)
            .map(|tag| match on_press {
                Some(press) => view! { <TagChip tag=tag on_press=press/> }.into_any(),
                None => view! { <TagChip tag=tag/> }.into_any(),
            })
            .collect_view();
        view! {
            {chips}
            {(more > 0).then(|| view! {
                <span class="tags-more" aria-hidden="true">{format!("+{more}")}</span>
                <span class="vh">{format!("All tags: {}", said.unwrap_or_default())}</span>
            })}
        }
    };
    view! { <span node_ref=element class="tags one-line" data-tip=tip>{chips}</span> }
}
