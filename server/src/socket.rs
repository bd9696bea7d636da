//! A WebSocket: its upgrade, its frames, its end. It knows the wire and no command.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::SinkExt as _;
use parley_shared::ids::UserId;
use parley_shared::limits::{
    CLOSE_TIMEOUT_MS, CONNECTION_IDLE_MAX_MS, FRAME_BYTES_MAX, RETURN_SPREAD_MS,
    SERVER_PING_INTERVAL_MS,
};
use parley_shared::protocol::{RESYNC, Refusal, ServerEvent, close_code};
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

use crate::accept::Peer;
use crate::app::App;
use crate::hub::Frame;
use crate::hub::mailbox::{Delivery, Ending, Mailbox};
use crate::session::{Session, Verdict};

mod origin;

/// Bytes that are read from a connection at once. The library allots them for each connection.
const READ_BUFFER_BYTES: usize = 2 * 1024;
/// Bytes that are gathered before they are written without being asked to.
const WRITE_BUFFER_BYTES: usize = 8 * 1024;

/// Turns a request into a WebSocket, for a guest who is known or new.
pub async fn upgrade(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !origin::is_allowed(&headers, &app.config().allowed_origins) {
        tracing::info!(peer = %peer.address, "a page of another origin was turned away");
        let why = "This page's origin may not connect. The operator can allow it with --allowed-origin.\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let known = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .find_map(|cookies| app.guests().recognise(cookies));
    let guest = match known.map_or_else(|| app.guests().mint(), Ok) {
        Ok(guest) => guest,
        Err(error) => {
            tracing::error!(%error, "no guest could be minted");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let cookie = app.guests().set_cookie(guest, origin::is_secure(&headers));
    let alive = app.connections().token();
    let mut response = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_frame_size(FRAME_BYTES_MAX)
        .max_message_size(FRAME_BYTES_MAX)
        .on_upgrade(move |socket| async move {
            let span = tracing::info_span!("connection", peer = %peer.address, person.id = %guest);
            serve(socket, app, guest).instrument(span).await;
            // The connection's place and its part in shutting down last as long as the task.
            drop((peer, alive));
        });
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn serve(mut socket: WebSocket, app: App, guest: UserId) {
    let since = Instant::now();
    tracing::info!("opened");
    let end = match Session::open(app, guest).await {
        Ok((session, welcome)) => Box::pin(converse(&mut socket, session, welcome)).await,
        Err(_) => End::Failed,
    };
    if let Some(frame) = end.close_frame() {
        let closing = socket.send(Message::Close(Some(frame)));
        // A reader that takes nothing does not get to keep us.
        timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), closing)
            .await
            .ok();
    }
    tracing::info!(seconds = since.elapsed().as_secs(), reason = ?end, "closed");
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
            Self::Failed => (close_code::TRY_AGAIN, "unavailable"),
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }
}

/// Writes what the mailbox has and hears what the other end says, until one of them ends.
async fn converse(socket: &mut WebSocket, mut session: Session, welcome: Frame) -> End {
    let mailbox = std::sync::Arc::clone(session.mailbox());
    let mut frames = vec![welcome];
    if let Err(end) = write(socket, &mailbox, &mut frames).await {
        return end;
    }
    let ping_interval = Duration::from_millis(SERVER_PING_INTERVAL_MS);
    let mut heard_at = Instant::now();
    let ping = tokio::time::sleep(ping_interval);
    tokio::pin!(ping);
    loop {
        match mailbox.try_take(&mut frames) {
            Some(Delivery::Frames) => {
                if let Err(end) = write(socket, &mailbox, &mut frames).await {
                    return end;
                }
            }
            Some(Delivery::End(Ending::Resync)) => return End::FellBehind,
            Some(Delivery::End(Ending::Restart)) => return go_away(socket, &mailbox).await,
            None => {}
        }
        tokio::select! {
            () = mailbox.changed() => {}
            heard = socket.recv(), if session.may_hear() => {
                heard_at = Instant::now();
                if let Some(end) = hear(&mut session, heard).await {
                    // What was refused last is told before the connection ends.
                    if mailbox.try_take(&mut frames) == Some(Delivery::Frames) {
                        write(socket, &mailbox, &mut frames).await.ok();
                    }
                    return end;
                }
            }
            () = &mut ping => {
                if heard_at.elapsed() > Duration::from_millis(CONNECTION_IDLE_MAX_MS) {
                    return End::Silent;
                }
                if socket.send(Message::Ping(axum::body::Bytes::new())).await.is_err() {
                    return End::Left;
                }
                ping.as_mut().reset(Instant::now() + ping_interval);
            }
        }
    }
}

/// Hears one frame. `Some` when the connection ends with it.
async fn hear(session: &mut Session, heard: Option<Result<Message, axum::Error>>) -> Option<End> {
    let verdict = match heard {
        Some(Ok(Message::Text(text))) => session.hear(&text).await,
        Some(Ok(Message::Binary(_))) => session.refuse_frame(Refusal::Malformed {
            detail: "commands are text frames, and this one is binary".to_owned(),
        }),
        // The library answers pings by itself.
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Verdict::Continue,
        Some(Ok(Message::Close(_))) | None => return Some(End::Left),
        Some(Err(error)) => return Some(broken(session, error)),
    };
    (verdict == Verdict::Close).then_some(End::Unruly)
}

fn broken(session: &mut Session, error: axum::Error) -> End {
    use tungstenite::Error;
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => {
            let limit_bytes = FRAME_BYTES_MAX as u64;
            session.refuse_frame(Refusal::CommandTooLarge { limit_bytes });
            End::TooLarge
        }
        Some(Error::Utf8(_)) => {
            session.refuse_frame(Refusal::Malformed {
                detail: "the text is not UTF-8".to_owned(),
            });
            End::Broken
        }
        Some(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => {
            End::Left
        }
        Some(Error::Protocol(error)) => {
            tracing::debug!(%error, "the other end does not speak the protocol");
            End::Broken
        }
        _ => End::Left,
    }
}

/// Writes frames in one go, unless the reader falls behind meanwhile.
async fn write(
    socket: &mut WebSocket,
    mailbox: &Mailbox,
    frames: &mut Vec<Frame>,
) -> Result<(), End> {
    let writing = async {
        for frame in frames.drain(..) {
            let Ok(text) = Utf8Bytes::try_from(frame.into_bytes()) else {
                continue; // A frame is encoded from a String, so this cannot be.
            };
            socket.feed(Message::Text(text)).await?;
        }
        socket.flush().await
    };
    let idle_max = Duration::from_millis(CONNECTION_IDLE_MAX_MS);
    tokio::select! {
        biased;
        written = timeout(idle_max, writing) => match written {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(End::Left),
            Err(_) => return Err(End::Silent),
        },
        () = mailbox.fell_behind() => return Err(End::FellBehind),
    }
    // A burst must not leave its room behind on each of thousands of connections.
    if frames.capacity() > 64 {
        *frames = Vec::new();
    }
    Ok(())
}

/// Tells the other end that we stop and when to come back: each at another moment.
async fn go_away(socket: &mut WebSocket, mailbox: &Mailbox) -> End {
    let spread = getrandom::u64().unwrap_or(0) % RETURN_SPREAD_MS;
    let event = ServerEvent::GoingAway {
        retry_after_ms: RETURN_SPREAD_MS / 2 + spread,
    };
    write(socket, mailbox, &mut vec![Frame::new(&event)])
        .await
        .err()
        .unwrap_or(End::Restart)
}
