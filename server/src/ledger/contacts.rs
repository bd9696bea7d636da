//! Changes of how people stand to each other, within the ledger's transaction: both sides, or neither.
//! It does not know who asks over what connection.
//!
//! Whoever is blocked must not learn of it: to them the friendship ended, and what they ask for from
//! then on is kept on their side alone.

use std::collections::{BTreeMap, BTreeSet};

use parley_shared::ids::UserId;
use parley_shared::limits::{BLOCKED_MAX, FRIENDS_MAX, REMARKS_MAX, REQUESTS_OPEN_MAX};
use parley_shared::model::{Relation, Role};
use parley_shared::protocol::{Refusal, ServerEvent};

use super::batch::{Batch, Made, refused};
use super::{Outcome, Told};
use crate::store::relations::{self, Side};
use crate::store::{Result, pairs, people};

/// A change of how one person stands to another.
#[derive(Debug)]
pub struct Change {
    /// Who wants it.
    pub person: UserId,
    /// Towards whom.
    pub other: UserId,
    /// What they want.
    pub wish: Wish,
}

/// What someone wants of how they stand to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To be friends: asks the other, or says yes to what they asked.
    Befriend,
    /// No longer to be friends; to take a request back, or say no to one.
    Part,
    /// To hear and be reached by the other no more.
    Block,
    /// To take that back. What there was before does not return.
    Unblock,
    /// To know the other by a name; without one, by their own.
    Remark(Option<String>),
}

/// Why not, or whose side changed.
type Changed = std::result::Result<Vec<(UserId, UserId)>, Refusal>;

impl Batch<'_> {
    pub(super) fn contact(&mut self, change: &Change) -> Result<Made> {
        let Change {
            person,
            other,
            wish,
        } = change;
        let (person, other) = (*person, *other);
        if !self.has_role(person, Role::Member)? {
            return Ok(refused(Refusal::SignInNeeded));
        }
        if person == other {
            return Ok(refused(Refusal::Yourself));
        }
        let shown = people::people(self.connection, [other])?.pop();
        if shown.is_none_or(|shown| shown.deleted && *wish != Wish::Part) {
            return Ok(refused(Refusal::NotFound));
        }
        let could_write = relations::may_write(self.connection, person, other)?;
        let changed = match wish {
            Wish::Befriend => self.befriend(person, other)?,
            Wish::Part => self.part(person, other)?,
            Wish::Block => self.block(person, other)?,
            Wish::Unblock => self.unblock(person, other)?,
            Wish::Remark(remark) => self.remark(person, other, remark.as_deref())?,
        };
        match changed {
            Ok(sides) => {
                let could = (person, other, could_write);
                self.contacts_changed(&sides, could, blocks(wish))
            }
            Err(refusal) => Ok(refused(refusal)),
        }
    }

    fn befriend(&mut self, person: UserId, other: UserId) -> Result<Changed> {
        if !relations::is_usable(self.connection, other)? {
            return Ok(Err(Refusal::NotFound));
        }
        let (mine, theirs) = self.sides(person, other)?;
        if mine.blocked_ms.is_some() {
            // Only they themselves know of this one.
            return Ok(Err(Refusal::NotFriends { person: None }));
        }
        if mine.relation == Relation::Friend {
            return Ok(Ok(Vec::new()));
        }
        if theirs.blocked_ms.is_none() && theirs.relation == Relation::Outgoing {
            for who in [person, other] {
                if let Some(refusal) = self.full(who, Relation::Friend, FRIENDS_MAX)? {
                    return Ok(Err(refusal));
                }
            }
            self.relate(person, other, &mine, Relation::Friend)?;
            self.relate(other, person, &theirs, Relation::Friend)?;
            return Ok(Ok(vec![(person, other), (other, person)]));
        }
        let mut changed = Vec::new();
        if mine.relation != Relation::Outgoing {
            if let Some(refusal) = self.full(person, Relation::Outgoing, REQUESTS_OPEN_MAX)? {
                return Ok(Err(refusal));
            }
            self.relate(person, other, &mine, Relation::Outgoing)?;
            changed.push((person, other));
        }
        if theirs.blocked_ms.is_none() && theirs.relation != Relation::Incoming {
            self.relate(other, person, &theirs, Relation::Incoming)?;
            changed.push((other, person));
        }
        Ok(Ok(changed))
    }

    fn part(&mut self, person: UserId, other: UserId) -> Result<Changed> {
        let (mine, theirs) = self.sides(person, other)?;
        let mut changed = Vec::new();
        // Without anything on one's own side, what the other asked was never told, and stays theirs.
        if mine.relation != Relation::None {
            self.relate(person, other, &mine, Relation::None)?;
            changed.push((person, other));
            if theirs.relation != Relation::None {
                self.relate(other, person, &theirs, Relation::None)?;
                changed.push((other, person));
            }
        }
        Ok(Ok(changed))
    }

    fn block(&mut self, person: UserId, other: UserId) -> Result<Changed> {
        let (mine, theirs) = self.sides(person, other)?;
        if mine.blocked_ms.is_some() {
            return Ok(Ok(Vec::new()));
        }
        if relations::count_blocked(self.connection, person)? >= BLOCKED_MAX as u64 {
            let limit = BLOCKED_MAX as u64;
            return Ok(Err(Refusal::TooMany { limit }));
        }
        let mine = Side {
            relation: Relation::None,
            since_ms: self.now_ms,
            blocked_ms: Some(self.now_ms),
            ..mine
        };
        relations::set_side(self.connection, person, other, &mine)?;
        let mut changed = vec![(person, other)];
        if theirs.relation != Relation::None {
            self.relate(other, person, &theirs, Relation::None)?;
            changed.push((other, person));
        }
        Ok(Ok(changed))
    }

    fn unblock(&mut self, person: UserId, other: UserId) -> Result<Changed> {
        let (mine, _) = self.sides(person, other)?;
        if mine.blocked_ms.is_none() {
            return Ok(Ok(Vec::new()));
        }
        let mine = Side {
            blocked_ms: None,
            ..mine
        };
        relations::set_side(self.connection, person, other, &mine)?;
        Ok(Ok(vec![(person, other)]))
    }

    fn remark(&mut self, person: UserId, other: UserId, remark: Option<&str>) -> Result<Changed> {
        let (mine, _) = self.sides(person, other)?;
        if mine.remark.as_deref() == remark {
            return Ok(Ok(Vec::new()));
        }
        let is_one_more = mine.remark.is_none();
        if is_one_more && relations::count_remarks(self.connection, person)? >= REMARKS_MAX as u64 {
            let limit = REMARKS_MAX as u64;
            return Ok(Err(Refusal::TooMany { limit }));
        }
        let mine = Side {
            remark: remark.map(str::to_owned),
            ..mine
        };
        relations::set_side(self.connection, person, other, &mine)?;
        Ok(Ok(vec![(person, other)]))
    }

    fn sides(&mut self, person: UserId, other: UserId) -> Result<(Side, Side)> {
        let mine = relations::side(self.connection, person, other)?;
        Ok((mine, relations::side(self.connection, other, person)?))
    }

    fn relate(
        &mut self,
        person: UserId,
        other: UserId,
        side: &Side,
        relation: Relation,
    ) -> Result<()> {
        let side = Side {
            relation,
            since_ms: self.now_ms,
            ..side.clone()
        };
        relations::set_side(self.connection, person, other, &side)
    }

    /// Why one more is too many.
    fn full(&mut self, person: UserId, relation: Relation, max: usize) -> Result<Option<Refusal>> {
        let limit = max as u64;
        let count = relations::count(self.connection, person, relation)?;
        Ok((count >= limit).then_some(Refusal::TooMany { limit }))
    }

    /// What the two are to hear: each how they stand to the other, and both of the conversation that
    /// they have, when they may write there from now on or no longer.
    fn contacts_changed(
        &mut self,
        sides: &[(UserId, UserId)],
        (person, other, could_write): (UserId, UserId, bool),
        blocked: Option<bool>,
    ) -> Result<Made> {
        let mut told = Vec::new();
        if let Some(blocked) = blocked.filter(|_| !sides.is_empty()) {
            told.push(Told::Blocked {
                by: person,
                person: other,
                blocked,
            });
        }
        for (person, other) in sides {
            told.extend(self.contact_changed(*person, *other)?);
        }
        if relations::may_write(self.connection, person, other)? != could_write {
            told.push(Told::Acquainted(person, other));
            told.push(self.direct_changed(person, other)?);
        }
        Ok((Some(Told::Several(told)), Outcome::Done))
    }

    /// With whom someone talks or is friends, and whether the two may write to each other.
    pub(super) fn acquaintances(&mut self, person: UserId) -> Result<BTreeMap<UserId, bool>> {
        let talks = pairs::of(self.connection, person)?;
        let friends = relations::others(self.connection, person, Relation::Friend)?;
        let others = talks.into_iter().map(|(other, _)| other).chain(friends);
        let others: BTreeSet<UserId> = others.collect();
        others
            .into_iter()
            .map(|other| {
                let may = relations::may_write(self.connection, person, other)?;
                Ok((other, may))
            })
            .collect()
    }

    /// What those are to hear who may now write to someone or no longer, for their account can be used
    /// again or no longer. The one themselves is not connected.
    pub(super) fn acquaintances_changed(
        &mut self,
        person: UserId,
        before: &BTreeMap<UserId, bool>,
    ) -> Result<Vec<Told>> {
        let mut told = Vec::new();
        for (other, may) in self.acquaintances(person)? {
            if before.get(&other) == Some(&may) {
                continue;
            }
            told.push(Told::Acquainted(other, person));
            if let Some(talk) = pairs::between(self.connection, other, person)? {
                told.push(self.conversation_changed(talk, other)?);
            }
        }
        Ok(told)
    }

    /// What one person is to hear of how they stand to another now.
    pub(super) fn contact_changed(
        &mut self,
        person: UserId,
        other: UserId,
    ) -> Result<Option<Told>> {
        let contact = relations::contact(self.connection, person, other)?;
        Ok(contact.map(|contact| Told::ToPerson {
            person,
            event: Box::new(ServerEvent::ContactChanged { contact }),
        }))
    }
}

/// Whether someone is blocked from now on, or no longer, where that is what is wanted.
fn blocks(wish: &Wish) -> Option<bool> {
    match wish {
        Wish::Block => Some(true),
        Wish::Unblock => Some(false),
        Wish::Befriend | Wish::Part | Wish::Remark(_) => None,
    }
}
