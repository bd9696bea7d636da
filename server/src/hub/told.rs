//! Up to which stamp everything was told to those who listen. It does not know what that was.

use std::sync::atomic::{AtomicU64, Ordering};

use parley_shared::ids::Stamp;

use super::Hub;

/// How far telling has come.
#[derive(Debug)]
pub(super) struct ToldThrough {
    newest: AtomicU64,
    /// The stamp up to which all was told when the oldest began to wait of what is told in time.
    waiting: AtomicU64,
    /// The newest that was told to nobody.
    untold: AtomicU64,
}

/// Nothing waits.
const NOTHING: u64 = u64::MAX;

impl Default for ToldThrough {
    fn default() -> Self {
        Self {
            newest: AtomicU64::new(0),
            waiting: AtomicU64::new(NOTHING),
            untold: AtomicU64::new(0),
        }
    }
}

impl Hub {
    /// Everything with a stamp up to this one was told.
    pub fn told_through(&self, stamp: Stamp) {
        self.shared.told.newest.store(stamp.0, Ordering::Release);
    }

    /// What changed with this stamp was told to nobody: only who arrives afterwards knows it.
    pub fn untold_since(&self, stamp: Stamp) {
        self.shared.told.untold.store(stamp.0, Ordering::Release);
    }

    /// The stamp up to which everything was told to whoever arrived with that one; `None` when something
    /// since then was told to nobody.
    ///
    /// What was told before this is called is in every mailbox before what its caller lays there next.
    pub fn told(&self, arrived: Stamp) -> Option<Stamp> {
        let told = &self.shared.told;
        // In this order: what begins to wait does so before the stamp moves on over it.
        let newest = told.newest.load(Ordering::Acquire);
        let waiting = told.waiting.load(Ordering::Acquire);
        let untold = told.untold.load(Ordering::Acquire);
        (untold <= arrived.0).then_some(Stamp(newest.min(waiting)))
    }

    /// The newest stamp that may be told of, whatever waits.
    pub(super) fn newest_told(&self) -> Stamp {
        Stamp(self.shared.told.newest.load(Ordering::Acquire))
    }

    /// Since which stamp the oldest of what is told in time waits, if anything does.
    pub(super) fn waits_since(&self, stamp: Option<Stamp>) {
        let since = stamp.map_or(NOTHING, |stamp| stamp.0);
        self.shared.told.waiting.store(since, Ordering::Release);
    }
}
