//! Reads a store back and checks it whole: numbers without a hole, a chain that holds. It does not know who wrote it.

use std::path::Path;

use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash, Hex};
use parley_shared::ids::{MessageId, Seq, UserId};
use rusqlite::{Connection, OpenFlags};

/// How many messages there are, each of them checked.
pub(crate) fn count(data_dir: &Path) -> anyhow::Result<u64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = Connection::open_with_flags(data_dir.join("parley.sqlite"), flags)?;
    let mut conversations = connection.prepare("SELECT id, last_seq, head FROM conversations")?;
    let mut rows = conversations.query([])?;
    let mut total = 0;
    while let Some(row) = rows.next()? {
        let (id, last, head): ([u8; 16], i64, Hash) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (counted, reached) = follow(&connection, &id)?;
        anyhow::ensure!(
            counted == last.cast_unsigned() && reached == head,
            "a conversation says {last} messages and its entries {counted}, or their heads differ"
        );
        total += counted;
    }
    Ok(total)
}

fn follow(connection: &Connection, conversation: &[u8; 16]) -> anyhow::Result<(u64, Hash)> {
    let mut entries = connection.prepare_cached(
        "SELECT e.seq, m.id, e.author_id, e.at_ms, m.body, e.head, m.salt FROM entries AS e
         JOIN messages AS m ON m.conversation_id = e.conversation_id AND m.seq = e.message_seq
         WHERE e.conversation_id = ?1 ORDER BY e.seq",
    )?;
    let mut rows = entries.query([conversation])?;
    let (mut last, mut head) = (Seq::ZERO, EMPTY_HEAD);
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let (at_ms, body): (i64, String) = (row.get(3)?, row.get(4)?);
        anyhow::ensure!(
            seq.cast_unsigned() == last.next().0,
            "entry {seq} follows entry {last}"
        );
        last = last.next();
        let entry = chain::Entry {
            seq: last,
            kind: EntryKind::Sent as u8,
            message: &MessageId::from_bytes(row.get(1)?),
            author: &UserId::from_bytes(row.get(2)?),
            at_ms: at_ms.cast_unsigned(),
            content: &chain::digest(row.get::<_, Option<_>>(6)?.map(Hex).as_ref(), &body),
        };
        head = chain::head(&head, &entry);
        anyhow::ensure!(row.get::<_, Hash>(5)? == head, "the chain breaks at {seq}");
    }
    Ok((last.0, head))
}
