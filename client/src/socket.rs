//! The connection to the server: made, kept alive, made again. It knows no state and no screen.
//!
//! One task owns it for as long as the page lives. It is spoken to through one channel and tells
//! what happens through another, so that tests can put something else in its place.

use futures_channel::mpsc::{Receiver, Sender, channel};
use futures_util::future::{Either, select};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _, pin_mut};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::Stamp;
use parley_shared::limits::{
    CLIENT_PING_INTERVAL_MS, CLIENT_PONG_TIMEOUT_MS, MAILBOX_EVENTS_MAX, SENDS_IN_FLIGHT_MAX,
};
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent, close_code};

use crate::back_off::BackOff;
use crate::clock;

/// What the page tells the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketCommand {
    /// Say this to the server. Forgotten when there is no connection.
    Say(ClientCommand),
    /// The network or the reader came back: try to connect at once, or see whether the connection still lives.
    Nudge,
    /// The reader is someone else now, or nobody: end the connection and make another as who the browser is.
    Renew,
    /// Everything up to this moment is known, and need not be told again on the next connection. None is made before the
    /// first of these.
    Since(Option<Stamp>),
    /// Nobody may come in as who the browser is: try no further until [`SocketCommand::Renew`].
    Rest,
}

/// What the socket tells the page. Times are those of the page's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEvent {
    /// An attempt to connect begins.
    Trying,
    /// The connection stands.
    Opened,
    /// The server said this.
    Heard(Box<ServerEvent>),
    /// The connection is gone or could not be made; the next attempt is made at this time.
    Closed {
        /// Milliseconds since 1970.
        retry_at_ms: u64,
    },
    /// The server ended the connection because the reader is not any more who they were. No other is made
    /// until [`SocketCommand::Renew`].
    SignedOut,
}

impl SocketEvent {
    /// Whether it tells of a message and nothing else.
    pub(crate) fn is_message(&self) -> bool {
        let Self::Heard(event) = self else {
            return false;
        };
        matches!(**event, ServerEvent::MessageChanged { .. })
    }
}

/// The page's ends of the two channels.
#[derive(Debug)]
pub struct SocketEnds {
    /// To the socket.
    pub commands: Sender<SocketCommand>,
    /// From the socket.
    pub events: Receiver<SocketEvent>,
}

/// The socket's ends of the two channels; a test holds these in the socket's place.
#[derive(Debug)]
pub struct PageEnds {
    /// From the page.
    pub commands: Receiver<SocketCommand>,
    /// To the page.
    pub events: Sender<SocketEvent>,
}

/// Both ends of the two channels between the page and the socket.
pub fn channels() -> (SocketEnds, PageEnds) {
    // The page says few things at a time: one message, one question, one notice that one types.
    let (commands, page_commands) = channel(SENDS_IN_FLIGHT_MAX);
    let (page_events, events) = channel(MAILBOX_EVENTS_MAX);
    (
        SocketEnds { commands, events },
        PageEnds {
            commands: page_commands,
            events: page_events,
        },
    )
}

/// The address of the socket of the server that this page came from.
pub fn address() -> String {
    let location = web_sys::window()
        .expect("the page runs in a window")
        .location();
    let is_secure = location.protocol().is_ok_and(|scheme| scheme == "https:");
    let host = location.host().unwrap_or_default();
    format!("{}://{host}/ws", if is_secure { "wss" } else { "ws" })
}

/// Connects, and connects again, until the page is gone or the server does not serve this page any more.
pub async fn run(address: String, page: PageEnds) {
    let mut back_off = BackOff::default();
    let mut page = Page {
        ends: page,
        since: None,
    };
    if !page.knows_since().await {
        return;
    }
    loop {
        if page.ends.events.send(SocketEvent::Trying).await.is_err() {
            return;
        }
        let wait_ms = match connection(&address, &mut page).await {
            End::ForGood => return,
            End::Renewed => {
                back_off.reset();
                continue;
            }
            End::SignedOut => {
                back_off.reset();
                if page.ends.events.send(SocketEvent::SignedOut).await.is_err()
                    || !rest(&mut page).await
                {
                    return;
                }
                continue;
            }
            End::Lost {
                lived_ms,
                come_back_after_ms,
            } => {
                // A server that welcomes and drops at once is not asked as often as one that works.
                if lived_ms > u64::from(CLIENT_PONG_TIMEOUT_MS) {
                    back_off.reset();
                }
                let most_ms = back_off.next_ms();
                // "Full jitter": pages that were cut off together do not come back together.
                come_back_after_ms.unwrap_or_else(|| clock::random_up_to(most_ms).into())
            }
        };
        let closed = SocketEvent::Closed {
            retry_at_ms: clock::now_ms() + wait_ms,
        };
        if page.ends.events.send(closed).await.is_err() || !wait(wait_ms, &mut page).await {
            return;
        }
    }
}

/// The page, as the socket knows it.
struct Page {
    ends: PageEnds,
    /// Up to this moment it knows everything.
    since: Option<Stamp>,
}

impl Page {
    /// The next command but those that say what is known; `None` when the page is gone.
    async fn next(&mut self) -> Option<SocketCommand> {
        loop {
            match self.ends.commands.next().await {
                Some(SocketCommand::Since(stamp)) => self.since = stamp,
                other => return other,
            }
        }
    }

    /// Waits until the page has looked at what it kept; `false` when it is gone.
    async fn knows_since(&mut self) -> bool {
        while let Some(command) = self.ends.commands.next().await {
            if let SocketCommand::Since(stamp) = command {
                self.since = stamp;
                return true;
            }
        }
        false
    }
}

/// How a connection ended.
enum End {
    /// No other is to be made.
    ForGood,
    /// Another is to be made at once, as who the browser is now.
    Renewed,
    /// Another is to be made when the reader has signed in.
    SignedOut,
    /// Another is to be made.
    Lost {
        /// How long it had stood; zero when it never did.
        lived_ms: u64,
        /// When the server said to come back.
        come_back_after_ms: Option<u64>,
    },
}

const NEVER_STOOD: End = End::Lost {
    lived_ms: 0,
    come_back_after_ms: None,
};

/// Waits until the time is over or the page wants to try; `false` when the page is gone.
async fn wait(wait_ms: u64, page: &mut Page) -> bool {
    let wait_ms = u32::try_from(wait_ms).unwrap_or(u32::MAX);
    let mut over = TimeoutFuture::new(wait_ms.min(clock::TIMER_MAX_MS)).fuse();
    loop {
        let woken = {
            let command = page.next();
            pin_mut!(command);
            match select(&mut over, command).await {
                Either::Left(_) => None,
                Either::Right((command, _)) => Some(command),
            }
        };
        match woken {
            None | Some(Some(SocketCommand::Nudge | SocketCommand::Renew)) => return true,
            Some(Some(SocketCommand::Rest)) => return rest(page).await,
            // There is nobody to say it to. What matters is said again after the welcome.
            Some(Some(SocketCommand::Say(_) | SocketCommand::Since(_))) => {}
            Some(None) => return false,
        }
    }
}

/// Waits until the reader is someone else; `false` when the page is gone.
async fn rest(page: &mut Page) -> bool {
    while let Some(command) = page.next().await {
        if command == SocketCommand::Renew {
            return true;
        }
    }
    false
}

/// One connection, from the attempt to the end.
async fn connection(address: &str, page: &mut Page) -> End {
    let since = page.since.map(|stamp| format!("?since={stamp}"));
    let address = format!("{address}{}", since.unwrap_or_default());
    let Ok(mut socket) = WebSocket::open(&address) else {
        return NEVER_STOOD;
    };
    // It is "ready" as soon as it is known whether it is open.
    let known = std::future::poll_fn(|context| socket.poll_ready_unpin(context));
    let in_time = TimeoutFuture::new(CLIENT_PONG_TIMEOUT_MS);
    drop(select(known, in_time).await);
    if !matches!(socket.state(), State::Open) {
        return NEVER_STOOD;
    }
    // What was meant for the connection before.
    while let Ok(command) = page.ends.commands.try_recv() {
        match command {
            // The attempt was made as who the browser was before.
            SocketCommand::Renew => return End::Renewed,
            SocketCommand::Since(stamp) => page.since = stamp,
            _ => {}
        }
    }
    if page.ends.events.send(SocketEvent::Opened).await.is_err() {
        return End::ForGood;
    }
    talk(&mut socket, page).await
}

/// What woke the task that talks.
enum Woken {
    Server(Message),
    /// The connection ended, with this code where the server gave one.
    End(Option<u16>),
    Page(Option<SocketCommand>),
    Clock,
}

/// Carries commands and events until the connection ends.
async fn talk(socket: &mut WebSocket, page: &mut Page) -> End {
    let opened_ms = clock::now_ms();
    let mut come_back_after_ms = None;
    // The welcome is the first sign of life that is waited for.
    let mut pulse = Pulse::Asked;
    let mut alarm = TimeoutFuture::new(CLIENT_PONG_TIMEOUT_MS);
    loop {
        let woken = {
            let server = socket.next();
            let command = page.next();
            pin_mut!(server, command);
            match select(select(server, command), &mut alarm).await {
                Either::Left((Either::Left((message, _)), _)) => match message {
                    Some(Ok(message)) => Woken::Server(message),
                    Some(Err(WebSocketError::ConnectionClose(close))) => {
                        Woken::End(Some(close.code))
                    }
                    _ => Woken::End(None),
                },
                Either::Left((Either::Right((command, _)), _)) => Woken::Page(command),
                Either::Right(_) => Woken::Clock,
            }
        };
        let ping = match woken {
            Woken::End(Some(close_code::SIGNED_OUT)) => return End::SignedOut,
            Woken::End(_) => break,
            Woken::Server(message) => {
                if pulse == Pulse::Asked {
                    pulse = Pulse::Felt;
                    alarm = TimeoutFuture::new(CLIENT_PING_INTERVAL_MS);
                }
                let Some(event) = read(&message) else {
                    continue;
                };
                let is_last = is_last(&event);
                if let ServerEvent::GoingAway { retry_after_ms } = event {
                    come_back_after_ms = Some(retry_after_ms);
                }
                let heard = SocketEvent::Heard(Box::new(event));
                if page.ends.events.send(heard).await.is_err() || is_last {
                    return End::ForGood;
                }
                false
            }
            Woken::Page(None) => return End::ForGood,
            Woken::Page(Some(SocketCommand::Say(command))) => {
                if say(socket, &command).await.is_err() {
                    break;
                }
                false
            }
            Woken::Page(Some(SocketCommand::Renew)) => return End::Renewed,
            Woken::Page(Some(SocketCommand::Rest)) => return End::SignedOut,
            Woken::Page(Some(SocketCommand::Since(_))) => false,
            Woken::Page(Some(SocketCommand::Nudge)) => pulse == Pulse::Felt,
            Woken::Clock if pulse == Pulse::Felt => true,
            // Nothing was heard since the ping: the connection only seems to stand.
            Woken::Clock => break,
        };
        if ping {
            if say(socket, &ClientCommand::Ping).await.is_err() {
                break;
            }
            pulse = Pulse::Asked;
            alarm = TimeoutFuture::new(CLIENT_PONG_TIMEOUT_MS);
        }
    }
    End::Lost {
        lived_ms: clock::now_ms().saturating_sub(opened_ms),
        come_back_after_ms,
    }
}

/// Whether the other end is known to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pulse {
    /// Something was heard, and no ping was sent since.
    Felt,
    /// A ping was sent, or the connection is new, and nothing was heard since.
    Asked,
}

/// An event, if the message is one. A newer server may say what this page cannot read.
fn read(message: &Message) -> Option<ServerEvent> {
    match message {
        Message::Text(text) => decode_event(text).ok(),
        Message::Bytes(_) => None,
    }
}

/// Whether the server will not serve this page any more.
fn is_last(event: &ServerEvent) -> bool {
    matches!(
        event,
        ServerEvent::Refused {
            reason: Refusal::UnsupportedProtocol { .. },
            ..
        }
    )
}

async fn say(socket: &mut WebSocket, command: &ClientCommand) -> Result<(), ()> {
    let text = Message::Text(encode_command(command));
    socket.send(text).await.map_err(drop)
}
