//! The hash that ties each entry of a conversation to the one before. It does not know where entries are kept.
//!
//! The head after entry n is a hash over the head after entry n-1 and what entry n says about
//! itself: number, kind, author, time, and a digest of the content. Whoever remembers a head can
//! tell whether a history that is shown later still contains what led to it. The content enters
//! only by its digest, so it can be erased and the chain still holds. SHA-256 (FIPS 180-4) is used
//! because every platform can check it.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::ids::{MessageId, Seq, UserId};
use crate::json::{FromJson, NotRead};

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
    /// Its author changed its words.
    Edited = 2,
    /// It was deleted: its content is erased, and a tombstone stands in its place.
    Deleted = 3,
}

impl EntryKind {
    /// The kind of a number; `None` for one that this build does not know.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Sent),
            2 => Some(Self::Edited),
            3 => Some(Self::Deleted),
            _ => None,
        }
    }
}

/// Random bytes that enter the digest of a content before it and are erased with it: without them a short
/// text could be guessed from its digest after it was erased.
pub const SALT_BYTES: usize = 16;

/// Bytes that are written on the wire as hexadecimal digits: a [`type@Hash`], or a salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

/// A [`type@Hash`] on the wire.
pub type HexHash = Hex<32>;

/// What a content's digest was salted with.
pub type Salt = Hex<SALT_BYTES>;

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hex({self})")
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<const N: usize> FromJson for Hex<N> {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let bytes = value.as_str().and_then(read_hex);
        bytes.map(Self).ok_or_else(|| NotRead::misfit(value))
    }
}

#[cfg(feature = "openapi")]
impl<const N: usize> utoipa::PartialSchema for Hex<N> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(format!("^[0-9a-f]{{{}}}$", 2 * N)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl<const N: usize> utoipa::ToSchema for Hex<N> {}

fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(16 * digit(pair[0])? + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

/// One entry of a conversation's history, as the chain sees it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its number within the conversation.
    pub seq: Seq,
    /// What happened: the number of an [`EntryKind`], also of one that this build does not know.
    pub kind: u8,
    /// Which message it happened to.
    pub message: &'a MessageId,
    /// Who did it.
    pub author: &'a UserId,
    /// When the server accepted it, in milliseconds since 1970.
    pub at_ms: u64,
    /// The digest of the content, by [`digest`].
    pub content: &'a Hash,
}

/// The digest of a message's content: of its salt, if it has one, and its body exactly as it is stored, in JSON.
///
/// What is salted begins with a byte that no JSON begins with, and the salt has a fixed width: no two contents
/// are laid out as the same bytes.
pub fn digest(salt: Option<&Salt>, body_json: &str) -> Hash {
    let mut hash = Sha256::new();
    if let Some(salt) = salt {
        hash.update([1]);
        hash.update(salt.0);
    }
    hash.update(body_json.as_bytes());
    hash.finalize().into()
}

/// The head after an entry that follows the head `before`.
pub fn head(before: &Hash, entry: &Entry<'_>) -> Hash {
    // Every field has a fixed width, so no two entries can be laid out as the same bytes.
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(before);
    hash.update(entry.seq.0.to_be_bytes());
    hash.update([entry.kind]);
    hash.update(entry.message.as_bytes());
    hash.update(entry.author.as_bytes());
    hash.update(entry.at_ms.to_be_bytes());
    hash.update(entry.content);
    hash.finalize().into()
}
