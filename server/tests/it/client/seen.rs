//! What one person saw, put in order by the shared rules. It knows no socket.

use std::collections::{BTreeMap, VecDeque};

use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Conversation, Message, Person, Presence};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use parley_shared::timeline::{PendingState, Timeline};

/// Everything that one person saw and wrote.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The conversation, as this person's client keeps it.
    pub(crate) timeline: Timeline,
    /// Whether this connection was welcomed.
    pub(crate) welcomed: bool,
    pub(crate) me: Option<Person>,
    /// The conversation that this person looks at: the Lobby, or the one that they follow instead.
    pub(crate) lobby: Option<ConversationId>,
    /// The conversation that they follow instead of the Lobby; all others are passed over.
    pub(crate) follows: Option<ConversationId>,
    /// How many events were heard on all connections.
    pub(crate) heard: u64,
    pub(crate) presence: Presence,
    pub(crate) names: BTreeMap<UserId, Option<String>>,
    /// What this person wrote, in order.
    pub(crate) written: Vec<(MessageId, ChatMessage)>,
    /// What this person wants changed of what they wrote, in order.
    pub(crate) changes: Vec<Wanted>,
    /// What the server said is on disk, and where.
    pub(crate) accepted: BTreeMap<MessageId, Seq>,
    pub(crate) refused: BTreeMap<MessageId, Refusal>,
    /// Which connection this is; what an earlier one still brings is not heard any more.
    pub(crate) connection: u32,
    /// With which code and reason the connection was closed; 1006 when it just ended.
    pub(crate) closed: Option<(u16, String)>,
    /// What was told in a way that breaks the protocol's promises.
    pub(crate) disorder: Vec<String>,
    /// Events besides messages that nobody asked about yet.
    inbox: VecDeque<ServerEvent>,
    last_live: Option<Seq>,
    asked_since: Option<Seq>,
}

/// A change of a message, as whoever wrote it wants it.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) id: MessageId,
    pub(crate) message: MessageId,
    /// What the message is to say; nothing when it is to go.
    pub(crate) body: Option<ChatMessage>,
    /// The number of the change, once the server said that it is on disk.
    pub(crate) seq: Option<Seq>,
}

impl Wanted {
    /// The command that asks for it.
    pub(crate) fn command(&self, conversation: ConversationId) -> ClientCommand {
        let (id, message) = (self.id, self.message);
        match self.body.clone() {
            Some(body) => ClientCommand::Edit {
                id,
                conversation,
                message,
                body,
            },
            None => ClientCommand::Delete {
                id,
                conversation,
                message,
            },
        }
    }
}

impl Seen {
    /// A new connection starts: what belonged to the old one is over.
    pub(crate) fn begin_connection(&mut self) {
        self.connection += 1;
        self.welcomed = false;
        self.closed = None;
        self.last_live = None;
        self.asked_since = None;
        self.timeline.cancel_older();
    }

    /// The connection has ended.
    pub(crate) fn end_connection(&mut self, connection: u32, closed: (u16, String)) {
        if connection == self.connection {
            self.closed = Some(closed);
        }
    }

    /// Takes note of a message that this person writes.
    pub(crate) fn write_down(&mut self, id: MessageId, body: &ChatMessage) {
        if self.written.iter().rev().any(|(written, _)| *written == id) {
            return;
        }
        self.written.push((id, body.clone()));
        self.timeline.push_pending(id, body.clone(), 0);
    }

    /// Takes an event. Some events make a client ask for what it misses.
    pub(crate) fn hear(&mut self, connection: u32, event: ServerEvent) -> Option<ClientCommand> {
        if connection != self.connection {
            return None;
        }
        self.heard += 1;
        if self.is_elsewhere(&event) {
            return None;
        }
        match event {
            ServerEvent::Welcome {
                me,
                conversations,
                presence,
                ..
            } => {
                self.me = Some(me);
                self.presence = presence;
                if let Some(question) = self.arrive(&conversations) {
                    return Some(question);
                }
                self.lobby?;
            }
            ServerEvent::MessageChanged { message, author } => self.hear_live(message, author),
            ServerEvent::History {
                before,
                messages,
                people,
                through,
                more,
                ..
            } => {
                self.name(people);
                match before {
                    None => self.timeline.apply_newest(messages, through, more),
                    Some(before) => self.timeline.apply_older(before, messages, more),
                }
            }
            ServerEvent::Changes {
                since,
                messages,
                people,
                through,
                more,
                ..
            } => {
                self.name(people);
                self.asked_since = None;
                self.timeline.apply_changes(since, messages, through);
                if more {
                    self.timeline.announce(through.next());
                }
            }
            ServerEvent::Accepted { id, seq, .. } => self.hear_accepted(id, seq),
            other => self.hear_other(other),
        }
        self.ask_for_missing()
    }

    /// Takes note of how far the conversation has come that it follows. Asks for its newest page, if it has none.
    fn arrive(&mut self, conversations: &[Conversation]) -> Option<ClientCommand> {
        self.welcomed = true;
        let followed = self
            .follows
            .or(conversations.first().map(|first| first.id))?;
        let lobby = conversations.iter().find(|found| found.id == followed)?;
        self.lobby = Some(lobby.id);
        if self.timeline.through() > lobby.last {
            self.disorder.push(format!(
                "the server came back at {} after {} was seen",
                lobby.last,
                self.timeline.through()
            ));
        }
        self.timeline.announce(lobby.last);
        (!self.timeline.is_loaded()).then_some(ClientCommand::History {
            conversation: lobby.id,
            before: None,
        })
    }

    /// Takes the first event of the inbox out of which something can be made.
    pub(crate) fn take<T>(
        &mut self,
        pick: &mut impl FnMut(&ServerEvent) -> Option<T>,
    ) -> Option<T> {
        let (index, found) = self
            .inbox
            .iter()
            .enumerate()
            .find_map(|(index, event)| Some((index, pick(event)?)))?;
        self.inbox.remove(index);
        Some(found)
    }

    /// The id of a message by its text.
    pub(crate) fn find(&self, text: &str) -> Option<MessageId> {
        self.timeline
            .messages()
            .rev()
            .find(|message| text_of(&message.body) == text)
            .map(|message| message.id)
    }

    /// The texts of the timeline, in order.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.timeline
            .messages()
            .map(|message| text_of(&message.body).to_owned())
            .collect()
    }

    /// How many of this person's messages are on their way: neither seen nor refused.
    pub(crate) fn on_their_way(&self) -> usize {
        let pending = self.timeline.pending().iter();
        pending
            .filter(|pending| !matches!(pending.state, PendingState::Failed(_)))
            .count()
    }

    /// Whether something is about another conversation than the one that is followed.
    fn is_elsewhere(&self, event: &ServerEvent) -> bool {
        let about = match event {
            ServerEvent::MessageChanged { message, .. } => message.conversation,
            ServerEvent::History { conversation, .. }
            | ServerEvent::Changes { conversation, .. }
            | ServerEvent::Accepted { conversation, .. } => *conversation,
            _ => return false,
        };
        self.follows.is_some_and(|followed| followed != about)
    }

    fn hear_live(&mut self, message: Message, author: Person) {
        // Within one connection the server tells every change, each after the one before.
        if let Some(last) = self.last_live
            && message.changed != last.next()
        {
            self.disorder
                .push(format!("change {} was told after {last}", message.changed));
        }
        self.last_live = Some(message.changed);
        self.name(vec![author]);
        self.timeline.apply_live(message);
    }

    fn hear_accepted(&mut self, id: MessageId, seq: Seq) {
        if let Some(change) = self.changes.iter_mut().rev().find(|change| change.id == id) {
            if change.seq.is_some_and(|before| before != seq) {
                let note = format!("the change {id:?} was accepted at two numbers, now {seq}");
                self.disorder.push(note);
            }
            change.seq = Some(seq);
            return;
        }
        if let Some(before) = self.accepted.insert(id, seq)
            && before != seq
        {
            self.disorder
                .push(format!("{id:?} was accepted at {before} and at {seq}"));
        }
        self.timeline.accept_pending_at(id, seq);
    }

    fn hear_other(&mut self, event: ServerEvent) {
        match &event {
            ServerEvent::PresenceChanged { presence, .. } => self.presence = presence.clone(),
            ServerEvent::PeopleChanged { people } => self.name(people.clone()),
            ServerEvent::Refused {
                id: Some(id),
                reason,
                ..
            } => {
                self.refused.insert(*id, reason.clone());
                self.timeline.refuse_pending(*id, reason.clone());
            }
            // A question that was not answered is asked again.
            ServerEvent::Refused { .. } => self.asked_since = None,
            _ => {}
        }
        self.inbox.push_back(event);
    }

    fn name(&mut self, people: Vec<Person>) {
        self.names
            .extend(people.into_iter().map(|person| (person.id, person.name)));
    }

    fn ask_for_missing(&mut self) -> Option<ClientCommand> {
        let since = self.timeline.missing()?;
        if self.asked_since == Some(since) {
            return None;
        }
        self.asked_since = Some(since);
        let conversation = self.lobby?;
        Some(ClientCommand::Changes {
            conversation,
            since,
        })
    }
}

/// What a message says.
pub(crate) fn text_of(body: &ChatMessage) -> &str {
    match body {
        ChatMessage::Text { text } => text,
        ChatMessage::Notice { .. } => "(a notice)",
        ChatMessage::Deleted { .. } => "(deleted)",
        ChatMessage::Unknown => "(of an unknown type)",
    }
}
