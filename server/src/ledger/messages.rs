//! Changes of messages, within the ledger's transaction: other words, and no words any more. It does not
//! know over which door they are asked for.
//!
//! Everything that may refuse a change comes before the first thing that is written: other changes share
//! the transaction, so that half a change could not be taken back alone.

use parley_shared::chain::{self, EntryKind, Hash, Hex};
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::EDITS_MAX;
use parley_shared::model::{ConversationKind, Message, Role};
use parley_shared::protocol::{ChatMessage, Refusal};

use super::batch::{Batch, Made, refused};
use super::conversations::refusal;
use super::groups::rules;
use super::mentions::around;
use super::{Outcome, Told};
use crate::random;
use crate::store::conversations::{self, Allowed, Progress, Seat};
use crate::store::messages::{self, StoredEntry};
use crate::store::versions::{self, KnownChange};
use crate::store::{Result, StoreError, accounts, people};

/// A change of a message.
#[derive(Debug)]
pub struct Change {
    /// Who wants it, and where the message stands.
    pub seat: Seat,
    /// The change's id, from the client of whoever wants it.
    pub id: MessageId,
    /// Which message.
    pub message: MessageId,
    /// What is to become of it.
    pub what: What,
}

/// What is to become of a message.
#[derive(Debug)]
pub enum What {
    /// It says something else.
    Edit(ChatMessage),
    /// It says nothing any more.
    Delete,
}

/// What happened to a message, before it has its number.
pub(super) struct Deed<'a> {
    pub(super) conversation: ConversationId,
    pub(super) kind: EntryKind,
    pub(super) message: &'a MessageId,
    /// Its place.
    pub(super) message_seq: Seq,
    pub(super) by: UserId,
    /// The digest of the content that is left behind.
    pub(super) digest: Hash,
}

impl Batch<'_> {
    /// Gives what happened to a message the next number after how far its conversation has come, and its
    /// place in the chain.
    pub(super) fn append(&mut self, before: &Progress, deed: &Deed<'_>) -> Result<()> {
        let entry = chain::Entry {
            seq: before.last.next(),
            kind: deed.kind as u8,
            message: deed.message,
            author: &deed.by,
            at_ms: self.now_ms,
            content: &deed.digest,
        };
        let head = chain::head(&before.head, &entry);
        let stored = StoredEntry {
            seq: entry.seq,
            kind: deed.kind,
            message_seq: deed.message_seq,
            author: deed.by,
            at_ms: self.now_ms,
            digest: deed.digest,
            head,
        };
        messages::insert_entry(self.connection, deed.conversation, &stored)?;
        let mut progress = Progress {
            last: entry.seq,
            head,
            ..*before
        };
        // A conversation moves forward in people's lists when something is said there, not when
        // someone mends what was said long ago.
        if deed.kind == EntryKind::Sent {
            progress.active_ms = self.now_ms;
        }
        self.advance(deed.conversation, progress);
        Ok(())
    }

    pub(super) fn message(&mut self, change: &Change) -> Result<Made> {
        let seat = &change.seat;
        let allowed = self.allowed(seat)?;
        if allowed == Allowed::Nothing {
            return Ok(refused(Refusal::UnknownConversation));
        }
        if self.person(seat.person())?.is_none() {
            return Ok(refused(Refusal::SignInNeeded));
        }
        // What was done is answered as it was for ever, whatever holds by now.
        if let Some(known) = versions::change(self.connection, change.id)? {
            return Ok((None, made_before(change, &known)));
        }
        if let Some(refusal) = refusal(allowed) {
            return Ok(refused(refusal));
        }
        let present = messages::message(self.connection, change.message)?
            .filter(|message| message.conversation == seat.conversation());
        let Some(present) = present else {
            return Ok(refused(Refusal::UnknownMessage));
        };
        match &change.what {
            What::Edit(body) => self.edit_message(change, present, body),
            What::Delete => self.delete_message(change, present),
        }
    }

    fn edit_message(
        &mut self,
        change: &Change,
        present: Message,
        body: &ChatMessage,
    ) -> Result<Made> {
        let by = change.seat.person();
        if !matches!(present.body, ChatMessage::Text { .. }) {
            return Ok(refused(Refusal::UnknownMessage));
        }
        if present.author != by {
            return Ok(refused(Refusal::NotYours));
        }
        // The first of the versions is no edit.
        let kept = versions::count(self.connection, &present)?;
        let limit = EDITS_MAX as u64;
        if kept > limit {
            return Ok(refused(Refusal::TooMany { limit }));
        }
        if kept == 0 {
            versions::keep_first(self.connection, &present)?;
        }
        let before = self.before(present.conversation)?;
        let message = Message {
            changed: before.last.next(),
            edited_ms: Some(self.now_ms),
            salt: Some(Hex(random::bytes().map_err(StoreError::Minting)?)),
            body: body.clone(),
            ..present
        };
        let body_json = written(body)?;
        versions::insert(self.connection, &message, change.id, Some(&body_json))?;
        self.change_content(change, &before, message, &body_json, EntryKind::Edited)
    }

    fn delete_message(&mut self, change: &Change, present: Message) -> Result<Made> {
        let by = change.seat.person();
        if matches!(present.body, ChatMessage::Notice { .. }) {
            return Ok(refused(Refusal::UnknownMessage));
        }
        if let Err(refusal) = self.may_delete(&change.seat, &present)? {
            return Ok(refused(refusal));
        }
        if let ChatMessage::Deleted { at_ms, .. } = present.body {
            // Whoever wants what is so already has what they want.
            return Ok((None, accepted(change, present.changed, at_ms)));
        }
        let before = self.before(present.conversation)?;
        let message = Message {
            changed: before.last.next(),
            edited_ms: None,
            salt: None,
            body: ChatMessage::Deleted {
                by,
                at_ms: self.now_ms,
            },
            ..present
        };
        versions::erase(self.connection, &message)?;
        versions::insert(self.connection, &message, change.id, None)?;
        let body_json = written(&message.body)?;
        self.change_content(change, &before, message, &body_json, EntryKind::Deleted)
    }

    /// Keeps a message as it stands after a change, with the change's place in the chain.
    fn change_content(
        &mut self,
        change: &Change,
        before: &Progress,
        message: Message,
        body_json: &str,
        kind: EntryKind,
    ) -> Result<Made> {
        messages::set_content(self.connection, &message, body_json)?;
        let deed = Deed {
            conversation: message.conversation,
            kind,
            message: &message.id,
            message_seq: message.seq,
            by: change.seat.person(),
            digest: chain::digest(message.salt.as_ref(), body_json),
        };
        self.append(before, &deed)?;
        let mentioned = self.mention(&message)?;
        let author = people::person(self.connection, message.author)?;
        let outcome = accepted(change, message.changed, self.now_ms);
        let told = Told::MessageChanged { message, author };
        Ok((Some(around(None, told, mentioned)), outcome))
    }

    /// Whether whoever sits there may erase a message: its author, and who keeps order where there is order to keep.
    fn may_delete(
        &mut self,
        seat: &Seat,
        message: &Message,
    ) -> Result<std::result::Result<(), Refusal>> {
        let (by, author) = (seat.person(), message.author);
        if author == by {
            return Ok(Ok(()));
        }
        let id = seat.conversation();
        let (role, of_author) = match seat.kind() {
            ConversationKind::Lobby => (self.server_role(by)?, self.server_role(author)?),
            ConversationKind::Group => (
                conversations::rank_of(self.connection, id, by)?,
                conversations::rank_of(self.connection, id, author)?,
            ),
            ConversationKind::Direct | ConversationKind::Notes | ConversationKind::Unknown => {
                return Ok(Err(Refusal::NotYours));
            }
        };
        Ok(rules::may_delete(role, of_author))
    }

    /// What someone may do on the server; `None` for a guest.
    fn server_role(&mut self, person: UserId) -> Result<Option<Role>> {
        let account = accounts::account(self.connection, person)?;
        Ok(account.map(|account| account.standing.role))
    }

    /// The id of a message that someone wants to write is taken: by the same message, which is then sent
    /// again, or by another.
    pub(super) fn known(
        &mut self,
        seat: &Seat,
        id: MessageId,
        body: &ChatMessage,
    ) -> Result<Outcome> {
        let taken = Outcome::Refused(Refusal::IdTaken);
        let present = messages::message(self.connection, id)?.filter(|present| {
            present.author == seat.person() && present.conversation == seat.conversation()
        });
        let Some(present) = present else {
            return Ok(taken);
        };
        let is_same = match &present.body {
            // Of what is erased there is nothing to compare with.
            ChatMessage::Deleted { .. } => true,
            _ if present.edited_ms.is_some() => {
                versions::first(self.connection, &present)?.as_ref() == Some(body)
            }
            present => present == body,
        };
        Ok(if is_same { stored(&present) } else { taken })
    }
}

/// The answer to a change whose id is taken: by the same change, which is then asked for again, or by another.
fn made_before(change: &Change, known: &KnownChange) -> Outcome {
    let is_same_kind = match &change.what {
        // Of what is erased there is nothing to compare with.
        What::Edit(body) => {
            known.kind == EntryKind::Edited && known.body.as_ref().is_none_or(|known| known == body)
        }
        What::Delete => known.kind == EntryKind::Deleted,
    };
    let is_same = is_same_kind
        && known.by == change.seat.person()
        && known.conversation == change.seat.conversation()
        && known.message == change.message;
    if is_same {
        accepted(change, known.seq, known.at_ms)
    } else {
        Outcome::Refused(Refusal::IdTaken)
    }
}

fn accepted(change: &Change, seq: Seq, at_ms: u64) -> Outcome {
    Outcome::Stored {
        id: change.id,
        conversation: change.seat.conversation(),
        seq,
        sent_ms: at_ms,
    }
}

/// The answer to whoever wrote a message.
pub(super) fn stored(message: &Message) -> Outcome {
    Outcome::Stored {
        id: message.id,
        conversation: message.conversation,
        seq: message.seq,
        sent_ms: message.sent_ms,
    }
}

/// A body as it is stored.
pub(super) fn written(body: &ChatMessage) -> Result<String> {
    serde_json::to_string(body).map_err(|error| StoreError::Unreadable(error.to_string()))
}
