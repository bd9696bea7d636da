//! A place in the chain, and the way from one entry to the next. It does not know what is proven with it.

use crate::chain::{Entry, Hash, head};
use crate::ids::Seq;
use crate::model::LedgerEntry;

/// A place in the chain, with the head after it where that is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Point {
    pub(super) seq: Seq,
    pub(super) head: Option<Hash>,
}

/// The place after an entry.
pub(super) fn step(before: Point, entry: &LedgerEntry) -> Point {
    let head = before.head.filter(|_| entry.seq == before.seq.next());
    Point {
        seq: entry.seq,
        head: head.and_then(|head| head_after(&head, entry)),
    }
}

/// The head after an entry; `None` when its kind is none that the chain can count.
pub(super) fn head_after(before: &Hash, entry: &LedgerEntry) -> Option<Hash> {
    let kind = u8::try_from(entry.kind).ok()?;
    Some(head(
        before,
        &Entry {
            seq: entry.seq,
            kind,
            message: &entry.message,
            author: &entry.author,
            at_ms: entry.at_ms,
            content: &entry.digest.0,
        },
    ))
}
