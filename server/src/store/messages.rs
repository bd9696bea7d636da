//! Messages and entries as they are kept. It does not know who may read or write them: a [`Seat`] says so.

use parley_shared::chain::{EntryKind, Hash, Hex};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::{PAGE_BYTES_MAX, PAGE_MESSAGES_MAX, PEOPLE_ADDED_NAMED_MAX, SEQ_MAX};
use parley_shared::model::{Message, Person};
use parley_shared::protocol::ChatMessage;

use super::conversations::{self, Seat};
use super::people::people;
use super::sqlite::{Connection, Row};
use super::{Result, StoreError};

/// A page of a conversation, read in one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// The messages.
    pub messages: Vec<Message>,
    /// Their authors, and of those of whom notices among them speak the first few of each.
    pub people: Vec<Person>,
    /// The newest change that the page takes account of.
    pub through: Seq,
    /// Whether there is more in the direction that was asked for.
    pub more: bool,
}

const COLUMNS: usize = 9;

/// Places of a conversation that are looked through at once for what one person wrote.
const PLACES_AT_ONCE: u64 = 5_000;

/// The messages before a place, oldest first; the newest ones when no place is given.
///
/// `None` when the seat no longer holds.
///
/// # Errors
/// Those of the database.
pub fn history(
    connection: &mut Connection,
    seat: &Seat,
    before: Option<Seq>,
) -> Result<Option<Page>> {
    let Some(progress) = conversations::progress(connection, seat)? else {
        return Ok(None);
    };
    let rows = connection.query(
        "SELECT conversation_id, seq, id, author_id, changed_seq, sent_ms, edited_ms, salt, body FROM messages
         WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        &[
            seat.conversation().as_bytes().into(),
            before.map_or(SEQ_MAX, |before| before.0).into(),
            (PAGE_MESSAGES_MAX as u64 + 1).into(),
        ],
        read_message,
    )?;
    let (mut messages, more) = cut(rows);
    messages.reverse();
    page(connection, messages, progress.last, more).map(Some)
}

/// The messages that changed after a number, each once, oldest change first.
///
/// `None` when the seat no longer holds.
///
/// # Errors
/// Those of the database.
pub fn changes(connection: &mut Connection, seat: &Seat, since: Seq) -> Result<Option<Page>> {
    let Some(progress) = conversations::progress(connection, seat)? else {
        return Ok(None);
    };
    // An entry that a later one about the same message has overtaken is passed over: the message
    // comes with the later one, as it stands now.
    let rows = connection.query(
        "SELECT m.conversation_id, m.seq, m.id, m.author_id, m.changed_seq, m.sent_ms, m.edited_ms, m.salt, m.body
         FROM entries AS e
         JOIN messages AS m ON m.conversation_id = e.conversation_id AND m.seq = e.message_seq
         WHERE e.conversation_id = $1 AND e.seq > $2 AND m.changed_seq = e.seq
         ORDER BY e.seq LIMIT $3",
        &[
            seat.conversation().as_bytes().into(),
            since.0.into(),
            (PAGE_MESSAGES_MAX as u64 + 1).into(),
        ],
        read_message,
    )?;
    let (messages, more) = cut(rows);
    let through = match messages.last() {
        Some((last, _)) if more => last.changed,
        _ => progress.last,
    };
    page(connection, messages, through, more).map(Some)
}

/// A message by its id, wherever it stands.
///
/// # Errors
/// Those of the database.
pub fn message(connection: &mut Connection, id: MessageId) -> Result<Option<Message>> {
    let found = connection.query_one(
        "SELECT conversation_id, seq, id, author_id, changed_seq, sent_ms, edited_ms, salt, body FROM messages WHERE id = $1",
        &[id.as_bytes().into()],
        read_message,
    )?;
    Ok(found.map(|(message, _)| message))
}

/// The newest message of a conversation, with the size of its body in bytes.
///
/// # Errors
/// Those of the database.
pub fn latest(
    connection: &mut Connection,
    conversation: ConversationId,
) -> Result<Option<(Message, usize)>> {
    connection.query_one(
        "SELECT conversation_id, seq, id, author_id, changed_seq, sent_ms, edited_ms, salt, body FROM messages
         WHERE conversation_id = $1 ORDER BY seq DESC LIMIT 1",
        &[conversation.as_bytes().into()],
        read_message,
    )
}

/// Those who come by name with a message, besides its author: of those of whom it speaks the first few,
/// for a page of notices could else name thousands.
pub fn named_in(body: &ChatMessage) -> &[UserId] {
    let of = match body {
        ChatMessage::Notice { notice } => notice.people(),
        ChatMessage::Deleted { by, .. } => std::slice::from_ref(by),
        ChatMessage::Text { .. } | ChatMessage::Unknown => &[],
    };
    &of[..of.len().min(PEOPLE_ADDED_NAMED_MAX)]
}

/// Keeps a new message. `false` when its id is taken, and then nothing is changed.
///
/// # Errors
/// Those of the database.
pub fn insert_message(
    connection: &mut Connection,
    message: &Message,
    body_json: &str,
) -> Result<bool> {
    let inserted = connection.execute(
        "INSERT INTO messages (conversation_id, seq, id, author_id, changed_seq, sent_ms, edited_ms, salt, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        &[
            message.conversation.as_bytes().into(),
            message.seq.0.into(),
            message.id.as_bytes().into(),
            message.author.as_bytes().into(),
            message.changed.0.into(),
            message.sent_ms.into(),
            message.edited_ms.into(),
            message.salt.as_ref().map(|salt| &salt.0).into(),
            body_json.into(),
        ],
    )?;
    #[cfg(feature = "planted-bugs")]
    if inserted == 0 && crate::planted::is(crate::planted::Bug::BlindRetry) {
        let id = crate::planted::another_id().map_err(StoreError::Minting)?;
        let copy = Message {
            id,
            ..message.clone()
        };
        return insert_message(connection, &copy, body_json);
    }
    Ok(inserted == 1)
}

/// Makes a message say something else, or nothing any more: what it says, the change that made it so,
/// the salt, and when its words were changed last are kept as they are given.
///
/// # Errors
/// Those of the database.
pub fn set_content(connection: &mut Connection, message: &Message, body_json: &str) -> Result<()> {
    connection.execute(
        "UPDATE messages SET changed_seq = $1, edited_ms = $2, salt = $3, body = $4
         WHERE conversation_id = $5 AND seq = $6",
        &[
            message.changed.0.into(),
            message.edited_ms.into(),
            message.salt.as_ref().map(|salt| &salt.0).into(),
            body_json.into(),
            message.conversation.as_bytes().into(),
            message.seq.0.into(),
        ],
    )?;
    Ok(())
}

/// An entry as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number.
    pub seq: Seq,
    /// What happened.
    pub kind: EntryKind,
    /// The place of the message it happened to.
    pub message_seq: Seq,
    /// Who did it.
    pub author: UserId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The digest of the content that it left behind.
    pub digest: Hash,
    /// The chain's head after it.
    pub head: Hash,
}

/// Keeps a new entry.
///
/// # Errors
/// Those of the database; a number that is taken is one.
pub fn insert_entry(
    connection: &mut Connection,
    conversation: ConversationId,
    entry: &StoredEntry,
) -> Result<()> {
    connection.execute(
        "INSERT INTO entries (conversation_id, seq, kind, message_seq, author_id, at_ms, digest, head)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            conversation.as_bytes().into(),
            entry.seq.0.into(),
            u64::from(entry.kind as u8).into(),
            entry.message_seq.0.into(),
            entry.author.as_bytes().into(),
            entry.at_ms.into(),
            (&entry.digest).into(),
            (&entry.head).into(),
        ],
    )?;
    Ok(())
}

/// The entries after a number, in order, at most `count`.
///
/// # Errors
/// Those of the database, and an entry of a kind that this build does not know.
pub fn entries(
    connection: &mut Connection,
    seat: &Seat,
    since: Seq,
    count: u64,
) -> Result<Vec<StoredEntry>> {
    connection.query(
        "SELECT seq, kind, message_seq, author_id, at_ms, digest, head FROM entries
         WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        &[
            seat.conversation().as_bytes().into(),
            since.0.into(),
            count.into(),
        ],
        |row| {
            Ok(StoredEntry {
                seq: Seq(row.number(0)?),
                kind: read_kind(row.number(1)?)?,
                message_seq: Seq(row.number(2)?),
                author: UserId::from_bytes(row.bytes(3)?),
                at_ms: row.number(4)?,
                digest: row.bytes(5)?,
                head: row.bytes(6)?,
            })
        },
    )
}

/// What a person wrote in a part of a conversation after a place, as it stands now and without what was
/// deleted, and where the next part begins; `None` when there is none. There is no list by author: it
/// would cost every message that is sent.
///
/// # Errors
/// Those of the database.
pub fn written(
    connection: &mut Connection,
    conversation: ConversationId,
    author: UserId,
    after: Seq,
) -> Result<(Vec<Message>, Option<Seq>)> {
    let through = Seq(after.0.saturating_add(PLACES_AT_ONCE).min(SEQ_MAX));
    let id = conversation.as_bytes();
    let rows = connection.query(
        "SELECT conversation_id, seq, id, author_id, changed_seq, sent_ms, edited_ms, salt, body FROM messages
         WHERE conversation_id = $1 AND seq > $2 AND seq <= $3 AND author_id = $4
         AND body NOT LIKE '{\"type\":\"deleted\"%' ORDER BY seq",
        &[
            id.into(),
            after.0.into(),
            through.0.into(),
            author.as_bytes().into(),
        ],
        read_message,
    )?;
    let last = connection.query_one(
        "SELECT COALESCE(MAX(seq), 0) FROM messages WHERE conversation_id = $1",
        &[id.into()],
        |row| row.number(0),
    )?;
    let next = (last.unwrap_or(0) > through.0).then_some(through);
    Ok((rows.into_iter().map(|(message, _)| message).collect(), next))
}

pub(super) fn read_kind(kind: u64) -> Result<EntryKind> {
    let known = u8::try_from(kind).ok().and_then(EntryKind::of);
    known.ok_or_else(|| StoreError::Unreadable(format!("an entry of kind {kind}")))
}

fn page(
    connection: &mut Connection,
    messages: Vec<(Message, usize)>,
    through: Seq,
    more: bool,
) -> Result<Page> {
    let messages: Vec<Message> = messages.into_iter().map(|(message, _)| message).collect();
    let named = messages.iter().flat_map(|message| {
        std::iter::once(message.author).chain(named_in(&message.body).iter().copied())
    });
    let people = people(connection, named)?;
    Ok(Page {
        messages,
        people,
        through,
        more,
    })
}

/// Keeps as many rows, each with the size of its body, as make a page, and says whether there were more.
pub(super) fn cut<T>(mut rows: Vec<(T, usize)>) -> (Vec<(T, usize)>, bool) {
    let mut bytes = 0;
    let fit = rows
        .iter()
        .take_while(|(_, body_bytes)| {
            bytes += body_bytes;
            bytes <= PAGE_BYTES_MAX
        })
        .count();
    // One body always fits: the bound of a page is far above that of a text.
    let keep = fit.clamp(1, PAGE_MESSAGES_MAX);
    let more = rows.len() > keep;
    rows.truncate(keep);
    (rows, more)
}

/// Reads a message and the size of its body.
fn read_message(row: &Row<'_>) -> Result<(Message, usize)> {
    let body = row.text(COLUMNS - 1)?;
    let message = Message {
        conversation: ConversationId::from_bytes(row.bytes(0)?),
        seq: Seq(row.number(1)?),
        id: MessageId::from_bytes(row.bytes(2)?),
        author: UserId::from_bytes(row.bytes(3)?),
        changed: Seq(row.number(4)?),
        sent_ms: row.number(5)?,
        edited_ms: row.optional_number(6)?,
        salt: row.optional_bytes(7)?.map(Hex),
        body: serde_json::from_str(&body)
            .map_err(|error| StoreError::Unreadable(format!("a message's body: {error}")))?,
    };
    Ok((message, body.len()))
}
