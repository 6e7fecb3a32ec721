//! Notes in Markdown. What they hold is built of elements here, one by one: nothing that somebody
//! wrote is ever read as markup of the page.

use super::lazy::area_part;
use crate::domain::markdown::{Align, Kind, Node, read};
use crate::lazy_view;
use leptos::prelude::*;

/// A text in Markdown, formatted. Links open elsewhere; pictures are links.
#[component]
pub fn Markdown(
    /// As it was written.
    #[prop(into)]
    text: Signal<String>,
    /// The code for it did not come: show the text itself.
    #[prop(into)]
    give_up: Callback<()>,
) -> impl IntoView {
    area_part(
        || Box::pin(preload_markdown()),
        move || Box::pin(formatted(text)),
        give_up,
    )
}

lazy_view! {
    markdown, preload_markdown,
    fn formatted(text: Signal<String>) -> AnyView {
        view! { <div class="md">{move || text.with(|text| all(text))}</div> }.into_any()
    }
}

fn all(text: &str) -> AnyView {
    let notes = read(text);
    let cut = notes.cut.then(|| {
        view! { <p class="aside">"The rest is left out: too long or too deep to be formatted."</p> }
    });
    view! {
        {list(notes.nodes)}
        {cut}
    }
    .into_any()
}

fn list(nodes: Vec<Node>) -> Vec<AnyView> {
    nodes.into_iter().map(one).collect()
}

fn one(node: Node) -> AnyView {
    match node {
        Node::Text(text) => text.into_any(),
        Node::Code(text) => view! { <code>{text}</code> }.into_any(),
        Node::Break => view! { <br/> }.into_any(),
        Node::Rule => view! { <hr/> }.into_any(),
        Node::Task(done) => {
            let (mark, words) = if done {
                ("☑", "Done")
            } else {
                ("☐", "Not done")
            };
            view! { <span class="md-task" role="img" aria-label=words>{mark}</span>" " }.into_any()
        }
        Node::Element(kind, nodes) => element(kind, nodes),
    }
}

fn element(kind: Kind, nodes: Vec<Node>) -> AnyView {
    let task = matches!(nodes.first(), Some(Node::Task(_)))
        || matches!(nodes.first(), Some(Node::Element(Kind::Paragraph, nodes)) if matches!(nodes.first(), Some(Node::Task(_))));
    let children = list(nodes);
    match kind {
        Kind::Heading(3) => view! { <h3>{children}</h3> }.into_any(),
        Kind::Heading(4) => view! { <h4>{children}</h4> }.into_any(),
        Kind::Heading(5) => view! { <h5>{children}</h5> }.into_any(),
        Kind::Heading(_) => view! { <h6>{children}</h6> }.into_any(),
        Kind::Paragraph => view! { <p>{children}</p> }.into_any(),
        Kind::Quote => view! { <blockquote>{children}</blockquote> }.into_any(),
        Kind::List(None) => view! { <ul>{children}</ul> }.into_any(),
        Kind::List(Some(first)) => view! { <ol start=first.to_string()>{children}</ol> }.into_any(),
        Kind::Item => view! { <li class:md-tasked=task>{children}</li> }.into_any(),
        Kind::CodeBlock => view! { <pre><code>{children}</code></pre> }.into_any(),
        Kind::Raw => view! { <p class="md-raw">{children}</p> }.into_any(),
        // Wide ones scroll by themselves, also by keys.
        Kind::Table => view! {
            <div class="md-wide" tabindex="0" role="group" aria-label="Table">
                <table><tbody>{children}</tbody></table>
            </div>
        }
        .into_any(),
        Kind::Row => view! { <tr>{children}</tr> }.into_any(),
        Kind::Cell(true, align) => {
            view! { <th scope="col" class=place(align)>{children}</th> }.into_any()
        }
        Kind::Cell(false, align) => view! { <td class=place(align)>{children}</td> }.into_any(),
        Kind::Emphasis => view! { <em>{children}</em> }.into_any(),
        Kind::Strong => view! { <strong>{children}</strong> }.into_any(),
        Kind::Struck => view! { <s>{children}</s> }.into_any(),
        Kind::Link(address) => view! {
            <a class="link" href=address target="_blank" rel="noopener noreferrer nofollow">{children}</a>
        }
        .into_any(),
    }
}

const fn place(align: Align) -> &'static str {
    match align {
        Align::Start => "",
        Align::Center => "md-center",
        Align::End => "md-end",
    }
}
