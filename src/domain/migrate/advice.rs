//! Which node suits best.

use super::known::{Guest, Place};
use crate::domain::units::{Bytes, Fraction};

/// How a node would stand after the move.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The node.
    pub node: String,
    /// Its memory in use then.
    pub memory: Option<Fraction>,
    /// Free memory now.
    pub free: Option<Bytes>,
    /// Its cores in use then.
    pub cpu: Option<Fraction>,
    /// VMs that would come.
    pub comes: usize,
    /// Whether its memory is enough, as far as known.
    pub fits: bool,
    /// The one that is advised.
    pub best: bool,
}

#[expect(clippy::cast_precision_loss, reason = "shares are shown")]
fn one(guests: &[Guest], place: &Place, can: impl Fn(&Guest, &Place) -> bool) -> Advice {
    let coming: Vec<&Guest> = guests
        .iter()
        .filter(|guest| guest.node != place.name && can(guest, place))
        .collect();
    let on = || coming.iter().filter(|guest| guest.is_on());
    let memory: u64 = on().filter_map(|guest| guest.memory).map(|own| own.0).sum();
    let busy: f64 = on().filter_map(|guest| guest.busy).sum();
    let after = |total: Bytes, used: Bytes| {
        (total.0 > 0).then(|| Fraction((used.0.saturating_add(memory)) as f64 / total.0 as f64))
    };
    let share = place
        .memory
        .zip(place.used)
        .and_then(|(total, used)| after(total, used));
    let cpu = place.cores.filter(|cores| *cores > 0).zip(place.busy);
    Advice {
        node: place.name.clone(),
        memory: share,
        free: place
            .memory
            .zip(place.used)
            .map(|(total, used)| Bytes(total.0.saturating_sub(used.0))),
        cpu: cpu.map(|(cores, own)| Fraction((own + busy) / f64::from(cores))),
        comes: coming.len(),
        fits: share.is_none_or(|share| share.0 <= 1.0),
        best: false,
    }
}

/// Fuller than this afterwards a node is advised only where there is no other.
const TIGHT: f64 = 0.9;

/// Every node that could take at least one of the VMs (`can`), the best marked: the one whose fuller
/// half, memory or CPU, is least full afterwards; of nodes with room to spare first those that most
/// of the VMs can move to. None is marked where no numbers are known, or where nothing fits.
#[must_use]
pub fn advise(
    guests: &[Guest],
    places: &[Place],
    can: impl Fn(&Guest, &Place) -> bool,
) -> Vec<Advice> {
    let mut all: Vec<Advice> = places
        .iter()
        .map(|place| one(guests, place, &can))
        .filter(|advice| advice.comes > 0)
        .collect();
    let online = |name: &str| places.iter().any(|own| own.name == name && own.online);
    let fullest = |advice: &Advice| {
        let memory = advice.memory?.0;
        Some(advice.cpu.map_or(memory, |cpu| memory.max(cpu.0)))
    };
    let most = all.iter().map(|advice| advice.comes).max().unwrap_or(0);
    let best = all
        .iter()
        .enumerate()
        .filter(|(_, own)| own.fits && online(&own.node))
        .filter_map(|(at, own)| {
            let full = fullest(own)?;
            Some((at, full >= TIGHT || own.comes < most, full))
        })
        .min_by(|a, b| a.1.cmp(&b.1).then_with(|| a.2.total_cmp(&b.2)))
        .map(|(at, ..)| at);
    if let Some(own) = best.and_then(|at| all.get_mut(at)) {
        own.best = true;
    }
    all
}
