//! `/me/second-factor`: turning the second factor on and off.

use axum::extract::State;
use axum::http::StatusCode;
use parley_shared::api::Problem;
use parley_shared::api::account::{Confirm, EnableSecondFactor, RecoveryCodes, SecondFactorBegun};

use super::answer::{Denied, Told, made, ok};
use super::asks::{Body, Device};
use crate::actions::second_factor as actions;
use crate::app::App;

/// Makes a secret for an authenticator.
#[utoipa::path(post, path = "/me/second-factor", request_body = Confirm,
    responses((status = 201, body = SecondFactorBegun), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn begin(
    State(app): State<App>,
    device: Device,
    Body(ask): Body<Confirm>,
) -> Result<Told<SecondFactorBegun>, Denied> {
    Ok(made(actions::begin(&app, device.person, ask).await?))
}

/// Turns the second factor on.
#[utoipa::path(put, path = "/me/second-factor", request_body = EnableSecondFactor,
    responses((status = 200, body = RecoveryCodes), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn enable(
    State(app): State<App>,
    device: Device,
    Body(ask): Body<EnableSecondFactor>,
) -> Result<Told<RecoveryCodes>, Denied> {
    Ok(ok(actions::enable(&app, device.person, ask).await?))
}

/// Turns the second factor off.
#[utoipa::path(delete, path = "/me/second-factor", request_body = Confirm,
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn disable(
    State(app): State<App>,
    device: Device,
    Body(ask): Body<Confirm>,
) -> Result<StatusCode, Denied> {
    actions::disable(&app, device.person, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}
