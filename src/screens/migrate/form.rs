//! What is chosen, step by step. Which VMs, where to and which step stand in the address; the
//! rest is kept beside it.

use super::asked::Asked;
use super::kept::{self, Kept};
use super::known::{Lists, known};
use crate::components::{StepState, WizardStep};
use crate::domain::ids::VmId;
use crate::domain::migrate::{Draft, Guest, Known, Step, Verdict, Wrong, verdict};
use crate::paths;
use crate::stores::Live;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Go = Arc<dyn Fn(&str, bool) + Send + Sync>;

/// What an address says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// VMs, in their order, each once.
    pub vms: Vec<VmId>,
    /// Node.
    pub target: Option<String>,
    /// Step.
    pub step: Option<Step>,
}

impl Address {
    /// By its query.
    pub fn read(search: &str) -> Self {
        let mut found = Self::default();
        for (key, value) in crate::domain::url_query::read(search) {
            match key.as_str() {
                "vm" => {
                    for id in value.split(',').filter_map(|id| id.trim().parse().ok()) {
                        if !found.vms.contains(&VmId(id)) {
                            found.vms.push(VmId(id));
                        }
                    }
                }
                "to" if !value.is_empty() => found.target = Some(value),
                "step" => found.step = Step::parse(&value),
                _ => {}
            }
        }
        found
    }
}

/// All fields.
#[derive(Clone, Copy)]
pub struct Form {
    pub vms: Memo<Vec<VmId>>,
    pub target: Memo<Option<String>>,
    pub at: Memo<Step>,
    pub map: RwSignal<BTreeMap<String, String>>,
    pub one_storage: RwSignal<String>,
    pub offline: RwSignal<bool>,
    pub local_disks: RwSignal<bool>,
    pub force: RwSignal<bool>,
    pub unchecked: RwSignal<bool>,
    pub network: RwSignal<String>,
    pub kind: RwSignal<String>,
    pub bandwidth: RwSignal<String>,
    pub at_once: RwSignal<String>,
    pub known: Memo<Known>,
    pub draft: Memo<Draft>,
    pub wrong: Memo<Vec<Wrong>>,
    pub asked: Asked,
    pub lists: Lists,
    /// The VMs that were chosen here: another address is another wish.
    own: StoredValue<Vec<VmId>>,
    live: StoredValue<Live>,
    tried: RwSignal<BTreeSet<Step>>,
    go: StoredValue<Go>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Form").finish_non_exhaustive()
    }
}

impl Form {
    /// Over what was chosen before.
    pub fn new(live: &Live, before: Draft) -> Self {
        let url = use_url();
        let address = Memo::new(move |_| url.with(|url| Address::read(url.search())));
        let vms = Memo::new(move |_| address.with(|own| own.vms.clone()));
        let target = Memo::new(move |_| address.with(|own| own.target.clone()));
        let at = Memo::new(move |_| address.with(|own| own.step).unwrap_or(Step::Vms));
        let (known, asked, lists) = known(live, vms, target);
        let map = RwSignal::new(before.map);
        let one_storage = RwSignal::new(before.one_storage.unwrap_or_default());
        let (offline, local_disks) = (
            RwSignal::new(before.offline),
            RwSignal::new(before.local_disks),
        );
        let (force, unchecked) = (RwSignal::new(before.force), RwSignal::new(before.unchecked));
        let network = RwSignal::new(before.network);
        let (kind, bandwidth) = (RwSignal::new(before.kind), RwSignal::new(before.bandwidth));
        let at_once = RwSignal::new(before.at_once.to_string());
        let draft = Memo::new(move |_| Draft {
            vms: vms.get(),
            target: target.get(),
            map: map.get(),
            one_storage: Some(one_storage.get()).filter(|own| !own.is_empty()),
            offline: offline.get(),
            local_disks: local_disks.get(),
            force: force.get(),
            unchecked: unchecked.get(),
            network: network.get(),
            kind: kind.get(),
            bandwidth: bandwidth.get(),
            at_once: at_once.with(|text| text.trim().parse().unwrap_or(0)),
        });
        let wrong = Memo::new(move |_| known.with(|known| draft.with(|draft| draft.check(known))));
        let navigate = use_navigate();
        let go: Go = Arc::new(move |path, replace| {
            let options = NavigateOptions {
                replace,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(path, options);
        });
        let form = Self {
            vms,
            target,
            at,
            map,
            one_storage,
            offline,
            local_disks,
            force,
            unchecked,
            network,
            kind,
            bandwidth,
            at_once,
            known,
            draft,
            wrong,
            asked,
            lists,
            own: StoredValue::new(vms.get_untracked()),
            live: StoredValue::new(live.clone()),
            tried: RwSignal::new(BTreeSet::new()),
            go: StoredValue::new(go),
        };
        form.follow();
        form
    }

    fn follow(self) {
        // Whatever way a step is left by, it is checked then; the last two check all of them.
        Effect::new(move |before: Option<Step>| {
            let now = self.at.get();
            if let Some(before) = before.filter(|before| *before != now) {
                self.left(before);
            }
            if matches!(now, Step::Review | Step::Execute) {
                self.tried.set(Step::ALL.into());
            }
            now
        });
        // What is kept outlives the page, so it is written whenever the person changes it.
        Effect::new(move |before: Option<()>| {
            self.draft.track();
            self.at.track();
            let own = self.own.with_value(|own| self.vms.with(|vms| vms == own));
            if before.is_some() && own {
                self.keep(self.vms.get());
            }
        });
    }

    /// Keeps what is chosen, with these VMs; forgets it where there are none.
    fn keep(self, vms: Vec<VmId>) {
        let draft = Draft {
            vms,
            ..self.draft.get_untracked()
        };
        let step = self.at.get_untracked().slug().to_owned();
        self.live.with_value(|live| {
            if kept::peek(live).is_some_and(|kept| kept.run.is_some()) {
                return;
            }
            let kept = Kept {
                draft,
                step,
                run: None,
            };
            kept::put(live, Some(&kept).filter(|kept| !kept.draft.vms.is_empty()));
        });
    }

    fn left(self, step: Step) {
        self.tried.update(|tried| {
            tried.insert(step);
        });
    }

    fn goes(self, path: &str, replace: bool) {
        self.go.with_value(|go| go(path, replace));
    }

    /// Goes to a step.
    pub fn go(self, step: Step) {
        let target = self.target.get_untracked().unwrap_or_default();
        let path = self
            .vms
            .with_untracked(|vms| paths::migrate_where(vms, &target, step.slug()));
        self.goes(&path, false);
    }

    /// By its name in the address.
    pub fn go_to(self, slug: &str) {
        if let Some(step) = Step::parse(slug) {
            self.go(step);
        }
    }

    /// On to the next step, unless something is wrong with this one.
    pub fn next(self) {
        let at = self.at.get_untracked();
        self.left(at);
        if self
            .wrong
            .with_untracked(|all| all.iter().any(|wrong| wrong.step == at))
        {
            return;
        }
        let place = Step::ALL.iter().position(|step| *step == at);
        if let Some(next) = place.and_then(|place| Step::ALL.get(place + 1)) {
            self.go(*next);
        }
    }

    /// Chooses other VMs; the address says so, and no step of the browser's history.
    pub fn choose(self, vms: &[VmId]) {
        let target = self.target.get_untracked().unwrap_or_default();
        let step = self.at.get_untracked().slug();
        // Kept first: the page asks about an address whose VMs are not those that are kept.
        self.own.set_value(vms.to_vec());
        self.keep(vms.to_vec());
        self.goes(&paths::migrate_where(vms, &target, step), true);
    }

    /// Takes one in, or out.
    pub fn toggle(self, vm: VmId) {
        let mut vms = self.vms.get_untracked();
        match vms.iter().position(|own| *own == vm) {
            Some(place) => drop(vms.remove(place)),
            None => vms.push(vm),
        }
        self.choose(&vms);
    }

    /// Chooses a node.
    pub fn aim(self, node: &str) {
        let step = self.at.get_untracked().slug();
        let path = self
            .vms
            .with_untracked(|vms| paths::migrate_where(vms, node, step));
        // Another node has other storages.
        self.map.set(BTreeMap::new());
        self.goes(&path, true);
    }

    /// What is said of a step's field: what is wrong at once, what is missing once the step was
    /// left.
    pub fn error_of(self, field: &'static str) -> Signal<Option<String>> {
        Memo::new(move |_| {
            self.wrong.with(|all| {
                let found = all.iter().find(|wrong| wrong.field == field)?;
                let shown = !found.missing || self.tried.with(|tried| tried.contains(&found.step));
                shown.then(|| found.message.clone())
            })
        })
        .into()
    }

    /// Why nothing can be begun now.
    pub fn blocked(self) -> Signal<Option<String>> {
        Memo::new(move |_| {
            self.wrong.with(|all| {
                let first = all.first()?;
                Some(format!("{}: {}", first.step.label(), first.message))
            })
        })
        .into()
    }

    /// The steps as the wizard lists them.
    pub fn steps(self) -> Signal<Vec<WizardStep>> {
        Memo::new(move |_| {
            let tried = self.tried.get();
            let state = |step: Step| {
                let wrong = self
                    .wrong
                    .with(|all| all.iter().any(|wrong| wrong.step == step));
                let here = step == Step::Review && self.at.get() == step;
                if !tried.contains(&step) || step == Step::Execute || here {
                    StepState::Open
                } else if wrong {
                    StepState::Wrong
                } else {
                    StepState::Done
                }
            };
            Step::ALL
                .into_iter()
                .map(|step| WizardStep {
                    id: step.slug(),
                    label: step.label(),
                    state: state(step),
                })
                .collect::<Vec<_>>()
        })
        .into()
    }

    /// How each chosen VM stands to a node; tracked.
    pub fn verdicts(self, node: &str) -> Vec<(Guest, Verdict)> {
        self.known.with(|known| {
            let Some(place) = known.place(node) else {
                return Vec::new();
            };
            self.draft.with(|draft| {
                let one = |guest: &Guest| (guest.clone(), verdict(guest, place, known, draft));
                known.guests.iter().map(one).collect()
            })
        })
    }
}
