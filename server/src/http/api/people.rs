//! `/people`: looking after those who have an account.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use parley_shared::api::Problem;
use parley_shared::api::people::{ChangeActive, ChangeRole, People, Registered, ResetCode};
use parley_shared::ids::UserId;

use super::answer::{Denied, Told, ok};
use super::asks::{Administrator, Body, From, Owner, Params, id};
use crate::actions::registered as actions;
use crate::app::App;
use crate::ledger::By;

/// Those who have an account, in pages by user name.
#[utoipa::path(get, path = "/people",
    params(("after" = Option<String>, Query, description = "The `next` of the page before")),
    responses((status = 200, body = People), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn list(
    State(app): State<App>,
    _: Administrator,
    Params(from): Params<From>,
) -> Result<Told<People>, Denied> {
    Ok(ok(actions::list(app.store(), from.after).await?))
}

/// Gives someone another role.
#[utoipa::path(put, path = "/people/{id}/role", params(("id" = UserId, Path, description = "Whom")),
    request_body = ChangeRole, responses((status = 200, body = Registered), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn set_role(
    State(app): State<App>,
    Owner(by): Owner,
    Path(person): Path<String>,
    Body(ask): Body<ChangeRole>,
) -> Result<Told<Registered>, Denied> {
    let person = id(&person)?;
    actions::set_role(app.ledger(), By::Person(by), person, ask.role).await?;
    Ok(ok(actions::one(&app, person).await?))
}

/// Deactivates an account, or lets it be used again.
#[utoipa::path(put, path = "/people/{id}/active", params(("id" = UserId, Path, description = "Whom")),
    request_body = ChangeActive, responses((status = 200, body = Registered), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn set_active(
    State(app): State<App>,
    Administrator(by): Administrator,
    Path(person): Path<String>,
    Body(ask): Body<ChangeActive>,
) -> Result<Told<Registered>, Denied> {
    let person = id(&person)?;
    actions::set_active(app.ledger(), By::Person(by), person, ask.active).await?;
    Ok(ok(actions::one(&app, person).await?))
}

/// Issues a code with which someone sets a new password.
#[utoipa::path(post, path = "/people/{id}/reset-code", params(("id" = UserId, Path, description = "Whom")),
    responses((status = 201, body = ResetCode), (status = "default", description = "Why not", body = Problem)), security(("session" = []), ("token" = ["manage"])))]
pub(super) async fn issue_reset_code(
    State(app): State<App>,
    Administrator(by): Administrator,
    Path(person): Path<String>,
) -> Result<Told<ResetCode>, Denied> {
    let by = By::Person(by);
    let code = actions::issue_reset_code(app.ledger(), app.clock(), by, id(&person)?).await?;
    Ok(Told(StatusCode::CREATED, code))
}
