//! The pure rules by which a reader keeps one conversation in order. It knows no clock, network, storage or screen.
//!
//! A [`Timeline`] is a window of confirmed messages that ends at the newest one, and below it the
//! reader's own messages that are still on their way. Three kinds of facts reach it, in any
//! interleaving: live changes, pages of changes after an absence, and pages of older messages.
//! Whatever the interleaving, readers with the same window end with the same content; that is a
//! property test.
//!
//! The rule that makes it so: `through` is the newest change up to which *everything* is known.
//! A live change that is the next one is taken; one further ahead waits, and is proof of a gap that
//! [`Timeline::missing`] reports; one behind is known already.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::ids::{MessageId, Seq};
use crate::limits::EARLY_CHANGES_MAX;
use crate::model::Message;

pub mod pending;

pub use pending::{Pending, PendingState, changed};

/// One conversation as one reader has it.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Confirmed messages by place, without those before `start`.
    messages: BTreeMap<Seq, Arc<Message>>,
    places: HashMap<MessageId, Seq>,
    /// One's own messages and changes that are not confirmed, in the order they were written.
    pending: Vec<Pending>,
    /// Those of them that the server has on disk, by place, until everything up to there is known.
    stored: Vec<(Seq, MessageId)>,
    /// Every change up to here is known; `None` until the first page came.
    through: Option<Seq>,
    /// Live changes that arrived before one that precedes them, by change.
    early: BTreeMap<Seq, Arc<Message>>,
    /// The newest change that anyone spoke of.
    announced: Seq,
    /// Messages before this place are not in the window.
    start: Seq,
    /// Whether there are messages before the window.
    more: bool,
    /// The page of older messages that was asked for, and changes since that would belong into it.
    older: Option<OlderPage>,
    /// Whether what is here was kept at an earlier visit, and the server's newest page was not compared with it yet.
    is_recalled: bool,
}

#[derive(Debug, Clone)]
struct OlderPage {
    before: Seq,
    changed_meanwhile: Vec<Arc<Message>>,
    /// The window is no longer what it was when the page was asked for: the answer is thrown away.
    ///
    /// Until it came nothing else is asked for, or it could be taken for the answer to that.
    spoiled: bool,
}

impl OlderPage {
    fn spoil(&mut self) {
        self.spoiled = true;
        self.changed_meanwhile.clear();
    }
}

impl Timeline {
    /// A timeline that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the first page came.
    pub fn is_loaded(&self) -> bool {
        self.through.is_some()
    }

    /// The newest change up to which everything is known; zero before the first page.
    pub fn through(&self) -> Seq {
        self.through.unwrap_or(Seq::ZERO)
    }

    /// Whether older messages can be asked for.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The confirmed messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> + Clone {
        self.messages.values()
    }

    /// How many confirmed messages the window holds.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether the window holds no confirmed message.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// A confirmed message of the window.
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.messages.get(self.places.get(&id)?)
    }

    /// The confirmed message at a place.
    pub fn at(&self, place: Seq) -> Option<&Arc<Message>> {
        self.messages.get(&place)
    }

    /// Messages before this place are not in the window; zero when every message is.
    pub fn start(&self) -> Seq {
        self.start
    }

    /// Takes note that the conversation has come this far, as a welcome says.
    pub fn announce(&mut self, last: Seq) {
        self.announced = self.announced.max(last);
    }

    /// The change since which something is missing, if anything is: ask for the changes since it.
    pub fn missing(&self) -> Option<Seq> {
        let through = self.through?;
        (self.announced > through).then_some(through)
    }

    /// Forgets the confirmed messages and keeps those that are still on their way.
    ///
    /// For a reader who was away too long to catch up change by change, and for a server that was
    /// set back to an earlier state. What the server had on disk is on its way again: it may be lost
    /// with the later state, and if it is not, sending it again does no harm.
    pub fn restart(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        for pending in &mut pending {
            if pending.state == PendingState::Stored {
                pending.state = PendingState::Waiting;
            }
        }
        let mut older = self.older.take();
        older.iter_mut().for_each(OlderPage::spoil);
        *self = Self {
            pending,
            older,
            ..Self::default()
        };
    }

    /// Takes a live change.
    pub fn apply_live(&mut self, message: Message) {
        let change = message.changed;
        self.announce(change);
        match self.through {
            Some(through) if change <= through => self.remove_pending(message.id),
            Some(through) if change == through.next() => {
                self.take(Arc::new(message));
                self.advance(change);
            }
            _ => {
                self.early.insert(change, Arc::new(message));
                // The furthest ahead goes: it is the last that the gap's answer will bring again.
                if self.early.len() > EARLY_CHANGES_MAX {
                    self.early.pop_last();
                }
            }
        }
    }

    /// Opens the window with what was kept of it at an earlier visit, to be shown until the newest page of
    /// history comes and to be put right by it.
    pub fn recall(&mut self, messages: Vec<Message>, through: Seq, more: bool) {
        self.apply_newest(messages, through, more);
        self.is_recalled = true;
    }

    /// Whether the newest page of history is still to be compared with what was kept.
    pub fn is_recalled(&self) -> bool {
        self.is_recalled
    }

    /// Takes the newest page of history, which opens the window.
    ///
    /// When the window is open already, only how far the conversation has come is noted; what was kept at an earlier
    /// visit is put right.
    pub fn apply_newest(&mut self, messages: Vec<Message>, through: Seq, more: bool) {
        self.announce(through);
        if std::mem::take(&mut self.is_recalled) {
            let follows = messages
                .first()
                .is_some_and(|first| first.seq > self.through().next());
            if more && follows {
                // What lies between is not known.
                self.restart();
            } else {
                self.put_right(messages, through, more);
                return;
            }
        }
        if self.through.is_some() {
            return;
        }
        self.more = more;
        self.start = match messages.first() {
            Some(first) if more => first.seq,
            _ => Seq::ZERO,
        };
        for message in messages {
            self.take(Arc::new(message));
        }
        self.advance(through);
    }

    /// The server has these messages from the first of them on, or from the beginning on unless there are `more`:
    /// whatever was kept otherwise is wrong. What was told live since it answered is newer.
    fn put_right(&mut self, page: Vec<Message>, through: Seq, more: bool) {
        let first = match page.first() {
            Some(first) if more => first.seq,
            _ => Seq::ZERO,
        };
        let wrong: Vec<Seq> = self
            .messages
            .range(first..)
            .filter(|(_, message)| message.changed <= through && !page.contains(&**message))
            .map(|(place, _)| *place)
            .collect();
        for place in wrong {
            if let Some(message) = self.messages.remove(&place) {
                self.places.remove(&message.id);
            }
        }
        for message in page {
            if message.seq >= self.start {
                self.take(Arc::new(message));
            }
        }
    }

    /// Takes note that the page before the window is asked for, and says before which place.
    ///
    /// `None` when there is none, or when it is asked for already.
    pub fn ask_older(&mut self) -> Option<Seq> {
        if self.through.is_none() || !self.more || self.older.is_some() {
            return None;
        }
        self.older = Some(OlderPage {
            before: self.start,
            changed_meanwhile: Vec::new(),
            spoiled: false,
        });
        Some(self.start)
    }

    /// Forgets that an older page was asked for: the connection that would have brought it is gone.
    pub fn cancel_older(&mut self) {
        self.older = None;
    }

    /// Whether an older page is asked for and not here yet.
    pub fn is_loading_older(&self) -> bool {
        self.older.is_some()
    }

    /// Takes a page of messages before the window. Ignored when it is not the one that was asked for.
    pub fn apply_older(&mut self, before: Seq, messages: Vec<Message>, more: bool) {
        let Some(asked) = self.older.take_if(|asked| asked.before == before) else {
            return;
        };
        if asked.spoiled {
            return;
        }
        self.start = match messages.first() {
            Some(first) if more => first.seq,
            _ => Seq::ZERO,
        };
        self.more = more;
        for message in messages {
            self.take(Arc::new(message));
        }
        // The page may have been read before these changes, which found no place until now.
        for message in asked.changed_meanwhile {
            self.take(message);
        }
    }

    /// Takes a page of changes since a number.
    ///
    /// When changes before it are not known, only how far the conversation has come is noted.
    pub fn apply_changes(&mut self, since: Seq, messages: Vec<Message>, through: Seq) {
        self.announce(through);
        let Some(known) = self.through else {
            return;
        };
        if since > known {
            return;
        }
        for message in messages {
            if message.changed > known {
                self.take(Arc::new(message));
            }
        }
        self.advance(through.max(known));
    }

    /// Drops the oldest messages beyond `keep`; they can be asked for again.
    pub fn trim(&mut self, keep: usize) {
        while self.messages.len() > keep {
            let Some((place, dropped)) = self.messages.pop_first() else {
                break;
            };
            self.places.remove(&dropped.id);
            self.start = place.next();
            self.more = true;
            // An answer to the former question would leave a hole.
            self.older.iter_mut().for_each(OlderPage::spoil);
        }
    }

    /// Puts a message where it belongs, unless a newer state of it is there.
    fn take(&mut self, message: Arc<Message>) {
        self.remove_pending(message.id);
        if message.seq < self.start {
            if let Some(older) = self.older.as_mut().filter(|older| !older.spoiled) {
                older
                    .changed_meanwhile
                    .retain(|other| other.id != message.id);
                older.changed_meanwhile.push(message);
                // Rather ask for the page again than keep a list without end.
                if older.changed_meanwhile.len() > EARLY_CHANGES_MAX {
                    older.spoil();
                }
            }
            return;
        }
        if let Some(present) = self.messages.get(&message.seq)
            && present.changed >= message.changed
        {
            return;
        }
        self.places.insert(message.id, message.seq);
        self.messages.insert(message.seq, message);
    }

    /// Everything up to `through` is known now; so may be what waited behind it.
    fn advance(&mut self, mut through: Seq) {
        while let Some((change, _)) = self.early.first_key_value() {
            if *change > through.next() {
                break;
            }
            let (change, message) = self.early.pop_first().expect("it was just looked at");
            if change > through {
                self.take(message);
                through = change;
            } else {
                self.remove_pending(message.id);
            }
        }
        self.through = Some(through);
        let stored = std::mem::take(&mut self.stored);
        for (seq, id) in stored {
            if seq > through {
                self.stored.push((seq, id));
                continue;
            }
            self.remove_pending(id);
        }
    }
}
