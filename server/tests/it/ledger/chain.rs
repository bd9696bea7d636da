//! Verifies the chain of every conversation from the stored rows, whatever happened to its messages. It does
//! not know how they were written.

use std::collections::BTreeMap;
use std::path::Path;

use parley_server::store::conversations::{self, Progress, Seat};
use parley_server::store::messages::{self, StoredEntry};
use parley_server::store::sqlite::Connection;
use parley_server::store::{Result, Store};
use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash, Hex, Salt};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};

/// Asserts that the entries of every conversation are numbered without a hole and chained to each
/// other, to the messages as they are kept, and to the conversation's head. Returns how many there are.
pub(crate) async fn verify(data_dir: &Path, store: &Store) -> u64 {
    let found = store.read(somebodys_seats).await;
    let mut count = 0;
    for (conversation, seat) in found.expect("the store answers") {
        let entries = store
            .read(move |connection| messages::entries(connection, &seat, Seq::ZERO, u64::MAX >> 1))
            .await
            .expect("the store answers");
        let kept = Kept::open(data_dir, &seat);
        let head = walk(&entries, &kept);
        assert_eq!(
            entries.len() as u64,
            conversation.last.0,
            "the newest number is the count"
        );
        assert_eq!(
            head,
            kept.head(),
            "the conversation's head is that of its last entry"
        );
        count += conversation.last.0;
    }
    count
}

/// How far each conversation that someone sits in has come, with a seat there: anyone's will do.
fn somebodys_seats(connection: &mut Connection) -> Result<Vec<(Progress, Seat)>> {
    let mut seats = conversations::lobby_seats(connection, UserId::from_bytes([1; 16]))?;
    let mut place = None;
    while let Some(id) = conversations::next(connection, place)? {
        place = Some(id);
        let member = connection.query_one(
            "SELECT person_id FROM members WHERE conversation_id = $1 LIMIT 1",
            &[id.as_bytes().into()],
            |row| Ok(UserId::from_bytes(row.bytes(0)?)),
        )?;
        if let Some(member) = member {
            seats.extend(conversations::seat(connection, member, id)?);
        }
    }
    let mut found = Vec::new();
    for seat in seats {
        let progress = conversations::progress(connection, &seat)?;
        found.extend(progress.map(|progress| (progress, seat)));
    }
    Ok(found)
}

fn walk(entries: &[StoredEntry], kept: &Kept) -> Hash {
    let mut head = EMPTY_HEAD;
    let (messages, mut versions) = (kept.messages(), kept.versions());
    let mut changed = BTreeMap::new();
    for (expected, entry) in (1..).map(Seq).zip(entries) {
        assert_eq!(entry.seq, expected, "entries are numbered without a hole");
        let message = &messages[&entry.message_seq];
        let is_sent = entry.kind == EntryKind::Sent;
        assert_eq!(
            is_sent,
            entry.message_seq == expected,
            "its number is its place"
        );
        let before = changed.insert(entry.message_seq, expected);
        assert_eq!(
            is_sent,
            before.is_none(),
            "it is sent once, and then changed"
        );
        check_kind(entry, message);
        let version = versions.remove(&(entry.message_seq, entry.seq));
        if let Some(content) = content(entry, message, version) {
            assert_eq!(
                chain::digest(content.salt.as_ref(), &content.body),
                entry.digest,
                "the digest of {expected} is that of its content"
            );
        }
        head = chain::head(
            &head,
            &chain::Entry {
                seq: entry.seq,
                kind: entry.kind as u8,
                message: &message.id,
                author: &entry.author,
                at_ms: entry.at_ms,
                content: &entry.digest,
            },
        );
        assert_eq!(
            head, entry.head,
            "entry {expected} is chained to the one before"
        );
    }
    let newest = messages
        .iter()
        .map(|(seq, message)| (*seq, message.changed));
    assert_eq!(
        changed,
        newest.collect(),
        "each message knows its newest change, and each has one"
    );
    assert_eq!(versions.len(), 0, "each version has its entry");
    head
}

/// What an entry says of its message besides the content.
fn check_kind(entry: &StoredEntry, message: &Row) {
    let is_newest = message.changed == entry.seq;
    match entry.kind {
        EntryKind::Sent => {
            assert_eq!(
                (entry.author, entry.at_ms),
                (message.author, message.sent_ms)
            );
            assert!(!is_newest || message.edited_ms.is_none());
        }
        EntryKind::Edited => {
            assert_eq!(entry.author, message.author, "nobody else edits it");
            assert!(!is_newest || message.edited_ms == Some(entry.at_ms));
        }
        EntryKind::Deleted => {
            assert!(is_newest, "what is deleted does not change any more");
            let (by, at_ms) = (entry.author, entry.at_ms);
            let tombstone = format!(r#"{{"type":"deleted","by":"{by}","at_ms":{at_ms}}}"#);
            assert_eq!(message.content.body, tombstone);
            assert_eq!((&message.content.salt, message.edited_ms), (&None, None));
        }
    }
}

/// The content that an entry left behind, as far as it is not erased: what a message says now stands in
/// the message, and what it said before in its version.
fn content(entry: &StoredEntry, message: &Row, version: Option<Version>) -> Option<Content> {
    let is_deleted = message.content.body.starts_with(r#"{"type":"deleted""#);
    if is_deleted {
        assert!(
            version.is_none_or(|version| version.content.is_none() && version.is_erased()),
            "nothing is left of what was said"
        );
        return (entry.kind == EntryKind::Deleted).then(|| message.content.clone());
    }
    let Some(version) = version else {
        assert_eq!(
            (entry.kind, message.changed),
            (EntryKind::Sent, entry.seq),
            "what was changed has its versions"
        );
        return Some(message.content.clone());
    };
    assert_eq!(version.has_id, entry.kind != EntryKind::Sent);
    assert!(!version.is_erased());
    if message.changed == entry.seq {
        assert_eq!(version.content.as_ref(), Some(&message.content));
    }
    version.content
}

/// A body as it is stored, and its salt.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Content {
    body: String,
    salt: Option<Salt>,
}

/// A row of a message.
#[derive(Debug)]
struct Row {
    id: MessageId,
    author: UserId,
    changed: Seq,
    sent_ms: u64,
    edited_ms: Option<u64>,
    content: Content,
}

/// A row of a version.
#[derive(Debug)]
struct Version {
    has_id: bool,
    has_salt: bool,
    content: Option<Content>,
}

impl Version {
    fn is_erased(&self) -> bool {
        self.content.is_none() && !self.has_salt
    }
}

/// The rows as they lie in the database, past the server's own reading.
struct Kept {
    database: rusqlite::Connection,
    conversation: ConversationId,
}

impl Kept {
    fn open(data_dir: &Path, seat: &Seat) -> Self {
        let database = rusqlite::Connection::open(data_dir.join("parley.sqlite"))
            .expect("the database is there");
        Self {
            database,
            conversation: seat.conversation(),
        }
    }

    fn messages(&self) -> BTreeMap<Seq, Row> {
        self.rows(
            "SELECT seq, id, author_id, changed_seq, sent_ms, edited_ms, body, salt FROM messages
             WHERE conversation_id = ?1",
            |row| {
                let edited_ms: Option<i64> = row.get(5)?;
                let message = Row {
                    id: MessageId::from_bytes(row.get(1)?),
                    author: UserId::from_bytes(row.get(2)?),
                    changed: Seq(number(row, 3)?),
                    sent_ms: number(row, 4)?,
                    edited_ms: edited_ms.map(i64::cast_unsigned),
                    content: Content {
                        body: row.get(6)?,
                        salt: row.get::<_, Option<_>>(7)?.map(Hex),
                    },
                };
                Ok((Seq(number(row, 0)?), message))
            },
        )
    }

    fn versions(&self) -> BTreeMap<(Seq, Seq), Version> {
        self.rows(
            "SELECT message_seq, seq, change_id, salt, body FROM versions WHERE conversation_id = ?1",
            |row| {
                let id: Option<[u8; 16]> = row.get(2)?;
                let salt: Option<[u8; 16]> = row.get(3)?;
                let body: Option<String> = row.get(4)?;
                let version = Version {
                    has_id: id.is_some(),
                    has_salt: salt.is_some(),
                    content: body.map(|body| Content {
                        body,
                        salt: salt.map(Hex),
                    }),
                };
                Ok(((Seq(number(row, 0)?), Seq(number(row, 1)?)), version))
            },
        )
    }

    fn rows<K: Ord, V>(
        &self,
        sql: &str,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<(K, V)>,
    ) -> BTreeMap<K, V> {
        let mut statement = self.database.prepare(sql).expect("the table is there");
        let rows = statement.query_map([self.conversation.as_bytes()], read);
        let rows = rows.expect("the table can be read");
        rows.map(|row| row.expect("the row is whole")).collect()
    }

    fn head(&self) -> Hash {
        let sql = "SELECT head FROM conversations WHERE id = ?1";
        self.database
            .query_row(sql, [self.conversation.as_bytes()], |row| row.get(0))
            .expect("the conversation is there")
    }
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}
