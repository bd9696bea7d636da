//! Every connection by who it is, so that it can be ended when it no longer is. It knows no conversation.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use parley_shared::ids::{SessionId, TokenId, UserId};

use super::connection::Connection;
use crate::account::Proof;

/// Those who are no longer who they were when they connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever connected with this session of a person.
    Session(UserId, SessionId),
    /// Whoever connected with this token of a person.
    Token(UserId, TokenId),
    /// A person, wherever they are, but in this session where one is named.
    Person(UserId, Option<SessionId>),
    /// Whoever connected as this guest, who has an account now.
    Guest(UserId),
    /// Every guest.
    Guests,
}

/// The connections by person.
#[derive(Debug, Default)]
pub(super) struct Callers {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Guests apart, so that those with an account are few to look through.
    guests: HashMap<UserId, Vec<Arc<Connection>>>,
    registered: HashMap<UserId, Vec<Arc<Connection>>>,
}

impl Callers {
    /// `then` is done before anyone else comes or goes.
    pub(super) fn add(&self, connection: &Arc<Connection>, then: impl FnOnce()) {
        let mut state = self.lock();
        let of_person = state.of(connection.proof).entry(connection.person);
        of_person.or_default().push(Arc::clone(connection));
        then();
    }

    /// Whether none of the person's is left.
    pub(super) fn remove(&self, connection: &Connection) -> bool {
        let mut state = self.lock();
        let connections = state.of(connection.proof);
        if let Some(of_person) = connections.get_mut(&connection.person) {
            of_person.retain(|connected| connected.id != connection.id);
            if of_person.is_empty() {
                connections.remove(&connection.person);
            }
        }
        // After a storm of connections the table would else keep its size for ever.
        if connections.capacity() > 4 * connections.len() + 64 {
            connections.shrink_to_fit();
        }
        !state.is_here(connection.person)
    }

    /// Whether a person has any connection.
    pub(super) fn is_here(&self, person: UserId) -> bool {
        self.lock().is_here(person)
    }

    /// The connections of a person.
    pub(super) fn of(&self, person: UserId) -> Vec<Arc<Connection>> {
        let state = self.lock();
        let registered = state.registered.get(&person).into_iter().flatten();
        let guests = state.guests.get(&person).into_iter().flatten();
        registered.chain(guests).map(Arc::clone).collect()
    }

    /// Every connection.
    pub(super) fn all(&self) -> Vec<Arc<Connection>> {
        let state = self.lock();
        let people = state.registered.values().chain(state.guests.values());
        people.flatten().map(Arc::clone).collect()
    }

    pub(super) fn sign_out(&self, who: &Who) {
        let state = self.lock();
        let of = |connections: &HashMap<UserId, Vec<Arc<Connection>>>,
                  person: &UserId,
                  ends: &dyn Fn(Proof) -> bool| {
            let of_person = connections.get(person).into_iter().flatten();
            for connected in of_person.filter(|connected| ends(connected.proof)) {
                connected.mailbox.sign_out();
            }
        };
        match who {
            Who::Session(person, id) => of(&state.registered, person, &|proof| {
                proof == Proof::Session(*id)
            }),
            Who::Token(person, id) => of(
                &state.registered,
                person,
                &|proof| matches!(proof, Proof::Token(token, _) if token == *id),
            ),
            Who::Person(person, but) => {
                of(&state.registered, person, &|proof| {
                    but.is_none_or(|but| proof != Proof::Session(but))
                });
                of(&state.guests, person, &|_| true);
            }
            Who::Guest(person) => of(&state.guests, person, &|_| true),
            Who::Guests => {
                for connected in state.guests.values().flatten() {
                    connected.mailbox.sign_out();
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it is held")
    }
}

impl State {
    fn is_here(&self, person: UserId) -> bool {
        self.registered.contains_key(&person) || self.guests.contains_key(&person)
    }

    fn of(&mut self, proof: Proof) -> &mut HashMap<UserId, Vec<Arc<Connection>>> {
        match proof {
            Proof::Guest => &mut self.guests,
            Proof::Session(_) | Proof::Token(..) => &mut self.registered,
        }
    }
}

#[cfg(test)]
mod tests {
    use parley_shared::model::Scope;

    use super::*;
    use crate::hub::mailbox::{Ending, Flushed, Mailbox};

    fn signed_out(mailbox: &Mailbox) -> bool {
        mailbox.flush() == Flushed::End(Ending::SignedOut)
    }

    #[test]
    fn those_who_are_meant_are_ended_and_no_others() {
        let person = UserId::from_bytes([1; 16]);
        let other = UserId::from_bytes([2; 16]);
        let (here, there) = (
            SessionId::from_bytes([1; 16]),
            SessionId::from_bytes([2; 16]),
        );
        let token = TokenId::from_bytes([3; 16]);
        let connections = [
            (person, Proof::Session(here)),
            (person, Proof::Session(there)),
            (person, Proof::Token(token, Scope::Read)),
            (person, Proof::Guest),
            (other, Proof::Guest),
            (other, Proof::Session(here)),
        ];
        for (who, ended) in [
            (
                Who::Session(person, here),
                [true, false, false, false, false, false],
            ),
            (
                Who::Token(person, token),
                [false, false, true, false, false, false],
            ),
            (
                Who::Person(person, None),
                [true, true, true, true, false, false],
            ),
            (
                Who::Person(person, Some(here)),
                [false, true, true, true, false, false],
            ),
            (
                Who::Guest(person),
                [false, false, false, true, false, false],
            ),
            (Who::Guests, [false, false, false, true, true, false]),
        ] {
            let callers = Callers::default();
            let mut id = 0;
            let connected = connections.map(|(person, proof)| {
                id += 1;
                let connection = Arc::new(Connection::arriving(id, person, proof));
                callers.add(&connection, || {});
                connection
            });
            callers.sign_out(&who);
            let found = connected.map(|connection| signed_out(&connection.mailbox));
            assert_eq!(found, ended, "{who:?}");
        }
    }

    #[test]
    fn who_left_is_not_kept() {
        let callers = Callers::default();
        let person = UserId::from_bytes([1; 16]);
        let connection = Arc::new(Connection::arriving(1, person, Proof::Guest));
        callers.add(&connection, || {});
        assert_eq!(callers.of(person).len(), 1);
        callers.remove(&connection);
        callers.sign_out(&Who::Guests);
        assert!(!signed_out(&connection.mailbox));
        assert_eq!(Arc::strong_count(&connection), 1);
    }
}
