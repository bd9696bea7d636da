//! The conversations that someone is in, and how far they have read them. It does not know what is said there.

use parley_shared::ids::{ConversationId, Seq, Stamp, UserId};
use parley_shared::protocol::{ListPlace, Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, Receipt, conversations as ledger};
use crate::store::callers::Caller;
use crate::store::conversations::{self, Seat};
use crate::store::stamps;

/// A person's seat in a conversation.
///
/// # Errors
/// [`Refusal::UnknownConversation`], also when there is no such conversation: the two look the same.
pub async fn seat(
    app: &App,
    person: UserId,
    conversation: ConversationId,
) -> Result<Seat, Refusal> {
    app.store()
        .read(move |connection| conversations::seat(connection, person, conversation))
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::UnknownConversation)
}

/// A page of a person's conversations, the last active first, after a place; with a stamp, of those only
/// that changed for them since.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn page(
    app: &App,
    person: UserId,
    before: Option<ListPlace>,
    since: Option<Stamp>,
) -> Result<ServerEvent, Refusal> {
    let (since, listed) = app
        .store()
        .read(move |connection| {
            let since = stamps::can_tell(connection, since)?;
            let listed = conversations::page(connection, person, before, since)?;
            Ok((since, listed))
        })
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(ServerEvent::Conversations {
        before,
        since,
        conversations: listed.conversations,
        people: listed.people,
        more: listed.more,
    })
}

/// How one conversation stands for a person.
///
/// # Errors
/// [`Refusal::UnknownConversation`].
pub async fn conversation(
    app: &App,
    person: UserId,
    id: ConversationId,
) -> Result<ServerEvent, Refusal> {
    let (conversation, people) = app
        .store()
        .read(move |connection| conversations::conversation_of(connection, person, id))
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::UnknownConversation)?;
    Ok(ServerEvent::ConversationChanged {
        conversation,
        people,
    })
}

/// Takes note that someone has read up to a place, on whichever device. `receipt` is told what became of it.
///
/// # Errors
/// [`Refusal::SignInNeeded`] for a guest; then `receipt` is told nothing.
pub async fn read(
    app: &App,
    caller: &Caller,
    seat: Seat,
    through: Seq,
    receipt: Receipt,
) -> Result<(), Refusal> {
    mark(app, caller, ledger::Change::Read { seat, through }, receipt).await
}

/// Counts what was said as unread for someone from a place on. `receipt` is told what became of it.
///
/// # Errors
/// [`Refusal::SignInNeeded`] for a guest; then `receipt` is told nothing.
pub async fn mark_unread(
    app: &App,
    caller: &Caller,
    seat: Seat,
    from: Seq,
    receipt: Receipt,
) -> Result<(), Refusal> {
    let change = ledger::Change::MarkUnread { seat, from };
    mark(app, caller, change, receipt).await
}

/// Nothing is kept of how far a guest has read.
async fn mark(
    app: &App,
    caller: &Caller,
    change: ledger::Change,
    receipt: Receipt,
) -> Result<(), Refusal> {
    if caller.role().is_none() {
        return Err(Refusal::SignInNeeded);
    }
    let change = Change::Conversation(Box::new(change));
    app.ledger().submit(change, receipt).await;
    Ok(())
}
