//! How many are in large groups, which changes often and is heard by many. It knows no member.
//!
//! Like presence, it is gathered: a group into which hundreds come in a second tells its thousands of
//! members so a few times a second at most, and less often the more they are.

use std::collections::HashMap;

use parley_shared::ids::ConversationId;

use super::presence::interval_ms;
use super::{Frame, Hub};

/// What is to be told of the numbers of members, and was a moment ago.
#[derive(Debug, Default)]
pub(super) struct Counted {
    groups: HashMap<ConversationId, Count>,
}

#[derive(Debug, Default)]
struct Count {
    /// What the group is now, where that is still to be told.
    waiting: Option<Frame>,
    told_ms: u64,
}

impl Counted {
    fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn note(&mut self, group: ConversationId, frame: Frame) {
        self.groups.entry(group).or_default().waiting = Some(frame);
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
            let told = count.waiting.take().map(|frame| (*group, frame));
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
        self.telling().note(group, frame);
    }

    /// What a group is now is told in another way: no number of before is told after it.
    pub fn overtake_count(&self, group: ConversationId) {
        self.telling().overtake(group);
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
        counted.note(GROUP, frame());
        counted.note(GROUP, frame());
        assert_eq!(due(&mut counted, NOON, 5_000), 1, "the first at once");
        counted.note(GROUP, frame());
        assert_eq!(due(&mut counted, NOON + 4_999, 5_000), 0, "many hear it");
        assert_eq!(due(&mut counted, NOON + 5_000, 5_000), 1);
        counted.note(GROUP, frame());
        let soon = NOON + 5_000 + PRESENCE_INTERVAL_MIN_MS;
        assert_eq!(due(&mut counted, soon, 2), 1, "few hear it");
        assert_eq!(due(&mut counted, soon + PRESENCE_INTERVAL_MIN_MS, 2), 0);
        assert!(
            counted.is_empty(),
            "nothing is kept of a group that is quiet"
        );
    }

    #[test]
    fn what_was_told_in_another_way_is_not_told_again() {
        let mut counted = Counted::default();
        counted.note(GROUP, Frame::new(&ServerEvent::Pong { stamp: None }));
        counted.overtake(GROUP);
        assert_eq!(due(&mut counted, NOON, 2), 0);
        assert!(counted.is_empty());
    }
}
