use leptos::prelude::*;

/// A surface with a title. `aside` stands at the right of the title: a fact, a link, a switch.
#[component]
pub fn Card(
    /// Title; the card is a region of that name.
    #[prop(into)]
    title: Signal<String>,
    /// Right of the title.
    #[prop(optional, into)]
    aside: ViewFn,
    /// The body brings its own padding: rows, tables.
    #[prop(optional)]
    flush: bool,
    /// A class for the page's layout.
    #[prop(optional)]
    class: &'static str,
    /// The body.
    children: Children,
) -> impl IntoView {
    let id = super::dom::uid("card");
    view! {
        <section class=format!("card {class}") class:flush=flush aria-labelledby=id.clone()>
            <div class="card-head">
                <h2 id=id.clone()>{move || title.get()}</h2>
                <div class="card-aside">{move || aside.run()}</div>
            </div>
            <div class="card-body">{children()}</div>
        </section>
    }
}

/// Names and values.
#[component]
pub fn Facts(
    /// [`Fact`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One name and its value.
#[component]
pub fn Fact(
    /// Name: "Boot order".
    #[prop(into)]
    label: String,
    /// Value.
    children: Children,
) -> impl IntoView {
    view! {
        <dt>{label}</dt>
        <dd>{children()}</dd>
    }
}
