//! How many are in large groups, which changes often and is heard by many. It knows no member.
//!
//! Like presence, it is gathered: a group into which hundreds come in a second tells its thousands of
//! members so a few times a second at most, and less often the more they are.

use std::collections::HashMap;

use parley_shared::ids::{ConversationId, Stamp};

use super::presence::interval_ms;
use super::{Frame, Hub};

/// What is to be told of the numbers of members, and was a moment ago.
#[derive(Debug, Default)]
pub(super) struct Counted {
    groups: HashMap<ConversationId, Count>,
}

#[derive(Debug, Default)]
struct Count {
    /// What the group is now, where that is still to be told, and up to which stamp all was told when
    /// that began.
    waiting: Option<(Frame, Stamp)>,
    told_ms: u64,
}

impl Counted {
    fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn note(&mut self, group: ConversationId, frame: Frame, told: Stamp) {
        let waiting = &mut self.groups.entry(group).or_default().waiting;
        let since = waiting.as_ref().map_or(told, |(_, since)| *since);
        *waiting = Some((frame, since));
    }

    /// Up to which stamp all was told when the oldest began to wait of what waits.
    fn since(&self) -> Option<Stamp> {
        let waiting = self
            .groups
            .values()
            .filter_map(|count| count.waiting.as_ref());
        waiting.map(|(_, since)| *since).min()
    }

    fn overtake(&mut self, group: ConversationId) {
        if let Some(count) = self.groups.get_mut(&group) {
            count.waiting = None;
        }
    }

    /// What is to be told now. Those of which it is long that something was told are forgotten.
    fn due(
        &mut self,
        now_ms: u64,
        listeners: impl Fn(ConversationId) -> usize,
    ) -> Vec<(ConversationId, Frame)> {
        let mut due = Vec::new();
        self.groups.retain(|group, count| {
            if now_ms < count.told_ms.saturating_add(interval_ms(listeners(*group))) {
                return true;
            }
            count.told_ms = now_ms;
            let told = count.waiting.take().map(|(frame, _)| (*group, frame));
            let is_told = told.is_some();
            due.extend(told);
            is_told
        });
        due
    }
}

impl Hub {
    /// Nothing but the number of a group's members is another: that is told in time, if nothing else
    /// is told of the group before.
    pub fn count(&self, group: ConversationId, frame: Frame) {
        let mut counted = self.telling();
        counted.note(group, frame, self.newest_told());
        self.waits_since(counted.since());
    }

    /// What a group is now is told in another way: no number of before is told after it.
    pub fn overtake_count(&self, group: ConversationId) {
        let mut counted = self.telling();
        if !counted.is_empty() {
            counted.overtake(group);
            self.waits_since(counted.since());
        }
    }

    /// Tells what is due.
    pub(super) fn tell_counts(&self, now_ms: u64) {
        let mut counted = self.telling();
        if counted.is_empty() {
            return;
        }
        let rooms = self.read();
        let due = counted.due(now_ms, |group| {
            rooms.get(group).map_or(0, |room| room.listeners.len())
        });
        let told: Vec<_> = due
            .into_iter()
            .filter_map(|(group, frame)| Some((rooms.get(group)?.listeners.snapshot(), frame)))
            .collect();
        drop(rooms);
        // Told while whoever leaves waits: they hear nothing of it afterwards.
        for (mailboxes, frame) in told {
            for mailbox in mailboxes.iter() {
                mailbox.enqueue(std::slice::from_ref(&frame));
            }
        }
        self.waits_since(counted.since());
    }
}

#[cfg(test)]
mod tests {
    use parley_shared::limits::PRESENCE_INTERVAL_MIN_MS;
    use parley_shared::protocol::ServerEvent;

    use super::*;

    const NOON: u64 = 1_800_000_000_000;
    const GROUP: ConversationId = ConversationId::from_bytes([9; 16]);

    fn due(counted: &mut Counted, now_ms: u64, listeners: usize) -> usize {
        counted.due(now_ms, |_| listeners).len()
    }

    #[test]
    fn a_number_that_changes_often_is_told_seldom_and_the_last_one_always() {
        let mut counted = Counted::default();
        let frame = || Frame::new(&ServerEvent::Pong { stamp: None });
        counted.note(GROUP, frame(), Stamp(7));
        counted.note(GROUP, frame(), Stamp(7));
        assert_eq!(due(&mut counted, NOON, 5_000), 1, "the first at once");
        counted.note(GROUP, frame(), Stamp(7));
        assert_eq!(due(&mut counted, NOON + 4_999, 5_000), 0, "many hear it");
        assert_eq!(due(&mut counted, NOON + 5_000, 5_000), 1);
        counted.note(GROUP, frame(), Stamp(7));
        let soon = NOON + 5_000 + PRESENCE_INTERVAL_MIN_MS;
        assert_eq!(due(&mut counted, soon, 2), 1, "few hear it");
        assert_eq!(due(&mut counted, soon + PRESENCE_INTERVAL_MIN_MS, 2), 0);
        assert!(
            counted.is_empty(),
            "nothing is kept of a group that is quiet"
        );
    }

    #[test]
    fn what_waits_holds_back_how_far_everything_was_told_and_no_longer() {
        let hub = Hub::default();
        let frame = || Frame::new(&ServerEvent::Pong { stamp: None });
        let arrived = Stamp::default();
        hub.told_through(Stamp(3));
        hub.count(GROUP, frame());
        hub.told_through(Stamp(4));
        hub.count(GROUP, frame());
        hub.told_through(Stamp(5));
        assert_eq!(hub.told(arrived), Some(Stamp(3)), "the oldest counts");
        hub.tell_counts(NOON);
        assert_eq!(hub.told(arrived), Some(Stamp(5)));
        hub.count(GROUP, frame());
        hub.told_through(Stamp(6));
        assert_eq!(hub.told(arrived), Some(Stamp(5)));
        hub.overtake_count(GROUP);
        assert_eq!(hub.told(arrived), Some(Stamp(6)));
    }

    #[test]
    fn who_arrived_before_what_nobody_was_told_of_cannot_be_told_how_far_all_was_told() {
        let hub = Hub::default();
        hub.untold_since(Stamp(4));
        hub.told_through(Stamp(5));
        assert_eq!(hub.told(Stamp(3)), None);
        assert_eq!(hub.told(Stamp(4)), Some(Stamp(5)));
    }

    #[test]
    fn what_was_told_in_another_way_is_not_told_again() {
        let mut counted = Counted::default();
        counted.note(
            GROUP,
            Frame::new(&ServerEvent::Pong { stamp: None }),
            Stamp(7),
        );
        counted.overtake(GROUP);
        assert_eq!(due(&mut counted, NOON, 2), 0);
        assert!(counted.is_empty());
    }
}
