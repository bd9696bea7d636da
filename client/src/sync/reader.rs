//! What the reader has seen. It does not know how they look at the page.

use parley_shared::ids::{Seq, UserId};
use parley_shared::timeline::Timeline;

use crate::state::Unread;

/// How the reader stands to the newest message.
#[derive(Debug)]
pub(super) struct Reader {
    at_bottom: bool,
    is_page_visible: bool,
    /// Messages up to this place were counted, as seen or as new; `None` before the first page,
    /// which is what the reader came for and not news.
    counted: Option<Seq>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            at_bottom: true,
            is_page_visible: true,
            counted: None,
        }
    }
}

impl Reader {
    pub(super) fn is_at_bottom(&self) -> bool {
        self.at_bottom
    }

    /// Counts the messages of others that came since it was last asked.
    pub(super) fn arrived(
        &mut self,
        timeline: &Timeline,
        me: Option<UserId>,
        unread: Unread,
    ) -> Unread {
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
            .filter(|message| Some(message.author) != me)
            .count();
        if new == 0 || self.is_reading() {
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

    /// The reader reached the newest message, or left it.
    pub(super) fn set_at_bottom(&mut self, at_bottom: bool, unread: Unread) -> Unread {
        self.at_bottom = at_bottom;
        self.seen(unread)
    }

    /// The page came into view, or went out of it.
    pub(super) fn set_page_visible(&mut self, is_visible: bool, unread: Unread) -> Unread {
        let leaves = self.is_page_visible && !is_visible;
        self.is_page_visible = is_visible;
        if leaves && unread.count == 0 {
            // The visit is over, and with it what was new in it.
            return Unread::default();
        }
        self.seen(unread)
    }

    /// Places no longer mean what they meant; the next page is a first page.
    pub(super) fn forget_places(&mut self) {
        self.counted = None;
    }

    /// The divider stays: it says where the reader had stopped.
    fn seen(&self, unread: Unread) -> Unread {
        if self.is_reading() {
            Unread { count: 0, ..unread }
        } else {
            unread
        }
    }

    fn is_reading(&self) -> bool {
        self.at_bottom && self.is_page_visible
    }
}
