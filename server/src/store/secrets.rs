//! What the server remembers about itself. It does not know what a secret is for.

use super::sqlite::Connection;
use super::{Result, StoreError, Writer};

impl Writer {
    /// The secret of a name; made by `make` when there is none yet.
    ///
    /// # Errors
    /// Those of the database, and of `make`.
    pub fn secret(
        &mut self,
        name: &'static str,
        make: impl FnOnce() -> Result<[u8; 32]>,
    ) -> Result<[u8; 32]> {
        self.transaction(|connection| {
            if let Some(secret) = secret(connection, name)? {
                return Ok(secret);
            }
            let secret = make()?;
            connection.execute(
                "INSERT INTO secrets (name, value) VALUES ($1, $2)",
                &[name.into(), (&secret).into()],
            )?;
            Ok(secret)
        })
    }
}

fn secret(connection: &mut Connection, name: &str) -> Result<Option<[u8; 32]>> {
    connection.query_one(
        "SELECT value FROM secrets WHERE name = $1",
        &[name.into()],
        |row| row.bytes(0),
    )
}

/// Fresh random bytes from the operating system.
///
/// # Errors
/// When the operating system has none to give.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Files(std::io::Error::other(error)))?;
    Ok(bytes)
}
