//! A conversation as a server keeps and serves it, with everything in it open to be altered. It is no server.

use parley_shared::chain::{self, EMPTY_HEAD, EntryKind, Hash, Hex, digest};
use parley_shared::ids::{MessageId, Seq, UserId};
use parley_shared::limits::{PAGE_ENTRIES_MAX, PAGE_MESSAGES_MAX};
use parley_shared::model::{LedgerEntry, Message, Notice};
use parley_shared::protocol::ChatMessage;

use crate::sample::{ALICE, BOB, lobby, nth_id, user};

pub(crate) fn words(text: &str) -> ChatMessage {
    ChatMessage::Text {
        text: text.to_owned(),
    }
}

/// An entry's row: it knows the place of its message, not the id.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) seq: Seq,
    pub(crate) kind: u32,
    pub(crate) place: Seq,
    pub(crate) author: UserId,
    pub(crate) at_ms: u64,
    pub(crate) digest: Hash,
    pub(crate) head: Hash,
}

#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub(crate) messages: Vec<Message>,
    pub(crate) rows: Vec<Row>,
    pub(crate) last: Seq,
}

impl Book {
    /// A conversation in which so many messages were sent, some of them notices.
    pub(crate) fn with(count: u64) -> Self {
        let mut book = Self {
            messages: Vec::new(),
            rows: Vec::new(),
            last: Seq::ZERO,
        };
        for number in 1..=count {
            let body = match number % 7 {
                0 => ChatMessage::Notice {
                    notice: Notice::Joined,
                },
                _ => words(&format!("message {number}")),
            };
            book.write(body);
        }
        book
    }

    pub(crate) fn send(&mut self, text: &str) -> Seq {
        self.write(words(text))
    }

    fn write(&mut self, body: ChatMessage) -> Seq {
        let seq = self.last.next();
        let author = user(if seq.0.is_multiple_of(3) { ALICE } else { BOB });
        self.messages.push(Message {
            id: nth_id(seq.0),
            conversation: lobby(),
            author,
            seq,
            changed: seq,
            sent_ms: 1_000 + seq.0,
            edited_ms: None,
            salt: Some(Hex([u8::try_from(seq.0 % 251).expect("it is small"); 16])),
            body,
        });
        self.append(EntryKind::Sent as u32, seq, author);
        seq
    }

    pub(crate) fn edit(&mut self, place: Seq, text: &str) {
        let seq = self.last.next();
        let message = self.message(place);
        message.changed = seq;
        message.edited_ms = Some(1_000 + seq.0);
        message.salt = Some(Hex([0xed; 16]));
        message.body = words(text);
        let author = message.author;
        self.append(EntryKind::Edited as u32, place, author);
    }

    pub(crate) fn delete(&mut self, place: Seq) {
        let seq = self.last.next();
        let by = user(ALICE);
        let message = self.message(place);
        message.changed = seq;
        message.edited_ms = None;
        message.salt = None;
        message.body = ChatMessage::Deleted {
            by,
            at_ms: 1_000 + seq.0,
        };
        self.append(EntryKind::Deleted as u32, place, by);
    }

    pub(crate) fn message(&mut self, place: Seq) -> &mut Message {
        let mut all = self.messages.iter_mut();
        all.find(|message| message.seq == place)
            .expect("it is there")
    }

    /// One more entry, about the message at a place as it stands now.
    pub(crate) fn append(&mut self, kind: u32, place: Seq, author: UserId) {
        let seq = self.last.next();
        let message = self.message(place);
        message.changed = seq;
        let digest = digest_of(message);
        let mut row = Row {
            seq,
            kind,
            place,
            author,
            at_ms: 1_000 + seq.0,
            digest,
            head: EMPTY_HEAD,
        };
        let before = self.rows.last().map_or(EMPTY_HEAD, |row| row.head);
        row.head = self.head_after(&before, &row);
        self.rows.push(row);
        self.last = seq;
    }

    /// Computes digests and heads anew, as someone does who can write everything.
    pub(crate) fn write_anew(&mut self) {
        let mut before = EMPTY_HEAD;
        for index in 0..self.rows.len() {
            let mut row = self.rows[index].clone();
            let message = self
                .messages
                .iter()
                .find(|message| message.seq == row.place);
            if let Some(message) = message.filter(|message| message.changed == row.seq) {
                row.digest = digest_of(message);
            }
            row.head = self.head_after(&before, &row);
            before = row.head;
            self.rows[index] = row;
        }
    }

    fn head_after(&self, before: &Hash, row: &Row) -> Hash {
        let message = self.id_at(row.place).expect("it is there");
        chain::head(
            before,
            &chain::Entry {
                seq: row.seq,
                kind: u8::try_from(row.kind).expect("it is small"),
                message: &message,
                author: &row.author,
                at_ms: row.at_ms,
                content: &row.digest,
            },
        )
    }

    fn id_at(&self, place: Seq) -> Option<MessageId> {
        let mut all = self.messages.iter();
        all.find(|message| message.seq == place)
            .map(|message| message.id)
    }

    // ---- What is served ----

    pub(crate) fn newest(&self) -> (Vec<Message>, Seq, bool) {
        let (messages, more) = self.before(Seq(u64::MAX));
        (messages, self.last, more)
    }

    pub(crate) fn before(&self, before: Seq) -> (Vec<Message>, bool) {
        let mut all: Vec<Message> = self.messages.clone();
        all.sort_by_key(|message| message.seq);
        all.retain(|message| message.seq < before);
        let start = all.len().saturating_sub(PAGE_MESSAGES_MAX);
        (all.split_off(start), start > 0)
    }

    pub(crate) fn changes(&self, since: Seq) -> (Vec<Message>, Seq) {
        let mut all: Vec<Message> = self.messages.clone();
        all.retain(|message| message.changed > since);
        all.sort_by_key(|message| message.changed);
        (all, self.last)
    }

    pub(crate) fn latest_change(&self) -> Message {
        let newest = self.messages.iter().max_by_key(|message| message.changed);
        newest.expect("something was said").clone()
    }

    /// As the server's store serves them.
    pub(crate) fn entries(&self, after: Seq) -> (Hash, Vec<LedgerEntry>) {
        let mut rows = self.rows.clone();
        rows.sort_by_key(|row| row.seq);
        let head = rows.iter().find(|row| row.seq == after);
        let ids: std::collections::HashMap<Seq, MessageId> = self
            .messages
            .iter()
            .map(|message| (message.seq, message.id))
            .collect();
        let entries = rows
            .iter()
            .filter(|row| row.seq > after)
            .take(PAGE_ENTRIES_MAX)
            .filter_map(|row| {
                Some(LedgerEntry {
                    seq: row.seq,
                    kind: row.kind,
                    message: *ids.get(&row.place)?,
                    author: row.author,
                    at_ms: row.at_ms,
                    digest: Hex(row.digest),
                })
            });
        (head.map_or(EMPTY_HEAD, |row| row.head), entries.collect())
    }
}

fn digest_of(message: &Message) -> Hash {
    let json = serde_json::to_string(&message.body).expect("it has a form");
    digest(message.salt.as_ref(), &json)
}
