//! Invitations to register. It does not know who will come.

use parley_shared::api::people::{CheckInvitation, Invitations, MadeInvitation, MakeInvitation};
use parley_shared::ids::{InvitationId, UserId};
use parley_shared::protocol::Refusal;

use super::{mint_invitation, unavailable};
use crate::account::secret;
use crate::app::App;
use crate::ledger::{Change, invitations};
use crate::store::invitations::{holds, invitations as read_all};

/// The invitations that hold.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn list(app: &App) -> Result<Invitations, Refusal> {
    let now_ms = app.clock().now_ms();
    let read = app
        .store()
        .read(move |connection| read_all(connection, now_ms));
    let invitations = read.await.map_err(|error| unavailable(&error))?;
    Ok(Invitations { invitations })
}

/// Makes one.
///
/// # Errors
/// [`Refusal::ExpiryOutOfRange`], [`Refusal::UsesOutOfRange`], [`Refusal::TooMany`],
/// [`Refusal::RoleTooSmall`].
pub async fn make(app: &App, by: UserId, ask: MakeInvitation) -> Result<MadeInvitation, Refusal> {
    let (made, code) = mint_invitation(app, by, &ask)?;
    let invitation = made.invitation.clone();
    let change = invitations::Change::Make { invitation, code };
    app.ledger()
        .make(Change::Invitation(Box::new(change)))
        .await?;
    Ok(made)
}

/// Whether one holds.
///
/// # Errors
/// [`Refusal::UnknownInvitation`].
pub async fn check(app: &App, ask: CheckInvitation) -> Result<(), Refusal> {
    let now_ms = app.clock().now_ms();
    let code = secret::hash(ask.code.0.trim());
    let read = app
        .store()
        .read(move |connection| holds(connection, &code, now_ms));
    if read.await.map_err(|error| unavailable(&error))? {
        Ok(())
    } else {
        Err(Refusal::UnknownInvitation)
    }
}

/// Revokes one.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`].
pub async fn revoke(app: &App, by: UserId, id: InvitationId) -> Result<(), Refusal> {
    let change = invitations::Change::Revoke { by, id };
    app.ledger()
        .make(Change::Invitation(Box::new(change)))
        .await?;
    Ok(())
}
