//! `/_sim/…`: what tests need and no server has. Bodies and answers are JSON.
//!
//! - `POST reset`: begins anew; `{scenario, vms, seed, speed, apiKey, readOnly, safeMode, contract}`
//!   replace what the command line said. Sockets are dropped, as by a restart.
//! - `POST restart`: the server starts anew as it is: its tasks and events are forgotten, sockets are
//!   dropped, and what was under way goes on.
//! - `GET state`: simulated time, speed, number of the last event.
//! - `POST advance {seconds}`, `POST clock {speed}`: time; speed 0 stops it.
//! - `GET|POST|DELETE faults`: see [`Fault`]; a POST replaces all.
//! - `GET|DELETE requests`: everything asked for under `/api`, with body and status.
//! - `POST vm/{id}`, `node/{name}`, `storage/{name}`: changes fields behind the console's back.
//! - `POST backup/{volid}`, percent-encoded: the same of a backup: `damaged`, `protected`, `notes`,
//!   `ctime`, `size`, `verification`, `config`; with `vmid` it is added, with `gone` it is lost.
//! - `POST task {type, id, node, user, seconds, filler, progress, lines, end}`: a task of somebody
//!   else; with `upid` one gets on.
//! - `POST hostile`: markup in every text of the cluster.
//! - `POST console/expire {next}`: all tickets end, and as many of the coming ones; `console/drop`:
//!   their lines, and the event sockets, are cut; `console/silent {on}`: coming lines are taken and
//!   nothing is said on them; `console/copy {place, text}`: a text on a guest's clipboard;
//!   `console/keyboard {place, layout}`: `us`, `gb`, `de` or `fr`, by which a guest makes letters of
//!   places; `GET console/{place}`: what a guest shows, and what it was given to paste.
//! - `POST socket/drop`, `POST socket/refuse {on}`: event sockets.

use super::{App, Inner};
use crate::sim::Fault;
use crate::sim::console::{Guest, Keyboard, with_guest};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

type Done = Result<Value, String>;

/// What came wrong is answered with 400 and one line.
fn reply(done: Done) -> Response {
    match done {
        Ok(value) => (
            [(header::CONTENT_TYPE, "application/json")],
            value.to_string(),
        )
            .into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response(),
    }
}

pub async fn answer(app: &App, path: &str, request: Request) -> Response {
    let method = request.method().clone();
    let Ok(bytes) = axum::body::to_bytes(request.into_body(), 1 << 20).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let body: Value = if bytes.is_empty() {
        Value::Null
    } else {
        match serde_json::from_slice(&bytes) {
            Ok(body) => body,
            Err(error) => return reply(Err(format!("The body is no JSON: {error}"))),
        }
    };
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let done = match (&method, parts.as_slice()) {
        (&Method::GET, ["state"]) => Ok(app.with(|inner| {
            json!({
                "now": inner.sim.now().to_iso(),
                "speed": inner.options.speed,
                "seq": inner.sim.seq(),
                "requests": inner.sim.requests().len(),
                "sockets": app.cuts.receiver_count(),
                "lines": app.lines.receiver_count(),
            })
        })),
        (&Method::POST, ["hostile"]) => {
            app.with(|inner| inner.sim.make_hostile());
            Ok(json!({}))
        }
        (&Method::POST, ["reset"]) => {
            let done = app.with(|inner| reset(inner, &body));
            app.cuts.send_modify(|cuts| *cuts += 1);
            done
        }
        (&Method::POST, ["restart"]) => {
            app.with(|inner| inner.sim.restart());
            app.cuts.send_modify(|cuts| *cuts += 1);
            Ok(json!({}))
        }
        (&Method::GET, ["faults"]) => Ok(app.with(|inner| json!(inner.sim.faults()))),
        (&Method::POST | &Method::PUT, ["faults"]) => faults(&body).map(|faults| {
            app.with(|inner| inner.sim.set_faults(faults));
            json!({})
        }),
        (&Method::DELETE, ["faults"]) => {
            app.with(|inner| inner.sim.set_faults(Vec::new()));
            Ok(json!({}))
        }
        (&Method::POST, ["advance"]) => body
            .get("seconds")
            .and_then(Value::as_f64)
            .filter(|seconds| (0.0..=1e9).contains(seconds))
            .ok_or_else(|| "{\"seconds\": number} is expected".to_owned())
            .map(|seconds| {
                app.with(|inner| {
                    inner.sim.advance(Duration::from_secs_f64(seconds));
                    json!({"now": inner.sim.now().to_iso()})
                })
            }),
        (&Method::POST, ["clock"]) => body
            .get("speed")
            .and_then(Value::as_f64)
            .filter(|speed| (0.0..=1e6).contains(speed))
            .ok_or_else(|| "{\"speed\": number} is expected".to_owned())
            .map(|speed| {
                app.with(|inner| inner.options.speed = speed);
                json!({"speed": speed})
            }),
        (&Method::POST, ["task"]) => app
            .with(|inner| inner.sim.task(&body))
            .map(|upid| json!({"upid": upid})),
        (&Method::POST, ["socket" | "console", "drop"]) => {
            app.cuts.send_modify(|cuts| *cuts += 1);
            Ok(json!({}))
        }
        (_, ["console", rest @ ..]) => match console(app, &method, rest, &body) {
            Some(done) => done,
            None => return unknown(),
        },
        (&Method::POST, ["socket", "refuse"]) => {
            let on = body.get("on").and_then(Value::as_bool).unwrap_or(true);
            app.with(|inner| inner.refuse_sockets = on);
            Ok(json!({"on": on}))
        }
        (&Method::GET, ["requests"]) => Ok(app.with(|inner| json!(inner.sim.requests()))),
        (&Method::DELETE, ["requests"]) => {
            app.with(|inner| inner.sim.forget_requests());
            Ok(json!({}))
        }
        (&Method::POST, [what @ ("vm" | "node" | "storage" | "backup"), name]) => app
            .with(|inner| {
                inner
                    .sim
                    .patch(what, &crate::sim::http::decode(name), &body)
            })
            .map(|()| json!({})),
        _ => return unknown(),
    };
    reply(done)
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "No such control\n").into_response()
}

/// Controls of the consoles; `None`: there is no such control.
fn console(app: &App, method: &Method, rest: &[&str], body: &Value) -> Option<Done> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    Some(match (method, rest) {
        (&Method::POST, ["expire"]) => {
            let next = body.get("next").and_then(Value::as_u64).unwrap_or_default();
            app.with(|inner| inner.sim.world_mut().consoles.expire(next));
            Ok(json!({}))
        }
        (&Method::POST, ["silent"]) => {
            let on = body.get("on").and_then(Value::as_bool).unwrap_or(true);
            app.with(|inner| inner.sim.world_mut().consoles.silent = on);
            Ok(json!({"on": on}))
        }
        (&Method::POST, ["keyboard"]) => keyboard(app, text("place"), text("layout")),
        (&Method::POST, ["copy"]) => {
            let copied = text("text").to_owned();
            at_guest(app, text("place"), |guest| guest.copy(copied)).map(|()| json!({}))
        }
        (&Method::GET, [place]) => at_guest(
            app,
            place,
            |guest| json!({"screen": guest.screen.text(), "pasted": guest.pasted()}),
        ),
        _ => return None,
    })
}

/// What is done at a guest that runs.
fn at_guest<T>(app: &App, place: &str, work: impl FnOnce(&mut Guest) -> T) -> Result<T, String> {
    app.with(|inner| with_guest(inner.sim.world_mut(), place, work))
        .ok_or_else(|| format!("{place}: nothing runs there"))
}

/// The layout of a guest's keyboard.
fn keyboard(app: &App, place: &str, layout: &str) -> Done {
    let keyboard = Keyboard::of(layout).ok_or_else(|| format!("{layout}: no such layout"))?;
    at_guest(app, place, |guest| guest.set_keyboard(keyboard)).map(|()| json!({}))
}

/// One fault, or a list of them; JSON or the short spelling of the command line.
fn faults(body: &Value) -> Result<Vec<Fault>, String> {
    let one = |value: &Value| match value.as_str() {
        Some(text) => Fault::parse(text),
        None => Fault::parse(&value.to_string()),
    };
    match body {
        Value::Array(list) => list.iter().map(one).collect(),
        Value::Null => Ok(Vec::new()),
        other => one(other).map(|fault| vec![fault]),
    }
}

/// Begins anew as the command line said, or as the body says where it says otherwise: `scenario`,
/// `vms`, `seed`, `speed`, `apiKey`, `readOnly`, `safeMode`, `contract`.
fn reset(inner: &mut Inner, body: &Value) -> Done {
    let mut options = inner.options.clone();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let count = |name: &str| body.get(name).and_then(Value::as_u64);
    match (text("scenario"), count("vms")) {
        (Some("guide"), _) => options.fleet = None,
        (Some("fleet") | None, Some(vms)) => {
            options.fleet = Some(u32::try_from(vms).map_err(|_| "too many VMs")?);
        }
        (Some("fleet"), None) => options.fleet = Some(options.fleet.unwrap_or(1_000)),
        (Some(other), _) => return Err(format!("{other}: guide or fleet expected")),
        (None, None) => {}
    }
    if let Some(seed) = count("seed") {
        options.seed = seed;
    }
    if let Some(speed) = body.get("speed").and_then(Value::as_f64) {
        options.speed = speed.max(0.0);
    }
    if let Some(key) = body.get("apiKey") {
        options.settings.api_key = key.as_str().map(ToOwned::to_owned);
    }
    if let Some(read_only) = body.get("readOnly").and_then(Value::as_bool) {
        options.settings.read_only = read_only;
    }
    if let Some(mode) = text("safeMode") {
        options.settings.safe_mode = ["off", "audit", "permissive", "strict"]
            .into_iter()
            .find(|known| *known == mode)
            .ok_or_else(|| format!("{mode}: off, audit, permissive or strict expected"))?;
    }
    if let Some(contract) = text("contract") {
        options.settings.shipped = contract == "server";
    }
    inner.sim = options.build();
    inner.options = options;
    inner.refuse_sockets = false;
    inner.ticked = Instant::now();
    Ok(json!({"now": inner.sim.now().to_iso()}))
}
