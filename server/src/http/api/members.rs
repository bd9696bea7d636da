//! `/groups/{id}/members` and `/groups/{id}/bans`: who is in a group, and who cannot come.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use parley_shared::api::Problem;
use parley_shared::api::groups::{self as wire, AddMembers, GroupCard, Members};
use parley_shared::api::people::ChangeRole;
use parley_shared::ids::{ConversationId, UserId};

use super::answer::{Denied, Told, ok};
use super::asks::{Body, Found, From, Member, MemberWriter, Params, id};
use crate::actions::groups::members as actions;
use crate::app::App;

/// The members, in pages: the owner, administrators, then members in the order in which they came.
#[utoipa::path(get, path = "/groups/{id}/members",
    params(("id" = ConversationId, Path, description = "Which group"),
        ("name" = Option<String>, Query, description = "What their display names begin with"),
        ("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = Members), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn list(
    State(app): State<App>,
    Member(asker): Member,
    Path(group): Path<String>,
    Params(ask): Params<Found>,
) -> Result<Told<Members>, Denied> {
    let members = actions::list(&app, asker, id(&group)?, ask.name, &ask.after).await?;
    Ok(ok(members))
}

/// Brings people in, all of them or none.
#[utoipa::path(post, path = "/groups/{id}/members", params(("id" = ConversationId, Path, description = "Which group")),
    request_body = AddMembers,
    responses((status = 200, body = GroupCard), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn add(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path(group): Path<String>,
    Body(ask): Body<AddMembers>,
) -> Result<Told<GroupCard>, Denied> {
    Ok(ok(actions::add(&app, by, id(&group)?, ask).await?))
}

/// Removes someone; oneself is to leave.
#[utoipa::path(delete, path = "/groups/{id}/members/{person}",
    params(("id" = ConversationId, Path, description = "Which group"), ("person" = UserId, Path, description = "Whom")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn remove(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path((group, person)): Path<(String, String)>,
) -> Result<StatusCode, Denied> {
    actions::remove(&app, by, id(&group)?, id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives someone another role.
#[utoipa::path(put, path = "/groups/{id}/members/{person}/role",
    params(("id" = ConversationId, Path, description = "Which group"), ("person" = UserId, Path, description = "Whom")),
    request_body = ChangeRole,
    responses((status = 200, body = wire::Member), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn set_role(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path((group, person)): Path<(String, String)>,
    Body(ask): Body<ChangeRole>,
) -> Result<Told<wire::Member>, Denied> {
    let (group, person) = (id(&group)?, id(&person)?);
    Ok(ok(
        actions::set_role(&app, by, group, person, ask.role).await?
    ))
}

/// Those who are banned, in pages, in the order in which they were.
#[utoipa::path(get, path = "/groups/{id}/bans",
    params(("id" = ConversationId, Path, description = "Which group"),
        ("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = Members), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn bans(
    State(app): State<App>,
    Member(asker): Member,
    Path(group): Path<String>,
    Params(from): Params<From>,
) -> Result<Told<Members>, Denied> {
    Ok(ok(
        actions::bans(&app, asker, id(&group)?, &from.after).await?
    ))
}

/// Bans someone, who is removed if they are in the group.
#[utoipa::path(put, path = "/groups/{id}/bans/{person}",
    params(("id" = ConversationId, Path, description = "Which group"), ("person" = UserId, Path, description = "Whom")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn ban(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path((group, person)): Path<(String, String)>,
) -> Result<StatusCode, Denied> {
    actions::ban(&app, by, id(&group)?, id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets someone in again who was banned.
#[utoipa::path(delete, path = "/groups/{id}/bans/{person}",
    params(("id" = ConversationId, Path, description = "Which group"), ("person" = UserId, Path, description = "Whom")),
    responses((status = 204), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn lift_ban(
    State(app): State<App>,
    MemberWriter(by): MemberWriter,
    Path((group, person)): Path<(String, String)>,
) -> Result<StatusCode, Denied> {
    actions::lift_ban(&app, by, id(&group)?, id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
