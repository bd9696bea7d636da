//! People with an account who are connected, on a server where they may write to each other. They say and
//! hear frame by frame.

use std::sync::atomic::{AtomicBool, Ordering};

use parley_shared::codec::encode_command;
use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::model::{Conversation, Message};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use serde_json::{Value, json};

use crate::accounts::open_app;
use crate::browser::{Browser, Reply};
use crate::client::mint;
use crate::raw::Raw;
use crate::scene::TestApp;

/// Someone with an account and one connection.
pub(crate) struct Talker {
    pub(crate) browser: Browser,
    pub(crate) line: Raw,
    pub(crate) id: UserId,
}

/// A server where everyone with an account may write to everyone, with its owner.
pub(crate) async fn team() -> (TestApp, Browser) {
    let (app, mut owner) = open_app().await;
    set_contact(&mut owner, "team").await;
    (app, owner)
}

/// Says who may write to whom from now on.
pub(crate) async fn set_contact(owner: &mut Browser, contact: &str) {
    let policy = json!({"registration": "open", "guests": true, "contact": contact});
    owner.put("/server/policy", policy).await.ok();
}

/// Runs SQL on the server's data, for what no door leads to.
pub(crate) fn change_data(app: &TestApp, sql: &str, values: &[&dyn rusqlite::ToSql]) {
    let data = rusqlite::Connection::open(app.data_dir().join("parley.sqlite")).unwrap();
    data.busy_timeout(std::time::Duration::from_secs(10))
        .unwrap();
    data.execute(sql, values).unwrap();
}

/// Has one person stand to another like this, as that one has it.
pub(crate) fn relate(app: &TestApp, one: UserId, other: UserId, state: &str, blocked: bool) {
    change_data(
        app,
        "INSERT INTO relations (person_id, other_id, state, since_ms, blocked_ms)
         VALUES (?1, ?2, ?3, 1, ?4)",
        &[
            one.as_bytes(),
            other.as_bytes(),
            &state,
            &blocked.then_some(1_i64),
        ],
    );
}

impl Talker {
    pub(crate) async fn new(app: &TestApp, name: &str) -> Self {
        let mut browser = Browser::registered(app, name).await;
        let me = browser.get("/me").await.ok();
        let id = me["person"]["id"].as_str().unwrap().parse().unwrap();
        let line = browser.connect().await.unwrap();
        Self { browser, line, id }
    }

    /// One more connection of the same person.
    pub(crate) async fn device(&self) -> Raw {
        self.browser.connect().await.unwrap()
    }

    /// Connects anew.
    pub(crate) async fn reconnect(&mut self) {
        self.line = self.device().await;
    }

    /// Asks for the talk with someone.
    pub(crate) async fn ask_direct(&mut self, with: UserId) -> Reply {
        self.browser
            .put(&format!("/direct/{with}"), json!({}))
            .await
    }

    /// Opens the talk with someone.
    pub(crate) async fn direct(&mut self, with: UserId) -> ConversationId {
        id_in(&self.ask_direct(with).await.ok())
    }

    /// Says a text somewhere and waits until it is accepted.
    pub(crate) async fn write(&mut self, conversation: ConversationId, text: &str) -> Seq {
        let id = mint();
        self.line.say_command(&send(id, conversation, text)).await;
        let accepted = self.line.expect("to be accepted", |event| match event {
            ServerEvent::Accepted { id: about, seq, .. } => (*about == id).then_some(*seq),
            ServerEvent::Refused { reason, .. } => panic!("refused: {reason}"),
            _ => None,
        });
        accepted.await
    }
}

/// The command to write a text.
pub(crate) fn send(
    id: parley_shared::ids::MessageId,
    conversation: ConversationId,
    text: &str,
) -> ClientCommand {
    ClientCommand::Send {
        id,
        conversation,
        body: ChatMessage::Text {
            text: text.to_owned(),
        },
    }
}

/// The id of a conversation that was answered.
pub(crate) fn id_in(conversation: &Value) -> ConversationId {
    conversation["id"].as_str().unwrap().parse().unwrap()
}

impl Raw {
    pub(crate) async fn say_command(&mut self, command: &ClientCommand) {
        self.say(&encode_command(command)).await;
    }

    /// Says a command that is refused, and with what.
    pub(crate) async fn refused(&mut self, command: &ClientCommand) -> Refusal {
        self.say_command(command).await;
        self.expect_refusal().await.reason
    }

    /// The next message of a conversation.
    pub(crate) async fn expect_message(&mut self, conversation: ConversationId) -> Message {
        self.expect("a message", |event| match event {
            ServerEvent::MessageChanged { message, .. } => {
                (message.conversation == conversation).then(|| message.clone())
            }
            _ => None,
        })
        .await
    }

    /// What a conversation is, when that is told next.
    pub(crate) async fn expect_conversation(&mut self, id: ConversationId) -> Conversation {
        self.expect("a conversation", |event| match event {
            ServerEvent::ConversationChanged { conversation, .. } => {
                (conversation.id == id).then(|| conversation.clone())
            }
            _ => None,
        })
        .await
    }

    /// Asks what a conversation is.
    pub(crate) async fn ask_conversation(&mut self, conversation: ConversationId) -> Conversation {
        self.say_command(&ClientCommand::Conversation { conversation })
            .await;
        self.expect_conversation(conversation).await
    }

    /// Asserts that of all that was told until now nothing is as `is_wrong` says.
    pub(crate) async fn expect_nothing(&mut self, is_wrong: impl Fn(&ServerEvent) -> bool) {
        self.say_command(&ClientCommand::Ping).await;
        let wrong = AtomicBool::new(false);
        self.expect("a pong", |event| {
            wrong.fetch_or(is_wrong(event), Ordering::Relaxed);
            matches!(event, ServerEvent::Pong { .. }).then_some(())
        })
        .await;
        assert!(!wrong.into_inner(), "heard: {self:?}");
    }

    /// The same of anything about a conversation.
    pub(crate) async fn expect_nothing_of(&mut self, id: ConversationId) {
        self.expect_nothing(|event| is_about(event, id)).await;
    }
}

/// Whether an event is about a conversation.
pub(crate) fn is_about(event: &ServerEvent, id: ConversationId) -> bool {
    match event {
        ServerEvent::MessageChanged { message, .. } => message.conversation == id,
        ServerEvent::ConversationChanged { conversation, .. } => conversation.id == id,
        ServerEvent::ConversationLeft { conversation }
        | ServerEvent::GroupChanged { conversation, .. }
        | ServerEvent::ReadChanged { conversation, .. }
        | ServerEvent::PresenceChanged { conversation, .. }
        | ServerEvent::TypingChanged { conversation, .. }
        | ServerEvent::Accepted { conversation, .. } => *conversation == id,
        _ => false,
    }
}

/// Everything that someone can say about a conversation.
pub(crate) fn all_about(conversation: ConversationId) -> Vec<ClientCommand> {
    vec![
        send(mint(), conversation, "let me in"),
        ClientCommand::History {
            conversation,
            before: None,
        },
        ClientCommand::Changes {
            conversation,
            since: Seq::ZERO,
        },
        ClientCommand::Conversation { conversation },
        ClientCommand::Open { conversation },
        ClientCommand::Read {
            conversation,
            through: Seq(1),
        },
        ClientCommand::Typing { conversation },
        ClientCommand::MarkUnread {
            conversation,
            from: Seq(1),
        },
    ]
}
