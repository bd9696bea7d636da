//! The mailboxes of one conversation's listeners. It does not know what is put into them.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::mailbox::Mailbox;

/// Mailboxes by listener.
#[derive(Debug, Default)]
pub(super) struct Mailboxes {
    by_listener: HashMap<u64, Arc<Mailbox>>,
    /// All of them as they are now, made when it is first asked for after a change.
    snapshot: OnceLock<Arc<[Arc<Mailbox>]>>,
}

impl Mailboxes {
    pub(super) fn insert(&mut self, listener: u64, mailbox: Arc<Mailbox>) {
        self.by_listener.insert(listener, mailbox);
        self.snapshot.take();
    }

    pub(super) fn remove(&mut self, listener: u64) {
        self.by_listener.remove(&listener);
        self.snapshot.take();
        // After a storm of connections the table would else keep its size for ever.
        if self.by_listener.capacity() > 4 * self.by_listener.len() + 64 {
            self.by_listener.shrink_to_fit();
        }
    }

    /// All of them, to be gone through without a lock: telling everyone something takes long enough
    /// that nobody who comes or goes should wait for it.
    pub(super) fn snapshot(&self) -> Arc<[Arc<Mailbox>]> {
        let made = || self.by_listener.values().map(Arc::clone).collect();
        Arc::clone(self.snapshot.get_or_init(made))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Mailbox>> {
        self.by_listener.values()
    }

    pub(super) fn len(&self) -> usize {
        self.by_listener.len()
    }
}
