//! Answers of the API: JSON, or a problem in the one shape. It does not know what is answered.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parley_shared::api::Problem;
use parley_shared::protocol::Refusal;
use serde::Serialize;

use crate::credentials;

/// A value as the body of a success.
#[derive(Debug)]
pub(super) struct Told<T>(pub(super) StatusCode, pub(super) T);

impl<T: Serialize> IntoResponse for Told<T> {
    fn into_response(self) -> Response {
        json(self.0, &self.1)
    }
}

/// A value that was asked for.
pub(super) fn ok<T>(value: T) -> Told<T> {
    Told(StatusCode::OK, value)
}

/// A value that was made.
pub(super) fn made<T>(value: T) -> Told<T> {
    Told(StatusCode::CREATED, value)
}

/// Why a request was not done.
#[derive(Debug)]
pub(super) struct Denied {
    refusal: Refusal,
    forget_session: bool,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            forget_session: false,
        }
    }
}

impl Denied {
    /// The session that was shown does not hold: the browser is to forget it, and be a new visitor.
    pub(super) fn ended() -> Self {
        Self {
            refusal: Refusal::SignInNeeded,
            forget_session: true,
        }
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let retry_after_ms = match &self.refusal {
            Refusal::TooManyAttempts { retry_after_ms }
            | Refusal::Busy { retry_after_ms }
            | Refusal::TooFast { retry_after_ms, .. } => Some(*retry_after_ms),
            _ => None,
        };
        let status = status(&self.refusal);
        let mut response = json(status, &Problem::from(self.refusal));
        if let Some(retry_after_ms) = retry_after_ms {
            let seconds = HeaderValue::from(retry_after_ms.div_ceil(1_000));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if self.forget_session {
            credentials::forget_session(response.headers_mut());
        }
        response
    }
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound
        | Refusal::UnknownInvitation
        | Refusal::UnknownResetCode
        | Refusal::UnknownConversation
        | Refusal::UnknownMessage => StatusCode::NOT_FOUND,
        Refusal::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refusal::BodyTooLarge { .. }
        | Refusal::CommandTooLarge { .. }
        | Refusal::PictureTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::SignInNeeded
        | Refusal::GuestsNotAllowed
        | Refusal::WrongCredentials
        | Refusal::SecondFactorNeeded
        | Refusal::SecondFactorWrong => StatusCode::UNAUTHORIZED,
        Refusal::ForeignOrigin
        | Refusal::WrongPassword
        | Refusal::RoleTooSmall { .. }
        | Refusal::ScopeTooSmall { .. }
        | Refusal::SessionNeeded
        | Refusal::NotFriends { .. }
        | Refusal::NotYours
        | Refusal::RegistrationClosed
        | Refusal::InvitationNeeded
        | Refusal::Banned { .. } => StatusCode::FORBIDDEN,
        Refusal::TooFast { .. } | Refusal::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::AlreadyRegistered
        | Refusal::UserNameTaken
        | Refusal::TooMany { .. }
        | Refusal::LastOwner
        | Refusal::Archived
        | Refusal::NoMail
        | Refusal::SecondFactorOn
        | Refusal::SecondFactorOff
        | Refusal::IdTaken => StatusCode::CONFLICT,
        Refusal::Busy { .. } | Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        // What is left is wrong with what was asked.
        _ => StatusCode::BAD_REQUEST,
    }
}

fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let body = serde_json::to_vec(value).expect("wire types have string keys and finite numbers");
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (status, headers, body).into_response()
}
