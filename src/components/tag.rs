use super::icon::{Icon, IconName};
use crate::domain::tags;
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
            <button type="button" class="tag-body" data-tip=tip on:click=move |_| press.run(pressed.clone())>
                {inside()}
            </button>
        }
        .into_any()
    } else if let Some(href) = href {
        view! { <a class="tag-body" href=href>{inside()}</a> }.into_any()
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

/// Tags on one line: the first few, then how many more; the tooltip names them all.
#[component]
pub fn TagRow(
    /// The tags.
    #[prop(into)]
    tags: Signal<Vec<TagLook>>,
    /// How many are shown.
    #[prop(default = 2)]
    show: usize,
    /// What a press on one does.
    #[prop(optional, into)]
    on_press: Option<Callback<String>>,
) -> impl IntoView {
    // An equal list must not redraw the chips: one of them may have the focus.
    let tags = Memo::new(move |_| tags.get());
    move || {
        let all = tags.get();
        let more = all.len().saturating_sub(show);
        let tip = (more > 0).then(|| {
            all.iter()
                .map(|tag| tag.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        });
        let said = tip.clone();
        let chips = all
            .into_iter()
            .take(show)
            .map(|tag| match on_press {
                Some(press) => view! { <TagChip tag=tag on_press=press/> }.into_any(),
                None => view! { <TagChip tag=tag/> }.into_any(),
            })
            .collect_view();
        view! {
            <span class="tags one-line" data-tip=tip>
                {chips}
                {(more > 0).then(|| view! {
                    <span class="tags-more" aria-hidden="true">{format!("+{more}")}</span>
                    <span class="vh">{format!("All tags: {}", said.unwrap_or_default())}</span>
                })}
            </span>
        }
    }
}
