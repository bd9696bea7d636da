//! Whether what is stored holds together, from the rows as they lie in the database: numbers, chain, content. It goes
//! past the server's own reading, and does not know what was promised to whom.

use std::collections::HashMap;
use std::path::Path;

use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash, Hex};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use rusqlite::{Connection, OpenFlags, Row};

use crate::verdict::{Anomaly, Kind};

/// What is stored.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    /// Entries of all conversations.
    pub(crate) entries: u64,
    /// Where each message stands, and each change of one.
    pub(crate) places: HashMap<MessageId, (ConversationId, Seq)>,
    /// What does not hold together.
    pub(crate) faults: Vec<Anomaly>,
}

/// A message as its row has it.
struct Content {
    id: MessageId,
    changed: u64,
    salt: Option<[u8; 16]>,
    body: String,
}

/// Reads everything, also while a server is using it: what it sees is one moment.
///
/// # Errors
/// When the database cannot be read, in words.
pub(crate) fn audit(data_dir: &Path) -> Result<Audit, String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let path = data_dir.join("parley.sqlite");
    let look = || {
        let database = Connection::open_with_flags(path, flags)?;
        database.execute_batch("BEGIN")?;
        let mut audit = Audit::default();
        let sql = "SELECT id, last_seq, head FROM conversations";
        let conversations: Vec<([u8; 16], u64, Hash)> = database
            .prepare(sql)?
            .query_map([], |row| Ok((row.get(0)?, number(row, 1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (id, last, head) in conversations {
            audit.conversation(&database, ConversationId::from_bytes(id), last, head)?;
        }
        let sound: String = database.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        if sound != "ok" {
            audit.broken(format!("the database: {sound}"));
        }
        Ok(audit)
    };
    look().map_err(|error: rusqlite::Error| format!("the database: {error}"))
}

impl Audit {
    fn broken(&mut self, detail: String) {
        self.faults.push(Anomaly::new(Kind::Broken, detail));
    }

    fn conversation(
        &mut self,
        database: &Connection,
        conversation: ConversationId,
        last: u64,
        kept_head: Hash,
    ) -> rusqlite::Result<()> {
        let messages = self.messages(database, conversation)?;
        let versions = self.versions(database, conversation)?;
        let mut entries = database.prepare_cached(
            "SELECT seq, kind, message_seq, author_id, at_ms, digest, head FROM entries
             WHERE conversation_id = ?1 ORDER BY seq",
        )?;
        let mut rows = entries.query([conversation.as_bytes()])?;
        let (mut expected, mut head, mut sent) = (0, EMPTY_HEAD, 0);
        while let Some(row) = rows.next()? {
            expected += 1;
            let entry = Entry::read(row)?;
            if entry.seq != expected {
                self.broken(format!(
                    "{conversation}: {} stands at {expected}",
                    entry.seq
                ));
                return Ok(());
            }
            sent += usize::from(entry.kind == EntryKind::Sent as u8);
            let Some(message) = messages.get(&entry.message_seq) else {
                self.broken(format!("{conversation}: {expected} has no message"));
                return Ok(());
            };
            let version = versions.get(&(entry.message_seq, entry.seq));
            if !entry.holds(message, version) {
                self.broken(format!("{conversation}: {expected} says something else"));
            }
            head = entry.head_after(&head, message);
            if head != entry.head {
                self.broken(format!("{conversation}: {expected} is not chained"));
                return Ok(());
            }
        }
        self.entries += expected;
        if (last, kept_head) != (expected, head) {
            self.broken(format!("{conversation}: ends at {expected}, not {last}"));
        }
        if messages.len() != sent {
            let found = messages.len();
            self.broken(format!("{conversation}: {found} messages, {sent} sent"));
        }
        Ok(())
    }

    fn messages(
        &mut self,
        database: &Connection,
        conversation: ConversationId,
    ) -> rusqlite::Result<HashMap<u64, Content>> {
        let mut messages = database.prepare_cached(
            "SELECT seq, id, changed_seq, salt, body FROM messages WHERE conversation_id = ?1",
        )?;
        let mut rows = messages.query([conversation.as_bytes()])?;
        let mut found = HashMap::new();
        while let Some(row) = rows.next()? {
            let seq = number(row, 0)?;
            let content = Content {
                id: MessageId::from_bytes(row.get(1)?),
                changed: number(row, 2)?,
                salt: row.get(3)?,
                body: row.get(4)?,
            };
            self.places.insert(content.id, (conversation, Seq(seq)));
            found.insert(seq, content);
        }
        Ok(found)
    }

    fn versions(
        &mut self,
        database: &Connection,
        conversation: ConversationId,
    ) -> rusqlite::Result<HashMap<(u64, u64), Version>> {
        let mut versions = database.prepare_cached(
            "SELECT message_seq, seq, salt, body, change_id FROM versions WHERE conversation_id = ?1",
        )?;
        let mut rows = versions.query([conversation.as_bytes()])?;
        let mut found = HashMap::new();
        while let Some(row) = rows.next()? {
            let seq = number(row, 1)?;
            // The first version is the message's own.
            if let Some(change) = row.get::<_, Option<[u8; 16]>>(4)? {
                let id = MessageId::from_bytes(change);
                self.places.insert(id, (conversation, Seq(seq)));
            }
            let version = (row.get(2)?, row.get(3)?);
            found.insert((number(row, 0)?, seq), version);
        }
        Ok(found)
    }
}

/// What a message said at an entry; nothing when that was erased.
type Version = (Option<[u8; 16]>, Option<String>);

/// A number that is never negative.
fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    Ok(number.cast_unsigned())
}

struct Entry {
    seq: u64,
    kind: u8,
    message_seq: u64,
    author: UserId,
    at_ms: u64,
    digest: Hash,
    head: Hash,
}

impl Entry {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: number(row, 0)?,
            kind: row.get(1)?,
            message_seq: number(row, 2)?,
            author: UserId::from_bytes(row.get(3)?),
            at_ms: number(row, 4)?,
            digest: row.get(5)?,
            head: row.get(6)?,
        })
    }

    /// Whether the content that it left behind is the one that it has the digest of, as far as that was not erased.
    fn holds(&self, message: &Content, version: Option<&Version>) -> bool {
        let digest =
            |salt: Option<[u8; 16]>, body: &str| chain::digest(salt.map(Hex).as_ref(), body);
        if message.changed == self.seq {
            return digest(message.salt, &message.body) == self.digest;
        }
        match version {
            Some((salt, Some(body))) => digest(*salt, body) == self.digest,
            // Of what a deletion erased, the digest is all that stays.
            Some((_, None)) | None => message.changed > self.seq,
        }
    }

    fn head_after(&self, before: &Hash, message: &Content) -> Hash {
        chain::head(
            before,
            &chain::Entry {
                seq: Seq(self.seq),
                kind: self.kind,
                message: &message.id,
                author: &self.author,
                at_ms: self.at_ms,
                content: &self.digest,
            },
        )
    }
}
