//! `GET /api/v1/events`.

use super::{App, deliver, plain};
use crate::sim::http::Query;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// Seconds between pings.
const PING: Duration = Duration::from_secs(15);

/// The protocol that both speak.
const PROTOCOL: &str = "moxxie.v1";

/// Decodes base64url, padded or not; `None` where it is none.
fn base64url(text: &str) -> Option<String> {
    let mut bits = 0_u32;
    let mut held = 0_u32;
    let mut bytes = Vec::new();
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8(bytes).ok()
}

/// The key that a browser sends as subprotocol `moxxie.key.BASE64URL`.
fn key_of(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|protocol| base64url(protocol.trim().strip_prefix("moxxie.key.")?))
}

pub async fn answer(app: &App, target: String, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let mut asked = plain(target, &parts.method, &parts.headers, String::new());
    if let Some(key) = key_of(&parts.headers) {
        asked.headers.push(("X-API-Key".to_owned(), key));
    }
    let query = asked.query();
    let admitted = app.with(|inner| {
        if inner.refuse_sockets {
            return Err(None);
        }
        inner.sim.admit_socket(&asked).map_err(Some)
    });
    match admitted {
        Err(None) => {
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                "Sockets are refused on purpose\n",
            )
                .into_response();
        }
        Err(Some(refused)) => return deliver(refused, None).await,
        Ok(delay) => tokio::time::sleep(Duration::from_millis(delay)).await,
    }
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Err(rejection) => rejection.into_response(),
        Ok(upgrade) => {
            let app = app.clone();
            upgrade
                .protocols([PROTOCOL])
                .on_upgrade(move |socket| converse(app, socket, query))
        }
    }
}

/// Says hello, what was missed, then what happens, until either side goes.
async fn converse(app: App, mut socket: WebSocket, query: Query) {
    let mut news = app.news.subscribe();
    let mut cuts = app.cuts.subscribe();
    let topics: Vec<String> = query.list("topics").map(ToOwned::to_owned).collect();
    let (hello, seq) = app.with(|inner| (inner.sim.aside("hello"), inner.sim.seq()));
    let mut seen = query
        .get("since")
        .and_then(|since| since.parse().ok())
        .unwrap_or(seq);
    if socket.send(Message::text(hello)).await.is_err() {
        return;
    }
    let mut pings = tokio::time::interval_at(tokio::time::Instant::now() + PING, PING);
    loop {
        let (frames, now_seen) = app.with(|inner| {
            let since = inner.sim.events(seen);
            let frames: Vec<String> = if since.gap {
                vec![inner.sim.aside("gap")]
            } else {
                since
                    .events
                    .iter()
                    .filter(|event| {
                        topics.is_empty()
                            || topics.iter().any(|topic| topic == event.topic.as_str())
                    })
                    .map(|event| event.frame.clone())
                    .collect()
            };
            (frames, since.seq)
        });
        seen = now_seen;
        for frame in frames {
            if socket.send(Message::text(frame)).await.is_err() {
                return;
            }
        }
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return },
            // Dropped without a word, as a dying proxy would.
            _ = cuts.changed() => return,
            _ = pings.tick() => {
                let ping = app.with(|inner| inner.sim.aside("ping"));
                if socket.send(Message::text(ping)).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(base64url("c2VjcmV0").as_deref(), Some("secret"));
        assert_eq!(base64url("c2VjcmV0IQ==").as_deref(), Some("secret!"));
        assert_eq!(base64url("a b"), None);
    }
}
