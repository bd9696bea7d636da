//! Questions about one message: what it said before, and whom it has reached. They know nothing of the others.
//!
//! Each fails when the server refuses or is not reached.

use parley_shared::api::receipts::Reached;
use parley_shared::api::versions::Versions;
use parley_shared::ids::{ConversationId, MessageId};

use super::server::escape;
use super::{Accounts, Asked};

impl Accounts {
    /// A page of what a message said, oldest first, after this one.
    pub fn versions(
        self,
        conversation: ConversationId,
        message: MessageId,
        after: Option<String>,
    ) -> Asked<Versions> {
        let after = after.map(|after| format!("?after={}", escape(&after)));
        self.get(&format!(
            "/conversations/{conversation}/messages/{message}/versions{}",
            after.unwrap_or_default()
        ))
    }

    /// How many of the others a message of one's own has reached.
    pub fn reached(self, conversation: ConversationId, message: MessageId) -> Asked<Reached> {
        self.get(&format!(
            "/conversations/{conversation}/messages/{message}/receipts"
        ))
    }
}
