//! What a connection says of how far its person has come. It does not know who is told.

use parley_shared::protocol::{ClientCommand, Refusal};

use super::Session;
use crate::actions;

impl Session {
    /// Moves the marks that a command names.
    pub(super) async fn mark(&mut self, command: &ClientCommand) -> Result<(), Refusal> {
        match command {
            ClientCommand::Read {
                conversation,
                through,
            } => {
                let seat = self.seat(*conversation).await?;
                let receipt = self.receipt("read", None);
                actions::conversations::read(&self.app, &self.caller, seat, *through, receipt).await
            }
            ClientCommand::MarkUnread { conversation, from } => {
                let seat = self.seat(*conversation).await?;
                let receipt = self.receipt("mark_unread", None);
                let caller = &self.caller;
                actions::conversations::mark_unread(&self.app, caller, seat, *from, receipt).await
            }
            ClientCommand::Delivered { marks } => {
                let receipt = self.receipt("delivered", None);
                actions::receipts::delivered(&self.app, &self.caller, marks, receipt).await
            }
            _ => Ok(()),
        }
    }
}
