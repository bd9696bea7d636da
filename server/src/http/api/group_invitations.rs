//! `/groups/{id}/invitations` and `/group-invitations`: links that lead into groups.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use parley_shared::api::Problem;
use parley_shared::api::groups::GroupCard;
use parley_shared::api::people::{CheckInvitation, Invitations, MadeInvitation, MakeInvitation};
use parley_shared::ids::{ConversationId, InvitationId};
use parley_shared::model::Conversation;

use super::answer::{Denied, Told, made, ok};
use super::asks::{Body, Member, MemberWriter, Visitor, id};
use crate::actions::groups::invitations as actions;
use crate::app::App;

/// The invitations into a group that hold.
#[utoipa::path(get, path = "/groups/{id}/invitations", params(("id" = ConversationId, Path, description = "Which group")),
    responses((status = 200, body = Invitations), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn list(
    State(app): State<App>,
    Member(asker): Member,
    Path(group): Path<String>,
) -> Result<Told<Invitations>, Denied> {
    Ok(ok(actions::list(&app, asker, id(&group)?).await?))
}

/// Makes one; its code is told this one time.
#[utoipa::path(post, path = "/groups/{id}/invitations", params(("id" = ConversationId, Path, description = "Which group")),
    request_body = MakeInvitation,
    responses((status = 201, body = MadeInvitation), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn make(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path(group): Path<String>,
    Body(ask): Body<MakeInvitation>,
) -> Result<Told<MadeInvitation>, Denied> {
    Ok(made(actions::make(&app, by, id(&group)?, ask).await?))
}

/// Revokes one.
#[utoipa::path(delete, path = "/groups/{id}/invitations/{invitation}",
    params(("id" = ConversationId, Path, description = "Which group"), ("invitation" = InvitationId, Path, description = "Which invitation")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn revoke(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path((group, invitation)): Path<(String, String)>,
) -> Result<StatusCode, Denied> {
    actions::revoke(&app, by, id(&group)?, id(&invitation)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the group into which an invitation leads.
#[utoipa::path(post, path = "/group-invitations/shown", request_body = CheckInvitation,
    responses((status = 200, body = GroupCard), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn shown(
    State(app): State<App>,
    visitor: Visitor,
    Body(ask): Body<CheckInvitation>,
) -> Result<Told<GroupCard>, Denied> {
    visitor.count_attempt(&app)?;
    let asker = visitor.caller(&app).await?;
    let asker = asker.map(|caller| caller.person());
    Ok(ok(actions::shown(&app, asker, ask).await?))
}

/// Comes into a group with an invitation.
#[utoipa::path(post, path = "/group-invitations/accepted", request_body = CheckInvitation,
    responses((status = 200, body = Conversation), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    MemberWriter(by): MemberWriter,
    Body(ask): Body<CheckInvitation>,
) -> Result<Told<Conversation>, Denied> {
    visitor.count_attempt(&app)?;
    Ok(ok(actions::accept(&app, by, ask).await?))
}
