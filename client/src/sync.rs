//! What the server says and the reader does, turned into state. It knows no socket, no screen and no clock.
//!
//! The only place where state is written. Each method takes one fact, puts it into the state and
//! returns what is to be said to the server because of it, in this order. A time is handed in, so
//! that everything here can be tested without waiting.

use std::collections::HashSet;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::limits::{
    CATCH_UP_CHANGES_MAX, PEOPLE_ASKED_MAX, PRESENCE_LISTED_MAX, PROTOCOL_VERSION,
    WINDOW_MESSAGES_MAX, WINDOW_SLACK,
};
use parley_shared::model::{Conversation, Message, Person, Presence};
use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::outbox::{Outbox, Shelf};
use crate::state::{Chat, ChatWriter, Link, Notice};

mod identity;
mod mine;
mod questions;
mod reader;
#[cfg(test)]
mod tests;

use questions::Questions;
use reader::Reader;

/// The state's only writer, with what it has to remember that nobody else needs to see.
pub struct Sync {
    chat: Chat,
    write: ChatWriter,
    outbox: Outbox,
    shelf: Box<dyn Shelf>,
    questions: Questions,
    reader: Reader,
    /// Whether a welcome was heard on a connection that still stands.
    is_live: bool,
    /// Whether the reader asked to be someone else, so that a welcome may bring another person.
    is_renewing: bool,
    /// The name that was asked for and is not in force yet.
    new_name: Option<String>,
    /// When the others were last told that the reader types.
    typing_told_ms: Option<u64>,
    /// When the newest message of one's own was written; the next one is later, so that their ids are in order.
    last_written_ms: u64,
}

impl Sync {
    /// A writer of this state. What `shelf` keeps is sent once it is known who the reader is.
    pub fn new(chat: Chat, write: ChatWriter, shelf: Box<dyn Shelf>) -> Self {
        Self {
            chat,
            write,
            outbox: Outbox::default(),
            shelf,
            questions: Questions::default(),
            reader: Reader::default(),
            is_live: false,
            is_renewing: false,
            new_name: None,
            typing_told_ms: None,
            last_written_ms: 0,
        }
    }

    // ---- The connection ----

    /// An attempt to connect is being made.
    pub fn trying(&mut self) {
        self.write.link.update(|link| {
            if let Link::Lost { retry_at_ms, .. } = link {
                *retry_at_ms = None;
            }
        });
    }

    /// A connection stands; the welcome is still to come.
    pub fn opened(&mut self) -> Vec<ClientCommand> {
        let protocol = PROTOCOL_VERSION;
        vec![ClientCommand::Hello { protocol }]
    }

    /// The connection is gone, or could not be made; the next attempt is made at `retry_at_ms`.
    pub fn lost(&mut self, now_ms: u64, retry_at_ms: u64) {
        self.end_connection();
        self.write.link.update(|link| {
            let since_ms = match *link {
                Link::Outdated | Link::SignedOut => return,
                Link::Lost { since_ms, .. } => since_ms,
                Link::Connecting | Link::Live => now_ms,
            };
            *link = Link::Lost {
                since_ms,
                retry_at_ms: Some(retry_at_ms),
            };
        });
    }

    /// When [`Sync::due`] is to be called, if nothing happens before.
    pub fn wakes_at_ms(&self) -> Option<u64> {
        if !self.is_live {
            return None;
        }
        let timeline = self.chat.timeline.read_untracked();
        [
            self.outbox.wakes_at_ms(timeline.pending()),
            self.questions.wakes_at_ms(&timeline),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The time of [`Sync::wakes_at_ms`] came.
    pub fn due(&mut self, now_ms: u64) -> Vec<ClientCommand> {
        self.next_commands(now_ms)
    }

    // ---- What the server tells ----

    /// Takes one event.
    pub fn hear(&mut self, event: ServerEvent, now_ms: u64) -> Vec<ClientCommand> {
        match event {
            ServerEvent::Welcome {
                me,
                account,
                conversations,
                presence,
                ..
            } => {
                if self.recognise(&me, account) {
                    return self.welcome(me, conversations, presence, now_ms);
                }
                return Vec::new();
            }
            ServerEvent::MessageChanged { message, author } => self.changed(message, author),
            ServerEvent::History {
                conversation,
                before,
                messages,
                people,
                through,
                more,
            } if self.is_current(conversation) => {
                self.meet(people);
                self.questions.answered_history(before);
                self.write.timeline.update(|timeline| match before {
                    Some(before) => timeline.apply_older(before, messages, more),
                    None => timeline.apply_newest(messages, through, more),
                });
                self.arrived();
            }
            ServerEvent::Changes {
                conversation,
                since,
                messages,
                people,
                through,
                more,
            } if self.is_current(conversation) => {
                self.meet(people);
                self.questions.answered_changes(since, through, now_ms);
                self.missed(since, messages, through, more);
            }
            ServerEvent::PeopleChanged { people } => self.meet(people),
            ServerEvent::PresenceChanged {
                conversation,
                presence,
            } if self.is_current(conversation) => self.present(presence),
            ServerEvent::TypingChanged {
                conversation,
                people,
            } if self.is_current(conversation) => self.typing_changed(people),
            ServerEvent::Accepted { id, seq, .. } => self.accepted(id, seq),
            ServerEvent::Refused {
                command,
                id,
                reason,
                ..
            } => self.refused(command.as_deref(), id, reason, now_ms),
            // About another conversation, about the connection alone, or newer than this page.
            _ => return Vec::new(),
        }
        self.next_commands(now_ms)
    }

    fn welcome(
        &mut self,
        me: Person,
        conversations: Vec<Conversation>,
        presence: Presence,
        now_ms: u64,
    ) -> Vec<ClientCommand> {
        self.is_live = true;
        self.outbox.restart();
        self.questions.restart();
        self.write.me.set(Some(me.clone()));
        self.meet([me.clone()]);
        self.present(presence);
        self.write.link.set(Link::Live);

        let Some(conversation) = conversations.into_iter().next() else {
            self.write.conversation.set(None);
            return Vec::new();
        };
        let is_another = self
            .chat
            .conversation
            .with_untracked(|c| c.as_ref().is_some_and(|known| known.id != conversation.id));
        self.restart_if_needed(&conversation, is_another);
        self.write.timeline.update(|timeline| {
            timeline.cancel_older();
            timeline.announce(conversation.last);
        });
        let id = conversation.id;
        self.write.conversation.set(Some(conversation));
        self.unshelve(me.id, id, now_ms);

        let mut say = self.next_commands(now_ms);
        // Names may have changed while nobody told.
        for ids in self.authors().chunks(PEOPLE_ASKED_MAX) {
            say.push(ClientCommand::People { ids: ids.to_vec() });
        }
        say
    }

    /// Forgets the window where it cannot be continued change by change.
    fn restart_if_needed(&mut self, conversation: &Conversation, is_another: bool) {
        let timeline = self.chat.timeline.read_untracked();
        let through = timeline.through();
        let is_set_back = conversation.last < through;
        let is_far_behind = timeline.is_loaded()
            && conversation.last.0.saturating_sub(through.0) > CATCH_UP_CHANGES_MAX;
        drop(timeline);
        if is_another || is_set_back {
            // Places mean something else now.
            self.reader.forget_places();
        }
        if is_another || is_set_back || is_far_behind {
            self.write.timeline.update(|timeline| timeline.restart());
        }
    }

    fn changed(&mut self, message: Message, author: Person) {
        if !self.is_current(message.conversation) {
            return;
        }
        let writer = message.author;
        self.shelf_forgets_if_mine(&message);
        self.meet([author]);
        let typed = self.chat.typing.read_untracked();
        let was_typing = typed.iter().any(|person| person.id == writer);
        drop(typed);
        if was_typing {
            let stop = |typing: &mut Vec<Person>| typing.retain(|person| person.id != writer);
            self.write.typing.update(stop);
        }
        self.write
            .timeline
            .update(|timeline| timeline.apply_live(message));
        self.arrived();
    }

    fn missed(&mut self, since: Seq, messages: Vec<Message>, through: Seq, more: bool) {
        self.write.timeline.update(|timeline| {
            timeline.apply_changes(since, messages, through);
            if more {
                timeline.announce(through.next());
            }
        });
        self.arrived();
    }

    fn present(&mut self, presence: Presence) {
        self.meet(presence.people.iter().flatten().cloned());
        self.write.presence.set(presence);
    }

    fn typing_changed(&mut self, people: Vec<Person>) {
        let me = self.my_id();
        self.meet(people.iter().cloned());
        let others = people.into_iter().filter(|p| Some(p.id) != me).collect();
        self.write.typing.set(others);
    }

    /// Keeps how people are named now.
    fn meet(&mut self, people: impl IntoIterator<Item = Person>) {
        let known = self.chat.people.read_untracked();
        let changed: Vec<Person> = people
            .into_iter()
            .filter(|person| known.get(&person.id) != Some(person))
            .collect();
        drop(known);
        if changed.is_empty() {
            return;
        }
        let me = self.my_id();
        if let Some(renamed) = changed.iter().find(|person| Some(person.id) == me) {
            self.write.me.set(Some(renamed.clone()));
            if self.new_name.is_some() && renamed.name == self.new_name {
                self.new_name = None;
                self.write.notice.set(Some(Notice::Renamed));
            }
        }
        self.write.people.update(|known| {
            known.extend(changed.into_iter().map(|person| (person.id, person)));
        });
    }

    // ---- After every fact ----

    /// What is to be said now: the question that is open, and the message whose turn it is.
    fn next_commands(&mut self, now_ms: u64) -> Vec<ClientCommand> {
        let Some(conversation) = self.current().filter(|_| self.is_live) else {
            return Vec::new();
        };
        let timeline = self.chat.timeline.read_untracked();
        let question = self.questions.next(conversation, &timeline, now_ms);
        let send =
            self.outbox
                .next(timeline.pending(), now_ms)
                .map(|pending| ClientCommand::Send {
                    id: pending.id,
                    conversation,
                    body: pending.body.clone(),
                });
        question.into_iter().chain(send).collect()
    }

    /// Messages may have come: counts what is new, and keeps the window within its bound.
    fn arrived(&mut self) {
        let me = self.my_id();
        let before = self.chat.unread.get_untracked();
        let after = self
            .reader
            .arrived(&self.chat.timeline.read_untracked(), me, before);
        if after != before {
            self.write.unread.set(after);
        }
        if self.reader.is_at_bottom() {
            self.trim();
        }
    }

    /// Forgets the oldest rows, and the people whom nothing on the page names any more.
    fn trim(&mut self) {
        if self.chat.timeline.read_untracked().len() > WINDOW_MESSAGES_MAX + WINDOW_SLACK {
            self.write
                .timeline
                .update(|timeline| timeline.trim(WINDOW_MESSAGES_MAX));
        }
        // Twice as many as can be named at one time.
        let people_max = 2 * (WINDOW_MESSAGES_MAX + WINDOW_SLACK + PRESENCE_LISTED_MAX);
        if self.chat.people.read_untracked().len() > people_max {
            let mut named = self.authors();
            named.extend(self.my_id());
            let presence = self.chat.presence.read_untracked();
            named.extend(presence.people.iter().flatten().map(|person| person.id));
            drop(presence);
            let named: HashSet<UserId> = named.into_iter().collect();
            self.write
                .people
                .update(|people| people.retain(|id, _| named.contains(id)));
        }
    }

    /// The authors of the window, each once.
    fn authors(&self) -> Vec<UserId> {
        let timeline = self.chat.timeline.read_untracked();
        let mut seen = HashSet::new();
        let authors = timeline.messages().map(|message| message.author);
        authors.filter(|author| seen.insert(*author)).collect()
    }

    fn my_id(&self) -> Option<UserId> {
        self.chat
            .me
            .with_untracked(|me| me.as_ref().map(|me| me.id))
    }

    fn current(&self) -> Option<ConversationId> {
        self.chat
            .conversation
            .with_untracked(|c| c.as_ref().map(|c| c.id))
    }

    fn is_current(&self, conversation: ConversationId) -> bool {
        self.current() == Some(conversation)
    }
}
