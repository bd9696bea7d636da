//! Questions about one message: what it said before, and whom it has reached. They know nothing of the others.
//!
//! Each fails when the server refuses or is not reached.

use parley_shared::api::versions::Versions;
use parley_shared::ids::{ConversationId, MessageId};
use parley_shared::json::{Fields, FromJson, NotRead};
use serde_json::Value;

use super::server::escape;
use super::{Accounts, Asked};

/// How many of the others a message has reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReachedCounts {
    /// On whose devices it is, those who have read it among them.
    pub delivered: u32,
    /// Who has read it and tells so.
    pub read: u32,
    /// How many others there are.
    pub of: u32,
}

impl FromJson for ReachedCounts {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            delivered: fields.take("delivered")?,
            read: fields.take("read")?,
            of: fields.take("of")?,
        })
    }
}

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
    pub fn reached(self, conversation: ConversationId, message: MessageId) -> Asked<ReachedCounts> {
        self.get(&format!(
            "/conversations/{conversation}/messages/{message}/receipts"
        ))
    }
}
