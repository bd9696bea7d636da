//! Who sits in a group: their seats, how many they are, and what is told of a group. It does not know
//! who may change it.

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Role;

use crate::ledger::Told;
use crate::ledger::batch::Batch;
use crate::store::{Result, StoreError, conversations, departures, groups};

impl Batch<'_> {
    /// The role of someone in a group.
    pub(super) fn group_role(
        &mut self,
        group: ConversationId,
        person: UserId,
    ) -> Result<Option<Role>> {
        conversations::rank_of(self.connection, group, person)
    }

    /// Gives someone a seat who has none.
    pub(super) fn seat(&mut self, group: ConversationId, person: UserId, role: Role) -> Result<()> {
        let now_ms = self.now_ms;
        if conversations::add_member(self.connection, group, person, role, now_ms)? {
            groups::count_members(self.connection, group, 1)?;
        }
        self.forget_seats();
        Ok(())
    }

    /// Takes someone's seat.
    pub(super) fn unseat(&mut self, group: ConversationId, person: UserId) -> Result<()> {
        if conversations::remove_member(self.connection, group, person)? {
            groups::count_members(self.connection, group, -1)?;
            let stamp = self.stamp();
            departures::insert(self.connection, person, group, stamp)?;
        }
        self.forget_seats();
        Ok(())
    }

    /// What a group's members are told when it is another.
    pub(super) fn group_changed(&mut self, conversation: ConversationId) -> Result<Told> {
        self.group_as_it_is(conversation, false)
    }

    /// The same when it is another only in how many they are.
    pub(super) fn members_changed(&mut self, conversation: ConversationId) -> Result<Told> {
        self.group_as_it_is(conversation, true)
    }

    fn group_as_it_is(&mut self, conversation: ConversationId, members_only: bool) -> Result<Told> {
        let group = groups::group(self.connection, conversation)?;
        let group = group.ok_or_else(|| StoreError::Unreadable("a missing group".to_owned()))?;
        Ok(Told::GroupChanged {
            conversation,
            group,
            members_only,
        })
    }
}
