//! Changes of conversations, within the ledger's transaction: who comes in, and how far they have read.
//! It does not know what is said there.

use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::model::{Conversation, ConversationKind, Person, Role};
use parley_shared::protocol::{DeliveredMark, Refusal, ServerEvent};

use super::batch::{Batch, Made, done, refused};
use super::{Outcome, Told};
use crate::store::conversations::{self, Allowed, Seat};
use crate::store::read_marks::{self, Unread};
use crate::store::{Result, accounts, departures, pairs, relations};

/// A change of a conversation.
#[derive(Debug)]
pub enum Change {
    /// Open the talk of two people, or one's notes.
    Open {
        /// Who opens it.
        person: UserId,
        /// With whom; with themselves for their notes.
        with: UserId,
        /// The conversation's id, if it has to be made.
        id: ConversationId,
    },
    /// Take note of how far someone has read.
    Read {
        /// Who, and where.
        seat: Seat,
        /// The newest change that they read.
        through: Seq,
    },
    /// Take note of how far what is said has reached a device of someone.
    Delivered {
        /// Whose.
        person: UserId,
        /// How far, where.
        marks: Vec<DeliveredMark>,
    },
    /// Count what was said as unread from a place on.
    MarkUnread {
        /// By whom, and where.
        seat: Seat,
        /// The place of the first message that counts.
        from: Seq,
    },
}

impl Change {
    /// Whether it moves a mark: what is told of it counts what was said.
    pub(super) fn is_mark(&self) -> bool {
        match self {
            Self::Open { .. } => false,
            Self::Read { .. } | Self::MarkUnread { .. } | Self::Delivered { .. } => true,
        }
    }
}

/// Why someone may not write where a seat allows no more than this.
pub fn refusal(allowed: Allowed) -> Option<Refusal> {
    match allowed {
        Allowed::Nothing => Some(Refusal::UnknownConversation),
        Allowed::ReadingArchived => Some(Refusal::Archived),
        Allowed::ReadingApart => Some(Refusal::NotFriends { person: None }),
        Allowed::Writing => None,
    }
}

impl Batch<'_> {
    pub(super) fn conversation(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Open { person, with, id } => self.open(*person, *with, *id),
            Change::Read { seat, through } => self.mark(seat, |before| before.max(*through)),
            Change::MarkUnread { seat, from } => self.mark(seat, |_| Seq(from.0.saturating_sub(1))),
            Change::Delivered { person, marks } => self.delivered(*person, marks),
        }
    }

    fn open(&mut self, person: UserId, with: UserId, new: ConversationId) -> Result<Made> {
        if self.person(person)?.is_none() || !accounts::has_account(self.connection, person)? {
            return Ok(refused(Refusal::SignInNeeded));
        }
        let present = pairs::between(self.connection, person, with)?;
        if let Some(id) = present
            && conversations::rank_of(self.connection, id, person)?.is_some()
        {
            return Ok((None, Outcome::Conversation(id)));
        }
        if !accounts::has_account(self.connection, with)? {
            return Ok(refused(Refusal::NotFound));
        }
        if !relations::may_write(self.connection, person, with)? {
            return Ok(refused(Refusal::NotFriends { person: None }));
        }
        let id = match present {
            Some(id) => id,
            None => {
                let kind = if person == with {
                    ConversationKind::Notes
                } else {
                    ConversationKind::Direct
                };
                conversations::insert_conversation(self.connection, new, kind, self.now_ms)?;
                pairs::insert(self.connection, person, with, new)?;
                new
            }
        };
        let told = self.seat_one(id, person)?;
        Ok((Some(told), Outcome::Conversation(id)))
    }

    /// Seats someone in a conversation that has no roles.
    fn seat_one(&mut self, id: ConversationId, person: UserId) -> Result<Told> {
        conversations::add_member(self.connection, id, person, Role::Member, self.now_ms)?;
        self.forget_seats();
        self.entered(id, person)
    }

    /// What is told when someone came into a conversation in which others talked before: nothing of that
    /// is new to them, though they may read it.
    pub(super) fn entered_afresh(&mut self, id: ConversationId, person: UserId) -> Result<Told> {
        self.read_so_far(id, person)?;
        let mut told = vec![self.entered(id, person)?];
        told.extend(self.reached(person, id)?);
        Ok(Told::Several(told))
    }

    /// Counts all that was said until now as read by someone.
    pub(super) fn read_so_far(&mut self, id: ConversationId, person: UserId) -> Result<()> {
        if let Some(last) = self.last(id)? {
            let stamp = self.stamp();
            read_marks::set_through(self.connection, person, id, last, stamp)?;
        }
        Ok(())
    }

    /// What is told when someone came into a conversation, as it is for them at this moment.
    pub(super) fn entered(&mut self, conversation: ConversationId, person: UserId) -> Result<Told> {
        departures::delete(self.connection, person, conversation)?;
        let found = self.seen_anew(conversation, person)?;
        Ok(match found {
            Some((conversation, people)) => Told::Entered {
                person,
                conversation: Box::new(conversation),
                people,
            },
            None => Told::Several(Vec::new()),
        })
    }

    /// What is told when a conversation is another for someone who sits there: their role, or whether
    /// they may write.
    pub(super) fn conversation_changed(
        &mut self,
        conversation: ConversationId,
        person: UserId,
    ) -> Result<Told> {
        let found = self.seen_anew(conversation, person)?;
        Ok(match found {
            Some((conversation, people)) => Told::ToPerson {
                person,
                event: Box::new(ServerEvent::ConversationChanged {
                    conversation,
                    people,
                }),
            },
            None => Told::Several(Vec::new()),
        })
    }

    /// A conversation that is another for one of those who sit there, as it is now, with those whom it names.
    fn seen_anew(
        &mut self,
        conversation: ConversationId,
        person: UserId,
    ) -> Result<Option<(Conversation, Vec<Person>)>> {
        self.flush(conversation)?;
        let stamp = self.stamp();
        conversations::set_seat_stamp(self.connection, conversation, person, stamp)?;
        conversations::conversation_of(self.connection, person, conversation)
    }

    /// What is told when two people may write to each other, or no longer: their talk is another for both.
    pub(super) fn direct_changed(&mut self, one: UserId, other: UserId) -> Result<Told> {
        self.forget_seats();
        let Some(id) = pairs::between(self.connection, one, other)? else {
            return Ok(Told::Several(Vec::new()));
        };
        Ok(Told::Several(vec![
            self.conversation_changed(id, one)?,
            self.conversation_changed(id, other)?,
        ]))
    }

    /// Seats the second of two with the first message: until then their list does not show the talk.
    pub(super) fn seat_other(&mut self, seat: &Seat) -> Result<Option<Told>> {
        let id = seat.conversation();
        if seat.kind() != ConversationKind::Direct || self.last(id)? != Some(Seq::ZERO) {
            return Ok(None);
        }
        let Some(other) = pairs::other(self.connection, id, seat.person())? else {
            return Ok(None);
        };
        if conversations::rank_of(self.connection, id, other)?.is_some() {
            return Ok(None);
        }
        self.seat_one(id, other).map(Some)
    }

    /// Moves the mark of someone from where it is; beyond the newest change there is nothing to have read.
    fn mark(&mut self, seat: &Seat, place: impl FnOnce(Seq) -> Seq) -> Result<Made> {
        let (person, id) = (seat.person(), seat.conversation());
        if self.person(person)?.is_none() {
            return Ok(refused(Refusal::SignInNeeded));
        }
        if self.allowed(seat)? == Allowed::Nothing {
            return Ok(refused(Refusal::UnknownConversation));
        }
        let Some(last) = self.last(id)? else {
            return Ok(refused(Refusal::UnknownConversation));
        };
        let before = read_marks::through(self.connection, person, id)?;
        let through = place(before).min(last);
        if through == before {
            return Ok(done());
        }
        let stamp = self.stamp();
        read_marks::set_through(self.connection, person, id, through, stamp)?;
        let mut told = vec![self.read_changed(person, id, through)?];
        told.extend(self.reached(person, id)?);
        Ok((Some(Told::Several(told)), Outcome::Done))
    }

    /// What someone is told of how far they have read, and of what that leaves.
    pub(super) fn read_changed(
        &mut self,
        person: UserId,
        id: ConversationId,
        through: Seq,
    ) -> Result<Told> {
        let Unread { messages, mentions } =
            read_marks::unread(self.connection, person, id, through)?;
        let event = Box::new(ServerEvent::ReadChanged {
            conversation: id,
            through,
            unread: messages,
            mentions,
        });
        Ok(Told::ToPerson { person, event })
    }
}
