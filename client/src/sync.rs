//! What the server says and the reader does, turned into state. It knows no socket, no screen and no clock.
//!
//! The only place where state is written. Each method takes one fact, puts it into the state and
//! returns what is to be said to the server because of it, in this order. A time is handed in, so
//! that everything here can be tested without waiting.

use std::collections::HashSet;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{PROTOCOL_VERSION, WINDOW_MESSAGES_MAX, WINDOW_SLACK};
use parley_shared::model::{Message, Person};
use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::outbox::{Outbox, Shelf};
use crate::state::{Chat, ChatWriter, Link};

mod identity;
mod list;
mod mine;
mod people;
mod questions;
mod reader;
mod talks;
#[cfg(test)]
mod tests;

use list::Pages;
use people::Watch;
use reader::Reader;
use talks::Talks;

/// The state's only writer, with what it has to remember that nobody else needs to see.
pub struct Sync {
    chat: Chat,
    write: ChatWriter,
    outbox: Outbox,
    shelf: Box<dyn Shelf>,
    reader: Reader,
    talks: Talks,
    pages: Pages,
    watch: Watch,
    /// What is to be said because of the fact of the moment.
    said: Vec<ClientCommand>,
    /// The conversation that the reader wants to see; `None` for the Lobby.
    wanted: Option<ConversationId>,
    /// When more people are known than these, those whom nothing names are forgotten.
    people_max: usize,
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
            reader: Reader::default(),
            talks: Talks::default(),
            pages: Pages::default(),
            watch: Watch::default(),
            said: Vec::new(),
            wanted: None,
            people_max: people::KNOWN_MAX,
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
        let open = self.open_id();
        let timeline = self.chat.timeline.read_untracked();
        let waits = !self.talks.waiting(open, &timeline).is_empty();
        let questions = open.and_then(|id| self.talks.questions(id));
        [
            self.outbox.wakes_at_ms(waits),
            questions.and_then(|questions| questions.wakes_at_ms(&timeline)),
            self.pages.wakes_at_ms(),
            self.reads_at_ms(),
            self.watch.wakes_at_ms(),
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
            ServerEvent::Welcome { .. } => return self.welcome(event, now_ms),
            ServerEvent::MessageChanged { message, author } => self.changed(message, author),
            ServerEvent::History {
                conversation,
                before,
                messages,
                people,
                through,
                more,
            } => {
                self.meet(people);
                self.ask_strangers(&messages);
                if let Some(talk) = self.talks.get(conversation) {
                    talk.questions.answered_history(before);
                }
                self.change_timeline(conversation, |timeline| match before {
                    Some(before) => timeline.apply_older(before, messages, more),
                    None => timeline.apply_newest(messages, through, more),
                });
                self.arrived_in(conversation);
            }
            ServerEvent::Changes {
                conversation,
                since,
                messages,
                people,
                through,
                more,
            } => {
                self.meet(people);
                self.ask_strangers(&messages);
                if let Some(talk) = self.talks.get(conversation) {
                    talk.questions.answered_changes(since, through, now_ms);
                }
                self.change_timeline(conversation, |timeline| {
                    timeline.apply_changes(since, messages, through);
                    if more {
                        timeline.announce(through.next());
                    }
                });
                self.arrived_in(conversation);
            }
            ServerEvent::Accepted {
                id,
                conversation,
                seq,
                ..
            } => self.accepted(conversation, id, seq),
            ServerEvent::Refused {
                command,
                id,
                reason,
                ..
            } => self.refused(command.as_deref(), id, reason, now_ms),
            other => self.hear_of_others(other),
        }
        self.next_commands(now_ms)
    }

    /// Takes an event that is about no message.
    fn hear_of_others(&mut self, event: ServerEvent) {
        match event {
            ServerEvent::Conversations {
                before,
                conversations,
                people,
                more,
                ..
            } => self.take_next_page(before, conversations, people, more),
            ServerEvent::ConversationChanged {
                conversation,
                people,
            } => self.conversation_changed(conversation, people),
            ServerEvent::ConversationLeft { conversation } => self.left(conversation),
            ServerEvent::GroupChanged {
                conversation,
                group,
            } => self.group_changed(conversation, group),
            ServerEvent::ContactChanged { contact } => self.know_contact(contact),
            ServerEvent::ReadChanged {
                conversation,
                through,
                unread,
                ..
            } => self.read_changed(conversation, through, unread),
            ServerEvent::OnlineChanged { online, offline } => self.online_changed(online, offline),
            ServerEvent::PeopleChanged { people } => self.meet(people),
            ServerEvent::PresenceChanged {
                conversation,
                presence,
            } if self.is_open(conversation) => self.present(presence),
            ServerEvent::TypingChanged {
                conversation,
                people,
            } if self.is_open(conversation) => self.typing_changed(people),
            // About what is not shown, about the connection alone, or newer than this page.
            _ => {}
        }
    }

    fn welcome(&mut self, event: ServerEvent, now_ms: u64) -> Vec<ClientCommand> {
        let ServerEvent::Welcome {
            me,
            account,
            conversations,
            more,
            people,
            presence,
            requests,
            remarks,
            ..
        } = event
        else {
            return Vec::new();
        };
        if !self.recognise(&me, account) {
            return Vec::new();
        }
        self.is_live = true;
        self.outbox.restart();
        self.talks.restart();
        self.watch.restart();
        self.said.clear();
        self.write.me.set(Some(me.clone()));
        self.meet([me.clone()]);
        self.write.link.set(Link::Live);
        self.know_requests(requests);
        if remarks {
            self.write.remarks_due.update(|times| *times += 1);
        } else {
            self.know_remarks(Vec::new());
        }

        let shown = self.open_id();
        self.take_first_page(conversations, people, more);
        self.settle();
        let lobby = self.chat.list.with_untracked(|list| list.lobby());
        if self.open_id() == lobby {
            // It is what the server takes for open, and whose presence it told just now.
            let is_open = |said: &ClientCommand| matches!(said, ClientCommand::Open { .. });
            self.said.retain(|said| !is_open(said));
            self.present(presence);
        } else if let Some(conversation) = self.open_id().filter(|open| Some(*open) == shown) {
            self.said.push(ClientCommand::Open { conversation });
        }
        self.write
            .timeline
            .update(|timeline| timeline.cancel_older());
        self.unshelve(me.id, now_ms);
        // Names may have changed while nobody told.
        self.ask_names();
        self.next_commands(now_ms)
    }

    fn changed(&mut self, message: Message, author: Person) {
        let (writer, conversation) = (message.author, message.conversation);
        self.shelf_forgets_if_mine(&message);
        self.meet([author]);
        self.ask_strangers([&message]);
        self.note_message(&message);
        if self.is_open(conversation) {
            let typed = self.chat.typing.read_untracked();
            let was_typing = typed.iter().any(|person| person.id == writer);
            drop(typed);
            if was_typing {
                let stop = |typing: &mut Vec<Person>| typing.retain(|person| person.id != writer);
                self.write.typing.update(stop);
            }
        }
        self.change_timeline(conversation, |timeline| timeline.apply_live(message));
        self.arrived_in(conversation);
        self.forget_people();
    }

    fn arrived_in(&mut self, conversation: ConversationId) {
        if self.is_open(conversation) {
            self.arrived();
        }
    }

    // ---- After every fact ----

    /// What is to be said now: the question that is open, the message whose turn it is, and the rest.
    fn next_commands(&mut self, now_ms: u64) -> Vec<ClientCommand> {
        if !self.is_live {
            self.said.clear();
            return Vec::new();
        }
        let mut say = Vec::new();
        let open = self.open_id();
        let timeline = self.chat.timeline.read_untracked();
        if let Some(id) = open {
            let questions = &mut self.talks.keep(id).questions;
            say.extend(questions.next(id, &timeline, now_ms));
        }
        let waiting = self.talks.waiting(open, &timeline);
        let next = self.outbox.next(&waiting, now_ms);
        say.extend(next.map(|(conversation, pending)| ClientCommand::Send {
            id: pending.id,
            conversation,
            body: pending.body.clone(),
        }));
        drop(timeline);
        self.next_read(now_ms);
        say.append(&mut self.said);
        say.extend(self.pages.next(now_ms));
        say.extend(self.next_watch(now_ms));
        say
    }

    /// Forgets the oldest rows.
    fn trim(&mut self) {
        if self.chat.timeline.read_untracked().len() > WINDOW_MESSAGES_MAX + WINDOW_SLACK {
            self.write
                .timeline
                .update(|timeline| timeline.trim(WINDOW_MESSAGES_MAX));
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

    fn is_account(&self) -> bool {
        self.chat.standing.with_untracked(Option::is_some)
    }

    fn missing(&self) -> bool {
        self.chat.missing.get_untracked()
    }

    fn open_id(&self) -> Option<ConversationId> {
        self.chat.open.get_untracked()
    }

    fn is_open(&self, conversation: ConversationId) -> bool {
        self.open_id() == Some(conversation)
    }
}
