//! Who the server is, and what it offers and lacks.

use crate::api::Contract;
use crate::api::capabilities::{Capabilities, Feature, Offers};
use crate::components::{Card, Fact, Facts, Icon, IconName, Note, SkeletonRows, Tone};
use crate::domain::units::NONE;
use crate::stores::use_live;
use leptos::prelude::*;
use std::sync::Arc;

/// The server's own words, and each feature with the reason where it is missing.
#[component]
pub fn Offered() -> impl IntoView {
    let live = use_live();
    let known = live.capabilities();
    let body = move || match known.get() {
        None => view! { <SkeletonRows rows=6/> }.into_any(),
        Some(known) => view! { <Known known=known/> }.into_any(),
    };
    view! { <Card title="What this server offers" class="settings-offers">{body}</Card> }
}

#[component]
fn Known(known: Arc<Capabilities>) -> impl IntoView {
    let info = known.info.clone();
    let text = |text: Option<String>| {
        text.filter(|text| !text.is_empty())
            .unwrap_or_else(|| NONE.to_owned())
    };
    let version = text(info.as_ref().and_then(|info| info.version.clone()));
    let location = text(info.as_ref().and_then(|info| info.location.clone()));
    let user = text(
        info.as_ref()
            .and_then(|info| info.user.as_ref())
            .map(|user| user.name.clone()),
    );
    let contract = match known.contract {
        Contract::Guide => "Guide",
        Contract::Server => "Server as shipped",
    };
    let read_only = if known.is_read_only() {
        "Yes: it takes no changes"
    } else {
        "No"
    };
    let problem = known
        .problem
        .as_ref()
        .map(|problem| problem.message.clone());
    let rows = Feature::ALL.iter().map(|feature| {
        let offers = known.offers(*feature);
        let (icon, class) = match offers {
            Offers::Yes => (IconName::Check, "is-ok"),
            Offers::No(_) => (IconName::Minus, "aside"),
        };
        let said = if offers.is_yes() {
            "offered"
        } else {
            "not offered"
        };
        view! {
            <li class=class>
                <Icon name=icon/>
                <span>{first_upper(feature.words())}</span>
                <span class="vh">{said}</span>
            </li>
        }
    });
    view! {
        {problem.map(|words| view! { <Note tone=Tone::Warn>{words}</Note> })}
        <Facts>
            <Fact label="Version">{version}</Fact>
            <Fact label="Location">{location}</Fact>
            <Fact label="You are">{user}</Fact>
            <Fact label="Contract">{contract}</Fact>
            <Fact label="Read-only">{read_only}</Fact>
        </Facts>
        <ul class="offers">{rows.collect_view()}</ul>
    }
}

fn first_upper(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
