//! What is to be changed: each field stays as it is unless it is touched.

use super::form::{Form, LEAVE};
use crate::components::form::TagCheck;
use crate::components::{KnownTag, SelectField, SelectOption, TagLook, TagsField, TextArea};
use crate::domain::mass_edit::NOTES_LIMIT;
use crate::domain::tags;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[component]
pub(super) fn Fields(form: Form) -> impl IntoView {
    let check: TagCheck = Callback::new(|tag: String| tags::check(&tag));
    let replaces = Memo::new(move |_| form.notes_how.with(|how| how == "replace"));
    let typed = Memo::new(move |_| form.notes_how.with(|how| how != LEAVE));
    let notes_help = Signal::derive(move || {
        let help = if replaces.get() {
            "Stands in place of the notes there are; nothing takes them away"
        } else {
            "Stands under the notes there are, where it does not end them already"
        };
        help.to_owned()
    });
    view! {
        <p class="quiet">"What you leave alone stays as it is in every VM. Nothing is sent before you have seen the differences."</p>
        <div class="vms-edit-fields">
            <TagsField
                label="Add tags"
                value=form.add
                known=in_use(form)
                check=check
                error=form.error_of("add")
                optional=true
            />
            <TagsField
                label="Take tags off"
                value=form.remove
                known=carried(form)
                check=check
                error=form.error_of("remove")
                optional=true
                placeholder="Choose a tag"
            />
            <Switch label="Starts with its node" value=form.onboot help=""/>
            <Switch label="Protection" value=form.protection help="Refuses to remove the VM and its disks"/>
            <Switch label="Guest agent" value=form.agent help="A running VM takes it at its next start"/>
            <SelectField
                label="Notes"
                value=form.notes_how
                options=Signal::stored(vec![
                    SelectOption::new(LEAVE, "Leave as they are"),
                    SelectOption::new("replace", "Replace"),
                    SelectOption::new("append", "Add a paragraph"),
                ])
            />
            <div class="vms-edit-notes" hidden=move || !typed.get()>
                <TextArea
                    label="Text of the notes"
                    value=form.notes
                    help=notes_help
                    error=form.error_of("notes")
                    limit=NOTES_LIMIT
                    rows=4
                />
            </div>
        </div>
    }
}

#[component]
fn Switch(label: &'static str, value: RwSignal<String>, help: &'static str) -> impl IntoView {
    view! {
        <SelectField
            label=label
            value=value
            options=Signal::stored(vec![
                SelectOption::new(LEAVE, "Leave as it is"),
                SelectOption::new("on", "On"),
                SelectOption::new("off", "Off"),
            ])
            help=help
        />
    }
}

/// All tags that are in use, as the server has them.
fn in_use(form: Form) -> Signal<Vec<KnownTag>> {
    let known = form.edit.live().tags.watch();
    Memo::new(move |_| {
        known.value.with(|known| {
            let all = known.as_deref().map(Vec::as_slice).unwrap_or_default();
            let known = all.iter().map(|tag| KnownTag {
                look: TagLook::new(&tag.name, tag.color.as_deref()),
                count: None,
            });
            known.collect::<Vec<_>>()
        })
    })
    .into()
}

/// The tags that these VMs carry, with how many of them do.
fn carried(form: Form) -> Signal<Vec<KnownTag>> {
    let live = form.edit.live();
    let colors = live.tags.watch();
    Memo::new(move |_| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        form.vms.with(|vms| {
            for row in vms.iter().filter_map(|vm| live.vms.rows().peek(vm)) {
                for tag in &row.tags {
                    *counts.entry(tag.clone()).or_default() += 1;
                }
            }
        });
        colors.value.with(|colors| {
            let colors = colors.as_deref().map(Vec::as_slice).unwrap_or_default();
            let color = |name: &str| colors.iter().find(|tag| tag.name == name)?.color.clone();
            let known = counts.iter().map(|(name, count)| KnownTag {
                look: TagLook::new(name, color(name).as_deref()),
                count: Some(*count),
            });
            known.collect::<Vec<_>>()
        })
    })
    .into()
}
