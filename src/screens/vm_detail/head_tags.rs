//! Tags of the VM, added and taken off where they are read.

use super::model::use_vm;
use crate::api::ErrorKind;
use crate::components::faces::ErrorView;
use crate::components::overlay::{Anchor, Overlay, OverlaySurface};
use crate::components::{
    Button, ButtonLook, CheckField, ConfirmDialog, ControlSize, Icon, IconName, Note, TagChip,
    TagLook, TextField, Tone, confirm_call,
};
use crate::domain::ids::VmId;
use crate::domain::place::Edge;
use crate::domain::tags;
use crate::paths;
use crate::screens::common::faces::error_view;
use crate::screens::unsaved::guard;
use crate::stores::actions::{Change, Failures};
use crate::stores::notices::Notice;
use crate::stores::{Live, spawn, use_live};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A tag that the safety rules keep on the VM, and their words.
type Kept = RwSignal<Option<(String, ErrorView)>>;

/// Chips with a cross each, and the button that adds one. Nothing is shown as done before the
/// server has done it.
#[component]
pub fn HeadTags() -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let known = live.tags.watch();
    let kept: Kept = RwSignal::new(None);
    let tags = Memo::new(move |_| {
        let names = vm.vm.with(|vm| vm.tags.clone());
        known.value.with(|known| {
            let known = known.as_deref().map(Vec::as_slice).unwrap_or_default();
            let color = |name: &str| known.iter().find(|tag| tag.name == name)?.color.clone();
            names
                .iter()
                .map(|name| TagLook::new(name, color(name).as_deref()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <span class="tags vm-tags" role="group" aria-label="Tags">
            <For each=move || tags.get() key=Clone::clone let:tag>
                <HeadTag tag=tag kept=kept/>
            </For>
            <AddTag/>
        </span>
        <KeptDialog kept=kept/>
    }
}

#[component]
fn HeadTag(tag: TagLook, kept: Kept) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let busy = live.actions.is_busy(Change::Tag(vm.id, tag.name.clone()));
    let remove = move |tag: String| remove_tag(&live, vm.id, tag, kept);
    let href = paths::href(&paths::vms_where(&[("tags", &tag.name)]));
    view! {
        <span class="vm-tag" class:busy=move || busy.get() aria-busy=move || busy.get().then_some("true")>
            <TagChip tag=tag href=href on_remove=Callback::new(remove)/>
            {move || busy.get().then(|| view! { <Icon name=IconName::Spinner/> })}
        </span>
    }
}

fn remove_tag(live: &Live, vm: VmId, tag: String, kept: Kept) {
    let live = live.clone();
    spawn::action(async move {
        let removing = live
            .actions
            .remove_tag(vm, tag.clone(), false, Failures::Caller);
        let Some(Err(error)) = removing.await else {
            return;
        };
        let title = format!("The tag {tag} could not be taken off");
        let view = error_view(&title, &error, live.clock.now());
        let asks = error.kind == ErrorKind::SafeMode && kept.try_set(Some((tag, view))).is_none();
        if !asks {
            live.notices
                .push(Notice::failed(title, &error).vm(Some(vm)));
        }
    });
}

/// Going past the safety rules is a choice of its own.
#[component]
fn KeptDialog(kept: Kept) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    // The last words stay while the dialog goes away.
    let words = Memo::new(move |last: Option<&Option<(String, ErrorView)>>| {
        kept.get().or_else(|| last.cloned().flatten())
    });
    let tag = move || words.get().map(|(tag, _)| tag).unwrap_or_default();
    let lead = move || {
        words
            .get()
            .map(|(_, error)| {
                format!(
                    "{}. {}",
                    error.message.trim_end_matches('.'),
                    error.hint.unwrap_or_default()
                )
            })
            .unwrap_or_default()
    };
    let send = confirm_call(move || {
        let (live, tag) = (live.clone(), untrack(tag));
        async move {
            let forced = live
                .actions
                .remove_tag(vm.id, tag.clone(), true, Failures::Caller);
            match forced.await {
                Some(Err(error)) => {
                    let title = format!("The tag {tag} could not be taken off");
                    Err(error_view(&title, &error, live.clock.now()))
                }
                Some(Ok(())) | None => Ok(()),
            }
        }
    });
    view! {
        <ConfirmDialog
            open=Signal::derive(move || kept.with(Option::is_some))
            on_close=move |()| kept.set(None)
            title=Signal::derive(move || format!("Take the tag {} off {}?", tag(), vm.name.get()))
            lead=Signal::derive(lead)
            verb=Signal::stored("Force: take tag off".to_owned())
            keep=Signal::stored("Keep tag".to_owned())
            on_confirm=send
        />
    }
}

/// The form that adds a tag, in a small surface of its own.
#[derive(Clone, Copy)]
struct Adding {
    overlay: Overlay,
    value: RwSignal<String>,
    error: RwSignal<Option<ErrorView>>,
    busy: RwSignal<bool>,
    /// The safety rules refused; the next try goes past them, if the person says so.
    refused: RwSignal<bool>,
    force: RwSignal<bool>,
}

impl Adding {
    fn give_up(self) {
        let _ = self.value.try_set(String::new());
        self.overlay.hide();
    }
}

#[component]
fn AddTag() -> impl IntoView {
    let adding = Adding {
        overlay: Overlay::new(Edge::Start),
        value: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        refused: RwSignal::new(false),
        force: RwSignal::new(false),
    };
    let open = move |event: MouseEvent| {
        let button = event
            .current_target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if let Some(button) = button {
            adding.error.set(None);
            adding.refused.set(false);
            adding.force.set(false);
            adding.overlay.show(Anchor::Element(button));
        }
    };
    let overlay = adding.overlay;
    // Stays when the surface is closed by a slip; another VM is another page.
    let what = move || {
        let typed = adding.value.with(|typed| !typed.trim().is_empty());
        typed.then(|| "a new tag".to_owned())
    };
    guard(Signal::derive(what), Some(paths::vm(use_vm().id)));
    view! {
        <button
            type="button"
            class="vm-tag-add"
            aria-haspopup="dialog"
            aria-expanded=move || if overlay.is_open() { "true" } else { "false" }
            aria-controls=overlay.id()
            on:click=open
        >
            <Icon name=IconName::Plus/>
            "tag"
        </button>
        <OverlaySurface overlay=overlay class="panel vm-tag-form" role="dialog" label="Add a tag">
            <AddForm adding=adding/>
        </OverlaySurface>
    }
}

#[component]
fn AddForm(adding: Adding) -> impl IntoView {
    let vm = use_vm();
    let live = use_live();
    let known = live.tags.watch();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            // Drawn in this turn, shown in the next.
            request_animation_frame(move || drop(field.focus()));
        }
    });
    let wrong = move || {
        let typed = adding.value.get();
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let there = vm.vm.with(|vm| vm.tags.iter().any(|tag| tag == typed));
        if there {
            Some("The VM has this tag already".to_owned())
        } else {
            tags::check(typed).err()
        }
    };
    let error = Signal::derive(wrong);
    let off = Signal::derive(move || {
        if adding.value.with(|typed| typed.trim().is_empty()) {
            Some("Type a tag first".to_owned())
        } else {
            error.get()
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if off.with_untracked(Option::is_none) {
            send(&live, adding, vm.id);
        }
    };
    let suggestions = Memo::new(move |_| {
        let typed = adding.value.get().trim().to_lowercase();
        let own = vm.vm.with(|vm| vm.tags.clone());
        known.value.with(|known| {
            let all = known.as_deref().map(Vec::as_slice).unwrap_or_default();
            all.iter()
                .filter(|tag| !own.contains(&tag.name))
                .filter(|tag| typed.is_empty() || tag.name.to_lowercase().contains(&typed))
                .take(6)
                .map(|tag| TagLook::new(&tag.name, tag.color.as_deref()))
                .collect::<Vec<_>>()
        })
    });
    let pick = Callback::new(move |name: String| adding.value.set(name));
    view! {
        <form class="vm-tag-fields" on:submit=submit novalidate>
            <TextField label="New tag" value=adding.value error=error node_ref=field placeholder="env-prod"/>
            <div class="tags" role="group" aria-label="Tags in use">
                {move || suggestions.get().into_iter().map(|tag| view! { <TagChip tag=tag on_press=pick/> }).collect_view()}
            </div>
            <Failure adding=adding/>
            <div class="btn-row">
                <Button label="Add tag" look=ButtonLook::Primary size=ControlSize::Small submits=true busy=adding.busy disabled=off on_press=|()| ()/>
                <Button label="Cancel" look=ButtonLook::Quiet size=ControlSize::Small on_press=move |()| adding.give_up()/>
            </div>
        </form>
    }
}

/// Why it failed; what was typed stays.
#[component]
fn Failure(adding: Adding) -> impl IntoView {
    let force = move || {
        adding.refused.get().then(|| {
            view! { <CheckField label="Force: go past the server's safety rule" value=adding.force/> }
        })
    };
    view! {
        <div role="alert">
            {move || adding.error.get().map(|error| view! {
                <Note tone=Tone::Bad>{format!("{}: {}", error.title, error.message)}</Note>
            })}
        </div>
        {force}
    }
}

fn send(live: &Live, adding: Adding, vm: VmId) {
    let tag = adding.value.get_untracked().trim().to_owned();
    let (live, force) = (live.clone(), adding.force.get_untracked());
    adding.busy.set(true);
    adding.error.set(None);
    spawn::action(async move {
        let answer = live
            .actions
            .add_tag(vm, tag.clone(), force, Failures::Caller)
            .await;
        // All of it may be gone by now.
        let _ = adding.busy.try_set(false);
        match answer {
            Some(Err(error)) => {
                let title = format!("The tag {tag} could not be added");
                let _ = adding.refused.try_set(error.kind == ErrorKind::SafeMode);
                let view = error_view(&title, &error, live.clock.now());
                if adding.error.try_set(Some(view)).is_some() {
                    live.notices
                        .push(Notice::failed(title, &error).vm(Some(vm)));
                }
            }
            Some(Ok(())) | None => adding.give_up(),
        }
    });
}
