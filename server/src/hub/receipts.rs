//! What has reached whom in one conversation, gathered until it is told. It does not know how it did.
//!
//! Like presence it is told at most every so often: where fifty read a message in a second, each of them
//! hears a few events and not fifty.

use std::collections::{BTreeMap, HashSet};

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Receipt;
use parley_shared::protocol::ServerEvent;

use super::presence::interval_ms;

/// What is still to be told.
#[derive(Debug, Default)]
pub(super) struct Receipts {
    waiting: BTreeMap<UserId, Receipt>,
    told_ms: u64,
}

impl Receipts {
    /// Something has reached someone. What was to be told of them before is not told.
    pub(super) fn note(&mut self, receipt: Receipt) {
        self.waiting.insert(receipt.person, receipt);
    }

    /// Someone does not belong there any more: nothing is told of them.
    pub(super) fn remove(&mut self, person: UserId) {
        self.waiting.remove(&person);
    }

    pub(super) fn is_unsettled(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn is_due(&self, now_ms: u64, listeners: usize) -> bool {
        self.is_unsettled() && now_ms >= self.told_ms.saturating_add(interval_ms(listeners))
    }

    /// What is to be told now.
    pub(super) fn tell(&mut self, now_ms: u64, listeners: usize) -> Vec<Receipt> {
        if !self.is_due(now_ms, listeners) {
            return Vec::new();
        }
        self.told_ms = now_ms;
        std::mem::take(&mut self.waiting).into_values().collect()
    }
}

/// What is told of these to someone who must not see some people; nothing of nobody.
pub(super) fn as_told(
    conversation: ConversationId,
    receipts: &[Receipt],
    hidden: &HashSet<UserId>,
) -> Option<ServerEvent> {
    let shown = receipts
        .iter()
        .filter(|receipt| !hidden.contains(&receipt.person));
    let receipts: Vec<Receipt> = shown.cloned().collect();
    (!receipts.is_empty()).then_some(ServerEvent::ReceiptsChanged {
        conversation,
        receipts,
    })
}

#[cfg(test)]
mod tests {
    use parley_shared::ids::Seq;
    use parley_shared::limits::PRESENCE_INTERVAL_MIN_MS;

    use super::*;

    const NOON: u64 = 1_800_000_000_000;

    fn receipt(person: u8, delivered: u64) -> Receipt {
        Receipt {
            person: UserId::from_bytes([person; 16]),
            delivered: Seq(delivered),
            read: Seq::ZERO,
        }
    }

    #[test]
    fn what_happens_within_a_moment_is_told_once_and_as_it_is_then() {
        let mut receipts = Receipts::default();
        receipts.note(receipt(1, 5));
        assert_eq!(receipts.tell(NOON, 2), [receipt(1, 5)]);
        for number in 6..9 {
            receipts.note(receipt(1, number));
            receipts.note(receipt(2, number));
        }
        assert_eq!(receipts.tell(NOON + PRESENCE_INTERVAL_MIN_MS - 1, 2), []);
        let told = receipts.tell(NOON + PRESENCE_INTERVAL_MIN_MS, 2);
        assert_eq!(told, [receipt(1, 8), receipt(2, 8)]);
        assert!(!receipts.is_unsettled());
        assert_eq!(receipts.tell(NOON * 2, 2), []);
    }

    #[test]
    fn nothing_is_told_of_who_left_or_of_who_hides() {
        let mut receipts = Receipts::default();
        receipts.note(receipt(1, 5));
        receipts.note(receipt(2, 5));
        receipts.remove(receipt(1, 5).person);
        assert_eq!(receipts.tell(NOON, 2), [receipt(2, 5)]);
        let conversation = ConversationId::from_bytes([9; 16]);
        let both = [receipt(1, 5), receipt(2, 5)];
        let hidden = HashSet::from([both[0].person]);
        let told = as_told(conversation, &both, &hidden);
        let receipts = vec![receipt(2, 5)];
        assert_eq!(
            told,
            Some(ServerEvent::ReceiptsChanged {
                conversation,
                receipts
            })
        );
        assert_eq!(as_told(conversation, &both[..1], &hidden), None);
    }
}
