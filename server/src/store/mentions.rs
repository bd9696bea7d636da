//! Who is mentioned where. It does not know how a text mentions someone, nor who may be.

use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::limits::UNREAD_COUNTED_MAX;

use super::Result;
use super::sqlite::Connection;

/// Whose user name is the longest of those with which a key begins. `ends` says where each of them
/// would end, in bytes of the key, the shortest first.
///
/// # Errors
/// Those of the database.
pub fn longest_named(
    connection: &mut Connection,
    key: &str,
    mut ends: &[usize],
) -> Result<Option<UserId>> {
    while let Some((longest, shorter)) = ends.split_last() {
        let name = &key[..*longest];
        // Of all keys that are not greater, the greatest has the most in common with this one: what is
        // longer than that is nobody's, and need not be asked for.
        let nearest = connection.query_one(
            "SELECT user_name_key, person_id FROM accounts WHERE user_name_key <= $1
             ORDER BY user_name_key DESC LIMIT 1",
            &[name.into()],
            |row| Ok((row.text(0)?, UserId::from_bytes(row.bytes(1)?))),
        )?;
        let Some((nearest, person)) = nearest else {
            return Ok(None);
        };
        if nearest == name {
            return Ok(Some(person));
        }
        let pairs = nearest.bytes().zip(name.bytes());
        let common = pairs.take_while(|(one, other)| one == other).count();
        ends = &shorter[..shorter.partition_point(|end| *end <= common)];
    }
    Ok(None)
}

/// Takes note that a message mentions someone.
///
/// # Errors
/// Those of the database; the person must be kept.
pub fn insert(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    message: Seq,
) -> Result<()> {
    connection.execute(
        "INSERT INTO mentions (person_id, conversation_id, message_seq) VALUES ($1, $2, $3)
         ON CONFLICT (person_id, conversation_id, message_seq) DO NOTHING",
        &[
            person.as_bytes().into(),
            conversation.as_bytes().into(),
            message.0.into(),
        ],
    )?;
    Ok(())
}

/// A message mentions someone no longer.
///
/// # Errors
/// Those of the database.
pub fn remove(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    message: Seq,
) -> Result<()> {
    connection.execute(
        "DELETE FROM mentions WHERE person_id = $1 AND conversation_id = $2 AND message_seq = $3",
        &[
            person.as_bytes().into(),
            conversation.as_bytes().into(),
            message.0.into(),
        ],
    )?;
    Ok(())
}

/// Whom a message mentions.
///
/// # Errors
/// Those of the database.
pub fn of_message(
    connection: &mut Connection,
    conversation: ConversationId,
    message: Seq,
) -> Result<Vec<UserId>> {
    connection.query(
        "SELECT person_id FROM mentions WHERE conversation_id = $1 AND message_seq = $2",
        &[conversation.as_bytes().into(), message.0.into()],
        |row| Ok(UserId::from_bytes(row.bytes(0)?)),
    )
}

/// How many messages after a place mention a person, counted up to [`UNREAD_COUNTED_MAX`].
///
/// # Errors
/// Those of the database.
pub fn unread(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
    after: Seq,
) -> Result<u32> {
    let count = connection.query_one(
        "SELECT COUNT(*) FROM (
             SELECT message_seq FROM mentions
             WHERE person_id = $1 AND conversation_id = $2 AND message_seq > $3 LIMIT $4
         ) AS mentioning",
        &[
            person.as_bytes().into(),
            conversation.as_bytes().into(),
            after.0.into(),
            u64::from(UNREAD_COUNTED_MAX).into(),
        ],
        |row| row.number(0),
    )?;
    Ok(u32::try_from(count.unwrap_or(0)).unwrap_or(UNREAD_COUNTED_MAX))
}
