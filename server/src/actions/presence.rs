//! Who is there: in the conversation that someone has before them, and among those at whom they look.
//! It does not know how it is kept.

use parley_shared::ids::UserId;
use parley_shared::limits::PEOPLE_WATCHED_MAX;
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::hub::{Listener, Online};
use crate::store::callers::Caller;
use crate::store::conversations::Seat;
use crate::store::relations;

/// Has a conversation before it from now on, and tells who is there.
///
/// # Errors
/// [`Refusal::UnknownConversation`] when the connection does not listen to it, or no longer.
pub fn open(listener: &Listener, seat: &Seat) -> Result<ServerEvent, Refusal> {
    let conversation = seat.conversation();
    let presence = listener.open(conversation);
    Ok(ServerEvent::PresenceChanged {
        conversation,
        presence: presence.ok_or(Refusal::UnknownConversation)?,
    })
}

/// Looks at some people from now on, and tells whether those are there of whom the caller may know it.
///
/// # Errors
/// [`Refusal::SignInNeeded`] for a guest, and [`Refusal::TooManyPeople`].
pub async fn watch(
    app: &App,
    listener: &Listener,
    caller: &Caller,
    people: &[UserId],
) -> Result<Online, Refusal> {
    if caller.role().is_none() {
        return Err(Refusal::SignInNeeded);
    }
    if people.len() > PEOPLE_WATCHED_MAX {
        let limit = PEOPLE_WATCHED_MAX as u64;
        return Err(Refusal::TooManyPeople { limit });
    }
    let viewer = caller.person();
    let mut asked = people.to_vec();
    asked.sort_unstable();
    asked.dedup();
    loop {
        // What changes from here on brings it into doubt: then the store is asked again.
        listener.begin_watch();
        let people = asked.clone();
        let seen = app.store().read(move |connection| {
            let mut seen = Vec::new();
            for person in people {
                if relations::may_see(connection, viewer, person)? {
                    seen.push(person);
                }
            }
            Ok(seen)
        });
        let seen = seen.await.map_err(|error| unavailable(&error))?;
        if let Some(online) = listener.watch(&seen) {
            return Ok(online);
        }
    }
}
