//! `/tokens`: what one's programs come in with.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use parley_shared::api::Problem;
use parley_shared::api::program::{MadeToken, MakeToken, Tokens};
use parley_shared::ids::TokenId;

use super::answer::{Denied, Told, made, ok};
use super::asks::{Body, Device, id};
use crate::actions::tokens as actions;
use crate::app::App;

/// The tokens of one's programs.
#[utoipa::path(get, path = "/tokens", responses((status = 200, body = Tokens), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn list(State(app): State<App>, device: Device) -> Result<Told<Tokens>, Denied> {
    Ok(ok(actions::list(&app, device.person).await?))
}

/// Makes one; its secret is told this one time.
#[utoipa::path(post, path = "/tokens", request_body = MakeToken,
    responses((status = 201, body = MadeToken), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn make(
    State(app): State<App>,
    device: Device,
    Body(ask): Body<MakeToken>,
) -> Result<Told<MadeToken>, Denied> {
    Ok(made(actions::make(&app, device.person, ask).await?))
}

/// Revokes one; its connections end.
#[utoipa::path(delete, path = "/tokens/{id}", params(("id" = TokenId, Path, description = "Which token")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn revoke(
    State(app): State<App>,
    device: Device,
    Path(token): Path<String>,
) -> Result<StatusCode, Denied> {
    actions::revoke(&app, device.person, id(&token)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
