//! `/conversations/{id}/messages/{message}/receipts`: how many a message has reached.

use axum::extract::{Path, State};
use parley_shared::api::Problem;
use parley_shared::api::receipts::Reached;
use parley_shared::ids::{ConversationId, MessageId};

use super::answer::{Denied, Told, ok};
use super::asks::{Member, id};
use crate::actions::receipts as actions;
use crate::app::App;

/// How many of the others in the conversation a message of one's own has reached.
#[utoipa::path(get, path = "/conversations/{id}/messages/{message}/receipts",
    params(("id" = ConversationId, Path, description = "Which conversation"), ("message" = MessageId, Path, description = "Which message")),
    responses((status = 200, body = Reached), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn counted(
    State(app): State<App>,
    Member(asker): Member,
    Path((conversation, message)): Path<(String, String)>,
) -> Result<Told<Reached>, Denied> {
    let (conversation, message) = (id(&conversation)?, id(&message)?);
    Ok(ok(
        actions::counted(&app, asker, conversation, message).await?
    ))
}
