//! The talk of two people, once for each pair; one's notes are a pair with oneself. It does not know what
//! the two are to each other.

use parley_shared::ids::{ConversationId, UserId};

use super::Result;
use super::sqlite::Connection;

/// The conversation of two people, if there is one.
///
/// # Errors
/// Those of the database.
pub fn between(
    connection: &mut Connection,
    one: UserId,
    other: UserId,
) -> Result<Option<ConversationId>> {
    let (low, high) = (one.min(other), one.max(other));
    connection.query_one(
        "SELECT conversation_id FROM pairs WHERE low_id = $1 AND high_id = $2",
        &[low.as_bytes().into(), high.as_bytes().into()],
        |row| Ok(ConversationId::from_bytes(row.bytes(0)?)),
    )
}

/// Gives two people a conversation that is there.
///
/// # Errors
/// Those of the database; a pair that has one is one.
pub fn insert(
    connection: &mut Connection,
    one: UserId,
    other: UserId,
    conversation: ConversationId,
) -> Result<()> {
    let (low, high) = (one.min(other), one.max(other));
    connection.execute(
        "INSERT INTO pairs (low_id, high_id, conversation_id) VALUES ($1, $2, $3)",
        &[
            low.as_bytes().into(),
            high.as_bytes().into(),
            conversation.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// With whom a person talks in a conversation; `None` when it is not theirs. In one's notes it is oneself.
///
/// # Errors
/// Those of the database.
pub fn other(
    connection: &mut Connection,
    conversation: ConversationId,
    person: UserId,
) -> Result<Option<UserId>> {
    let pair = connection.query_one(
        "SELECT low_id, high_id FROM pairs WHERE conversation_id = $1",
        &[conversation.as_bytes().into()],
        |row| {
            Ok((
                UserId::from_bytes(row.bytes(0)?),
                UserId::from_bytes(row.bytes(1)?),
            ))
        },
    )?;
    Ok(pair.and_then(|(low, high)| match person {
        _ if person == low => Some(high),
        _ if person == high => Some(low),
        _ => None,
    }))
}

/// Everyone with whom a person has a talk, with that talk; their notes are none.
///
/// # Errors
/// Those of the database.
pub fn of(connection: &mut Connection, person: UserId) -> Result<Vec<(UserId, ConversationId)>> {
    connection.query(
        "SELECT high_id, conversation_id FROM pairs WHERE low_id = $1 AND high_id <> $1
         UNION ALL
         SELECT low_id, conversation_id FROM pairs WHERE high_id = $1 AND low_id <> $1",
        &[person.as_bytes().into()],
        |row| {
            let other = UserId::from_bytes(row.bytes(0)?);
            Ok((other, ConversationId::from_bytes(row.bytes(1)?)))
        },
    )
}
