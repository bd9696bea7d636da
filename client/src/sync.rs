//! What the server says and the reader does, turned into state. It knows no socket, no screen and no clock.
//!
//! The only place where state is written. Each method takes one fact, puts it into the state and
//! returns what is to be said to the server because of it, in this order. A time is handed in, so
//! that everything here can be tested without waiting.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, Stamp, UserId};
use parley_shared::limits::PROTOCOL_VERSION;
use parley_shared::model::{Message, Person};
use parley_shared::protocol::{ClientCommand, ServerEvent};

use crate::outbox::{Outbox, Shelf, command};
use crate::state::{Chat, ChatWriter, Link};

mod cache;
mod changes;
mod identity;
mod list;
mod marks;
mod mine;
mod pages;
mod people;
mod proof;
mod questions;
mod reached;
mod reader;
mod talks;
#[cfg(test)]
mod tests;
mod turn;
mod welcome;

use cache::Cache;
use marks::Marks;
use pages::Pages;
use people::Watch;
use reached::Reached;
use reader::Reader;
use talks::Talks;
use turn::Turn;

/// The state's only writer, with what it has to remember that nobody else needs to see.
pub struct Sync {
    chat: Chat,
    write: ChatWriter,
    outbox: Outbox,
    shelf: Box<dyn Shelf>,
    reader: Reader,
    reached: Reached,
    marks: Marks,
    talks: Talks,
    pages: Pages,
    watch: Watch,
    turn: Turn,
    cache: Cache,
    /// What is to be said because of the fact of the moment.
    said: Vec<ClientCommand>,
    /// The conversation that the reader wants to see; `None` for the Lobby.
    wanted: Option<ConversationId>,
    /// When more people are known than these, those whom nothing names are forgotten.
    people_max: usize,
    /// Whether a welcome was heard on a connection that still stands.
    is_live: bool,
    /// Whether the server is of the version that the page is of.
    reads_all: bool,
    /// Whether another connection is to be made, on which everything is told.
    wants_anew: bool,
    /// Whether there was a welcome since the page was opened.
    was_welcome: bool,
    /// Everything that happened up to this moment is in the list.
    stamp: Option<Stamp>,
    /// The moment that the server named last; what it told until then may have left questions.
    told_stamp: Stamp,
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
            reached: Reached::default(),
            marks: Marks::default(),
            talks: Talks::default(),
            pages: Pages::default(),
            watch: Watch::default(),
            turn: Turn::default(),
            cache: Cache::default(),
            said: Vec::new(),
            wanted: None,
            people_max: people::KNOWN_MAX,
            is_live: false,
            reads_all: false,
            wants_anew: false,
            was_welcome: false,
            stamp: None,
            told_stamp: Stamp::default(),
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

    /// Up to which moment everything is known, of which the next connection need not be told again. Nothing is, where the
    /// page took a mark for moved of which the server may never hear: what did not change there would stay wrong here.
    pub fn stamp(&self) -> Option<Stamp> {
        self.stamp.filter(|_| self.marks.are_heard())
    }

    /// Whether another connection is to be made. True once each time.
    pub fn wants_anew(&mut self) -> bool {
        std::mem::take(&mut self.wants_anew)
    }

    /// When [`Sync::due`] is to be called, if nothing happens before.
    pub fn wakes_at_ms(&self) -> Option<u64> {
        if !self.is_live {
            return None;
        }
        let open = self.open_id();
        let timeline = self.chat.timeline.read_untracked();
        let waiting = self.talks.waiting(open, &timeline);
        let may_leave = self
            .turn
            .lets(waiting.first().map(|(_, pending)| pending.id));
        let questions = open.and_then(|id| self.talks.questions(id));
        [
            self.outbox.wakes_at_ms(may_leave),
            questions.and_then(|questions| questions.wakes_at_ms(&timeline)),
            self.pages.wakes_at_ms(),
            self.reads_at_ms(),
            self.reached.wakes_at_ms(),
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
        self.note_evidence(&event);
        match event {
            ServerEvent::Welcome { ref server, .. } => {
                self.know_version(server);
                return self.welcome(event, now_ms);
            }
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
                since,
            } => self.take_next_page(before, conversations, people, more, since),
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
                mentions,
            } => self.read_changed(conversation, through, unread, mentions),
            ServerEvent::ReceiptsChanged {
                conversation,
                receipts,
            } => self.receipts_changed(conversation, receipts),
            ServerEvent::Pong { stamp: Some(stamp) } => self.told_stamp = stamp,
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

    fn changed(&mut self, message: Message, author: Person) {
        let (writer, conversation) = (message.author, message.conversation);
        self.shelf_forgets_if_mine(&message);
        self.meet([author]);
        self.ask_strangers([&message]);
        self.forget_receipts(&message);
        self.note_erased(&message);
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
        self.cache.look_again();
        if !self.is_live {
            self.turn.follow(false, &*self.shelf);
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
        self.turn.follow(!waiting.is_empty(), &*self.shelf);
        let may_leave = self
            .turn
            .lets(waiting.first().map(|(_, pending)| pending.id));
        let next = (may_leave.then(|| self.outbox.next(&waiting, now_ms))).flatten();
        say.extend(next.map(|(conversation, pending)| command(conversation, pending)));
        drop(timeline);
        self.next_read(now_ms);
        self.next_delivered(now_ms);
        say.append(&mut self.said);
        say.extend(self.pages.next(now_ms));
        say.extend(self.next_watch(now_ms));
        if self.pages.is_settled() {
            self.stamp = Some(self.told_stamp);
        }
        say
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
