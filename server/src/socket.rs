//! A WebSocket: its upgrade, its frames, its end. It knows the wire and no command.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use parley_shared::ids::Stamp;
use parley_shared::limits::{
    CLOSE_TIMEOUT_MS, CONNECTION_IDLE_MAX_MS, FRAME_BYTES_MAX, RETURN_SPREAD_MS,
    SERVER_PING_INTERVAL_MS,
};
use parley_shared::protocol::{RESYNC, Refusal, SIGNED_OUT, ServerEvent, close_code};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;
use tungstenite::protocol::CloseFrame;
use tungstenite::{Message, Utf8Bytes};

use crate::accept::Peer;
use crate::account::Proof;
use crate::actions;
use crate::address;
use crate::app::App;
use crate::credentials::{self, Shown};
use crate::hub::Frame;
use crate::hub::mailbox::{Ending, Flushed, Mailbox};
use crate::origin;
use crate::random;
use crate::session::{Session, Verdict};
use crate::store::callers::Caller;

mod wire;

use wire::Wire;

/// Turns a request into a WebSocket, for someone who is signed in, a program, or a guest who is known or new.
pub async fn upgrade(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    mut request: Request,
) -> Response {
    let upgrading = hyper::upgrade::on(&mut request);
    let agreed = tungstenite::handshake::server::create_response_with_body(&request, Body::empty);
    let mut response = match agreed {
        Ok(response) => response,
        Err(error) => {
            let why = format!("This is the address of a WebSocket. {error}\n");
            return (StatusCode::BAD_REQUEST, why).into_response();
        }
    };
    let headers = request.headers();
    let from = address::source(peer.address.ip(), headers, &app.config().trusted_proxies).address;
    if !origin::is_allowed(headers, &app.config().allowed_origins) {
        tracing::info!(%from, peer = %peer.address, "a page of another origin was turned away");
        let why = "This page's origin may not connect. The operator can allow it with --allowed-origin.\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let since = match since(request.uri()) {
        Ok(since) => since,
        Err(why) => return (StatusCode::BAD_REQUEST, why).into_response(),
    };
    let secure = origin::is_secure(headers);
    let shown = credentials::shown(headers, app.guests());
    let caller = match actions::callers::enter(&app, shown).await {
        Ok(caller) => caller,
        Err(refusal) => return turned_away(refusal, shown),
    };
    if caller.proof() == Proof::Guest {
        let cookie = app.guests().set_cookie(caller.person(), secure);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    let alive = app.connections().token();
    tokio::spawn(async move {
        let person = caller.person();
        let span =
            tracing::info_span!("connection", %from, peer = %peer.address, person.id = %person);
        if let Some((stream, early)) = upgraded(upgrading).await {
            Box::pin(serve(stream, early, app, caller, since))
                .instrument(span)
                .await;
        }
        // The connection's place and its part in shutting down last as long as the task.
        drop((peer, alive));
    });
    response
}

/// What a request says of when its client was last told everything.
#[derive(Deserialize)]
struct Asked {
    since: Option<Stamp>,
}

/// The stamp since which a client asks what changed, or why what it says is none.
fn since(uri: &Uri) -> Result<Option<Stamp>, String> {
    match Query::<Asked>::try_from_uri(uri) {
        Ok(Query(asked)) => Ok(asked.since),
        Err(error) => Err(format!("`since` is not a stamp: {error}\n")),
    }
}

/// The answer to someone who may not enter. A session that ended is forgotten by the browser, so that
/// it comes back as a new visitor.
fn turned_away(refusal: Refusal, shown: Shown) -> Response {
    let status = match refusal {
        Refusal::SignInNeeded | Refusal::GuestsNotAllowed => StatusCode::UNAUTHORIZED,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = (status, format!("{refusal}\n")).into_response();
    if matches!(shown, Shown::Session(_)) {
        credentials::forget_session(response.headers_mut());
    }
    response
}

/// The connection itself, once the answer to the upgrade is out, and what was read of it already;
/// `None` when it is gone before that.
async fn upgraded(upgrading: OnUpgrade) -> Option<(TcpStream, Vec<u8>)> {
    let upgraded: Upgraded = upgrading.await.ok()?;
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    // A copy of these few bytes, if any: the original would keep a buffer of the request's for ever.
    Some((parts.io.into_inner(), parts.read_buf.to_vec()))
}

async fn serve(stream: TcpStream, early: Vec<u8>, app: App, caller: Caller, since: Option<Stamp>) {
    let opened_at = Instant::now();
    tracing::info!("opened");
    let (wire, end) = match Session::open(app, caller, since).await {
        Ok((session, welcome)) => {
            let mailbox = Arc::clone(session.mailbox());
            let mut wire = Wire::new(stream, early, mailbox, &[welcome]);
            let end = converse(&mut wire, session).await;
            (wire, end)
        }
        Err(refusal) => {
            let nothing = Arc::new(Mailbox::default());
            let end = match refusal {
                Refusal::SignInNeeded => End::SignedOut,
                _ => End::Failed,
            };
            (Wire::new(stream, early, nothing, &[]), end)
        }
    };
    if end != End::Silent {
        let closing = wire.close(end.close_frame());
        // A reader that takes nothing does not get to keep us.
        timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), closing)
            .await
            .ok();
    }
    tracing::info!(seconds = opened_at.elapsed().as_secs(), reason = ?end, "closed");
}

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The other end closed it, or is gone.
    Left,
    /// The other end gave no sign of life.
    Silent,
    /// The other end did not read.
    FellBehind,
    /// The other end sent a frame beyond the bound.
    TooLarge,
    /// The other end sent what is no WebSocket, or text that is not UTF-8.
    Broken,
    /// The other end said nothing but what must be refused.
    Unruly,
    /// We stop.
    Restart,
    /// The other end is no longer who it was.
    SignedOut,
    /// Our store failed.
    Failed,
}

impl End {
    fn close_frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Left | Self::Silent => return None,
            Self::FellBehind => (close_code::TRY_AGAIN, RESYNC),
            Self::TooLarge => (close_code::TOO_LARGE, "frame too large"),
            Self::Broken => (close_code::INVALID, "not text"),
            Self::Unruly => (close_code::POLICY, "too many refusals"),
            Self::Restart => (close_code::RESTART, "restart"),
            Self::SignedOut => (close_code::SIGNED_OUT, SIGNED_OUT),
            Self::Failed => (close_code::TRY_AGAIN, "unavailable"),
        };
        Some(CloseFrame {
            code: code.into(),
            reason: Utf8Bytes::from_static(reason),
        })
    }
}

/// Hears what the other end says, and writes what it did not take at once, until one of them ends.
async fn converse(wire: &mut Wire, mut session: Session) -> End {
    let mailbox = Arc::clone(session.mailbox());
    let ping_interval = Duration::from_millis(SERVER_PING_INTERVAL_MS);
    let mut heard_at = Instant::now();
    let ping = tokio::time::sleep(ping_interval);
    tokio::pin!(ping);
    loop {
        match write_out(wire, &mailbox).await {
            Ok(None) => {}
            Ok(Some(Ending::Resync)) => return End::FellBehind,
            Ok(Some(Ending::SignedOut)) => return End::SignedOut,
            Ok(Some(Ending::Restart)) => return go_away(wire, &mailbox).await,
            Ok(Some(Ending::Over)) => return End::Left,
            Err(end) => return end,
        }
        session.tend().await;
        // What waits was written just now, so reading first keeps nobody's frames back.
        tokio::select! {
            biased;
            heard = wire.read(), if session.may_hear() => {
                heard_at = Instant::now();
                // What was refused last is told before the connection ends: it waits in the mailbox.
                if let Some(end) = hear(&mut session, heard).await {
                    return end;
                }
            }
            () = mailbox.changed() => {}
            () = &mut ping => {
                if heard_at.elapsed() > Duration::from_millis(CONNECTION_IDLE_MAX_MS) {
                    return End::Silent;
                }
                if session.has_expired() {
                    return End::SignedOut;
                }
                if wire.ping().is_err() {
                    return End::Left;
                }
                ping.as_mut().reset(Instant::now() + ping_interval);
            }
        }
    }
}

/// Hears one frame. `Some` when the connection ends with it.
async fn hear(session: &mut Session, heard: Result<Message, tungstenite::Error>) -> Option<End> {
    let verdict = match heard {
        Ok(Message::Text(text)) => session.hear(&text).await,
        Ok(Message::Binary(_)) => session.refuse_frame(Refusal::Malformed {
            detail: "commands are text frames, and this one is binary".to_owned(),
        }),
        // The library answers pings by itself.
        Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => Verdict::Continue,
        Ok(Message::Close(_)) => return Some(End::Left),
        Err(error) => return Some(broken(session, &error)),
    };
    (verdict == Verdict::Close).then_some(End::Unruly)
}

fn broken(session: &mut Session, error: &tungstenite::Error) -> End {
    use tungstenite::Error;
    match error {
        Error::Capacity(_) => {
            let limit_bytes = FRAME_BYTES_MAX as u64;
            session.refuse_frame(Refusal::CommandTooLarge { limit_bytes });
            End::TooLarge
        }
        Error::Utf8(_) => {
            session.refuse_frame(Refusal::Malformed {
                detail: "the text is not UTF-8".to_owned(),
            });
            End::Broken
        }
        Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => {
            End::Left
        }
        Error::Protocol(error) => {
            tracing::debug!(%error, "the other end does not speak the protocol");
            End::Broken
        }
        _ => End::Left,
    }
}

/// Writes what waits, unless the reader falls behind meanwhile. The end that was decided on comes back.
async fn write_out(wire: &Wire, mailbox: &Mailbox) -> Result<Option<Ending>, End> {
    let idle_max = Duration::from_millis(CONNECTION_IDLE_MAX_MS);
    loop {
        match mailbox.flush() {
            Flushed::All => return Ok(None),
            Flushed::End(ending) => return Ok(Some(ending)),
            Flushed::Broken => return Err(End::Left),
            Flushed::Part => {}
        }
        tokio::select! {
            biased;
            writable = timeout(idle_max, wire.writable()) => match writable {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(End::Left),
                Err(_) => return Err(End::Silent),
            },
            ending = mailbox.cut_off() => return Err(match ending {
                Ending::SignedOut => End::SignedOut,
                Ending::Resync | Ending::Restart | Ending::Over => End::FellBehind,
            }),
        }
    }
}

/// Tells the other end that we stop and when to come back: each at another moment.
async fn go_away(wire: &Wire, mailbox: &Mailbox) -> End {
    let spread = random::below(RETURN_SPREAD_MS);
    mailbox.push_last(Frame::new(&ServerEvent::GoingAway {
        retry_after_ms: RETURN_SPREAD_MS / 2 + spread,
    }));
    write_out(wire, mailbox).await.err().unwrap_or(End::Restart)
}
