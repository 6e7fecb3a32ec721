//! `GET /ws/console/{place}/{ticket}`: the line to a guest.

use super::App;
use crate::domain::console::ConsoleKind;
use crate::sim::console::{self, Broken, Rfb, Terminal, Ticket};
use crate::sim::http::decode;
use crate::sim::noise::hash;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How often a guest is looked at for what is new, real time.
const LOOK: Duration = Duration::from_millis(40);

/// One line.
enum Line {
    Screen(Box<Rfb>),
    Text(Terminal),
}

pub async fn answer(app: &App, rest: &str, request: Request) -> Response {
    let Some((place, text)) = rest.split_once('/') else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (place, text) = (decode(place).into_owned(), decode(text).into_owned());
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    // Taken only now: what was no socket has not used the ticket up.
    let admitted = app.with(|inner| {
        let world = inner.sim.world_mut();
        let ticket = world.consoles.redeem(&text, &place, world.now);
        (
            ticket,
            console::listens(world, &place),
            world.settings.shipped,
            world.consoles.silent,
        )
    });
    // As shipped the proxy agrees on no subprotocol, and browsers take none for a refusal.
    let upgrade = match admitted {
        (_, _, true, _) => upgrade,
        _ => upgrade.protocols(["binary"]),
    };
    match admitted {
        (None, ..) => (
            StatusCode::UNAUTHORIZED,
            "The ticket is unknown, used or expired\n",
        )
            .into_response(),
        // As a proxy does that finds nobody behind it.
        (_, false, ..) => upgrade.on_upgrade(|mut socket| async move {
            let _ = socket.send(Message::Close(None)).await;
        }),
        (_, _, _, true) => upgrade
            .on_upgrade(|mut socket| async move { while let Some(Ok(_)) = socket.recv().await {} }),
        (Some(_), _, true, _) => upgrade.on_upgrade(move |socket| echo(socket, place)),
        (Some(ticket), ..) => {
            let app = app.clone();
            upgrade.on_upgrade(move |socket| converse(app, socket, ticket))
        }
    }
}

/// As shipped, the proxy greets and echoes, and does nothing else (divergence 37).
async fn echo(mut socket: WebSocket, place: String) {
    let hello = format!("Console proxy for VM {place} connected");
    if socket.send(Message::text(hello)).await.is_err() {
        return;
    }
    while let Some(Ok(message)) = socket.recv().await {
        if matches!(message, Message::Close(_)) || socket.send(message).await.is_err() {
            return;
        }
    }
}

async fn converse(app: App, mut socket: WebSocket, ticket: Ticket) {
    let mut cuts = app.cuts.subscribe();
    // Counted for as long as it lives, however it ends.
    let _open = app.lines.subscribe();
    let begun = app.with(|inner| {
        let world = inner.sim.world_mut();
        let (name, started) = console::running(world, &ticket.place)?;
        let luck = hash(world.seed, ticket.until.cast_unsigned() ^ 0x9e37);
        let mut challenge = [0; 16];
        challenge[..8].copy_from_slice(&luck.to_be_bytes());
        challenge[8..].copy_from_slice(&hash(luck, 2).to_be_bytes());
        let line = console::with_guest(world, &ticket.place, |guest| match ticket.kind {
            ConsoleKind::Serial => (
                Line::Text(Terminal::new(&ticket.text, place_is_node(&ticket))),
                Vec::new(),
            ),
            _ => {
                let (line, hello) = Rfb::new(&ticket.password, challenge, &name, guest);
                (Line::Screen(Box::new(line)), hello)
            }
        })?;
        Some((line, started))
    });
    let Some(((mut line, hello), started)) = begun else {
        return;
    };
    if !hello.is_empty() && socket.send(Message::binary(hello)).await.is_err() {
        return;
    }
    let mut looks = tokio::time::interval(LOOK);
    loop {
        let came = tokio::select! {
            _ = looks.tick() => Vec::new(),
            _ = cuts.changed() => return,
            message = socket.recv() => match message {
                Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            }
        };
        let said = app.with(|inner| {
            let world = inner.sim.world_mut();
            // Started anew since, or off: whoever looked at the old one sees no more.
            console::running(world, &ticket.place)
                .filter(|(_, now)| *now == started || place_is_node(&ticket))?;
            console::with_guest(world, &ticket.place, |guest| match &mut line {
                Line::Screen(line) => line.receive(&came, guest).map(|mut out| {
                    out.extend(line.news(guest));
                    out
                }),
                Line::Text(line) => line.receive(&came, guest).map_err(Broken),
            })
        });
        let (out, ends) = match said {
            None => return,
            Some(Ok(out)) => (out, false),
            Some(Err(Broken(last))) => (last, true),
        };
        if !out.is_empty() && socket.send(Message::binary(out)).await.is_err() {
            return;
        }
        if ends {
            let _ = socket.send(Message::Close(None)).await;
            return;
        }
    }
}

fn place_is_node(ticket: &Ticket) -> bool {
    ticket.place.parse::<u32>().is_err()
}
