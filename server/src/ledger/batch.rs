//! Makes a batch of changes durable in one transaction. It does not know who hears of them.

use std::collections::HashMap;
use std::vec::Drain;

use parley_shared::chain::{self, EntryKind};
use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::model::{Message, Person};
use parley_shared::protocol::{ChatMessage, Refusal};

use super::{Change, Outcome, Receipt, Settled, Told};
use crate::clock::Clock;
use crate::store::conversations::{self, Progress, Seat};
use crate::store::messages::{self, StoredEntry};
use crate::store::people;
use crate::store::sqlite::Connection;
use crate::store::{Result, StoreError, Writer, accounts};

/// People who are remembered between batches, at most.
const KNOWN_MAX: usize = 10_000;

/// Writes changes down. It has the store's only writer.
pub(super) struct Scribe {
    writer: Writer,
    /// Those who wrote lately, as others see them: nobody else changes that, so it is true.
    known: HashMap<UserId, Person>,
    now_ms: u64,
    clock: Clock,
}

impl Scribe {
    pub(super) fn new(writer: Writer, clock: Clock) -> Self {
        Self {
            writer,
            clock,
            known: HashMap::new(),
            now_ms: 0,
        }
    }

    /// Makes the changes in this order. Each is on disk, or has a refusal, when this returns.
    pub(super) fn settle(&mut self, changes: Drain<'_, (Change, Receipt)>) -> Vec<Settled> {
        let (changes, receipts): (Vec<Change>, Vec<Receipt>) = changes.unzip();
        let made = match self.write(&changes) {
            Ok(made) => made,
            // One change that the database cannot take must not take the others with it.
            Err(error) if changes.len() > 1 => {
                tracing::warn!(%error, changes = changes.len(), "a batch failed; trying its changes one by one");
                changes.chunks(1).map(|one| self.write_one(one)).collect()
            }
            Err(error) => vec![refuse(&error)],
        };
        made.into_iter()
            .zip(receipts)
            .map(|((told, outcome), receipt)| Settled {
                told,
                outcome,
                receipt,
            })
            .collect()
    }

    fn write_one(&mut self, change: &[Change]) -> Made {
        match self.write(change) {
            Ok(mut made) => made.pop().unwrap_or_else(|| refuse(&StoreError::Closed)),
            Err(error) => refuse(&error),
        }
    }

    fn write(&mut self, changes: &[Change]) -> Result<Vec<Made>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        if self.known.len() > KNOWN_MAX {
            self.known.clear();
        }
        // A clock that is set back must not make a later message seem older.
        self.now_ms = self.now_ms.max(self.clock.now_ms());
        let now_ms = self.now_ms;
        let known = &mut self.known;
        let made = self.writer.transaction(|connection| {
            let mut batch = Batch {
                connection,
                known,
                progress: HashMap::new(),
                now_ms,
            };
            let made = changes
                .iter()
                .map(|change| batch.make(change))
                .collect::<Result<Vec<_>>>()?;
            batch.finish()?;
            Ok(made)
        });
        if made.is_err() {
            // What the transaction took back must not be remembered.
            self.known.clear();
        }
        made
    }
}

/// What everyone is to hear of a change, and what its asker is.
pub(super) type Made = (Option<Told>, Outcome);

fn refuse(error: &StoreError) -> Made {
    tracing::error!(%error, "a change could not be made durable");
    (None, Outcome::Refused(Refusal::Unavailable))
}

/// One transaction.
pub(super) struct Batch<'a> {
    pub(super) connection: &'a mut Connection,
    known: &'a mut HashMap<UserId, Person>,
    /// How far the conversations of this batch have come; `None` for one that is not there.
    progress: HashMap<ConversationId, Option<Progress>>,
    pub(super) now_ms: u64,
}

impl Batch<'_> {
    fn make(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Send { seat, id, body } => self.send(seat, *id, body),
            Change::Rename { person, name } => self.rename(*person, name),
            Change::Account(change) => self.account(change),
            Change::Session(change) => self.session(change),
            Change::SecondFactor(change) => self.second_factor(change),
            Change::Token(change) => self.token(change),
            Change::Invitation(change) => self.invitation(change),
            Change::Contact(change) => self.contact(change),
            Change::Picture(change) => self.picture(change),
        }
    }

    fn send(&mut self, seat: &Seat, id: MessageId, body: &ChatMessage) -> Result<Made> {
        let Some(progress) = self.progress(seat)? else {
            return Ok(refused(Refusal::UnknownConversation));
        };
        let Some(author) = self.person(seat.person())? else {
            return Ok(refused(Refusal::SignInNeeded));
        };
        let seq = progress.last.next();
        let message = Message {
            id,
            conversation: seat.conversation(),
            author: author.id,
            seq,
            changed: seq,
            sent_ms: self.now_ms,
            body: body.clone(),
        };
        let body_json = serde_json::to_string(body)
            .map_err(|error| StoreError::Unreadable(error.to_string()))?;
        if !messages::insert_message(self.connection, &message, &body_json)? {
            return self.known(&message);
        }
        let digest = chain::digest(&body_json);
        let head = chain::head(
            &progress.head,
            &chain::Entry {
                seq,
                kind: EntryKind::Sent,
                message: &id,
                author: &author.id,
                at_ms: self.now_ms,
                content: &digest,
            },
        );
        let entry = StoredEntry {
            seq,
            kind: EntryKind::Sent,
            message_seq: seq,
            author: author.id,
            at_ms: self.now_ms,
            digest,
            head,
        };
        messages::insert_entry(self.connection, seat.conversation(), &entry)?;
        self.progress
            .insert(seat.conversation(), Some(Progress { last: seq, head }));
        let outcome = stored(&message);
        Ok((Some(Told::MessageChanged { message, author }), outcome))
    }

    /// The id is taken: by the same message, which is then sent again, or by another.
    fn known(&mut self, sent: &Message) -> Result<Made> {
        let same = messages::message(self.connection, sent.id)?.filter(|present| {
            present.author == sent.author
                && present.conversation == sent.conversation
                && present.body == sent.body
        });
        let outcome = same.map_or(Outcome::Refused(Refusal::IdTaken), |present| {
            stored(&present)
        });
        Ok((None, outcome))
    }

    fn rename(&mut self, person: UserId, name: &str) -> Result<Made> {
        if self.person(person)?.is_none() {
            return Ok(refused(Refusal::SignInNeeded));
        }
        let person = self.set_name(person, name)?;
        Ok((
            Some(Told::PersonChanged(person.clone())),
            Outcome::Renamed(person),
        ))
    }

    /// Names a person who is kept.
    pub(super) fn set_name(&mut self, id: UserId, name: &str) -> Result<Person> {
        people::set_name(self.connection, id, name)?;
        let person = people::person(self.connection, id)?;
        self.known.insert(id, person.clone());
        Ok(person)
    }

    /// Remembers nothing of a person: what they may do has changed.
    pub(super) fn forget(&mut self, id: UserId) {
        self.known.remove(&id);
    }

    /// The person, who is kept from their first message on; `None` when their account was deactivated
    /// or deleted, so that they may do nothing any more.
    pub(super) fn person(&mut self, id: UserId) -> Result<Option<Person>> {
        if let Some(person) = self.known.get(&id) {
            return Ok(Some(person.clone()));
        }
        people::insert_person(self.connection, id, self.now_ms)?;
        let person = people::person(self.connection, id)?;
        let account = accounts::account(self.connection, id)?;
        if person.deleted || account.is_some_and(|account| account.deactivated_ms.is_some()) {
            return Ok(None);
        }
        self.known.insert(id, person.clone());
        Ok(Some(person))
    }

    fn progress(&mut self, seat: &Seat) -> Result<Option<Progress>> {
        if let Some(progress) = self.progress.get(&seat.conversation()) {
            return Ok(*progress);
        }
        let progress = conversations::progress(self.connection, seat)?;
        self.progress.insert(seat.conversation(), progress);
        Ok(progress)
    }

    fn finish(&mut self) -> Result<()> {
        for (conversation, progress) in &self.progress {
            if let Some(progress) = progress {
                conversations::set_progress(self.connection, *conversation, progress)?;
            }
        }
        Ok(())
    }
}

/// A change that is not made.
pub(super) fn refused(refusal: Refusal) -> Made {
    (None, Outcome::Refused(refusal))
}

/// A change that is made and that nobody else needs to hear of.
pub(super) fn done() -> Made {
    (None, Outcome::Done)
}

fn stored(message: &Message) -> Outcome {
    Outcome::Stored {
        id: message.id,
        conversation: message.conversation,
        seq: message.seq,
        sent_ms: message.sent_ms,
    }
}
