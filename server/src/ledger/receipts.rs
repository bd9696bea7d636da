//! What has reached whom, within the ledger's transaction. It does not know who hears of it.

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{ConversationKind, Receipt};
use parley_shared::protocol::{DeliveredMark, Refusal};

use super::batch::{Batch, Made, refused};
use super::{Outcome, Told};
use crate::store::{Result, read_marks, receipts};

impl Batch<'_> {
    /// Takes note of what a device has. Marks that say nothing new are passed over, and so are those of
    /// conversations in which it is not told, or in which the person is not: the two look the same.
    pub(super) fn delivered(&mut self, person: UserId, marks: &[DeliveredMark]) -> Result<Made> {
        if self.person(person)?.is_none() {
            return Ok(refused(Refusal::SignInNeeded));
        }
        let mut reached = Vec::new();
        for mark in marks {
            if let Some(receipt) = self.deliver(person, mark)? {
                reached.push((mark.conversation, receipt));
            }
        }
        let told = (!reached.is_empty()).then_some(Told::Reached(reached));
        Ok((told, Outcome::Done))
    }

    fn deliver(&mut self, person: UserId, mark: &DeliveredMark) -> Result<Option<Receipt>> {
        let id = mark.conversation;
        let Some(last) = self.last(id)? else {
            return Ok(None);
        };
        let through = mark.through.min(last);
        if through <= read_marks::delivered(self.connection, person, id)?
            || !receipts::are_told(self.connection, person, id)?
        {
            return Ok(None);
        }
        read_marks::set_delivered(self.connection, person, id, through)?;
        receipts::receipt(self.connection, person, id)
    }

    /// What others are told when someone has read further in a conversation.
    pub(super) fn reached(&mut self, person: UserId, id: ConversationId) -> Result<Option<Told>> {
        let kind = self.running(id)?.map(|progress| progress.kind);
        if !matches!(
            kind,
            Some(ConversationKind::Direct | ConversationKind::Group)
        ) {
            return Ok(None);
        }
        let receipt = receipts::receipt(self.connection, person, id)?;
        Ok(receipt.map(|receipt| Told::Reached(vec![(id, receipt)])))
    }
}
