//! What the server remembers about itself. It does not know what a secret is for.

use super::{Result, Writer};

impl Writer {
    /// The secret of a name. When there is none yet, `candidate` becomes it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn secret(&mut self, name: &str, candidate: &[u8; 32]) -> Result<[u8; 32]> {
        self.transaction(|connection| {
            connection.execute(
                "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                &[name.into(), candidate.into()],
            )?;
            let kept = connection.query_one(
                "SELECT value FROM secrets WHERE name = $1",
                &[name.into()],
                |row| row.bytes(0),
            )?;
            Ok(kept.unwrap_or(*candidate))
        })
    }
}
