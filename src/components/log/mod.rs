//! The log of a task: follows its end, is searched, wrapped, copied and saved. Only the lines in
//! sight are in the document.

mod find;
mod lines;
mod state;

use super::button::{Button, ButtonLook, ControlSize};
use super::icon::IconName;
use super::text::CopyButton;
use crate::domain::log::Log;
use find::Find;
use leptos::prelude::*;
use lines::Lines;
use state::{Follow, State};
use std::sync::Arc;

/// A log with its tools. The frame's `/` finds the search box by `data-search`.
#[component]
pub fn LogView(
    /// Name: "Task log".
    #[prop(into)]
    label: Signal<String>,
    /// The lines; grows, and keeps what it has.
    log: Signal<Arc<Log>>,
    /// Whether long lines are wrapped.
    #[prop(into)]
    wrap: Signal<bool>,
    /// The person wants it otherwise.
    on_wrap: Callback<bool>,
    /// Saves the whole log as a file.
    on_save: Callback<()>,
    /// That is under way.
    #[prop(into)]
    saving: Signal<bool>,
) -> impl IntoView {
    let state = State::new(log, wrap);
    let following = Signal::derive(move || state.follow.get() == Follow::On);
    let words = Signal::derive(move || if following.get() { "Pause" } else { "Follow" }.to_owned());
    let picture = Signal::derive(move || {
        if following.get() {
            IconName::Pause
        } else {
            IconName::ArrowDown
        }
    });
    let turn = Callback::new(move |()| {
        if following.get_untracked() {
            state.hold(Follow::Paused);
        } else {
            state.go_on();
        }
    });
    let toggle_wrap = Callback::new(move |()| on_wrap.run(!wrap.get_untracked()));
    let text = Signal::derive(move || log.with(|log| log.text()));
    let cut = move || {
        let cut = log.with(|log| log.cut());
        (cut > 0).then(|| {
            view! { <p class="log-cut">{format!("{cut} earlier lines stand in the download alone.")}</p> }
        })
    };
    let news = Memo::new(move |_| state.news());
    let pill = Signal::derive(move || match news.get() {
        1 => "1 new line".to_owned(),
        count => format!("{count} new lines"),
    });
    let go_on = Callback::new(move |()| state.go_on());
    view! {
        <div class="log">
            <div class="log-bar">
                <Find state=state/>
                <div class="log-tools">
                    <Button label="Wrap" pressed=wrap look=ButtonLook::Quiet size=ControlSize::Small on_press=toggle_wrap/>
                    <Button label=words icon=picture look=ButtonLook::Quiet size=ControlSize::Small on_press=turn/>
                    <Button
                        label="Download"
                        icon=IconName::Download
                        look=ButtonLook::Quiet
                        size=ControlSize::Small
                        busy=saving
                        on_press=on_save
                    />
                    <CopyButton text=text what="log"/>
                </div>
            </div>
            {cut}
            <div class="log-frame">
                <Lines label=label state=state/>
                {move || (news.get() > 0).then(|| view! {
                    <div class="log-news">
                        <Button label=pill icon=IconName::ArrowDown size=ControlSize::Small on_press=go_on/>
                    </div>
                })}
            </div>
        </div>
    }
}
