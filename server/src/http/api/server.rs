//! `/server`: what the server says of itself, and who may come in.

use axum::extract::State;
use parley_shared::api::Problem;
use parley_shared::api::server::{Policy, ServerInfo};

use super::answer::{Denied, Told, ok};
use super::asks::{Body, Owner};
use crate::actions::server as actions;
use crate::app::App;

/// What a page must know before anyone is signed in.
#[utoipa::path(get, path = "/server", responses((status = 200, body = ServerInfo), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn info(State(app): State<App>) -> Result<Told<ServerInfo>, Denied> {
    Ok(ok(actions::info(&app).await?))
}

/// Sets who may come in.
#[utoipa::path(put, path = "/server/policy", request_body = Policy,
    responses((status = 200, body = Policy), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn set_policy(
    State(app): State<App>,
    Owner(by): Owner,
    Body(policy): Body<Policy>,
) -> Result<Told<Policy>, Denied> {
    actions::set_policy(&app, by, policy).await?;
    Ok(ok(policy))
}
