//! `/direct`: the talk of two people, and one's notes.

use axum::extract::{Path, State};
use parley_shared::api::Problem;
use parley_shared::model::Conversation;

use super::answer::{Denied, Told, ok};
use super::asks::{Writer, id};
use crate::actions::direct as actions;
use crate::app::App;

/// Opens the conversation with a person, or with oneself one's notes; doing it again changes nothing.
#[utoipa::path(put, path = "/direct/{id}", params(("id" = String, Path, description = "Whose id")),
    responses((status = 200, body = Conversation), (status = "default", description = "Why not", body = Problem)),
    security(("session" = []), ("token" = ["write"])))]
pub(super) async fn open(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(with): Path<String>,
) -> Result<Told<Conversation>, Denied> {
    Ok(ok(actions::open(&app, &caller, id(&with)?).await?))
}
