//! The conversations that someone is in, and how far they have read them. It does not know what is said there.

use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::protocol::{ListPlace, Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, Receipt, conversations as ledger};
use crate::store::callers::Caller;
use crate::store::conversations::{self, Seat};

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

/// A page of a person's conversations, the last active first, after a place.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn page(
    app: &App,
    person: UserId,
    before: Option<ListPlace>,
) -> Result<ServerEvent, Refusal> {
    let listed = app
        .store()
        .read(move |connection| conversations::page(connection, person, before))
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(ServerEvent::Conversations {
        before,
        since: None,
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
    if caller.role().is_none() {
        return Err(Refusal::SignInNeeded);
    }
    let change = ledger::Change::Read { seat, through };
    app.ledger()
        .submit(Change::Conversation(Box::new(change)), receipt)
        .await;
    Ok(())
}
