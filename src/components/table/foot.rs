use super::core::Shared;
use super::model::{RowData, RowKey};
use crate::components::button::{Button, ControlSize};
use crate::domain::table::PageSize;
use crate::domain::units::grouped;
use leptos::prelude::*;

/// Which rows are seen, how many a page has, back and forth.
#[component]
pub(super) fn Pager<K: RowKey, R: RowData>(core: Shared<K, R>) -> impl IntoView {
    let (Some(on_page), Some(on_size)) = (core.table.on_page, core.table.on_size) else {
        return ().into_any();
    };
    let (page, size, order) = (core.table.page, core.table.size, core.table.rows.order);
    let range = core.range;
    let pages = Memo::new(move |_| size.get().pages(order.with(|order| order.len())));
    let here = Memo::new(move |_| page.get().min(pages.get() - 1));
    let said = move || {
        let (range, count) = (range.get(), order.with(|order| order.len()));
        if range.is_empty() {
            return "No rows".to_owned();
        }
        format!(
            "Rows {}–{} of {}",
            grouped(range.start as u64 + 1),
            grouped(range.end as u64),
            grouped(count as u64)
        )
    };
    let at_start =
        Signal::derive(move || (here.get() == 0).then(|| "This is the first page".to_owned()));
    let at_end = Signal::derive(move || {
        (here.get() + 1 >= pages.get()).then(|| "This is the last page".to_owned())
    });
    let choose = move |event: web_sys::Event| {
        if let Some(size) = PageSize::read(&event_target_value(&event)) {
            on_size.run(size);
        }
    };
    let choices = move || {
        let mut choices = PageSize::CHOICES.to_vec();
        if !choices.contains(&size.get()) {
            choices.insert(0, size.get());
        }
        choices
            .into_iter()
            .map(|choice| {
                let words = match choice {
                    PageSize::All => "All rows".to_owned(),
                    PageSize::Rows(rows) => format!("{rows} per page"),
                };
                view! { <option value=choice.word() prop:selected=move || size.get() == choice>{words}</option> }
            })
            .collect_view()
    };
    // Groups stand on one page.
    let groups = core.table.groups;
    let paged = Memo::new(move |_| groups.with(|groups| groups.is_empty()));
    view! {
        <div class="dt-foot" class:whole=move || !paged.get()>
            <span class="dt-range">{said}</span>
            <label class="dt-size">
                <span class="vh">"Rows per page"</span>
                <select class="select bare" on:change=choose>{choices}</select>
            </label>
            <span class="dt-pages">{move || (pages.get() > 1).then(|| format!("Page {} of {}", here.get() + 1, pages.get()))}</span>
            <Button label="Previous" size=ControlSize::Small disabled=at_start on_press=Callback::new(move |()| on_page.run(here.get_untracked().saturating_sub(1)))/>
            <Button label="Next" size=ControlSize::Small disabled=at_end on_press=Callback::new(move |()| on_page.run(here.get_untracked() + 1))/>
        </div>
    }
    .into_any()
}
