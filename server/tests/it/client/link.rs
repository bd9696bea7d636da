//! One connection of a person: the handshake, and a task that reads and writes. It does not know what is said.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use parley_shared::codec::{decode_event, encode_command};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::{Error, Message as Frame};

use super::Watched;
use crate::journal::Journal;

/// Frames that a test may have on their way to the socket before it waits.
const OUT_MAX: usize = 64;

pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Where and as whom to connect.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) cookie: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) receive_buffer: Option<u32>,
    /// What stands after the question mark of the address, with it.
    pub(crate) query: String,
}

impl Door {
    /// The door of a server, for someone whom it does not know.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self {
            address,
            cookie: None,
            origin: None,
            token: None,
            receive_buffer: None,
            query: String::new(),
        }
    }
}

/// Opens a WebSocket. Gives it with the cookie that the server set, as `name=value`.
///
/// # Errors
/// What the server or the network said instead; a refusal as `HTTP 403` and the like.
pub(crate) async fn handshake(door: &Door) -> Result<(Socket, Option<String>), String> {
    let socket = TcpSocket::new_v4().map_err(|error| error.to_string())?;
    if let Some(bytes) = door.receive_buffer {
        socket
            .set_recv_buffer_size(bytes)
            .map_err(|error| error.to_string())?;
    }
    let stream = socket
        .connect(door.address)
        .await
        .map_err(|error| error.to_string())?;
    stream
        .set_nodelay(true)
        .map_err(|error| error.to_string())?;
    let mut request = format!("ws://{}/ws{}", door.address, door.query)
        .into_client_request()
        .expect("the address makes a URL");
    let bearer = door.token.as_ref().map(|token| format!("Bearer {token}"));
    let named = [
        (header::COOKIE, &door.cookie),
        (header::ORIGIN, &door.origin),
        (header::AUTHORIZATION, &bearer),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            let value = HeaderValue::from_str(value).expect("tests write ASCII here");
            request.headers_mut().insert(name, value);
        }
    }
    let (socket, response) = tokio_tungstenite::client_async(request, stream)
        .await
        .map_err(|error| match error {
            Error::Http(response) => format!("HTTP {}", response.status().as_u16()),
            other => other.to_string(),
        })?;
    let cookie = response
        .headers()
        .get(header::SET_COOKIE)
        .and_then(|cookie| cookie.to_str().ok()?.split(';').next())
        .map(str::to_owned);
    Ok((socket, cookie))
}

/// An open connection. Dropping it ends it without a word.
#[derive(Debug)]
pub(super) struct Link {
    out: mpsc::Sender<Frame>,
    reading: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Link {
    pub(super) fn start(
        socket: Socket,
        watched: Arc<Watched>,
        name: String,
        journal: Journal,
    ) -> Self {
        let (out, frames) = mpsc::channel(OUT_MAX);
        let (reading, may_read) = watch::channel(true);
        let (sink, stream) = socket.split();
        let connection = watched.lock().connection;
        let reader = Reader {
            stream,
            connection,
            watched,
            name,
            journal,
            answers: out.clone(),
        };
        let task = tokio::spawn(async move {
            // What cannot be written any more may have a reason that is still to be read.
            let writing = async {
                write(sink, frames).await;
                std::future::pending().await
            };
            tokio::select! {
                () = reader.read(may_read) => {}
                () = writing => {}
            }
        });
        Self { out, reading, task }
    }

    /// Says a frame; on a connection that has ended, to nobody.
    pub(super) async fn say(&self, frame: Frame) {
        self.out.send(frame).await.ok();
    }

    pub(super) fn set_reading(&self, reading: bool) {
        self.reading.send_replace(reading);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn write(mut sink: SplitSink<Socket, Frame>, mut frames: mpsc::Receiver<Frame>) {
    while let Some(frame) = frames.recv().await {
        if sink.send(frame).await.is_err() {
            return;
        }
    }
}

struct Reader {
    stream: SplitStream<Socket>,
    /// Which of the person's connections this is.
    connection: u32,
    watched: Arc<Watched>,
    name: String,
    journal: Journal,
    answers: mpsc::Sender<Frame>,
}

impl Reader {
    async fn read(mut self, mut may_read: watch::Receiver<bool>) {
        let closed = loop {
            if may_read.wait_for(|reading| *reading).await.is_err() {
                return;
            }
            let frame = tokio::select! {
                biased;
                changed = may_read.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                frame = self.stream.next() => frame,
            };
            match frame {
                Some(Ok(Frame::Text(text))) => self.hear(&text).await,
                Some(Ok(Frame::Close(Some(frame)))) => {
                    break (u16::from(frame.code), frame.reason.to_string());
                }
                Some(Ok(Frame::Close(None))) => break (1005, String::new()),
                Some(Ok(_)) => {}
                Some(Err(error)) => break (1006, error.to_string()),
                None => break (1006, "ended".to_owned()),
            }
        };
        // The answer to the closing frame is written while what follows it is awaited: the end.
        while let Some(Ok(_)) = self.stream.next().await {}
        let note = format!("(closed: {} {})", closed.0, closed.1);
        self.journal.note(&self.name, &note);
        self.watched.lock().end_connection(self.connection, closed);
        self.watched.bell.notify_waiters();
    }

    async fn hear(&self, text: &str) {
        self.journal.note(&self.name, text);
        let event = decode_event(text).expect("the server tells only events");
        let answer = self.watched.lock().hear(self.connection, event);
        self.watched.bell.notify_waiters();
        if let Some(command) = answer {
            let frame = Frame::text(encode_command(&command));
            self.answers.send(frame).await.ok();
        }
    }
}
