//! Changes of what people say of themselves, within the ledger's transaction. It does not know who sees it.

use parley_shared::ids::UserId;
use parley_shared::protocol::Refusal;

use super::accounts::Change;
use super::batch::{Batch, Made, done, refused};
use super::{Outcome, Told};
use crate::store::{Result, accounts, receipts};

impl Batch<'_> {
    /// Sets what is named, and leaves the rest.
    pub(super) fn profile(&mut self, id: UserId, change: &Change) -> Result<Made> {
        let Change::Profile {
            name,
            email,
            about,
            status,
            tells_read,
            ..
        } = change
        else {
            return Ok(done());
        };
        if self.person(id)?.is_none() {
            return Ok(refused(Refusal::SignInNeeded));
        }
        if email.is_some() || about.is_some() || status.is_some() {
            let Some(account) = accounts::account(self.connection, id)? else {
                return Ok(refused(Refusal::SignInNeeded));
            };
            let email = email.as_ref().or(account.email.as_ref());
            accounts::set_profile(
                self.connection,
                id,
                email.map(String::as_str).filter(|email| !email.is_empty()),
                about.as_ref().unwrap_or(&account.about),
                status.as_ref().unwrap_or(&account.status),
            )?;
        }
        let mut told = Vec::new();
        if let Some(tells) = tells_read {
            told.push(self.set_tells_read(id, *tells)?);
        }
        if let Some(name) = name {
            told.push(Told::PersonChanged(self.set_name(id, name)?));
        }
        Ok((Some(Told::Several(told)), Outcome::Done))
    }

    /// Sets whether others see how far someone has read, and tells them at once.
    fn set_tells_read(&mut self, person: UserId, tells: bool) -> Result<Told> {
        accounts::set_tells_read(self.connection, person, tells)?;
        let receipts = receipts::of_person(self.connection, person)?;
        Ok(Told::Reached(receipts))
    }
}
