//! Tokens of programs as they are kept. It does not know their secrets.

use parley_shared::api::program::Token;
use parley_shared::ids::{TokenId, UserId};
use parley_shared::model::Scope;

use super::sqlite::{Connection, Row};
use super::{Result, StoreError};
use crate::account::secret::Hash;

/// The tokens of a person, the newest first.
///
/// # Errors
/// Those of the database.
pub fn tokens_of(connection: &mut Connection, person: UserId) -> Result<Vec<Token>> {
    connection.query(
        "SELECT id, name, scope, created_ms, last_used_ms, expires_ms FROM tokens
         WHERE person_id = $1 ORDER BY created_ms DESC, id",
        &[person.as_bytes().into()],
        read_token,
    )
}

/// Keeps a new token.
///
/// # Errors
/// Those of the database.
pub fn insert(
    connection: &mut Connection,
    person: UserId,
    token: &Token,
    hash: &Hash,
) -> Result<()> {
    connection.execute(
        "INSERT INTO tokens (id, person_id, hash, name, scope, created_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            token.id.as_bytes().into(),
            person.as_bytes().into(),
            hash.into(),
            token.name.as_str().into(),
            scope_text(token.scope).into(),
            token.created_ms.into(),
            token.expires_ms.into(),
        ],
    )?;
    Ok(())
}

/// Takes note that a token is used.
///
/// # Errors
/// Those of the database.
pub fn touch(connection: &mut Connection, id: TokenId, now_ms: u64) -> Result<()> {
    connection.execute(
        "UPDATE tokens SET last_used_ms = $1 WHERE id = $2",
        &[now_ms.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Revokes a person's token. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub fn delete(connection: &mut Connection, person: UserId, id: TokenId) -> Result<bool> {
    let revoked = connection.execute(
        "DELETE FROM tokens WHERE id = $1 AND person_id = $2",
        &[id.as_bytes().into(), person.as_bytes().into()],
    )?;
    Ok(revoked == 1)
}

/// Revokes all tokens of a person.
///
/// # Errors
/// Those of the database.
pub fn delete_all(connection: &mut Connection, person: UserId) -> Result<()> {
    connection.execute(
        "DELETE FROM tokens WHERE person_id = $1",
        &[person.as_bytes().into()],
    )?;
    Ok(())
}

fn read_token(row: &Row<'_>) -> Result<Token> {
    Ok(Token {
        id: TokenId::from_bytes(row.bytes(0)?),
        name: row.text(1)?,
        scope: read_scope(&row.text(2)?)?,
        created_ms: row.number(3)?,
        last_used_ms: row.optional_number(4)?,
        expires_ms: row.optional_number(5)?,
    })
}

fn scope_text(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Write => "write",
        Scope::Manage => "manage",
    }
}

pub(super) fn read_scope(text: &str) -> Result<Scope> {
    [Scope::Read, Scope::Write, Scope::Manage]
        .into_iter()
        .find(|scope| scope_text(*scope) == text)
        .ok_or_else(|| StoreError::Unreadable(format!("the scope {text:?}")))
}
