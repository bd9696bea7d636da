//! What a connection is told first: who it is, where it is, how far things have come. It does not know the connection.

use parley_shared::limits::PROTOCOL_VERSION;
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::hub::Listener;
use crate::store::callers::{self, Caller};
use crate::store::conversations::{Seat, conversations_of};
use crate::store::people::person;

/// A connection that has arrived.
#[derive(Debug)]
pub struct Arrival {
    /// Its place in the hub.
    pub listener: Listener,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// What it is told first.
    pub welcome: ServerEvent,
}

/// Lets a person in: they hear what is published from now on, and are told where things stand.
///
/// # Errors
/// [`Refusal::Unavailable`] when the store fails, and [`Refusal::SignInNeeded`] when they are no longer
/// who they were when they asked.
pub async fn arrive(app: &App, caller: &Caller) -> Result<Arrival, Refusal> {
    let id = caller.person();
    let (me, found) = app
        .store()
        .read(move |connection| Ok((person(connection, id)?, conversations_of(connection, id)?)))
        .await
        .map_err(|error| unavailable(&error))?;
    let seats: Vec<Seat> = found.iter().map(|(_, seat)| *seat).collect();
    let ids = seats.iter().map(Seat::conversation).collect();
    // Listen first, then look how far things are: the other way round, what happens between the two
    // would neither be heard nor be counted.
    // Who is signed out meanwhile stands in the hub, and is ended there, or is not let in here.
    let listener = app.hub().join(&me, caller.proof(), ids);
    let (now_ms, asked) = (app.clock().now_ms(), caller.clone());
    let (found, caller) = app
        .store()
        .read(move |connection| {
            let caller = callers::again(connection, &asked, now_ms)?;
            Ok((conversations_of(connection, id)?, caller))
        })
        .await
        .map_err(|error| unavailable(&error))?;
    let caller = caller.ok_or(Refusal::SignInNeeded)?;
    let presence = seats
        .first()
        .map(|seat| app.hub().presence(seat.conversation()))
        .unwrap_or_default();
    let welcome = ServerEvent::Welcome {
        protocol: PROTOCOL_VERSION,
        server: env!("CARGO_PKG_VERSION").to_owned(),
        me,
        account: caller.standing().cloned(),
        conversations: found
            .into_iter()
            .map(|(conversation, _)| conversation)
            .collect(),
        more: false,
        people: Vec::new(),
        presence,
        requests: 0,
        remarks: false,
    };
    Ok(Arrival {
        listener,
        seats,
        welcome,
    })
}
