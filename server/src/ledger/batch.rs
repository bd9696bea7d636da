//! Makes a batch of changes durable in one transaction. It does not know who hears of them.

use std::collections::HashMap;
use std::vec::Drain;

use parley_shared::chain::{self, EntryKind, Hex};
use parley_shared::ids::{ConversationId, MessageId, Stamp, UserId};
use parley_shared::model::{ConversationKind, Message, Notice, Person};
use parley_shared::protocol::{ChatMessage, Refusal};

use super::conversations::refusal;
use super::mentions::around;
use super::messages::{Deed, stored, written};
use super::progress::{Running, Stamping};
use super::{Change, Outcome, Receipt, Settled, Told};
use crate::clock::Clock;
use crate::random;
use crate::store::conversations::{self, Allowed, Seat};
use crate::store::sqlite::Connection;
use crate::store::{Result, StoreError, Writer, accounts, messages, people, stamps};

/// People who are remembered between batches, at most, and as many seats.
const KNOWN_MAX: usize = 10_000;

/// Writes changes down. It has the store's only writer.
pub(super) struct Scribe {
    writer: Writer,
    /// Those who wrote lately, as others see them: nobody else changes that, so it is true.
    known: HashMap<UserId, Person>,
    /// What the seats of those who wrote lately allow. Nobody else changes that either; it is forgotten
    /// whenever something changes that it hangs on.
    seats: HashMap<(ConversationId, UserId), Allowed>,
    now_ms: u64,
    /// The newest stamp that a batch took, or tried to.
    stamp: Stamp,
    clock: Clock,
}

impl Scribe {
    /// Goes on from the newest change that is kept: the clock may have been set back since.
    pub(super) fn new(mut writer: Writer, clock: Clock) -> Result<Self> {
        let (now_ms, stamp) = writer.transaction(|connection| {
            let now_ms = conversations::last_changed_ms(connection)?;
            Ok((now_ms, stamps::newest(connection)?))
        })?;
        Ok(Self {
            writer,
            clock,
            stamp,
            known: HashMap::new(),
            seats: HashMap::new(),
            now_ms,
        })
    }

    /// The newest stamp: nothing that was settled has a later one.
    pub(super) fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Makes the changes in this order. Each is on disk, or has a refusal, when this returns.
    pub(super) fn settle(&mut self, changes: Drain<'_, (Change, Receipt)>) -> Vec<Settled> {
        let (changes, receipts): (Vec<Change>, Vec<Receipt>) = changes.unzip();
        let made = match self.write(&changes) {
            Ok(made) => made,
            // One change that the database cannot take must not take the others with it. When it is the
            // disk that takes nothing, each would only fail by itself.
            Err(error) if changes.len() > 1 && !error.is_of_the_disk() => {
                tracing::warn!("a batch failed; trying its changes one by one");
                changes.chunks(1).map(|one| self.write_one(one)).collect()
            }
            Err(_) => changes.iter().map(|_| unavailable()).collect(),
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
            Ok(mut made) => made.pop().unwrap_or_else(unavailable),
            Err(_) => unavailable(),
        }
    }

    fn write(&mut self, changes: &[Change]) -> Result<Vec<Made>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        if self.known.len() > KNOWN_MAX {
            self.known.clear();
        }
        if self.seats.len() > KNOWN_MAX {
            self.seats.clear();
        }
        // A clock that is set back must not make a later message seem older.
        self.now_ms = self.now_ms.max(self.clock.now_ms());
        let now_ms = self.now_ms;
        let (known, seats) = (&mut self.known, &mut self.seats);
        let next = self.stamp.next();
        let made = self.writer.transaction(|connection| {
            let mut batch = Batch {
                connection,
                known,
                seats,
                progress: HashMap::new(),
                stamping: Stamping::new(next),
                now_ms,
            };
            let made = changes
                .iter()
                .map(|change| batch.make(change))
                .collect::<Result<Vec<_>>>()?;
            let is_stamped = batch.finish()?;
            Ok((made, is_stamped))
        });
        // A stamp that was perhaps taken is not taken again.
        if made.as_ref().map_or(true, |(_, is_stamped)| *is_stamped) {
            self.stamp = next;
        }
        if let Err(error) = &made {
            tracing::error!(%error, changes = changes.len(), "changes could not be made durable");
            // What the transaction took back must not be remembered.
            self.known.clear();
            self.seats.clear();
        }
        made.map(|(made, _)| made)
    }
}

/// What everyone is to hear of a change, and what its asker is.
pub(super) type Made = (Option<Told>, Outcome);

fn unavailable() -> Made {
    (None, Outcome::Refused(Refusal::Unavailable))
}

/// One transaction.
pub(super) struct Batch<'a> {
    pub(super) connection: &'a mut Connection,
    known: &'a mut HashMap<UserId, Person>,
    seats: &'a mut HashMap<(ConversationId, UserId), Allowed>,
    /// How far the conversations of this batch have come; `None` for one that is not there.
    pub(super) progress: HashMap<ConversationId, Option<Running>>,
    pub(super) stamping: Stamping,
    pub(super) now_ms: u64,
}

impl Batch<'_> {
    fn make(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Send { seat, id, body } => self.send(seat, *id, body),
            Change::Message(change) => self.message(change),
            Change::Rename { person, name } => self.rename(*person, name),
            Change::Account(change) => self.account(change),
            Change::Session(change) => self.session(change),
            Change::SecondFactor(change) => self.second_factor(change),
            Change::Token(change) => self.token(change),
            Change::Invitation(change) => self.invitation(change),
            Change::Contact(change) => self.contact(change),
            Change::Picture(change) => self.picture(change),
            Change::Conversation(change) => self.conversation(change),
            Change::Group(change) => self.group(change),
        }
    }

    fn send(&mut self, seat: &Seat, id: MessageId, body: &ChatMessage) -> Result<Made> {
        if let Some(refusal) = refusal(self.allowed(seat)?) {
            return Ok(refused(refusal));
        }
        let Some(author) = self.person(seat.person())? else {
            return Ok(refused(Refusal::SignInNeeded));
        };
        let conversation = seat.conversation();
        // Before it is written: who comes in hears it as everyone does, and does not find it twice.
        let entered = self.seat_other(seat)?;
        let Some(message) = self.write_message(conversation, author.id, id, body)? else {
            return Ok((entered, self.known(seat, id, body)?));
        };
        let outcome = stored(&message);
        let mentioned = self.mention(&message)?;
        let told = Told::MessageChanged { message, author };
        Ok((Some(around(entered, told, mentioned)), outcome))
    }

    /// Gives a message the next number of its conversation and its place in the chain, and keeps it.
    /// `None` when its id is taken, and then nothing is changed.
    pub(super) fn write_message(
        &mut self,
        conversation: ConversationId,
        author: UserId,
        id: MessageId,
        body: &ChatMessage,
    ) -> Result<Option<Message>> {
        let before = self.before(conversation)?;
        let seq = before.last.next();
        let salt = random::bytes().map_err(StoreError::Minting)?;
        let message = Message {
            id,
            conversation,
            author,
            seq,
            changed: seq,
            sent_ms: self.now_ms,
            edited_ms: None,
            salt: Some(Hex(salt)),
            body: body.clone(),
        };
        let body_json = written(body)?;
        if !messages::insert_message(self.connection, &message, &body_json)? {
            return Ok(None);
        }
        let deed = Deed {
            conversation,
            kind: EntryKind::Sent,
            message: &id,
            message_seq: seq,
            by: author,
            digest: chain::digest(message.salt.as_ref(), &body_json),
        };
        self.append(&before, &deed)?;
        Ok(Some(message))
    }

    /// Writes down among the messages what someone did to a conversation.
    pub(super) fn write_notice(
        &mut self,
        conversation: ConversationId,
        author: UserId,
        notice: Notice,
    ) -> Result<Told> {
        let author = people::person(self.connection, author)?;
        let chance = random::bytes().map_err(StoreError::Minting)?;
        let id = MessageId::from_time_and_randomness(self.now_ms, chance);
        let body = ChatMessage::Notice { notice };
        let written = self.write_message(conversation, author.id, id, &body)?;
        let message =
            written.ok_or_else(|| StoreError::Unreadable("an id was minted twice".to_owned()))?;
        Ok(Told::MessageChanged { message, author })
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
        self.seen_otherwise(id)?;
        let person = people::person(self.connection, id)?;
        self.known.insert(id, person.clone());
        Ok(person)
    }

    /// Remembers nothing of a person: what they may do has changed.
    pub(super) fn forget(&mut self, id: UserId) {
        self.known.remove(&id);
        self.forget_seats();
    }

    /// Remembers nothing of who may write where: members, relations, groups or the policy have changed.
    pub(super) fn forget_seats(&mut self) {
        self.seats.clear();
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

    /// What a seat allows at this moment.
    pub(super) fn allowed(&mut self, seat: &Seat) -> Result<Allowed> {
        let conversation = seat.conversation();
        // Everyone sits in the Lobby, where most is said: it only has to be there.
        if seat.kind() == ConversationKind::Lobby {
            let is_there = self.running(conversation)?.is_some();
            return Ok(if is_there {
                Allowed::Writing
            } else {
                Allowed::Nothing
            });
        }
        let key = (conversation, seat.person());
        if let Some(allowed) = self.seats.get(&key) {
            return Ok(*allowed);
        }
        let allowed = conversations::allowed(self.connection, seat)?;
        self.seats.insert(key, allowed);
        Ok(allowed)
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
