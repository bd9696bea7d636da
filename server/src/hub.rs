//! Who hears what, on this server. The hub carries frames to mailboxes; it knows no rule, no database and no socket.
//!
//! A frame is encoded once and shared by everyone who hears it. Publishing never waits for a reader: a
//! mailbox that is full closes itself (see [`mailbox`]).
//!
//! Whoever arrives registers, asks the store where they belong, and joins there. Who comes into a
//! conversation or leaves it between the first and the last of these is noted at the connection, so
//! that nobody misses what is said where they belong, or hears what is said where they do not.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Person, Presence};
use parley_shared::protocol::ServerEvent;

use crate::account::Proof;

pub mod callers;
mod connection;
mod counted;
mod frame;
mod hidden;
mod listeners;
mod looks;
pub mod mailbox;
pub mod presence;
mod receipts;
mod rooms;
mod told;
mod watch;

use callers::{Callers, Who};
use connection::Connection;
use counted::Counted;
pub use frame::{Frame, Opcode};
use hidden::Hidden;
use mailbox::{Ending, Mailbox};
use rooms::Rooms;
use told::ToldThrough;
pub use watch::Online;
use watch::Watch;

/// Everyone who listens, by conversation. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hub {
    shared: Arc<Shared>,
}

/// Where several of these are locked, it is in this order.
#[derive(Debug, Default)]
struct Shared {
    /// Held while presence and what is gathered besides is told, and while someone is taken out of a
    /// conversation: nothing of it is told to them afterwards.
    telling: Mutex<Counted>,
    hidden: RwLock<Hidden>,
    rooms: RwLock<Rooms>,
    watch: Mutex<Watch>,
    /// Every connection, by whoever it is.
    callers: Callers,
    told: ToldThrough,
    next_connection: AtomicU64,
    /// Set before every mailbox is told, and looked at by whoever arrives: nobody slips through between.
    reading_stopped: AtomicBool,
    closed: AtomicBool,
    keeps_guests_out: AtomicBool,
}

/// One connection's place in the hub. Dropping it leaves every conversation.
#[derive(Debug)]
pub struct Listener {
    connection: Arc<Connection>,
    hub: Hub,
}

impl Hub {
    /// Registers a connection that arrives: from now on it is noted where its person comes in and leaves.
    pub fn register(&self, person: UserId, proof: Proof) -> Listener {
        let id = self.shared.next_connection.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::arriving(id, person, proof));
        let mailbox = &connection.mailbox;
        self.shared.callers.add(&connection, || {
            // Under the lock: whoever tells all mailboxes finds this one, or had set the flag before.
            if self.shared.reading_stopped.load(Ordering::Acquire) {
                mailbox.stop_reading();
            }
            if self.shared.closed.load(Ordering::Acquire) {
                mailbox.close(Ending::Restart);
            }
        });
        self.moved(person);
        Listener {
            connection,
            hub: self.clone(),
        }
    }

    /// Registers a connection and has it join conversations, of which it opens the first.
    pub fn join(
        &self,
        person: &Person,
        proof: Proof,
        conversations: Vec<ConversationId>,
    ) -> Listener {
        let listener = self.register(person.id, proof);
        let first = conversations.first().copied();
        listener.join(person, conversations);
        if let Some(first) = first {
            listener.open(first);
        }
        listener
    }

    /// Tells everyone who listens to a conversation, in this order, and at once if they read.
    ///
    /// One call for each listener: for thousands that takes tens of milliseconds, so it is not for a
    /// thread that others wait for. Whoever joins meanwhile hears of it by what they look up after joining.
    pub fn publish(&self, conversation: ConversationId, frames: &[Frame]) {
        let Some(mailboxes) = self
            .read()
            .get(conversation)
            .map(|room| room.listeners.snapshot())
        else {
            return;
        };
        for mailbox in mailboxes.iter() {
            mailbox.push(frames);
        }
    }

    /// Someone sits in a conversation from now on: their connections listen to it, and hear how it is.
    pub fn enter(&self, person: UserId, conversation: ConversationId, frame: &Frame) {
        let mut rooms = self.write();
        let mut told = self.shared.callers.of(person);
        // Who arrives learns of it by what they look up after joining.
        told.retain(|connection| !connection.notes(conversation, true));
        for connection in &told {
            rooms.join(conversation, connection);
        }
        drop(rooms);
        for connection in told {
            connection.mailbox.push(std::slice::from_ref(frame));
        }
    }

    /// Someone sits in a conversation no longer: their connections are told so, and hear nothing more of it.
    pub fn remove(&self, person: UserId, conversation: ConversationId) {
        let frame = Frame::new(&ServerEvent::ConversationLeft { conversation });
        let _telling = self.telling();
        let mut rooms = self.write();
        let mut told = self.shared.callers.of(person);
        told.retain(|connection| !connection.notes(conversation, false));
        for connection in &told {
            rooms.leave(conversation, connection, crate::clock::now_ms());
        }
        rooms.expel(conversation, person);
        drop(rooms);
        for connection in told {
            connection.mailbox.push(std::slice::from_ref(&frame));
        }
    }

    /// Tells one person something, wherever they are connected. Who arrives looks it up after joining.
    pub fn tell_person(&self, person: UserId, frame: &Frame) {
        for connection in self.shared.callers.of(person) {
            if !connection.is_arriving() {
                connection.mailbox.push(std::slice::from_ref(frame));
            }
        }
    }

    /// Tells everyone how a person is named now: everyone may have met them in the Lobby.
    pub fn rename(&self, person: &Person) {
        let frame = Frame::new(&ServerEvent::PeopleChanged {
            people: vec![person.clone()],
        });
        let mut rooms = self.write();
        for connection in self.shared.callers.of(person.id) {
            let mut place = connection.place();
            place.named = Some(person.clone());
            for conversation in &place.conversations {
                rooms.rename(*conversation, person);
            }
        }
        drop(rooms);
        for connection in self.shared.callers.all() {
            connection.mailbox.push(std::slice::from_ref(&frame));
        }
    }

    /// Ends the connections of those who are no longer who they were, at once and whatever waits for them.
    pub fn sign_out(&self, who: &Who) {
        self.shared.callers.sign_out(who);
    }

    /// Lets guests in from now on, or no longer. Those who are there are not signed out by it.
    pub fn admit_guests(&self, admits: bool) {
        let keeps_out = &self.shared.keeps_guests_out;
        keeps_out.store(!admits, Ordering::Release);
    }

    /// Whether guests are let in.
    pub fn admits_guests(&self) -> bool {
        !self.shared.keeps_guests_out.load(Ordering::Acquire)
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
        for connection in self.shared.callers.all() {
            act(&connection.mailbox);
        }
    }

    /// A person came, or the last connection of theirs went.
    fn moved(&self, person: UserId) {
        self.watch().moved(person, crate::clock::now_ms());
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        let watch = self.shared.watch.lock();
        watch.expect("nothing panics while it is held")
    }

    fn hidden(&self) -> RwLockReadGuard<'_, Hidden> {
        let hidden = self.shared.hidden.read();
        hidden.expect("nothing panics while it is held")
    }

    fn telling(&self) -> MutexGuard<'_, Counted> {
        let telling = self.shared.telling.lock();
        telling.expect("nothing panics while it is held")
    }

    fn read(&self) -> RwLockReadGuard<'_, Rooms> {
        let rooms = self.shared.rooms.read();
        rooms.expect("nothing panics while it is held")
    }

    fn write(&self) -> RwLockWriteGuard<'_, Rooms> {
        let rooms = self.shared.rooms.write();
        rooms.expect("nothing panics while it is held")
    }
}

impl Listener {
    /// Where this connection's frames wait.
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.connection.mailbox
    }

    /// Joins conversations, and hears what is published there from now on: those that the store named
    /// since it registered, but for what was noted meanwhile. The person is named as the store said,
    /// unless another name was told since.
    pub fn join(&self, person: &Person, conversations: Vec<ConversationId>) {
        let mut rooms = self.hub.write();
        let mut place = self.connection.place();
        let noted = place.noted.take().unwrap_or_default();
        place.named.get_or_insert_with(|| person.clone());
        place.conversations.reserve_exact(conversations.len());
        drop(place);
        let left = |conversation: &ConversationId| noted.get(conversation) == Some(&false);
        let entered = noted.iter().filter(|(_, entered)| **entered);
        let belongs = conversations
            .into_iter()
            .filter(|conversation| !left(conversation))
            .chain(entered.map(|(conversation, _)| *conversation));
        for conversation in belongs {
            rooms.join(conversation, &self.connection);
        }
    }

    /// The person was named otherwise when they joined than the store says now, and no name was told
    /// since.
    pub fn correct_name(&self, joined_as: &Person, person: &Person) {
        let mut rooms = self.hub.write();
        let mut place = self.connection.place();
        if place.named.as_ref() == Some(joined_as) {
            place.named = Some(person.clone());
            for conversation in &place.conversations {
                rooms.rename(*conversation, person);
            }
        }
    }

    /// Has a conversation before it from now on, and hears who is there and who types. `None` when it
    /// does not listen to it.
    pub fn open(&self, conversation: ConversationId) -> Option<Presence> {
        let hidden = self.hub.hidden();
        let mut rooms = self.hub.write();
        let attendance = rooms.open(conversation, &self.connection, crate::clock::now_ms())?;
        Some(match hidden.from(self.connection.person) {
            Some(hidden) => attendance.presence_without(hidden),
            None => attendance.presence(),
        })
    }

    /// From now on it has to be noted when it may no longer look at someone. Then the store is asked.
    pub fn begin_watch(&self) {
        self.connection.in_doubt.store(false, Ordering::Release);
    }

    /// Looks at these people from now on, and hears whether they are there. `None` when it came into
    /// doubt since it began, and the store is to be asked again.
    pub fn watch(&self, people: &[UserId]) -> Option<Online> {
        let callers = &self.hub.shared.callers;
        let mut watch = self.hub.watch();
        watch.watch(&self.connection, people, |person| callers.is_here(person))
    }

    /// Whether it may look at whom it looks has to be asked again.
    pub fn is_in_doubt(&self) -> bool {
        self.connection.in_doubt.load(Ordering::Acquire)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let now_ms = crate::clock::now_ms();
        let mut rooms = self.hub.write();
        let was_last = self.hub.shared.callers.remove(&self.connection);
        let left = std::mem::take(&mut self.connection.place().conversations);
        for conversation in left {
            rooms.leave(conversation, &self.connection, now_ms);
        }
        drop(rooms);
        self.hub.watch().stop(self.connection.id);
        if was_last {
            self.hub.moved(self.connection.person);
        }
    }
}
