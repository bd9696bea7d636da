//! Who hears what, on this server. The hub carries frames to mailboxes; it knows no rule, no database and no socket.
//!
//! A frame is encoded once and shared by everyone who hears it. Publishing never waits: a mailbox
//! that is full closes itself (see [`mailbox`]).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Person, Presence};
use parley_shared::protocol::ServerEvent;

use crate::account::Proof;

pub mod callers;
mod frame;
pub mod mailbox;
pub mod presence;

use callers::{Callers, Who};
pub use frame::Frame;
use mailbox::{Ending, Mailbox};
use presence::Attendance;

/// Everyone who listens, by conversation. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hub {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    conversations: RwLock<HashMap<ConversationId, Listeners>>,
    /// Every connection, by whoever it is.
    callers: Callers,
    next_listener: AtomicU64,
    /// Set before every mailbox is told, and looked at by whoever joins: nobody slips through between.
    reading_stopped: AtomicBool,
    closed: AtomicBool,
}

#[derive(Debug, Default)]
struct Listeners {
    mailboxes: HashMap<u64, Arc<Mailbox>>,
    attendance: Attendance,
}

/// One connection's place in the hub. Dropping it leaves every conversation.
#[derive(Debug)]
pub struct Listener {
    id: u64,
    proof: Proof,
    person: UserId,
    conversations: Vec<ConversationId>,
    mailbox: Arc<Mailbox>,
    hub: Hub,
}

impl Hub {
    /// Joins conversations: from now on the mailbox gets what is published there.
    pub fn join(
        &self,
        person: &Person,
        proof: Proof,
        conversations: Vec<ConversationId>,
    ) -> Listener {
        let id = self.shared.next_listener.fetch_add(1, Ordering::Relaxed);
        let mailbox = Arc::new(Mailbox::default());
        self.shared.callers.add(id, person.id, proof, &mailbox);
        let mut all = self.write();
        for conversation in &conversations {
            let listeners = all.entry(*conversation).or_default();
            listeners.mailboxes.insert(id, Arc::clone(&mailbox));
            listeners.attendance.arrive(person);
        }
        // Still under the lock: whoever tells all mailboxes finds this one, or had set the flag before.
        if self.shared.reading_stopped.load(Ordering::Acquire) {
            mailbox.stop_reading();
        }
        if self.shared.closed.load(Ordering::Acquire) {
            mailbox.close(Ending::Restart);
        }
        drop(all);
        Listener {
            id,
            proof,
            person: person.id,
            conversations,
            mailbox,
            hub: self.clone(),
        }
    }

    /// Hands frames to everyone who listens to a conversation, in this order.
    pub fn publish(&self, conversation: ConversationId, frames: &[Frame]) {
        if let Some(listeners) = self.read().get(&conversation) {
            listeners.hand_out(frames);
        }
    }

    /// Tells everyone who shares a conversation with a person how they are named now.
    pub fn rename(&self, person: &Person) {
        let frame = Frame::new(&ServerEvent::PeopleChanged {
            people: vec![person.clone()],
        });
        for listeners in self.write().values_mut() {
            if listeners.attendance.rename(person) {
                listeners.hand_out(std::slice::from_ref(&frame));
            }
        }
    }

    /// Who is in a conversation now.
    pub fn presence(&self, conversation: ConversationId) -> Presence {
        self.read()
            .get(&conversation)
            .map(|listeners| listeners.attendance.presence())
            .unwrap_or_default()
    }

    /// Takes note that a person types.
    pub fn typing(&self, conversation: ConversationId, person: UserId, now_ms: u64) {
        if let Some(listeners) = self.write().get_mut(&conversation) {
            listeners.attendance.types(person, now_ms);
        }
    }

    /// Takes note that a person no longer types: their message is there.
    pub fn typed(&self, conversation: ConversationId, person: UserId) {
        // Nearly always nobody is noted as typing, and a shared look is cheaper than a lock for one.
        let noted = self
            .read()
            .get(&conversation)
            .is_some_and(|listeners| listeners.attendance.is_typing(person));
        if noted && let Some(listeners) = self.write().get_mut(&conversation) {
            listeners.attendance.typed(person);
        }
    }

    /// Tells changes of presence and typing that are due.
    pub fn tell_attendance(&self, now_ms: u64) {
        // A shared look first: most of the time nothing is due, and publishing goes on meanwhile.
        let due = self.read().values().any(|listeners| {
            listeners
                .attendance
                .is_due(now_ms, listeners.mailboxes.len())
        });
        if !due {
            return;
        }
        let mut told = Vec::new();
        let mut all = self.write();
        all.retain(|conversation, listeners| {
            let events =
                listeners
                    .attendance
                    .tell(*conversation, now_ms, listeners.mailboxes.len());
            if !events.is_empty() {
                told.push((*conversation, events));
            }
            !(listeners.mailboxes.is_empty() && listeners.attendance.is_empty())
        });
        drop(all);
        for (conversation, events) in told {
            let frames: Vec<Frame> = events.iter().map(Frame::new).collect();
            self.publish(conversation, &frames);
        }
    }

    /// Ends the connections of those who are no longer who they were, at once and whatever waits for them.
    pub fn sign_out(&self, who: &Who) {
        self.shared.callers.sign_out(who);
    }

    /// Asks every connection, and those that join from now on, to take no further command.
    pub fn stop_reading(&self) {
        self.shared.reading_stopped.store(true, Ordering::Release);
        self.for_each_mailbox(Mailbox::stop_reading);
    }

    /// Ends every connection, and those that join from now on, after what waits for it is written.
    pub fn close_all(&self) {
        self.shared.closed.store(true, Ordering::Release);
        self.for_each_mailbox(|mailbox| mailbox.close(Ending::Restart));
    }

    fn for_each_mailbox(&self, act: impl Fn(&Mailbox)) {
        for listeners in self.read().values() {
            for mailbox in listeners.mailboxes.values() {
                act(mailbox);
            }
        }
    }

    fn leave(&self, listener: &Listener, now_ms: u64) {
        self.shared
            .callers
            .remove(listener.id, listener.person, listener.proof);
        let mut all = self.write();
        for conversation in &listener.conversations {
            if let Some(listeners) = all.get_mut(conversation) {
                listeners.mailboxes.remove(&listener.id);
                listeners.attendance.leave(listener.person, now_ms);
                // After a storm of connections the table would else keep its size for ever.
                if listeners.mailboxes.capacity() > 4 * listeners.mailboxes.len() + 64 {
                    listeners.mailboxes.shrink_to_fit();
                }
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<ConversationId, Listeners>> {
        self.shared
            .conversations
            .read()
            .expect("nothing panics while it is held")
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<ConversationId, Listeners>> {
        self.shared
            .conversations
            .write()
            .expect("nothing panics while it is held")
    }
}

impl Listeners {
    fn hand_out(&self, frames: &[Frame]) {
        for mailbox in self.mailboxes.values() {
            mailbox.push(frames);
        }
    }
}

impl Listener {
    /// Where this connection's frames wait.
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.leave(self, crate::clock::now_ms());
    }
}
