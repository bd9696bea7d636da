//! What a connection is told first: who it is, where it is, how far things have come. It does not know the connection.

use parley_shared::ids::{ConversationId, Stamp};
use parley_shared::limits::PROTOCOL_VERSION;
use parley_shared::model::{Person, Presence, Relation};
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::hub::Listener;
use crate::store::absence::{Absence, absence};
use crate::store::callers::{self, Caller};
use crate::store::conversations::{Listed, Seat, memberships, page, page_of_guest};
use crate::store::people::person;
use crate::store::sqlite::Connection;
use crate::store::{self, relations, stamps};

/// A connection that has arrived.
#[derive(Debug)]
pub struct Arrival {
    /// Its place in the hub.
    pub listener: Listener,
    /// Its seats where everyone has one.
    pub seats: Vec<Seat>,
    /// What it is told first.
    pub welcome: ServerEvent,
    /// Up to which stamp that tells everything.
    pub stamp: Stamp,
}

/// Lets a person in: they hear what is published from now on, and are told where things stand; with a
/// stamp, what is another for them since, where that can be told.
///
/// # Errors
/// [`Refusal::Unavailable`] when the store fails, and [`Refusal::SignInNeeded`] when they are no longer
/// who they were when they asked.
pub async fn arrive(app: &App, caller: &Caller, since: Option<Stamp>) -> Result<Arrival, Refusal> {
    // Listen first, then look how far things are: the other way round, what happens between the two
    // would neither be heard nor be counted. Where they belong is looked up in between, and the hub
    // notes meanwhile where they come in and leave.
    // Who is signed out meanwhile stands in the hub, and is ended there, or is not let in here.
    let listener = app.hub().register(caller.person(), caller.proof());
    let seats = app.lobbies().seats(caller.person());
    let (now_ms, asked, in_lobbies) = (app.clock().now_ms(), caller.clone(), seats.clone());
    let (listener, mut me, state) = app
        .store()
        .read(move |connection| {
            let (me, ids) = belongs(connection, &asked)?;
            let lobbies = in_lobbies.iter().map(Seat::conversation);
            listener.join(&me, lobbies.chain(ids).collect());
            connection.renew_snapshot()?;
            let state = State::read(connection, &asked, &in_lobbies, now_ms, since)?;
            Ok((listener, me, state))
        })
        .await
        .map_err(|error| unavailable(&error))?;
    let state = state.ok_or(Refusal::SignInNeeded)?;
    if let Some(guest) = state.caller.guest()
        && *guest != me
    {
        listener.correct_name(&me, guest);
        me.clone_from(guest);
    }
    let first = seats.first().map(Seat::conversation);
    let presence = first.and_then(|lobby| listener.open(lobby));
    let stamp = state.stamp;
    Ok(Arrival {
        listener,
        seats,
        welcome: state.into_welcome(me, presence.unwrap_or_default()),
        stamp,
    })
}

/// Someone as others see them, and where they belong beside the conversations that everyone is in.
fn belongs(
    connection: &mut Connection,
    caller: &Caller,
) -> store::Result<(Person, Vec<ConversationId>)> {
    // Guests were looked up a moment ago, and belong nowhere else.
    if let Some(guest) = caller.guest() {
        return Ok((guest.clone(), Vec::new()));
    }
    let id = caller.person();
    Ok((person(connection, id)?, memberships(connection, id)?))
}

/// How things stand for someone at one moment.
struct State {
    caller: Caller,
    listed: Listed,
    absence: Option<Absence>,
    stamp: Stamp,
    requests: u32,
    remarks: bool,
}

impl State {
    /// `None` when they are no longer who they were.
    fn read(
        connection: &mut Connection,
        asked: &Caller,
        lobbies: &[Seat],
        now_ms: u64,
        since: Option<Stamp>,
    ) -> store::Result<Option<Self>> {
        let Some(caller) = callers::again(connection, asked, now_ms)? else {
            return Ok(None);
        };
        let id = caller.person();
        let absence = absence(connection, id, since)?;
        let since = absence.as_ref().map(|absence| absence.since);
        let stamp = stamps::newest(connection)?;
        let (listed, requests, remarks) = if caller.guest().is_some() {
            (page_of_guest(connection, lobbies)?, 0, false)
        } else {
            let requests = relations::count(connection, id, Relation::Incoming)?;
            (
                page(connection, id, None, since)?,
                u32::try_from(requests).unwrap_or(u32::MAX),
                relations::count_remarks(connection, id)? > 0,
            )
        };
        Ok(Some(Self {
            caller,
            listed,
            absence,
            stamp,
            requests,
            remarks,
        }))
    }

    fn into_welcome(self, me: Person, presence: Presence) -> ServerEvent {
        let mut people = self.listed.people;
        let (since, left) = match self.absence {
            None => (None, Vec::new()),
            Some(absence) => {
                let is_named = |person: &Person| people.iter().any(|named| named.id == person.id);
                let others = absence.people.into_iter();
                let others: Vec<_> = others.filter(|person| !is_named(person)).collect();
                people.extend(others);
                (Some(absence.since), absence.left)
            }
        };
        ServerEvent::Welcome {
            protocol: PROTOCOL_VERSION,
            server: env!("CARGO_PKG_VERSION").to_owned(),
            me,
            account: self.caller.standing().cloned(),
            conversations: self.listed.conversations,
            more: self.listed.more,
            since,
            left,
            stamp: self.stamp,
            people,
            presence,
            requests: self.requests,
            remarks: self.remarks,
        }
    }
}
