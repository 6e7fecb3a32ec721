//! What the page knows of its VM: the feeds it reads, and what its parts derive from them.

use super::addresses::{self, NicAddresses};
use crate::api::capabilities::Feature;
use crate::api::vms::{AgentInterface, PendingChange, Vm, VmDetail, VmLive};
use crate::api::{ApiError, ErrorKind};
use crate::domain::config::{self, ConfigMap, PendingValue};
use crate::domain::ids::VmId;
use crate::domain::tags;
use crate::domain::units::Instant;
use crate::paths::{self, VmTab};
use crate::screens::common::facts::is_on;
use crate::screens::common::short_table::Address;
use crate::stores::socket::Stream;
use crate::stores::vm::VmStore;
use crate::stores::{Feed, Live, Watch, use_live};
use leptos::prelude::*;
use std::sync::Arc;

/// The VM of the page. `Copy`; lives as long as the page shows this VM.
#[derive(Debug, Clone, Copy)]
pub struct VmPage {
    /// Which VM.
    pub id: VmId,
    /// The VM with its configuration.
    pub detail: Watch<VmDetail>,
    /// Its live figures.
    pub live: Watch<VmLive>,
    /// State, figures, tags, lock: the newest that is known of each.
    pub vm: Memo<Arc<Vm>>,
    /// Name, or `VM 101` where it has none.
    pub name: Memo<String>,
    /// Configuration in effect; `None` until it is known.
    pub config: Memo<Option<Arc<ConfigMap>>>,
    /// What waits for the next start, where the server says so.
    pub pending: Memo<Vec<PendingChange>>,
    /// Whether it holds memory and has figures.
    pub on: Memo<bool>,
    /// Interfaces with their addresses.
    pub nics: Memo<Vec<NicAddresses>>,
    /// How many snapshots and backups there are, once that is known; set by their tabs, too.
    pub counts: RwSignal<(Option<usize>, Option<usize>)>,
    /// The server's now, ticking.
    pub now: Signal<Instant>,
    store: StoredValue<Arc<VmStore>>,
}

/// The VM of the page; for its parts.
#[must_use]
pub fn use_vm() -> VmPage {
    expect_context::<VmPage>()
}

/// Where the sort of the table on a tab stands, and what its remembered layout is called.
pub fn tab_place(vm: VmId, tab: VmTab) -> (String, Address) {
    let at = move |sort: &str| paths::vm_tab_where(vm, tab, &[("sort", sort)]);
    (format!("vm-{}", tab.slug()), Arc::new(at))
}

/// Reads a feed while `wanted`; what is not asked for is `None`.
fn watch_while<T: PartialEq + Send + Sync + 'static>(
    wanted: Memo<bool>,
    feed: Feed<T>,
) -> Memo<Option<Arc<T>>> {
    // The memo owns the reading: it ends when `wanted` turns.
    let watch = Memo::new_with_compare(
        move |_| wanted.get().then(|| feed.watch().value),
        |_, _| true,
    );
    Memo::new(move |_| watch.get().and_then(|value| value.get()))
}

fn offers(live: &Live, feature: Feature) -> Memo<bool> {
    let live = live.clone();
    Memo::new(move |_| live.offers(feature).is_yes())
}

impl VmPage {
    /// Begins to read everything that the head of the page needs.
    #[must_use]
    pub fn new(id: VmId) -> Self {
        let live_data = use_live();
        let store = live_data.vm(id);
        let (detail, live) = (store.detail.watch(), store.status.watch());
        let vm = newest(id, detail, live, &live_data);
        let config = Memo::new(move |_| {
            detail.value.with(|detail| {
                detail
                    .as_ref()
                    .map(|detail| Arc::new(detail.config.0.clone()))
            })
        });
        let on = Memo::new(move |_| vm.with(|vm| is_on(vm)));
        let pending = watch_while(offers(&live_data, Feature::Pending), store.pending.clone());
        let agent = agent(&live_data, &store, on, config, live);
        Self {
            id,
            detail,
            live,
            vm,
            name: Memo::new(move |_| vm.with(|vm| name_of(vm))),
            config,
            pending: Memo::new(move |_| {
                pending.with(|rows| rows.as_deref().cloned().unwrap_or_default())
            }),
            on,
            nics: Memo::new(move |_| {
                let empty = Vec::new();
                let known = agent.get();
                detail.value.with(|detail| {
                    detail.as_deref().map_or_else(Vec::new, |detail| {
                        let seen = known.as_deref().unwrap_or(&empty);
                        addresses::of_nics(&detail.config.0, &detail.interfaces, seen)
                    })
                })
            }),
            counts: RwSignal::new((None, None)),
            now: live_data.clock.watch(),
            store: StoredValue::new(store),
        }
    }

    /// Its feeds.
    #[must_use]
    pub fn store(&self) -> Arc<VmStore> {
        self.store.get_value()
    }

    /// The configuration as it will be at the next start; tracked.
    #[must_use]
    pub fn next_config(&self) -> Option<Arc<ConfigMap>> {
        let running = self.config.get()?;
        self.pending.with(|pending| {
            if pending.is_empty() {
                return Some(running);
            }
            let waiting = pending.iter().map(|change| PendingValue {
                key: &change.key,
                value: change.pending.as_ref().filter(|_| !change.delete),
            });
            Some(Arc::new(config::with_pending(&running, waiting)))
        })
    }

    /// Whether protection is on; false where it is not known.
    #[must_use]
    pub fn protection(&self) -> bool {
        self.config.with(|config| {
            config
                .as_ref()
                .and_then(|config| config::flag(config, "protection"))
                .unwrap_or_default()
        })
    }

    /// The Talos cluster that it is a node of: `Some(None)` where only that it is one is known.
    #[must_use]
    pub fn talos(&self) -> Option<Option<String>> {
        self.vm.with(|vm| {
            tags::is_talos(&vm.tags).then(|| tags::cluster(&vm.tags).map(ToOwned::to_owned))
        })
    }
}

fn name_of(vm: &Vm) -> String {
    if vm.name.is_empty() {
        format!("VM {}", vm.vmid)
    } else {
        vm.name.clone()
    }
}

/// The list's row and the live figures complete what `/detail` says, or stand in for it where it
/// fails.
fn newest(id: VmId, detail: Watch<VmDetail>, live: Watch<VmLive>, all: &Live) -> Memo<Arc<Vm>> {
    let row = all.vms.rows().row(&id);
    Memo::new(move |_| {
        let known = detail
            .value
            .with(|detail| detail.as_ref().map(|d| d.vm.clone()));
        let listed = row.get();
        let mut vm = known
            .or_else(|| listed.map(|row| Vm::clone(&row)))
            .unwrap_or_else(|| Vm::new(id));
        let older =
            live.status.with(|status| status.updated) < detail.status.with(|status| status.updated);
        live.value.with(|figures| {
            if let Some(figures) = figures {
                if vm.name.is_empty() {
                    vm.name = figures.name.clone().unwrap_or_default();
                }
                if !older {
                    figures.fill(&mut vm);
                }
            }
        });
        Arc::new(vm)
    })
}

/// Interfaces from the guest agent, asked for only where one answers: a call that can only fail
/// is not made.
fn agent(
    all: &Live,
    store: &VmStore,
    on: Memo<bool>,
    config: Memo<Option<Arc<ConfigMap>>>,
    live: Watch<VmLive>,
) -> Memo<Option<Arc<Vec<AgentInterface>>>> {
    let offered = offers(all, Feature::Agent);
    let wanted = Memo::new(move |_| {
        let set_up = config.with(|config| {
            config
                .as_ref()
                .is_some_and(|config| config::flag(config, "agent").unwrap_or_default())
        });
        let answers = live.value.with(|figures| {
            figures
                .as_ref()
                .is_some_and(|figures| figures.agent_status.is_none_or(|state| state > 0))
        });
        offered.get() && on.get() && set_up && answers
    });
    watch_while(wanted, store.interfaces.clone())
}

/// How the page as a whole stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// Nothing is known yet.
    Loading,
    /// Something is known, by whichever call: each panel speaks for itself.
    Known,
    /// Nothing could be learnt.
    Failed(ApiError),
    /// There is no such VM.
    Missing,
    /// There was one when the page was opened.
    Deleted(String),
}

impl VmPage {
    /// How the page stands; what is deleted stays deleted.
    #[must_use]
    pub fn presence(&self) -> Memo<Presence> {
        let Self {
            id,
            detail,
            live,
            name,
            ..
        } = *self;
        let all = use_live();
        let row = all.vms.rows().row(&id);
        let listed = all.vms.rows().clone();
        let stream = all.stream();
        // Whether the list had it, and no longer has.
        let dropped = Memo::new(move |before: Option<&(bool, bool)>| {
            let here = row.with(Option::is_some);
            let seen = before.is_some_and(|(seen, _)| *seen) || here;
            // Signing out empties the rows, too.
            let told = listed.is_loaded() || stream.with(|stream| *stream == Stream::Live);
            (seen, seen && !here && told)
        });
        Memo::new(move |before: Option<&Presence>| {
            if let Some(Presence::Deleted(name)) = before {
                return Presence::Deleted(name.clone());
            }
            let known = detail.value.with(Option::is_some) || live.value.with(Option::is_some);
            let error = detail
                .status
                .with(|status| status.error.clone().filter(|_| !status.in_flight));
            let missing = error
                .as_ref()
                .is_some_and(|error| error.kind == ErrorKind::NotFound);
            match (known, missing || dropped.get().1, error) {
                (true, true, _) => Presence::Deleted(name.get_untracked()),
                (true, false, _) => Presence::Known,
                (false, true, _) => Presence::Missing,
                (false, false, Some(error)) if live.status.with(|s| s.error.is_some()) => {
                    Presence::Failed(error)
                }
                (false, false, _) => Presence::Loading,
            }
        })
    }
}
