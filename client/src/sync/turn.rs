//! When the reader's own messages may leave: once they are kept, and while this tab has the turn. It does not know where
//! they are kept, nor what they say.
//!
//! All tabs of a browser know what waits, and one at a time sends it, in the order in which it was written. Should two
//! send the same, its id makes it one message.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::protocol::ClientCommand;

use super::Sync;
use crate::outbox::{KeptMessage, Shelf};

/// Whose turn it is to send, and what is not kept yet.
#[derive(Debug, Default)]
pub(super) struct Turn {
    stands: Stands,
    /// Messages that are on their way to the disk.
    unkept: Vec<MessageId>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Nobody asked for it here.
    #[default]
    Elsewhere,
    Asked,
    Mine,
}

impl Turn {
    /// Takes the turn while something waits, and leaves it to others when nothing does.
    pub(super) fn follow(&mut self, waits: bool, shelf: &dyn Shelf) {
        match (waits, self.stands) {
            (true, Stands::Elsewhere) => {
                self.stands = match shelf.take_turn() {
                    true => Stands::Mine,
                    false => Stands::Asked,
                };
            }
            (false, Stands::Mine) => {
                self.stands = Stands::Elsewhere;
                shelf.leave_turn();
            }
            _ => {}
        }
    }

    /// Whether a message that is the first of those that wait may leave.
    pub(super) fn lets(&self, first: Option<MessageId>) -> bool {
        let is_kept = first.is_some_and(|id| !self.unkept.contains(&id));
        self.stands == Stands::Mine && is_kept
    }

    pub(super) fn wait_for(&mut self, id: MessageId) {
        self.unkept.push(id);
    }
}

impl Sync {
    /// A message is kept now.
    pub fn kept(&mut self, id: MessageId, now_ms: u64) -> Vec<ClientCommand> {
        self.turn.unkept.retain(|other| *other != id);
        self.next_commands(now_ms)
    }

    /// The turn to send has come, or was taken away.
    pub fn turn(&mut self, is_mine: bool, now_ms: u64) -> Vec<ClientCommand> {
        self.turn.stands = match is_mine {
            true => Stands::Mine,
            false => Stands::Elsewhere,
        };
        self.next_commands(now_ms)
    }

    // ---- What the other tabs tell ----

    /// Another tab keeps a message.
    pub fn told_kept(&mut self, message: KeptMessage, now_ms: u64) -> Vec<ClientCommand> {
        if self.my_id() == Some(message.author) {
            self.put_back(message);
        }
        self.next_commands(now_ms)
    }

    /// Another tab sent a message: the server has it.
    pub fn told_passed(
        &mut self,
        id: MessageId,
        conversation: ConversationId,
        seq: Seq,
        now_ms: u64,
    ) -> Vec<ClientCommand> {
        self.change_timeline(conversation, |timeline| timeline.accept_pending_at(id, seq));
        self.next_commands(now_ms)
    }

    /// Another tab gave a message up.
    pub fn told_forgotten(&mut self, id: MessageId, now_ms: u64) -> Vec<ClientCommand> {
        match self.talks.of_pending(id) {
            Some(conversation) => {
                self.change_timeline(conversation, |timeline| timeline.remove_pending(id));
            }
            None => self
                .write
                .timeline
                .update(|timeline| timeline.remove_pending(id)),
        }
        self.next_commands(now_ms)
    }
}
