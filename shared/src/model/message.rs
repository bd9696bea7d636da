//! A message, what proves it, and whom it reached. It does not know how these are stored or shown.

use serde::Serialize;

use crate::chain::{HexHash, Salt};
use crate::ids::{ConversationId, MessageId, Seq, UserId};
use crate::json::read_fields;
use crate::protocol::ChatMessage;

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Which message; minted by its author's client, or by the server for a notice.
    pub id: MessageId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Who wrote it, or did what a notice tells.
    pub author: UserId,
    /// Its place in the conversation: the number of the change that created it.
    pub seq: Seq,
    /// The number of the newest change to it; equal to `seq` until it is changed.
    pub changed: Seq,
    /// When the server accepted it, in milliseconds since 1970.
    pub sent_ms: u64,
    /// When its author changed its words last, in milliseconds since 1970; absent when they did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_ms: Option<u64>,
    /// What the digest of its content was salted with; absent when it was not, and when it is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
    /// What it says.
    pub body: ChatMessage,
}

read_fields!(Message {
    id,
    conversation,
    author,
    seq,
    changed,
    sent_ms,
    edited_ms,
    salt,
    body
});

/// One entry of a conversation's history, for whoever proves that nothing was altered. See
/// [`crate::chain`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerEntry {
    /// Its number within the conversation.
    pub seq: Seq,
    /// What happened: the number of a [`crate::chain::EntryKind`], also of one that this build does not know.
    pub kind: u32,
    /// Which message it happened to.
    pub message: MessageId,
    /// Who did it.
    pub author: UserId,
    /// When the server accepted it, in milliseconds since 1970.
    pub at_ms: u64,
    /// The digest of the content that it left behind, by [`crate::chain::digest`].
    pub digest: HexHash,
}

read_fields!(LedgerEntry {
    seq,
    kind,
    message,
    author,
    at_ms,
    digest
});

/// How far what is said in a conversation has reached one of those who are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Whom.
    pub person: UserId,
    /// The newest change that one of their devices has.
    pub delivered: Seq,
    /// The newest change that they read; zero when they keep it to themselves.
    pub read: Seq,
}

read_fields!(Receipt {
    person,
    delivered,
    read
});
