//! Who asks: looking up what they showed. It does not know what they ask.

use parley_shared::protocol::Refusal;

use super::{unavailable, without_chance};
use crate::app::App;
use crate::credentials::Shown;
use crate::ledger::{Change, sessions};
use crate::store::callers::{Caller, of_guest, of_new_guest, of_session, of_token};

/// Whoever showed this, if it holds.
///
/// # Errors
/// [`Refusal::Unavailable`] when the store fails.
pub async fn caller(app: &App, shown: Shown) -> Result<Option<Caller>, Refusal> {
    if shown == Shown::Nothing {
        return Ok(None);
    }
    let now_ms = app.clock().now_ms();
    let caller = app
        .store()
        .read(move |connection| match shown {
            Shown::Nothing => Ok(None),
            Shown::Guest(guest) => of_guest(connection, guest),
            Shown::Session(hash) => of_session(connection, &hash, now_ms),
            Shown::Token(hash) => of_token(connection, &hash, now_ms),
        })
        .await
        .map_err(|error| unavailable(&error))?;
    if let Some(caller) = caller.as_ref().filter(|caller| caller.is_stale()) {
        let change = sessions::Change::Touch(caller.proof());
        let change = Change::Session(Box::new(change));
        // A note for lists that people read: nobody waits for it.
        app.ledger().submit(change, Box::new(drop)).await;
    }
    Ok(caller)
}

/// Whoever showed this; a new guest when they showed nothing, or the cookie of a guest who is none
/// any more.
///
/// # Errors
/// [`Refusal::SignInNeeded`] when a session or token does not hold, [`Refusal::GuestsNotAllowed`],
/// [`Refusal::Unavailable`].
pub async fn enter(app: &App, shown: Shown) -> Result<Caller, Refusal> {
    if let Some(known) = caller(app, shown).await? {
        return Ok(known);
    }
    if matches!(shown, Shown::Session(_) | Shown::Token(_)) {
        return Err(Refusal::SignInNeeded);
    }
    // Read in memory, for many come at once; in the store it is asked again when they arrive.
    if !app.hub().admits_guests() {
        return Err(Refusal::GuestsNotAllowed);
    }
    let guest = app.guests().mint();
    Ok(of_new_guest(guest.map_err(|error| without_chance(&error))?))
}
