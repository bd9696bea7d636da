//! How far people have read, and how much they have not. It does not know on which device.

use parley_shared::ids::{ConversationId, Seq, Stamp, UserId};
use parley_shared::limits::UNREAD_COUNTED_MAX;

use super::sqlite::Connection;
use super::{Result, mentions};

/// Messages after a mark that are looked through at most, the newest first: whoever wrote a thousand
/// after it has seen the rest.
const LOOKED_THROUGH_MAX: u64 = 1_000;

/// The newest change of a conversation that a person has read; zero when they read nothing.
///
/// # Errors
/// Those of the database.
pub fn through(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<Seq> {
    let kept = connection.query_one(
        "SELECT through_seq FROM read_marks WHERE person_id = $1 AND conversation_id = $2",
        &[person.as_bytes().into(), conversation.as_bytes().into()],
        |row| row.number(0),
    )?;
    Ok(Seq(kept.unwrap_or(0)))
}

/// Moves the mark of a person, and takes note of the stamp with which it moved. What they have read they
/// have, and have seen; that only moves forward.
///
/// # Errors
/// Those of the database.
pub fn set_through(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    through: Seq,
    stamp: Stamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO read_marks (person_id, conversation_id, through_seq, delivered_seq, seen_seq, stamp)
         VALUES ($1, $2, $3, $3, $3, $4)
         ON CONFLICT (person_id, conversation_id) DO UPDATE SET through_seq = excluded.through_seq,
         stamp = excluded.stamp,
         delivered_seq = CASE WHEN excluded.delivered_seq > read_marks.delivered_seq
             THEN excluded.delivered_seq ELSE read_marks.delivered_seq END,
         seen_seq = CASE WHEN excluded.seen_seq > read_marks.seen_seq
             THEN excluded.seen_seq ELSE read_marks.seen_seq END",
        &[
            person.as_bytes().into(),
            conversation.as_bytes().into(),
            through.0.into(),
            stamp.0.into(),
        ],
    )?;
    Ok(())
}

/// The newest change of a conversation that a device of a person has; zero when none has any.
///
/// # Errors
/// Those of the database.
pub fn delivered(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<Seq> {
    let kept = connection.query_one(
        "SELECT delivered_seq FROM read_marks WHERE person_id = $1 AND conversation_id = $2",
        &[person.as_bytes().into(), conversation.as_bytes().into()],
        |row| row.number(0),
    )?;
    Ok(Seq(kept.unwrap_or(0)))
}

/// Sets the newest change that a device of a person has.
///
/// # Errors
/// Those of the database.
pub fn set_delivered(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    delivered: Seq,
) -> Result<()> {
    connection.execute(
        "INSERT INTO read_marks (person_id, conversation_id, through_seq, delivered_seq)
         VALUES ($1, $2, 0, $3)
         ON CONFLICT (person_id, conversation_id) DO UPDATE SET delivered_seq = excluded.delivered_seq",
        &[
            person.as_bytes().into(),
            conversation.as_bytes().into(),
            delivered.0.into(),
        ],
    )?;
    Ok(())
}

/// What a person has not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// Messages of others.
    pub messages: u32,
    /// How many of these mention the person.
    pub mentions: u32,
}

/// How many messages others wrote after a place, counted up to [`UNREAD_COUNTED_MAX`], and how many of
/// them mention a person. What happened to the conversation is no message of theirs, and in what is
/// deleted there is nothing to read.
///
/// # Errors
/// Those of the database.
pub fn unread(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    after: Seq,
) -> Result<Unread> {
    let count = connection.query_one(
        "SELECT COUNT(*) FROM (
             SELECT seq FROM (
                 SELECT seq, author_id, body FROM messages WHERE conversation_id = $1 AND seq > $2
                 ORDER BY seq DESC LIMIT $3
             ) AS newest
             WHERE author_id <> $4 AND body NOT LIKE '{\"type\":\"notice\"%'
             AND body NOT LIKE '{\"type\":\"deleted\"%' LIMIT $5
         ) AS unread",
        &[
            conversation.as_bytes().into(),
            after.0.into(),
            LOOKED_THROUGH_MAX.into(),
            person.as_bytes().into(),
            u64::from(UNREAD_COUNTED_MAX).into(),
        ],
        |row| row.number(0),
    )?;
    let messages = u32::try_from(count.unwrap_or(0)).unwrap_or(UNREAD_COUNTED_MAX);
    // Nearly always nothing is unread, and then nothing is asked.
    let mentions = match messages {
        0 => 0,
        _ => mentions::unread(connection, person, conversation, after)?.min(messages),
    };
    Ok(Unread { messages, mentions })
}
