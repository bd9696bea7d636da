//! Messages held against their entries. It does not know where either comes from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Doubt, Finding, Point, Proven, Witness, head_after};
use crate::chain::{EntryKind, Hash, Hex, digest};
use crate::ids::{MessageId, Seq};
use crate::model::{LedgerEntry, Message, Notice};
use crate::protocol::ChatMessage;
use crate::timeline::Timeline;

impl Witness {
    /// Goes on by the messages of a window: each that is the next change is its own entry.
    pub(super) fn follow(&mut self, window: &Timeline) {
        let mut later: Vec<&Arc<Message>> = window
            .messages()
            .filter(|message| message.changed > self.high.seq)
            .collect();
        later.sort_unstable_by_key(|message| message.changed);
        for message in later {
            let is_next = message.changed == self.high.seq.next();
            let (Some(before), Some(entry)) = (self.high.head, entry_of(message)) else {
                return;
            };
            let Some(head) = head_after(&before, &entry).filter(|_| is_next) else {
                return;
            };
            self.high = Point {
                seq: entry.seq,
                head: Some(head),
            };
            self.entries.insert(entry.seq, entry);
        }
    }

    /// Holds the window against the stretch, as far as both reach.
    pub(super) fn compare(&mut self, window: &Timeline, reads_all: bool, now_ms: u64) {
        let Some(low) = self.low else {
            return;
        };
        let from = window.start().max(low.seq.next());
        let through = window.through();
        let news: Vec<Arc<Message>> = window
            .messages()
            .filter(|message| message.seq >= from)
            .filter(|message| self.compared.get(&message.id) != Some(&message.changed))
            .cloned()
            .collect();
        if !news.is_empty() || self.surveyed != Some((from, through)) {
            self.compare_each(&news, (from, through), reads_all, now_ms);
            self.survey(window, (from, through), now_ms);
            self.surveyed = Some((from, through));
        }
        if self.compared.len() > 2 * window.len() + 1_000 {
            self.compared.retain(|id, _| window.message(*id).is_some());
        }
        self.proven = Some(Proven {
            from,
            through: self.high.seq,
            at_ms: now_ms,
        });
    }

    /// Holds messages against the stretch that were served beside the window: what the window has may be of an
    /// earlier visit, and right.
    pub fn served(&mut self, messages: Vec<Message>, through: Seq, reads_all: bool, now_ms: u64) {
        let (Some(low), Some(first)) = (self.low, messages.first()) else {
            return;
        };
        let (from, through) = (first.seq.max(low.seq.next()), through.min(self.high.seq));
        if from > through {
            return;
        }
        let places: HashSet<Seq> = messages.iter().map(|message| message.seq).collect();
        let judged: Vec<Arc<Message>> = messages
            .into_iter()
            .filter(|message| message.seq >= from && message.changed <= through)
            .map(Arc::new)
            .collect();
        self.compare_each(&judged, (from, through), reads_all, now_ms);
        let sent = u32::from(EntryKind::Sent as u8);
        let missing: Vec<Finding> = self
            .entries
            .range(from..=through)
            .filter(|(seq, entry)| entry.kind == sent && !places.contains(seq))
            .map(|(_, entry)| Finding::about(Doubt::Missing, entry, now_ms))
            .collect();
        for finding in missing {
            self.find(finding);
        }
    }

    fn compare_each(
        &mut self,
        messages: &[Arc<Message>],
        (from, through): (Seq, Seq),
        reads_all: bool,
        now_ms: u64,
    ) {
        let newest: HashMap<MessageId, Seq> = self
            .entries
            .range(from..=through.max(from))
            .map(|(seq, entry)| (entry.message, *seq))
            .collect();
        for message in messages {
            let newest = newest.get(&message.id).copied();
            match self.doubt_about(message, newest, reads_all) {
                None => self.clear(message.id),
                Some(doubt) => {
                    // What the entry says of the author and the time is believed first.
                    let written = self.entries.get(&message.seq);
                    let written = written.filter(|entry| entry.message == message.id);
                    self.find(Finding {
                        message: Some(message.id),
                        author: Some(written.map_or(message.author, |entry| entry.author)),
                        at_ms: Some(written.map_or(message.sent_ms, |entry| entry.at_ms)),
                        ..Finding::new(doubt, message.seq, now_ms)
                    });
                }
            }
            self.compared.insert(message.id, message.changed);
        }
    }

    /// What is wrong with a message, if anything is. `newest` is the last entry about it.
    fn doubt_about(
        &self,
        message: &Message,
        newest: Option<Seq>,
        reads_all: bool,
    ) -> Option<Doubt> {
        let Some(sent) = self.entries.get(&message.seq) else {
            return Some(Doubt::Foreign);
        };
        if sent.kind != u32::from(EntryKind::Sent as u8) {
            return Some(Doubt::Foreign);
        }
        let is_as_sent = sent.message == message.id
            && sent.author == message.author
            && sent.at_ms == message.sent_ms;
        let last = self.entries.get(&message.changed);
        let is_right = is_as_sent
            && newest == Some(message.changed)
            && last.is_some_and(|last| is_as_left(message, last, reads_all));
        (!is_right).then_some(Doubt::Altered)
    }

    /// Looks for messages that entries tell of and that are not there, and for entries that are not there.
    fn survey(&mut self, window: &Timeline, (from, through): (Seq, Seq), now_ms: u64) {
        let changed: HashMap<Seq, MessageId> = window
            .messages()
            .map(|message| (message.changed, message.id))
            .collect();
        let mut missing = Vec::new();
        for place in (from.0..=through.0).map(Seq) {
            match self.entries.get(&place) {
                Some(entry) if entry.kind != u32::from(EntryKind::Sent as u8) => {}
                Some(_) | None if window.at(place).is_some() => {}
                Some(entry) => missing.push(Finding::about(Doubt::Missing, entry, now_ms)),
                // A message that this would have changed is found by itself.
                None if changed.contains_key(&place) => {}
                None => missing.push(Finding::new(Doubt::Missing, place, now_ms)),
            }
        }
        for finding in missing {
            self.find(finding);
        }
    }

    /// When what stands at a place was right last.
    pub(super) fn right_at(&self, place: Seq) -> Option<u64> {
        let proven = self.proven?;
        (proven.from..=proven.through)
            .contains(&place)
            .then_some(proven.at_ms)
    }
}

/// Whether a message is what its last entry left behind.
fn is_as_left(message: &Message, last: &LedgerEntry, reads_all: bool) -> bool {
    if last.message != message.id {
        return false;
    }
    let kind = u8::try_from(last.kind).ok().and_then(EntryKind::of);
    let is_as_done = match (kind, &message.body) {
        // One that this build does not know may leave whatever it wants.
        (None, _) => true,
        (Some(EntryKind::Deleted), ChatMessage::Deleted { by, at_ms }) => {
            *by == last.author && *at_ms == last.at_ms && message.edited_ms.is_none()
        }
        (Some(EntryKind::Deleted), ChatMessage::Unknown) => true,
        (Some(EntryKind::Deleted), _) | (Some(_), ChatMessage::Deleted { .. }) => false,
        (Some(EntryKind::Sent), _) => message.seq == last.seq && message.edited_ms.is_none(),
        (Some(EntryKind::Edited), _) => {
            message.edited_ms == Some(last.at_ms) && message.author == last.author
        }
    };
    let content = digest_of(message).filter(|_| reads_all);
    is_as_done && content.is_none_or(|content| content == last.digest.0)
}

/// The digest of what a message says; `None` when this build cannot read all of it.
fn digest_of(message: &Message) -> Option<Hash> {
    let is_known = match &message.body {
        ChatMessage::Unknown
        | ChatMessage::Notice {
            notice: Notice::Unknown,
        } => false,
        ChatMessage::Text { .. } | ChatMessage::Notice { .. } | ChatMessage::Deleted { .. } => true,
    };
    // It is written as the server wrote it: by the same code.
    let json = is_known.then(|| serde_json::to_string(&message.body).ok())??;
    Some(digest(message.salt.as_ref(), &json))
}

/// The entry that left a message as it is; `None` when that cannot be told.
pub(super) fn entry_of(message: &Message) -> Option<LedgerEntry> {
    let (kind, author, at_ms) = match (&message.body, message.edited_ms) {
        (ChatMessage::Deleted { by, at_ms }, _) => (EntryKind::Deleted, *by, *at_ms),
        (_, None) if message.changed == message.seq => {
            (EntryKind::Sent, message.author, message.sent_ms)
        }
        (_, Some(edited_ms)) => (EntryKind::Edited, message.author, edited_ms),
        (_, None) => return None,
    };
    Some(LedgerEntry {
        seq: message.changed,
        kind: u32::from(kind as u8),
        message: message.id,
        author,
        at_ms,
        digest: Hex(digest_of(message)?),
    })
}
