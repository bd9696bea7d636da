//! The hash that ties each entry of a conversation to the one before. It does not know where entries are kept.
//!
//! The head after entry n is a hash over the head after entry n-1 and what entry n says about
//! itself: number, kind, author, time, and a digest of the content. Whoever remembers a head can
//! tell whether a history that is shown later still contains what led to it. The content enters
//! only by its digest, so it can be erased and the chain still holds. SHA-256 (FIPS 180-4) is used
//! because every platform can check it.

use sha2::{Digest as _, Sha256};

use crate::ids::{MessageId, Seq, UserId};

/// A SHA-256 hash: a digest of content or a head of the chain.
pub type Hash = [u8; 32];

/// The head of a conversation in which nothing happened yet.
pub const EMPTY_HEAD: Hash = [0; 32];

/// Tells this chain's hashes from all others, and later versions of it from this one.
const DOMAIN: &[u8] = b"parley ledger entry 1\0";

/// What happened, as the chain counts it. The numbers never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum EntryKind {
    /// A message was written.
    Sent = 1,
}

/// One entry of a conversation's history, as the chain sees it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its number within the conversation.
    pub seq: Seq,
    /// What happened.
    pub kind: EntryKind,
    /// Which message it happened to.
    pub message: &'a MessageId,
    /// Who did it.
    pub author: &'a UserId,
    /// When the server accepted it, in milliseconds since 1970.
    pub at_ms: u64,
    /// The digest of the content, by [`digest`].
    pub content: &'a Hash,
}

/// The digest of a message's content: of its body exactly as it is stored, in JSON.
pub fn digest(body_json: &str) -> Hash {
    Sha256::digest(body_json.as_bytes()).into()
}

/// The head after an entry that follows the head `before`.
pub fn head(before: &Hash, entry: &Entry<'_>) -> Hash {
    // Every field has a fixed width, so no two entries can be laid out as the same bytes.
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(before);
    hash.update(entry.seq.0.to_be_bytes());
    hash.update([entry.kind as u8]);
    hash.update(entry.message.as_bytes());
    hash.update(entry.author.as_bytes());
    hash.update(entry.at_ms.to_be_bytes());
    hash.update(entry.content);
    hash.finalize().into()
}
