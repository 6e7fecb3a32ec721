use super::Part;
use crate::components::{ActionMenu, ButtonLook, IconName, MenuButton, MenuItem};
use crate::domain::place::Edge;
use leptos::prelude::*;
use std::time::Duration;

fn items(done: RwSignal<String>, turn: u32) -> Vec<MenuItem> {
    let act = move |word: &'static str| move || done.set(word.to_owned());
    vec![
        MenuItem::new("shutdown", "Shut down", act("shut down")).icon(IconName::Power),
        MenuItem::new("reboot", "Reboot", act("reboot")).icon(IconName::Refresh),
        MenuItem::new("stop", "Stop", act("stop"))
            .icon(IconName::Square)
            .hint(format!("{turn} s")),
        MenuItem::new("resume", "Resume", act("resume"))
            .icon(IconName::Play)
            .disabled(Some("web-server-01 is not paused".to_owned())),
        MenuItem::link("open", "Open console", "#menus").icon(IconName::Console),
        MenuItem::new("delete", "Delete VM", act("delete"))
            .icon(IconName::Trash)
            .danger(),
    ]
}

/// Menus; the labels change each second to show that an open menu survives it.
#[component]
pub(super) fn Menus() -> impl IntoView {
    let done = RwSignal::new(String::new());
    let turn = RwSignal::new(0_u32);
    if let Ok(timer) = set_interval_with_handle(
        move || turn.update(|turn| *turn += 1),
        Duration::from_secs(1),
    ) {
        on_cleanup(move || timer.clear());
    }
    let list = Signal::derive(move || items(done, turn.get()));
    let primary = Signal::derive(move || {
        MenuItem::new("start", "Start VM", move || done.set("start".into())).icon(IconName::Play)
    });
    let off = Signal::derive(move || {
        MenuItem::new("start", "Start VM", || ())
            .icon(IconName::Play)
            .disabled(Some("web-server-01 runs already".to_owned()))
    });
    let picked = RwSignal::new(vec!["running"]);
    let filter = Signal::derive(move || {
        ["running", "stopped", "paused", "error"]
            .map(|word| {
                let flip = move || {
                    picked.update(
                        |picked| match picked.iter().position(|other| *other == word) {
                            Some(at) => drop(picked.remove(at)),
                            None => picked.push(word),
                        },
                    );
                };
                MenuItem::new(word, word, flip)
                    .checked(picked.with(|picked| picked.contains(&word)))
                    .hint("12")
            })
            .to_vec()
    });
    view! {
        <Part id="menus" title="Menus">
            <div class="btn-row">
                <ActionMenu primary=primary items=list label="More actions of web-server-01" look=ButtonLook::Primary/>
                <ActionMenu primary=off items=list label="More actions of web-server-02"/>
                <MenuButton label="Status" items=filter/>
                <MenuButton label="More actions" icon=IconName::Dots icon_only=true items=list edge=Edge::End/>
                <span class="quiet" role="status">{move || done.get()}</span>
            </div>
        </Part>
    }
}
