//! What became another for someone while they were away, besides their conversations themselves. It does
//! not know who asks.

use parley_shared::ids::{ConversationId, Stamp, UserId};
use parley_shared::limits::CHANGED_TOLD_MAX;
use parley_shared::model::Person;

use super::sqlite::Connection;
use super::{Result, departures, people, stamps};

/// What someone missed.
#[derive(Debug, PartialEq, Eq)]
pub struct Absence {
    /// The stamp since which they were away.
    pub since: Stamp,
    /// The conversations that they were in and are no longer.
    pub left: Vec<ConversationId>,
    /// Everyone who is seen otherwise: they may have met them wherever they are.
    pub people: Vec<Person>,
}

/// What someone missed since a stamp; `None` when that cannot be told, or is too much to be worth it.
///
/// # Errors
/// Those of the database.
pub fn absence(
    connection: &mut Connection,
    person: UserId,
    since: Option<Stamp>,
) -> Result<Option<Absence>> {
    let Some(since) = stamps::can_tell(connection, since)? else {
        return Ok(None);
    };
    let at_most = CHANGED_TOLD_MAX as u64 + 1;
    let left = departures::since(connection, person, since, at_most)?;
    let people = people::changed_since(connection, since, at_most)?;
    if left.len().max(people.len()) > CHANGED_TOLD_MAX {
        return Ok(None);
    }
    Ok(Some(Absence {
        since,
        left,
        people,
    }))
}
