//! Reading what was said: older messages, what was missed, earlier versions, and what proves it. It does not know the
//! reader's screen.

use parley_shared::api::versions::Versions;
use parley_shared::chain::Hex;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::protocol::{Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::store::conversations::{self, Seat};
use crate::store::{entries, messages, versions};

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

/// A page of what a message said and says, after a change.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such message for the one who asks, or it is deleted: the two look the same.
pub async fn versions(
    app: &App,
    person: UserId,
    conversation: ConversationId,
    message: MessageId,
    after: Seq,
) -> Result<Versions, Refusal> {
    let read = app.store().read(move |connection| {
        match conversations::seat(connection, person, conversation)? {
            Some(seat) => versions::page(connection, &seat, message, after),
            None => Ok(None),
        }
    });
    let read = read.await.map_err(|error| unavailable(&error))?;
    let (versions, more) = read.ok_or(Refusal::NotFound)?;
    let next = versions.last().filter(|_| more);
    Ok(Versions {
        next: next.map(|last| last.seq.to_string()),
        versions,
    })
}
