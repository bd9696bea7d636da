//! Which conversations there are, and which is shown. It does not know what is said in them.
//!
//! The list is asked for page by page. After an absence what was known stays until a page says how
//! it stands now: whatever should be on a page and is not there is gone.

use std::sync::Arc;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, Stamp};
use parley_shared::limits::UNREAD_COUNTED_MAX;
use parley_shared::model::{Conversation, ConversationKind, Group, Message, Person};
use parley_shared::protocol::{ChatMessage, ClientCommand, ListPlace};

use super::Sync;
use super::pages::Question;
use super::reader::is_read_by_others;
use crate::state::list::place_of;

impl Sync {
    // ---- What the reader does ----

    /// The reader wants to see a conversation; with none, the Lobby.
    pub fn open(
        &mut self,
        conversation: Option<ConversationId>,
        now_ms: u64,
    ) -> Vec<ClientCommand> {
        self.wanted = conversation;
        self.settle();
        self.read_on();
        self.next_commands(now_ms)
    }

    /// The reader came near the end of the list.
    pub fn load_conversations(&mut self, now_ms: u64) -> Vec<ClientCommand> {
        if self.chat.list.with_untracked(|list| list.has_more()) {
            self.pages.wants_more = true;
        }
        self.next_commands(now_ms)
    }

    /// Shows what the reader wants to see, as far as it is known.
    pub(super) fn settle(&mut self) {
        let list = self.chat.list.get_untracked();
        let wanted = self.wanted.or(list.lobby());
        let Some(id) = wanted else {
            return;
        };
        if let Some(known) = list.get(id) {
            self.show(known);
            if self.pages.old.contains(&id) {
                self.pages.want_at_once(id);
            }
        } else {
            self.park();
            self.talks.drop_old(None);
            self.write.missing.set(false);
            self.pages.want_at_once(id);
        }
    }

    // ---- What the server tells ----

    /// The first page came, with the welcome.
    pub(super) fn take_first_page(
        &mut self,
        conversations: Vec<Conversation>,
        people: Vec<Person>,
        more: bool,
    ) {
        let known = self.chat.list.with_untracked(|list| list.order().to_vec());
        self.pages.restart(&known);
        self.take_page(conversations, people, more);
    }

    /// With the welcome came the first of what changed since a moment.
    pub(super) fn take_first_changes(
        &mut self,
        conversations: Vec<Conversation>,
        people: Vec<Person>,
        more: bool,
        since: Option<Stamp>,
    ) {
        // As after every absence, the server knows better.
        self.pages
            .go_on(conversations.iter().map(|c| c.id).collect());
        self.take_changes(conversations, people, more, since);
    }

    /// A further page came.
    pub(super) fn take_next_page(
        &mut self,
        before: Option<ListPlace>,
        conversations: Vec<Conversation>,
        people: Vec<Person>,
        more: bool,
        since: Option<Stamp>,
    ) {
        let asked = before.map(|before| match since {
            Some(since) => Question::Changes(since, before),
            None => Question::Page(before),
        });
        if asked.is_none() || self.pages.asked != asked {
            return;
        }
        self.pages.asked = None;
        self.pages.back_off.reset();
        if since.is_some() {
            self.take_changes(conversations, people, more, since);
        } else {
            self.take_page(conversations, people, more);
        }
    }

    fn take_changes(
        &mut self,
        conversations: Vec<Conversation>,
        people: Vec<Person>,
        more: bool,
        since: Option<Stamp>,
    ) {
        self.meet(people);
        let read_to = end_of(&conversations);
        let former = self.pages.changes.map(|(_, place)| place);
        for conversation in conversations {
            self.confirm(conversation);
        }
        // A page that leads no further would be asked for for ever.
        let next = read_to.filter(|place| more && former != Some(*place));
        self.pages.changes = since.zip(next);
    }

    fn take_page(&mut self, conversations: Vec<Conversation>, people: Vec<Person>, more: bool) {
        self.meet(people);
        let read_to = end_of(&conversations);
        let is_new = read_to.is_some() && read_to != self.pages.read_to;
        self.pages.read_to = read_to.or(self.pages.read_to);
        for conversation in conversations {
            self.confirm(conversation);
        }
        // A page that leads no further would be asked for for ever.
        let more = more && is_new;
        self.write.list.update(|list| list.set_more(more));
        self.forget_gone(more);
        self.pages.wants_more = more && !self.pages.old.is_empty();
    }

    /// What should have been on the pages that came, and was not, is gone.
    fn forget_gone(&mut self, more: bool) {
        let list = self.chat.list.get_untracked();
        let read_to_ms = self.pages.read_to.map_or(u64::MAX, |place| place.active_ms);
        let gone: Vec<ConversationId> = self
            .pages
            .old
            .iter()
            .copied()
            .filter(|id| !self.pages.wanted.contains(id))
            .filter(|id| !more || list.get(*id).is_none_or(|c| c.active_ms > read_to_ms))
            .collect();
        for id in gone {
            if self.is_open(id) || self.wanted == Some(id) {
                // Of what the reader looks at, the server is asked by name.
                self.pages.want_at_once(id);
            } else {
                self.forget(id);
            }
        }
    }

    /// How a conversation stands now.
    pub(super) fn conversation_changed(&mut self, conversation: Conversation, people: Vec<Person>) {
        self.meet(people);
        let id = conversation.id;
        if self.pages.asked == Some(Question::One(id)) {
            self.pages.asked = None;
            self.pages.back_off.reset();
        }
        self.confirm(conversation);
        let shows_nothing = self.wanted.is_none() && self.open_id().is_none();
        if self.wanted == Some(id) || shows_nothing {
            self.settle();
        }
    }

    /// Takes a conversation as the server sees it.
    fn confirm(&mut self, mut conversation: Conversation) {
        let id = conversation.id;
        let was_old = self.pages.old.contains(&id);
        self.pages.old.retain(|other| *other != id);
        self.pages.wanted.retain(|other| *other != id);
        if let Some(known) = self.listed(id) {
            if !self.is_account() {
                // Of a guest the server keeps nothing.
                conversation.read = known.read;
                conversation.unread = known.unread;
                conversation.mentions = known.mentions;
            }
            if !was_old && known.last > conversation.last {
                // It was read before something that was told since.
                conversation.last = known.last;
                conversation.active_ms = known.active_ms;
                conversation.latest.clone_from(&known.latest);
                conversation.read = known.read.max(conversation.read);
                conversation.unread = known.unread;
                conversation.mentions = known.mentions;
                if self.marks.awaits(id) {
                    self.pages.want(id);
                }
            } else {
                self.marks.heeds(id, conversation.read);
            }
        }
        if conversation.kind == ConversationKind::Lobby {
            // A server that was begun anew has another.
            let former = self.chat.list.with_untracked(|list| list.lobby());
            if let Some(former) = former.filter(|former| *former != id) {
                self.forget(former);
            }
        }
        self.catch_up(&conversation);
        let is_open = self.is_open(id);
        self.write
            .list
            .update(|list| list.put(conversation.clone()));
        self.watch.look_again();
        let heard = self.pages.heard.iter().position(|m| m.conversation == id);
        if let Some(at) = heard {
            let heard = self.pages.heard.swap_remove(at);
            self.note_message(&heard);
        }
        if is_open {
            self.recount(&conversation);
        }
        if conversation.unread > 0 {
            self.reached(id);
        }
    }

    /// The reader is not in a conversation any more, or never was.
    pub(super) fn left(&mut self, id: ConversationId) {
        let was_shown = self.is_open(id);
        let was_wanted = self.wanted == Some(id);
        self.forget(id);
        if !was_shown && !was_wanted {
            return;
        }
        if was_wanted {
            self.write.missing.set(true);
        } else {
            self.settle();
        }
    }

    fn forget(&mut self, id: ConversationId) {
        if self.is_open(id) {
            self.park();
        }
        self.pages.old.retain(|other| *other != id);
        self.pages.heard.retain(|heard| heard.conversation != id);
        self.pages.wanted.retain(|other| *other != id);
        self.marks.forget(id);
        if let Some(talk) = self.talks.get(id) {
            for pending in talk.timeline.pending() {
                self.shelf.forget(pending.id);
            }
            self.talks.forget(id);
        }
        self.write.list.update(|list| list.remove(id));
        self.watch.look_again();
    }

    pub(super) fn group_changed(&mut self, id: ConversationId, group: Group) {
        self.change_conversation(id, |conversation| {
            // Of a group's members nobody writes to it once it is archived, and everyone else may.
            conversation.closed = group.archived;
            conversation.group = Some(group.clone());
        });
    }

    /// Takes a message into the list: what was said last, when, and whether it is unread.
    pub(super) fn note_message(&mut self, message: &Message) {
        let id = message.conversation;
        if self.listed(id).is_none() {
            self.pages.heard.retain(|heard| heard.conversation != id);
            self.pages.heard.push(message.clone());
            self.pages.want(id);
            return;
        }
        if self.pages.old.contains(&id) {
            // It is still the reader's; how much of it is unread is not known.
            self.pages.want(id);
        }
        let is_open = self.is_open(id);
        let is_mine = self.my_id() == Some(message.author);
        let is_counted = !is_mine && is_read_by_others(&message.body);
        let is_erased = !is_mine && matches!(message.body, ChatMessage::Deleted { .. });
        self.change_conversation(id, |known| {
            if message.changed <= known.last {
                return;
            }
            known.last = message.changed;
            if message.changed == message.seq {
                known.active_ms = message.sent_ms;
                // Of what is shown, it is counted where it is seen.
                if !is_open && is_counted && message.seq > known.read {
                    known.unread = (known.unread + 1).min(UNREAD_COUNTED_MAX);
                }
            } else if is_erased && !is_open && message.seq > known.read {
                // What was not counted to its end may be more.
                if known.unread < UNREAD_COUNTED_MAX {
                    known.unread = known.unread.saturating_sub(1);
                }
            }
            let is_newest = known.latest.as_ref().is_none_or(|l| message.seq >= l.seq);
            if is_newest {
                known.latest = Some(message.clone());
            }
        });
        if is_counted {
            self.reached(id);
        }
    }

    /// A conversation as the list has it.
    pub(super) fn listed(&self, id: ConversationId) -> Option<Arc<Conversation>> {
        self.chat.list.with_untracked(|list| list.get(id).cloned())
    }

    pub(super) fn change_conversation(
        &mut self,
        id: ConversationId,
        mut change: impl FnMut(&mut Conversation),
    ) {
        self.write.list.update(|list| list.change(id, &mut change));
    }
}

/// The place of the last of a page. The Lobby is on the first page wherever it stands in the list.
fn end_of(page: &[Conversation]) -> Option<ListPlace> {
    let in_place = page.iter().filter(|c| c.kind != ConversationKind::Lobby);
    in_place.map(place_of).min_by_key(|place| place.active_ms)
}
