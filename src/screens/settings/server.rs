//! Which server, how often it is asked, and with which key.

use crate::components::{
    Button, ButtonLook, Card, Fact, Facts, NumberField, NumberRange, TextField, TextKind,
};
use crate::domain::unsaved::listed;
use crate::paths;
use crate::screens::unsaved::guard;
use crate::stores::prefs::{POLL_SECONDS, SERVER_URL};
use crate::stores::use_live;
use leptos::prelude::*;

/// Why an address cannot be a server's; empty is "as installed".
fn check_url(text: &str) -> Result<Option<String>, String> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let url = web_sys::Url::new(text)
        .map_err(|_| "Not an address: begin with https:// or http://".to_owned())?;
    if !matches!(url.protocol().as_str(), "https:" | "http:") {
        return Err("Only https and http".to_owned());
    }
    if !url.username().is_empty() || !url.password().is_empty() {
        return Err("No user or password in the address".to_owned());
    }
    if !url.search().is_empty() || !url.hash().is_empty() {
        return Err("Without ? and #".to_owned());
    }
    Ok(Some(text.to_owned()))
}

/// The connection to the server.
#[component]
pub fn Server() -> impl IntoView {
    let live = use_live();
    let installed = match live.config.server_url.as_str() {
        "" => "Where the console itself comes from".to_owned(),
        url => url.to_owned(),
    };
    let kept = live.prefs.peek(&SERVER_URL).unwrap_or_default();
    let url = RwSignal::new(kept.clone());
    let url_problem = RwSignal::new(None::<String>);
    let poll = RwSignal::new(
        live.prefs
            .peek(&POLL_SECONDS)
            .map(|secs| secs.to_string())
            .unwrap_or_default(),
    );
    let poll_problem = RwSignal::new(None::<String>);
    let saved = RwSignal::new(String::new());
    let (kept_url, kept_poll) = (
        live.prefs.signal(&SERVER_URL),
        live.prefs.signal(&POLL_SECONDS),
    );
    let what = move || {
        let address = kept_url.get().unwrap_or_default();
        let secs = kept_poll
            .get()
            .map(|secs| secs.to_string())
            .unwrap_or_default();
        let parts = [
            (url.with(|url| url.trim() != address), "the server address"),
            (poll.with(|poll| poll.trim() != secs), "the poll interval"),
        ];
        let typed = parts.into_iter().filter(|(typed, _)| *typed);
        let names: Vec<String> = typed.map(|(_, name)| name.to_owned()).collect();
        (!names.is_empty()).then(|| listed(&names))
    };
    guard(Signal::derive(what), Some(paths::settings()));
    let usual = live.config.poll_interval_seconds;

    let save = {
        let live = live.clone();
        Callback::new(move |()| {
            let address = url.with_untracked(|url| check_url(url));
            let text = poll.with_untracked(|poll| poll.trim().to_owned());
            let secs = match text.parse::<u32>() {
                _ if text.is_empty() => Ok(None),
                Ok(secs @ 2..=3600) => Ok(Some(secs)),
                _ => Err("A whole number of seconds from 2 to 3600".to_owned()),
            };
            url_problem.set(address.clone().err());
            poll_problem.set(secs.clone().err());
            let (Ok(address), Ok(secs)) = (address, secs) else {
                return;
            };
            live.prefs.set(&POLL_SECONDS, &secs);
            live.repace();
            let moved = address.clone().unwrap_or_default() != kept;
            live.prefs.set(&SERVER_URL, &address);
            if moved {
                // The stores hold what the other server said: begin anew.
                let _ = window().location().reload();
            } else {
                saved.set("Saved".to_owned());
            }
        })
    };
    view! {
        <Card title="Server">
            <div class="form">
                <TextField
                    label="Server address"
                    kind=TextKind::Url
                    value=url
                    optional=true
                    placeholder=installed
                    help="Empty: as installed. The console reloads when it changes; the API key is kept for each address apart."
                    error=url_problem
                />
                <NumberField
                    label="Poll interval"
                    value=poll
                    range=Signal::stored(NumberRange::new(2.0, 3600.0))
                    unit="s"
                    optional=true
                    placeholder=usual.to_string()
                    help="How often the server is asked while nothing changes and no live updates arrive"
                    error=poll_problem
                />
                <div class="btn-row">
                    <Button label="Save" look=ButtonLook::Primary on_press=save/>
                    <span role="status" class="quiet">{move || saved.get()}</span>
                </div>
                <Key/>
            </div>
        </Card>
    }
}

/// Whether a key is in use, where it is kept, and a way to forget it.
#[component]
fn Key() -> impl IntoView {
    let live = use_live();
    let signed_in = live.session.is_signed_in();
    let session = live.session.clone();
    let state = move || match (signed_in.get(), session.is_remembered()) {
        (false, _) => "None in use",
        (true, true) => "In use, kept on this device",
        (true, false) => "In use, kept for this tab",
    };
    let leave = Callback::new(move |()| live.sign_out());
    let reason =
        Signal::derive(move || (!signed_in.get()).then(|| "No API key is in use".to_owned()));
    view! {
        <Facts>
            <Fact label="API key">{state}</Fact>
        </Facts>
        <div class="btn-row">
            <Button label="Sign out" disabled=reason on_press=leave/>
        </div>
    }
}
