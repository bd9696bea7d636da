//! Every route and every header, whole. It does not know what the routes do.

use axum::Router;
use axum::extract::State;
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use parley_shared::limits::BODY_BYTES_MAX;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::socket;

mod api;
mod page;

/// The hashes of the page's inline scripts, as the build found them in the page.
const SCRIPT_HASHES: &str = env!("PARLEY_SCRIPT_HASHES");

/// What the server answers.
pub fn router(app: App) -> Router {
    let mut router = Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/healthz", get(health))
        .with_state(app.clone())
        .merge(page::router())
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        // The API bounds its bodies itself, to say so in its own shape.
        .merge(api::router(app));
    for (name, value) in headers() {
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    router
}

/// 200 as soon as the server can do its work, and 503 when it cannot.
async fn health(State(app): State<App>) -> Response {
    let asked = app
        .store()
        .read(|connection| connection.query("SELECT 1", &[], |_| Ok(())))
        .await;
    let (status, body) = match asked {
        Ok(_) => (StatusCode::OK, r#"{"status":"ok"}"#),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                r#"{"status":"unavailable"}"#,
            )
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}

/// What browsers are told about everything that we serve.
fn headers() -> Vec<(HeaderName, HeaderValue)> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{SCRIPT_HASHES}; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::from_str(&policy).expect("it is written in ASCII above");
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    std::iter::once((header::CONTENT_SECURITY_POLICY, policy))
        .chain(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))))
        .collect()
}
