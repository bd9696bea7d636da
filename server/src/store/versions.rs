//! What messages said before, and which changes made them say what they say. It does not know who may change or read them.
//!
//! The first version of a message is kept beside it from its first change on. Changes are known by the
//! id that their client gave them, for ever, also when what they said is erased.

use parley_shared::api::versions::Version;
use parley_shared::chain::EntryKind;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::PAGE_MESSAGES_MAX;
use parley_shared::model::Message;
use parley_shared::protocol::ChatMessage;

use super::conversations::Seat;
use super::messages::{self, cut, read_kind};
use super::sqlite::Connection;
use super::{Result, StoreError};

/// A change of a message, as it is known by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownChange {
    /// Where the message stands.
    pub conversation: ConversationId,
    /// Which message it changed.
    pub message: MessageId,
    /// Its number.
    pub seq: Seq,
    /// What it did.
    pub kind: EntryKind,
    /// Who made it.
    pub by: UserId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// What the message said from then on; `None` when that is erased.
    pub body: Option<ChatMessage>,
}

/// A change of a message by the id that its client gave it.
///
/// # Errors
/// Those of the database.
pub fn change(connection: &mut Connection, id: MessageId) -> Result<Option<KnownChange>> {
    connection.query_one(
        "SELECT v.conversation_id, m.id, v.seq, e.kind, e.author_id, e.at_ms, v.body FROM versions AS v
         JOIN entries AS e ON e.conversation_id = v.conversation_id AND e.seq = v.seq
         JOIN messages AS m ON m.conversation_id = v.conversation_id AND m.seq = v.message_seq
         WHERE v.change_id = $1",
        &[id.as_bytes().into()],
        |row| {
            Ok(KnownChange {
                conversation: ConversationId::from_bytes(row.bytes(0)?),
                message: MessageId::from_bytes(row.bytes(1)?),
                seq: Seq(row.number(2)?),
                kind: read_kind(row.number(3)?)?,
                by: UserId::from_bytes(row.bytes(4)?),
                at_ms: row.number(5)?,
                body: row.optional_text(6)?.as_deref().map(read_body).transpose()?,
            })
        },
    )
}

/// What a message said at first, if other versions of it are kept and it is not erased.
///
/// # Errors
/// Those of the database.
pub fn first(connection: &mut Connection, message: &Message) -> Result<Option<ChatMessage>> {
    let kept = connection.query_one(
        "SELECT body FROM versions WHERE conversation_id = $1 AND message_seq = $2 AND seq = $2",
        &[message.conversation.as_bytes().into(), message.seq.0.into()],
        |row| row.optional_text(0),
    )?;
    kept.flatten().as_deref().map(read_body).transpose()
}

/// How many versions of a message are kept; none while it says what it said at first.
///
/// # Errors
/// Those of the database.
pub fn count(connection: &mut Connection, message: &Message) -> Result<u64> {
    let count = connection.query_one(
        "SELECT COUNT(*) FROM versions WHERE conversation_id = $1 AND message_seq = $2",
        &[message.conversation.as_bytes().into(), message.seq.0.into()],
        |row| row.number(0),
    )?;
    Ok(count.unwrap_or(0))
}

/// Keeps what a message says now as its first version, exactly as it is stored.
///
/// # Errors
/// Those of the database; that it is kept already is one.
pub fn keep_first(connection: &mut Connection, message: &Message) -> Result<()> {
    connection.execute(
        "INSERT INTO versions (conversation_id, message_seq, seq, salt, body)
         SELECT conversation_id, seq, seq, salt, body FROM messages
         WHERE conversation_id = $1 AND seq = $2",
        &[message.conversation.as_bytes().into(), message.seq.0.into()],
    )?;
    Ok(())
}

/// Keeps what a message says from its newest change on, under the change's id; nothing of a body
/// that there is to erase.
///
/// # Errors
/// Those of the database; an id that is taken is one.
pub fn insert(
    connection: &mut Connection,
    message: &Message,
    change: MessageId,
    body_json: Option<&str>,
) -> Result<()> {
    connection.execute(
        "INSERT INTO versions (conversation_id, message_seq, seq, change_id, salt, body)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            message.conversation.as_bytes().into(),
            message.seq.0.into(),
            message.changed.0.into(),
            change.as_bytes().into(),
            message.salt.as_ref().map(|salt| &salt.0).into(),
            body_json.into(),
        ],
    )?;
    Ok(())
}

/// Erases what all versions of a message said. Which changes there were is still known.
///
/// # Errors
/// Those of the database.
pub fn erase(connection: &mut Connection, message: &Message) -> Result<()> {
    connection.execute(
        "UPDATE versions SET salt = NULL, body = NULL WHERE conversation_id = $1 AND message_seq = $2",
        &[
            message.conversation.as_bytes().into(),
            message.seq.0.into(),
        ],
    )?;
    Ok(())
}

/// The versions of a message after a number, oldest first and the present one last, and whether there are
/// more. `None` when the message does not stand where the seat is, or is deleted.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut Connection,
    seat: &Seat,
    id: MessageId,
    after: Seq,
) -> Result<Option<(Vec<Version>, bool)>> {
    let found = messages::message(connection, id)?
        .filter(|message| message.conversation == seat.conversation());
    let Some(message) = found else {
        return Ok(None);
    };
    if matches!(message.body, ChatMessage::Deleted { .. }) {
        return Ok(None);
    }
    if message.edited_ms.is_none() {
        let only = Version {
            seq: message.seq,
            at_ms: message.sent_ms,
            body: message.body,
        };
        let only = Some(only).filter(|only| only.seq > after);
        return Ok(Some((only.into_iter().collect(), false)));
    }
    let rows = connection.query(
        "SELECT v.seq, e.at_ms, v.body FROM versions AS v
         JOIN entries AS e ON e.conversation_id = v.conversation_id AND e.seq = v.seq
         WHERE v.conversation_id = $1 AND v.message_seq = $2 AND v.seq > $3
         ORDER BY v.seq LIMIT $4",
        &[
            message.conversation.as_bytes().into(),
            message.seq.0.into(),
            after.0.into(),
            (PAGE_MESSAGES_MAX as u64 + 1).into(),
        ],
        |row| {
            let body = row.text(2)?;
            let version = Version {
                seq: Seq(row.number(0)?),
                at_ms: row.number(1)?,
                body: read_body(&body)?,
            };
            Ok((version, body.len()))
        },
    )?;
    let (rows, more) = cut(rows);
    Ok(Some((
        rows.into_iter().map(|(version, _)| version).collect(),
        more,
    )))
}

fn read_body(json: &str) -> Result<ChatMessage> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Unreadable(format!("a version's body: {error}")))
}
