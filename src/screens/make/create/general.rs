//! First step: what it is called and where it goes.

use super::form::Form;
use crate::components::{SelectField, SelectOption, TextField};
use crate::domain::provision::Known;
use crate::domain::units::Bytes;
use crate::screens::make::fields::{IdField, PoolField, TagsOf};
use leptos::prelude::*;

/// Nodes with the room that they have.
pub fn node_options(known: Memo<Known>) -> Signal<Vec<SelectOption>> {
    Memo::new(move |_| {
        known.with(|known| {
            let option = |node: &crate::domain::provision::NodeFacts| {
                let room = node.memory.map_or_else(String::new, |total| {
                    let free = Bytes(total.0.saturating_sub(node.promised.0)).capacity();
                    format!(" ({free} of {} not promised)", total.capacity())
                });
                let off = (!node.online).then(|| "offline".to_owned());
                SelectOption::new(node.name.clone(), format!("{}{room}", node.name)).disabled(off)
            };
            known.nodes.iter().map(option).collect()
        })
    })
    .into()
}

#[component]
pub fn General(form: Form) -> impl IntoView {
    let fields = form.fields();
    view! {
        <div class="form">
            <TextField
                label="Name"
                value=fields.name
                error=form.error_of("name")
                help="As DNS has it: letters, digits, hyphens and dots"
                placeholder="web-server-03"
            />
            <IdField value=fields.id known=form.known error=form.error_of("id")/>
            <SelectField
                label="Node"
                value=fields.node
                options=node_options(form.known)
                error=form.error_of("node")
                help="Proposed: the one with most memory that no running VM was promised"
                on_change=Callback::new(move |node: String| form.move_to(&node))
            />
            <PoolField value=fields.pool error=form.error_of("pool")/>
            <TagsOf value=fields.tags error=form.error_of("tags")/>
        </div>
    }
}
