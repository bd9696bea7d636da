//! Bugs that can be planted, to see that a run finds them. It does not know how.

use clap::ValueEnum;

/// Something that goes wrong without anyone being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bug {
    /// What a reader does not take at once is gone, and the connection goes on
    LostFrames,
    /// A page that is loaded anew has forgotten what it had not sent
    ForgottenOutbox,
    /// A page that comes back writes what was not answered anew, under another id
    SentAnew,
    /// A message is acknowledged, and then does not come to the ledger
    EarlyAnswer,
}
