//! Faults on purpose: what goes wrong with which requests.

use super::http::{Body, Breaks, Request, Response, matches_pattern};
use super::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// Only a status (with `status`) or a delay (without).
    #[default]
    Status,
    /// A body that is no JSON.
    Malformed,
    /// The first half of the body, as if that were all.
    Truncated,
    /// The first half of the body, then the connection breaks.
    Cut,
    /// The connection breaks before the first byte.
    Reset,
    /// No body.
    Empty,
    /// A page of some proxy.
    Html,
    /// 429 with `Retry-After`; with `perMinute` only beyond so many requests.
    Rate,
}

/// A fault: `{"path": "/api/v1/vms/*/start", "method": "POST", "status": 500, "times": 1}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Fault {
    /// Pattern of the path below the base path, `*` for any run of characters; with a `?` in it
    /// the query is compared as well.
    pub path: String,
    /// Method; any when absent.
    pub method: Option<String>,
    /// Status that is answered instead.
    pub status: Option<u16>,
    /// Body that is answered instead: JSON, or text as it is.
    pub body: Option<Value>,
    /// Milliseconds of real time before the answer.
    pub delay_ms: u64,
    /// What goes wrong.
    pub kind: FaultKind,
    /// Probability, 0 to 1; 1 when absent.
    pub rate: Option<f64>,
    /// How many times; for ever when absent.
    pub times: Option<u32>,
    /// Seconds in `Retry-After`.
    pub retry_after: Option<u32>,
    /// Requests per simulated minute that `rate` lets through.
    pub per_minute: Option<u32>,
    /// The request is carried out although its answer goes wrong.
    pub after: bool,
    #[serde(skip)]
    seen: Vec<i64>,
}

impl Fault {
    /// From the command line: JSON, or `GET /api/v1/vms status=503 times=2 delay=300 kind=reset
    /// rate=0.5 retry-after=2 per-minute=60 after body=…`.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with('{') {
            return serde_json::from_str(text).map_err(|error| error.to_string());
        }
        let mut fault = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let bad = |what: &str| format!("{word}: {what} expected");
            match name {
                _ if word.starts_with('/') || word.starts_with('*') => {
                    word.clone_into(&mut fault.path);
                }
                "GET" | "POST" | "PUT" | "DELETE" | "PATCH" => fault.method = Some(name.to_owned()),
                "status" => fault.status = Some(value.parse().map_err(|_| bad("a number"))?),
                "delay" => fault.delay_ms = value.parse().map_err(|_| bad("milliseconds"))?,
                "times" => fault.times = Some(value.parse().map_err(|_| bad("a number"))?),
                "rate" => fault.rate = Some(value.parse().map_err(|_| bad("0 to 1"))?),
                "retry-after" => {
                    fault.retry_after = Some(value.parse().map_err(|_| bad("seconds"))?);
                }
                "per-minute" => {
                    fault.per_minute = Some(value.parse().map_err(|_| bad("a number"))?);
                }
                "after" => fault.after = true,
                "kind" => {
                    fault.kind = serde_json::from_value(Value::from(value)).map_err(|_| {
                        bad("status, malformed, truncated, cut, reset, empty, html or rate")
                    })?;
                }
                "body" => {
                    let rest: Vec<&str> = std::iter::once(value).chain(words.by_ref()).collect();
                    fault.body = Some(
                        serde_json::from_str(&rest.join(" "))
                            .unwrap_or_else(|_| rest.join(" ").into()),
                    );
                }
                _ => return Err(format!("{word}: not understood")),
            }
        }
        if fault.path.is_empty() {
            return Err("a path such as /api/v1/vms is missing".to_owned());
        }
        Ok(fault)
    }

    fn concerns(&self, request: &Request) -> bool {
        let text = if self.path.contains('?') {
            &request.target
        } else {
            request.path()
        };
        self.times != Some(0)
            && self
                .method
                .as_ref()
                .is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && matches_pattern(&self.path, text)
    }

    /// Whether it delays and does no more.
    #[must_use]
    pub fn only_delays(&self) -> bool {
        self.kind == FaultKind::Status && self.status.is_none() && self.body.is_none()
    }

    /// Whether the request is carried out.
    #[must_use]
    pub const fn lets_through(&self) -> bool {
        match self.kind {
            _ if self.after => true,
            FaultKind::Status => self.status.is_none(),
            FaultKind::Malformed | FaultKind::Truncated | FaultKind::Cut | FaultKind::Empty => {
                self.status.is_none()
            }
            FaultKind::Reset | FaultKind::Html | FaultKind::Rate => false,
        }
    }

    /// Spoils an answer (or makes one, where the request was not carried out).
    #[must_use]
    pub fn spoil(&self, mut answer: Response, path: &str, now: i64) -> Response {
        let instant = crate::domain::units::Instant::from_millis(now);
        if let (FaultKind::Status, Some(status)) = (self.kind, self.status) {
            let code = match status {
                401 => "UNAUTHORIZED",
                403 => "FORBIDDEN",
                404 => "NOT_FOUND",
                409 => "CONFLICT",
                429 => "RATE_LIMITED",
                503 => "SERVICE_UNAVAILABLE",
                504 => "GATEWAY_TIMEOUT",
                _ => "INTERNAL_ERROR",
            };
            answer = Refusal::new(status, code, "The simulator was told to fail here")
                .answer(path, instant);
        }
        match self.kind {
            FaultKind::Status => {}
            FaultKind::Malformed => answer.body = Body::Own("{\"data\": [oops".to_owned()),
            FaultKind::Truncated => {
                let text = answer.body.as_str();
                let half = (0..=text.len() / 2)
                    .rev()
                    .find(|at| text.is_char_boundary(*at));
                answer.body = Body::Own(text[..half.unwrap_or(0)].to_owned());
            }
            FaultKind::Cut => answer.mishap.breaks = Breaks::Midway,
            FaultKind::Reset => answer.mishap.breaks = Breaks::Before,
            FaultKind::Empty => answer.body = Body::Own(String::new()),
            FaultKind::Html => {
                answer = Response::json(502, "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>".to_owned());
                answer.headers = vec![("Content-Type", "text/html".to_owned())];
            }
            FaultKind::Rate => {
                answer =
                    Refusal::new(429, "RATE_LIMITED", "Too many requests").answer(path, instant);
                answer
                    .headers
                    .push(("Retry-After", self.retry_after.unwrap_or(1).to_string()));
            }
        }
        if let Some(status) = self.status {
            answer.status = status;
        }
        if let Some(body) = &self.body {
            answer.body = Body::Own(
                body.as_str()
                    .map_or_else(|| body.to_string(), ToOwned::to_owned),
            );
        }
        if let (Some(secs), None) = (self.retry_after, answer.header("Retry-After")) {
            answer.headers.push(("Retry-After", secs.to_string()));
        }
        answer.mishap.delay_ms = self.delay_ms;
        answer
    }
}

/// The fault that strikes a request, if one does; its count goes down.
pub fn strike(
    faults: &mut [Fault],
    request: &Request,
    now: i64,
    rng: &mut fastrand::Rng,
) -> Option<Fault> {
    let fault = faults.iter_mut().find(|fault| fault.concerns(request))?;
    if let Some(most) = fault.per_minute {
        fault.seen.retain(|at| *at > now - 60_000);
        fault.seen.push(now);
        if fault.seen.len() <= most as usize {
            return None;
        }
    }
    if fault.rate.is_some_and(|rate| rng.f64() >= rate) {
        return None;
    }
    if let Some(times) = &mut fault.times {
        *times -= 1;
    }
    Some(fault.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_both_spellings() {
        let short =
            Fault::parse("POST /api/v1/vms/*/start status=500 times=2 delay=30 rate=0.5").unwrap();
        let long = Fault::parse(
            r#"{"path":"/api/v1/vms/*/start","method":"POST","status":500,"times":2,"delayMs":30,"rate":0.5}"#,
        )
        .unwrap();
        assert_eq!(short, long);
        let body = Fault::parse("/x kind=reset body={\"a\": 1}").unwrap();
        assert_eq!(body.body, Some(serde_json::json!({"a": 1})));
        assert!(Fault::parse("GET status=1").is_err());
        assert!(Fault::parse("/x kind=explode").is_err());
        assert!(Fault::parse("{\"pth\":\"/x\"}").is_err());
    }
}
