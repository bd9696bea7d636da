//! What a connection is told of those whom its person knows, and what the hub keeps of it. It does not
//! know who asks.

use parley_shared::ids::UserId;

use super::Result;
use super::sqlite::Connection;

/// How many people wait for a person's answer to their request to be friends.
///
/// # Errors
/// Those of the database.
pub fn requests(connection: &mut Connection, person: UserId) -> Result<u32> {
    let count = connection.query_one(
        "SELECT COUNT(*) FROM relations WHERE person_id = $1 AND state = 'incoming'",
        &[person.as_bytes().into()],
        |row| row.number(0),
    )?;
    Ok(u32::try_from(count.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// Whether a person knows anyone by a name of their own.
///
/// # Errors
/// Those of the database.
pub fn has_remarks(connection: &mut Connection, person: UserId) -> Result<bool> {
    let any = connection.query_one(
        "SELECT person_id FROM relations WHERE person_id = $1 AND remark IS NOT NULL LIMIT 1",
        &[person.as_bytes().into()],
        |_| Ok(()),
    )?;
    Ok(any.is_some())
}

/// Everyone who blocked someone, with whom.
///
/// # Errors
/// Those of the database.
pub fn blocks(connection: &mut Connection) -> Result<Vec<(UserId, UserId)>> {
    connection.query(
        "SELECT person_id, other_id FROM relations WHERE blocked_ms IS NOT NULL",
        &[],
        |row| {
            Ok((
                UserId::from_bytes(row.bytes(0)?),
                UserId::from_bytes(row.bytes(1)?),
            ))
        },
    )
}
