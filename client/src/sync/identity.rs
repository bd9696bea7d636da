//! Who the reader is: welcomed, signed out, someone else. It does not know how anyone signs in.

use leptos::prelude::*;
use parley_shared::model::{Person, Standing};
use parley_shared::timeline::Timeline;

use super::Sync;
use super::marks::Marks;
use super::pages::Pages;
use super::people::Watch;
use super::talks::Talks;
use crate::state::{Link, List, Receipts, Unread};

impl Sync {
    /// The server says who the reader is. What the page knew for someone else is forgotten, also what
    /// that person wrote and what waits to be sent: it stays on the shelf until they come back.
    ///
    /// Whoever has an account and comes back as someone else without having asked for it was signed out
    /// while there was no connection. That is told by `false`, and the page stays as it is. A page that was just
    /// opened shows nothing of the former any more.
    pub(super) fn recognise(&mut self, me: &Person, account: Option<Standing>) -> bool {
        let is_another = self.my_id().is_some_and(|known| known != me.id);
        let had_account = self.chat.standing.with_untracked(Option::is_some);
        if is_another && had_account && !self.is_renewing && self.was_welcome {
            self.signed_out();
            return false;
        }
        self.is_renewing = false;
        if is_another {
            self.forget_everything();
            self.wipe(!self.was_welcome);
        }
        self.shelf.belong_to(me.id, !self.was_welcome);
        self.write.standing.set(account);
        true
    }

    /// Forgets what the page knew for someone else, and keeps what they wanted to see.
    fn forget_everything(&mut self) {
        self.reader.forget_places();
        self.talks = Talks::default();
        self.marks = Marks::default();
        self.pages = Pages::default();
        self.watch = Watch::default();
        self.write.list.set(List::default());
        self.write.open.set(None);
        self.write.missing.set(false);
        self.write.timeline.set(Timeline::new());
        self.write.unread.set(Unread::default());
        self.write.notice.set(None);
        self.write.typing.set(Vec::new());
        self.write.presence.set(Default::default());
        self.write.receipts.set(Receipts::default());
        self.write.people.update(|people| people.clear());
        self.write.remarks.update(|remarks| remarks.clear());
        self.write.online.update(|online| online.clear());
        self.write.requests.set(0);
        self.write.contact.set(None);
        self.write.shown_person.set(None);
    }

    /// Whether no connection is wanted until the reader has signed in.
    pub fn rests(&self) -> bool {
        self.chat.link.get_untracked() == Link::SignedOut
    }

    /// The reader is not any more who they were. What they write waits until they have signed in.
    pub fn signed_out(&mut self) {
        self.end_connection();
        self.write.link.set(Link::SignedOut);
        self.wipe(!self.was_welcome);
        if !self.was_welcome {
            // All that is shown was kept in the browser, whose reader they were.
            self.forget_reader();
        }
    }

    /// Forgets who the reader is, and what the page knew for them.
    fn forget_reader(&mut self) {
        self.forget_everything();
        self.write.me.set(None);
        self.write.standing.set(None);
    }

    /// Another connection is made as who the browser is now.
    pub fn renewing(&mut self) {
        self.end_connection();
        self.is_renewing = true;
        self.stamp = None;
        self.write.link.update(|link| {
            if *link != Link::Outdated {
                *link = Link::Connecting;
            }
        });
    }

    /// Forgets what the reader wrote and did not send, what was kept for their next visit, and what the page shows:
    /// somebody else may sit before it next.
    pub fn forget_unsent(&mut self) {
        self.wipe(true);
        let me = self.my_id();
        for message in self.shelf.all() {
            if Some(message.author) == me {
                self.shelf.forget(message.id);
            }
        }
        self.forget_reader();
    }

    /// Forgets what belonged to the connection that was.
    pub(super) fn end_connection(&mut self) {
        self.is_live = false;
        self.turn.follow(false, &*self.shelf);
        self.new_name = None;
        self.outbox.restart();
        self.talks.restart();
        self.said.clear();
        self.write
            .timeline
            .update(|timeline| timeline.cancel_older());
        self.write.typing.set(Vec::new());
    }
}
