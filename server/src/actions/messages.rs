//! Writing messages. It does not know how they become durable or who hears them.

use parley_shared::content::check_body;
use parley_shared::ids::MessageId;
use parley_shared::protocol::{ChatMessage, Refusal};

use crate::app::App;
use crate::ledger::{Change, Receipt};
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
