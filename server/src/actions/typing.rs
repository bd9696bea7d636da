//! That someone types: told to those who are there, kept nowhere. It does not know what is typed.

use parley_shared::model::ConversationKind;
use parley_shared::protocol::Refusal;

use super::unavailable;
use crate::app::App;
use crate::clock;
use crate::ledger::conversations::refusal;
use crate::store::conversations::{Seat, allowed};

/// Takes note that a person types.
///
/// # Errors
/// Those of writing there.
pub async fn typing(app: &App, seat: Seat) -> Result<(), Refusal> {
    // In the Lobby everyone writes, and most who type are there.
    if seat.kind() != ConversationKind::Lobby {
        let allowed = app
            .store()
            .read(move |connection| allowed(connection, &seat));
        let allowed = allowed.await.map_err(|error| unavailable(&error))?;
        if let Some(refusal) = refusal(allowed) {
            return Err(refusal);
        }
    }
    app.hub()
        .typing(seat.conversation(), seat.person(), clock::now_ms());
    Ok(())
}
