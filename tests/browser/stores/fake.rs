//! A network that answers by a script, and a clock that moves when told.

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use moxxie_ui::api::transport::{Method, Request, Response, Transport, TransportError};
use moxxie_ui::domain::runtime_config::RuntimeConfig;
use moxxie_ui::stores::{Frame, Line, Live, LiveOptions, Wire, provide_live};
use send_wrapper::SendWrapper;
use serde_json::{Value, json};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// 2026-01-01T00:00:00Z.
pub const START: f64 = 1_767_225_600_000.0;

pub enum Reply {
    Json(Value),
    Text(String),
    Status(u16, Value, Vec<(&'static str, &'static str)>),
    Lost,
}

type Answer = Arc<dyn Fn(&Request) -> Option<Reply> + Send + Sync>;

#[derive(Default)]
struct State {
    now: f64,
    wakers: Vec<(f64, Waker)>,
    log: Vec<(f64, String)>,
    answer: Option<Answer>,
    latency: f64,
    under_way: i32,
}

/// Counts a request as under way until it is answered or dropped.
struct UnderWay(Fake);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().under_way -= 1;
    }
}

#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<State>>);

impl Fake {
    /// Answers what `answer` leaves out as an idle cluster of the guide's contract.
    pub fn answer(&self, answer: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) {
        self.0.lock().unwrap().answer = Some(Arc::new(answer));
    }

    pub fn latency(&self, millis: f64) {
        self.0.lock().unwrap().latency = millis;
    }

    /// What was sent, since the last look.
    pub fn take_log(&self) -> Vec<(f64, String)> {
        std::mem::take(&mut self.0.lock().unwrap().log)
    }

    /// How many of them contain a text.
    pub fn count(&self, what: &str) -> usize {
        self.0
            .lock()
            .unwrap()
            .log
            .iter()
            .filter(|(_, call)| call.contains(what))
            .count()
    }

    pub fn under_way(&self) -> i32 {
        self.0.lock().unwrap().under_way
    }

    fn wait(&self, millis: f64) -> impl Future<Output = ()> + use<> {
        let state = Arc::clone(&self.0);
        let until = state.lock().unwrap().now + millis;
        poll_fn(move |task| {
            let mut state = state.lock().unwrap();
            if state.now >= until {
                return Poll::Ready(());
            }
            state.wakers.push((until, task.waker().clone()));
            Poll::Pending
        })
    }

    /// Lets time pass, event by event.
    pub async fn advance(&self, seconds: f64) {
        let target = self.0.lock().unwrap().now + seconds * 1000.0;
        settle().await;
        loop {
            let ready: Vec<Waker> = {
                let mut state = self.0.lock().unwrap();
                let next = state
                    .wakers
                    .iter()
                    .map(|(at, _)| *at)
                    .min_by(f64::total_cmp);
                let Some(next) = next.filter(|next| *next <= target) else {
                    state.now = target;
                    break;
                };
                state.now = state.now.max(next);
                let (ready, later) = state.wakers.drain(..).partition(|(at, _)| *at <= next);
                state.wakers = later;
                let ready: Vec<(f64, Waker)> = ready;
                ready.into_iter().map(|(_, waker)| waker).collect()
            };
            ready.into_iter().for_each(Waker::wake);
            settle().await;
        }
    }
}

/// Lets everything run that is ready to, also what yielded to the browser on a busy machine.
pub async fn settle() {
    for _ in 0..2 {
        for _ in 0..30 {
            let _ = JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await;
        }
        pause(0).await;
    }
}

/// Lets real time pass: for what yields to the browser.
pub async fn pause(millis: u32) {
    gloo_timers::future::TimeoutFuture::new(millis).await;
}

impl Transport for Fake {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, TransportError>> {
        let (answer, latency) = {
            let mut state = self.0.lock().unwrap();
            let now = state.now;
            let path = request.url.trim_start_matches("/api/v1").to_owned();
            state.log.push((now, format!("{} {path}", request.method)));
            state.under_way += 1;
            (state.answer.clone(), state.latency)
        };
        let guard = UnderWay(self.clone());
        let wait = self.wait(latency);
        Box::pin(async move {
            let guard = guard;
            wait.await;
            drop(guard);
            let reply = answer
                .and_then(|answer| answer(&request))
                .unwrap_or_else(|| idle(&request));
            let (status, body, headers) = match reply {
                Reply::Json(body) => (200, body.to_string(), Vec::new()),
                Reply::Text(body) => (200, body, Vec::new()),
                Reply::Status(status, body, headers) => (status, body.to_string(), headers),
                Reply::Lost => return Err(TransportError::Network("Failed to fetch".to_owned())),
            };
            let headers = headers
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            Ok(Response {
                status,
                headers,
                body,
            })
        })
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        Box::pin(self.wait(duration.as_secs_f64() * 1000.0))
    }

    fn now_millis(&self) -> f64 {
        START + self.0.lock().unwrap().now
    }

    fn monotonic_millis(&self) -> f64 {
        self.0.lock().unwrap().now
    }

    fn random(&self) -> f64 {
        0.5
    }
}

pub fn vm(id: u32, name: &str) -> Value {
    json!({"vmid": id, "name": name, "node": "n1", "type": "qemu", "status": "running", "cpu": 0.1,
        "cpus": 2, "mem": 1024, "maxmem": 4096, "netin": 0, "netout": 0, "diskread": 0,
        "diskwrite": 0, "uptime": 100, "template": false, "tags": ["env-prod"]})
}

/// An idle cluster without events.
fn idle(request: &Request) -> Reply {
    let path = request.url.trim_start_matches("/api/v1");
    let path = path.split('?').next().unwrap_or_default();
    Reply::Json(match path {
        "/info" => json!({"contract": "guide", "features": []}),
        "/vms" => json!([vm(101, "web"), vm(102, "db")]),
        "/cluster/status" => json!({"cluster": {"name": "c"}, "nodes": []}),
        "/backups/health" => json!({}),
        _ if request.method != Method::Get => json!({"message": "done"}),
        _ => json!([]),
    })
}

/// Lines that tests hold both ends of.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<SendWrapper<Opened>>>>);

struct Opened {
    url: String,
    protocols: Vec<String>,
    hear: Rc<dyn Fn(Frame)>,
    open: Arc<AtomicBool>,
}

struct Held(Arc<AtomicBool>);

impl Line for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Wire for Lines {
    fn open(
        &self,
        url: &str,
        protocols: &[String],
        hear: Box<dyn Fn(Frame)>,
    ) -> Result<Box<dyn Line>, String> {
        let open = Arc::new(AtomicBool::new(true));
        self.0.lock().unwrap().push(SendWrapper::new(Opened {
            url: url.to_owned(),
            protocols: protocols.to_vec(),
            hear: hear.into(),
            open: Arc::clone(&open),
        }));
        Ok(Box::new(Held(open)))
    }
}

impl Lines {
    /// How many were ever opened.
    pub fn opened(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|line| line.open.load(Ordering::Relaxed))
            .count()
    }

    pub fn url(&self) -> String {
        self.0.lock().unwrap().last().unwrap().url.clone()
    }

    pub fn protocols(&self) -> Vec<String> {
        self.0.lock().unwrap().last().unwrap().protocols.clone()
    }

    /// Speaks on the newest line.
    pub async fn say(&self, frame: Frame) {
        // Outside the lock: hearing may open another line.
        let hear = Rc::clone(&self.0.lock().unwrap().last().unwrap().hear);
        hear(frame);
        settle().await;
    }

    pub async fn event(&self, event: Value) {
        self.say(Frame::Text(event.to_string())).await;
    }
}

/// Stores in an owner of their own.
pub struct Bench {
    pub owner: Owner,
    pub live: Live,
    pub fake: Fake,
    pub lines: Lines,
}

impl Bench {
    /// Fresh storage, fresh stores.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// As [`Bench::new`], with the network prepared before anything is asked.
    pub async fn with(prepare: impl FnOnce(&Fake)) -> Self {
        forget_storage();
        Self::reloaded(prepare).await
    }

    /// As after a reload of the page: storage is kept.
    pub async fn reloaded(prepare: impl FnOnce(&Fake)) -> Self {
        ready();
        let (fake, lines) = (Fake::default(), Lines::default());
        prepare(&fake);
        let options = LiveOptions {
            config: RuntimeConfig::default(),
            base: String::new(),
            transport: Arc::new(fake.clone()),
            wire: Arc::new(lines.clone()),
        };
        let owner = Owner::new();
        let live = owner.with(|| provide_live(options));
        settle().await;
        Self {
            owner,
            live,
            fake,
            lines,
        }
    }

    /// A component's owner below the app's.
    pub fn page(&self) -> Owner {
        self.owner.with(Owner::new)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.owner.cleanup();
    }
}

pub fn forget_storage() {
    let window = window();
    let _ = window.local_storage().unwrap().unwrap().clear();
    let _ = window.session_storage().unwrap().unwrap().clear();
}

/// Mounting sets up the executor; once is enough.
fn ready() {
    thread_local! {
        static READY: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }
    if !READY.replace(true) {
        mount_to_body(|| ());
        // Tests read signals outside of effects on purpose.
        std::mem::forget(leptos::reactive::diagnostics::SpecialNonReactiveZone::enter());
    }
}
