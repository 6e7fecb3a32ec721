//! VMs by state.

use crate::domain::status::VmStatus;
use std::collections::BTreeMap;

/// How many VMs are in which state. Templates count as templates alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VmCounts {
    /// The guide's states first, also where none is in them; then every other that occurs.
    pub states: Vec<(VmStatus, usize)>,
    /// Templates.
    pub templates: usize,
    /// VMs with a lock.
    pub locked: usize,
}

impl VmCounts {
    /// Counts VMs of which state, being a template, and being locked are known.
    #[must_use]
    pub fn of<'a>(vms: impl IntoIterator<Item = (&'a VmStatus, bool, bool)>) -> Self {
        let shown = [
            VmStatus::Running,
            VmStatus::Stopped,
            VmStatus::Paused,
            VmStatus::Error,
        ];
        let mut by_state: BTreeMap<&VmStatus, usize> = BTreeMap::new();
        let (mut templates, mut locked) = (0, 0);
        for (status, template, has_lock) in vms {
            locked += usize::from(has_lock);
            if template {
                templates += 1;
            } else {
                *by_state.entry(status).or_default() += 1;
            }
        }
        let mut states: Vec<(VmStatus, usize)> = shown
            .into_iter()
            .map(|status| {
                let number = by_state.remove(&status).unwrap_or_default();
                (status, number)
            })
            .collect();
        let others = by_state.into_iter();
        states.extend(others.map(|(status, number)| (status.clone(), number)));
        Self {
            states,
            templates,
            locked,
        }
    }

    /// VMs without templates.
    #[must_use]
    pub fn total(&self) -> usize {
        self.states.iter().map(|(_, number)| number).sum()
    }

    /// VMs in one state.
    #[must_use]
    pub fn in_state(&self, wanted: &VmStatus) -> usize {
        self.states
            .iter()
            .find(|(status, _)| status == wanted)
            .map_or(0, |(_, number)| *number)
    }
}
