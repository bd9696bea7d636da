//! How many were delivered in one phase, until when, and how late. It does not know what.

use std::time::{Duration, Instant};

use crate::figures::Latencies;

pub(crate) struct Tally {
    pub(crate) deliveries: u64,
    pub(crate) last: Option<Instant>,
    pub(crate) latencies: Latencies,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            deliveries: 0,
            last: None,
            latencies: Latencies::new(),
        }
    }

    /// Counts a delivery of what was to be sent at `planned`, whenever it was.
    pub(crate) fn count(&mut self, planned: Instant, now: Instant) {
        self.deliveries += 1;
        self.last = Some(now);
        let latency = now.checked_duration_since(planned);
        self.latencies.record(latency.unwrap_or(Duration::ZERO));
    }
}
