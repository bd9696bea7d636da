//! What the browser keeps from one visit to the next, and what tabs tell each other of it. It does not know where that is.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId, Seq};

use super::Actions;
use crate::clock;
use crate::outbox::KeptMessage;
use crate::socket::SocketCommand;
use crate::sync::Sync;

impl Actions {
    /// This was kept at the last visit. The socket may connect now.
    pub(crate) fn recall(self, cached: Vec<(String, String)>) {
        self.act(|sync| sync.recall(cached, clock::now_ms()));
        self.desk.try_update_value(|desk| {
            desk.stamp = desk.sync.stamp();
            desk.tell(SocketCommand::Since(desk.stamp));
        });
    }

    /// A message is kept in the browser.
    pub(crate) fn kept(self, id: MessageId) {
        self.act(|sync| sync.kept(id, clock::now_ms()));
    }

    /// This tab's turn to send has come, or was taken away.
    pub(crate) fn turn(self, is_mine: bool) {
        self.act(|sync| sync.turn(is_mine, clock::now_ms()));
    }

    /// Whether the page was taken down.
    pub(crate) fn is_gone(self) -> bool {
        self.desk.is_disposed()
    }

    /// Another tab keeps a message.
    pub(crate) fn told_kept(self, message: KeptMessage) {
        self.act(|sync| sync.told_kept(message, clock::now_ms()));
    }

    /// Another tab sent a message: the server has it.
    pub(crate) fn told_passed(self, id: MessageId, conversation: ConversationId, seq: Seq) {
        self.act(|sync| sync.told_passed(id, conversation, seq, clock::now_ms()));
    }

    /// Another tab gave a message up.
    pub(crate) fn told_forgotten(self, id: MessageId) {
        self.act(|sync| sync.told_forgotten(id, clock::now_ms()));
    }

    /// Keeps for the next visit what the page knows now.
    pub(super) fn save(self) {
        self.desk.try_update_value(|desk| {
            desk.saves_soon = false;
            if let Some(writer) = desk.writer {
                writer(&mut desk.sync);
            }
        });
    }

    /// From now on the browser keeps for the next visit what the page knows.
    pub fn keep_for_next_visit(self) {
        self.desk.try_update_value(|desk| {
            desk.writer = Some(Sync::save);
            self.save_in_time(desk);
        });
    }
}
