//! Changes of second factors, within the ledger's transaction. It does not know how codes are computed.

use parley_shared::ids::UserId;
use parley_shared::protocol::Refusal;

use super::batch::{Batch, Made, done, refused};
use crate::account::second_factor::Key;
use crate::account::secret::Hash;
use crate::store::accounts::{self, SecondFactor};
use crate::store::{Result, second_factor as store};

/// A change of a second factor.
#[derive(Debug)]
pub enum Change {
    /// Keep a key that holds when a code of it is shown.
    Begin {
        /// Whose.
        person: UserId,
        /// The hash that the password was compared with.
        password_hash: String,
        /// What both sides know from now on.
        key: Key,
    },
    /// Turn it on.
    Enable {
        /// Whose.
        person: UserId,
        /// The key whose code was shown.
        key: Key,
        /// The step whose code was shown.
        step: u64,
        /// The recovery codes, as they are kept.
        recovery_codes: Vec<Hash>,
    },
    /// Turn it off.
    Disable {
        /// Whose.
        person: UserId,
        /// The hash that the password was compared with.
        password_hash: String,
    },
}

impl Batch<'_> {
    pub(super) fn second_factor(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Begin {
                person,
                password_hash,
                key,
            } => {
                let Some(account) = self.with_password(*person, password_hash)? else {
                    return Ok(refused(Refusal::WrongPassword));
                };
                if account.enabled_factor().is_some() {
                    return Ok(refused(Refusal::SecondFactorOn));
                }
                self.set_factor(*person, *key, false, 0)
            }
            Change::Enable {
                person,
                key,
                step,
                recovery_codes,
            } => {
                let account = accounts::account(self.connection, *person)?;
                let begun = account.and_then(|account| account.second_factor);
                match begun {
                    Some(factor) if factor.enabled => Ok(refused(Refusal::SecondFactorOn)),
                    Some(factor) if factor.key == *key => {
                        store::set_recovery_codes(self.connection, *person, recovery_codes)?;
                        self.set_factor(*person, *key, true, *step)
                    }
                    _ => Ok(refused(Refusal::SecondFactorOff)),
                }
            }
            Change::Disable {
                person,
                password_hash,
            } => {
                let Some(account) = self.with_password(*person, password_hash)? else {
                    return Ok(refused(Refusal::WrongPassword));
                };
                if account.second_factor.is_none() {
                    return Ok(refused(Refusal::SecondFactorOff));
                }
                store::set(self.connection, *person, None, self.now_ms)?;
                store::set_recovery_codes(self.connection, *person, &[])?;
                Ok(done())
            }
        }
    }

    fn set_factor(&mut self, person: UserId, key: Key, enabled: bool, step: u64) -> Result<Made> {
        let factor = SecondFactor { key, enabled, step };
        store::set(self.connection, person, Some(factor), self.now_ms)?;
        Ok(done())
    }
}
