//! What people write, change, delete and mark, on their pages and by their programs. It does not know how it travels.

use leptos::prelude::ReadUntracked as _;
use parley_shared::ids::{MessageId, UserId};
use parley_shared::limits::MAILBOX_EVENTS_MAX;
use parley_shared::protocol::{ChatMessage, ClientCommand};

use super::{Play, mint};

/// Messages of a flood that are on their way at one time: fewer than a connection may have in flight.
const FLOODED_AT_ONCE: usize = 50;

impl Play<'_> {
    pub(super) fn write(&mut self, at: usize) {
        let number = self.pages[at].record.written.len();
        let whom = match self.chance.u8(0..6) {
            0 => format!(
                "@{}, ",
                self.chance
                    .choice(&self.template.people)
                    .map_or("", |p| p.name)
            ),
            _ => String::new(),
        };
        let text = format!("{whom}{}, message {number}", self.pages[at].name);
        let chance = self.chance.u128(..);
        let written = self.pages[at].write(text, self.now_ms, |ms| mint(ms, chance));
        if let Some(id) = written {
            self.note(|play| format!("{} writes message {number}, {id}", play.pages[at].name));
        }
    }

    /// Someone changes or deletes, on their page, something of theirs that is shown there or on its way.
    pub(super) fn change(&mut self, at: usize) {
        let Some(message) = self.choose_shown(at) else {
            return;
        };
        let text = match self.chance.u8(0..3) {
            0 => None,
            _ => Some(format!("changed to {}", self.chance.u16(..))),
        };
        let chance = self.chance.u128(..);
        let done = format!("{message} to {text:?}");
        let written = self.pages[at].change(message, text, self.now_ms, |ms| mint(ms, chance));
        if let Some(id) = written {
            self.figures.changes += 1;
            self.note(|play| format!("{} changes {done}, {id}", play.pages[at].name));
        }
    }

    /// One of the messages of the reader that they can change: as the menu of a message has it.
    fn choose_shown(&mut self, at: usize) -> Option<MessageId> {
        let page = &self.pages[at];
        let me = page.me()?;
        let timeline = page.chat.timeline.read_untracked();
        let mine = timeline.messages().filter(|m| m.author == me);
        let confirmed = mine.map(|message| message.id);
        let waiting = timeline.pending().iter().filter(|p| p.of.is_none());
        let says_words =
            |id: &MessageId| matches!(timeline.body_of(*id), Some(ChatMessage::Text { .. }));
        let all = confirmed.chain(waiting.map(|pending| pending.id));
        let all: Vec<MessageId> = all.filter(says_words).collect();
        self.chance.choice(all)
    }

    /// Somebody's program changes or deletes something that they wrote.
    pub(super) async fn program_changes(&mut self, at: usize) {
        let page = &self.pages[at];
        let mut people = self.template.people.iter();
        let person = people.position(|known| page.account == Some(known.id));
        let new = page.record.written.iter().filter(|w| w.of.is_none());
        let accepted: Vec<_> = new
            .filter_map(|w| Some((w.id, page.record.accepted.get(&w.id)?.0)))
            .collect();
        let (Some(person), Some((message, conversation))) = (person, self.chance.choice(accepted))
        else {
            return;
        };
        let id = self.mint();
        let command = if self.chance.u8(0..3) == 0 {
            ClientCommand::Delete {
                id,
                conversation,
                message,
            }
        } else {
            ClientCommand::Edit {
                id,
                conversation,
                message,
                body: text(format!("changed to {}", self.chance.u16(..))),
            }
        };
        self.figures.changes += 1;
        self.note(|_| format!("a program says {command:?}"));
        self.program_says(person, &[command]).await;
    }

    /// Somebody marks a conversation of their list as read, or as unread.
    pub(super) fn mark(&mut self, at: usize) {
        let Some(conversation) = self.choose_listed(at) else {
            return;
        };
        let now_ms = self.now_ms;
        let is_read = self.chance.bool();
        self.note(|play| {
            let name = &play.pages[at].name;
            format!("{name} marks {conversation} as read: {is_read}")
        });
        self.pages[at].act(|sync| match is_read {
            true => sync.mark_all_read(conversation, now_ms),
            false => sync.mark_unread(conversation, None, now_ms),
        });
    }

    /// Takes someone out of the group, or back into it.
    pub(super) async fn seat_or_unseat(&mut self) {
        let nth = self.chance.usize(1..self.template.people.len());
        let person: UserId = self.template.people[nth].id;
        let is_in = self.chance.bool();
        let done = self.server.seat(self.template, person, is_in).await;
        if done.is_err() {
            return;
        }
        self.note(|_| format!("{person} is in the group: {is_in}"));
        if !is_in {
            self.removed.push(person);
        }
    }

    /// More is written to everyone than waits for a reader who takes nothing.
    pub(super) async fn flood(&mut self) {
        if !std::mem::take(&mut self.is_flooded) {
            return;
        }
        let conversation = self.template.lobby;
        self.note(|_| "a flood begins".to_owned());
        if let Some(connection) = &self.pages[0].connection {
            connection.line().set_room(Some(0));
        }
        let mut left = MAILBOX_EVENTS_MAX + FLOODED_AT_ONCE;
        while left > 0 {
            let mut commands = Vec::new();
            for _ in 0..FLOODED_AT_ONCE.min(left) {
                let id = self.mint();
                self.flood.push(id);
                commands.push(ClientCommand::Send {
                    id,
                    conversation,
                    body: text("so much".to_owned()),
                });
            }
            left -= commands.len();
            self.program_says(0, &commands).await;
            self.settle().await;
        }
    }
}

fn text(text: String) -> ChatMessage {
    ChatMessage::Text { text }
}
