//! Which conversations there are, and which is shown. It does not know what is said in them.
//!
//! The list is asked for page by page. After an absence what was known stays until a page says how
//! it stands now: whatever should be on a page and is not there is gone.

use std::collections::VecDeque;

use leptos::prelude::*;
use parley_shared::ids::ConversationId;
use parley_shared::limits::UNREAD_COUNTED_MAX;
use parley_shared::model::{Conversation, ConversationKind, Group, Message, Person};
use parley_shared::protocol::{ChatMessage, ClientCommand, ListPlace};

use super::Sync;
use crate::back_off::BackOff;
use crate::state::list::place_of;

/// What the page knows of its knowledge of the list.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The question that was asked. One at a time: a refusal does not say to which it is the answer.
    asked: Option<Question>,
    /// The list was read up to here.
    read_to: Option<ListPlace>,
    /// Whether the next page is wanted.
    wants_more: bool,
    /// Conversations about which is to be asked one by one, the most urgent first.
    wanted: VecDeque<ConversationId>,
    /// Those that were known before the connection and that no page named since.
    old: Vec<ConversationId>,
    /// The newest message of conversations of which nothing else is known.
    heard: Vec<Message>,
    not_before_ms: u64,
    back_off: BackOff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Page(ListPlace),
    One(ConversationId),
}

impl Pages {
    fn want(&mut self, id: ConversationId) {
        if self.asked != Some(Question::One(id)) && !self.wanted.contains(&id) {
            self.wanted.push_back(id);
        }
    }

    fn want_at_once(&mut self, id: ConversationId) {
        if self.asked != Some(Question::One(id)) {
            self.wanted.retain(|other| *other != id);
            self.wanted.push_front(id);
        }
    }

    fn question(&self) -> Option<Question> {
        let one = self.wanted.front().map(|id| Question::One(*id));
        let page = self.read_to.filter(|_| self.wants_more).map(Question::Page);
        one.or(page)
    }

    /// The question to ask now, if there is one; it counts as asked from now on.
    pub(super) fn next(&mut self, now_ms: u64) -> Option<ClientCommand> {
        if self.asked.is_some() || now_ms < self.not_before_ms {
            return None;
        }
        self.asked = self.question();
        Some(match self.asked? {
            Question::One(conversation) => {
                self.wanted.pop_front();
                ClientCommand::Conversation { conversation }
            }
            Question::Page(before) => ClientCommand::Conversations {
                since: None,
                before: Some(before),
            },
        })
    }

    /// When [`Pages::next`] is to be asked again, if waiting is all that is needed.
    pub(super) fn wakes_at_ms(&self) -> Option<u64> {
        let waits = self.asked.is_none() && self.not_before_ms > 0 && self.question().is_some();
        waits.then_some(self.not_before_ms)
    }

    /// The question is asked again after the time that the server named, or longer each time.
    pub(super) fn postpone(&mut self, retry_after_ms: Option<u64>, now_ms: u64) {
        if let Some(Question::One(id)) = self.asked.take() {
            self.wanted.push_front(id);
        }
        let delay_ms = retry_after_ms.unwrap_or_else(|| u64::from(self.back_off.next_ms()));
        self.not_before_ms = now_ms.saturating_add(delay_ms);
    }

    /// The question will not be answered: which conversation it was about, if about one.
    pub(super) fn refused(&mut self) -> Option<ConversationId> {
        match self.asked.take()? {
            Question::One(id) => Some(id),
            Question::Page(_) => {
                self.wants_more = false;
                None
            }
        }
    }

    /// The connection is a new one: what was known is old, and no answer is to come.
    fn restart(&mut self, known: &[ConversationId]) {
        *self = Self {
            old: known.to_vec(),
            ..Self::default()
        };
    }
}

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

    /// A further page came.
    pub(super) fn take_next_page(
        &mut self,
        before: Option<ListPlace>,
        conversations: Vec<Conversation>,
        people: Vec<Person>,
        more: bool,
    ) {
        let asked = before.map(Question::Page);
        if asked.is_none() || self.pages.asked != asked {
            return;
        }
        self.pages.asked = None;
        self.pages.back_off.reset();
        self.take_page(conversations, people, more);
    }

    fn take_page(&mut self, conversations: Vec<Conversation>, people: Vec<Person>, more: bool) {
        self.meet(people);
        // The Lobby is on the first page wherever it stands in the list.
        let in_place = conversations
            .iter()
            .filter(|c| c.kind != ConversationKind::Lobby);
        let read_to = in_place.map(place_of).min_by_key(|place| place.active_ms);
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
        let known = self.chat.list.with_untracked(|list| list.get(id).cloned());
        if let Some(known) = known {
            if !self.is_account() {
                // Of a guest the server keeps nothing.
                conversation.read = known.read;
                conversation.unread = known.unread;
            }
            if !was_old && known.last > conversation.last {
                // It was read before something that was told since.
                conversation.last = known.last;
                conversation.active_ms = known.active_ms;
                conversation.latest.clone_from(&known.latest);
                conversation.read = known.read.max(conversation.read);
                conversation.unread = known.unread;
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
        let is_known = self.chat.list.with_untracked(|list| list.get(id).is_some());
        if !is_known {
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
        let is_notice = matches!(message.body, ChatMessage::Notice { .. });
        self.change_conversation(id, |known| {
            if message.changed <= known.last {
                return;
            }
            known.last = message.changed;
            if message.changed == message.seq {
                known.active_ms = message.sent_ms;
                // Of what is shown, it is counted where it is seen.
                if !is_open && !is_mine && !is_notice && message.seq > known.read {
                    known.unread = (known.unread + 1).min(UNREAD_COUNTED_MAX);
                }
            }
            let is_newest = known.latest.as_ref().is_none_or(|l| message.seq >= l.seq);
            if is_newest {
                known.latest = Some(message.clone());
            }
        });
    }

    pub(super) fn change_conversation(
        &mut self,
        id: ConversationId,
        mut change: impl FnMut(&mut Conversation),
    ) {
        self.write.list.update(|list| list.change(id, &mut change));
    }
}
