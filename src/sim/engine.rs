//! The engine: one door for requests, one for time, one for events.

use super::events::Since;
use super::faults::{Fault, strike};
use super::http::{Request, Response};
use super::model::{Settings, World};
use super::refusal::Refusal;
use super::{noise, routes, seed, usage, work};
use crate::domain::units::Instant;
use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;
use std::time::Duration;

/// What the simulated cluster starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// The guide's own cluster, at 2024-06-24T12:02:00Z.
    Guide,
    /// Many VMs.
    Fleet {
        /// How many.
        vms: u32,
        /// When it starts, epoch seconds: the engine has no clock of its own.
        start: i64,
    },
}

/// A request as remembered.
#[derive(Debug, Clone, Serialize)]
pub struct Logged {
    /// Number, from 1 on.
    pub n: u64,
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Simulated time, ISO 8601.
    pub at: String,
    /// Status answered.
    pub status: u16,
    /// Body that came, if one did.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;

/// The simulated Moxxie.
#[derive(Debug)]
pub struct Sim {
    world: World,
    faults: Vec<Fault>,
    log: VecDeque<Logged>,
    count: u64,
    luck: fastrand::Rng,
}

impl Sim {
    /// A fresh cluster. The same seed and scenario give the same cluster.
    #[must_use]
    pub fn new(seed: u64, scenario: Scenario) -> Self {
        let mut world = match scenario {
            Scenario::Guide => seed::guide(seed),
            Scenario::Fleet { vms, start } => seed::fleet(seed, vms, start),
        };
        usage::fit_nodes(&mut world);
        // Written here, so that the first list is as quick as all others.
        for vm in world.vms.values_mut() {
            vm.row();
            vm.resource_row();
        }
        Self {
            world,
            faults: Vec::new(),
            log: VecDeque::new(),
            count: 0,
            luck: fastrand::Rng::with_seed(seed ^ 0xfa17),
        }
    }

    /// With settings of the command line.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.world.settings = settings;
        self
    }

    /// Settings, to be changed while it runs.
    pub const fn settings(&mut self) -> &mut Settings {
        &mut self.world.settings
    }

    /// The cluster itself, for lines that stay open (consoles).
    #[cfg(feature = "sim-server")]
    pub(super) const fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Simulated milliseconds since the epoch.
    #[must_use]
    pub const fn now_millis(&self) -> i64 {
        self.world.now
    }

    /// Simulated moment.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.world.instant()
    }

    /// Moves the clock: tasks get on, loads move, what is due happens.
    pub fn advance(&mut self, by: Duration) {
        let world = &mut self.world;
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4);
        let target = world.now.saturating_add(by);
        // A leap of days must not take minutes: loads are looked at some hundred times at most.
        let stride = world.tick.max(by / 600);
        while world.now < target {
            let task = world.due.first().map_or(i64::MAX, |(at, _)| *at);
            let next = task
                .min(world.next_tick)
                .min(world.next_node_tick)
                .min(world.next_life)
                .min(target);
            world.now = next.max(world.now);
            work::advance(world);
            if world.next_tick <= world.now {
                usage::tick(world);
                world.next_tick = world.now + stride;
            }
            if world.next_node_tick <= world.now {
                usage::tick_nodes(world);
                world.next_node_tick = world.now + stride.max(5_000);
            }
            if world.next_life <= world.now {
                world.next_life = work::live(world);
            }
        }
        // After a leap everything is as fresh as after a step.
        if stride > world.tick {
            usage::tick(world);
            usage::tick_nodes(world);
            world.next_tick = world.now + world.tick;
            world.next_node_tick = world.now + 5_000;
        }
    }

    /// Answers a request under `/api`.
    pub fn handle(&mut self, request: &Request) -> Response {
        self.count += 1;
        let fault = strike(&mut self.faults, request, self.world.now, &mut self.luck);
        let mut answer = if fault.as_ref().is_none_or(Fault::lets_through) {
            self.admit(request)
                .and_then(|()| routes::answer(&mut self.world, request))
                .unwrap_or_else(|refusal| refusal.answer(request.path(), self.world.instant()))
        } else {
            Response::none()
        };
        if let Some(fault) = fault {
            answer = fault.spoil(answer, request.path(), self.world.now);
        }
        self.sign(request, &mut answer);
        self.remember(request, answer.status);
        answer
    }

    /// Admits a WebSocket to `/api/v1/events` (after so many real milliseconds), or says why not.
    /// The key of a browser comes as subprotocol, which the transport has put into `X-API-Key`.
    ///
    /// # Errors
    /// The answer to give instead.
    pub fn admit_socket(&mut self, request: &Request) -> Result<u64, Response> {
        self.count += 1;
        let fault = strike(&mut self.faults, request, self.world.now, &mut self.luck);
        let delay = fault.as_ref().map_or(0, |fault| fault.delay_ms);
        let now = self.world.instant();
        let mut answer = match (fault, self.admit(request)) {
            (Some(fault), _) if !fault.only_delays() => {
                fault.spoil(Response::none(), request.path(), now.millis)
            }
            (_, Err(refusal)) => refusal.answer(request.path(), now),
            (_, Ok(())) if self.world.settings.shipped => {
                Refusal::missing("Path").answer(request.path(), now)
            }
            (_, Ok(())) => {
                self.remember(request, 101);
                return Ok(delay);
            }
        };
        self.sign(request, &mut answer);
        self.remember(request, answer.status);
        Err(answer)
    }

    /// The fault that strikes a request for a file of the app, if one does.
    pub fn strike_file(&mut self, request: &Request) -> Option<Fault> {
        strike(&mut self.faults, request, self.world.now, &mut self.luck)
    }

    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        let settings = &self.world.settings;
        if let Some(key) = &settings.api_key
            && request.get_header("X-API-Key") != Some(key)
        {
            return Err(Refusal::new(
                401,
                "UNAUTHORIZED",
                "A valid API key is required in the X-API-Key header",
            ));
        }
        if settings.read_only && request.method != "GET" {
            return Err(Refusal::new(
                403,
                "READ_ONLY",
                "The server is in read-only mode: nothing can be changed",
            )
            .detail("reason", "Read-only mode is on")
            .detail("suggestion", "Ask whoever runs the server to turn it off"));
        }
        Ok(())
    }

    fn sign(&self, request: &Request, answer: &mut Response) {
        let correlation = request
            .get_header("X-Request-ID")
            .or_else(|| request.get_header("X-Correlation-ID"))
            .map_or_else(
                || format!("{:016x}", noise::hash(self.world.seed, self.count)),
                ToOwned::to_owned,
            );
        let cluster = &self.world.cluster;
        answer.headers.extend([
            ("X-Correlation-ID", correlation),
            ("X-Moxxie-Location", cluster.location.to_owned()),
            ("X-Moxxie-Provider", "proxmox".to_owned()),
            ("X-Moxxie-Instance-Id", cluster.instance.to_owned()),
        ]);
    }

    fn remember(&mut self, request: &Request, status: u16) {
        if self.log.len() == REMEMBERED {
            self.log.pop_front();
        }
        self.log.push_back(Logged {
            n: self.count,
            method: request.method.clone(),
            path: request.target.clone(),
            at: self.world.instant().to_iso(),
            status,
            body: request.body.chars().take(2_000).collect(),
        });
    }

    /// Requests so far.
    #[must_use]
    pub const fn requests(&self) -> &VecDeque<Logged> {
        &self.log
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&mut self) {
        self.log.clear();
    }

    /// Replaces the faults.
    pub fn set_faults(&mut self, faults: Vec<Fault>) {
        self.faults = faults;
    }

    /// Faults as they stand, with the times that are left.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Events behind a number.
    #[must_use]
    pub fn events(&self, since: u64) -> Since {
        self.world.events.since(since)
    }

    /// Number of the last event.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.world.events.seq()
    }

    /// A frame beside the events: `hello`, `ping` or `gap`.
    #[must_use]
    pub fn aside(&self, kind: &'static str) -> String {
        self.world.events.aside(self.world.now, kind)
    }

    /// Puts markup into every text that comes from the cluster, as a hostile guest owner would:
    /// a console must show it as text.
    pub fn make_hostile(&mut self) {
        routes::make_hostile(&mut self.world);
    }

    /// The server starts anew, for tests; see [`World::restart`].
    pub fn restart(&mut self) {
        self.world.restart();
    }

    /// Changes a thing from outside, for tests: `vm`, `node` or `storage`.
    ///
    /// # Errors
    /// What is not there, or cannot be read.
    pub fn patch(&mut self, what: &str, name: &str, fields: &Value) -> Result<(), String> {
        routes::patch(&mut self.world, what, name, fields)
    }

    /// Starts a task as somebody else would, or gets one on, for tests; answers its UPID.
    ///
    /// # Errors
    /// A task that is not there.
    pub fn task(&mut self, body: &Value) -> Result<String, String> {
        routes::task(&mut self.world, body)
    }
}
