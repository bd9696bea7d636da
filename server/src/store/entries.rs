//! Entries as they are told to whoever proves that nothing was altered. It does not know how they come to be.

use parley_shared::chain::{EMPTY_HEAD, Hash, Hex};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::PAGE_ENTRIES_MAX;
use parley_shared::model::LedgerEntry;

use super::Result;
use super::conversations::{self, Seat};
use super::sqlite::{Connection, Row};

/// A page of entries, read in one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct EntriesPage {
    /// The chain's head after the entry that was named; zeros at the beginning, and where there is no such entry.
    pub head: Hash,
    /// Those that follow it. One whose message is not there is left out: nothing can be proven with it.
    pub entries: Vec<LedgerEntry>,
    /// Whether there are entries after these.
    pub more: bool,
}

/// The entries after a number, as they are kept.
///
/// `None` when the seat no longer holds.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut Connection, seat: &Seat, after: Seq) -> Result<Option<EntriesPage>> {
    if conversations::progress(connection, seat)?.is_none() {
        return Ok(None);
    }
    let conversation = seat.conversation();
    let head = head_at(connection, conversation, after)?.unwrap_or(EMPTY_HEAD);
    let mut rows = connection.query(
        "SELECT e.seq, e.kind, e.author_id, e.at_ms, e.digest, m.id FROM entries AS e
         LEFT JOIN messages AS m ON m.conversation_id = e.conversation_id AND m.seq = e.message_seq
         WHERE e.conversation_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3",
        &[
            conversation.as_bytes().into(),
            after.0.into(),
            (PAGE_ENTRIES_MAX as u64 + 1).into(),
        ],
        // What cannot be read proves nothing, and is left out as well.
        |row| Ok(read_entry(row).unwrap_or_default()),
    )?;
    let more = rows.len() > PAGE_ENTRIES_MAX;
    rows.truncate(PAGE_ENTRIES_MAX);
    Ok(Some(EntriesPage {
        head,
        entries: rows.into_iter().flatten().collect(),
        more,
    }))
}

/// The chain's head after an entry, if there is such an entry.
fn head_at(
    connection: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
) -> Result<Option<Hash>> {
    connection.query_one(
        "SELECT head FROM entries WHERE conversation_id = $1 AND seq = $2",
        &[conversation.as_bytes().into(), seq.0.into()],
        |row| row.bytes(0),
    )
}

fn read_entry(row: &Row<'_>) -> Result<Option<LedgerEntry>> {
    let Some(message) = row.optional_bytes(5)? else {
        return Ok(None);
    };
    Ok(Some(LedgerEntry {
        seq: Seq(row.number(0)?),
        // A number that is no kind of any build is told as one: whoever proves sees it.
        kind: u32::try_from(row.number(1)?).unwrap_or(u32::MAX),
        message: MessageId::from_bytes(message),
        author: UserId::from_bytes(row.bytes(2)?),
        at_ms: row.number(3)?,
        digest: Hex(row.bytes(4)?),
    }))
}
