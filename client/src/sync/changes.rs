//! What the reader changes of what stands there: other words, or none any more. It does not know how a change travels.

use leptos::prelude::*;
use parley_shared::content::check_body;
use parley_shared::ids::MessageId;
use parley_shared::limits::OUTBOX_MESSAGES_MAX;
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal};

use super::Sync;
use super::mine::words;
use crate::state::Notice;

impl Sync {
    /// The reader gives a message of their own other words. `mint` makes the id of the change out of the time when it
    /// was written. Nothing is said when the words are what they were.
    ///
    /// # Errors
    /// What is wrong with the text, or [`Refusal::Unavailable`] when too much waits already.
    pub fn edit(
        &mut self,
        message: MessageId,
        text: &str,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Result<Vec<ClientCommand>, Refusal> {
        let body = words(text);
        check_body(&body)?;
        let timeline = self.chat.timeline.read_untracked();
        let is_as_it_was = timeline.body_of(message) == Some(&body)
            && timeline
                .change_of(message)
                .is_none_or(|change| !change.state.is_failed());
        drop(timeline);
        if is_as_it_was {
            return Ok(Vec::new());
        }
        self.change(message, body, now_ms, mint)
    }

    /// The reader erases a message: their own, or another's where they keep order.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when too much waits already, or when it is not known who the reader is.
    pub fn delete(
        &mut self,
        message: MessageId,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Result<Vec<ClientCommand>, Refusal> {
        let by = self.my_id().ok_or(Refusal::Unavailable)?;
        let body = ChatMessage::Deleted { by, at_ms: now_ms };
        self.change(message, body, now_ms, mint)
    }

    fn change(
        &mut self,
        of: MessageId,
        body: ChatMessage,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Result<Vec<ClientCommand>, Refusal> {
        let (Some(me), Some(conversation)) = (self.my_id(), self.open_id()) else {
            return Err(Refusal::Unavailable);
        };
        let shown = self.chat.timeline.read_untracked().pending().len();
        if shown + self.talks.pending() >= OUTBOX_MESSAGES_MAX {
            self.write.notice.set(Some(Notice::OutboxFull));
            return Err(Refusal::Unavailable);
        }
        let written_ms = now_ms.max(self.last_written_ms + 1);
        self.last_written_ms = written_ms;
        let id = mint(written_ms);
        self.shelf_forgets_refused(of);
        self.write
            .timeline
            .update(|timeline| timeline.push_change(id, of, body, written_ms));
        self.shelve(me, conversation, |pending| pending.id == id);
        Ok(self.next_commands(now_ms))
    }

    /// What was refused of a message gives way to what is written of it now.
    fn shelf_forgets_refused(&self, message: MessageId) {
        let timeline = self.chat.timeline.read_untracked();
        let refused = timeline.pending().iter();
        for refused in refused.filter(|p| p.of == Some(message) && p.state.is_failed()) {
            self.shelf.forget(refused.id);
        }
    }
}
