//! What one wrote and the others do not see yet: new messages, and changes of those that are there. It does not know how
//! any of it is sent.

use super::Timeline;
use crate::ids::{MessageId, Seq, UserId};
use crate::protocol::{ChatMessage, Refusal};

/// A message, or a change of one, that its author sees and the others do not yet, or not for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its final id: a message's, or that of a change.
    pub id: MessageId,
    /// The message that it changes; `None` for one that is new.
    pub of: Option<MessageId>,
    /// What the message says from then on; of one that is erased, [`ChatMessage::Deleted`].
    pub body: ChatMessage,
    /// When it was written, by its author's clock, in milliseconds since 1970.
    pub written_ms: u64,
    /// How far it has come.
    pub state: PendingState,
}

impl Pending {
    /// Whether it should have erased a message, and the server refused.
    fn is_erasing_in_vain(&self) -> bool {
        self.state.is_failed() && matches!(self.body, ChatMessage::Deleted { .. })
    }
}

/// What a message says with the newest change of it. Words that were refused count as well: they are their author's to send
/// again or to give up. What is erased stays erased, and what could not be erased stays.
pub fn changed<'a>(body: &'a ChatMessage, change: Option<&'a Pending>) -> &'a ChatMessage {
    match (body, change) {
        (ChatMessage::Text { .. }, Some(change)) if !change.is_erasing_in_vain() => &change.body,
        _ => body,
    }
}

/// How far a message of one's own has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingState {
    /// It waits for a connection, or for the server's answer.
    Waiting,
    /// The server has it on disk; the event that gives it its place is on its way.
    Stored,
    /// The server refused it. It stays until its author sends it again or gives it up.
    Failed(Refusal),
}

impl PendingState {
    /// Whether the server refused it.
    pub const fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl Timeline {
    /// One's own messages and changes that are not confirmed, in the order they were written.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Adds a message of one's own, which is on its way from now on.
    pub fn push_pending(&mut self, id: MessageId, body: ChatMessage, written_ms: u64) {
        if !self.places.contains_key(&id) {
            self.push(id, None, body, written_ms);
        }
    }

    /// Adds a change of a message, which is on its way from now on and says what the message says then.
    ///
    /// A change of it that was refused has had its time: this one is in its place. One that is here already stays as it is.
    pub fn push_change(
        &mut self,
        id: MessageId,
        of: MessageId,
        body: ChatMessage,
        written_ms: u64,
    ) {
        let is_in_place = |pending: &Pending| {
            pending.of == Some(of) && pending.id != id && pending.state.is_failed()
        };
        self.pending.retain(|pending| !is_in_place(pending));
        self.push(id, Some(of), body, written_ms);
    }

    fn push(&mut self, id: MessageId, of: Option<MessageId>, body: ChatMessage, written_ms: u64) {
        if self.pending.iter().any(|pending| pending.id == id) {
            return;
        }
        self.pending.push(Pending {
            id,
            of,
            body,
            written_ms,
            state: PendingState::Waiting,
        });
    }

    /// The newest change of a message that is on its way, or that the server refused.
    pub fn change_of(&self, message: MessageId) -> Option<&Pending> {
        let mut pending = self.pending.iter().rev();
        pending.find(|pending| pending.of == Some(message))
    }

    /// What a message says, as whoever reads here has written it last. See [`changed`].
    pub fn body_of(&self, message: MessageId) -> Option<&ChatMessage> {
        let confirmed = self.message(message).map(|message| &message.body);
        let is_new = |pending: &&Pending| pending.id == message && pending.of.is_none();
        let written = self.pending.iter().find(is_new).map(|new| &new.body);
        let body = confirmed.or(written)?;
        Some(changed(body, self.change_of(message)))
    }

    /// The newest message of the reader that they can still change: words that were neither refused nor erased.
    pub fn newest_words_of(&self, reader: UserId) -> Option<MessageId> {
        let pending = self.pending.iter().rev();
        let on_its_way = pending.filter(|one| one.of.is_none() && !one.state.is_failed());
        let confirmed = self.messages.values().rev().filter(|m| m.author == reader);
        on_its_way
            .map(|pending| pending.id)
            .chain(confirmed.map(|message| message.id))
            .find(|id| matches!(self.body_of(*id), Some(ChatMessage::Text { .. })))
    }

    /// Takes note that the server has a message on disk, and at which place.
    ///
    /// It is pending until everything up to there is known. For a message that was sent again that
    /// may be so already, and no event is to come: it stands in the window, or before it.
    pub fn accept_pending_at(&mut self, id: MessageId, seq: Seq) {
        if self.through.is_some_and(|through| seq <= through) {
            self.remove_pending(id);
            return;
        }
        self.stored.retain(|(other, _)| *other != seq);
        self.stored.push((seq, id));
        self.set_pending(id, PendingState::Stored);
    }

    /// Takes note that the server will not take a message as it is.
    pub fn refuse_pending(&mut self, id: MessageId, reason: Refusal) {
        self.set_pending(id, PendingState::Failed(reason));
    }

    /// Puts a message that failed back on its way.
    pub fn retry_pending(&mut self, id: MessageId) {
        self.set_pending(id, PendingState::Waiting);
    }

    /// Gives up a message of one's own that is not confirmed.
    pub fn remove_pending(&mut self, id: MessageId) {
        self.pending.retain(|pending| pending.id != id);
    }

    fn set_pending(&mut self, id: MessageId, state: PendingState) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.id == id) {
            pending.state = state;
        }
    }
}
