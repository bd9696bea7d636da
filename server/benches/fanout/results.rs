//! What all trials came to, by peer and number of connections. It does not know how they are shown.

use crate::figures::median;
use crate::rows::Row;
use crate::trial::Measured;

/// A row is void when the same build differs from itself by more than this part.
const VOID_ABOVE: f64 = 0.05;

/// Everything that was measured.
pub(crate) struct Results {
    pub(crate) peers: Vec<&'static str>,
    trials: Vec<Trial>,
}

struct Trial {
    peer: usize,
    size: usize,
    measured: Measured,
    trouble: Option<String>,
}

impl Results {
    pub(crate) fn new(peers: Vec<&'static str>) -> Self {
        Self {
            peers,
            trials: Vec::new(),
        }
    }

    pub(crate) fn add(
        &mut self,
        peer: usize,
        size: usize,
        measured: Measured,
        trouble: Option<String>,
    ) {
        self.trials.push(Trial {
            peer,
            size,
            measured,
            trouble,
        });
    }

    /// Whether every trial came to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.trials.iter().all(|trial| trial.trouble.is_none())
    }

    /// What went wrong, in whole sentences.
    pub(crate) fn troubles(&self) -> Vec<String> {
        let told = self.trials.iter().filter_map(|trial| {
            let trouble = trial.trouble.as_ref()?;
            let (peer, size) = (self.peers[trial.peer], trial.size);
            Some(format!("{peer} with {size} connections: {trouble}"))
        });
        told.collect()
    }

    /// The numbers of connections, the smallest first.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.trials.iter().map(|trial| trial.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// The figures of a row, one for each peer.
    pub(crate) fn figures(&self, row: &Row, size: usize) -> Vec<Option<f64>> {
        (0..self.peers.len())
            .map(|peer| {
                let trials = self.trials.iter();
                let of_peer = trials.filter(|trial| trial.peer == peer && trial.size == size);
                median(of_peer.filter_map(|trial| (row.of)(&trial.measured)))
            })
            .collect()
    }

    /// By which part the first two peers differ in a row.
    pub(crate) fn difference(&self, row: &Row, size: usize) -> Option<f64> {
        let [Some(one), Some(other)] = self.figures(row, size)[..] else {
            return None;
        };
        let smaller = one.min(other);
        (smaller > 0.0).then(|| one.max(other) / smaller - 1.0)
    }
}

/// Whether such a difference between a build and itself says that the row can not be believed.
pub(crate) fn is_void(difference: Option<f64>) -> bool {
    difference.is_none_or(|difference| difference > VOID_ABOVE)
}
