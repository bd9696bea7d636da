//! One connection as the hub knows it: whose it is, where it listens, what it has before it. It knows no socket.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Person;

use super::mailbox::Mailbox;
use crate::account::Proof;

/// A connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Its number: later ones have larger ones.
    pub(super) id: u64,
    pub(super) person: UserId,
    pub(super) proof: Proof,
    pub(super) mailbox: Arc<Mailbox>,
    /// Whether it may look at whom it looks has to be asked again.
    pub(super) in_doubt: AtomicBool,
    place: Mutex<Place>,
}

/// Where a connection is. It changes only under the lock of all conversations.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// The person as others see them, once that is known.
    pub(super) named: Option<Person>,
    /// Where it listens.
    pub(super) conversations: Vec<ConversationId>,
    /// What is in front of it.
    pub(super) open: Option<ConversationId>,
    /// While it arrives: where its person came in (`true`) and left (`false`) since it registered.
    /// What the store says about these may be older.
    pub(super) noted: Option<HashMap<ConversationId, bool>>,
}

impl Connection {
    /// A connection that arrives.
    pub(super) fn arriving(id: u64, person: UserId, proof: Proof) -> Self {
        Self {
            id,
            person,
            proof,
            mailbox: Arc::default(),
            in_doubt: AtomicBool::new(false),
            place: Mutex::new(Place {
                noted: Some(HashMap::new()),
                ..Place::default()
            }),
        }
    }

    pub(super) fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().expect("nothing panics while it is held")
    }

    /// Takes note that its person came in or left, if it still arrives. `false` when it has arrived.
    pub(super) fn notes(&self, conversation: ConversationId, entered: bool) -> bool {
        let mut place = self.place();
        let noted = place.noted.as_mut();
        noted
            .map(|noted| noted.insert(conversation, entered))
            .is_some()
    }

    /// Whether it has not joined yet.
    pub(super) fn is_arriving(&self) -> bool {
        self.place().noted.is_some()
    }

    /// The person as others see them.
    pub(super) fn named(&self) -> Person {
        let named = self.place().named.clone();
        named.unwrap_or(Person::unnamed(self.person))
    }
}
