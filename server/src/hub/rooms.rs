//! The conversations that people listen to and have before them. It knows no rule: who may, was asked before.
//!
//! Everyone who listens to a conversation hears what is said there. Who is there and who types is told
//! only to those who have it open, and is kept only while somebody has: a person may be in thousands of
//! conversations, and looks at one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::PRESENCE_GRACE_MS;
use parley_shared::model::Person;
use parley_shared::protocol::ServerEvent;

use super::connection::Connection;
use super::hidden::as_seen;
use super::listeners::Listeners;
use super::presence::Attendance;
use super::receipts::Receipts;

/// All conversations that someone listens to.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: HashMap<ConversationId, Room>,
    /// Those where something is to be told or forgotten in time. Nobody goes through the others.
    unsettled: HashSet<ConversationId>,
}

/// One of them.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) listeners: Listeners,
    /// Who is there, while it is looked at.
    pub(super) looked_at: Option<Box<LookedAt>>,
}

/// What is kept of a conversation that somebody has open, or had a moment ago.
#[derive(Debug, Default)]
pub(super) struct LookedAt {
    pub(super) by: Listeners,
    pub(super) attendance: Attendance,
    pub(super) receipts: Receipts,
    /// When the last one looked away, in milliseconds since 1970.
    left_ms: u64,
    /// What was told last to those from whom somebody hides, by connection: a fact that is no news to
    /// them would show that there is something which they do not see.
    told_apart: HashMap<u64, Vec<ServerEvent>>,
}

impl LookedAt {
    /// Whether there is, or will be, something to tell without anything further happening.
    fn is_unsettled(&self) -> bool {
        self.attendance.is_unsettled() || self.receipts.is_unsettled()
    }

    /// Whether there may be something to tell now.
    fn is_due(&self, now_ms: u64) -> bool {
        let listeners = self.by.len();
        self.attendance.is_due(now_ms, listeners) || self.receipts.is_due(now_ms, listeners)
    }

    /// All that there is to tell to someone from whom others hide, or hid until now.
    pub(super) fn seen_by(
        &mut self,
        conversation: ConversationId,
        connection: u64,
        hidden: &HashSet<UserId>,
    ) -> Vec<ServerEvent> {
        let seen = as_seen(
            &self.attendance.state(conversation),
            &self.attendance,
            hidden,
        );
        self.told_apart.insert(connection, seen.clone());
        seen
    }

    /// What is to be told to someone from whom others hide: what is another for them than before.
    pub(super) fn tell_apart(
        &mut self,
        connection: u64,
        events: &[ServerEvent],
        hidden: &HashSet<UserId>,
    ) -> Vec<ServerEvent> {
        let mut seen = as_seen(events, &self.attendance, hidden);
        let before = self.told_apart.entry(connection).or_default();
        seen.retain(|event| !before.contains(event));
        for event in &seen {
            let same_kind =
                |told: &ServerEvent| std::mem::discriminant(told) == std::mem::discriminant(event);
            before.retain(|told| !same_kind(told));
            before.push(event.clone());
        }
        seen
    }
}

impl Rooms {
    pub(super) fn get(&self, conversation: ConversationId) -> Option<&Room> {
        self.rooms.get(&conversation)
    }

    /// A connection listens to a conversation from now on.
    pub(super) fn join(&mut self, conversation: ConversationId, connection: &Arc<Connection>) {
        let room = self.rooms.entry(conversation).or_default();
        if !room.listeners.insert(connection) {
            return;
        }
        connection.place().conversations.push(conversation);
        if let Some(looked_at) = &mut room.looked_at {
            looked_at.attendance.arrive(&connection.named());
            self.unsettled.insert(conversation);
        }
    }

    /// A connection no longer listens to a conversation. `false` when it did not.
    pub(super) fn leave(
        &mut self,
        conversation: ConversationId,
        connection: &Connection,
        now_ms: u64,
    ) -> bool {
        let is_open = connection.place().open == Some(conversation);
        if is_open {
            self.close(connection, now_ms);
        }
        let Some(room) = self.rooms.get_mut(&conversation) else {
            return false;
        };
        if !room.listeners.remove(connection.id) {
            return false;
        }
        let mut place = connection.place();
        place.conversations.retain(|joined| *joined != conversation);
        drop(place);
        if let Some(looked_at) = &mut room.looked_at {
            looked_at.attendance.leave(connection.person, now_ms);
            self.unsettled.insert(conversation);
        } else if room.listeners.is_empty() {
            self.rooms.remove(&conversation);
        }
        true
    }

    /// A person does not belong to a conversation any more: nobody sees them there.
    pub(super) fn expel(&mut self, conversation: ConversationId, person: UserId) {
        if let Some(looked_at) = self.looked_at(conversation) {
            looked_at.attendance.remove(person);
            looked_at.receipts.remove(person);
        }
    }

    /// A connection has a conversation before it from now on, and what it had before no longer. `None`
    /// when it does not listen to it.
    pub(super) fn open(
        &mut self,
        conversation: ConversationId,
        connection: &Arc<Connection>,
        now_ms: u64,
    ) -> Option<&Attendance> {
        let listens = |room: &Room| room.listeners.contains(connection.id);
        if !self.rooms.get(&conversation).is_some_and(listens) {
            return None;
        }
        self.close(connection, now_ms);
        connection.place().open = Some(conversation);
        let room = self.rooms.get_mut(&conversation)?;
        let listeners = &room.listeners;
        let looked_at = room.looked_at.get_or_insert_with(|| {
            let mut looked_at = Box::<LookedAt>::default();
            for listener in listeners.iter() {
                looked_at.attendance.arrive(&listener.named());
            }
            looked_at.attendance.settle();
            looked_at
        });
        looked_at.by.insert(connection);
        Some(&looked_at.attendance)
    }

    fn close(&mut self, connection: &Connection, now_ms: u64) {
        let Some(conversation) = connection.place().open.take() else {
            return;
        };
        if let Some(looked_at) = self.looked_at(conversation) {
            looked_at.by.remove(connection.id);
            looked_at.told_apart.remove(&connection.id);
            looked_at.left_ms = now_ms;
        }
    }

    /// What is kept of a conversation that is looked at; whatever is done to it may be due later.
    pub(super) fn looked_at(&mut self, conversation: ConversationId) -> Option<&mut LookedAt> {
        let looked_at = self
            .rooms
            .get_mut(&conversation)?
            .looked_at
            .as_deref_mut()?;
        self.unsettled.insert(conversation);
        Some(looked_at)
    }

    /// A person is named otherwise in one of their conversations.
    pub(super) fn rename(&mut self, conversation: ConversationId, person: &Person) {
        let room = self.rooms.get_mut(&conversation);
        if let Some(looked_at) = room.and_then(|room| room.looked_at.as_mut()) {
            looked_at.attendance.rename(person);
        }
    }

    /// Whether there may be anything to do in time.
    pub(super) fn is_due(&self, now_ms: u64) -> bool {
        let mut unsettled = self.unsettled.iter().filter_map(|id| self.rooms.get(id));
        unsettled.any(|room| match &room.looked_at {
            None => true,
            Some(looked_at) => {
                looked_at.by.is_empty() || !looked_at.is_unsettled() || looked_at.is_due(now_ms)
            }
        })
    }

    /// Goes through the conversations where something is due, and forgets what nobody looks at.
    pub(super) fn settle(
        &mut self,
        now_ms: u64,
        mut tell: impl FnMut(ConversationId, &mut LookedAt),
    ) {
        let rooms = &mut self.rooms;
        self.unsettled.retain(|conversation| {
            let Some(room) = rooms.get_mut(conversation) else {
                return false;
            };
            let Some(looked_at) = &mut room.looked_at else {
                return false;
            };
            if !looked_at.by.is_empty() {
                tell(*conversation, looked_at);
                return looked_at.is_unsettled();
            }
            // Whoever comes back at once finds it as it was.
            if now_ms < looked_at.left_ms.saturating_add(PRESENCE_GRACE_MS) {
                return true;
            }
            room.looked_at = None;
            if room.listeners.is_empty() {
                rooms.remove(conversation);
            }
            false
        });
        if self.rooms.capacity() > 4 * self.rooms.len() + 64 {
            self.rooms.shrink_to_fit();
        }
    }
}
