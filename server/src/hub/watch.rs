//! Who looks at whom, to be told whether they are there. It knows no rule: who may, was asked before.
//!
//! Like presence, it is gathered and told a few times a second, and who left still counts as there for
//! a moment.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parley_shared::ids::UserId;
use parley_shared::limits::PRESENCE_GRACE_MS;

use super::connection::Connection;

/// Those who are looked at.
#[derive(Debug, Default)]
pub(super) struct Watch {
    watched: HashMap<UserId, Watched>,
    /// At whom each connection looks.
    by_connection: HashMap<u64, Vec<UserId>>,
    /// Those who came or went, and of whom that may not have been told.
    unsettled: HashSet<UserId>,
}

#[derive(Debug)]
struct Watched {
    by: Vec<Arc<Connection>>,
    /// Whether they are there, as far as it was told.
    online: bool,
    /// When their last connection went, in milliseconds since 1970.
    left_ms: u64,
}

/// What is told of those whom someone looks at: who is there, and who is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Online {
    /// Those who are there.
    pub online: Vec<UserId>,
    /// Those who are not.
    pub offline: Vec<UserId>,
}

impl Watch {
    /// A connection looks at these from now on, and at nobody else. `None` when it came into doubt since
    /// it was asked whether it may.
    pub(super) fn watch(
        &mut self,
        connection: &Arc<Connection>,
        people: &[UserId],
        is_here: impl Fn(UserId) -> bool,
    ) -> Option<Online> {
        if connection.in_doubt.load(Ordering::Acquire) {
            return None;
        }
        self.stop(connection.id);
        let mut told = Online::default();
        for person in people {
            let watched = self.watched.entry(*person).or_insert_with(|| Watched {
                by: Vec::new(),
                online: is_here(*person),
                left_ms: 0,
            });
            watched.by.push(Arc::clone(connection));
            match watched.online {
                true => told.online.push(*person),
                false => told.offline.push(*person),
            }
        }
        if !people.is_empty() {
            self.by_connection.insert(connection.id, people.to_vec());
        }
        Some(told)
    }

    /// A connection looks at nobody any more.
    pub(super) fn stop(&mut self, connection: u64) {
        for person in self.by_connection.remove(&connection).unwrap_or_default() {
            if let Some(watched) = self.watched.get_mut(&person) {
                watched.by.retain(|by| by.id != connection);
                if watched.by.is_empty() {
                    self.watched.remove(&person);
                }
            }
        }
    }

    /// Whether a connection may look at whom it looks has to be asked again, and it is told nothing until
    /// that is known.
    pub(super) fn doubt(&mut self, connection: &Connection) {
        connection.in_doubt.store(true, Ordering::Release);
        self.stop(connection.id);
        connection.mailbox.nudge();
    }

    /// A person came, or the last connection of theirs went.
    pub(super) fn moved(&mut self, person: UserId, now_ms: u64) {
        if let Some(watched) = self.watched.get_mut(&person) {
            watched.left_ms = now_ms;
            self.unsettled.insert(person);
        }
    }

    /// Whether there may be something to tell.
    pub(super) fn is_unsettled(&self) -> bool {
        !self.unsettled.is_empty()
    }

    /// What is to be told now, and to whom.
    pub(super) fn settle(
        &mut self,
        now_ms: u64,
        is_here: impl Fn(UserId) -> bool,
    ) -> Vec<(Arc<Connection>, Online)> {
        let mut told: HashMap<u64, (Arc<Connection>, Online)> = HashMap::new();
        let watched = &mut self.watched;
        self.unsettled.retain(|person| {
            let Some(watched) = watched.get_mut(person) else {
                return false;
            };
            let online = is_here(*person);
            if online == watched.online {
                return false;
            }
            if !online && now_ms < watched.left_ms.saturating_add(PRESENCE_GRACE_MS) {
                return true;
            }
            watched.online = online;
            for connection in &watched.by {
                let told = told.entry(connection.id);
                let (_, told) = told.or_insert_with(|| (Arc::clone(connection), Online::default()));
                match online {
                    true => told.online.push(*person),
                    false => told.offline.push(*person),
                }
            }
            false
        });
        told.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Proof;

    const NOON: u64 = 1_800_000_000_000;
    const ANNA: UserId = UserId::from_bytes([1; 16]);
    const BERT: UserId = UserId::from_bytes([2; 16]);

    fn connection(id: u64) -> Arc<Connection> {
        Arc::new(Connection::arriving(
            id,
            UserId::from_bytes([9; 16]),
            Proof::Guest,
        ))
    }

    fn told(watch: &mut Watch, now_ms: u64, here: &[UserId]) -> Vec<Online> {
        let told = watch.settle(now_ms, |person| here.contains(&person));
        told.into_iter().map(|(_, told)| told).collect()
    }

    #[test]
    fn who_comes_is_told_and_who_goes_after_a_grace_and_a_reload_not_at_all() {
        let mut watch = Watch::default();
        let first = watch.watch(&connection(1), &[ANNA, BERT], |person| person == BERT);
        let expected = Online {
            online: vec![BERT],
            offline: vec![ANNA],
        };
        assert_eq!(first, Some(expected));
        watch.moved(ANNA, NOON);
        let came = Online {
            online: vec![ANNA],
            offline: Vec::new(),
        };
        assert_eq!(told(&mut watch, NOON, &[ANNA, BERT]), [came]);
        watch.moved(BERT, NOON);
        assert_eq!(told(&mut watch, NOON + 1_000, &[ANNA]), []);
        watch.moved(BERT, NOON + 2_000);
        assert_eq!(
            told(&mut watch, NOON + 9_000, &[ANNA, BERT]),
            [],
            "a reload"
        );
        watch.moved(BERT, NOON + 9_000);
        let went = Online {
            online: Vec::new(),
            offline: vec![BERT],
        };
        assert_eq!(
            told(&mut watch, NOON + 9_000 + PRESENCE_GRACE_MS, &[ANNA]),
            [went]
        );
        assert!(!watch.is_unsettled());
    }

    #[test]
    fn who_is_in_doubt_hears_nothing_and_begins_nothing() {
        let mut watch = Watch::default();
        let reader = connection(1);
        watch.watch(&reader, &[ANNA], |_| false);
        watch.doubt(&reader);
        watch.moved(ANNA, NOON);
        assert_eq!(told(&mut watch, NOON, &[ANNA]), []);
        assert_eq!(watch.watch(&reader, &[ANNA], |_| true), None);
        assert!(watch.watched.is_empty() && watch.by_connection.is_empty());
    }
}
