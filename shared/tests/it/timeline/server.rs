//! A model of the server: one conversation's log, and what it answered at each moment of it. It does not know its readers.

use std::collections::BTreeMap;

use parley_shared::ids::{MessageId, Seq};
use parley_shared::model::Message;
use parley_shared::protocol::ChatMessage;
use parley_shared::timeline::Timeline;

use crate::sample::{ALICE, BOB, lobby, nth_id, text, user};

/// The log: change `n` left message `changes[n - 1]` behind.
#[derive(Debug, Default)]
pub(super) struct Server {
    changes: Vec<Message>,
}

/// What the server tells when it is asked.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) messages: Vec<Message>,
    pub(super) through: Seq,
    pub(super) more: bool,
}

impl Server {
    /// A server on which these messages were written, by number.
    pub(super) fn with_messages(numbers: std::ops::RangeInclusive<u64>) -> Self {
        let mut server = Self::default();
        for n in numbers {
            server.write(nth_id(n));
        }
        server
    }

    pub(super) fn last(&self) -> Seq {
        Seq(self.changes.len() as u64)
    }

    /// The message as change `n` left it.
    pub(super) fn change(&self, n: Seq) -> Message {
        self.changes[n.0 as usize - 1].clone()
    }

    /// The place of a message, if it was written.
    pub(super) fn place(&self, id: MessageId) -> Option<Seq> {
        let mut changes = self.changes.iter();
        changes.find(|message| message.id == id).map(|m| m.seq)
    }

    /// Writes a message, unless it was written before, and says where it stands.
    pub(super) fn write(&mut self, id: MessageId) -> Seq {
        if let Some(place) = self.place(id) {
            return place;
        }
        let seq = self.last().next();
        self.changes.push(Message {
            id,
            conversation: lobby(),
            author: user(ALICE),
            seq,
            changed: seq,
            sent_ms: 1_700_000_000_000 + seq.0,
            edited_ms: None,
            salt: None,
            body: text("written"),
        });
        seq
    }

    /// Changes the words of the message at the place that follows from `nth`, if there is any, and returns its
    /// new state. A deleted one has no words.
    pub(super) fn edit(&mut self, nth: usize) -> Option<Message> {
        let changed = self.last().next();
        let message = self.nth(nth)?;
        if matches!(message.body, ChatMessage::Deleted { .. }) {
            return None;
        }
        Some(self.change_to(Message {
            changed,
            edited_ms: Some(1_700_000_000_000 + changed.0),
            body: text(&format!("edited by change {changed}")),
            ..message
        }))
    }

    /// Deletes the message at the place that follows from `nth`, if there is any that is not deleted, and
    /// returns what is left of it.
    pub(super) fn delete(&mut self, nth: usize) -> Option<Message> {
        let changed = self.last().next();
        let message = self.nth(nth)?;
        if matches!(message.body, ChatMessage::Deleted { .. }) {
            return None;
        }
        Some(self.change_to(Message {
            changed,
            edited_ms: None,
            body: ChatMessage::Deleted {
                by: user(BOB),
                at_ms: 1_700_000_000_000 + changed.0,
            },
            ..message
        }))
    }

    /// The message at the place that follows from `nth`, as it stands now.
    fn nth(&self, nth: usize) -> Option<Message> {
        let state = self.state(self.last());
        let at = nth.checked_rem(state.len())?;
        state.into_values().nth(at).cloned()
    }

    fn change_to(&mut self, message: Message) -> Message {
        self.changes.push(message.clone());
        message
    }

    /// Every message as it stood after change `at`, by place.
    pub(super) fn state(&self, at: Seq) -> BTreeMap<Seq, &Message> {
        let changes = self.changes[..at.0 as usize].iter();
        changes.map(|message| (message.seq, message)).collect()
    }

    /// The answer to a question for history that is read after change `at`.
    pub(super) fn history(&self, before: Option<Seq>, size: usize, at: Seq) -> Page {
        let state = self.state(at);
        let older = state.range(..before.unwrap_or(Seq(u64::MAX)));
        let mut messages: Vec<_> = older.rev().take(size + 1).collect();
        let more = messages.len() > size;
        messages.truncate(size);
        Page {
            messages: messages
                .into_iter()
                .rev()
                .map(|(_, m)| (*m).clone())
                .collect(),
            through: at,
            more,
        }
    }

    /// The answer to a question for changes that is read after change `at`.
    pub(super) fn changes(&self, since: Seq, size: usize, at: Seq) -> Page {
        let state = self.state(at);
        let changed = state
            .into_values()
            .filter(|message| message.changed > since);
        let mut messages: Vec<_> = changed.cloned().collect();
        messages.sort_by_key(|message| message.changed);
        let more = messages.len() > size;
        messages.truncate(size);
        let through = match messages.last() {
            Some(last) if more => last.changed,
            _ => at.max(since),
        };
        Page {
            messages,
            through,
            more,
        }
    }
}

/// Asks for older pages until there are none.
pub(super) fn load_all(timeline: &mut Timeline, server: &Server, size: usize) {
    for _ in 0..=server.last().0 {
        let Some(before) = timeline.ask_older() else {
            return;
        };
        let page = server.history(Some(before), size, server.last());
        timeline.apply_older(before, page.messages, page.more);
    }
    panic!("there is always more before {:?}", window(timeline));
}

/// A reader who comes now, with the newest page.
pub(super) fn fresh(server: &Server, size: usize) -> Timeline {
    let page = server.history(None, size, server.last());
    let mut timeline = Timeline::new();
    timeline.apply_newest(page.messages, page.through, page.more);
    timeline
}

/// The window as places and the changes that the reader has of them.
pub(super) fn window(timeline: &Timeline) -> Vec<(u64, u64)> {
    let messages = timeline.messages();
    messages.map(|m| (m.seq.0, m.changed.0)).collect()
}
