//! The shortcuts, by group.

use super::super::commands::{Command, key_words};
use leptos::prelude::*;

/// All commands that have a shortcut.
#[component]
pub fn ShortcutSheet() -> impl IntoView {
    ["Pages", "Commands"]
        .map(|name| {
            let lines = Command::all()
                .filter(|command| command.group() == name)
                .filter_map(|command| Some((command.label(), key_words(command.keys()?))))
                .map(|(label, words)| {
                    let keys = words
                        .into_iter()
                        .map(|word| view! { <kbd>{word}</kbd> " " });
                    view! {
                        <div>
                            <dt>{label}</dt>
                            <dd>{keys.collect_view()}</dd>
                        </div>
                    }
                })
                .collect_view();
            view! {
                <section class="shortcuts">
                    <h3>{name}</h3>
                    <dl>{lines}</dl>
                </section>
            }
        })
        .collect_view()
}
