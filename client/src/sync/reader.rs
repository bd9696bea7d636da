//! What the reader has seen. It does not know how they look at the page.

use leptos::prelude::*;
use parley_shared::ids::{Seq, UserId};
use parley_shared::limits::READ_NOTICE_INTERVAL_MS;
use parley_shared::model::{Conversation, Message};
use parley_shared::protocol::{ChatMessage, ClientCommand};
use parley_shared::timeline::Timeline;

use super::Sync;
use crate::state::Unread;

/// How the reader stands to the newest message of what is shown.
#[derive(Debug)]
pub(super) struct Reader {
    at_bottom: bool,
    is_page_visible: bool,
    /// Whether what is shown was marked as unread and is not read on until it is opened anew.
    is_kept_unread: bool,
    /// Messages up to this place were counted, as seen or as new; `None` before the first page,
    /// which is what the reader came for and not news.
    counted: Option<Seq>,
    /// When the server was last told how far they have read.
    told_ms: Option<u64>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            at_bottom: true,
            is_page_visible: true,
            is_kept_unread: false,
            counted: None,
            told_ms: None,
        }
    }
}

impl Reader {
    pub(super) fn is_at_bottom(&self) -> bool {
        self.at_bottom
    }

    /// Counts the messages of others that came since it was last asked.
    fn arrived(&mut self, timeline: &Timeline, me: Option<UserId>, unread: Unread) -> Unread {
        if !timeline.is_loaded() {
            return unread;
        }
        let newest = timeline.messages().next_back().map_or(Seq::ZERO, |m| m.seq);
        let Some(counted) = self.counted.replace(newest) else {
            return Unread::default();
        };
        // A page that lacks the newest takes nothing back.
        self.counted = Some(newest.max(counted));
        let new = timeline
            .messages()
            .rev()
            .take_while(|message| message.seq > counted)
            .filter(|message| is_news(message, me))
            .count();
        if self.is_reading() {
            // What the server counted is seen as soon as it is here.
            return match timeline.missing() {
                None => Unread { count: 0, ..unread },
                Some(_) => unread,
            };
        }
        if new == 0 {
            return unread;
        }
        Unread {
            // The divider stands where the reader stopped, and stays there while more comes.
            divider: if unread.count == 0 {
                Some(counted)
            } else {
                unread.divider
            },
            count: unread.count + new,
        }
    }

    /// The server counted what is unread. The divider stands where the reader stopped reading, on
    /// whichever device; while they look at the end, what comes is no news to them.
    fn recounted(&mut self, conversation: &Conversation, unread: Unread, is_visit: bool) -> Unread {
        let count = usize::try_from(conversation.unread).unwrap_or(usize::MAX);
        self.count_to(conversation.last);
        let divider = match unread.divider {
            _ if is_visit => (count > 0).then_some(conversation.read),
            None if count > 0 && !self.is_reading() => Some(conversation.read),
            divider => divider,
        };
        Unread { divider, count }
    }

    /// Everything up to this place was counted by the server.
    pub(super) fn count_to(&mut self, last: Seq) {
        self.counted = self.counted.max(Some(last));
    }

    /// Whether something came that was not counted.
    pub(super) fn counts_less_than(&self, last: Seq) -> bool {
        self.counted < Some(last)
    }

    /// Places no longer mean what they meant; the next page is a first page.
    pub(super) fn forget_places(&mut self) {
        self.counted = None;
    }

    /// The divider stays: it says where the reader had stopped.
    pub(super) fn seen(&self, unread: Unread) -> Unread {
        if self.is_reading() {
            Unread { count: 0, ..unread }
        } else {
            unread
        }
    }

    fn is_reading(&self) -> bool {
        self.at_bottom && self.is_page_visible && !self.is_kept_unread
    }

    /// What is shown counts as unread, whatever is in view.
    pub(super) fn keep_unread(&mut self) {
        self.is_kept_unread = true;
    }

    /// When the server may be told again how far they have read.
    fn tells_at_ms(&self) -> u64 {
        self.told_ms
            .map_or(0, |told_ms| told_ms + READ_NOTICE_INTERVAL_MS)
    }
}

/// Whether a message is something that its reader has to read: not their own, and neither erased nor one by
/// which the conversation speaks of itself.
pub(super) fn is_news(message: &Message, me: Option<UserId>) -> bool {
    Some(message.author) != me && is_read_by_others(&message.body)
}

/// Whether what a message says counts as unread for those who did not write it.
pub(super) fn is_read_by_others(body: &ChatMessage) -> bool {
    !matches!(
        body,
        ChatMessage::Notice { .. } | ChatMessage::Deleted { .. }
    )
}

impl Sync {
    /// The reader reached the newest message, or left it.
    pub fn set_at_bottom(&mut self, at_bottom: bool, now_ms: u64) -> Vec<ClientCommand> {
        if !at_bottom {
            // What was seen until now is not counted with what comes.
            self.mark_read();
        }
        self.reader.at_bottom = at_bottom;
        self.look();
        if at_bottom {
            self.trim();
        }
        self.next_commands(now_ms)
    }

    /// The page came into view, or went out of it.
    pub fn set_page_visible(&mut self, is_visible: bool, now_ms: u64) -> Vec<ClientCommand> {
        let leaves = self.reader.is_page_visible && !is_visible;
        if leaves {
            self.mark_read();
        }
        self.reader.is_page_visible = is_visible;
        if leaves && self.chat.unread.get_untracked().count == 0 {
            // The visit is over, and with it what was new in it.
            self.set_unread(Unread::default());
        } else {
            self.look();
        }
        self.next_commands(now_ms)
    }

    /// Messages may have come: counts what is new, and keeps the window within its bound.
    pub(super) fn arrived(&mut self) {
        let me = self.my_id();
        let before = self.chat.unread.get_untracked();
        let timeline = self.chat.timeline.read_untracked();
        let after = self.reader.arrived(&timeline, me, before);
        drop(timeline);
        self.set_unread(after);
        if self.reader.is_at_bottom() {
            self.trim();
        }
    }

    /// What is in view counts as seen once it is here.
    fn look(&mut self) {
        let timeline = self.chat.timeline.read_untracked();
        let is_here = timeline.is_loaded() && timeline.missing().is_none();
        drop(timeline);
        if is_here {
            let unread = self.chat.unread.get_untracked();
            self.set_unread(self.reader.seen(unread));
        }
    }

    /// A conversation is shown from now on.
    pub(super) fn begin_visit(&mut self, conversation: &Conversation) {
        self.reader.forget_places();
        self.reader.is_kept_unread = false;
        // With something unread it begins there, and where that is, the log says.
        self.reader.at_bottom = !self.is_account() || conversation.unread == 0;
        let unread = if self.is_account() {
            let none = Unread::default();
            self.reader.recounted(conversation, none, true)
        } else {
            Unread::default()
        };
        self.write.unread.set(unread);
        self.look();
    }

    /// What is shown is opened anew: what is in view of it counts as seen again.
    pub(super) fn read_on(&mut self) {
        if std::mem::take(&mut self.reader.is_kept_unread) {
            self.look();
        }
    }

    /// A message that was counted says nothing any more.
    pub(super) fn note_erased(&mut self, message: &Message) {
        let unread = self.chat.unread.get_untracked();
        let id = message.conversation;
        let read = self.listed(id).map(|known| known.read);
        let is_erased = message.changed != message.seq
            && Some(message.author) != self.my_id()
            && matches!(message.body, ChatMessage::Deleted { .. });
        let is_after = |place: Option<Seq>| place.is_none_or(|place| message.seq > place);
        if is_erased && is_after(unread.divider) && is_after(read) && self.is_open(id) {
            self.set_unread(Unread {
                count: unread.count.saturating_sub(1),
                ..unread
            });
        }
    }

    /// The server says how much of what is shown is unread.
    pub(super) fn recount(&mut self, conversation: &Conversation) {
        if !self.is_account() {
            return;
        }
        let unread = self.chat.unread.get_untracked();
        let unread = self.reader.recounted(conversation, unread, false);
        self.set_unread(unread);
        self.look();
    }

    /// Keeps what is unread of what is shown, for the log and for the list.
    pub(super) fn set_unread(&mut self, unread: Unread) {
        if self.chat.unread.get_untracked() != unread {
            self.write.unread.set(unread);
        }
        let Some(open) = self.open_id() else {
            return;
        };
        let count = u32::try_from(unread.count).unwrap_or(u32::MAX);
        let listed = self.listed(open).map(|c| (c.unread, c.mentions));
        // Who has seen all of it has seen where they are mentioned.
        let is_listed = |(unread, mentions)| unread == count && (count > 0 || mentions == 0);
        if listed.is_some_and(|listed| !is_listed(listed)) {
            self.change_conversation(open, |known| {
                known.unread = count;
                if count == 0 {
                    known.mentions = 0;
                }
            });
        }
    }

    // ---- Telling the server ----

    /// The place up to which the reader has read, if the server was not told of it.
    pub(super) fn read_through(&self) -> Option<Seq> {
        let open = self.open_id()?;
        if !self.is_account() || !self.reader.is_reading() {
            return None;
        }
        let timeline = self.chat.timeline.read_untracked();
        if !timeline.is_loaded() || timeline.missing().is_some() {
            return None;
        }
        let read = self.listed(open)?.read;
        let me = self.my_id();
        // Whoever writes knows what they wrote.
        let newest = timeline.messages().rev().find(|m| Some(m.author) != me)?;
        (newest.seq > read).then(|| timeline.through())
    }

    /// How far the reader has read, once in a while.
    pub(super) fn next_read(&mut self, now_ms: u64) {
        if now_ms >= self.reader.tells_at_ms() && self.mark_read() {
            self.reader.told_ms = Some(now_ms);
        }
    }

    /// When [`Sync::next_read`] has something to say, if it has to wait.
    pub(super) fn reads_at_ms(&self) -> Option<u64> {
        self.read_through().map(|_| self.reader.tells_at_ms())
    }

    /// Says at once how far the reader has read; whether there was anything to say.
    pub(super) fn mark_read(&mut self) -> bool {
        let (Some(conversation), Some(through)) = (self.open_id(), self.read_through()) else {
            return false;
        };
        self.say_read(conversation, through);
        true
    }
}
