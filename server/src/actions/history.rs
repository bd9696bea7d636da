//! Reading what was said: older messages, what was missed, and what proves it. It does not know the reader's screen.

use parley_shared::chain::Hex;
use parley_shared::ids::Seq;
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::store::conversations::Seat;
use crate::store::{entries, messages};

/// A page of messages before a place; the newest page when no place is given.
///
/// # Errors
/// [`Refusal::UnknownConversation`] when the seat no longer holds.
pub async fn history(app: &App, seat: Seat, before: Option<Seq>) -> Result<ServerEvent, Refusal> {
    let page = app
        .store()
        .read(move |connection| messages::history(connection, &seat, before))
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::UnknownConversation)?;
    Ok(ServerEvent::History {
        conversation: seat.conversation(),
        before,
        messages: page.messages,
        people: page.people,
        through: page.through,
        more: page.more,
    })
}

/// A page of what changed after a number.
///
/// # Errors
/// [`Refusal::UnknownConversation`] when the seat no longer holds.
pub async fn changes(app: &App, seat: Seat, since: Seq) -> Result<ServerEvent, Refusal> {
    let page = app
        .store()
        .read(move |connection| messages::changes(connection, &seat, since))
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::UnknownConversation)?;
    Ok(ServerEvent::Changes {
        conversation: seat.conversation(),
        since,
        messages: page.messages,
        people: page.people,
        through: page.through,
        more: page.more,
    })
}

/// A page of the entries after a number.
///
/// # Errors
/// [`Refusal::UnknownConversation`] when the seat no longer holds.
pub async fn entries(app: &App, seat: Seat, after: Seq) -> Result<ServerEvent, Refusal> {
    let page = app
        .store()
        .read(move |connection| entries::page(connection, &seat, after))
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::UnknownConversation)?;
    Ok(ServerEvent::Entries {
        conversation: seat.conversation(),
        after,
        head: Hex(page.head),
        entries: page.entries,
        more: page.more,
    })
}
