//! Everything that lives as long as the page: one [`Live`] in the context.

use super::actions::Actions;
use super::apply::{Applier, Targets};
use super::clock::Clock;
use super::connection::Connection;
use super::context::Context;
use super::drafts::Drafts;
use super::edits::Edits;
use super::feed::{Feed, RowFeed};
use super::feeds::{
    ClusterCharts, Pace, content_feed, failures, feed, node_loads, node_usage, slow_pace, task_feed,
};
use super::fleet_backups::{self, AllBackups};
use super::fleet_snapshots::FleetSnapshots;
use super::follow::Follow;
use super::grace::Grace;
use super::notices::Notices;
use super::page::Page;
use super::prefs::{self, Prefs};
use super::rows::Rows;
use super::session::Session;
use super::socket::{Socket, Stream};
use super::sweeps::Sweeps;
use super::task::TaskStore;
use super::tray::Tray;
use super::vm::{Details, VmStore};
use super::vms::Vms;
use super::wire::{WebSockets, Wire};
use crate::api::backups::{self, BackupHealth};
use crate::api::capabilities::{Capabilities, Feature, Offers};
use crate::api::cluster::{self, ClusterResource, ClusterStatus};
use crate::api::nodes::{self, NodeSummary};
use crate::api::storage::{self, Content, Storage};
use crate::api::tags::{self, Tag};
use crate::api::tasks::Task;
use crate::api::transport::{FetchTransport, Transport};
use crate::api::vms::Vm;
use crate::api::{Client, ClientConfig};
use crate::domain::ids::{Upid, VmId};
use crate::domain::load::NodeLoad;
use crate::domain::runtime_config::RuntimeConfig;
use futures_util::FutureExt;
use leptos::prelude::*;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};

/// What [`Live`] is made of; tests put their own network in.
#[derive(Clone)]
pub struct LiveOptions {
    /// How this installation is set up.
    pub config: RuntimeConfig,
    /// What stands before `/api/v1`; see [`super::config::server_base`].
    pub base: String,
    /// How calls travel.
    pub transport: Arc<dyn Transport>,
    /// How events travel.
    pub wire: Arc<dyn Wire>,
}

impl fmt::Debug for LiveOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LiveOptions")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl LiveOptions {
    /// The browser's network.
    #[must_use]
    pub fn browser(config: RuntimeConfig) -> Self {
        let base = super::config::server_base(&config);
        Self {
            config,
            base,
            transport: Arc::new(FetchTransport),
            wire: Arc::new(WebSockets),
        }
    }
}

/// The stores. Fields are read by screens; what has `watch()` is loaded only while watched.
pub struct Inner {
    /// The way to the server, for calls that no store covers.
    pub client: Client,
    /// How this installation is set up.
    pub config: RuntimeConfig,
    /// What the person prefers.
    pub prefs: Prefs,
    /// The API key.
    pub session: Session,
    /// What time it is.
    pub clock: Clock,
    /// Whether the server can be reached.
    pub connection: Connection,
    /// Toasts and the live region.
    pub notices: Notices,
    /// Name, quorum and members of the cluster.
    pub cluster: Feed<ClusterStatus>,
    /// CPU, memory and disk of the nodes (`/cluster/resources?type=node`).
    pub node_usage: Feed<Vec<ClusterResource>>,
    /// Samples of [`Inner::node_usage`].
    pub cluster_charts: ArcRwSignal<ClusterCharts>,
    /// Load averages of the nodes that say theirs.
    pub node_loads: Feed<Vec<NodeLoad>>,
    /// Nodes and their hardware.
    pub nodes: Feed<Vec<NodeSummary>>,
    /// Storages.
    pub storages: Feed<Vec<Storage>>,
    /// Tags in use.
    pub tags: Feed<Vec<Tag>>,
    /// Which VMs have a recent backup.
    pub backup_health: Feed<BackupHealth>,
    /// The backups of all VMs.
    pub fleet_backups: Feed<AllBackups>,
    /// All VMs, and the short history of each.
    pub vms: Vms,
    /// The newest tasks of the cluster, newest first.
    pub tasks: RowFeed<Upid, Task>,
    /// Tasks that failed, newest first, with the newest that ended well; beyond
    /// [`Inner::tasks`].
    pub failures: Feed<Vec<Task>>,
    /// Tasks started here. Needs somebody who watches [`Inner::tasks`]: the shell does.
    pub tray: Tray,
    /// Changes.
    pub actions: Actions,
    /// Half-filled wizards.
    pub drafts: Drafts,
    /// The edit of many VMs that is under way.
    pub edits: Edits,
    /// The snapshots of all VMs, as far as somebody has looked.
    pub fleet_snapshots: FleetSnapshots,
    /// Snapshots that are being deleted one after the other.
    pub sweeps: Sweeps,
    /// Changes that wait some seconds before they are sent.
    pub grace: Grace,
    pub(super) capabilities: ArcRwSignal<Option<Arc<Capabilities>>>,
    pub(super) context: Context,
    pub(super) socket: Socket,
    pub(super) details: Details,
    pub(super) page: Page,
    /// A probe of the connection is under way.
    pub(super) probing: AtomicBool,
}

/// Handle on the stores; cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

impl fmt::Debug for Live {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Live")
            .field("client", &self.0.client)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl std::ops::Deref for Live {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Makes the stores, puts them into the context of the current owner, and starts them; they stop
/// when it is cleaned up.
pub fn provide_live(options: LiveOptions) -> Live {
    let live = Live::new(options);
    provide_context(live.clone());
    let ending = live.clone();
    on_cleanup(move || ending.stop());
    live.start();
    live
}

/// The stores. Call it in a component's body, not in a spawned task.
///
/// # Panics
/// Outside of [`provide_live`]: a mistake in the program, not in data.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a component outside of the app is a programming mistake"
)]
pub fn use_live() -> Live {
    use_context::<Live>().expect("stores are provided at the root of the app")
}

impl Live {
    pub(super) fn weak(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0)
    }

    pub(super) fn of(inner: Arc<Inner>) -> Self {
        Self(inner)
    }

    /// The stores, not started.
    #[must_use]
    pub fn new(options: LiveOptions) -> Self {
        let LiveOptions {
            config,
            base,
            transport,
            wire,
        } = options;
        let drafts = Drafts::new(&base);
        let client_config = ClientConfig {
            base,
            ..ClientConfig::default()
        };
        let client = Client::new(Arc::clone(&transport), client_config);
        let context = Context::new(client.clone(), transport, Page::is_hidden());
        let prefs = Prefs::new();
        let slow = slow_pace(&config, prefs.peek(&prefs::POLL_SECONDS));
        let pace = Pace::of(slow);

        let notices = Notices::default();
        let task_rows = Rows::<Upid, Task>::default();
        let tray = Tray::new(&context, &task_rows, &notices);
        let follow = Follow::new(&context, &tray, &task_rows);
        let tasks = task_feed(&context, pace.every, &task_rows, &follow);
        let vms = Vms::new(&context, pace.every);
        let details = Details::new(&context, slow);
        let cluster = feed(&context, pace.third, true, |client| {
            async move { cluster::status(&client).await }.boxed_local()
        });
        let cluster_charts = ArcRwSignal::new(ClusterCharts::default());
        let applier = Applier::new(Targets {
            context: context.clone(),
            vms: vms.clone(),
            tasks: tasks.clone(),
            cluster: cluster.clone(),
            tray: tray.clone(),
            follow: follow.clone(),
            details: details.clone(),
            flush: context.pulse.id(),
        });
        let socket = Socket::new(&context, wire, Page::address(), Arc::new(applier));
        let grace = Grace::new(&context, &prefs);
        let actions = Actions::new(&context, &vms, &tasks, &details, &tray, &notices);
        Self(Arc::new(Inner {
            drafts,
            edits: Edits::new(),
            fleet_snapshots: FleetSnapshots::default(),
            sweeps: Sweeps::default(),
            session: Session::new(&context),
            clock: Clock::new(&context),
            connection: context.connection.clone(),
            node_usage: node_usage(&context, pace.every, &cluster_charts),
            cluster_charts,
            node_loads: feed(&context, pace.third, false, |client| {
                node_loads(client).boxed_local()
            }),
            nodes: feed(&context, pace.rare, false, |client| {
                async move { Ok(nodes::list(&client).await?.good) }.boxed_local()
            }),
            storages: feed(&context, pace.third, false, |client| {
                async move { Ok(storage::list(&client).await?.good) }.boxed_local()
            }),
            tags: feed(&context, pace.rare, false, |client| {
                async move { Ok(tags::list(&client).await?.good) }.boxed_local()
            }),
            backup_health: feed(&context, pace.daily, false, |client| {
                async move { backups::health(&client).await }.boxed_local()
            }),
            fleet_backups: feed(&context, pace.rare, false, |client| {
                fleet_backups::all(client).boxed_local()
            }),
            failures: feed(&context, pace.rare, false, |client| {
                failures(client).boxed_local()
            }),
            client,
            config,
            prefs,
            notices,
            cluster,
            vms,
            tasks,
            tray,
            actions,
            grace,
            capabilities: ArcRwSignal::default(),
            context,
            socket,
            details,
            page: Page::default(),
            probing: AtomicBool::new(false),
        }))
    }

    /// One VM: detail, live figures, snapshots, backups, tasks.
    #[must_use]
    pub fn vm(&self, id: VmId) -> Arc<VmStore> {
        self.0.details.vm(id)
    }

    /// What is known of a VM now: its row, or what its page has loaded. Not tracked.
    #[must_use]
    pub fn known_vm(&self, id: VmId) -> Option<Arc<Vm>> {
        self.0
            .vms
            .rows()
            .peek(&id)
            .or_else(|| self.0.details.peek(id))
    }

    /// Name of a VM, or `VM 101` where it is not known.
    #[must_use]
    pub fn vm_name(&self, id: VmId) -> String {
        self.known_vm(id)
            .map(|vm| vm.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("VM {id}"))
    }

    /// One task and its log.
    #[must_use]
    pub fn task(&self, upid: &Upid) -> Arc<TaskStore> {
        self.0.details.task(upid)
    }

    /// What lies on a storage; read as long as it is watched, known by nobody else.
    #[must_use]
    pub fn storage_content(&self, name: String) -> Feed<Vec<Content>> {
        let slow = slow_pace(&self.0.config, self.0.prefs.peek(&prefs::POLL_SECONDS));
        content_feed(&self.0.context, Pace::of(slow).rare, name)
    }

    /// What the server offers; none until it was asked.
    #[must_use]
    pub fn capabilities(&self) -> Signal<Option<Arc<Capabilities>>> {
        self.0.capabilities.clone().into()
    }

    /// Whether the server offers something; tracked. Before the server was asked: no, with that
    /// as the reason.
    #[must_use]
    pub fn offers(&self, feature: Feature) -> Offers {
        self.0.capabilities.with(|known| match known {
            Some(known) => known.offers(feature),
            None => Offers::No("The server has not said yet what it offers".to_owned()),
        })
    }

    /// Why the server does not offer something; `None` where it does, and until it was asked:
    /// what is allowed need not wait for that. Tracked.
    #[must_use]
    pub fn denies(&self, feature: Feature) -> Option<String> {
        self.0.capabilities.with(|known| {
            let offers = known.as_ref()?.offers(feature);
            offers.reason().map(ToOwned::to_owned)
        })
    }

    /// The same, which tells of its own changes alone.
    #[must_use]
    pub fn denied(&self, feature: Feature) -> Memo<Option<String>> {
        let live = self.clone();
        Memo::new(move |_| live.denies(feature))
    }

    /// How changes arrive: events, or polls and why.
    #[must_use]
    pub fn stream(&self) -> Signal<Stream> {
        self.0.socket.stream().clone().into()
    }

    /// Tries again now what failed: the button of the connection banner.
    pub fn retry_now(&self) {
        self.0.context.retry_failed();
        self.0.socket.nudge();
    }

    /// Asks at once for all that is on the page.
    pub fn refresh_all(&self) {
        self.0.context.refresh_all();
    }
}
