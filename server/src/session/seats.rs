//! The seats that a connection used lately. It does not know whether they still hold: whoever reads or
//! writes by one checks it.

use std::collections::VecDeque;

use parley_shared::ids::ConversationId;

use crate::store::conversations::Seat;

/// Seats that are remembered besides the Lobby's; a person looks at one conversation at a time.
const SEATS_MAX: usize = 8;

/// Seats by conversation.
#[derive(Debug)]
pub(super) struct Seats {
    /// Where everyone has one: these are always known.
    lobbies: Vec<Seat>,
    /// The others, the one that was used last at the end.
    others: VecDeque<Seat>,
}

impl Seats {
    pub(super) fn new(lobbies: Vec<Seat>) -> Self {
        Self {
            lobbies,
            others: VecDeque::new(),
        }
    }

    /// The seat in a conversation, if it is remembered.
    pub(super) fn find(&mut self, conversation: ConversationId) -> Option<Seat> {
        let is_there = |seat: &&Seat| seat.conversation() == conversation;
        if let Some(seat) = self.lobbies.iter().find(is_there) {
            return Some(*seat);
        }
        let mut others = self.others.iter();
        let index = others.position(|seat| seat.conversation() == conversation)?;
        let seat = self.others.remove(index)?;
        self.others.push_back(seat);
        Some(seat)
    }

    /// Remembers a seat, and forgets the one that was not used for longest.
    pub(super) fn keep(&mut self, seat: Seat) {
        if self.others.len() >= SEATS_MAX {
            self.others.pop_front();
        }
        self.others.push_back(seat);
    }
}
