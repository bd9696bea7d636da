//! `/conversations/{id}/messages/{message}/versions`: what a message said before.

use axum::extract::{Path, State};
use parley_shared::api::Problem;
use parley_shared::api::versions::Versions;
use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::limits::SEQ_MAX;
use parley_shared::protocol::Refusal;

use super::answer::{Denied, Told, ok};
use super::asks::{From, Params, Reader, id};
use crate::actions::history as actions;
use crate::app::App;

/// What a message said and says, in pages, oldest first. Of a deleted one there is nothing.
#[utoipa::path(get, path = "/conversations/{id}/messages/{message}/versions",
    params(("id" = ConversationId, Path, description = "Which conversation"),
        ("message" = MessageId, Path, description = "Which message"),
        ("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = Versions), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(caller): Reader,
    Path((conversation, message)): Path<(String, String)>,
    Params(from): Params<From>,
) -> Result<Told<Versions>, Denied> {
    let (conversation, message) = (id(&conversation)?, id(&message)?);
    let after = read_place(&from.after)?;
    let versions = actions::versions(&app, caller.person(), conversation, message, after).await?;
    Ok(ok(versions))
}

fn read_place(after: &str) -> Result<Seq, Refusal> {
    if after.is_empty() {
        return Ok(Seq::ZERO);
    }
    let place = after.parse().ok().filter(|place| *place <= SEQ_MAX);
    place.map(Seq).ok_or_else(|| {
        let detail = "after is the next of the page before".to_owned();
        Refusal::Malformed { detail }
    })
}
