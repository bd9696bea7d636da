//! Which batch of changes was the newest, by which it is told what changed since. It does not know what did.

use parley_shared::ids::Stamp;

use super::Result;
use super::sqlite::Connection;

/// The newest of all.
const NEWEST: u64 = 1;
/// The newest of a change that nobody was told of.
const UNTOLD: u64 = 2;

/// The newest stamp.
///
/// # Errors
/// Those of the database.
pub fn newest(connection: &mut Connection) -> Result<Stamp> {
    kept(connection, NEWEST)
}

/// Takes note of the newest stamp.
///
/// # Errors
/// Those of the database.
pub fn set_newest(connection: &mut Connection, stamp: Stamp) -> Result<()> {
    keep(connection, NEWEST, stamp)
}

/// Takes note that with this stamp something changed that is told to nobody, and may be another list
/// for everyone.
///
/// # Errors
/// Those of the database.
pub fn set_untold(connection: &mut Connection, stamp: Stamp) -> Result<()> {
    keep(connection, UNTOLD, stamp)
}

/// The stamp since which someone asks, if what changed since can be told. It cannot of one that is still
/// to come, as where the data of an earlier day were put back, nor from before what nobody was told of.
///
/// # Errors
/// Those of the database.
pub fn can_tell(connection: &mut Connection, since: Option<Stamp>) -> Result<Option<Stamp>> {
    // Before everything: all there is has come to be since, also what is older than stamps.
    let Some(since) = since.filter(|since| *since > Stamp::default()) else {
        return Ok(None);
    };
    let can = kept(connection, UNTOLD)? <= since && since <= newest(connection)?;
    Ok(can.then_some(since))
}

fn kept(connection: &mut Connection, which: u64) -> Result<Stamp> {
    let stamp = connection.query_one(
        "SELECT newest FROM stamps WHERE id = $1",
        &[which.into()],
        |row| row.number(0),
    )?;
    Ok(Stamp(stamp.unwrap_or(0)))
}

fn keep(connection: &mut Connection, which: u64, stamp: Stamp) -> Result<()> {
    connection.execute(
        "UPDATE stamps SET newest = $1 WHERE id = $2",
        &[stamp.0.into(), which.into()],
    )?;
    Ok(())
}
