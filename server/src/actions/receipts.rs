//! What has reached whom: what devices say of it, and who is told. It does not know how it is kept.

use parley_shared::api::receipts::Reached;
use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::limits::DELIVERED_MARKS_MAX;
use parley_shared::model::ConversationKind;
use parley_shared::protocol::{ChatMessage, DeliveredMark, Refusal, ServerEvent};

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, Receipt, conversations as ledger};
use crate::store::callers::Caller;
use crate::store::conversations::{self, Seat};
use crate::store::{messages, receipts};

/// Takes note of what has reached a device. `receipt` is told what became of it.
///
/// # Errors
/// [`Refusal::SignInNeeded`] for a guest, and [`Refusal::TooMany`]; then `receipt` is told nothing.
pub async fn delivered(
    app: &App,
    caller: &Caller,
    marks: &[DeliveredMark],
    receipt: Receipt,
) -> Result<(), Refusal> {
    if caller.role().is_none() {
        return Err(Refusal::SignInNeeded);
    }
    if marks.len() > DELIVERED_MARKS_MAX {
        let limit = DELIVERED_MARKS_MAX as u64;
        return Err(Refusal::TooMany { limit });
    }
    let change = ledger::Change::Delivered {
        person: caller.person(),
        marks: marks.to_vec(),
    };
    app.ledger()
        .submit(Change::Conversation(Box::new(change)), receipt)
        .await;
    Ok(())
}

/// What has reached everyone in a conversation, for one of them; `None` where it is not told.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn told(app: &App, seat: &Seat) -> Result<Option<ServerEvent>, Refusal> {
    let is_told = matches!(
        seat.kind(),
        ConversationKind::Direct | ConversationKind::Group
    );
    if !is_told {
        return Ok(None);
    }
    let (viewer, conversation) = (seat.person(), seat.conversation());
    let found = app
        .store()
        .read(move |connection| receipts::told_to(connection, viewer, conversation))
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(found.map(|receipts| ServerEvent::ReceiptsChanged {
        conversation,
        receipts,
    }))
}

/// How many of the others in a conversation a message has reached, for its author.
///
/// # Errors
/// [`Refusal::NotFound`] for everyone else, where there are no others to tell of, and when nothing is
/// said there any more.
pub async fn counted(
    app: &App,
    asker: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Reached, Refusal> {
    app.store()
        .read(move |connection| {
            let seat = conversations::seat(connection, asker, conversation)?;
            let is_told = seat.is_some_and(|seat| {
                matches!(
                    seat.kind(),
                    ConversationKind::Direct | ConversationKind::Group
                )
            });
            let found = messages::message(connection, message)?.filter(|found| {
                let is_said = !matches!(
                    found.body,
                    ChatMessage::Notice { .. } | ChatMessage::Deleted { .. }
                );
                is_told && is_said && found.conversation == conversation && found.author == asker
            });
            let Some(found) = found else {
                return Ok(None);
            };
            receipts::count(connection, asker, conversation, found.seq).map(Some)
        })
        .await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}
