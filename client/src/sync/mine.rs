//! What the reader writes and does. It does not know what others do.

use leptos::prelude::*;
use parley_shared::content::{check_body, check_name};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::{OUTBOX_MESSAGES_MAX, TYPING_NOTICE_INTERVAL_MS, UNSENT_KEPT_MS};
use parley_shared::model::Message;
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal};
use parley_shared::timeline::{Pending, PendingState};

use super::Sync;
use crate::order;
use crate::outbox::KeptMessage;
use crate::state::{Link, Notice, Unread};

impl Sync {
    /// The reader writes a message. `mint` makes its id out of the time when it was written.
    ///
    /// # Errors
    /// What is wrong with the text, or [`Refusal::Unavailable`] when too many messages wait already.
    pub fn send(
        &mut self,
        text: &str,
        now_ms: u64,
        mint: impl FnOnce(u64) -> MessageId,
    ) -> Result<Vec<ClientCommand>, Refusal> {
        let body = words(text);
        check_body(&body)?;
        if self.open_id().is_none() && self.wanted.is_some() {
            // Where it would go is not known to be there.
            return Err(Refusal::Unavailable);
        }
        let shown = self.chat.timeline.read_untracked().pending().len();
        if shown + self.talks.pending() >= OUTBOX_MESSAGES_MAX {
            self.write.notice.set(Some(Notice::OutboxFull));
            return Err(Refusal::Unavailable);
        }
        let written_ms = now_ms.max(self.last_written_ms + 1);
        self.last_written_ms = written_ms;
        let id = mint(written_ms);
        self.write
            .timeline
            .update(|timeline| timeline.push_pending(id, body, written_ms));
        if let (Some(me), Some(conversation)) = (self.my_id(), self.open_id()) {
            self.shelve(me, conversation, |pending| pending.id == id);
        }
        self.typing_told_ms = None;
        self.set_unread(Unread {
            divider: None,
            ..self.chat.unread.get_untracked()
        });
        Ok(self.next_commands(now_ms))
    }

    /// The reader sends a message again that failed.
    pub fn retry(&mut self, id: MessageId, now_ms: u64) -> Vec<ClientCommand> {
        self.write
            .timeline
            .update(|timeline| timeline.retry_pending(id));
        self.next_commands(now_ms)
    }

    /// The reader gives up a message of their own, and with it what they changed of it since.
    pub fn discard(&mut self, id: MessageId, now_ms: u64) -> Vec<ClientCommand> {
        let timeline = self.chat.timeline.read_untracked();
        let pending = timeline.pending().iter();
        let given_up: Vec<MessageId> = pending
            .filter(|pending| pending.id == id || pending.of == Some(id))
            .map(|pending| pending.id)
            .collect();
        drop(timeline);
        for id in given_up {
            self.shelf.forget(id);
            self.write
                .timeline
                .update(|timeline| timeline.remove_pending(id));
        }
        self.next_commands(now_ms)
    }

    /// The reader came near the oldest message of the window.
    pub fn load_older(&mut self) -> Vec<ClientCommand> {
        let Some(conversation) = self.open_id().filter(|_| self.is_live) else {
            return Vec::new();
        };
        let timeline = self.chat.timeline.read_untracked();
        let can_ask = timeline.has_more() && !timeline.is_loading_older();
        drop(timeline);
        if !can_ask {
            return Vec::new();
        }
        let before = self
            .write
            .timeline
            .try_update(|timeline| timeline.ask_older())
            .flatten();
        before
            .map(|before| ClientCommand::History {
                conversation,
                before: Some(before),
            })
            .into_iter()
            .collect()
    }

    /// The reader chooses another name.
    ///
    /// # Errors
    /// What is wrong with the name, or [`Refusal::Unavailable`] while there is no connection.
    pub fn rename(&mut self, name: &str) -> Result<Vec<ClientCommand>, Refusal> {
        let name = check_name(name)?.to_owned();
        if !self.is_live {
            return Err(Refusal::Unavailable);
        }
        self.new_name = Some(name.clone());
        Ok(vec![ClientCommand::Rename { name }])
    }

    /// The reader typed something.
    pub fn typing(&mut self, now_ms: u64) -> Vec<ClientCommand> {
        let Some(conversation) = self.open_id().filter(|_| self.is_live) else {
            return Vec::new();
        };
        let interval_ms = u64::from(TYPING_NOTICE_INTERVAL_MS);
        // A clock that was set back does not silence the notices until it has caught up.
        let told_lately = self
            .typing_told_ms
            .is_some_and(|told_ms| now_ms.abs_diff(told_ms) < interval_ms);
        if told_lately {
            return Vec::new();
        }
        self.typing_told_ms = Some(now_ms);
        vec![ClientCommand::Typing { conversation }]
    }

    /// The reader has seen the notice.
    pub fn dismiss_notice(&mut self) {
        self.write.notice.set(None);
    }

    /// The server has a message on disk.
    pub(super) fn accepted(&mut self, conversation: ConversationId, id: MessageId, seq: Seq) {
        self.outbox.answered(id);
        self.shelf.pass(id, conversation, seq);
        self.change_timeline(conversation, |timeline| timeline.accept_pending_at(id, seq));
    }

    /// The server did not do something.
    pub(super) fn refused(
        &mut self,
        command: Option<&str>,
        id: Option<MessageId>,
        reason: Refusal,
        now_ms: u64,
    ) {
        if let Refusal::UnsupportedProtocol { .. } = reason {
            self.is_live = false;
            self.write.link.set(Link::Outdated);
            return;
        }
        match (id, command) {
            (Some(_), _) if passes(&reason) => {
                self.outbox.postpone(retry_after_ms(&reason), now_ms);
            }
            (Some(id), _) => {
                self.outbox.answered(id);
                self.refuse(id, reason);
            }
            (None, Some("history" | "changes")) => {
                // The reader can scroll again for an older page; the rest is asked again here.
                self.write
                    .timeline
                    .update(|timeline| timeline.cancel_older());
                for talk in self.talks.each() {
                    talk.timeline.cancel_older();
                    talk.questions.refused(retry_after_ms(&reason), now_ms);
                }
                if !passes(&reason) {
                    self.write.notice.set(Some(Notice::Refused(reason)));
                }
            }
            (None, Some("conversation" | "conversations")) => {
                if passes(&reason) {
                    self.pages.postpone(retry_after_ms(&reason), now_ms);
                } else if let Some(conversation) = self.pages.refused() {
                    self.left(conversation);
                }
            }
            // Nobody waits for these; the next one says the same.
            (None, Some("hello" | "ping" | "typing" | "people" | "open" | "watch" | "entries")) => {
            }
            (None, Some("read" | "delivered")) => self.doubt_marks(),
            (None, _) => {
                self.doubt_marks();
                self.new_name = None;
                self.write.notice.set(Some(Notice::Refused(reason)));
            }
        }
    }

    /// A message is not taken as it is. It stays where its author sees it, and goes where nobody can.
    fn refuse(&mut self, id: MessageId, reason: Refusal) {
        let Some(conversation) = self.talks.of_pending(id) else {
            self.write
                .timeline
                .update(|timeline| timeline.refuse_pending(id, reason));
            return;
        };
        let list = self.chat.list.read_untracked();
        let is_seen = list.get(conversation).is_some();
        drop(list);
        if is_seen || reason != Refusal::UnknownConversation {
            self.change_timeline(conversation, |timeline| timeline.refuse_pending(id, reason));
        } else {
            self.shelf.forget(id);
            self.change_timeline(conversation, |timeline| timeline.remove_pending(id));
        }
    }

    /// Brings back what waited when the page was closed, and keeps what was written before the welcome.
    pub(super) fn unshelve(&mut self, me: UserId, now_ms: u64) {
        let mut kept = self.shelf.all();
        order::put(&mut kept, |one, other| {
            (one.written_ms, one.id) < (other.written_ms, other.id)
        });
        for message in kept {
            if message.author == me {
                self.put_back(message);
            } else if now_ms.abs_diff(message.written_ms) > UNSENT_KEPT_MS {
                // Whoever was signed out may sign in again and send it; a guest does not come back.
                self.shelf.forget(message.id);
            }
        }
        if let Some(conversation) = self.open_id() {
            let waits = |pending: &Pending| pending.state == PendingState::Waiting;
            self.shelve(me, conversation, waits);
        }
    }

    /// Puts a message that is kept back among those that wait.
    pub(super) fn put_back(&mut self, message: KeptMessage) {
        // The next one that is written here is later, whichever tab this one was written in.
        self.last_written_ms = self.last_written_ms.max(message.written_ms);
        self.talks.keep(message.conversation);
        self.change_timeline(message.conversation, |timeline| {
            let (id, body) = (message.id, message.body);
            match message.of {
                None => timeline.push_pending(id, body, message.written_ms),
                Some(of) => timeline.push_change(id, of, body, message.written_ms),
            }
        });
    }

    /// Keeps messages, so that they are sent when the page is closed too early.
    pub(super) fn shelve(
        &mut self,
        author: UserId,
        conversation: ConversationId,
        which: impl Fn(&Pending) -> bool,
    ) {
        let timeline = self.chat.timeline.read_untracked();
        for pending in timeline.pending().iter().filter(|pending| which(pending)) {
            let is_kept = self.shelf.keep(&KeptMessage {
                id: pending.id,
                author,
                conversation,
                of: pending.of,
                body: pending.body.clone(),
                written_ms: pending.written_ms,
            });
            if !is_kept {
                self.turn.wait_for(pending.id);
            }
        }
    }

    pub(super) fn shelf_forgets_if_mine(&self, message: &Message) {
        if self.my_id() == Some(message.author) {
            let (id, conversation, seq) = (message.id, message.conversation, message.seq);
            self.shelf.pass(id, conversation, seq);
        }
    }
}

/// What someone typed, as a message says it.
pub(super) fn words(text: &str) -> ChatMessage {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    ChatMessage::Text {
        text: text.trim_end().to_owned(),
    }
}

/// Whether the same command may be accepted later.
fn passes(reason: &Refusal) -> bool {
    matches!(reason, Refusal::TooFast { .. } | Refusal::Unavailable)
}

/// How long the server asked to wait, if it said so.
fn retry_after_ms(reason: &Refusal) -> Option<u64> {
    match reason {
        Refusal::TooFast { retry_after_ms, .. } => Some(*retry_after_ms),
        _ => None,
    }
}
