//! Verifies the chain of every conversation from the stored rows. It does not know how they were written.

use std::path::Path;

use parley_server::store::conversations::{self, Progress, Seat};
use parley_server::store::messages::{self, StoredEntry};
use parley_server::store::sqlite::Connection;
use parley_server::store::{Result, Store};
use parley_shared::chain::{self, EMPTY_HEAD, Hash, Hex, Salt};
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
        assert_eq!(
            kept.messages(),
            conversation.last.0.cast_signed(),
            "each entry wrote one message"
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
    for (expected, entry) in (1..).map(Seq).zip(entries) {
        assert_eq!(entry.seq, expected, "entries are numbered without a hole");
        let (message, body, salt) = kept.message(entry.message_seq);
        assert_eq!(
            chain::digest(salt.as_ref(), &body),
            entry.digest,
            "the digest of {expected} is that of its content"
        );
        head = chain::head(
            &head,
            &chain::Entry {
                seq: entry.seq,
                kind: entry.kind as u8,
                message: &message,
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
    head
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

    fn message(&self, seq: Seq) -> (MessageId, String, Option<Salt>) {
        self.database
            .prepare_cached(
                "SELECT id, body, salt FROM messages WHERE conversation_id = ?1 AND seq = ?2",
            )
            .expect("the table is there")
            .query_row((self.conversation.as_bytes(), seq.0.cast_signed()), |row| {
                let salt: Option<_> = row.get(2)?;
                Ok((
                    MessageId::from_bytes(row.get(0)?),
                    row.get(1)?,
                    salt.map(Hex),
                ))
            })
            .expect("every entry has its message")
    }

    fn messages(&self) -> i64 {
        let sql = "SELECT count(*) FROM messages WHERE conversation_id = ?1";
        self.database
            .query_row(sql, [self.conversation.as_bytes()], |row| row.get(0))
            .expect("the table is there")
    }

    fn head(&self) -> Hash {
        let sql = "SELECT head FROM conversations WHERE id = ?1";
        self.database
            .query_row(sql, [self.conversation.as_bytes()], |row| row.get(0))
            .expect("the conversation is there")
    }
}
