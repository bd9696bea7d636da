//! A connection frame by frame, for what no proper client says. It keeps no timeline.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use parley_shared::codec::{decode_event, encode_command};
use parley_shared::ids::ConversationId;
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;

const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that was welcomed.
#[derive(Debug)]
pub(crate) struct Raw {
    socket: WebSocketStream<TcpStream>,
    pub(crate) lobby: ConversationId,
    heard: Vec<String>,
    pub(crate) welcome: ServerEvent,
}

/// A refusal as it was told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) command: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) reason: Refusal,
}

impl Raw {
    pub(crate) async fn welcomed(mut socket: WebSocketStream<TcpStream>) -> Self {
        let Some(Ok(Frame::Text(first))) = socket.next().await else {
            panic!("a connection starts with a text frame");
        };
        let welcome = decode_event(&first).expect("the server tells only events");
        let ServerEvent::Welcome { conversations, .. } = &welcome else {
            panic!("the first event is the welcome and not {first}");
        };
        Self {
            socket,
            lobby: conversations[0].id,
            heard: vec![first.to_string()],
            welcome,
        }
    }

    /// Says a text frame; `$LOBBY` in it stands for the Lobby's id.
    pub(crate) async fn say(&mut self, text: &str) {
        let text = text.replace("$LOBBY", &self.lobby.to_string());
        self.throw(Frame::text(text)).await;
    }

    /// Says any frame. Whether it arrives is for the next call to see.
    pub(crate) async fn throw(&mut self, frame: Frame) {
        self.socket.send(frame).await.ok();
    }

    /// Whether the connection still lives: a ping is answered.
    pub(crate) async fn expect_alive(&mut self) {
        self.say(&encode_command(&ClientCommand::Ping)).await;
        self.expect("a pong", |event| {
            matches!(event, ServerEvent::Pong { .. }).then_some(())
        })
        .await;
    }

    /// The next refusal.
    pub(crate) async fn expect_refusal(&mut self) -> Told {
        self.expect("a refusal", |event| match event {
            ServerEvent::Refused {
                command,
                id,
                reason,
                message,
            } => {
                assert_eq!(*message, reason.to_string(), "people are told the same");
                Some(Told {
                    command: command.clone(),
                    id: id.map(|id| id.to_string()),
                    reason: reason.clone(),
                })
            }
            _ => None,
        })
        .await
    }

    /// Waits for an event out of which something can be made.
    pub(crate) async fn expect<T>(
        &mut self,
        what: &str,
        pick: impl Fn(&ServerEvent) -> Option<T>,
    ) -> T {
        loop {
            match self.next_frame().await {
                Some(Ok(Frame::Text(text))) => {
                    self.heard.push(text.to_string());
                    let event = decode_event(&text).expect("the server tells only events");
                    if let Some(found) = pick(&event) {
                        return found;
                    }
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                other => panic!(
                    "{what} was expected, {other:?} came; before: {:#?}",
                    self.heard
                ),
            }
        }
    }

    /// The next event, whatever it is.
    pub(crate) async fn next_event(&mut self) -> ServerEvent {
        let next = std::cell::RefCell::new(None);
        let keep = |event: &ServerEvent| next.replace(Some(event.clone())).is_none().then_some(());
        self.expect("an event", keep).await;
        next.into_inner().expect("one was kept")
    }

    /// Waits until the server closes, and says with which code and reason.
    pub(crate) async fn expect_close(&mut self) -> (u16, String) {
        loop {
            match self.next_frame().await {
                Some(Ok(Frame::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Frame::Text(text))) => self.heard.push(text.to_string()),
                Some(Ok(_)) => {}
                other => panic!(
                    "a closing frame was expected, {other:?} came; before: {:#?}",
                    self.heard
                ),
            }
        }
    }

    async fn next_frame(&mut self) -> Option<Result<Frame, tokio_tungstenite::tungstenite::Error>> {
        match tokio::time::timeout(PATIENCE, self.socket.next()).await {
            Ok(frame) => frame,
            Err(_) => panic!("nothing came; before: {:#?}", self.heard),
        }
    }
}
