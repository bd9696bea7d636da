//! Everything that proves each other, row by row, as it lies in the database. It does not know what is right.
//!
//! It is read for [`crate::verify`] alone, which believes nothing: a value that cannot be read is no
//! failure of the database here, but a row that is not what it should be.

use std::path::{Path, PathBuf};

use parley_shared::chain::{Hash, Hex, Salt};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};

use super::sqlite::{Connection, Row};
use super::{Result, StoreError, migrations};

/// A conversation's row.
#[derive(Debug, Clone, Copy)]
pub struct KeptConversation {
    /// Which conversation.
    pub id: ConversationId,
    /// The number of its newest entry, as it says.
    pub last: Seq,
    /// The head after that, as it says; `None` when it is none.
    pub head: Option<Hash>,
}

/// An entry's row, with the message that it is about and what it left behind.
#[derive(Debug)]
pub struct KeptEntry {
    /// The number of an [`parley_shared::chain::EntryKind`], or of none.
    pub kind: u64,
    /// The place of its message.
    pub message_seq: Seq,
    /// Who did it.
    pub author: UserId,
    /// When.
    pub at_ms: u64,
    /// The digest of the content that it left behind.
    pub digest: Hash,
    /// The head after it.
    pub head: Hash,
    /// The message at that place.
    pub message: Option<KeptMessage>,
    /// The version of it that this entry made.
    pub version: Option<KeptVersion>,
}

/// A message's row.
#[derive(Debug)]
pub struct KeptMessage {
    /// Which message.
    pub id: MessageId,
    /// Who wrote it.
    pub author: UserId,
    /// The newest entry about it.
    pub changed: Seq,
    /// When it was written.
    pub sent_ms: u64,
    /// When its words were changed last.
    pub edited_ms: Option<u64>,
    /// What its digest is salted with.
    pub salt: Option<Salt>,
    /// Its body, in JSON.
    pub body: String,
}

/// A version's row.
#[derive(Debug)]
pub struct KeptVersion {
    /// The change that made it; the first has none.
    pub change: Option<MessageId>,
    /// What its digest is salted with.
    pub salt: Option<Salt>,
    /// What the message said, in JSON; `None` once it is erased.
    pub body: Option<String>,
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Entries.
    pub entries: u64,
    /// Messages.
    pub messages: u64,
    /// Versions.
    pub versions: u64,
}

/// A row that hangs on nothing: its conversation, the place or number that it has, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stray {
    /// In which conversation.
    pub conversation: ConversationId,
    /// At which place, or of which entry.
    pub seq: Seq,
    /// What it is.
    pub what: StrayKind,
}

/// What hangs on nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrayKind {
    /// An entry of a conversation that there is not.
    Entry,
    /// A message that no entry wrote.
    Message,
    /// A version that no entry made.
    Version,
}

/// The database of a data directory, or a copy of one, to be read as it is at this moment.
///
/// Nothing in it is changed or locked, so a server may go on writing to it.
///
/// # Errors
/// When it is not there, is no database of this program, or is of another version.
pub fn open(path: &Path) -> Result<Connection> {
    if !path.is_file() {
        return Err(StoreError::Files(std::io::Error::new(
            std::io::ErrorKind::NotFound,
            format!("there is no {}", path.display()),
        )));
    }
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    // Without a journal nobody writes: it can be read where nothing may be made beside it.
    let mut connection = if PathBuf::from(journal).exists() {
        Connection::open_reader(path)?
    } else {
        Connection::open_still(path)?
    };
    connection.begin_snapshot()?;
    let found = migrations::version(&mut connection)?;
    let known = migrations::known();
    if found != known {
        return Err(StoreError::OtherVersion { found, known });
    }
    Ok(connection)
}

/// Every conversation, by id.
///
/// # Errors
/// Those of the database.
pub fn conversations(connection: &mut Connection) -> Result<Vec<KeptConversation>> {
    connection.query(
        "SELECT id, last_seq, head FROM conversations ORDER BY id",
        &[],
        |row| {
            Ok(KeptConversation {
                id: ConversationId::from_bytes(row.bytes(0)?),
                last: Seq(row.number(1).unwrap_or_default()),
                head: row.bytes(2).ok(),
            })
        },
    )
}

/// Reads each entry of a conversation by number; one that cannot be read is `None`.
///
/// # Errors
/// Those of the database.
pub fn each_entry(
    connection: &mut Connection,
    conversation: ConversationId,
    mut read: impl FnMut(Seq, Option<KeptEntry>),
) -> Result<()> {
    connection.each(
        "SELECT e.seq, e.kind, e.message_seq, e.author_id, e.at_ms, e.digest, e.head,
                m.id, m.author_id, m.changed_seq, m.sent_ms, m.edited_ms, m.salt, m.body,
                v.seq, v.change_id, v.salt, v.body
         FROM entries AS e
         LEFT JOIN messages AS m ON m.conversation_id = e.conversation_id AND m.seq = e.message_seq
         LEFT JOIN versions AS v
           ON v.conversation_id = e.conversation_id AND v.message_seq = e.message_seq AND v.seq = e.seq
         WHERE e.conversation_id = $1 ORDER BY e.seq",
        &[conversation.as_bytes().into()],
        |row| {
            let seq = Seq(row.number(0).unwrap_or_default());
            read(seq, read_entry(row).ok());
            Ok(())
        },
    )
}

/// How many rows there are.
///
/// # Errors
/// Those of the database.
pub fn counts(connection: &mut Connection) -> Result<Counts> {
    let found = connection.query_one(
        "SELECT (SELECT COUNT(*) FROM entries), (SELECT COUNT(*) FROM messages), (SELECT COUNT(*) FROM versions)",
        &[],
        |row| {
            Ok(Counts {
                entries: row.number(0)?,
                messages: row.number(1)?,
                versions: row.number(2)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// The first rows that hang on nothing, at most `count` of each kind.
///
/// # Errors
/// Those of the database.
pub fn strays(connection: &mut Connection, count: u64) -> Result<Vec<Stray>> {
    let mut strays = connection.query(
        "SELECT e.conversation_id, e.seq FROM entries AS e
         LEFT JOIN conversations AS c ON c.id = e.conversation_id
         WHERE c.id IS NULL ORDER BY e.conversation_id, e.seq LIMIT $1",
        &[count.into()],
        |row| read_stray(row, StrayKind::Entry),
    )?;
    strays.extend(connection.query(
        "SELECT m.conversation_id, m.seq FROM messages AS m
         LEFT JOIN entries AS e
           ON e.conversation_id = m.conversation_id AND e.seq = m.seq AND e.message_seq = m.seq
         WHERE e.seq IS NULL ORDER BY m.conversation_id, m.seq LIMIT $1",
        &[count.into()],
        |row| read_stray(row, StrayKind::Message),
    )?);
    strays.extend(connection.query(
        "SELECT v.conversation_id, v.seq FROM versions AS v
         LEFT JOIN entries AS e
           ON e.conversation_id = v.conversation_id AND e.seq = v.seq AND e.message_seq = v.message_seq
         WHERE e.seq IS NULL ORDER BY v.conversation_id, v.seq LIMIT $1",
        &[count.into()],
        |row| read_stray(row, StrayKind::Version),
    )?);
    Ok(strays)
}

fn read_stray(row: &Row<'_>, what: StrayKind) -> Result<Stray> {
    Ok(Stray {
        conversation: ConversationId::from_bytes(row.bytes(0)?),
        seq: Seq(row.number(1).unwrap_or_default()),
        what,
    })
}

fn read_entry(row: &Row<'_>) -> Result<KeptEntry> {
    let message = match row.optional_bytes(7)? {
        None => None,
        Some(id) => Some(KeptMessage {
            id: MessageId::from_bytes(id),
            author: UserId::from_bytes(row.bytes(8)?),
            changed: Seq(row.number(9)?),
            sent_ms: row.number(10)?,
            edited_ms: row.optional_number(11)?,
            salt: row.optional_bytes(12)?.map(Hex),
            body: row.text(13)?,
        }),
    };
    let version = match row.optional_number(14)? {
        None => None,
        Some(_) => Some(KeptVersion {
            change: row.optional_bytes(15)?.map(MessageId::from_bytes),
            salt: row.optional_bytes(16)?.map(Hex),
            body: row.optional_text(17)?,
        }),
    };
    Ok(KeptEntry {
        kind: row.number(1)?,
        message_seq: Seq(row.number(2)?),
        author: UserId::from_bytes(row.bytes(3)?),
        at_ms: row.number(4)?,
        digest: row.bytes(5)?,
        head: row.bytes(6)?,
        message,
        version,
    })
}
