//! Which conversations people were in and are no longer, for whoever was away meanwhile. It does not know why.

use parley_shared::ids::{ConversationId, Stamp, UserId};

use super::Result;
use super::sqlite::Connection;

/// Takes note that someone is no longer in a conversation.
///
/// # Errors
/// Those of the database.
pub fn insert(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    stamp: Stamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO departures (person_id, conversation_id, stamp) VALUES ($1, $2, $3)
         ON CONFLICT (person_id, conversation_id) DO UPDATE SET stamp = excluded.stamp",
        &[
            person.as_bytes().into(),
            conversation.as_bytes().into(),
            stamp.0.into(),
        ],
    )?;
    Ok(())
}

/// Someone is in a conversation again.
///
/// # Errors
/// Those of the database.
pub fn delete(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<()> {
    connection.execute(
        "DELETE FROM departures WHERE person_id = $1 AND conversation_id = $2",
        &[person.as_bytes().into(), conversation.as_bytes().into()],
    )?;
    Ok(())
}

/// The conversations that someone is in no longer since a stamp, at most so many.
///
/// # Errors
/// Those of the database.
pub fn since(
    connection: &mut Connection,
    person: UserId,
    since: Stamp,
    at_most: u64,
) -> Result<Vec<ConversationId>> {
    connection.query(
        "SELECT conversation_id FROM departures WHERE person_id = $1 AND stamp > $2
         ORDER BY stamp LIMIT $3",
        &[person.as_bytes().into(), since.0.into(), at_most.into()],
        |row| Ok(ConversationId::from_bytes(row.bytes(0)?)),
    )
}
