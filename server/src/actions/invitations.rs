//! Invitations to register. It does not know who will come.

use parley_shared::api::people::{
    CheckInvitation, Invitation, Invitations, MadeInvitation, MakeInvitation,
};
use parley_shared::ids::{InvitationId, UserId};
use parley_shared::limits::{EXPIRY_MAX_MS, INVITATION_USES_MAX};
use parley_shared::protocol::Refusal;

use super::{unavailable, without_chance};
use crate::account::secret;
use crate::app::App;
use crate::ledger::{Change, invitations};
use crate::random;
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
    let (made, code) = mint(app, by, &ask)?;
    let invitation = made.invitation.clone();
    let change = invitations::Change::Make { invitation, code };
    app.ledger()
        .make(Change::Invitation(Box::new(change)))
        .await?;
    Ok(made)
}

/// An invitation as it was asked for, with its code, and what is kept of the code.
pub(super) fn mint(
    app: &App,
    by: UserId,
    ask: &MakeInvitation,
) -> Result<(MadeInvitation, secret::Hash), Refusal> {
    let now_ms = app.clock().now_ms();
    if ask.expires_ms <= now_ms || ask.expires_ms - now_ms > EXPIRY_MAX_MS {
        let limit_ms = EXPIRY_MAX_MS;
        return Err(Refusal::ExpiryOutOfRange { limit_ms });
    }
    if !(1..=INVITATION_USES_MAX).contains(&ask.uses) {
        let limit = INVITATION_USES_MAX.into();
        return Err(Refusal::UsesOutOfRange { limit });
    }
    let code = secret::invitation().map_err(|error| without_chance(&error))?;
    let id = random::bytes().map_err(|error| without_chance(&error))?;
    let invitation = Invitation {
        id: InvitationId::from_bytes(id),
        made_by: by,
        created_ms: now_ms,
        expires_ms: ask.expires_ms,
        uses_left: ask.uses,
    };
    let made = MadeInvitation {
        code: code.secret,
        invitation,
    };
    Ok((made, code.hash))
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
