//! Changes of who may come in, within the ledger's transaction. It does not know the codes of invitations.

use parley_shared::api::people::Invitation;
use parley_shared::api::server::Policy;
use parley_shared::ids::{InvitationId, UserId};
use parley_shared::limits::INVITATIONS_MAX;
use parley_shared::model::Role;
use parley_shared::protocol::Refusal;

use super::batch::{Batch, Made, done, refused};
use super::{Outcome, Told};
use crate::account::secret::Hash;
use crate::hub::callers::Who;
use crate::store::{Result, invitations, settings, stamps};

/// A change of who may come in.
#[derive(Debug)]
pub enum Change {
    /// Keep a new invitation.
    Make {
        /// The invitation, with who made it.
        invitation: Invitation,
        /// What is kept of its code.
        code: Hash,
    },
    /// Revoke one.
    Revoke {
        /// Who revokes it.
        by: UserId,
        /// Which.
        id: InvitationId,
    },
    /// Set who may come in at all.
    Policy {
        /// Who sets it.
        by: UserId,
        /// The policy.
        policy: Policy,
    },
}

impl Batch<'_> {
    pub(super) fn invitation(&mut self, change: &Change) -> Result<Made> {
        let (by, needed) = match change {
            Change::Make { invitation, .. } => (invitation.made_by, Role::Administrator),
            Change::Revoke { by, .. } => (*by, Role::Administrator),
            Change::Policy { by, .. } => (*by, Role::Owner),
        };
        if !self.has_role(by, needed)? {
            return Ok(refused(Refusal::RoleTooSmall { needed }));
        }
        match change {
            Change::Make { invitation, code } => {
                let all = invitations::invitations(self.connection, self.now_ms)?;
                if all.len() >= INVITATIONS_MAX {
                    let limit = INVITATIONS_MAX as u64;
                    return Ok(refused(Refusal::TooMany { limit }));
                }
                invitations::insert(self.connection, invitation, code)?;
                Ok(done())
            }
            Change::Revoke { id, .. } => {
                if !invitations::delete(self.connection, *id)? {
                    return Ok(refused(Refusal::NotFound));
                }
                Ok(done())
            }
            Change::Policy { policy, .. } => {
                let before = settings::policy(self.connection)?;
                settings::set_policy(self.connection, policy)?;
                self.forget_seats();
                let mut told = Vec::new();
                if policy.contact != before.contact {
                    // It opens and closes more talks than could be told of one by one.
                    let stamp = self.stamp();
                    stamps::set_untold(self.connection, stamp)?;
                    told.push(Told::ContactsChanged(stamp));
                }
                told.push(Told::GuestsAdmitted(policy.guests));
                if !policy.guests {
                    let who = vec![Who::Guests];
                    told.push(Told::SignedOut { who, person: None });
                }
                Ok((Some(Told::Several(told)), Outcome::Done))
            }
        }
    }
}
