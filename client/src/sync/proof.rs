//! What is asked and found by whoever proves what is shown. It does not know how that is done.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::protocol::{ClientCommand, ServerEvent};
use parley_shared::timeline::Timeline;

use super::Sync;

impl Sync {
    /// Whether the page reads all that the server writes: then both are of one version.
    pub fn reads_all(&self) -> bool {
        self.reads_all
    }

    /// Asks for the entries that follow one.
    pub fn ask_entries(&self, conversation: ConversationId, after: Seq) -> Vec<ClientCommand> {
        if !self.is_live {
            return Vec::new();
        }
        vec![ClientCommand::Entries {
            conversation,
            after,
        }]
    }

    /// Asks for the newest messages of what is shown, as the server has them now.
    pub fn ask_newest(&self, conversation: ConversationId) -> Vec<ClientCommand> {
        if !self.is_live {
            return Vec::new();
        }
        vec![ClientCommand::History {
            conversation,
            before: None,
        }]
    }

    /// Takes note of what can be proven with: entries, and messages that the window has already.
    pub(super) fn note_evidence(&mut self, event: &ServerEvent) {
        let is_evidence = match event {
            ServerEvent::Entries { .. } => true,
            ServerEvent::History {
                conversation,
                before: None,
                ..
            } => {
                self.is_open(*conversation)
                    && self.chat.timeline.with_untracked(Timeline::is_loaded)
            }
            _ => false,
        };
        if is_evidence {
            self.write.evidence.set(Some(event.clone()));
        }
    }

    /// These messages of what is shown, and no others, are not what was written.
    pub fn doubt(&mut self, messages: Vec<MessageId>) {
        if self
            .chat
            .doubted
            .with_untracked(|before| *before != messages)
        {
            self.write.doubted.set(messages);
        }
    }

    /// The server says which version it is of.
    pub(super) fn know_version(&mut self, server: &str) {
        self.reads_all = server == env!("CARGO_PKG_VERSION");
    }
}
