//! The one way to the server: address, key, deadline, retries, error mapping.

use super::answer::Answer;
pub(super) use super::call::Call;
use super::error::{ApiError, ErrorKind};
use super::error_from::{CallId, shown_path};
use super::retry;
use super::skew::Skew;
use super::transport::{KEY_HEADER, Method, Request, Response, Transport};
use crate::domain::units::Instant;
use futures_util::future::{Either, select};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Which contract the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Contract {
    /// The UI guide's, completed.
    #[default]
    Guide,
    /// The server's as shipped.
    Server,
}

/// Where the server is and how patient to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    /// What stands before `/api/v1`: empty for the page's own origin, a path
    /// (`/portal/moxxie`), or an origin (`https://moxxie.example`).
    pub base: String,
    /// Time for a call, retries included.
    pub deadline: Duration,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            base: String::new(),
            deadline: Duration::from_secs(30),
        }
    }
}

/// How a call went, for whoever watches the connection. Calls dropped half way are not told.
#[derive(Debug, Clone)]
pub struct CallOutcome {
    /// Method of the call.
    pub method: Method,
    /// Path and query below `/api/v1`.
    pub path: String,
    /// HTTP status of the last answer, if any came.
    pub status: Option<u16>,
    /// The error, if it failed.
    pub error: Option<ApiError>,
    /// How long it took in all, in milliseconds.
    pub millis: f64,
    /// How many times it was sent.
    pub tries: u32,
}

impl CallOutcome {
    /// Whether it succeeded.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        self.error.is_none()
    }
}

/// Who answered, from the headers of the shipped server (divergence 6).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// `X-Moxxie-Location`.
    pub location: Option<String>,
    /// `X-Moxxie-Provider`.
    pub provider: Option<String>,
    /// `X-Moxxie-Instance-Id`.
    pub instance: Option<String>,
}

/// Called after each call.
pub type Observer = Arc<dyn Fn(&CallOutcome) + Send + Sync>;

struct Inner {
    transport: Arc<dyn Transport>,
    base: String,
    deadline: Duration,
    key: Mutex<Option<String>>,
    server_contract: AtomicBool,
    requests: AtomicU64,
    skew: Mutex<Skew>,
    identity: Mutex<Identity>,
    observers: Mutex<Vec<Observer>>,
}

/// A handle on the server; clones share everything. Its `Debug` never prints the key.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base", &self.0.base)
            .field("contract", &self.contract())
            .field("has_key", &self.has_key())
            .finish_non_exhaustive()
    }
}

/// A poisoned lock only says that a panic passed by; the data are plain values.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Client {
    /// A client without a key, for the guide's contract until told otherwise.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, config: ClientConfig) -> Self {
        Self(Arc::new(Inner {
            transport,
            base: config.base.trim_end_matches('/').to_owned(),
            deadline: config.deadline,
            key: Mutex::default(),
            server_contract: AtomicBool::new(false),
            requests: AtomicU64::new(0),
            skew: Mutex::default(),
            identity: Mutex::default(),
            observers: Mutex::default(),
        }))
    }

    /// Sets or forgets the API key.
    pub fn set_key(&self, key: Option<String>) {
        *lock(&self.0.key) = key
            .map(|key| key.trim().to_owned())
            .filter(|key| !key.is_empty());
    }

    /// Whether a key is set.
    #[must_use]
    pub fn has_key(&self) -> bool {
        lock(&self.0.key).is_some()
    }

    pub(super) fn key(&self) -> Option<String> {
        lock(&self.0.key).clone()
    }

    /// What stands before `/api/v1`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The contract in use.
    #[must_use]
    pub fn contract(&self) -> Contract {
        if self.0.server_contract.load(Ordering::Relaxed) {
            Contract::Server
        } else {
            Contract::Guide
        }
    }

    /// Chooses the contract; done once by [`super::capabilities::learn`].
    pub fn set_contract(&self, contract: Contract) {
        self.0
            .server_contract
            .store(contract == Contract::Server, Ordering::Relaxed);
    }

    /// Milliseconds to add to this machine's clock to get the server's, from its `Date` headers;
    /// 0 while they may agree.
    #[must_use]
    pub fn server_clock_skew_millis(&self) -> f64 {
        lock(&self.0.skew).millis()
    }

    /// What time it is by the server's clock.
    #[must_use]
    pub fn server_now(&self) -> Instant {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds of a real clock"
        )]
        Instant::from_millis(
            (self.0.transport.now_millis() + self.server_clock_skew_millis()) as i64,
        )
    }

    /// How many requests were sent, retries counted.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Who answers, where the server says so.
    #[must_use]
    pub fn identity(&self) -> Identity {
        lock(&self.0.identity).clone()
    }

    /// Has `observer` called after each call, for as long as the client lives.
    pub fn observe(&self, observer: Observer) {
        lock(&self.0.observers).push(observer);
    }

    /// Waits, by the transport's clock.
    pub(crate) async fn sleep(&self, duration: Duration) {
        self.0.transport.sleep(duration).await;
    }

    /// Sends a call. GETs are tried again after 502, 503, 504 and network loss; nothing else ever
    /// is, since it may have been done. Dropping the future ends the request.
    pub(super) async fn send(&self, call: Call) -> Result<Answer, ApiError> {
        let transport = &self.0.transport;
        let asked = transport.now_millis();
        let id = CallId {
            method: call.method,
            path: shown_path(&call.path, &call.query),
            request_id: self.request_id(),
            key: self.key(),
            secret: call.secret.clone(),
        };
        let request = self.request(&call, &id)?;
        let deadline = call.deadline.unwrap_or(self.0.deadline);
        let mut tries = 0;
        let result = {
            let work = std::pin::pin!(self.tries(&request, &id, asked, deadline, &mut tries));
            match select(work, transport.sleep(deadline)).await {
                Either::Left((result, _)) => result,
                Either::Right(((), _)) => Err(id.timeout(deadline)),
            }
        };
        self.tell(&CallOutcome {
            method: id.method,
            path: id.path.clone(),
            status: match &result {
                Ok(response) => Some(response.status),
                Err(error) => error.status,
            },
            error: result.as_ref().err().cloned(),
            millis: transport.now_millis() - asked,
            tries,
        });
        result.map(|response| Answer { call: id, response })
    }

    fn request(&self, call: &Call, id: &CallId) -> Result<Request, ApiError> {
        if let Some(segment) = &call.path.unsafe_segment {
            return Err(id.unsafe_segment(segment));
        }
        let root = if call.root { "" } else { "/api/v1" };
        let url = format!(
            "{}{root}{}{}",
            self.0.base,
            call.path.text,
            call.query.as_str()
        );
        let mut headers = vec![("Accept".to_owned(), call.accept.to_owned())];
        // Servers of another origin must allow each header by name, and do not know this one.
        if !self.0.transport.is_cross_origin(&url) {
            headers.push(("X-Request-ID".to_owned(), id.request_id.clone()));
        }
        if let Some(key) = &id.key {
            headers.push((KEY_HEADER.to_owned(), key.clone()));
        }
        let body = match call.body.clone() {
            Some(Ok(body)) => {
                headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
                Some(body)
            }
            Some(Err(cause)) => return Err(id.encode(&cause)),
            None => None,
        };
        Ok(Request {
            method: call.method,
            url,
            headers,
            body,
        })
    }

    async fn tries(
        &self,
        request: &Request,
        id: &CallId,
        started: f64,
        deadline: Duration,
        tries: &mut u32,
    ) -> Result<Response, ApiError> {
        let transport = &self.0.transport;
        loop {
            *tries += 1;
            self.0.requests.fetch_add(1, Ordering::Relaxed);
            let asked = transport.now_millis();
            let error = match transport.send(request.clone()).await {
                Ok(response) => {
                    self.learn(&response, asked);
                    if response.is_success() {
                        return Ok(response);
                    }
                    id.response(&response, self.server_now())
                }
                Err(error) => id.transport(error, transport.is_cross_origin(&request.url)),
            };
            if request.method != Method::Get || *tries >= retry::TRIES || !error.is_retried() {
                return Err(error);
            }
            let Some(wait) = retry::wait(*tries, error.retry_after, transport.random()) else {
                return Err(error);
            };
            // A wait that outlasts the deadline would turn a telling error into "timeout".
            let elapsed = transport.now_millis() - started;
            if elapsed + wait.as_secs_f64() * 1000.0 >= deadline.as_secs_f64() * 1000.0 {
                return Err(error);
            }
            transport.sleep(wait).await;
        }
    }

    fn learn(&self, response: &Response, asked: f64) {
        if let Some(date) = response.header("Date").and_then(retry::http_date) {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds fit 53 bits")]
            lock(&self.0.skew).observe(date.millis as f64, asked, self.0.transport.now_millis());
        }
        let identity = Identity {
            location: response.header("X-Moxxie-Location").map(ToOwned::to_owned),
            provider: response.header("X-Moxxie-Provider").map(ToOwned::to_owned),
            instance: response
                .header("X-Moxxie-Instance-Id")
                .map(ToOwned::to_owned),
        };
        if identity != Identity::default() {
            *lock(&self.0.identity) = identity;
        }
    }

    fn tell(&self, outcome: &CallOutcome) {
        // Copied out, so that an observer may itself use the client.
        let observers = lock(&self.0.observers).clone();
        for observer in observers {
            observer(outcome);
        }
    }

    /// A random UUID (version 4).
    fn request_id(&self) -> String {
        let word = || {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number in 0..1 scaled to 32 bits"
            )]
            let word = (self.0.transport.random() * 4_294_967_296.0) as u32;
            word
        };
        let (a, b, c, d) = (word(), word(), word(), word());
        format!(
            "{a:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{d:08x}",
            b >> 16,
            b & 0xfff,
            c >> 16 & 0x3fff | 0x8000,
            c & 0xffff,
        )
    }

    /// The error for a feature that this server lacks, without asking it.
    #[must_use]
    pub fn not_offered(reason: &str) -> ApiError {
        ApiError::local(ErrorKind::Other, reason)
    }
}
