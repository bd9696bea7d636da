//! `/invitations`: letting people register.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use parley_shared::api::Problem;
use parley_shared::api::people::{CheckInvitation, Invitations, MadeInvitation, MakeInvitation};
use parley_shared::ids::InvitationId;

use super::answer::{Denied, Told, made, ok};
use super::asks::{Administrator, Body, Visitor, id};
use crate::actions::invitations as actions;
use crate::app::App;

/// The invitations that hold.
#[utoipa::path(get, path = "/invitations", responses((status = 200, body = Invitations), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn list(
    State(app): State<App>,
    _: Administrator,
) -> Result<Told<Invitations>, Denied> {
    Ok(ok(actions::list(&app).await?))
}

/// Makes one; its code is told this one time.
#[utoipa::path(post, path = "/invitations", request_body = MakeInvitation,
    responses((status = 201, body = MadeInvitation), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn make(
    State(app): State<App>,
    Administrator(by): Administrator,
    Body(ask): Body<MakeInvitation>,
) -> Result<Told<MadeInvitation>, Denied> {
    Ok(made(actions::make(&app, by, ask).await?))
}

/// Whether an invitation holds.
#[utoipa::path(post, path = "/invitations/check", request_body = CheckInvitation,
    responses((status = 204), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn check(
    State(app): State<App>,
    visitor: Visitor,
    Body(ask): Body<CheckInvitation>,
) -> Result<StatusCode, Denied> {
    visitor.count_attempt(&app)?;
    actions::check(&app, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revokes one.
#[utoipa::path(delete, path = "/invitations/{id}",
    params(("id" = InvitationId, Path, description = "Which invitation")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn revoke(
    State(app): State<App>,
    Administrator(by): Administrator,
    Path(invitation): Path<String>,
) -> Result<StatusCode, Denied> {
    actions::revoke(&app, by, id(&invitation)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
