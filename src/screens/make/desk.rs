//! Where the person is in a wizard, and what is said of each field.

use crate::components::{StepState, WizardStep};
use crate::domain::provision::{Step, Wrong};
use crate::paths;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A field that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As [`Wrong::field`].
    pub field: String,
    /// In the server's words.
    pub message: String,
}

type Go = Arc<dyn Fn(Step) + Send + Sync>;

/// Steps and errors of one wizard.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The step that the address names.
    pub at: Memo<Step>,
    /// The steps there are now.
    pub all: Signal<Vec<Step>>,
    /// What is wrong.
    pub wrong: Signal<Vec<Wrong>>,
    /// What the server refused of what is typed now.
    pub refused: RwSignal<Vec<Refused>>,
    /// Steps that were left once.
    tried: RwSignal<BTreeSet<Step>>,
    go: StoredValue<Go>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// The step that an address names, by its query.
pub fn named(search: &str) -> Option<Step> {
    let pairs = crate::domain::url_query::read(search);
    let (_, slug) = pairs.into_iter().find(|(key, _)| key == "step")?;
    Step::ALL.into_iter().find(|step| step.slug() == slug)
}

impl Desk {
    /// `path` builds the address of a step.
    pub fn new(
        path: impl Fn(Step) -> String + Send + Sync + 'static,
        all: Signal<Vec<Step>>,
        wrong: Signal<Vec<Wrong>>,
    ) -> Self {
        let url = use_url();
        let asked = Memo::new(move |_| url.with(|url| named(url.search())));
        let at = Memo::new(move |_| {
            all.with(|all| {
                let there = asked.get().filter(|step| all.contains(step));
                there.or(all.first().copied()).unwrap_or(Step::General)
            })
        });
        let navigate = use_navigate();
        let go: Go = Arc::new(move |step| {
            let options = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&path(step), options);
        });
        let desk = Self {
            at,
            all,
            wrong,
            refused: RwSignal::new(Vec::new()),
            tried: RwSignal::new(BTreeSet::new()),
            go: StoredValue::new(go),
        };
        // Whatever way a step is left by, the browser's own included, it is checked then; the
        // review checks all of them.
        Effect::new(move |before: Option<Step>| {
            let now = at.get();
            if let Some(before) = before.filter(|before| *before != now) {
                desk.try_step(before);
            }
            if now == Step::Review {
                desk.tried.set(Step::ALL.into());
            }
            now
        });
        desk
    }

    fn try_step(self, step: Step) {
        self.tried.update(|tried| {
            tried.insert(step);
        });
    }

    /// Goes to a step.
    pub fn go(self, step: Step) {
        self.go.with_value(|go| go(step));
    }

    /// By its name in the address.
    pub fn go_to(self, slug: &str) {
        if let Some(step) = Step::ALL.into_iter().find(|step| step.slug() == slug) {
            self.go(step);
        }
    }

    /// On to the next step, unless something is wrong with this one.
    pub fn next(self) {
        let at = self.at.get_untracked();
        self.try_step(at);
        if self
            .wrong
            .with_untracked(|all| all.iter().any(|wrong| wrong.step == at))
        {
            return;
        }
        let next = self.all.with_untracked(|all| {
            let place = all.iter().position(|step| *step == at)?;
            all.get(place + 1).copied()
        });
        if let Some(next) = next {
            self.go(next);
        }
    }

    /// What is said of a field: what is wrong as soon as something is typed, what is missing when
    /// its step was left, what the server refused.
    pub fn error_of(self, field: impl Into<String>) -> Signal<Option<String>> {
        let field = field.into();
        Memo::new(move |_| {
            let own = self.wrong.with(|all| {
                let found = all.iter().find(|wrong| wrong.field == field)?;
                let shown = !found.missing || self.tried.with(|tried| tried.contains(&found.step));
                shown.then(|| found.message.clone())
            });
            own.or_else(|| {
                self.refused.with(|refused| {
                    let found = refused.iter().find(|refused| refused.field == field)?;
                    Some(found.message.clone())
                })
            })
        })
        .into()
    }

    /// What the server refused of the fields of a step that is there; tracked.
    pub fn refused_at(self, step: Step) -> impl Iterator<Item = String> {
        let first = self.all.with(|all| all.first().copied());
        let of = move |field: &str| {
            let found = Step::of_field(field);
            let there = self.all.with(|all| all.contains(&found));
            if there { Some(found) } else { first }
        };
        let all = self.refused.get().into_iter();
        all.filter(move |refused| of(&refused.field) == Some(step))
            .map(|refused| refused.message)
    }

    /// The steps as the wizard lists them.
    pub fn steps(self) -> Signal<Vec<WizardStep>> {
        Memo::new(move |_| {
            let (at, tried) = (self.at.get(), self.tried.get());
            let state = |step: Step| {
                if self.refused_at(step).next().is_some() {
                    StepState::Wrong
                } else if !tried.contains(&step) || (step == Step::Review && at == step) {
                    StepState::Open
                } else if self
                    .wrong
                    .with(|all| all.iter().any(|wrong| wrong.step == step))
                {
                    StepState::Wrong
                } else if step == Step::Review {
                    StepState::Open
                } else {
                    StepState::Done
                }
            };
            self.all.with(|all| {
                let row = |step: &Step| WizardStep {
                    id: step.slug(),
                    label: step.label(),
                    state: state(*step),
                };
                all.iter().map(row).collect()
            })
        })
        .into()
    }

    /// Why nothing can be sent now: names the first step that holds something wrong; tracked.
    pub fn blocked(self) -> Signal<Option<String>> {
        Memo::new(move |_| {
            self.wrong.with(|all| {
                let first = all.first()?;
                Some(format!("{}: {}", first.step.label(), first.message))
            })
        })
        .into()
    }
}

/// The address of a step below a path.
pub fn step_path(path: &str, pairs: &[(&str, &str)], step: Step) -> String {
    let mut all = pairs.to_vec();
    all.push(("step", step.slug()));
    format!("{path}{}", paths::query(&all))
}
