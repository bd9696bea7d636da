//! A person with a client of their own: a real WebSocket, a timeline, a cookie. It does not know the server's insides.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use parley_shared::codec::encode_command;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use parley_shared::timeline::PendingState;
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message as Frame;

mod link;
mod seen;

use link::Link;
pub(crate) use link::{Door, handshake};
pub(crate) use seen::{Seen, Wanted, text_of};

use crate::journal::Journal;

/// How long a person waits for what they expect before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A person. What they saw outlives their connections.
#[derive(Debug)]
pub(crate) struct TestClient {
    pub(crate) name: String,
    door: Door,
    link: Option<Link>,
    watched: Arc<Watched>,
    journal: Journal,
}

/// What a person saw, and a bell that rings when they see more.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    seen: Mutex<Seen>,
    bell: Notify,
}

impl TestClient {
    /// Someone who has not connected yet.
    pub(crate) fn new(name: &str, address: SocketAddr, journal: Journal) -> Self {
        Self {
            name: name.to_owned(),
            door: Door::at(address),
            link: None,
            watched: Arc::default(),
            journal,
        }
    }

    /// Has this person's connections take little from the network at once, so that it is soon full.
    pub(crate) fn with_small_receive_buffer(mut self) -> Self {
        self.door.receive_buffer = Some(4 * 1024);
        self
    }

    /// Has this person come by another door, and follow another conversation than the Lobby there.
    pub(crate) fn following(mut self, door: Door, conversation: ConversationId) -> Self {
        self.door = door;
        self.watched.lock().follows = Some(conversation);
        self
    }

    /// Someone who is the same person, looks at the same conversation, and has seen nothing yet.
    pub(crate) fn anew(&self, name: &str) -> Self {
        let fresh = Self {
            name: name.to_owned(),
            door: self.door.clone(),
            link: None,
            watched: Arc::default(),
            journal: self.journal.clone(),
        };
        fresh.watched.lock().follows = self.seen().follows;
        fresh
    }

    /// Connects, catches up, and says again what was not confirmed.
    pub(crate) async fn reconnect(&mut self) {
        if let Err(error) = self.try_reconnect().await {
            panic!("{} cannot connect: {error}\n{}", self.name, self.journal);
        }
        self.wait("the welcome", |seen| seen.welcomed.then_some(()))
            .await;
        self.resend_pending().await;
        self.wait("having caught up", |seen| {
            (seen.timeline.is_loaded() && seen.timeline.missing().is_none()).then_some(())
        })
        .await;
    }

    /// Opens a connection, if the server is there.
    pub(crate) async fn try_reconnect(&mut self) -> Result<(), String> {
        self.link = None;
        self.watched.lock().begin_connection();
        let (socket, cookie) = handshake(&self.door).await?;
        if cookie.is_some() {
            self.door.cookie = cookie;
        }
        let watched = Arc::clone(&self.watched);
        self.link = Some(Link::start(
            socket,
            watched,
            self.name.clone(),
            self.journal.clone(),
        ));
        Ok(())
    }

    /// Vanishes from the network without a word, as a phone in a tunnel does.
    pub(crate) fn drop_connection(&mut self) {
        self.link = None;
        self.journal.note(&self.name, "(connection dropped)");
    }

    /// Whether there is a connection, as far as this person knows.
    pub(crate) fn is_connected(&self) -> bool {
        self.link.is_some() && self.seen().closed.is_none()
    }

    /// Stops taking anything from the network, or goes on.
    pub(crate) fn set_reading(&self, reading: bool) {
        self.link().set_reading(reading);
    }

    /// Writes a message and waits until it is accepted.
    pub(crate) async fn send(&self, text: &str) -> MessageId {
        let id = self.post(text).await;
        self.expect_accepted(id).await;
        id
    }

    /// Writes a message and does not wait.
    pub(crate) async fn post(&self, text: &str) -> MessageId {
        let id = mint();
        self.post_as(id, text).await;
        id
    }

    /// Writes a message with an id of the test's choice and does not wait.
    pub(crate) async fn post_as(&self, id: MessageId, text: &str) {
        let body = ChatMessage::Text {
            text: text.to_owned(),
        };
        let conversation = self.lobby();
        self.watched.lock().write_down(id, &body);
        self.say(&ClientCommand::Send {
            id,
            conversation,
            body,
        })
        .await;
    }

    /// Has a message say something else, or go, and does not wait.
    pub(crate) async fn change(&self, message: MessageId, text: Option<String>) {
        let wanted = Wanted {
            id: mint(),
            message,
            body: text.map(|text| ChatMessage::Text { text }),
            seq: None,
        };
        let command = wanted.command(self.lobby());
        self.watched.lock().changes.push(wanted);
        self.say(&command).await;
    }

    /// Says a command.
    pub(crate) async fn say(&self, command: &ClientCommand) {
        self.say_text(&encode_command(command)).await;
    }

    /// Says any text.
    pub(crate) async fn say_text(&self, text: &str) {
        self.link().say(Frame::text(text)).await;
    }

    /// Waits until a message is accepted, and says where it stands.
    pub(crate) async fn expect_accepted(&self, id: MessageId) -> Seq {
        let what = format!("{id:?} to be accepted");
        self.wait(&what, |seen| seen.accepted.get(&id).copied())
            .await
    }

    /// Waits until a message with this text is in the timeline.
    pub(crate) async fn expect_message(&self, text: &str) -> MessageId {
        let what = format!("the message {text:?}");
        self.wait(&what, |seen| seen.find(text)).await
    }

    /// Waits for the next refusal.
    pub(crate) async fn expect_refusal(&self) -> (Option<String>, Option<MessageId>, Refusal) {
        self.expect("a refusal", |event| match event {
            ServerEvent::Refused {
                command,
                id,
                reason,
                message,
            } => {
                assert_eq!(*message, reason.to_string(), "people are told the same");
                Some((command.clone(), *id, reason.clone()))
            }
            _ => None,
        })
        .await
    }

    /// Waits for an event that is no message, and takes it.
    pub(crate) async fn expect<T>(
        &self,
        what: &str,
        mut pick: impl FnMut(&ServerEvent) -> Option<T>,
    ) -> T {
        self.wait(what, |seen| seen.take(&mut pick)).await
    }

    /// Waits until the server has closed the connection, and says with which code and reason.
    pub(crate) async fn expect_close(&self) -> (u16, String) {
        self.wait("the connection to be closed", |seen| seen.closed.clone())
            .await
    }

    /// Waits until something can be made out of what this person saw.
    pub(crate) async fn wait<T>(&self, what: &str, look: impl FnMut(&mut Seen) -> Option<T>) -> T {
        match self.wait_at_most(PATIENCE, look).await {
            Some(found) => found,
            None => panic!("{} waited in vain for {what}\n{}", self.name, self.journal),
        }
    }

    /// The same for some time; `None` when that is over.
    pub(crate) async fn wait_at_most<T>(
        &self,
        patience: Duration,
        mut look: impl FnMut(&mut Seen) -> Option<T>,
    ) -> Option<T> {
        let waiting = async {
            loop {
                let bell = self.watched.bell.notified();
                if let Some(found) = look(&mut self.watched.lock()) {
                    return found;
                }
                bell.await;
            }
        };
        tokio::time::timeout(patience, waiting).await.ok()
    }

    /// Asks for older pages until there are none.
    pub(crate) async fn load_everything(&self) {
        loop {
            let asked = self.seen().timeline.ask_older();
            let Some(before) = asked else { return };
            let conversation = self.lobby();
            let before = Some(before);
            self.say(&ClientCommand::History {
                conversation,
                before,
            })
            .await;
            self.wait("an older page", |seen| {
                (!seen.timeline.is_loading_older()).then_some(())
            })
            .await;
        }
    }

    /// Says again, in their order, the messages that are on their way, and what is to be changed.
    pub(crate) async fn resend_pending(&self) {
        let conversation = self.lobby();
        let mut waiting: Vec<ClientCommand> = self
            .seen()
            .timeline
            .pending()
            .iter()
            .filter(|pending| !matches!(pending.state, PendingState::Failed(_)))
            .map(|pending| ClientCommand::Send {
                id: pending.id,
                conversation,
                body: pending.body.clone(),
            })
            .collect();
        let changes = self.seen().changes.clone();
        let unconfirmed = changes.iter().filter(|change| change.seq.is_none());
        waiting.extend(unconfirmed.map(|change| change.command(conversation)));
        for command in waiting {
            self.say(&command).await;
        }
    }

    /// What this person saw so far.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.watched.lock()
    }

    /// Who the server says this person is.
    pub(crate) fn id(&self) -> UserId {
        self.seen().me.as_ref().expect("they were welcomed").id
    }

    /// The conversation that everyone is in.
    pub(crate) fn lobby(&self) -> ConversationId {
        self.seen().lobby.expect("they were welcomed")
    }

    /// The texts of the timeline, in order.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.seen().texts()
    }

    /// The cookie that makes this person who they are.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.door.cookie.as_deref()
    }

    /// Makes this person whoever the cookie says.
    pub(crate) fn set_cookie(&mut self, cookie: Option<String>) {
        self.door.cookie = cookie;
    }

    fn link(&self) -> &Link {
        self.link.as_ref().expect("they are connected")
    }
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        // A test that panics while it looks is told so by its own panic.
        self.seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A fresh id, as a page mints it.
pub(crate) fn mint() -> MessageId {
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the operating system has randomness");
    MessageId::from_time_and_randomness(parley_server::clock::now_ms(), random)
}
