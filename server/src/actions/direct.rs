//! The talk of two people, and one's notes: opening them. It does not know what is said there.

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Conversation;
use parley_shared::protocol::Refusal;

use super::{unavailable, without_chance};
use crate::app::App;
use crate::ledger::{Change, Outcome, conversations as ledger};
use crate::random;
use crate::store::callers::Caller;
use crate::store::conversations::conversation_of;

/// Opens the conversation with someone, with oneself one's notes. Where there is one, it is that.
///
/// # Errors
/// [`Refusal::SignInNeeded`] for a guest, [`Refusal::NotFound`] when the other has no account,
/// [`Refusal::NotFriends`] when the two may not write to each other, [`Refusal::TooFast`].
pub async fn open(app: &App, caller: &Caller, with: UserId) -> Result<Conversation, Refusal> {
    if caller.role().is_none() {
        return Err(Refusal::SignInNeeded);
    }
    let person = caller.person();
    // One more conversation is as much as one more message.
    app.count_message(person)?;
    let change = ledger::Change::Open {
        person,
        with,
        id: ConversationId::from_bytes(random::bytes().map_err(|error| without_chance(&error))?),
    };
    let change = Change::Conversation(Box::new(change));
    let Outcome::Conversation(id) = app.ledger().make(change).await? else {
        return Err(Refusal::Unavailable);
    };
    let found = app
        .store()
        .read(move |connection| conversation_of(connection, person, id))
        .await
        .map_err(|error| unavailable(&error))?;
    let (conversation, _) = found.ok_or(Refusal::NotFound)?;
    Ok(conversation)
}
