//! Who must not see whom: whoever was blocked does not see those who blocked them, as if they were not
//! there. It does not know why.

use std::collections::{HashMap, HashSet};

use parley_shared::ids::UserId;
use parley_shared::protocol::ServerEvent;

use super::presence::Attendance;

/// For those few who were blocked, by whom.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    from: HashMap<UserId, HashSet<UserId>>,
}

impl Hidden {
    /// Whether nobody hides from anybody.
    pub(super) fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    /// Those who hide from a person.
    pub(super) fn from(&self, viewer: UserId) -> Option<&HashSet<UserId>> {
        self.from.get(&viewer)
    }

    pub(super) fn hide(&mut self, person: UserId, viewer: UserId) {
        self.from.entry(viewer).or_default().insert(person);
    }

    pub(super) fn show(&mut self, person: UserId, viewer: UserId) {
        if let Some(hidden) = self.from.get_mut(&viewer) {
            hidden.remove(&person);
            if hidden.is_empty() {
                self.from.remove(&viewer);
            }
        }
    }
}

/// Events of a conversation as they are for someone from whom others hide.
pub(super) fn as_seen(
    events: &[ServerEvent],
    attendance: &Attendance,
    hidden: &HashSet<UserId>,
) -> Vec<ServerEvent> {
    let seen = events.iter().map(|event| match event {
        ServerEvent::PresenceChanged { conversation, .. } => ServerEvent::PresenceChanged {
            conversation: *conversation,
            presence: attendance.presence_without(hidden),
        },
        ServerEvent::TypingChanged { conversation, .. } => ServerEvent::TypingChanged {
            conversation: *conversation,
            people: attendance.typing_without(hidden),
        },
        other => other.clone(),
    });
    seen.collect()
}
