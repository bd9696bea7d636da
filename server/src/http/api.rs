//! The HTTP API: its routes, its description, and what holds for every request. It knows no rule of chat.
//!
//! Each route is registered together with its description, so one cannot be there without the other.
//! Whatever goes wrong is told in one shape, [`Problem`](parley_shared::api::Problem), also what the
//! framework would say in another.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use parley_shared::api::ROOT;
use parley_shared::protocol::Refusal;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::credentials::{self, Shown};
use crate::origin;

mod accounts;
mod answer;
mod asks;
mod contacts;
mod direct;
mod group_invitations;
mod groups;
mod invitations;
mod me;
mod members;
mod people;
mod pictures;
mod receipts;
mod second_factor;
mod server;
mod sessions;
mod tokens;
mod versions;

use answer::Denied;

/// The content types of a picture that is sent.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The API, below its root.
pub(super) fn router(app: App) -> Router {
    let (routes, description) = described();
    let json = description
        .to_json()
        .expect("the description is made of plain data");
    let routes = routes
        .route(
            "/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], json) }),
        )
        .fallback(nothing_here)
        .method_not_allowed_fallback(no_such_method)
        .with_state(app.clone());
    Router::new()
        .nest(ROOT, routes)
        .route("/api", axum::routing::any(nothing_here))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .layer(from_fn_with_state(app, guard))
}

/// The routes with their description.
fn described() -> (Router<App>, OpenApi) {
    let own = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Parley")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Accounts, those who look after them, and whom people know.",
                )),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme(
                    "session",
                    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(credentials::COOKIE))),
                )
                .security_scheme(
                    "token",
                    SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
                )
                .build(),
        ))
        .servers(Some([utoipa::openapi::Server::new(ROOT)]))
        .build();
    OpenApiRouter::with_openapi(own)
        .routes(routes!(server::info))
        .routes(routes!(server::set_policy))
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::reset_password))
        .routes(routes!(accounts::ask_reset_letter))
        .routes(routes!(
            sessions::list,
            sessions::sign_in,
            sessions::end_others
        ))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::end))
        .routes(routes!(me::me, me::change, me::delete))
        .routes(routes!(me::export))
        .routes(routes!(me::change_password))
        .routes(routes!(
            second_factor::begin,
            second_factor::enable,
            second_factor::disable
        ))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .routes(routes!(invitations::list, invitations::make))
        .routes(routes!(invitations::check))
        .routes(routes!(invitations::revoke))
        .routes(routes!(people::list))
        .routes(routes!(people::set_role))
        .routes(routes!(people::set_active))
        .routes(routes!(people::issue_reset_code))
        .merge(of_groups())
        .routes(routes!(contacts::list))
        .routes(routes!(contacts::found))
        .routes(routes!(contacts::profile))
        .routes(routes!(contacts::befriend, contacts::part))
        .routes(routes!(contacts::block, contacts::unblock))
        .routes(routes!(contacts::remarks))
        .routes(routes!(contacts::set_remark))
        .routes(routes!(pictures::set, pictures::remove))
        .routes(routes!(pictures::show))
        .routes(routes!(direct::open))
        .routes(routes!(versions::list))
        .routes(routes!(receipts::counted))
        .split_for_parts()
}

fn of_groups() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(groups::list, groups::make))
        .routes(routes!(groups::card, groups::change))
        .routes(routes!(groups::join))
        .routes(routes!(groups::set_picture, groups::remove_picture))
        .routes(routes!(members::list, members::add))
        .routes(routes!(members::remove))
        .routes(routes!(members::set_role))
        .routes(routes!(members::bans))
        .routes(routes!(members::ban, members::lift_ban))
        .routes(routes!(group_invitations::list, group_invitations::make))
        .routes(routes!(group_invitations::revoke))
        .routes(routes!(group_invitations::shown))
        .routes(routes!(group_invitations::accept))
}

/// What holds for every request before anything is done, and for every answer.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = match check(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => Denied::from(refusal).into_response(),
    };
    // A picture is kept by the browser that asked for it, and says so itself; nothing else is.
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a page of this origin may ask at all, and whether the body is what it must be.
///
/// A form of another page can be sent with our cookies, though not with this content type, and never
/// without telling its origin.
fn check(app: &App, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    if !origin::is_allowed(headers, &app.config().allowed_origins) {
        return Err(Refusal::ForeignOrigin);
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    let brings_session = matches!(credentials::shown(headers, app.guests()), Shown::Session(_));
    if brings_session && !headers.contains_key(header::ORIGIN) {
        return Err(Refusal::ForeignOrigin);
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok()?.split(';').next())
        .map(|kind| kind.trim().to_ascii_lowercase());
    let takes_picture =
        *request.method() == Method::PUT && request.uri().path().ends_with("/picture");
    let fits = match kind.as_deref() {
        // Where a picture is taken nothing else is, and nowhere else a picture.
        Some(kind) if takes_picture => PICTURES.contains(&kind),
        Some(kind) => kind == "application/json",
        None => *request.method() == Method::DELETE && !headers.contains_key(header::CONTENT_TYPE),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::UnsupportedMediaType)
    }
}

async fn nothing_here() -> Denied {
    Refusal::NotFound.into()
}

async fn no_such_method() -> Denied {
    Refusal::MethodNotAllowed.into()
}
