//! The page and its files, out of the binary. It does not know what the page does.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use memory_serve::{Asset, CacheControl, MemoryServe};
use tower::ServiceExt as _;

/// The files as the build laid them down.
pub(super) fn router() -> Router {
    let assets: &[(&str, &[Asset])] = include!(concat!(env!("OUT_DIR"), "/memory_serve_assets.rs"));
    let all = assets.iter().flat_map(|(_, assets)| assets.iter());
    let (hashed, named): (Vec<&Asset>, Vec<&Asset>) = all.partition(|asset| is_hashed(asset.route));

    // A file whose name holds the hash of its content never changes; the others may with each release.
    let hashed = MemoryServe::new(keep(hashed))
        .index_file(None)
        .cache_control(CacheControl::Long)
        .into_router();
    let named: Router = MemoryServe::new(keep(named))
        .index_file(Some("/index.html"))
        .html_cache_control(CacheControl::NoCache)
        .cache_control(CacheControl::NoCache)
        .into_router();
    let page = named.clone();
    Router::new()
        .merge(hashed)
        .merge(named)
        .fallback(move |request: Request| navigate(page, request))
}

/// Answers what is no file: a page's own address with the page, everything else with 404.
///
/// A script or a module that is not there must not be answered with the page: the browser would try
/// to run HTML, and the visitor would see nothing.
async fn navigate(page: Router, request: Request) -> Response {
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && wants_page
        && !last.contains('.')
        && !request.uri().path().starts_with("/api/");
    if !is_page {
        return (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response();
    }
    let (mut parts, _) = request.into_parts();
    parts.uri = Uri::from_static("/");
    page.oneshot(Request::from_parts(parts, Body::empty()))
        .await
        .unwrap_or_else(|never| match never {})
}

/// Whether a name holds a hash of the content, as trunk writes it: `name-0123456789abcdef.css`,
/// without leading zeros.
fn is_hashed(route: &str) -> bool {
    let name = route.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        (10..=16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The library wants its files for the life of the program, which they have: they are in the binary.
fn keep(assets: Vec<&Asset>) -> &'static [Asset] {
    let assets: Vec<Asset> = assets
        .into_iter()
        .map(|asset| Asset {
            route: asset.route,
            path: asset.path,
            etag: asset.etag,
            content_type: asset.content_type,
            bytes: asset.bytes,
            is_compressed: asset.is_compressed,
            should_compress: asset.should_compress,
        })
        .collect();
    Box::leak(assets.into_boxed_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_hash_is_told_from_one_without() {
        for hashed in [
            "/tokens-0a1b2c3d4e5f6789.css",
            "/parley-client-a1b2c3d4e5f6.js",
            "/parley-client-0a1b2c3d4e5f6789_bg.wasm",
        ] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for named in ["/index.html", "/robots.txt", "/icon-192.png", "/"] {
            assert!(!is_hashed(named), "{named}");
        }
    }
}
