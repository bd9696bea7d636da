//! From a request to a WebSocket (RFC 6455, section 4.2). It does not know who may have one.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse as _, Response};
use data_encoding::BASE64;
use hyper::body::Body as _;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest as _, Sha1};
use tokio::net::TcpStream;

/// The version of the protocol that we speak.
const VERSION: HeaderValue = HeaderValue::from_static("13");
/// What a key is put together with (section 1.3).
const KEY_SUFFIX: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Bytes that a key stands for.
const KEY_BYTES: usize = 16;

/// A connection that becomes a WebSocket as soon as the answer to its request is out.
#[derive(Debug)]
pub struct Upgrading(OnUpgrade);

impl Upgrading {
    /// The connection itself, and what was read of it already; `None` when it is gone before that.
    pub async fn wait(self) -> Option<(TcpStream, Vec<u8>)> {
        let upgraded: Upgraded = self.0.await.ok()?;
        let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
        // A copy of these few bytes, if any: the original would keep a buffer of the request's for ever.
        Some((parts.io.into_inner(), parts.read_buf.to_vec()))
    }
}

/// Looks whether a request asks for a WebSocket, in every point that the RFC names. Gives the answer that
/// makes it one, with the connection; whoever turns it away does so by another answer.
///
/// # Errors
/// The answer that says what is missing.
pub fn agree(request: &mut Request) -> Result<(Response, Upgrading), Box<Response>> {
    let accept = accept(request).map_err(Refusal::into_answer)?;
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    name_protocol(headers);
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    Ok((response, Upgrading(hyper::upgrade::on(request))))
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Method,
    Version,
    Other(&'static str),
}

impl Refusal {
    fn into_answer(self) -> Box<Response> {
        let (status, why) = match self {
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "The request must be a GET."),
            Self::Version => (
                StatusCode::UPGRADE_REQUIRED,
                "The header Sec-WebSocket-Version must be 13.",
            ),
            Self::Other(why) => (StatusCode::BAD_REQUEST, why),
        };
        let body = format!("This is the address of a WebSocket. {why}\n");
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Method => {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET"));
            }
            Self::Version => {
                name_protocol(headers);
                headers.insert(header::SEC_WEBSOCKET_VERSION, VERSION);
            }
            Self::Other(_) => {}
        }
        Box::new(response)
    }
}

fn name_protocol(headers: &mut HeaderMap) {
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
}

/// The proof that the request was understood (section 4.2.2).
fn accept(request: &Request) -> Result<HeaderValue, Refusal> {
    if request.method() != Method::GET {
        return Err(Refusal::Method);
    }
    if request.version() != Version::HTTP_11 {
        return Err(Refusal::Other("The request must be HTTP/1.1."));
    }
    let headers = request.headers();
    if !headers.contains_key(header::HOST) {
        return Err(Refusal::Other("The header Host is missing."));
    }
    if !names(headers, &header::CONNECTION, "upgrade") {
        return Err(Refusal::Other("The header Connection must name Upgrade."));
    }
    if !names(headers, &header::UPGRADE, "websocket") {
        return Err(Refusal::Other("The header Upgrade must name websocket."));
    }
    // Before the key: another version may have none.
    if only(headers, &header::SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
        return Err(Refusal::Version);
    }
    let key = only(headers, &header::SEC_WEBSOCKET_KEY).filter(|key| is_key(key));
    let Some(key) = key else {
        let why = "The header Sec-WebSocket-Key must be there once, with 16 bytes in base64.";
        return Err(Refusal::Other(why));
    };
    // What came after it would be read as frames, and by someone in between perhaps as this body.
    if !is_without_body(request.body()) {
        return Err(Refusal::Other("The request must have no body."));
    }
    let proof = Sha1::new_with_prefix(key.as_bytes()).chain_update(KEY_SUFFIX);
    let proof = BASE64.encode(&proof.finalize());
    HeaderValue::try_from(proof).map_err(|_| Refusal::Other("The key makes no proof."))
}

/// Whether one of the names in a header that is a list is this one (RFC 9110, section 5.6.1). Such a header
/// may come in several lines, and its names in letters of any size.
fn names(headers: &HeaderMap, header: &HeaderName, name: &str) -> bool {
    let lines = headers.get_all(header).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let mut names = lines.flat_map(|line| line.split(','));
    names.any(|found| found.trim().eq_ignore_ascii_case(name))
}

/// A header that must not come twice (RFC 6455, section 11.3).
fn only<'a>(headers: &'a HeaderMap, header: &HeaderName) -> Option<&'a HeaderValue> {
    let mut lines = headers.get_all(header).iter();
    let first = lines.next();
    first.filter(|_| lines.next().is_none())
}

fn is_key(key: &HeaderValue) -> bool {
    matches!(BASE64.decode(key.as_bytes()), Ok(bytes) if bytes.len() == KEY_BYTES)
}

fn is_without_body(body: &Body) -> bool {
    body.is_end_stream() || body.size_hint().exact() == Some(0)
}
