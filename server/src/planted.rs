//! Bugs on purpose, for the harnesses that must find them. It knows what they are called and not where they sit.
//!
//! Only a build with the feature `planted-bugs` has this file. It has one bug at most, the one that the
//! environment names, and none without it.

use std::sync::LazyLock;

use parley_shared::ids::MessageId;

use crate::clock;
use crate::random;

/// Names one of the bugs.
const VARIABLE: &str = "PARLEY_PLANTED_BUG";

static PRESENT: LazyLock<Option<Bug>> = LazyLock::new(|| {
    let name = std::env::var(VARIABLE).ok()?;
    let bug = Bug::named(&name);
    tracing::warn!(bug = name, known = bug.is_some(), "this server has a bug");
    bug
});

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// What was written is acknowledged, and committed when the next batch comes.
    EarlyAcknowledgement,
    /// A message that is sent again is taken for a new one.
    BlindRetry,
    /// The log is brought to the disk before it is reused, and not at each commit.
    SyncNormal,
    /// Nothing is brought to the disk: the operating system does that when it likes.
    SyncOff,
    /// What an earlier run left in the log is believed to be on the disk.
    TrustedLog,
}

impl Bug {
    fn named(name: &str) -> Option<Self> {
        match name {
            "early-acknowledgement" => Some(Self::EarlyAcknowledgement),
            "blind-retry" => Some(Self::BlindRetry),
            "sync-normal" => Some(Self::SyncNormal),
            "sync-off" => Some(Self::SyncOff),
            "trusted-log" => Some(Self::TrustedLog),
            _ => None,
        }
    }
}

/// Whether this process has a bug.
pub fn is(bug: Bug) -> bool {
    *PRESENT == Some(bug)
}

/// How far a commit is brought to the disk, in SQLite's words.
pub fn synchronous() -> &'static str {
    match *PRESENT {
        Some(Bug::SyncNormal) => "NORMAL",
        Some(Bug::SyncOff) => "OFF",
        _ => "FULL",
    }
}

/// Whether this thread may promise what it has not committed: of all that is written, only messages and
/// what else goes through the ledger.
pub(crate) fn may_promise_early() -> bool {
    is(Bug::EarlyAcknowledgement) && std::thread::current().name() == Some("ledger")
}

/// The id under which a message is kept once more.
pub(crate) fn another_id() -> std::io::Result<MessageId> {
    Ok(MessageId::from_time_and_randomness(
        clock::now_ms(),
        random::bytes()?,
    ))
}
