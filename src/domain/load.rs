//! Load averages of nodes.

use std::cmp::Ordering;

/// How much waits on a node to be computed, over 1, 5 and 15 minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeLoad {
    /// Name of the node.
    pub node: String,
    /// Over 1, 5 and 15 minutes: processes that run or wait to.
    pub averages: [f64; 3],
    /// Its logical CPUs, where known.
    pub cpus: Option<u32>,
}

impl NodeLoad {
    /// From what a server says; `None` where it does not say all three.
    #[must_use]
    pub fn read(node: &str, averages: &[f64], cpus: Option<u32>) -> Option<Self> {
        let averages: [f64; 3] = averages.get(..3)?.try_into().ok()?;
        let sound = averages.iter().all(|load| load.is_finite() && *load >= 0.0);
        sound.then(|| Self {
            node: node.to_owned(),
            averages,
            cpus: cpus.filter(|cpus| *cpus > 0),
        })
    }

    /// Whether more waits than the node can compute, and not only for a moment.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.per_cpu().is_some_and(|share| share > 1.0)
    }

    fn per_cpu(&self) -> Option<f64> {
        let [_, five, _] = self.averages;
        Some(five / f64::from(self.cpus?))
    }
}

/// The most loaded for their size, at most so many, and how many more there are. Nodes of unknown
/// size come last.
#[must_use]
pub fn busiest(mut loads: Vec<NodeLoad>, most: usize) -> (Vec<NodeLoad>, usize) {
    loads.sort_by(|a, b| {
        let share = |load: &NodeLoad| load.per_cpu().unwrap_or(-1.0);
        let order: Ordering = share(b).total_cmp(&share(a));
        order.then_with(|| super::text::natural(&a.node, &b.node))
    });
    let more = loads.len().saturating_sub(most);
    loads.truncate(most);
    (loads, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_answers_count() {
        let read = |averages: &[f64]| NodeLoad::read("a", averages, Some(4));
        assert!(read(&[1.0, 2.0]).is_none());
        assert!(read(&[1.0, f64::NAN, 2.0]).is_none());
        assert!(read(&[-1.0, 2.0, 2.0]).is_none());
        let load = read(&[9.0, 4.5, 1.0, 7.0]).unwrap();
        assert_eq!(load.averages, [9.0, 4.5, 1.0]);
        assert!(load.is_over());
        assert!(!read(&[9.0, 4.0, 1.0]).unwrap().is_over(), "a peak");
        let unsized_node = NodeLoad::read("a", &[9.0; 3], Some(0)).unwrap();
        assert!(!unsized_node.is_over(), "its size is not known");
    }

    #[test]
    fn the_busiest_for_their_size_come_first() {
        let load = |node, five, cpus| NodeLoad::read(node, &[0.0, five, 0.0], cpus).unwrap();
        let all = vec![
            load("large", 8.0, Some(64)),
            load("unknown", 90.0, None),
            load("n10", 2.0, Some(4)),
            load("n9", 2.0, Some(4)),
        ];
        let (shown, more) = busiest(all, 3);
        let names: Vec<_> = shown.iter().map(|load| &*load.node).collect();
        assert_eq!((names.as_slice(), more), (&["n9", "n10", "large"][..], 1));
    }
}
