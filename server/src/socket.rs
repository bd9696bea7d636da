//! A WebSocket: its upgrade, its frames, its end. It knows the wire and no command.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
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
use crate::wire::upgrade::agree;
use crate::wire::{Farewell, Fault, Heard, Wire};

/// Turns a request into a WebSocket, for someone who is signed in, a program, or a guest who is known or new.
pub async fn upgrade(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    mut request: Request,
) -> Response {
    let (mut response, upgrading) = match agree(&mut request) {
        Ok(agreed) => agreed,
        Err(refusal) => return *refusal,
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
        if let Some((stream, early)) = upgrading.wait().await {
            let arriving = Box::pin(arrive(stream, early, app, caller, since));
            Box::pin(serve(arriving)).instrument(span).await;
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

/// What arriving leads to: a connection and what is said on it, or why nothing is.
type Arrived = (Wire, Result<Box<Session>, End>);

/// Lets a person in, who is told first what they are to be told.
async fn arrive(
    stream: TcpStream,
    early: Vec<u8>,
    app: App,
    caller: Caller,
    since: Option<Stamp>,
) -> Arrived {
    let wire = |mailbox, first: &[Frame]| Wire::new(stream, early, FRAME_BYTES_MAX, mailbox, first);
    match Session::open(app, caller, since).await {
        Ok((session, welcome)) => {
            let wire = wire(Arc::clone(session.mailbox()), &[welcome]);
            (wire, Ok(Box::new(session)))
        }
        Err(refusal) => {
            let end = match refusal {
                Refusal::SignInNeeded => End::SignedOut,
                _ => End::Failed,
            };
            (wire(Arc::default(), &[]), Err(end))
        }
    }
}

/// A connection from its arrival to its end. What it needs for a moment only lies in a box of its own: all that is in
/// here is kept for as long as the connection waits.
async fn serve(arriving: Pin<Box<impl Future<Output = Arrived>>>) {
    let opened_at = Instant::now();
    tracing::info!("opened");
    let (mut wire, arrived) = arriving.await;
    let end = match arrived {
        Ok(session) => converse(&mut wire, session).await,
        Err(end) => end,
    };
    if end != End::Silent {
        let closing = Box::pin(wire.close(end.farewell()));
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
    /// The other end sent what cannot be read.
    Unreadable(Fault),
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
    /// What the other end is told, besides the answer to its own goodbye.
    fn farewell(self) -> Option<Farewell> {
        let (code, reason) = match self {
            Self::Left | Self::Silent => return None,
            Self::Unreadable(fault) => return fault.farewell(),
            Self::FellBehind => (close_code::TRY_AGAIN, RESYNC),
            Self::Unruly => (close_code::POLICY, "too many refusals"),
            Self::Restart => (close_code::RESTART, "restart"),
            Self::SignedOut => (close_code::SIGNED_OUT, SIGNED_OUT),
            Self::Failed => (close_code::TRY_AGAIN, "unavailable"),
        };
        let reason = reason.into();
        Some(Farewell { code, reason })
    }
}

/// Hears what the other end says, and writes what it did not take at once, until one of them ends.
async fn converse(wire: &mut Wire, mut session: Box<Session>) -> End {
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
            Ok(Some(Ending::Restart)) => return Box::pin(go_away(wire, &mailbox)).await,
            Ok(Some(Ending::Over)) => return End::Left,
            Err(end) => return end,
        }
        session.tend().await;
        // What waits was written just now, so reading before the mailbox keeps nobody's frames back. The
        // clock comes first: it must also be heard beside someone who never stops talking.
        tokio::select! {
            biased;
            () = &mut ping => {
                if heard_at.elapsed() > Duration::from_millis(CONNECTION_IDLE_MAX_MS) {
                    return End::Silent;
                }
                if session.has_expired() {
                    return End::SignedOut;
                }
                wire.ping();
                ping.as_mut().reset(Instant::now() + ping_interval);
            }
            heard = wire.read(), if session.may_hear() => {
                heard_at = Instant::now();
                // What was refused last is told before the connection ends: it waits in the mailbox.
                if let Some(end) = hear(&mut session, heard).await {
                    return end;
                }
            }
            () = mailbox.changed() => {}
        }
    }
}

/// Hears one thing that the other end said. `Some` when the connection ends with it.
async fn hear(session: &mut Session, heard: Result<Heard, Fault>) -> Option<End> {
    let verdict = match heard {
        // The room that a command takes is given back with it.
        Ok(Heard::Text(text)) => Box::pin(session.hear(&text)).await,
        Ok(Heard::Binary(_)) => session.refuse_frame(Refusal::Malformed {
            detail: "commands are text frames, and this one is binary".to_owned(),
        }),
        // The wire answers pings by itself.
        Ok(Heard::Ping(_) | Heard::Pong) => Verdict::Continue,
        Ok(Heard::Close(_)) | Err(Fault::Gone) => return Some(End::Left),
        Err(fault) => return Some(unreadable(session, fault)),
    };
    (verdict == Verdict::Close).then_some(End::Unruly)
}

/// Tells in the session's own words, where it has some, what the closing frame tells in a code.
fn unreadable(session: &mut Session, fault: Fault) -> End {
    match fault {
        Fault::TooLarge { bytes_max } => {
            let limit_bytes = bytes_max as u64;
            session.refuse_frame(Refusal::CommandTooLarge { limit_bytes });
        }
        Fault::NotText => {
            session.refuse_frame(Refusal::Malformed {
                detail: "the text is not UTF-8".to_owned(),
            });
        }
        Fault::Protocol(why) => {
            tracing::debug!(why, "the other end does not speak the protocol");
        }
        Fault::Gone => {}
    }
    End::Unreadable(fault)
}

/// Writes what waits, unless the reader falls behind meanwhile. The end that was decided on comes back.
async fn write_out(wire: &Wire, mailbox: &Mailbox) -> Result<Option<Ending>, End> {
    loop {
        match mailbox.flush() {
            Flushed::All => return Ok(None),
            Flushed::End(ending) => return Ok(Some(ending)),
            Flushed::Broken => return Err(End::Left),
            // Few readers ever have to be waited for.
            Flushed::Part => Box::pin(may_write(wire, mailbox)).await?,
        }
    }
}

/// Waits until the reader takes more.
async fn may_write(wire: &Wire, mailbox: &Mailbox) -> Result<(), End> {
    let idle_max = Duration::from_millis(CONNECTION_IDLE_MAX_MS);
    tokio::select! {
        biased;
        writable = timeout(idle_max, wire.writable()) => match writable {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Left),
            Err(_) => Err(End::Silent),
        },
        ending = mailbox.cut_off() => Err(match ending {
            Ending::SignedOut => End::SignedOut,
            Ending::Resync | Ending::Restart | Ending::Over => End::FellBehind,
        }),
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
