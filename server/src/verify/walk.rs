//! One conversation, entry by entry: each against the one before, its message and what it left behind. It does not
//! know where they are kept.

use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash};
use parley_shared::ids::{MessageId, Seq};
use parley_shared::protocol::ChatMessage;

use super::Broken;
use crate::store::kept::{Counts, KeptConversation, KeptEntry, KeptMessage, KeptVersion};

/// How far a conversation was gone through.
#[derive(Debug)]
pub(super) struct Walk {
    /// What hung on its entries.
    pub(super) counts: Counts,
    /// Contents that are erased.
    pub(super) erased: u64,
    last: Seq,
    head: Hash,
    /// Messages that were seen at the entry that they name as their newest.
    current: u64,
    /// The first thing that is wrong.
    broken: Option<(Seq, Option<MessageId>, &'static str)>,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            counts: Counts::default(),
            erased: 0,
            last: Seq::ZERO,
            head: EMPTY_HEAD,
            current: 0,
            broken: None,
        }
    }
}

impl Walk {
    /// Takes the next entry.
    pub(super) fn step(&mut self, seq: Seq, entry: Option<KeptEntry>) {
        self.counts.entries += 1;
        let expected = self.last.next();
        self.last = seq;
        let Some(entry) = entry else {
            self.break_at(seq, None, "a row that cannot be read");
            return;
        };
        let id = entry.message.as_ref().map(|message| message.id);
        if seq != expected {
            self.break_at(expected, None, "an entry is missing");
        }
        if let Some(wrong) = self.wrong_with(seq, &entry) {
            self.break_at(seq, id, wrong);
        }
        // What comes after is held against what is kept, so that it is counted as it is.
        self.head = entry.head;
    }

    /// What is wrong once all entries were taken, if anything is.
    pub(super) fn end(&mut self, conversation: &KeptConversation) -> Option<Broken> {
        if conversation.last < self.last {
            let after = conversation.last.next();
            self.break_at(after, None, "the conversation ends before this entry");
        }
        if conversation.last > self.last {
            let first = self.last.next();
            self.break_at(first, None, "an entry is missing at the end");
        }
        if conversation.head != Some(self.head) {
            self.break_at(self.last, None, "the conversation has another head");
        }
        if self.current != self.counts.messages {
            let what = "a message is of another entry than it says";
            self.break_at(self.last, None, what);
        }
        let (seq, message, what) = self.broken?;
        Some(Broken {
            conversation: conversation.id,
            seq,
            message,
            what,
        })
    }

    fn break_at(&mut self, seq: Seq, message: Option<MessageId>, what: &'static str) {
        self.broken.get_or_insert((seq, message, what));
    }

    fn wrong_with(&mut self, seq: Seq, entry: &KeptEntry) -> Option<&'static str> {
        if entry.version.is_some() {
            self.counts.versions += 1;
        }
        let kind = u8::try_from(entry.kind).ok().and_then(EntryKind::of);
        if kind == Some(EntryKind::Sent) && entry.message_seq == seq && entry.message.is_some() {
            self.counts.messages += 1;
        }
        let Some(message) = &entry.message else {
            return Some("its message is missing");
        };
        if message.changed == seq {
            self.current += 1;
        }
        let Some(kind) = kind else {
            return Some("an entry of no known kind");
        };
        let head = chain::head(
            &self.head,
            &chain::Entry {
                seq,
                kind: kind as u8,
                message: &message.id,
                author: &entry.author,
                at_ms: entry.at_ms,
                content: &entry.digest,
            },
        );
        wrong_place(seq, kind, entry, message)
            .or_else(|| self.wrong_content(seq, kind, entry, message))
            .or_else(|| (head != entry.head).then_some("it does not lead to its head"))
    }

    /// Whether what the entry left behind is what is kept, as far as it is.
    fn wrong_content(
        &mut self,
        seq: Seq,
        kind: EntryKind,
        entry: &KeptEntry,
        message: &KeptMessage,
    ) -> Option<&'static str> {
        let is_current = message.changed == seq;
        if is_current {
            if chain::digest(message.salt.as_ref(), &message.body) != entry.digest {
                return Some("the message says something else than was written");
            }
            if let Some(wrong) = wrong_state(kind, entry, message) {
                return Some(wrong);
            }
        }
        let Some(version) = &entry.version else {
            let is_needed = match kind {
                EntryKind::Sent => !is_current && !is_deleted(message),
                EntryKind::Edited | EntryKind::Deleted => true,
            };
            // A message that was never changed has no versions; what it said is erased with it.
            self.erased += u64::from(!is_current && !is_needed);
            return is_needed.then_some("an earlier version is missing");
        };
        self.wrong_version(kind, entry, version, message)
    }

    fn wrong_version(
        &mut self,
        kind: EntryKind,
        entry: &KeptEntry,
        version: &KeptVersion,
        message: &KeptMessage,
    ) -> Option<&'static str> {
        if (kind == EntryKind::Sent) != version.change.is_none() {
            return Some("an earlier version is of another change");
        }
        if version.body.is_none() && version.salt.is_some() {
            return Some("a salt is not erased with its content");
        }
        match &version.body {
            Some(body) => (chain::digest(version.salt.as_ref(), body) != entry.digest)
                .then_some("an earlier version says something else than was written"),
            // The tombstone itself is what the message says now.
            None if kind == EntryKind::Deleted => None,
            None if is_deleted(message) => {
                self.erased += 1;
                None
            }
            None => Some("an earlier version is erased, and its message is not"),
        }
    }
}

/// Whether the entry is about the message that stands where it says, and that message about it.
fn wrong_place(
    seq: Seq,
    kind: EntryKind,
    entry: &KeptEntry,
    message: &KeptMessage,
) -> Option<&'static str> {
    let is_sent = kind == EntryKind::Sent;
    if is_sent != (entry.message_seq == seq) || entry.message_seq > seq {
        return Some("an entry about another place");
    }
    if is_sent && message.author != entry.author {
        return Some("the message has another author");
    }
    if is_sent && message.sent_ms != entry.at_ms {
        return Some("the message has another time");
    }
    (message.changed < seq).then_some("the message was changed later than it says")
}

/// Whether a message is as its newest entry left it, besides its content.
fn wrong_state(kind: EntryKind, entry: &KeptEntry, message: &KeptMessage) -> Option<&'static str> {
    let is_right = match kind {
        EntryKind::Sent => message.edited_ms.is_none() && !is_deleted(message),
        EntryKind::Edited => {
            message.edited_ms == Some(entry.at_ms)
                && message.author == entry.author
                && !is_deleted(message)
        }
        EntryKind::Deleted => {
            message.edited_ms.is_none()
                && message.salt.is_none()
                && tombstone(message) == Some((entry.author, entry.at_ms))
        }
    };
    (!is_right).then_some("the message is not as its newest entry left it")
}

fn is_deleted(message: &KeptMessage) -> bool {
    tombstone(message).is_some()
}

/// Who deleted a message, and when; `None` when it is not deleted.
fn tombstone(message: &KeptMessage) -> Option<(parley_shared::ids::UserId, u64)> {
    // Most are none, and this is asked of each.
    if !message.body.starts_with(r#"{"type":"deleted""#) {
        return None;
    }
    match serde_json::from_str(&message.body) {
        Ok(ChatMessage::Deleted { by, at_ms }) => Some((by, at_ms)),
        _ => None,
    }
}
