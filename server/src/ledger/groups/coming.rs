//! How people come into groups: as their maker, by themselves, or brought in. It does not know how they go.

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{GROUPS_OWNED_MAX, PEOPLE_ADDED_MAX};
use parley_shared::model::{ConversationKind, Notice, Role};
use parley_shared::protocol::Refusal;

use super::rules::{self, Act, Door};
use super::{Facts, Found, Stop, What};
use crate::account::secret::Hash;
use crate::ledger::batch::Batch;
use crate::store::relations::may_write;
use crate::store::{conversations, group_invitations, groups, members};

impl Batch<'_> {
    pub(super) fn make_group(&mut self, by: UserId, id: ConversationId, what: &What) -> Facts {
        let What::Make {
            name,
            about,
            public,
            people,
        } = what
        else {
            return Ok(Vec::new());
        };
        self.may_own_another(by)?;
        let people = self.newcomers(by, id, people)?;
        let (kind, now_ms) = (ConversationKind::Group, self.now_ms);
        conversations::insert_conversation(self.connection, id, kind, now_ms)?;
        groups::insert(self.connection, id, name, about, *public)?;
        self.seat(id, by, Role::Owner)?;
        let name = name.clone();
        let mut facts = vec![self.write_notice(id, by, Notice::Created { name })?];
        facts.extend(self.bring_in(by, id, people)?);
        facts.push(self.entered_afresh(id, by)?);
        Ok(facts)
    }

    pub(super) fn join_group(&mut self, found: &Found, code: Option<&Hash>) -> Facts {
        if let Some(code) = code {
            let leads_to = group_invitations::group_of(self.connection, code, self.now_ms)?;
            if leads_to != Some(found.id) {
                return Err(Refusal::UnknownInvitation.into());
            }
        }
        let door = code.map_or(Door::List, |_| Door::Invitation);
        let banned = members::is_banned(self.connection, found.id, found.by)?;
        if !rules::comes_in(&found.group, found.role, door, banned)? {
            return Ok(Vec::new());
        }
        if let Some(code) = code {
            group_invitations::use_once(self.connection, code)?;
        }
        self.seat(found.id, found.by, Role::Member)?;
        Ok(vec![
            self.write_notice(found.id, found.by, Notice::Joined)?,
            self.entered_afresh(found.id, found.by)?,
            self.members_changed(found.id)?,
        ])
    }

    pub(super) fn add_to_group(&mut self, found: &Found, people: &[UserId]) -> Facts {
        found.may(Act::Add)?;
        let people = self.newcomers(found.by, found.id, people)?;
        if people.is_empty() {
            return Ok(Vec::new());
        }
        rules::has_room(&found.group, people.len())?;
        let mut facts = self.bring_in(found.by, found.id, people)?;
        facts.push(self.members_changed(found.id)?);
        Ok(facts)
    }

    fn bring_in(&mut self, by: UserId, id: ConversationId, people: Vec<UserId>) -> Facts {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        for person in &people {
            self.seat(id, *person, Role::Member)?;
        }
        let notice = Notice::Added {
            people: people.clone(),
        };
        let mut facts = vec![self.write_notice(id, by, notice)?];
        for person in people {
            facts.push(self.entered_afresh(id, person)?);
        }
        Ok(facts)
    }

    /// Those of some people who are not in a group yet, each once, if all of them may be brought in.
    fn newcomers(
        &mut self,
        by: UserId,
        id: ConversationId,
        people: &[UserId],
    ) -> std::result::Result<Vec<UserId>, Stop> {
        if people.len() > PEOPLE_ADDED_MAX {
            let limit = PEOPLE_ADDED_MAX as u64;
            return Err(Refusal::TooManyPeople { limit }.into());
        }
        let mut newcomers = Vec::new();
        for person in people {
            let is_known = *person == by || newcomers.contains(person);
            if is_known || self.group_role(id, *person)?.is_some() {
                continue;
            }
            let named = Some(*person);
            if !may_write(self.connection, by, *person)? {
                return Err(Refusal::NotFriends { person: named }.into());
            }
            if members::is_banned(self.connection, id, *person)? {
                return Err(Refusal::Banned { person: named }.into());
            }
            newcomers.push(*person);
        }
        Ok(newcomers)
    }

    /// Whether someone may be the owner of one more group.
    pub(super) fn may_own_another(&mut self, person: UserId) -> std::result::Result<(), Stop> {
        let limit = GROUPS_OWNED_MAX as u64;
        if members::owned(self.connection, person)? >= limit {
            return Err(Refusal::TooMany { limit }.into());
        }
        Ok(())
    }
}
