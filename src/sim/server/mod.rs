//! The simulated Moxxie over HTTP and WebSocket, beside the built app.

mod console;
mod control;
mod files;
mod listener;
mod socket;

use super::http::{Body as SimBody, Breaks, Request as SimRequest, Response as SimResponse};
use super::model::Settings;
use super::{Fault, Scenario, Sim};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use listener::{Breakable, Breaker};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// What the command line says.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the built app.
    pub dist: PathBuf,
    /// Path under which everything lies, without a slash at its end; empty for the root.
    pub base: String,
    /// `guide`, or `fleet` with so many VMs.
    pub fleet: Option<u32>,
    /// Seed of the cluster.
    pub seed: u64,
    /// Simulated seconds per second; 0 stops the clock.
    pub speed: f64,
    /// Faults from the start on.
    pub faults: Vec<Fault>,
    /// Key, modes, contract.
    pub settings: Settings,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dist: PathBuf::from("dist"),
            base: String::new(),
            fleet: None,
            seed: 1,
            speed: 1.0,
            faults: Vec::new(),
            settings: Settings::default(),
        }
    }
}

impl Options {
    fn build(&self) -> Sim {
        let scenario = match self.fleet {
            None => Scenario::Guide,
            Some(vms) => Scenario::Fleet {
                vms,
                start: SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, |since| {
                        i64::try_from(since.as_secs()).unwrap_or_default()
                    }),
            },
        };
        let mut sim = Sim::new(self.seed, scenario).with_settings(self.settings.clone());
        sim.set_faults(self.faults.clone());
        sim
    }
}

#[derive(Debug)]
struct Inner {
    sim: Sim,
    options: Options,
    ticked: Instant,
    refuse_sockets: bool,
}

/// The running simulator.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Mutex<Inner>>,
    base: Arc<str>,
    dist: Arc<PathBuf>,
    /// Number of the last event: wakes sockets.
    news: Arc<watch::Sender<u64>>,
    /// Counts up when all sockets are to be dropped.
    cuts: Arc<watch::Sender<u64>>,
    /// Heard by each open line to a guest, which counts them.
    lines: Arc<watch::Sender<()>>,
}

impl App {
    /// Builds the cluster.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            base: options.base.trim_end_matches('/').into(),
            dist: Arc::new(options.dist.clone()),
            inner: Arc::new(Mutex::new(Inner {
                sim: options.build(),
                options,
                ticked: Instant::now(),
                refuse_sockets: false,
            })),
            news: Arc::new(watch::Sender::new(0)),
            cuts: Arc::new(watch::Sender::new(0)),
            lines: Arc::new(watch::Sender::new(())),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the cluster as it is now, and wakes sockets where that made news.
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.lock();
        inner.catch_up();
        let result = work(&mut inner);
        let seq = inner.sim.seq();
        drop(inner);
        self.news.send_if_modified(|last| {
            let changed = *last != seq;
            *last = seq;
            changed
        });
        result
    }

    /// The service: API, control, WebSocket and files.
    pub fn router(&self) -> Router {
        Router::new().fallback(route).with_state(self.clone())
    }

    /// Moves the clock ten times a second, until the process ends.
    pub async fn run_clock(self) {
        let mut interval = tokio::time::interval(Duration::from_millis(100));
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            self.with(|_| ());
        }
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// Those of the socket.
    pub async fn serve(self, socket: tokio::net::TcpListener) -> std::io::Result<()> {
        tokio::spawn(self.clone().run_clock());
        let service = self
            .router()
            .into_make_service_with_connect_info::<Breaker>();
        axum::serve(Breakable(socket), service).await
    }
}

impl Inner {
    /// Moves the clock to where it should be. The engine counts whole milliseconds; what is less
    /// waits for the next time, so that nothing is lost.
    fn catch_up(&mut self) {
        let speed = self.options.speed;
        if speed <= 0.0 {
            self.ticked = Instant::now();
            return;
        }
        let due = self.ticked.elapsed().mul_f64(speed).as_millis();
        if let Ok(due) = u64::try_from(due)
            && due > 0
        {
            let due = Duration::from_millis(due);
            self.ticked += due.div_f64(speed);
            self.sim.advance(due);
        }
    }
}

/// Binds, prints the address as the first line, serves.
///
/// # Errors
/// Those of the socket.
pub async fn run(listen: SocketAddr, options: Options) -> std::io::Result<()> {
    use std::io::Write as _;
    let socket = tokio::net::TcpListener::bind(listen).await?;
    let app = App::new(options);
    let mut out = std::io::stdout();
    writeln!(
        out,
        "listening on http://{}{}",
        socket.local_addr()?,
        app.base
    )?;
    out.flush()?;
    app.serve(socket).await
}

async fn route(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    let below = match path.strip_prefix(&*app.base) {
        Some("") if !app.base.is_empty() => {
            return (
                [(header::LOCATION, format!("{}/", app.base))],
                StatusCode::PERMANENT_REDIRECT,
            )
                .into_response();
        }
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        // Control is reached without the base path too.
        _ if path.starts_with("/_sim/") => path.to_owned(),
        _ => {
            return (
                StatusCode::NOT_FOUND,
                "Nothing lies outside the base path\n",
            )
                .into_response();
        }
    };
    let mut response = if let Some(rest) = below.strip_prefix("/_sim/") {
        let rest = rest.to_owned();
        control::answer(&app, &rest, request).await
    } else if let Some(rest) = below.strip_prefix("/ws/console/") {
        let rest = rest.to_owned();
        console::answer(&app, &rest, request).await
    } else if below == "/openapi" || below == "/api" || below.starts_with("/api/") {
        api(&app, &below, request).await
    } else {
        files(&app, &below, request).await
    };
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// A file of the app, unless a fault strikes it: code that cannot be fetched has a face too.
async fn files(app: &App, path: &str, request: Request) -> Response {
    let asked = plain(
        target(path, &request),
        request.method(),
        request.headers(),
        String::new(),
    );
    match app.with(|inner| inner.sim.strike_file(&asked)) {
        None => files::answer(app, path, request).await,
        Some(fault) if fault.only_delays() => {
            tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
            files::answer(app, path, request).await
        }
        Some(fault) => {
            let breaker = breaker_of(&request);
            let now = app.lock().sim.now_millis();
            let spoilt = fault.spoil(SimResponse::json(200, String::new()), path, now);
            deliver(spoilt, breaker).await
        }
    }
}

fn breaker_of(request: &Request) -> Option<Breaker> {
    request
        .extensions()
        .get::<ConnectInfo<Breaker>>()
        .map(|info| info.0.clone())
}

/// The request as the engine takes it.
fn plain(target: String, method: &Method, headers: &HeaderMap, body: String) -> SimRequest {
    SimRequest {
        method: method.to_string(),
        target,
        headers: headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect(),
        body,
    }
}

fn target(path: &str, request: &Request) -> String {
    match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

async fn api(app: &App, path: &str, request: Request) -> Response {
    let breaker = breaker_of(&request);
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else if path == "/api/v1/events" && request.method() == Method::GET {
        socket::answer(app, target(path, &request), request).await
    } else {
        let target = target(path, &request);
        let (parts, body) = request.into_parts();
        match axum::body::to_bytes(body, 4 << 20).await {
            Err(_) => (StatusCode::PAYLOAD_TOO_LARGE, "Body is too large\n").into_response(),
            Ok(bytes) => {
                let body = String::from_utf8_lossy(&bytes).into_owned();
                let request = plain(target, &parts.method, &parts.headers, body);
                let answer = app.with(|inner| inner.sim.handle(&request));
                deliver(answer, breaker).await
            }
        }
    };
    let now = app.lock().sim.now();
    allow_origins(response.headers_mut());
    if let Some(date) = http_date(now.millis) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// The simulated clock, so that the console can count by it.
fn http_date(millis: i64) -> Option<HeaderValue> {
    let time = chrono::DateTime::from_timestamp_millis(millis)?;
    HeaderValue::from_str(&time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// Open to all origins, as the shipped server is.
fn allow_origins(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "accept, content-type, x-api-key, x-request-id, x-correlation-id",
        ),
        (
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "date, retry-after, x-correlation-id, x-moxxie-location, x-moxxie-provider, x-moxxie-instance-id",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Sends an answer with all that goes wrong on its way.
async fn deliver(answer: SimResponse, breaker: Option<Breaker>) -> Response {
    if answer.mishap.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(answer.mishap.delay_ms)).await;
    }
    let text = match answer.body {
        SimBody::Own(text) => Bytes::from(text),
        SimBody::Shared(text) => Bytes::copy_from_slice(text.as_bytes()),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let body = match answer.mishap.breaks {
        Breaks::Never => Body::from(text),
        Breaks::Midway => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
            let half = text.slice(..text.len() / 2);
            broken_off(Some(half))
        }
        Breaks::Before => {
            if let Some(breaker) = breaker {
                breaker.break_off();
            }
            broken_off(None)
        }
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, headers, body).into_response()
}

/// A body that ends in an error, upon which the connection is closed.
fn broken_off(first: Option<Bytes>) -> Body {
    let error = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "broken off on purpose");
    let end = futures_util::stream::once(async move {
        // What came before must have left: it would be thrown away with the connection.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err::<Bytes, _>(error)
    });
    let start = futures_util::stream::iter(first.map(Ok));
    Body::from_stream(futures_util::StreamExt::chain(start, end))
}
