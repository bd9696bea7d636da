//! `/me/picture` and `/pictures`: one's own picture, and everyone's to look at.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use parley_shared::api::Problem;
use parley_shared::api::account::Me;
use parley_shared::ids::PictureId;
use parley_shared::limits::{PICTURE_BYTES_MAX, PICTURE_RECEIVED_WITHIN_MS};
use parley_shared::protocol::Refusal;

use super::answer::{Denied, Told, ok};
use super::asks::{MemberWriter, Reader, id};
use crate::actions::{pictures as actions, profiles};
use crate::app::App;
use crate::picture;

/// A file with a picture, as it is sent.
#[derive(Debug)]
pub(super) struct PictureFile(pub(super) Bytes);

impl FromRequest<App> for PictureFile {
    type Rejection = Denied;

    async fn from_request(request: Request, app: &App) -> Result<Self, Denied> {
        let limit_bytes = PICTURE_BYTES_MAX as u64;
        let too_large = || Denied::from(Refusal::BodyTooLarge { limit_bytes });
        let told = request.headers().get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if told.is_some_and(|length| length > limit_bytes) {
            return Err(too_large());
        }
        // Whoever sends slowly holds as much memory as whoever sends quickly, and longer.
        let _room = app.pictures().receive()?;
        let received = to_bytes(request.into_body(), PICTURE_BYTES_MAX);
        let within = Duration::from_millis(PICTURE_RECEIVED_WITHIN_MS);
        match tokio::time::timeout(within, received).await {
            Ok(Ok(bytes)) => Ok(Self(bytes)),
            Ok(Err(_)) => Err(too_large()),
            Err(_) => Err(Refusal::Busy {
                retry_after_ms: PICTURE_RECEIVED_WITHIN_MS,
            }
            .into()),
        }
    }
}

/// Gives oneself another picture: a PNG, JPEG, GIF or WebP, of which the middle is shown.
#[utoipa::path(put, path = "/me/picture",
    request_body(description = "The file", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/gif"), (Vec<u8> = "image/webp"))),
    responses((status = 200, body = Me), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn set(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
    PictureFile(file): PictureFile,
) -> Result<Told<Me>, Denied> {
    actions::set(&app, person, Some(file)).await?;
    Ok(ok(profiles::me(&app, person).await?))
}

/// Takes one's picture away.
#[utoipa::path(delete, path = "/me/picture",
    responses((status = 200, body = Me), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn remove(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
) -> Result<Told<Me>, Denied> {
    actions::set(&app, person, None).await?;
    Ok(ok(profiles::me(&app, person).await?))
}

/// A picture of someone or of a group. What an id names never changes.
#[utoipa::path(get, path = "/pictures/{id}", params(("id" = PictureId, Path, description = "Which")),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg"), (status = "default", description = "Why not", body = Problem)),
    security(("session" = []), ("token" = ["read"])))]
pub(super) async fn show(
    State(app): State<App>,
    _: Reader,
    Path(picture): Path<String>,
) -> Result<Response, Denied> {
    let image = actions::image(&app, id::<PictureId>(&picture)?).await?;
    let headers = [
        (header::CONTENT_TYPE, picture::CONTENT_TYPE),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Were it ever opened as a page of its own, it could do nothing.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, image).into_response())
}
