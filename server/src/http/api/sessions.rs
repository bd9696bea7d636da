//! `/sessions`: signing in, and where one is signed in.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use parley_shared::api::Problem;
use parley_shared::api::account::{Me, Sessions, SignIn};
use parley_shared::ids::SessionId;

use super::answer::{Denied, Told, made, ok};
use super::asks::{Body, Device, Visitor, id};
use crate::actions::{profiles, sessions as actions};
use crate::app::App;
use crate::credentials;

/// Signs in.
#[utoipa::path(post, path = "/sessions", request_body = SignIn,
    responses((status = 201, body = Me), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    Body(ask): Body<SignIn>,
) -> Result<Response, Denied> {
    visitor.count_attempt(&app)?;
    let signed_in = actions::sign_in(&app, visitor.device, ask).await?;
    let me = profiles::me(&app, signed_in.person).await?;
    let mut response = made(me).into_response();
    credentials::keep_session(response.headers_mut(), &signed_in.session, visitor.secure);
    Ok(response)
}

/// Where one is signed in.
#[utoipa::path(get, path = "/sessions", responses((status = 200, body = Sessions), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn list(State(app): State<App>, device: Device) -> Result<Told<Sessions>, Denied> {
    let sessions = actions::list(&app, device.person, device.session).await?;
    Ok(ok(sessions))
}

/// Signs out everywhere but here.
#[utoipa::path(delete, path = "/sessions", responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn end_others(
    State(app): State<App>,
    device: Device,
) -> Result<StatusCode, Denied> {
    actions::end_others(&app, device.person, device.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out here.
#[utoipa::path(delete, path = "/sessions/current", responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn sign_out(State(app): State<App>, device: Device) -> Result<Response, Denied> {
    actions::end(&app, device.person, device.session).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    credentials::forget_session(response.headers_mut());
    Ok(response)
}

/// Signs out there.
#[utoipa::path(delete, path = "/sessions/{id}", params(("id" = SessionId, Path, description = "Which session")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn end(
    State(app): State<App>,
    device: Device,
    Path(session): Path<String>,
) -> Result<StatusCode, Denied> {
    actions::end(&app, device.person, id(&session)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
