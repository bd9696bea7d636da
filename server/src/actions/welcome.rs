//! What a connection is told first: who it is, where it is, how far things have come. It does not know the connection.

use parley_shared::ids::Stamp;
use parley_shared::limits::PROTOCOL_VERSION;
use parley_shared::model::Relation;
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::hub::Listener;
use crate::store::callers::{self, Caller};
use crate::store::conversations::{Seat, lobby_seats, memberships, page};
use crate::store::people::person;
use crate::store::relations;

/// A connection that has arrived.
#[derive(Debug)]
pub struct Arrival {
    /// Its place in the hub.
    pub listener: Listener,
    /// Its seats where everyone has one.
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
    let (id, is_guest) = (caller.person(), caller.role().is_none());
    // Listen first, then look how far things are: the other way round, what happens between the two
    // would neither be heard nor be counted. Where they belong is looked up in between, and the hub
    // notes meanwhile where they come in and leave.
    // Who is signed out meanwhile stands in the hub, and is ended there, or is not let in here.
    let listener = app.hub().register(id, caller.proof());
    let (me, seats, ids) = app
        .store()
        .read(move |connection| {
            let seats = lobby_seats(connection, id)?;
            // Guests are in the Lobby alone.
            let ids = if is_guest {
                Vec::new()
            } else {
                memberships(connection, id)?
            };
            Ok((person(connection, id)?, seats, ids))
        })
        .await
        .map_err(|error| unavailable(&error))?;
    let lobbies = seats.iter().map(Seat::conversation);
    listener.join(&me, lobbies.chain(ids).collect());
    let first = seats.first().map(Seat::conversation);
    let presence = first.and_then(|lobby| listener.open(lobby));
    let (now_ms, asked) = (app.clock().now_ms(), caller.clone());
    let (listed, (requests, remarks), caller) = app
        .store()
        .read(move |connection| {
            let caller = callers::again(connection, &asked, now_ms)?;
            let known = if is_guest {
                (0, false)
            } else {
                let requests = relations::count(connection, id, Relation::Incoming)?;
                let remarks = relations::count_remarks(connection, id)? > 0;
                (u32::try_from(requests).unwrap_or(u32::MAX), remarks)
            };
            Ok((page(connection, id, None)?, known, caller))
        })
        .await
        .map_err(|error| unavailable(&error))?;
    let caller = caller.ok_or(Refusal::SignInNeeded)?;
    let welcome = ServerEvent::Welcome {
        protocol: PROTOCOL_VERSION,
        server: env!("CARGO_PKG_VERSION").to_owned(),
        me,
        account: caller.standing().cloned(),
        conversations: listed.conversations,
        more: listed.more,
        since: None,
        left: Vec::new(),
        stamp: Stamp::default(),
        people: listed.people,
        presence: presence.unwrap_or_default(),
        requests,
        remarks,
    };
    Ok(Arrival {
        listener,
        seats,
        welcome,
    })
}
