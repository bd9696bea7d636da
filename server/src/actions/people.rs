//! Who people are, and how they are named. It does not know who is present.

use parley_shared::content::check_name;
use parley_shared::ids::UserId;
use parley_shared::limits::PEOPLE_ASKED_MAX;
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, Receipt};
use crate::store::people;

/// How some people are named now.
///
/// # Errors
/// [`Refusal::TooManyPeople`].
pub async fn people(app: &App, ids: Vec<UserId>) -> Result<ServerEvent, Refusal> {
    if ids.len() > PEOPLE_ASKED_MAX {
        let limit = PEOPLE_ASKED_MAX as u64;
        return Err(Refusal::TooManyPeople { limit });
    }
    let people = app
        .store()
        .read(move |connection| people::people(connection, ids))
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(ServerEvent::PeopleChanged { people })
}

/// Gives a person another name. `receipt` is told what became of it, after it is on disk.
///
/// # Errors
/// What [`check_name`] refuses, and [`Refusal::TooFast`]; then `receipt` is told nothing.
pub async fn rename(
    app: &App,
    person: UserId,
    name: &str,
    receipt: Receipt,
) -> Result<(), Refusal> {
    let name = check_name(name)?.to_owned();
    // A new name is told to everyone, like a message, and counts like one.
    app.count_message(person)?;
    app.ledger()
        .submit(Change::Rename { person, name }, receipt)
        .await;
    Ok(())
}
