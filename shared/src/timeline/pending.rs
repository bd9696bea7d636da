//! A message of one's own that is not confirmed yet. It does not know how it is sent.

use crate::ids::MessageId;
use crate::protocol::{ChatMessage, Refusal};

/// A message that its author sees and the others do not yet, or not for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its final id.
    pub id: MessageId,
    /// What it says.
    pub body: ChatMessage,
    /// When it was written, by its author's clock, in milliseconds since 1970.
    pub written_ms: u64,
    /// How far it has come.
    pub state: PendingState,
}

/// How far a message of one's own has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingState {
    /// It waits for a connection, or for the server's answer.
    Waiting,
    /// The server has it on disk; the event that gives it its place is on its way.
    Stored,
    /// The server refused it. It stays until its author sends it again or gives it up.
    Failed(Refusal),
}
