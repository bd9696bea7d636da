//! What the server says first on every connection. It does not know how the connection came to be.

use leptos::prelude::*;
use parley_shared::protocol::{ClientCommand, ServerEvent};

use super::Sync;
use crate::state::Link;

impl Sync {
    /// Takes the welcome.
    pub(super) fn welcome(&mut self, event: ServerEvent, now_ms: u64) -> Vec<ClientCommand> {
        let ServerEvent::Welcome {
            me,
            account,
            conversations,
            more,
            people,
            presence,
            requests,
            remarks,
            since,
            left,
            stamp,
            ..
        } = event
        else {
            return Vec::new();
        };
        let is_another = self.my_id().is_some_and(|known| known != me.id);
        if !self.recognise(&me, account) {
            return Vec::new();
        }
        self.was_welcome = true;
        if is_another && since.is_some() {
            // What changed since is little to someone of whom nothing is known here.
            self.write.me.set(Some(me));
            self.wants_anew = true;
            return Vec::new();
        }
        self.is_live = true;
        self.told_stamp = stamp;
        self.cache.open();
        self.outbox.restart();
        self.talks.restart();
        self.watch.restart();
        self.reached.restart();
        self.said.clear();
        self.write.me.set(Some(me.clone()));
        self.meet([me.clone()]);
        self.write.link.set(Link::Live);
        self.know_requests(requests);
        if remarks {
            self.write.remarks_due.update(|times| *times += 1);
        } else {
            self.know_remarks(Vec::new());
        }

        let shown = self.open_id();
        if since.is_some() {
            self.take_first_changes(conversations, people, more, since);
            left.into_iter().for_each(|id| self.left(id));
        } else {
            self.take_first_page(conversations, people, more);
        }
        self.say_marks_again();
        self.settle();
        let lobby = self.chat.list.with_untracked(|list| list.lobby());
        if self.open_id() == lobby {
            // It is what the server takes for open, and whose presence it told just now.
            let is_open = |said: &ClientCommand| matches!(said, ClientCommand::Open { .. });
            self.said.retain(|said| !is_open(said));
            self.present(presence);
        } else if let Some(conversation) = self.open_id().filter(|open| Some(*open) == shown) {
            self.said.push(ClientCommand::Open { conversation });
        }
        self.write
            .timeline
            .update(|timeline| timeline.cancel_older());
        self.unshelve(me.id, now_ms);
        // Names may have changed while nobody told.
        self.ask_names();
        self.next_commands(now_ms)
    }
}
