//! What is told to those who look: who is there, who types, who came and went. It knows no rule.

use std::collections::HashSet;
use std::sync::Arc;

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Receipt;
use parley_shared::protocol::ServerEvent;

use super::hidden::Hidden;
use super::receipts::as_told;
use super::{Frame, Hub};

impl Hub {
    /// Takes note that a person types.
    pub fn typing(&self, conversation: ConversationId, person: UserId, now_ms: u64) {
        if let Some(looked_at) = self.write().looked_at(conversation) {
            looked_at.attendance.types(person, now_ms);
        }
    }

    /// Takes note that a person no longer types: their message is there.
    pub fn typed(&self, conversation: ConversationId, person: UserId) {
        // Nearly always nobody is noted as typing, and a shared look is cheaper than a lock for one.
        let noted = self
            .read()
            .get(conversation)
            .and_then(|room| room.looked_at.as_ref())
            .is_some_and(|looked_at| looked_at.attendance.is_typing(person));
        if noted && let Some(looked_at) = self.write().looked_at(conversation) {
            looked_at.attendance.typed(person);
        }
    }

    /// Takes note that something has reached a person.
    pub fn reached(&self, conversation: ConversationId, receipt: Receipt) {
        // Most of what is read is in front of nobody else.
        let is_looked_at = self
            .read()
            .get(conversation)
            .is_some_and(|room| room.looked_at.is_some());
        if is_looked_at && let Some(looked_at) = self.write().looked_at(conversation) {
            looked_at.receipts.note(receipt);
        }
    }

    /// Tells what is due of presence, of typing, of what has reached whom, of those who are looked at and of how many are in large
    /// groups, after whatever else there is to tell.
    pub fn tell_looks(&self, now_ms: u64) {
        self.tell_counts(now_ms);
        self.tell_attendance(now_ms);
        self.tell_watchers(now_ms);
    }

    fn tell_attendance(&self, now_ms: u64) {
        // A shared look first: most of the time nothing is due, and publishing goes on meanwhile.
        if !self.read().is_due(now_ms) {
            return;
        }
        let _telling = self.telling();
        let hidden = self.hidden();
        let (mut told, mut apart) = (Vec::new(), Vec::new());
        self.write().settle(now_ms, |conversation, looked_at| {
            let listeners = looked_at.by.len();
            let mut events = looked_at.attendance.tell(conversation, now_ms, listeners);
            let receipts = looked_at.receipts.tell(now_ms, listeners);
            if events.is_empty() && receipts.is_empty() {
                return;
            }
            let to_others = as_told(conversation, &receipts, &HashSet::new());
            // Nearly always nobody hides from anybody, and all are told the same.
            if hidden.is_empty() {
                events.extend(to_others);
                told.push((looked_at.by.snapshot(), events));
                return;
            }
            let (limited, others) = looked_at.by.split(|viewer| hidden.from(viewer).is_some());
            for connection in limited {
                if let Some(hidden) = hidden.from(connection.person) {
                    let mut seen = looked_at.tell_apart(connection.id, &events, hidden);
                    seen.extend(as_told(conversation, &receipts, hidden));
                    apart.push((Arc::clone(&connection.mailbox), seen));
                }
            }
            events.extend(to_others);
            told.push((others, events));
        });
        drop(hidden);
        for (mailboxes, events) in told {
            let frames: Vec<Frame> = events.iter().map(Frame::new).collect();
            for mailbox in mailboxes.iter() {
                mailbox.enqueue(&frames);
            }
        }
        for (mailbox, events) in apart {
            let frames: Vec<Frame> = events.iter().map(Frame::new).collect();
            mailbox.enqueue(&frames);
        }
    }

    fn tell_watchers(&self, now_ms: u64) {
        let mut watch = self.watch();
        if !watch.is_unsettled() {
            return;
        }
        let callers = &self.shared.callers;
        // Told under the lock: whoever comes into doubt is told nothing afterwards.
        for (connection, told) in watch.settle(now_ms, |person| callers.is_here(person)) {
            let frame = Frame::new(&ServerEvent::OnlineChanged {
                online: told.online,
                offline: told.offline,
            });
            connection.mailbox.enqueue(std::slice::from_ref(&frame));
        }
    }

    /// What a person may know of others has changed: at whom they look is asked again.
    pub fn doubt(&self, person: UserId) {
        for connection in self.shared.callers.of(person) {
            self.watch().doubt(&connection);
        }
    }

    /// The same for everyone.
    pub fn doubt_all(&self) {
        for connection in self.shared.callers.all() {
            self.watch().doubt(&connection);
        }
    }

    /// A person hides from another from now on, wherever they are.
    pub fn hide(&self, person: UserId, viewer: UserId) {
        self.change_hidden(viewer, |hidden| hidden.hide(person, viewer));
    }

    /// A person hides from another no longer.
    pub fn show(&self, person: UserId, viewer: UserId) {
        self.change_hidden(viewer, |hidden| hidden.show(person, viewer));
    }

    fn change_hidden(&self, viewer: UserId, change: impl FnOnce(&mut Hidden)) {
        let _telling = self.telling();
        let mut hidden = self.shared.hidden.write();
        let hidden = hidden.as_mut().expect("nothing panics while it is held");
        change(hidden);
        let nobody = HashSet::new();
        let hidden = hidden.from(viewer).unwrap_or(&nobody);
        let mut rooms = self.write();
        for connection in self.shared.callers.of(viewer) {
            let Some(conversation) = connection.place().open else {
                continue;
            };
            if let Some(looked_at) = rooms.looked_at(conversation) {
                let seen = looked_at.seen_by(conversation, connection.id, hidden);
                let frames: Vec<Frame> = seen.iter().map(Frame::new).collect();
                connection.mailbox.enqueue(&frames);
            }
        }
    }
}
