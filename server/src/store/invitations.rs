//! Invitations to register as they are kept. It does not know their codes.

use parley_shared::api::people::Invitation;
use parley_shared::ids::{InvitationId, UserId};

use super::Result;
use super::sqlite::{Connection, Row};
use crate::account::secret::Hash;

/// The invitations that hold, the newest first.
///
/// # Errors
/// Those of the database.
pub fn invitations(connection: &mut Connection, now_ms: u64) -> Result<Vec<Invitation>> {
    connection.query(
        "SELECT id, made_by, created_ms, expires_ms, uses_left FROM invitations
         WHERE expires_ms > $1 AND uses_left > 0 ORDER BY created_ms DESC, id",
        &[now_ms.into()],
        read_invitation,
    )
}

/// Whether an invitation holds.
///
/// # Errors
/// Those of the database.
pub fn holds(connection: &mut Connection, code: &Hash, now_ms: u64) -> Result<bool> {
    let found = connection.query(
        "SELECT id FROM invitations WHERE hash = $1 AND expires_ms > $2 AND uses_left > 0",
        &[code.into(), now_ms.into()],
        |_| Ok(()),
    )?;
    Ok(!found.is_empty())
}

/// Uses an invitation once. Says whether it held.
///
/// # Errors
/// Those of the database.
pub fn use_once(connection: &mut Connection, code: &Hash, now_ms: u64) -> Result<bool> {
    let used = connection.execute(
        "UPDATE invitations SET uses_left = uses_left - 1
         WHERE hash = $1 AND expires_ms > $2 AND uses_left > 0",
        &[code.into(), now_ms.into()],
    )?;
    Ok(used == 1)
}

/// Keeps a new invitation. Those that no longer hold make room.
///
/// # Errors
/// Those of the database.
pub fn insert(connection: &mut Connection, invitation: &Invitation, code: &Hash) -> Result<()> {
    connection.execute(
        "DELETE FROM invitations WHERE expires_ms <= $1 OR uses_left = 0",
        &[invitation.created_ms.into()],
    )?;
    connection.execute(
        "INSERT INTO invitations (id, hash, made_by, created_ms, expires_ms, uses_left)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            invitation.id.as_bytes().into(),
            code.into(),
            invitation.made_by.as_bytes().into(),
            invitation.created_ms.into(),
            invitation.expires_ms.into(),
            u64::from(invitation.uses_left).into(),
        ],
    )?;
    Ok(())
}

/// Revokes an invitation. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub fn delete(connection: &mut Connection, id: InvitationId) -> Result<bool> {
    let revoked = connection.execute(
        "DELETE FROM invitations WHERE id = $1",
        &[id.as_bytes().into()],
    )?;
    Ok(revoked == 1)
}

pub(super) fn read_invitation(row: &Row<'_>) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId::from_bytes(row.bytes(0)?),
        made_by: UserId::from_bytes(row.bytes(1)?),
        created_ms: row.number(2)?,
        expires_ms: row.number(3)?,
        uses_left: u32::try_from(row.number(4)?).unwrap_or(u32::MAX),
    })
}
