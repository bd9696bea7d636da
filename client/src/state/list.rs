//! The conversations that the page knows, in the order of their list. It does not know how the page learned of them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use parley_shared::ids::ConversationId;
use parley_shared::model::{Conversation, ConversationKind};
use parley_shared::protocol::ListPlace;

/// The conversations, the last active first.
#[derive(Debug, Clone, Default)]
pub struct List {
    known: HashMap<ConversationId, Arc<Conversation>>,
    order: Vec<ConversationId>,
    more: bool,
}

impl List {
    /// A conversation, if the page knows it.
    pub fn get(&self, id: ConversationId) -> Option<&Arc<Conversation>> {
        self.known.get(&id)
    }

    /// Which conversations the page knows, the last active first.
    pub fn order(&self) -> &[ConversationId] {
        &self.order
    }

    /// The conversations, the last active first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Conversation>> {
        self.order.iter().filter_map(|id| self.known.get(id))
    }

    /// Whether there are more than these.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The Lobby, once it is known.
    pub fn lobby(&self) -> Option<ConversationId> {
        let mut all = self.known.values();
        let lobby = all.find(|known| known.kind == ConversationKind::Lobby);
        lobby.map(|lobby| lobby.id)
    }

    /// How many messages were not read, in all of them.
    pub fn unread(&self) -> u32 {
        self.known.values().map(|known| known.unread).sum()
    }

    /// How many of these mention the reader.
    pub fn mentions(&self) -> u32 {
        self.known.values().map(|known| known.mentions).sum()
    }

    /// Puts a conversation where it belongs, in place of what was known of it.
    pub(crate) fn put(&mut self, conversation: Conversation) {
        let id = conversation.id;
        self.take_out(id);
        let place = key(&conversation);
        let at = self.order.partition_point(|other| {
            let other = self.known.get(other);
            other.is_some_and(|other| key(other) < place)
        });
        self.order.insert(at, id);
        self.known.insert(id, Arc::new(conversation));
    }

    /// Changes a conversation, if it is known, and puts it where it belongs then.
    pub(crate) fn change(&mut self, id: ConversationId, change: &mut dyn FnMut(&mut Conversation)) {
        let Some(known) = self.known.get(&id) else {
            return;
        };
        let mut changed = Conversation::clone(known);
        change(&mut changed);
        if changed.active_ms == known.active_ms {
            self.known.insert(id, Arc::new(changed));
        } else {
            self.put(changed);
        }
    }

    /// Forgets a conversation.
    pub(crate) fn remove(&mut self, id: ConversationId) {
        self.take_out(id);
        self.known.remove(&id);
    }

    /// Takes note of whether there are more.
    pub(crate) fn set_more(&mut self, more: bool) {
        self.more = more;
    }

    fn take_out(&mut self, id: ConversationId) {
        if self.known.contains_key(&id) {
            self.order.retain(|other| *other != id);
        }
    }
}

/// Where a conversation stands in the list.
pub fn place_of(conversation: &Conversation) -> ListPlace {
    ListPlace {
        active_ms: conversation.active_ms,
        conversation: conversation.id,
    }
}

/// The last active first; of those that are equally active, in any order that stays.
fn key(conversation: &Conversation) -> (Reverse<u64>, ConversationId) {
    (Reverse(conversation.active_ms), conversation.id)
}
