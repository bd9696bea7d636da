//! The commands that write into a conversation. It does not know what may be written.

use parley_shared::protocol::{ClientCommand, Refusal};

use super::Session;
use crate::actions::messages as actions;

impl Session {
    /// Writes a message, or changes one; any other command does nothing.
    pub(super) async fn write(&mut self, command: &ClientCommand) -> Result<(), Refusal> {
        match command {
            ClientCommand::Send {
                id,
                conversation,
                body,
            } => {
                let seat = self.seat(*conversation).await?;
                let receipt = self.receipt("send", Some(*id));
                actions::send(&self.app, &seat, *id, body.clone(), receipt).await
            }
            ClientCommand::Edit {
                id,
                conversation,
                message,
                body,
            } => {
                let seat = self.seat(*conversation).await?;
                let receipt = self.receipt("edit", Some(*id));
                actions::edit(&self.app, &seat, *id, *message, body.clone(), receipt).await
            }
            ClientCommand::Delete {
                id,
                conversation,
                message,
            } => {
                let seat = self.seat(*conversation).await?;
                let receipt = self.receipt("delete", Some(*id));
                actions::delete(&self.app, &seat, *id, *message, receipt).await
            }
            _ => Ok(()),
        }
    }
}
