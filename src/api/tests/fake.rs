//! A network that answers from a script, in virtual time: nothing waits.

use crate::api::transport::{Request, Response, Transport, TransportError};
use crate::api::{Client, ClientConfig};
use futures_util::future::LocalBoxFuture;
use futures_util::task::noop_waker_ref;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

/// What the network does with one request.
#[derive(Debug, Clone)]
pub enum Step {
    /// Answers after so many milliseconds.
    Answer(f64, Response),
    /// Breaks after so many milliseconds.
    Break(f64),
    /// Never answers.
    Silence,
}

#[derive(Debug, Default)]
struct World {
    now: f64,
    timers: Vec<f64>,
    script: VecDeque<Step>,
    sent: Vec<(f64, Request)>,
    dropped: usize,
    cross_origin: bool,
    random: f64,
}

#[derive(Debug, Clone, Default)]
pub struct Fake(Arc<Mutex<World>>);

struct Sleep {
    world: Arc<Mutex<World>>,
    until: f64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let mut world = self.world.lock().unwrap();
        if world.now >= self.until {
            return Poll::Ready(());
        }
        world.timers.push(self.until);
        Poll::Pending
    }
}

struct CountDrop(Arc<Mutex<World>>, bool);

impl Drop for CountDrop {
    fn drop(&mut self) {
        if !self.1 {
            self.0.lock().unwrap().dropped += 1;
        }
    }
}

impl Transport for Fake {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, TransportError>> {
        let world = Arc::clone(&self.0);
        let (step, now) = {
            let mut world = world.lock().unwrap();
            let now = world.now;
            world.sent.push((now, request));
            let step = world.script.pop_front().expect("a request nobody expected");
            (step, now)
        };
        Box::pin(async move {
            let mut guard = CountDrop(Arc::clone(&world), false);
            let until = match step {
                Step::Answer(after, _) | Step::Break(after) => now + after,
                Step::Silence => f64::INFINITY,
            };
            Sleep { world, until }.await;
            guard.1 = true;
            match step {
                Step::Answer(_, response) => Ok(response),
                _ => Err(TransportError::Network("connection reset".to_owned())),
            }
        })
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let until = self.now_millis() + duration.as_secs_f64() * 1000.0;
        Box::pin(Sleep {
            world: Arc::clone(&self.0),
            until,
        })
    }

    fn now_millis(&self) -> f64 {
        self.0.lock().unwrap().now
    }

    fn random(&self) -> f64 {
        self.0.lock().unwrap().random
    }

    fn is_cross_origin(&self, _: &str) -> bool {
        self.0.lock().unwrap().cross_origin
    }
}

pub fn answer(status: u16, body: &str) -> Step {
    Step::Answer(
        10.0,
        Response {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        },
    )
}

pub fn with_header(step: Step, name: &str, value: &str) -> Step {
    match step {
        Step::Answer(after, mut response) => {
            response.headers.push((name.to_owned(), value.to_owned()));
            Step::Answer(after, response)
        }
        other => other,
    }
}

impl Fake {
    pub fn new(script: impl IntoIterator<Item = Step>) -> Self {
        let fake = Self::default();
        fake.0.lock().unwrap().script = script.into_iter().collect();
        fake.0.lock().unwrap().random = 0.5;
        fake
    }

    pub fn client(&self) -> Client {
        Client::new(Arc::new(self.clone()), ClientConfig::default())
    }

    pub fn set_cross_origin(&self) {
        self.0.lock().unwrap().cross_origin = true;
    }

    pub fn set_now(&self, millis: f64) {
        self.0.lock().unwrap().now = millis;
    }

    /// Requests so far.
    pub fn sent(&self) -> Vec<Request> {
        self.0
            .lock()
            .unwrap()
            .sent
            .iter()
            .map(|(_, request)| request.clone())
            .collect()
    }

    /// Methods and addresses so far.
    pub fn calls(&self) -> Vec<String> {
        let line = |request: &Request| format!("{} {}", request.method, request.url);
        self.sent().iter().map(line).collect()
    }

    /// When they were sent.
    pub fn times(&self) -> Vec<f64> {
        self.0
            .lock()
            .unwrap()
            .sent
            .iter()
            .map(|(at, _)| *at)
            .collect()
    }

    /// Requests ended before their answer.
    pub fn dropped(&self) -> usize {
        self.0.lock().unwrap().dropped
    }

    /// Runs a future, moving the clock whenever it waits.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        loop {
            self.0.lock().unwrap().timers.clear();
            if let Poll::Ready(value) = future
                .as_mut()
                .poll(&mut Context::from_waker(noop_waker_ref()))
            {
                return value;
            }
            let mut world = self.0.lock().unwrap();
            let next = world.timers.iter().copied().fold(f64::INFINITY, f64::min);
            assert!(next.is_finite(), "waits for ever");
            world.now = next;
        }
    }

    /// Polls once and drops, as leaving a page does.
    pub fn abandon<T>(&self, future: impl Future<Output = T>) {
        let mut future = Box::pin(future);
        let _ = future
            .as_mut()
            .poll(&mut Context::from_waker(noop_waker_ref()));
    }
}

/// One call against one answer.
pub fn once<T>(step: Step, call: impl AsyncFnOnce(&Client) -> T) -> T {
    let fake = Fake::new([step]);
    let client = fake.client();
    fake.run(call(&client))
}
