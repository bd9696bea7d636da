//! Second factors and their recovery codes as they are kept. It does not know how codes are computed.

use parley_shared::ids::UserId;

use super::Result;
use super::accounts::SecondFactor;
use super::sqlite::Connection;
use crate::account::secret::Hash;

/// Sets the second factor, or takes it away.
///
/// # Errors
/// Those of the database.
pub fn set(
    connection: &mut Connection,
    person: UserId,
    factor: Option<SecondFactor>,
    now_ms: u64,
) -> Result<()> {
    let enabled_ms = factor.filter(|factor| factor.enabled).map(|_| now_ms);
    connection.execute(
        "UPDATE accounts SET totp_key = $1, totp_enabled_ms = $2, totp_step = $3
         WHERE person_id = $4",
        &[
            factor.as_ref().map(|factor| &factor.key).into(),
            enabled_ms.into(),
            factor.map_or(0, |factor| factor.step).into(),
            person.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// Puts recovery codes in the place of those that there were.
///
/// # Errors
/// Those of the database.
pub fn set_recovery_codes(
    connection: &mut Connection,
    person: UserId,
    codes: &[Hash],
) -> Result<()> {
    connection.execute(
        "DELETE FROM recovery_codes WHERE person_id = $1",
        &[person.as_bytes().into()],
    )?;
    for code in codes {
        connection.execute(
            "INSERT INTO recovery_codes (person_id, hash) VALUES ($1, $2)",
            &[person.as_bytes().into(), code.into()],
        )?;
    }
    Ok(())
}

/// How many recovery codes are left.
///
/// # Errors
/// Those of the database.
pub fn recovery_codes_left(connection: &mut Connection, person: UserId) -> Result<u64> {
    let left = connection.query_one(
        "SELECT COUNT(*) FROM recovery_codes WHERE person_id = $1",
        &[person.as_bytes().into()],
        |row| row.number(0),
    )?;
    Ok(left.unwrap_or(0))
}

/// Uses a recovery code up. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub fn use_recovery_code(connection: &mut Connection, person: UserId, code: &Hash) -> Result<bool> {
    let used = connection.execute(
        "DELETE FROM recovery_codes WHERE person_id = $1 AND hash = $2",
        &[person.as_bytes().into(), code.into()],
    )?;
    Ok(used == 1)
}
