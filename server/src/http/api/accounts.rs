//! `/accounts` and `/password-resets`: coming in for the first time, and again without the password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use parley_shared::api::Problem;
use parley_shared::api::account::{AskResetLetter, Me, Register, ResetPassword};
use parley_shared::protocol::Refusal;

use super::answer::{Denied, made};
use super::asks::{Body, Visitor};
use crate::account::Proof;
use crate::actions::{accounts as actions, letters, profiles};
use crate::app::App;
use crate::credentials;

/// Registers and signs in.
#[utoipa::path(post, path = "/accounts", request_body = Register,
    responses((status = 201, body = Me), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Body(ask): Body<Register>,
) -> Result<Response, Denied> {
    let caller = visitor.caller(&app).await?;
    if caller.is_some_and(|caller| caller.proof() != Proof::Guest) {
        return Err(Refusal::AlreadyRegistered.into());
    }
    visitor.count_attempt(&app)?;
    let device = visitor.device.clone();
    let registered = actions::register(&app, visitor.guest, device, ask).await?;
    let me = profiles::me(&app, registered.person).await?;
    let mut response = made(me).into_response();
    let headers = response.headers_mut();
    credentials::keep_session(headers, &registered.session, visitor.secure);
    credentials::forget_guest(headers);
    Ok(response)
}

/// Sets a new password with a code, and signs out everywhere.
#[utoipa::path(post, path = "/password-resets", request_body = ResetPassword,
    responses((status = 204), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn reset_password(
    State(app): State<App>,
    visitor: Visitor,
    Body(ask): Body<ResetPassword>,
) -> Result<StatusCode, Denied> {
    visitor.count_attempt(&app)?;
    actions::reset_password(&app, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has a code for it sent to the account's address of e-mail. Whether there is an account does not show.
#[utoipa::path(post, path = "/password-resets/mail", request_body = AskResetLetter,
    responses((status = 202), (status = "default", description = "Why not", body = Problem)))]
pub(super) async fn ask_reset_letter(
    State(app): State<App>,
    visitor: Visitor,
    Body(ask): Body<AskResetLetter>,
) -> Result<StatusCode, Denied> {
    visitor.count_attempt(&app)?;
    letters::ask(&app, &ask)?;
    Ok(StatusCode::ACCEPTED)
}
