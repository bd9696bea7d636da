//! `/groups`: finding, making and changing groups.

use axum::extract::{Path, State};
use parley_shared::api::Problem;
use parley_shared::api::groups::{ChangeGroup, GroupCard, Groups, MakeGroup};
use parley_shared::ids::ConversationId;
use parley_shared::model::Conversation;

use super::answer::{Denied, Told, made, ok};
use super::asks::{Body, Found, Member, MemberWriter, Params, id};
use super::pictures::PictureFile;
use crate::actions::groups as actions;
use crate::app::App;

/// The groups that are listed, in pages by name.
#[utoipa::path(get, path = "/groups",
    params(("name" = Option<String>, Query, description = "What their names begin with"),
        ("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = Groups), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn list(
    State(app): State<App>,
    Member(asker): Member,
    Params(ask): Params<Found>,
) -> Result<Told<Groups>, Denied> {
    Ok(ok(actions::list(&app, asker, ask.name, &ask.after).await?))
}

/// Makes a group.
#[utoipa::path(post, path = "/groups", request_body = MakeGroup,
    responses((status = 201, body = Conversation), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn make(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Body(ask): Body<MakeGroup>,
) -> Result<Told<Conversation>, Denied> {
    Ok(made(actions::make(&app, by, ask).await?))
}

/// A group as it is shown before one is in it.
#[utoipa::path(get, path = "/groups/{id}", params(("id" = ConversationId, Path, description = "Which group")),
    responses((status = 200, body = GroupCard), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn card(
    State(app): State<App>,
    Member(asker): Member,
    Path(group): Path<String>,
) -> Result<Told<GroupCard>, Denied> {
    Ok(ok(actions::card(&app, asker, id(&group)?).await?))
}

/// Changes a group: what is absent stays.
#[utoipa::path(patch, path = "/groups/{id}", params(("id" = ConversationId, Path, description = "Which group")),
    request_body = ChangeGroup,
    responses((status = 200, body = GroupCard), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn change(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path(group): Path<String>,
    Body(ask): Body<ChangeGroup>,
) -> Result<Told<GroupCard>, Denied> {
    Ok(ok(actions::change(&app, by, id(&group)?, ask).await?))
}

/// Comes into a group that is listed.
#[utoipa::path(post, path = "/groups/{id}/join", params(("id" = ConversationId, Path, description = "Which group")),
    responses((status = 200, body = Conversation), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn join(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path(group): Path<String>,
) -> Result<Told<Conversation>, Denied> {
    Ok(ok(actions::join(&app, by, id(&group)?).await?))
}

/// Gives a group another picture: a PNG, JPEG, GIF or WebP, of which the middle is shown.
#[utoipa::path(put, path = "/groups/{id}/picture", params(("id" = ConversationId, Path, description = "Which group")),
    request_body(description = "The file", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/gif"), (Vec<u8> = "image/webp"))),
    responses((status = 200, body = GroupCard), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn set_picture(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path(group): Path<String>,
    PictureFile(file): PictureFile,
) -> Result<Told<GroupCard>, Denied> {
    Ok(ok(
        actions::set_picture(&app, by, id(&group)?, Some(file)).await?
    ))
}

/// Takes a group's picture away.
#[utoipa::path(delete, path = "/groups/{id}/picture", params(("id" = ConversationId, Path, description = "Which group")),
    responses((status = 200, body = GroupCard), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn remove_picture(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path(group): Path<String>,
) -> Result<Told<GroupCard>, Denied> {
    Ok(ok(actions::set_picture(&app, by, id(&group)?, None).await?))
}
