//! What a connection has asked for and not got yet. It does not know what that is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parley_shared::limits::{READS_IN_FLIGHT_MAX, SENDS_IN_FLIGHT_MAX};

use crate::hub::mailbox::Mailbox;

/// Changes that wait for the disk, and questions that wait for the store.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    changes: AtomicUsize,
    reads: AtomicUsize,
}

impl InFlight {
    /// Whether one more may be asked for.
    pub(super) fn has_room(&self) -> bool {
        self.changes.load(Ordering::Relaxed) < SENDS_IN_FLIGHT_MAX
            && self.reads.load(Ordering::Relaxed) < READS_IN_FLIGHT_MAX
    }
}

/// One unfinished thing, for as long as it lives.
pub(super) struct Unfinished {
    in_flight: Arc<InFlight>,
    count: fn(&InFlight) -> &AtomicUsize,
    /// So many at once, and the connection reads no further.
    max: usize,
    mailbox: Arc<Mailbox>,
}

impl Unfinished {
    pub(super) fn change(in_flight: &Arc<InFlight>, mailbox: &Arc<Mailbox>) -> Self {
        Self::new(
            in_flight,
            mailbox,
            |in_flight| &in_flight.changes,
            SENDS_IN_FLIGHT_MAX,
        )
    }

    pub(super) fn read(in_flight: &Arc<InFlight>, mailbox: &Arc<Mailbox>) -> Self {
        Self::new(
            in_flight,
            mailbox,
            |in_flight| &in_flight.reads,
            READS_IN_FLIGHT_MAX,
        )
    }

    fn new(
        in_flight: &Arc<InFlight>,
        mailbox: &Arc<Mailbox>,
        count: fn(&InFlight) -> &AtomicUsize,
        max: usize,
    ) -> Self {
        count(in_flight).fetch_add(1, Ordering::Relaxed);
        Self {
            in_flight: Arc::clone(in_flight),
            count,
            max,
            mailbox: Arc::clone(mailbox),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let before = (self.count)(&self.in_flight).fetch_sub(1, Ordering::Relaxed);
        // The answer itself wakes nobody: it goes out without the connection's task.
        if before >= self.max {
            self.mailbox.nudge();
        }
    }
}
