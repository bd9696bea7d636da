//! Who sits in a conversation, and as what. It does not know who may change that.

use parley_shared::ids::{ConversationId, Stamp, UserId};
use parley_shared::model::Role;

use super::super::sqlite::Connection;
use super::super::{Result, StoreError};

/// Seats a person, as what they are there. `false` when they sit there already, and then nothing is changed.
///
/// # Errors
/// Those of the database.
pub fn add_member(
    connection: &mut Connection,
    conversation: ConversationId,
    person: UserId,
    rank: Role,
    joined_ms: u64,
) -> Result<bool> {
    let added = connection.execute(
        "INSERT INTO members (conversation_id, person_id, rank, joined_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (conversation_id, person_id) DO NOTHING",
        &[
            conversation.as_bytes().into(),
            person.as_bytes().into(),
            rank_number(rank).into(),
            joined_ms.into(),
        ],
    )?;
    Ok(added == 1)
}

/// Makes a member something else.
///
/// # Errors
/// Those of the database.
pub fn set_rank(
    connection: &mut Connection,
    conversation: ConversationId,
    person: UserId,
    rank: Role,
) -> Result<()> {
    connection.execute(
        "UPDATE members SET rank = $1 WHERE conversation_id = $2 AND person_id = $3",
        &[
            rank_number(rank).into(),
            conversation.as_bytes().into(),
            person.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// Takes note of when a conversation was last another for a member than before, apart from what is
/// another for all of them.
///
/// # Errors
/// Those of the database.
pub fn set_seat_stamp(
    connection: &mut Connection,
    conversation: ConversationId,
    person: UserId,
    stamp: Stamp,
) -> Result<()> {
    connection.execute(
        "UPDATE members SET stamp = $1 WHERE conversation_id = $2 AND person_id = $3",
        &[
            stamp.0.into(),
            conversation.as_bytes().into(),
            person.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// The same of all conversations that a person is a member of.
///
/// # Errors
/// Those of the database.
pub fn set_seat_stamps(connection: &mut Connection, person: UserId, stamp: Stamp) -> Result<()> {
    connection.execute(
        "UPDATE members SET stamp = $1 WHERE person_id = $2",
        &[stamp.0.into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// Takes a person's seat. `false` when they had none.
///
/// # Errors
/// Those of the database.
pub fn remove_member(
    connection: &mut Connection,
    conversation: ConversationId,
    person: UserId,
) -> Result<bool> {
    let removed = connection.execute(
        "DELETE FROM members WHERE conversation_id = $1 AND person_id = $2",
        &[conversation.as_bytes().into(), person.as_bytes().into()],
    )?;
    Ok(removed == 1)
}

/// What a member is; `None` for someone who is none.
///
/// # Errors
/// Those of the database.
pub fn rank_of(
    connection: &mut Connection,
    conversation: ConversationId,
    person: UserId,
) -> Result<Option<Role>> {
    connection.query_one(
        "SELECT rank FROM members WHERE conversation_id = $1 AND person_id = $2",
        &[conversation.as_bytes().into(), person.as_bytes().into()],
        |row| read_rank(row.number(0)?),
    )
}

pub(in crate::store) fn rank_number(rank: Role) -> u64 {
    match rank {
        Role::Member => 1,
        Role::Administrator => 2,
        Role::Owner => 3,
    }
}

pub(in crate::store) fn read_rank(number: u64) -> Result<Role> {
    match number {
        1 => Ok(Role::Member),
        2 => Ok(Role::Administrator),
        3 => Ok(Role::Owner),
        other => Err(StoreError::Unreadable(format!("the rank {other}"))),
    }
}
