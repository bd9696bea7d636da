//! What a connection asks the store. Each question is answered when the store has, whatever else is done meanwhile. It does not
//! know what changes.

use std::sync::Arc;

use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};

use super::Session;
use super::refused::refusal;
use super::unfinished::Unfinished;
use crate::actions;
use crate::hub::Frame;

impl Session {
    /// Asks what a command wants to know; it is answered when the store has.
    pub(super) async fn look_up(&mut self, command: &ClientCommand) -> Result<(), Refusal> {
        let (app, person) = (self.app.clone(), self.caller.person());
        match command {
            ClientCommand::History {
                conversation,
                before,
            } => {
                let (seat, before) = (self.seat(*conversation).await?, *before);
                self.answer("history", async move {
                    actions::history::history(&app, seat, before).await
                });
            }
            ClientCommand::Changes {
                conversation,
                since,
            } => {
                let (seat, since) = (self.seat(*conversation).await?, *since);
                self.answer("changes", async move {
                    actions::history::changes(&app, seat, since).await
                });
            }
            ClientCommand::Entries {
                conversation,
                after,
            } => {
                let (seat, after) = (self.seat(*conversation).await?, *after);
                self.answer("entries", async move {
                    actions::history::entries(&app, seat, after).await
                });
            }
            ClientCommand::People { ids } => {
                let ids = ids.clone();
                self.answer(
                    "people",
                    async move { actions::people::people(&app, ids).await },
                );
            }
            ClientCommand::Conversations { before, since } => {
                let (before, since) = (*before, *since);
                self.answer("conversations", async move {
                    actions::conversations::page(&app, person, before, since).await
                });
            }
            ClientCommand::Conversation { conversation } => {
                let id = *conversation;
                self.answer("conversation", async move {
                    actions::conversations::conversation(&app, person, id).await
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Looks something up without keeping the connection from what else it has to do.
    fn answer(
        &self,
        command: &'static str,
        question: impl Future<Output = Result<ServerEvent, Refusal>> + Send + 'static,
    ) {
        let mailbox = Arc::clone(self.mailbox());
        let unfinished = Unfinished::read(&self.in_flight, &mailbox);
        self.app.connections().spawn(async move {
            let frame = match question.await {
                Ok(event) => Frame::new(&event),
                Err(reason) => refusal(Some(command.to_owned()), None, reason),
            };
            drop(unfinished);
            mailbox.push(&[frame]);
        });
    }
}
