//! `/me`: one's own profile, password, data and account.

use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::channel::{Channel, Sender};
use parley_shared::api::Problem;
use parley_shared::api::account::{ChangePassword, ChangeProfile, Confirm, Export, Me};
use parley_shared::protocol::Refusal;

use super::answer::{Denied, Told, ok};
use super::asks::{Body, Device, Reader, Writer};
use crate::actions::{accounts, contacts, groups, profiles as actions, sessions, tokens};
use crate::app::App;
use crate::credentials;

/// Parts of an export that wait for a slow reader.
const EXPORT_PARTS: usize = 2;

/// Who one is.
#[utoipa::path(get, path = "/me", responses((status = 200, body = Me), (status = "default", description = "Why not", body = Problem)),
    security(("session" = []), ("token" = ["read"])))]
pub(super) async fn me(State(app): State<App>, Reader(caller): Reader) -> Result<Told<Me>, Denied> {
    Ok(ok(actions::me(&app, caller.person()).await?))
}

/// Changes name, about, status or e-mail.
#[utoipa::path(patch, path = "/me", request_body = ChangeProfile,
    responses((status = 200, body = Me), (status = "default", description = "Why not", body = Problem)),
    security(("session" = []), ("token" = ["write"])))]
pub(super) async fn change(
    State(app): State<App>,
    Writer(caller): Writer,
    Body(ask): Body<ChangeProfile>,
) -> Result<Told<Me>, Denied> {
    actions::change(&app, &caller, ask).await?;
    Ok(ok(actions::me(&app, caller.person()).await?))
}

/// Deletes the account.
#[utoipa::path(delete, path = "/me", request_body = Confirm, responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn delete(
    State(app): State<App>,
    device: Device,
    Body(ask): Body<Confirm>,
) -> Result<Response, Denied> {
    accounts::delete(&app, device.person, ask).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    credentials::forget_session(response.headers_mut());
    Ok(response)
}

/// Sets another password, and signs out everywhere but here.
#[utoipa::path(put, path = "/me/password", request_body = ChangePassword,
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn change_password(
    State(app): State<App>,
    device: Device,
    Body(ask): Body<ChangePassword>,
) -> Result<StatusCode, Denied> {
    accounts::change_password(&app, device.person, device.session, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that is kept about oneself, as one JSON document of whatever length.
#[utoipa::path(get, path = "/me/export", responses((status = 200, body = Export), (status = "default", description = "Why not", body = Problem)), security(("session" = [])))]
pub(super) async fn export(State(app): State<App>, device: Device) -> Result<Response, Denied> {
    let person = device.person;
    // All but the messages is small; written as it is, with the list of messages left open.
    let start = Export {
        me: actions::me(&app, person).await?,
        sessions: sessions::list(&app, person, device.session).await?.sessions,
        tokens: tokens::list(&app, person).await?.tokens,
        contacts: contacts::all(&app, person).await?,
        groups: groups::of_person(&app, person).await?,
        messages: Vec::new(),
    };
    let start = serde_json::to_string(&start).map_err(|_| Refusal::Unavailable)?;
    let start = start.strip_suffix("]}").map(str::to_owned);
    let start = start.ok_or(Refusal::Unavailable)?;
    let (mut sender, body) = Channel::<bytes::Bytes, std::io::Error>::new(EXPORT_PARTS);
    tokio::spawn(async move {
        if let Err(error) = write_messages(&app, person, start, &mut sender).await {
            // Half a document must not look like a whole one.
            sender.abort(std::io::Error::other(error.to_string()));
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"parley-export.json\"",
        ),
    ];
    Ok((headers, Bytes::new(body)).into_response())
}

async fn write_messages(
    app: &App,
    person: parley_shared::ids::UserId,
    start: String,
    sender: &mut Sender<bytes::Bytes, std::io::Error>,
) -> Result<(), Refusal> {
    let mut part = start;
    let (mut first, mut place) = (true, None);
    loop {
        let (messages, next) = actions::written(app, person, place).await?;
        for message in &messages {
            if !std::mem::take(&mut first) {
                part.push(',');
            }
            part.push_str(&serde_json::to_string(message).map_err(|_| Refusal::Unavailable)?);
        }
        if next.is_none() {
            part.push_str("]}");
        }
        // Whoever hung up needs no more.
        let part = std::mem::take(&mut part);
        if !part.is_empty() && sender.send_data(part.into()).await.is_err() {
            return Ok(());
        }
        place = match next {
            Some(next) => Some(next),
            None => return Ok(()),
        };
    }
}
