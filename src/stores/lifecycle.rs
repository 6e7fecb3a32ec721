//! Starting and stopping the stores, signing in and out.

use super::connection::Heard;
use super::feeds::{ClusterCharts, Pace, slow_pace};
use super::live::Live;
use super::page::Page;
use super::{prefs, spawn};
use crate::api::capabilities::{self, Capabilities, Feature, Offers};
use crate::api::{ApiError, ErrorKind, info};
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Live {
    /// Takes a key: keeps it for the tab, or on the device with `remember`. Then only reads are
    /// repeated. The answer says whether the server takes it.
    pub fn sign_in(&self, key: &str, remember: bool) -> spawn::Pending<Result<(), ApiError>> {
        self.session.keep(key, remember);
        let live = self.clone();
        spawn::action(async move {
            let refused = match live.learn_once().await {
                Ok(None) => None,
                Ok(Some(error)) | Err(error) => Some(error),
            };
            match refused {
                None => {
                    live.session.admitted();
                    Ok(())
                }
                Some(error) => {
                    live.session.drop_key();
                    Err(error)
                }
            }
        })
    }

    /// Forgets the key and everything that was loaded with it.
    pub fn sign_out(&self) {
        let inner = &**self;
        inner.session.drop_key();
        inner
            .session
            .refused(&ApiError::local(ErrorKind::Unauthorized, "Signed out"));
        inner.socket.stop("signed out");
        inner.socket.forget();
        inner.cluster.forget();
        inner.node_usage.forget();
        inner.node_loads.forget();
        inner.nodes.forget();
        inner.storages.forget();
        inner.tags.forget();
        inner.backup_health.forget();
        inner.fleet_backups.forget();
        inner.failures.forget();
        inner.vms.forget();
        inner.tasks.forget();
        inner.tray.forget();
        inner.drafts.forget();
        inner.edits.forget();
        inner.sweeps.forget();
        inner.fleet_snapshots.forget();
        inner.details.forget();
        inner.grace.forget();
        inner.notices.clear();
        inner.cluster_charts.set(ClusterCharts::default());
    }

    /// Takes the poll interval from the preferences anew.
    pub fn repace(&self) {
        let inner = &**self;
        let pace = Pace::of(slow_pace(
            &inner.config,
            inner.prefs.peek(&prefs::POLL_SECONDS),
        ));
        inner.details.set_slow(pace.every.slow);
        inner.vms.feed().poller().set_cadence(pace.every);
        inner.tasks.poller().set_cadence(pace.every);
        inner.node_usage.poller().set_cadence(pace.every);
        inner.cluster.poller().set_cadence(pace.third);
        inner.storages.poller().set_cadence(pace.third);
        inner.nodes.poller().set_cadence(pace.rare);
        inner.tags.poller().set_cadence(pace.rare);
        inner.backup_health.poller().set_cadence(pace.daily);
        inner.fleet_backups.poller().set_cadence(pace.rare);
        inner.failures.poller().set_cadence(pace.rare);
    }

    /// Starts what runs beside the screens.
    pub fn start(&self) {
        self.listen();
        let live = self.clone();
        spawn::action(async move {
            live.learn().await;
        });
    }

    fn listen(&self) {
        let weak = self.weak();
        self.client.observe(Arc::new(move |outcome| {
            let Some(live) = weak.upgrade().map(Self::of) else {
                return;
            };
            if let Some(error) = &outcome.error
                && error.kind == ErrorKind::Unauthorized
            {
                live.session.refused(error);
            }
            match live.connection.heard(outcome, live.client.server_now()) {
                Heard::Back => live.retry_now(),
                Heard::Suspect => live.probe(),
                Heard::Same => {}
            }
        }));
        let on = |event, run: fn(&Self)| {
            let weak = self.weak();
            self.page.on(event, move || {
                if let Some(inner) = weak.upgrade() {
                    run(&Self::of(inner));
                }
            });
        };
        on("visibilitychange", |live| {
            live.set_hidden(Page::is_hidden());
        });
        on("offline", |live| {
            live.connection.set_offline(true, live.client.server_now());
        });
        on("online", |live| {
            live.connection.set_offline(false, live.client.server_now());
            live.context.refresh_all();
            live.socket.nudge();
        });
        on("storage", |live| live.drafts.reread());
        if Page::is_offline() {
            self.connection.set_offline(true, self.client.server_now());
        }
        let weak = self.weak();
        self.tray.on_end(move |task| {
            if let Some(inner) = weak.upgrade() {
                inner.actions.settled(task.vm);
                inner.actions.backups_settled(&task.kind);
            }
        });
    }

    /// One resource got no answer: the smallest call tells whether any does.
    fn probe(&self) {
        if self.probing.swap(true, Ordering::Relaxed) {
            return;
        }
        let live = self.clone();
        spawn::action(async move {
            // What it brings is heard like every call.
            let _ = info::get(&live.client).await;
            live.probing.store(false, Ordering::Relaxed);
        });
    }

    /// The page is seen, or not; called by the page's own event.
    pub fn set_hidden(&self, hidden: bool) {
        self.context.set_hidden(hidden);
        if !hidden {
            self.clock.beat();
            self.socket.nudge();
        }
    }

    /// Asks what the server offers until it answers.
    async fn learn(&self) {
        let mut wait = Duration::from_secs(2);
        // What the server refuses for want of a key is asked again after signing in.
        while let Ok(Some(_)) = self.learn_once().await {
            self.context.transport.sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(15));
            if self.context.is_stopped() {
                return;
            }
        }
    }

    /// Asks what the server offers; answers why that is not known, where it may be later.
    async fn learn_once(&self) -> Result<Option<ApiError>, ApiError> {
        let inner = &**self;
        let before = inner.client.contract();
        let known = capabilities::learn(&inner.client).await?;
        if inner.client.contract() != before {
            // What was asked for in the other contract's words.
            inner.context.refresh_all();
        }
        let unsure = known
            .problem
            .clone()
            .filter(|problem| known.info.is_none() && problem.is_transient());
        let known = Arc::new(known);
        let same = inner
            .capabilities
            .with_untracked(|old| old.as_ref() == Some(&known));
        if !same {
            inner.capabilities.set(Some(Arc::clone(&known)));
        }
        self.follow_events(&known);
        Ok(unsure)
    }

    fn follow_events(&self, known: &Capabilities) {
        match known.offers(Feature::Events) {
            Offers::Yes if self.config.allows("events") => self.socket.start(),
            Offers::Yes => self.socket.stop("switched off in config.json"),
            Offers::No(reason) => self.socket.stop(&reason),
        }
    }

    /// Ends everything that runs.
    pub fn stop(&self) {
        self.page.stop();
        self.socket.stop("stopped");
        self.context.stop();
    }
}
