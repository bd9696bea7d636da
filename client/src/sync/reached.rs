//! What reached whom: the reader's words the others, and theirs this page. It does not know what was read.
//!
//! What reached the page is told seldom and for many conversations at once, and only where somebody is told of it.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, Seq};
use parley_shared::limits::{DELIVERED_INTERVAL_MS, DELIVERED_MARKS_MAX, RECEIPTS_MEMBERS_MAX};
use parley_shared::model::{Conversation, ConversationKind, Message, Notice, Receipt};
use parley_shared::protocol::{ChatMessage, ClientCommand, DeliveredMark};

use super::Sync;
use crate::state::Receipts;

/// What the page has to tell of what reached it.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// How far, where, and not told yet. Lists, since a table of another kind is code that every visitor downloads.
    due: Vec<DeliveredMark>,
    /// Since when something is due: a moment is waited for more to come.
    due_ms: Option<u64>,
    /// How far was told on this connection.
    told: Vec<DeliveredMark>,
    /// Whether anything was heard on this connection of how far the others are.
    is_heard: bool,
}

/// Takes note of how far it is in a conversation, in place of how far it was.
fn put(marks: &mut Vec<DeliveredMark>, mark: DeliveredMark) {
    let known = marks
        .iter_mut()
        .find(|known| known.conversation == mark.conversation);
    match known {
        Some(known) => *known = mark,
        None => marks.push(mark),
    }
}

impl Reached {
    /// The connection is a new one, and what was told on the former may be lost.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }

    pub(super) fn wakes_at_ms(&self) -> Option<u64> {
        let due_ms = self.due_ms.filter(|_| !self.due.is_empty())?;
        Some(due_ms + DELIVERED_INTERVAL_MS)
    }
}

/// Whether those who are in a conversation are told what reached whom.
pub(super) fn tells(conversation: &Conversation) -> bool {
    match conversation.kind {
        ConversationKind::Direct => true,
        ConversationKind::Group => {
            let group = conversation.group.as_ref();
            group.is_some_and(|group| group.members <= RECEIPTS_MEMBERS_MAX)
        }
        ConversationKind::Lobby | ConversationKind::Notes | ConversationKind::Unknown => false,
    }
}

impl Sync {
    /// A conversation has come so far, and this page knows of it.
    pub(super) fn reached(&mut self, id: ConversationId) {
        if !self.is_account() {
            return;
        }
        let Some(known) = self.listed(id) else {
            return;
        };
        let mut told = self.reached.told.iter();
        let told = told.find(|told| told.conversation == id);
        let told = told.map_or(Seq::ZERO, |told| told.through);
        if known.last > known.read.max(told) && tells(&known) {
            let mark = DeliveredMark {
                conversation: id,
                through: known.last,
            };
            put(&mut self.reached.due, mark);
        }
    }

    /// Tells of everything that reached the page, once in a while. Of what was read meanwhile, that is told instead.
    pub(super) fn next_delivered(&mut self, now_ms: u64) {
        if self.reached.due.is_empty() {
            self.reached.due_ms = None;
            return;
        }
        let due_ms = *self.reached.due_ms.get_or_insert(now_ms);
        if now_ms < due_ms + DELIVERED_INTERVAL_MS {
            return;
        }
        self.reached.due_ms = None;
        let list = self.chat.list.read_untracked();
        self.reached.due.retain(|mark| {
            let known = list.get(mark.conversation);
            known.is_some_and(|known| known.read < mark.through)
        });
        drop(list);
        let count = self.reached.due.len().min(DELIVERED_MARKS_MAX);
        let marks: Vec<DeliveredMark> = self.reached.due.drain(..count).collect();
        for mark in &marks {
            put(&mut self.reached.told, *mark);
        }
        if !self.reached.due.is_empty() {
            self.reached.due_ms = Some(now_ms);
        }
        if !marks.is_empty() {
            self.said.push(ClientCommand::Delivered { marks });
        }
    }

    /// The others have what is said in a conversation, or have read it.
    pub(super) fn receipts_changed(&mut self, id: ConversationId, receipts: Vec<Receipt>) {
        if self.is_open(id) {
            let me = self.my_id();
            let is_first = !std::mem::replace(&mut self.reached.is_heard, true);
            self.write.receipts.update(|known| {
                if is_first {
                    // Whoever left meanwhile is not told of any more, and not waited for.
                    *known = Receipts::default();
                }
                known.take(receipts, me);
            });
        }
    }

    /// Whoever is not in the conversation any more is waited for no longer.
    pub(super) fn forget_receipts(&mut self, message: &Message) {
        let ChatMessage::Notice { notice } = &message.body else {
            return;
        };
        let gone = match notice {
            Notice::Left => std::slice::from_ref(&message.author),
            Notice::Removed { person } | Notice::Banned { person } => std::slice::from_ref(person),
            _ => return,
        };
        if self.is_open(message.conversation) {
            self.write.receipts.update(|known| known.forget(gone));
        }
    }
}
