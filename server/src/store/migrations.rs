//! Brings a database to this version's schema. It knows the order of the steps and nothing of their meaning.

use super::sqlite::Connection;
use super::{Result, StoreError, people};

/// The steps, oldest first. A step that was released is never edited: data out there has taken it.
const STEPS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_lobby.sql"),
    include_str!("../../migrations/sqlite/0002_accounts.sql"),
    include_str!("../../migrations/sqlite/0003_people.sql"),
    include_str!("../../migrations/sqlite/0004_delivery.sql"),
];

/// The version that this program knows.
pub(super) fn known() -> u64 {
    STEPS.len() as u64
}

/// The version that a database has.
pub(super) fn version(connection: &mut Connection) -> Result<u64> {
    let found = connection.query_one(
        "SELECT COALESCE(MAX(version), 0) FROM schema_version",
        &[],
        |row| row.number(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Takes the steps that the database has not taken yet, each whole or not at all.
pub(super) fn apply(connection: &mut Connection) -> Result<()> {
    connection.execute_script(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT;",
    )?;
    let (found, known) = (version(connection)?, known());
    if found > known {
        return Err(StoreError::TooNew {
            found: found.cast_signed(),
            known: known.cast_signed(),
        });
    }
    for (version, step) in (1..)
        .zip(STEPS)
        .skip_while(|(version, _)| *version <= found)
    {
        connection.begin()?;
        let taken = connection
            .execute_script(step)
            .and_then(|()| fill(connection, version))
            .and_then(|()| {
                connection.execute(
                    "INSERT INTO schema_version (version) VALUES ($1)",
                    &[version.into()],
                )
            });
        if let Err(error) = taken {
            connection.roll_back();
            return Err(error);
        }
        connection.commit()?;
        tracing::info!(schema.version = version, "database upgraded");
    }
    Ok(())
}

/// What a step needs besides its statements, because SQL knows the letters of English only.
fn fill(connection: &mut Connection, version: u64) -> Result<()> {
    match version {
        3 => people::fill_name_keys(connection),
        _ => Ok(()),
    }
}
