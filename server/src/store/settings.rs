//! What the owner set for the whole server. It does not know what it means.

use parley_shared::api::server::Policy;
use parley_shared::json::read;

use super::sqlite::Connection;
use super::{Result, StoreError};

const POLICY: &str = "policy";

/// Who may come in: what was set, or what holds from the start. What an older version kept does not say
/// everything; then friends are who may write to each other.
///
/// # Errors
/// Those of the database.
pub fn policy(connection: &mut Connection) -> Result<Policy> {
    let kept = connection.query_one(
        "SELECT value FROM settings WHERE name = $1",
        &[POLICY.into()],
        |row| row.text(0),
    )?;
    kept.map_or_else(
        || Ok(Policy::default()),
        |json| read(&json).map_err(|error| StoreError::Unreadable(error.to_string())),
    )
}

/// Sets who may come in.
///
/// # Errors
/// Those of the database.
pub fn set_policy(connection: &mut Connection, policy: &Policy) -> Result<()> {
    let json =
        serde_json::to_string(policy).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    connection.execute(
        "INSERT INTO settings (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[POLICY.into(), json.as_str().into()],
    )?;
    Ok(())
}
