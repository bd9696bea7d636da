//! Changes of accounts, within the ledger's transaction. It does not know how their passwords were checked.

use parley_shared::api::server::Registration;
use parley_shared::ids::{SessionId, UserId};
use parley_shared::model::{Person, Role};
use parley_shared::protocol::Refusal;

use super::batch::{Batch, Made, done, refused};
use super::{By, Outcome, Told};
use crate::account::secret::Hash;
use crate::hub::callers::Who;
use crate::store::accounts::{self, Account, NewAccount};
use crate::store::conversations::lobby_seats;
use crate::store::sessions::{self, NewSession};
use crate::store::settings::policy;
use crate::store::{Result, callers, invitations, pairs, people, pictures, relations, tokens};

/// A change of an account.
#[derive(Debug)]
pub enum Change {
    /// Make an account, and sign in.
    Register {
        /// The account.
        new: NewAccount,
        /// The display name that was asked for.
        name: Option<String>,
        /// The code of an invitation that was shown.
        invitation: Option<Hash>,
        /// The session.
        session: NewSession,
    },
    /// Set what a person says of themselves. What is absent stays.
    Profile {
        /// Whose.
        person: UserId,
        /// The display name.
        name: Option<String>,
        /// The address of e-mail; empty for none.
        email: Option<String>,
        /// What they say about themselves.
        about: Option<String>,
        /// What they do at the moment.
        status: Option<String>,
        /// Whether others see how far they have read.
        tells_read: Option<bool>,
    },
    /// Set another password, and sign out elsewhere.
    Password {
        /// Whose.
        person: UserId,
        /// The hash that the old password was compared with.
        from: String,
        /// The hash of the new one.
        to: String,
        /// The session that stays.
        keep: SessionId,
    },
    /// Hash the same password anew.
    Rehash {
        /// Whose.
        person: UserId,
        /// The hash that it was compared with.
        from: String,
        /// The new hash.
        to: String,
    },
    /// Keep a code that sets a new password.
    IssueResetCode {
        /// Who issues it.
        by: By,
        /// For whom.
        person: UserId,
        /// What is kept of the code.
        code: Hash,
        /// When it ends to hold.
        expires_ms: u64,
    },
    /// Set a new password with such a code, and sign out everywhere.
    ResetPassword {
        /// Whose.
        person: UserId,
        /// What is kept of the code that was shown.
        code: Hash,
        /// The hash of the new password.
        to: String,
    },
    /// Give a role.
    Role {
        /// Who gives it.
        by: By,
        /// To whom.
        person: UserId,
        /// Which.
        role: Role,
    },
    /// Deactivate an account, or let it be used again.
    Active {
        /// Who wants it.
        by: By,
        /// Whose.
        person: UserId,
        /// Whether it can be used.
        active: bool,
    },
    /// Delete an account.
    Delete {
        /// Whose.
        person: UserId,
        /// The hash that the password was compared with.
        from: String,
    },
}

impl Batch<'_> {
    pub(super) fn account(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Register {
                new,
                name,
                invitation,
                session,
            } => self.register(new, name.as_deref(), invitation.as_ref(), session),
            Change::Profile { person, .. } => self.profile(*person, change),
            Change::Password {
                person,
                from,
                to,
                keep,
            } => self.change_password(*person, from, to, *keep),
            Change::Rehash { person, from, to } => {
                if self.with_password(*person, from)?.is_some() {
                    accounts::set_password(self.connection, *person, to)?;
                }
                Ok(done())
            }
            Change::IssueResetCode {
                by,
                person,
                code,
                expires_ms,
            } => match self.may(*by, *person)? {
                Ok(_) => {
                    accounts::set_reset_code(self.connection, *person, code, *expires_ms)?;
                    Ok(done())
                }
                Err(refusal) => Ok(refused(refusal)),
            },
            Change::ResetPassword { person, code, to } => self.reset(*person, code, to),
            Change::Role { by, person, role } => self.give_role(*by, *person, *role),
            Change::Active { by, person, active } => self.set_active(*by, *person, *active),
            Change::Delete { person, from } => self.delete(*person, from),
        }
    }

    fn register(
        &mut self,
        new: &NewAccount,
        name: Option<&str>,
        invitation: Option<&Hash>,
        session: &NewSession,
    ) -> Result<Made> {
        if !callers::is_guest(self.connection, new.person)? {
            return Ok(refused(Refusal::AlreadyRegistered));
        }
        // Two who are first at the same time stand here one after the other.
        let claimed = accounts::is_claimed(self.connection)?;
        if accounts::account_named(self.connection, &new.user_name_key)?.is_some() {
            return Ok(refused(Refusal::UserNameTaken));
        }
        if claimed && let Some(refusal) = self.keeps_out(invitation)? {
            return Ok(refused(refusal));
        }
        let role = if claimed { Role::Member } else { Role::Owner };
        people::insert_person(self.connection, new.person, self.now_ms)?;
        let old_name = people::person(self.connection, new.person)?.name;
        let name = name.map(str::to_owned).or(old_name);
        let person = self.set_name(new.person, name.as_deref().unwrap_or(&new.user_name))?;
        accounts::insert(self.connection, new, role, self.now_ms)?;
        for seat in lobby_seats(self.connection, new.person)? {
            self.read_so_far(seat.conversation(), new.person)?;
        }
        sessions::insert(self.connection, new.person, session, self.now_ms)?;
        let told = Told::SignedOut {
            who: vec![Who::Guest(new.person)],
            person: Some(person),
        };
        Ok((Some(told), Outcome::Done))
    }

    /// Why someone may not register; a use of their invitation is counted where they may by it.
    fn keeps_out(&mut self, invitation: Option<&Hash>) -> Result<Option<Refusal>> {
        let registration = policy(self.connection)?.registration;
        if registration == Registration::Closed {
            return Ok(registration.refuses(None));
        }
        let held = match invitation {
            Some(code) => Some(invitations::use_once(self.connection, code, self.now_ms)?),
            None => None,
        };
        Ok(registration.refuses(held))
    }

    fn change_password(
        &mut self,
        person: UserId,
        from: &str,
        to: &str,
        keep: SessionId,
    ) -> Result<Made> {
        if self.with_password(person, from)?.is_none() {
            return Ok(refused(Refusal::WrongPassword));
        }
        accounts::set_password(self.connection, person, to)?;
        sessions::delete_all(self.connection, person, Some(keep))?;
        tokens::delete_all(self.connection, person)?;
        Ok(signed_out(Who::Person(person, Some(keep))))
    }

    fn reset(&mut self, person: UserId, code: &Hash, to: &str) -> Result<Made> {
        if !accounts::holds_reset_code(self.connection, person, code, self.now_ms)? {
            return Ok(refused(Refusal::UnknownResetCode));
        }
        accounts::set_password(self.connection, person, to)?;
        sessions::delete_all(self.connection, person, None)?;
        tokens::delete_all(self.connection, person)?;
        Ok(signed_out(Who::Person(person, None)))
    }

    fn give_role(&mut self, by: By, person: UserId, role: Role) -> Result<Made> {
        if let By::Person(by) = by
            && !self.has_role(by, Role::Owner)?
        {
            let needed = Role::Owner;
            return Ok(refused(Refusal::RoleTooSmall { needed }));
        }
        let Some(account) = accounts::account(self.connection, person)? else {
            return Ok(refused(Refusal::NotFound));
        };
        if role < account.standing.role && self.is_last_owner(&account)? {
            return Ok(refused(Refusal::LastOwner));
        }
        accounts::set_role(self.connection, person, role)?;
        Ok(done())
    }

    fn set_active(&mut self, by: By, person: UserId, active: bool) -> Result<Made> {
        let account = match self.may(by, person)? {
            Ok(account) => account,
            Err(refusal) => return Ok(refused(refusal)),
        };
        if !active && self.is_last_owner(&account)? {
            return Ok(refused(Refusal::LastOwner));
        }
        let before = self.acquaintances(person)?;
        if active {
            accounts::set_deactivated(self.connection, person, None)?;
            // What closed to both while neither could write was told to nobody.
            self.seats_otherwise(person)?;
            self.forget(person);
            let told = self.acquaintances_changed(person, &before)?;
            return Ok((Some(Told::Several(told)), Outcome::Done));
        }
        if account.deactivated_ms.is_none() {
            accounts::set_deactivated(self.connection, person, Some(self.now_ms))?;
        }
        sessions::delete_all(self.connection, person, None)?;
        tokens::delete_all(self.connection, person)?;
        self.forget(person);
        let mut told = vec![Told::SignedOut {
            who: vec![Who::Person(person, None)],
            person: None,
        }];
        told.extend(self.acquaintances_changed(person, &before)?);
        Ok((Some(Told::Several(told)), Outcome::Done))
    }

    fn delete(&mut self, id: UserId, from: &str) -> Result<Made> {
        let Some(account) = self.with_password(id, from)? else {
            return Ok(refused(Refusal::WrongPassword));
        };
        // Who is alone may go: then the server is without an owner, as it was at first.
        if self.is_last_owner(&account)? && accounts::count(self.connection)? > 1 {
            return Ok(refused(Refusal::LastOwner));
        }
        // What they leave behind is told while they still have a name.
        let mut told = self.leave_groups(id)?;
        let left = relations::delete_all(self.connection, id)?;
        accounts::delete(self.connection, id)?;
        let picture = account.person.picture;
        people::delete_person(self.connection, id, self.now_ms)?;
        self.seen_otherwise(id)?;
        if let Some(picture) = picture {
            pictures::release(self.connection, picture)?;
        }
        self.forget(id);
        told.push(Told::SignedOut {
            who: vec![Who::Person(id, None)],
            person: Some(Person {
                deleted: true,
                ..Person::unnamed(id)
            }),
        });
        // Who is gone hides from nobody, and nobody from them: the hub need not remember it.
        told.extend(left.blocks.into_iter().map(|(by, person)| Told::Blocked {
            by,
            person,
            blocked: false,
        }));
        for other in left.others {
            told.extend(self.contact_changed(other, id)?);
        }
        for (other, talk) in pairs::of(self.connection, id)? {
            told.push(self.conversation_changed(talk, other)?);
        }
        Ok((Some(Told::Several(told)), Outcome::Done))
    }

    /// The account, if it can be used and its password is still the one that was compared.
    pub(super) fn with_password(&mut self, id: UserId, hash: &str) -> Result<Option<Account>> {
        let account = accounts::account(self.connection, id)?;
        Ok(account
            .filter(|account| account.deactivated_ms.is_none() && account.password_hash == hash))
    }

    /// Whether a person's account can be used and has this role at least.
    pub(super) fn has_role(&mut self, id: UserId, role: Role) -> Result<bool> {
        let account = accounts::account(self.connection, id)?;
        Ok(account.is_some_and(|account| {
            account.deactivated_ms.is_none() && account.standing.role >= role
        }))
    }

    /// The account that someone may act upon: owners on everyone's, administrators on members'.
    fn may(&mut self, by: By, person: UserId) -> Result<std::result::Result<Account, Refusal>> {
        if let By::Person(by) = by
            && !self.has_role(by, Role::Administrator)?
        {
            let needed = Role::Administrator;
            return Ok(Err(Refusal::RoleTooSmall { needed }));
        }
        let Some(account) = accounts::account(self.connection, person)? else {
            return Ok(Err(Refusal::NotFound));
        };
        if let By::Person(by) = by
            && account.standing.role > Role::Member
            && !self.has_role(by, Role::Owner)?
        {
            let needed = Role::Owner;
            return Ok(Err(Refusal::RoleTooSmall { needed }));
        }
        Ok(Ok(account))
    }

    fn is_last_owner(&mut self, account: &Account) -> Result<bool> {
        Ok(account.standing.role == Role::Owner
            && account.deactivated_ms.is_none()
            && accounts::active_owners(self.connection)? <= 1)
    }
}

/// A change after which someone is no longer who they were.
pub(super) fn signed_out(who: Who) -> Made {
    let told = Told::SignedOut {
        who: vec![who],
        person: None,
    };
    (Some(told), Outcome::Done)
}
