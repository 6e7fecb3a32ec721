//! The bar above the table.

use super::shown::{ONLY, Shown, TOGETHER};
use crate::components::form::{Choice, Combo};
use crate::components::{SearchField, Segments};
use crate::domain::units::grouped;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Search, storage, what alone is shown, what stands together.
#[component]
pub fn Filters(shown: Shown) -> impl IntoView {
    let only = ONLY.iter().map(|(id, word, _)| (*id, *word)).collect();
    let together = TOGETHER.iter().map(|(id, word, _)| (*id, *word)).collect();
    view! {
        <div class="fb-filters" role="search" aria-label="Filter backups">
            <Search shown=shown/>
            <StorageBox shown=shown/>
            <Segments
                label="Show"
                items=only
                current=shown.only()
                on_choose=Callback::new(move |id: &'static str| shown.address.filter("only", id))
            />
            <span class="fb-group">
                <span class="quiet" aria-hidden="true">"Group by"</span>
                <Segments
                    label="Group by"
                    items=together
                    current=shown.together()
                    on_choose=Callback::new(move |id: &'static str| shown.address.filter("group", id))
                />
            </span>
        </div>
    }
}

#[component]
fn Search(shown: Shown) -> impl IntoView {
    let words = shown.address.word("q");
    let filtered = Memo::new(move |_| {
        let address = shown.address;
        let default = |name: &str, or: &str| address.get(name).trim() == or;
        !(default("q", "") && default("storage", "") && default("only", "all"))
    });
    let found = move || {
        filtered.get().then(|| {
            let (found, all) = (
                shown.rows.with(|rows| rows.len()),
                shown.fleet.all.with(|rows| rows.len()),
            );
            format!("{} of {}", grouped(found as u64), grouped(all as u64))
        })
    };
    view! {
        <SearchField
            label="Search backups"
            placeholder="VM, file, notes, tag:… node:…"
            value=words
            on_input=move |words: String| shown.address.filter_typed("q", &words)
            on_leave=move |()| shown.address.flush()
            found=Signal::derive(found)
            of_page=true
        />
    }
}

/// The storages that hold backups, each with how many.
#[component]
fn StorageBox(shown: Shown) -> impl IntoView {
    let value = Signal::derive(move || {
        let storage = shown.address.get("storage");
        (!storage.is_empty()).then_some(storage)
    });
    let options = Signal::derive(move || {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        shown.fleet.all.with(|all| {
            for row in all.iter() {
                *counts.entry(row.storage.clone()).or_default() += 1;
            }
        });
        let choices = counts
            .iter()
            .map(|(storage, count)| Choice::new(storage, storage).count(Some(*count)));
        choices.collect::<Vec<_>>()
    });
    let pick = move |storage: Option<String>| {
        shown
            .address
            .filter("storage", &storage.unwrap_or_default());
    };
    view! {
        <Combo
            label="Filter by storage"
            any="Any storage"
            value=value
            options=options
            on_pick=Callback::new(pick)
        />
    }
}
