//! Invitations into groups as they are kept. It does not know their codes, nor who may make one.

use parley_shared::api::people::Invitation;
use parley_shared::ids::{ConversationId, InvitationId, UserId};

use super::Result;
use super::invitations::read_invitation;
use super::sqlite::Connection;
use crate::account::secret::Hash;

/// The invitations into a group that hold, the newest first.
///
/// # Errors
/// Those of the database.
pub fn invitations(
    connection: &mut Connection,
    group: ConversationId,
    now_ms: u64,
) -> Result<Vec<Invitation>> {
    connection.query(
        "SELECT id, made_by, created_ms, expires_ms, uses_left FROM group_invitations
         WHERE conversation_id = $1 AND expires_ms > $2 AND uses_left > 0
         ORDER BY created_ms DESC, id",
        &[group.as_bytes().into(), now_ms.into()],
        read_invitation,
    )
}

/// The group into which an invitation leads that holds.
///
/// # Errors
/// Those of the database.
pub fn group_of(
    connection: &mut Connection,
    code: &Hash,
    now_ms: u64,
) -> Result<Option<ConversationId>> {
    connection.query_one(
        "SELECT conversation_id FROM group_invitations
         WHERE hash = $1 AND expires_ms > $2 AND uses_left > 0",
        &[code.into(), now_ms.into()],
        |row| Ok(ConversationId::from_bytes(row.bytes(0)?)),
    )
}

/// Uses an invitation once, which holds.
///
/// # Errors
/// Those of the database.
pub fn use_once(connection: &mut Connection, code: &Hash) -> Result<()> {
    connection.execute(
        "UPDATE group_invitations SET uses_left = uses_left - 1 WHERE hash = $1 AND uses_left > 0",
        &[code.into()],
    )?;
    Ok(())
}

/// Keeps a new invitation. Those into the same group that no longer hold make room.
///
/// # Errors
/// Those of the database.
pub fn insert(
    connection: &mut Connection,
    group: ConversationId,
    invitation: &Invitation,
    code: &Hash,
) -> Result<()> {
    connection.execute(
        "DELETE FROM group_invitations
         WHERE conversation_id = $1 AND (expires_ms <= $2 OR uses_left = 0)",
        &[group.as_bytes().into(), invitation.created_ms.into()],
    )?;
    connection.execute(
        "INSERT INTO group_invitations
         (id, conversation_id, hash, made_by, created_ms, expires_ms, uses_left)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            invitation.id.as_bytes().into(),
            group.as_bytes().into(),
            code.into(),
            invitation.made_by.as_bytes().into(),
            invitation.created_ms.into(),
            invitation.expires_ms.into(),
            u64::from(invitation.uses_left).into(),
        ],
    )?;
    Ok(())
}

/// Revokes an invitation into a group. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub fn delete(
    connection: &mut Connection,
    group: ConversationId,
    id: InvitationId,
) -> Result<bool> {
    let revoked = connection.execute(
        "DELETE FROM group_invitations WHERE conversation_id = $1 AND id = $2",
        &[group.as_bytes().into(), id.as_bytes().into()],
    )?;
    Ok(revoked == 1)
}

/// Revokes the invitations into a group that a person made.
///
/// # Errors
/// Those of the database.
pub fn delete_made_by(
    connection: &mut Connection,
    group: ConversationId,
    person: UserId,
) -> Result<()> {
    connection.execute(
        "DELETE FROM group_invitations WHERE conversation_id = $1 AND made_by = $2",
        &[group.as_bytes().into(), person.as_bytes().into()],
    )?;
    Ok(())
}
