//! Connections that hear the same. It does not know what they hear.

use std::sync::{Arc, OnceLock};

use parley_shared::ids::UserId;

use super::connection::Connection;
use super::mailbox::Mailbox;

/// Connections by their number. Most conversations have few, and a person may be in thousands: so it
/// takes a word for each.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    connections: Vec<Arc<Connection>>,
    /// The mailboxes of all of them as they are now, made when they are first asked for after a change.
    snapshot: OnceLock<Arc<[Arc<Mailbox>]>>,
}

impl Listeners {
    /// `false` when it is among them already.
    pub(super) fn insert(&mut self, connection: &Arc<Connection>) -> bool {
        let Err(place) = self.place_of(connection.id) else {
            return false;
        };
        self.connections.insert(place, Arc::clone(connection));
        self.snapshot.take();
        true
    }

    /// `false` when it is not among them.
    pub(super) fn remove(&mut self, connection: u64) -> bool {
        let Ok(place) = self.place_of(connection) else {
            return false;
        };
        self.connections.remove(place);
        self.snapshot.take();
        // After a storm of connections the list would else keep its size for ever.
        if self.connections.capacity() > 4 * self.connections.len() + 64 {
            self.connections.shrink_to_fit();
        }
        true
    }

    pub(super) fn contains(&self, connection: u64) -> bool {
        self.place_of(connection).is_ok()
    }

    /// The mailboxes of all of them, to be gone through without a lock: telling everyone something takes
    /// long enough that nobody who comes or goes should wait for it.
    pub(super) fn snapshot(&self) -> Arc<[Arc<Mailbox>]> {
        let mailbox = |connection: &Arc<Connection>| Arc::clone(&connection.mailbox);
        let made = || self.connections.iter().map(mailbox).collect();
        Arc::clone(self.snapshot.get_or_init(made))
    }

    /// Those of some people, and the mailboxes of the others.
    pub(super) fn split(
        &self,
        is_one: impl Fn(UserId) -> bool,
    ) -> (Vec<Arc<Connection>>, Arc<[Arc<Mailbox>]>) {
        let (ones, others): (Vec<_>, Vec<_>) = self
            .connections
            .iter()
            .partition(|connection| is_one(connection.person));
        let mailboxes = others.iter().map(|other| Arc::clone(&other.mailbox));
        (
            ones.into_iter().map(Arc::clone).collect(),
            mailboxes.collect(),
        )
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Connection>> {
        self.connections.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.connections.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    fn place_of(&self, connection: u64) -> Result<usize, usize> {
        self.connections
            .binary_search_by_key(&connection, |connection| connection.id)
    }
}
