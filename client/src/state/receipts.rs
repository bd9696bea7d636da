//! How far what is said reached those who are in a conversation. It does not know who told so.

use parley_shared::ids::{Seq, UserId};
use parley_shared::model::Receipt;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The server has it; of more is nothing known.
    Sent,
    /// Each of the others has it on a device.
    Delivered,
    /// Each of the others has read it.
    Read,
}

impl Reach {
    /// How far a message at this place has come to one of the others.
    pub fn of(told: &Receipt, place: Seq) -> Self {
        Self::between(place, told.delivered, told.read)
    }

    fn between(place: Seq, delivered: Seq, read: Seq) -> Self {
        if place <= read {
            Self::Read
        } else if place <= delivered {
            Self::Delivered
        } else {
            Self::Sent
        }
    }
}

/// How far the conversation that is shown reached each of the others, as far as that is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipts {
    // So few that looking through them is quicker than a table, and less to download.
    others: Vec<Receipt>,
    delivered: Seq,
    read: Seq,
}

impl Receipts {
    /// How far a message at this place has come.
    pub fn of(&self, place: Seq) -> Reach {
        Reach::between(place, self.delivered, self.read)
    }

    /// Each of the others of whom it is told, in any order.
    pub fn others(&self) -> impl Iterator<Item = &Receipt> {
        self.others.iter()
    }

    /// Takes note of what was told, for those whom it is another. What the reader's own devices have is no news to them.
    pub(crate) fn take(&mut self, told: Vec<Receipt>, me: Option<UserId>) {
        for receipt in told {
            if Some(receipt.person) != me {
                self.others.retain(|known| known.person != receipt.person);
                self.others.push(receipt);
            }
        }
        self.sum_up();
    }

    /// Some are not in the conversation any more: nobody waits for them.
    pub(crate) fn forget(&mut self, gone: &[UserId]) {
        self.others.retain(|known| !gone.contains(&known.person));
        self.sum_up();
    }

    fn sum_up(&mut self) {
        let least = |mark: fn(&Receipt) -> Seq| self.others.iter().map(mark).min();
        let (delivered, read) = (least(|told| told.delivered), least(|told| told.read));
        self.read = read.unwrap_or(Seq::ZERO);
        // Whoever read something has it.
        self.delivered = delivered.unwrap_or(Seq::ZERO).max(self.read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(person: u8, delivered: u64, read: u64) -> Receipt {
        Receipt {
            person: UserId::from_bytes([person; 16]),
            delivered: Seq(delivered),
            read: Seq(read),
        }
    }

    #[test]
    fn a_message_has_come_as_far_as_it_has_to_the_last_of_the_others() {
        let me = Some(UserId::from_bytes([1; 16]));
        let mut receipts = Receipts::default();
        assert_eq!(receipts.of(Seq(1)), Reach::Sent, "nothing is told");
        receipts.take(
            vec![receipt(1, 0, 0), receipt(2, 5, 3), receipt(3, 4, 0)],
            me,
        );
        assert_eq!(receipts.of(Seq(4)), Reach::Delivered);
        assert_eq!(receipts.of(Seq(5)), Reach::Sent);
        assert_eq!(
            receipts.of(Seq(3)),
            Reach::Delivered,
            "one does not tell what they read"
        );
        receipts.take(vec![receipt(3, 5, 4)], me);
        assert_eq!(receipts.of(Seq(3)), Reach::Read);
        assert_eq!(receipts.of(Seq(5)), Reach::Delivered);
        receipts.forget(&[UserId::from_bytes([2; 16])]);
        assert_eq!(
            receipts.of(Seq(4)),
            Reach::Read,
            "nobody waits for who left"
        );
    }
}
