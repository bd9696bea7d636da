//! Which of the reader's own messages and changes is sent next, and where they outlive a reload. It does not know how they
//! travel.
//!
//! One is under way at a time. A message that is refused for now would otherwise be
//! overtaken by those sent after it, and the author's order would be lost. The price is a round
//! trip for each message of a burst, which a person who types does not notice.

use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::json::{Fields, FromJson, NotRead};
use parley_shared::protocol::{ChatMessage, ClientCommand};
use parley_shared::timeline::Pending;
use serde::Serialize;
use serde_json::Value;

use crate::back_off::BackOff;

/// Whose turn it is among the messages that wait.
#[derive(Debug, Default)]
pub struct Outbox {
    /// The message that was sent and not answered.
    under_way: Option<MessageId>,
    /// Nothing is sent before this time of the page's clock.
    not_before_ms: u64,
    /// How long to wait when the server names no time.
    back_off: BackOff,
}

impl Outbox {
    /// The message to send now, if it is one's turn: the first of those that wait. It counts as under
    /// way from now on.
    pub fn next<'a>(
        &mut self,
        waiting: &[(ConversationId, &'a Pending)],
        now_ms: u64,
    ) -> Option<(ConversationId, &'a Pending)> {
        // Whatever the answer was, it shows in the message's state: it does not wait any more.
        let is_under_way = waiting.iter().any(|(_, p)| Some(p.id) == self.under_way);
        if is_under_way || now_ms < self.not_before_ms {
            return None;
        }
        let next = waiting.first().copied();
        self.under_way = next.map(|(_, pending)| pending.id);
        next
    }

    /// When [`Outbox::next`] is to be asked again, if waiting is all that is needed. `waits` says
    /// whether any message waits.
    pub fn wakes_at_ms(&self, waits: bool) -> Option<u64> {
        let waits = waits && self.under_way.is_none() && self.not_before_ms > 0;
        waits.then_some(self.not_before_ms)
    }

    /// The server took a message, or refused it for good. Its author may send it once more.
    pub fn answered(&mut self, id: MessageId) {
        self.under_way.take_if(|under_way| *under_way == id);
        self.back_off.reset();
        self.not_before_ms = 0;
    }

    /// The server could not take a message now: it stays the first, and all wait for as long as the
    /// server asked, or longer each time when it named no time.
    pub fn postpone(&mut self, retry_after_ms: Option<u64>, now_ms: u64) {
        self.under_way = None;
        let delay_ms = retry_after_ms.unwrap_or_else(|| u64::from(self.back_off.next_ms()));
        self.not_before_ms = now_ms.saturating_add(delay_ms);
    }

    /// The connection is a new one: what was under way has to be sent again.
    pub fn restart(&mut self) {
        *self = Self::default();
    }
}

/// What is said to the server of a message or a change that waits.
pub fn command(conversation: ConversationId, pending: &Pending) -> ClientCommand {
    let (id, body) = (pending.id, pending.body.clone());
    match (pending.of, &pending.body) {
        (None, _) => ClientCommand::Send {
            id,
            conversation,
            body,
        },
        (Some(message), ChatMessage::Deleted { .. }) => ClientCommand::Delete {
            id,
            conversation,
            message,
        },
        (Some(message), _) => ClientCommand::Edit {
            id,
            conversation,
            message,
            body,
        },
    }
}

/// A message of one's own, or a change of one, as it is kept until the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptMessage {
    /// Its final id.
    pub id: MessageId,
    /// Who wrote it; another person who uses the same browser does not send it.
    pub author: UserId,
    /// Where it belongs.
    pub conversation: ConversationId,
    /// The message that it changes; `None` for one that is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<MessageId>,
    /// What the message says from then on.
    pub body: ChatMessage,
    /// When it was written, by the page's clock, in milliseconds since 1970.
    pub written_ms: u64,
}

impl FromJson for KeptMessage {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            id: fields.take("id")?,
            author: fields.take("author")?,
            conversation: fields.take("conversation")?,
            of: fields.take("of")?,
            body: fields.take("body")?,
            written_ms: fields.take("written_ms")?,
        })
    }
}

/// Where messages are kept that the server does not have, so that a reload loses none; and what the server has as
/// well, so that the page can be shown before it answers.
///
/// One entry for each message and not one for all: several tabs share the place.
pub trait Shelf {
    /// Keeps a message. Whether that is done, or never will be; else `Sync::kept` tells when it is.
    fn keep(&self, message: &KeptMessage) -> bool;
    /// Forgets a message.
    fn forget(&self, id: MessageId);
    /// Forgets a message because the server has it, at this place.
    fn pass(&self, id: MessageId, conversation: ConversationId, seq: Seq);
    /// Everything that is kept, in any order.
    fn all(&self) -> Vec<KeptMessage>;
    /// Asks for the turn to send, which one tab has at a time. Whether it is here; else
    /// `Sync::turn` tells when it is.
    fn take_turn(&self) -> bool;
    /// Lets the other tabs have the turn.
    fn leave_turn(&self);
    /// Keeps a text for the next visit, or with `None` nothing under this key any more.
    fn cache(&self, key: String, text: Option<String>);
    /// Forgets all texts that were kept for the next visit; with `with_drafts`, also what was begun to be written.
    fn wipe(&self, with_drafts: bool);
    /// This is the reader. With `is_first`, what someone else began to write at an earlier visit is forgotten.
    fn belong_to(&self, reader: UserId, is_first: bool);
}
