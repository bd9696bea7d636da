//! What is asked and kept by whoever proves what is shown. It does not know how that is done.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq};

use super::Actions;

impl Actions {
    /// Asks for the entries that follow one; they come as [`crate::state::Chat::evidence`].
    pub fn ask_entries(self, conversation: ConversationId, after: Seq) {
        self.act(|sync| sync.ask_entries(conversation, after));
    }

    /// Whether the page reads all that the server writes.
    pub fn reads_all(self) -> bool {
        let reads = self.desk.try_with_value(|desk| desk.sync.reads_all());
        reads == Some(true)
    }

    /// Asks for the newest messages of what is shown as the server has them now; they come as evidence too.
    pub fn ask_newest(self, conversation: ConversationId) {
        self.act(|sync| sync.ask_newest(conversation));
    }

    /// What was kept of what can be proven of a conversation.
    pub fn proof(self, conversation: ConversationId) -> Option<String> {
        let kept = self
            .desk
            .try_update_value(|desk| desk.sync.proof(conversation).map(str::to_owned));
        kept.flatten()
    }

    /// Keeps what can be proven of a conversation.
    pub fn keep_proof(self, conversation: ConversationId, text: String) {
        self.act(|sync| {
            sync.keep_proof(conversation, text);
            Vec::new()
        });
    }

    /// These messages of what is shown, and no others, are not what was written.
    pub fn doubt(self, messages: Vec<MessageId>) {
        self.act(|sync| {
            sync.doubt(messages);
            Vec::new()
        });
    }
}
