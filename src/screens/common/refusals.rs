//! Fields that the server refused, with what it refused: gone as soon as that changes.

use crate::api::ApiError;
use leptos::prelude::*;

/// A draft, and what the server said of its fields, each with its words.
type Refused<D> = Option<(D, Vec<(String, String)>)>;

/// What the server said of the last draft that it refused.
#[derive(Debug)]
pub struct Refusals<D: Send + Sync + 'static>(RwSignal<Refused<D>>);

impl<D: Send + Sync + 'static> Copy for Refusals<D> {}
impl<D: Send + Sync + 'static> Clone for Refusals<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Send + Sync + 'static> Refusals<D> {
    /// Nothing was refused yet.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Takes down what was refused of a draft. Nothing happens where the form has gone.
    pub fn note(self, draft: D, error: &ApiError) {
        let fields = error.fields.iter();
        let fields = fields.map(|said| (said.field.clone(), said.message.clone()));
        let _ = self.0.try_set(Some((draft, fields.collect())));
    }

    /// What was said of a field, if what is there now is what was refused; tracked.
    #[must_use]
    pub fn of(self, field: &str, is_same: impl FnOnce(&D) -> bool) -> Option<String> {
        self.0.with(|refused| {
            let (draft, fields) = refused.as_ref()?;
            let (_, said) = fields
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(field))?;
            is_same(draft).then(|| said.clone())
        })
    }
}

impl<D: Send + Sync + 'static> Default for Refusals<D> {
    fn default() -> Self {
        Self::new()
    }
}
