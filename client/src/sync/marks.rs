//! The marks up to which conversations are read, as this page and the server move them. It does not know what is in view.
//!
//! A mark moves back as well: when something is marked as unread, here or on another device. What the server tells may then
//! be older than what was said to it from here, so the page waits for the echo of what it said.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, Seq};
use parley_shared::limits::UNREAD_COUNTED_MAX;
use parley_shared::protocol::{ClientCommand, Refusal};

use super::Sync;
use crate::state::{Notice, Unread};

/// What was said of a mark and was not heard back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    /// It is here or further, when the server has heard it.
    AtLeast(Seq),
    /// It is here, when the server has heard it.
    Exactly(Seq),
    /// Nothing was said; how it stands there is asked.
    Anything,
}

/// What was said of marks and was not heard back.
#[derive(Debug, Default)]
pub(super) struct Marks {
    awaited: Vec<(ConversationId, Awaited)>,
}

impl Marks {
    /// Whether everything that was said was heard back.
    pub(super) fn are_heard(&self) -> bool {
        self.awaited.is_empty()
    }

    /// Whether something is to be heard of how it stands there.
    pub(super) fn awaits(&self, id: ConversationId) -> bool {
        self.awaited.iter().any(|(other, _)| *other == id)
    }

    /// Nothing more is to be heard of it.
    pub(super) fn forget(&mut self, id: ConversationId) {
        self.awaited.retain(|(other, _)| *other != id);
    }

    fn await_echo(&mut self, id: ConversationId, awaited: Awaited) {
        self.forget(id);
        self.awaited.push((id, awaited));
    }

    /// Whether what is told of a mark is as new as what was said of it.
    pub(super) fn heeds(&mut self, id: ConversationId, through: Seq) -> bool {
        let Some(at) = self.awaited.iter().position(|(other, _)| *other == id) else {
            return true;
        };
        let is_echo = match self.awaited[at].1 {
            Awaited::AtLeast(said) => through >= said,
            Awaited::Exactly(said) => through == said,
            Awaited::Anything => true,
        };
        if is_echo {
            self.awaited.swap_remove(at);
        }
        is_echo
    }
}

impl Sync {
    /// The reader wants a conversation to count as unread, from this place on or from the newest that another wrote.
    /// What is shown is not read on until it is opened anew.
    pub fn mark_unread(
        &mut self,
        conversation: ConversationId,
        from: Option<Seq>,
        now_ms: u64,
    ) -> Vec<ClientCommand> {
        let Some(from) = from.or_else(|| self.newest_of_others(conversation)) else {
            return Vec::new();
        };
        if !self.is_live || !self.is_account() {
            self.write
                .notice
                .set(Some(Notice::Refused(Refusal::Unavailable)));
            return Vec::new();
        }
        let through = Seq(from.0.saturating_sub(1));
        let count = self.unread_from(conversation, from);
        if !self.move_mark(conversation, through, Awaited::Exactly(through)) {
            // Not all that follows may be here to be counted.
            self.doubt_count(conversation);
        }
        self.change_conversation(conversation, |known| known.unread = count);
        if self.is_open(conversation) {
            self.reader.keep_unread();
            self.set_unread(Unread {
                divider: Some(through),
                count: usize::try_from(count).unwrap_or(usize::MAX),
            });
        }
        self.said
            .push(ClientCommand::MarkUnread { conversation, from });
        self.next_commands(now_ms)
    }

    /// The reader wants a conversation to count as read, without looking at it.
    pub fn mark_all_read(
        &mut self,
        conversation: ConversationId,
        now_ms: u64,
    ) -> Vec<ClientCommand> {
        let last = self.listed(conversation).map(|known| known.last);
        let Some(through) = last.filter(|_| self.is_live && self.is_account()) else {
            return Vec::new();
        };
        if self.is_open(conversation) {
            self.read_on();
            self.set_unread(Unread::default());
        }
        self.change_conversation(conversation, |known| {
            known.unread = 0;
            known.mentions = 0;
        });
        self.say_read(conversation, through);
        self.next_commands(now_ms)
    }

    /// Says how far the reader has read.
    pub(super) fn say_read(&mut self, conversation: ConversationId, through: Seq) {
        self.move_mark(conversation, through, Awaited::AtLeast(through));
        self.said.push(ClientCommand::Read {
            conversation,
            through,
        });
    }

    /// A mark is here now, and the server is told so. Where it is here already, which is `false`, nothing is heard back.
    fn move_mark(&mut self, id: ConversationId, through: Seq, awaited: Awaited) -> bool {
        let mut has_moved = false;
        self.change_conversation(id, |known| {
            has_moved = std::mem::replace(&mut known.read, through) != through;
        });
        if has_moved {
            self.marks.await_echo(id, awaited);
        }
        has_moved
    }

    /// How much is unread there is not known: the server is asked, and until it answers nothing counts as known.
    pub(super) fn doubt_count(&mut self, id: ConversationId) {
        self.marks.await_echo(id, Awaited::Anything);
        self.pages.want(id);
    }

    /// Something of what was said of marks was not done.
    pub(super) fn doubt_marks(&mut self) {
        for (id, _) in std::mem::take(&mut self.marks.awaited) {
            self.doubt_count(id);
        }
    }

    /// The connection is a new one, and the server told how it stands: what it does not know of marks is said again.
    pub(super) fn say_marks_again(&mut self) {
        for (conversation, awaited) in &self.marks.awaited {
            let conversation = *conversation;
            self.said.push(match *awaited {
                Awaited::AtLeast(through) => ClientCommand::Read {
                    conversation,
                    through,
                },
                Awaited::Exactly(through) => ClientCommand::MarkUnread {
                    conversation,
                    from: through.next(),
                },
                Awaited::Anything => {
                    self.pages.want(conversation);
                    continue;
                }
            });
        }
    }

    /// The place of the newest message of a conversation that another wrote, if it is known.
    fn newest_of_others(&mut self, id: ConversationId) -> Option<Seq> {
        let me = self.my_id();
        let mut newest = None;
        self.look_at_timeline(id, |timeline| {
            let mut messages = timeline.messages().rev();
            newest = messages
                .find(|m| super::reader::is_news(m, me))
                .map(|m| m.seq);
        });
        let list = self.chat.list.read_untracked();
        let latest = list.get(id).and_then(|known| known.latest.as_ref());
        newest.or_else(|| {
            latest
                .filter(|m| super::reader::is_news(m, me))
                .map(|m| m.seq)
        })
    }

    /// How many messages others wrote from this place on, as far as they are here; one at least.
    fn unread_from(&mut self, id: ConversationId, from: Seq) -> u32 {
        let me = self.my_id();
        let mut count = 0;
        self.look_at_timeline(id, |timeline| {
            let messages = timeline.messages().rev().take_while(|m| m.seq >= from);
            count = messages.filter(|m| super::reader::is_news(m, me)).count();
        });
        u32::try_from(count)
            .unwrap_or(u32::MAX)
            .clamp(1, UNREAD_COUNTED_MAX)
    }

    /// The mark of a conversation is another, on whichever device it was moved; or the reader was mentioned there.
    pub(super) fn read_changed(
        &mut self,
        id: ConversationId,
        through: Seq,
        unread: u32,
        mentions: u32,
    ) {
        if !self.marks.heeds(id, through) {
            return;
        }
        let Some(known) = self.listed(id) else {
            return;
        };
        self.change_conversation(id, |known| {
            known.read = through;
            known.unread = unread;
            known.mentions = mentions;
        });
        if self.is_open(id) {
            let before = self.chat.unread.get_untracked();
            let told = usize::try_from(unread).unwrap_or(usize::MAX);
            if through != known.read {
                // All that is known of is in this count, whether it is here or not.
                self.reader.count_to(known.last);
            }
            let after = if through < known.read {
                // It was marked as unread on another device.
                self.reader.keep_unread();
                Unread {
                    divider: Some(through),
                    count: told,
                }
            } else if through > known.read {
                Unread {
                    count: told,
                    ..before
                }
            } else {
                // The echo of what was said from here knows less than the reader has seen since.
                before
            };
            let seen = self.reader.seen(after);
            self.set_unread(seen);
        }
    }
}
