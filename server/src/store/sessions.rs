//! Sessions as they are kept: one for each device that is signed in. It does not know their secrets.

use parley_shared::ids::{SessionId, UserId};

use super::Result;
use super::sqlite::Connection;
use crate::account::secret::Hash;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which session.
    pub id: SessionId,
    /// Its device, in a few words.
    pub device: String,
    /// When it began.
    pub created_ms: u64,
    /// When it was last used, to the hour or so.
    pub last_used_ms: u64,
}

/// What a new session begins with.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Which session.
    pub id: SessionId,
    /// What is kept of its secret.
    pub hash: Hash,
    /// Its device, in a few words.
    pub device: String,
}

/// The sessions of a person that hold since `since_ms`, the last used first.
///
/// # Errors
/// Those of the database.
pub fn sessions_of(
    connection: &mut Connection,
    person: UserId,
    since_ms: u64,
) -> Result<Vec<Session>> {
    connection.query(
        "SELECT id, device, created_ms, last_used_ms FROM sessions
         WHERE person_id = $1 AND last_used_ms >= $2 ORDER BY last_used_ms DESC, id",
        &[person.as_bytes().into(), since_ms.into()],
        |row| {
            Ok(Session {
                id: SessionId::from_bytes(row.bytes(0)?),
                device: row.text(1)?,
                created_ms: row.number(2)?,
                last_used_ms: row.number(3)?,
            })
        },
    )
}

/// Keeps a new session.
///
/// # Errors
/// Those of the database.
pub fn insert(
    connection: &mut Connection,
    person: UserId,
    new: &NewSession,
    now_ms: u64,
) -> Result<()> {
    connection.execute(
        "INSERT INTO sessions (id, person_id, hash, device, created_ms, last_used_ms)
         VALUES ($1, $2, $3, $4, $5, $5)",
        &[
            new.id.as_bytes().into(),
            person.as_bytes().into(),
            (&new.hash).into(),
            new.device.as_str().into(),
            now_ms.into(),
        ],
    )?;
    Ok(())
}

/// Takes note that a session is used.
///
/// # Errors
/// Those of the database.
pub fn touch(connection: &mut Connection, id: SessionId, now_ms: u64) -> Result<()> {
    connection.execute(
        "UPDATE sessions SET last_used_ms = $1 WHERE id = $2 AND last_used_ms < $1",
        &[now_ms.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Ends a person's session. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub fn delete(connection: &mut Connection, person: UserId, id: SessionId) -> Result<bool> {
    let ended = connection.execute(
        "DELETE FROM sessions WHERE id = $1 AND person_id = $2",
        &[id.as_bytes().into(), person.as_bytes().into()],
    )?;
    Ok(ended == 1)
}

/// Ends all sessions of a person, but this one where one is named.
///
/// # Errors
/// Those of the database.
pub fn delete_all(
    connection: &mut Connection,
    person: UserId,
    but: Option<SessionId>,
) -> Result<()> {
    match but {
        Some(but) => connection.execute(
            "DELETE FROM sessions WHERE person_id = $1 AND id <> $2",
            &[person.as_bytes().into(), but.as_bytes().into()],
        )?,
        None => connection.execute(
            "DELETE FROM sessions WHERE person_id = $1",
            &[person.as_bytes().into()],
        )?,
    };
    Ok(())
}

/// Ends the sessions of a person that nobody used since `since_ms`.
///
/// # Errors
/// Those of the database.
pub fn delete_unused(connection: &mut Connection, person: UserId, since_ms: u64) -> Result<()> {
    connection.execute(
        "DELETE FROM sessions WHERE person_id = $1 AND last_used_ms < $2",
        &[person.as_bytes().into(), since_ms.into()],
    )?;
    Ok(())
}
