//! Writing messages, and changing what was written. It does not know how they become durable or who hears them.

use parley_shared::content::check_body;
use parley_shared::ids::MessageId;
use parley_shared::protocol::{ChatMessage, Refusal};

use crate::app::App;
use crate::ledger::{Change, Receipt, messages as ledger};
use crate::store::conversations::Seat;

/// Writes a message. `receipt` is told what became of it, after it is on disk.
///
/// # Errors
/// What [`check_body`] refuses, and [`Refusal::TooFast`]; then `receipt` is told nothing.
pub async fn send(
    app: &App,
    seat: &Seat,
    id: MessageId,
    body: ChatMessage,
    receipt: Receipt,
) -> Result<(), Refusal> {
    check_body(&body)?;
    app.count_message(seat.person())?;
    let seat = *seat;
    app.ledger()
        .submit(Change::Send { seat, id, body }, receipt)
        .await;
    Ok(())
}

/// Has a message of one's own say something else. `id` is the change's; `receipt` is told what became of
/// it, after it is on disk.
///
/// # Errors
/// What [`check_body`] refuses, and [`Refusal::TooFast`]; then `receipt` is told nothing.
pub async fn edit(
    app: &App,
    seat: &Seat,
    id: MessageId,
    message: MessageId,
    body: ChatMessage,
    receipt: Receipt,
) -> Result<(), Refusal> {
    check_body(&body)?;
    change(app, seat, id, message, ledger::What::Edit(body), receipt).await
}

/// Erases what a message says. `id` is the change's; `receipt` is told what became of it, after it is on disk.
///
/// # Errors
/// [`Refusal::TooFast`]; then `receipt` is told nothing.
pub async fn delete(
    app: &App,
    seat: &Seat,
    id: MessageId,
    message: MessageId,
    receipt: Receipt,
) -> Result<(), Refusal> {
    change(app, seat, id, message, ledger::What::Delete, receipt).await
}

/// A change is told to everyone, like a message, and counts like one.
async fn change(
    app: &App,
    seat: &Seat,
    id: MessageId,
    message: MessageId,
    what: ledger::What,
    receipt: Receipt,
) -> Result<(), Refusal> {
    app.count_message(seat.person())?;
    let change = ledger::Change {
        seat: *seat,
        id,
        message,
        what,
    };
    app.ledger()
        .submit(Change::Message(Box::new(change)), receipt)
        .await;
    Ok(())
}
