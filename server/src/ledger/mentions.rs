//! Whom messages mention, within the ledger's transaction. It does not know what else a message says.
//!
//! Who was mentioned is told so, alone. Its author is not told whether a mention counts: so they cannot
//! learn from it that someone blocked them.

use parley_shared::ids::UserId;
use parley_shared::mentions::{Mention, mentions as places};
use parley_shared::model::{ConversationKind, Message};
use parley_shared::protocol::ChatMessage;

use super::Told;
use super::batch::Batch;
use crate::account::user_name;
use crate::store::{Result, conversations, mentions, read_marks, relations};

impl Batch<'_> {
    /// Keeps whom a message mentions, whether it is new, or says something else than before, or is erased.
    /// What those are told for whom that is another stands after the message.
    pub(super) fn mention(&mut self, message: &Message) -> Result<Vec<Told>> {
        let (conversation, seq) = (message.conversation, message.seq);
        let now = self.mentioned(message)?;
        let is_new = message.changed == seq;
        let before = match is_new {
            true => Vec::new(),
            false => mentions::of_message(self.connection, conversation, seq)?,
        };
        let mut told = Vec::new();
        for person in before.iter().filter(|person| !now.contains(person)) {
            mentions::remove(self.connection, *person, conversation, seq)?;
            told.extend(self.mentions_changed(*person, message)?);
        }
        for person in now.iter().filter(|person| !before.contains(person)) {
            mentions::insert(self.connection, *person, conversation, seq)?;
            told.extend(self.mentions_changed(*person, message)?);
        }
        Ok(told)
    }

    /// What someone is told of whom a message mentions from now on, or no longer: nothing once they read it.
    fn mentions_changed(&mut self, person: UserId, message: &Message) -> Result<Option<Told>> {
        let conversation = message.conversation;
        let through = read_marks::through(self.connection, person, conversation)?;
        if message.seq <= through {
            return Ok(None);
        }
        self.read_changed(person, conversation, through).map(Some)
    }

    /// Those whom a message mentions and who may be mentioned there.
    fn mentioned(&mut self, message: &Message) -> Result<Vec<UserId>> {
        let mut mentioned = Vec::new();
        let ChatMessage::Text { text } = &message.body else {
            return Ok(mentioned);
        };
        for place in places(text) {
            let Some(person) = self.meant(&place)? else {
                continue;
            };
            if !mentioned.contains(&person) && self.may_mention(message, person)? {
                mentioned.push(person);
            }
        }
        Ok(mentioned)
    }

    /// Whom a place in a text means: whoever has the longest of its names.
    fn meant(&mut self, place: &Mention<'_>) -> Result<Option<UserId>> {
        let mut key = String::new();
        let mut ends = Vec::new();
        for part in place.parts() {
            key.push_str(&user_name::key(part));
            ends.push(key.len());
        }
        mentions::longest_named(self.connection, &key, &ends)
    }

    /// Whether someone may be told that a message mentions them.
    fn may_mention(&mut self, message: &Message, person: UserId) -> Result<bool> {
        let (author, conversation) = (message.author, message.conversation);
        if person == author {
            return Ok(false);
        }
        let kind = self.running(conversation)?.map(|progress| progress.kind);
        match kind {
            // Who is there is everyone: only those who want to hear of each other are told.
            Some(ConversationKind::Lobby) => relations::may_write(self.connection, author, person),
            Some(ConversationKind::Direct | ConversationKind::Group) => {
                let rank = conversations::rank_of(self.connection, conversation, person)?;
                Ok(rank.is_some()
                    && relations::is_usable(self.connection, person)?
                    && !relations::is_blocked(self.connection, author, person)?)
            }
            Some(ConversationKind::Notes | ConversationKind::Unknown) | None => Ok(false),
        }
    }
}

/// A message and what is told before and after it, in one piece.
pub(super) fn around(before: Option<Told>, told: Told, after: Vec<Told>) -> Told {
    if before.is_none() && after.is_empty() {
        return told;
    }
    let several = before.into_iter().chain([told]).chain(after);
    Told::Several(several.collect())
}
