//! `/contacts`, `/friends`, `/blocks`, `/remarks`, `/people/found` and `/people/{id}/profile`: how people stand to each other.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use parley_shared::api::Problem;
use parley_shared::api::contacts::{ContactList, Contacts, Profile, Remarks, SetRemark};
use parley_shared::ids::UserId;
use parley_shared::model::Contact;
use parley_shared::protocol::Refusal;

use super::answer::{Denied, Told, ok};
use super::asks::{Body, Member, MemberWriter, id};
use crate::actions::contacts as actions;
use crate::app::App;
use crate::ledger::contacts::Wish;

/// Which page of which list.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    /// Which list.
    list: ContactList,
    /// After which page: its `next`.
    #[serde(default)]
    after: String,
}

/// Which page of those who are found.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sought {
    /// The name, or how it begins.
    #[serde(default)]
    name: String,
    /// After which page: its `next`.
    #[serde(default)]
    after: String,
}

fn read<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Denied> {
    let Query(read) = query.map_err(|error| Refusal::Malformed {
        detail: error.body_text().chars().take(200).collect(),
    })?;
    Ok(read)
}

/// One's friends, open requests, or those one blocked, in pages.
#[utoipa::path(get, path = "/contacts",
    params(("list" = ContactList, Query, description = "Which list"), ("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = Contacts), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn list(
    State(app): State<App>,
    Member(person): Member,
    asked: Result<Query<Listed>, QueryRejection>,
) -> Result<Told<Contacts>, Denied> {
    let Listed { list, after } = read(asked)?;
    Ok(ok(actions::list(&app, person, list, &after).await?))
}

/// Those who are found by a name, in pages.
#[utoipa::path(get, path = "/people/found",
    params(("name" = Option<String>, Query, description = "A user name, or how a name begins"), ("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = Contacts), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn found(
    State(app): State<App>,
    Member(person): Member,
    asked: Result<Query<Sought>, QueryRejection>,
) -> Result<Told<Contacts>, Denied> {
    let Sought { name, after } = read(asked)?;
    Ok(ok(actions::found(&app, person, name, &after).await?))
}

/// What someone shows of themselves.
#[utoipa::path(get, path = "/people/{id}/profile", params(("id" = UserId, Path, description = "Whose")),
    responses((status = 200, body = Profile), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn profile(
    State(app): State<App>,
    Member(person): Member,
    Path(other): Path<String>,
) -> Result<Told<Profile>, Denied> {
    Ok(ok(actions::profile(&app, person, id(&other)?).await?))
}

/// Asks someone to be friends, or says yes to what they asked.
#[utoipa::path(put, path = "/friends/{id}", params(("id" = UserId, Path, description = "Whom")),
    responses((status = 200, body = Contact), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn befriend(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
    Path(other): Path<String>,
) -> Result<Told<Contact>, Denied> {
    Ok(ok(actions::change(
        &app,
        person,
        id(&other)?,
        Wish::Befriend,
    )
    .await?))
}

/// Ends a friendship, takes a request back, or says no to one.
#[utoipa::path(delete, path = "/friends/{id}", params(("id" = UserId, Path, description = "Whom")),
    responses((status = 200, body = Contact), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn part(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
    Path(other): Path<String>,
) -> Result<Told<Contact>, Denied> {
    Ok(ok(
        actions::change(&app, person, id(&other)?, Wish::Part).await?
    ))
}

/// Blocks someone. They are not told.
#[utoipa::path(put, path = "/blocks/{id}", params(("id" = UserId, Path, description = "Whom")),
    responses((status = 200, body = Contact), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn block(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
    Path(other): Path<String>,
) -> Result<Told<Contact>, Denied> {
    Ok(ok(
        actions::change(&app, person, id(&other)?, Wish::Block).await?
    ))
}

/// Takes a block back. What there was before does not return.
#[utoipa::path(delete, path = "/blocks/{id}", params(("id" = UserId, Path, description = "Whom")),
    responses((status = 200, body = Contact), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn unblock(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
    Path(other): Path<String>,
) -> Result<Told<Contact>, Denied> {
    Ok(ok(actions::change(
        &app,
        person,
        id(&other)?,
        Wish::Unblock,
    )
    .await?))
}

/// The names by which one knows others.
#[utoipa::path(get, path = "/remarks",
    responses((status = 200, body = Remarks), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["read"])))]
pub(super) async fn remarks(
    State(app): State<App>,
    Member(person): Member,
) -> Result<Told<Remarks>, Denied> {
    Ok(ok(actions::remarks(&app, person).await?))
}

/// Sets the name by which one knows another.
#[utoipa::path(put, path = "/remarks/{id}", params(("id" = UserId, Path, description = "Whom")),
    request_body = SetRemark, responses((status = 200, body = Contact), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["write"])))]
pub(super) async fn set_remark(
    State(app): State<App>,
    MemberWriter(person): MemberWriter,
    Path(other): Path<String>,
    Body(ask): Body<SetRemark>,
) -> Result<Told<Contact>, Denied> {
    let other = id(&other)?;
    Ok(ok(
        actions::set_remark(&app, person, other, &ask.remark).await?
    ))
}
