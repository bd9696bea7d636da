//! Invitations into groups. It does not know who will come, nor who may make one: the ledger's table does.

use parley_shared::api::groups::GroupCard;
use parley_shared::api::people::{CheckInvitation, Invitations, MadeInvitation, MakeInvitation};
use parley_shared::ids::{ConversationId, InvitationId, UserId};
use parley_shared::model::Conversation;
use parley_shared::protocol::Refusal;

use super::members::refusal;
use super::{conversation, submit};
use crate::account::secret;
use crate::actions::{mint_invitation, unavailable};
use crate::app::App;
use crate::ledger::groups::What;
use crate::ledger::groups::rules::Act;
use crate::store::group_invitations::{group_of, invitations};
use crate::store::groups::group;
use crate::store::members::member;

/// The invitations into a group that hold.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`].
pub async fn list(app: &App, asker: UserId, group: ConversationId) -> Result<Invitations, Refusal> {
    let now_ms = app.clock().now_ms();
    let read = app.store().read(move |connection| {
        match refusal(connection, asker, group, Act::SeeInvitations)? {
            Some(refusal) => Ok(Err(refusal)),
            None => invitations(connection, group, now_ms).map(Ok),
        }
    });
    let invitations = read.await.map_err(|error| unavailable(&error))??;
    Ok(Invitations { invitations })
}

/// Makes one.
///
/// # Errors
/// [`Refusal::ExpiryOutOfRange`], [`Refusal::UsesOutOfRange`], [`Refusal::TooMany`],
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::Archived`].
pub async fn make(
    app: &App,
    by: UserId,
    group: ConversationId,
    ask: MakeInvitation,
) -> Result<MadeInvitation, Refusal> {
    let (made, code) = mint_invitation(app, by, &ask)?;
    let what = What::Invite(made.invitation.clone(), code);
    submit(app, by, group, what).await?;
    Ok(made)
}

/// Revokes one.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`].
pub async fn revoke(
    app: &App,
    by: UserId,
    group: ConversationId,
    id: InvitationId,
) -> Result<(), Refusal> {
    submit(app, by, group, What::Revoke(id)).await
}

/// Shows the group into which an invitation leads, to anyone who has it.
///
/// # Errors
/// [`Refusal::UnknownInvitation`].
pub async fn shown(
    app: &App,
    asker: Option<UserId>,
    ask: CheckInvitation,
) -> Result<GroupCard, Refusal> {
    let now_ms = app.clock().now_ms();
    let code = secret::hash(ask.code.0.trim());
    let read = app.store().read(move |connection| {
        let Some(id) = group_of(connection, &code, now_ms)? else {
            return Ok(None);
        };
        let found = match asker {
            Some(asker) => member(connection, id, asker)?,
            None => None,
        };
        let role = found.and_then(|member| member.role);
        let group = group(connection, id)?;
        Ok(group.map(|group| GroupCard { id, group, role }))
    });
    read.await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::UnknownInvitation)
}

/// Comes into a group with an invitation. Whoever is in it already stays so, and uses none.
///
/// # Errors
/// [`Refusal::UnknownInvitation`], [`Refusal::Banned`], [`Refusal::Archived`], [`Refusal::TooMany`],
/// [`Refusal::TooFast`].
pub async fn accept(app: &App, by: UserId, ask: CheckInvitation) -> Result<Conversation, Refusal> {
    let now_ms = app.clock().now_ms();
    let code = secret::hash(ask.code.0.trim());
    let read = app
        .store()
        .read(move |connection| group_of(connection, &code, now_ms));
    let group = read.await.map_err(|error| unavailable(&error))?;
    // Whether it still holds when its turn comes, the ledger says.
    let group = group.ok_or(Refusal::UnknownInvitation)?;
    submit(app, by, group, What::Join(Some(code))).await?;
    conversation(app, by, group).await
}
