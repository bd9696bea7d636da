//! How people go from groups: by themselves, removed, banned, or with their account. It does not know how they come.

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Notice, Role};
use parley_shared::protocol::Refusal;

use super::rules::{self, Act};
use super::{Facts, Found};
use crate::ledger::Told;
use crate::ledger::batch::Batch;
use crate::store::{Result, accounts, conversations, group_invitations, groups, members};

impl Batch<'_> {
    pub(super) fn leave_group(&mut self, found: &Found) -> Facts {
        found.may(Act::Leave)?;
        let role = found.role.ok_or(Refusal::NotFound)?;
        let archives = rules::leaves_nobody(&found.group, role)? && !found.group.archived;
        Ok(self.go(found.id, found.by, archives)?)
    }

    pub(super) fn remove_from_group(&mut self, found: &Found, person: UserId) -> Facts {
        found.may(Act::Remove)?;
        let role = found.role.ok_or(Refusal::NotFound)?;
        let other = self.group_role(found.id, person)?;
        rules::may_towards(role, other.ok_or(Refusal::NotFound)?)?;
        self.put_out(found, person, Notice::Removed { person })
    }

    pub(super) fn ban_from_group(&mut self, found: &Found, person: UserId) -> Facts {
        found.may(Act::Ban)?;
        if person == found.by {
            return Err(Refusal::Yourself.into());
        }
        let role = found.role.ok_or(Refusal::NotFound)?;
        let other = self.group_role(found.id, person)?;
        if let Some(other) = other {
            rules::may_towards(role, other)?;
        } else if accounts::account(self.connection, person)?.is_none() {
            return Err(Refusal::NotFound.into());
        }
        let (id, now_ms) = (found.id, self.now_ms);
        if !members::insert_ban(self.connection, id, person, found.by, now_ms)? {
            return Ok(Vec::new());
        }
        let notice = Notice::Banned { person };
        if other.is_some() {
            self.put_out(found, person, notice)
        } else {
            Ok(vec![self.write_notice(id, found.by, notice)?])
        }
    }

    /// Whoever is put out hears of it, and then nothing more.
    fn put_out(&mut self, found: &Found, person: UserId, notice: Notice) -> Facts {
        self.unseat(found.id, person)?;
        // A door that they made for others could be their own way back.
        group_invitations::delete_made_by(self.connection, found.id, person)?;
        Ok(vec![
            self.write_notice(found.id, found.by, notice)?,
            Told::Left {
                conversation: found.id,
                person,
            },
            self.members_changed(found.id)?,
        ])
    }

    /// Someone goes by themselves; the group may be archived behind them.
    fn go(&mut self, id: ConversationId, person: UserId, archives: bool) -> Result<Vec<Told>> {
        let mut facts = Vec::new();
        if archives {
            groups::set_archived(self.connection, id, Some(self.now_ms))?;
            facts.push(self.write_notice(id, person, Notice::Archived)?);
        }
        facts.push(self.write_notice(id, person, Notice::Left)?);
        self.unseat(id, person)?;
        facts.push(Told::Left {
            conversation: id,
            person,
        });
        facts.push(if archives {
            self.group_changed(id)?
        } else {
            self.members_changed(id)?
        });
        Ok(facts)
    }

    /// Someone who deletes their account leaves every group. What they own passes to whoever is first
    /// among the others, and is archived where there is nobody.
    pub(in crate::ledger) fn leave_groups(&mut self, person: UserId) -> Result<Vec<Told>> {
        let mut facts = Vec::new();
        for (id, role) in members::groups_of(self.connection, person)? {
            let heir = match role {
                Role::Owner => members::heir(self.connection, id, person)?,
                Role::Member | Role::Administrator => None,
            };
            if let Some(heir) = heir {
                let role = Role::Owner;
                conversations::set_rank(self.connection, id, person, Role::Administrator)?;
                conversations::set_rank(self.connection, id, heir, role)?;
                let notice = Notice::RoleChanged { person: heir, role };
                facts.push(self.write_notice(id, person, notice)?);
                facts.push(self.conversation_changed(id, heir)?);
            }
            let is_archived =
                groups::group(self.connection, id)?.is_none_or(|group| group.archived);
            let archives = role == Role::Owner && heir.is_none() && !is_archived;
            facts.extend(self.go(id, person, archives)?);
        }
        Ok(facts)
    }
}
