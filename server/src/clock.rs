//! The server's clock, so that one place names it. It does not know what the time is used for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, by this machine's clock.
pub fn now_ms() -> u64 {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

/// A clock by which things expire. It is this machine's, unless someone who wants to see them expire
/// puts it forward. Clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Where it stands but for what it was put forward; `None` while it goes.
    stands_ms: Option<u64>,
    ahead_ms: Arc<AtomicU64>,
}

impl Clock {
    /// A clock that stands at this time, in milliseconds since 1970, until it is put forward: for whoever wants the
    /// same to happen twice.
    pub fn standing(at_ms: u64) -> Self {
        Self {
            stands_ms: Some(at_ms),
            ahead_ms: Arc::default(),
        }
    }

    /// Whether it goes on only where it is put forward.
    pub fn stands(&self) -> bool {
        self.stands_ms.is_some()
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        let now_ms = self.stands_ms.unwrap_or_else(now_ms);
        now_ms.saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Puts the clock forward.
    pub fn advance(&self, by: Duration) {
        let by_ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}
