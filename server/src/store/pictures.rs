//! Pictures as they are kept, each once, however many show it. It does not know who does.

use parley_shared::ids::PictureId;

use super::Result;
use super::sql::Value;
use super::sqlite::Connection;

/// The image of a picture.
///
/// # Errors
/// Those of the database.
pub fn image(connection: &mut Connection, id: PictureId) -> Result<Option<Vec<u8>>> {
    connection.query_one(
        "SELECT image FROM pictures WHERE id = $1",
        &[id.as_bytes().into()],
        |row| row.blob(0),
    )
}

/// Keeps a picture that is not kept yet.
///
/// # Errors
/// Those of the database.
pub fn keep(connection: &mut Connection, id: PictureId, image: &[u8], now_ms: u64) -> Result<()> {
    connection.execute(
        "INSERT INTO pictures (id, image, created_ms) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO NOTHING",
        &[id.as_bytes().into(), Value::Bytes(image), now_ms.into()],
    )?;
    Ok(())
}

/// Removes a picture that no person and no group shows any more. Whoever ceases to show one calls this
/// afterwards, in the same transaction.
///
/// # Errors
/// Those of the database.
pub fn release(connection: &mut Connection, id: PictureId) -> Result<()> {
    connection.execute(
        "DELETE FROM pictures WHERE id = $1
         AND NOT EXISTS (SELECT 1 FROM people WHERE picture = $1)
         AND NOT EXISTS (SELECT 1 FROM groups WHERE picture = $1)",
        &[id.as_bytes().into()],
    )?;
    Ok(())
}
