//! Changes of sessions, within the ledger's transaction. It does not know the cookie that stands for one.

use parley_shared::ids::{SessionId, UserId};
use parley_shared::limits::{SESSION_UNUSED_MAX_MS, SESSIONS_MAX};
use parley_shared::protocol::Refusal;

use super::accounts::signed_out;
use super::batch::{Batch, Made, done, refused};
use super::{Outcome, Told};
use crate::account::Proof;
use crate::account::secret::Hash;
use crate::hub::callers::Who;
use crate::store::accounts::SecondFactor;
use crate::store::sessions::{self, NewSession};
use crate::store::{Result, second_factor, tokens};

/// A change of a session.
#[derive(Debug)]
pub enum Change {
    /// Sign in.
    Begin {
        /// Who.
        person: UserId,
        /// The hash that the password was compared with.
        password_hash: String,
        /// What was shown of the second factor.
        factor: Option<Shown>,
        /// The session.
        session: NewSession,
    },
    /// Sign out on one device.
    End {
        /// Who.
        person: UserId,
        /// Where.
        id: SessionId,
    },
    /// Sign out on all devices but this one.
    EndOthers {
        /// Who.
        person: UserId,
        /// Where not.
        but: SessionId,
    },
    /// Take note that a session or token is used.
    Touch(Proof),
}

/// What was shown of a second factor.
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    /// The code of this step.
    Step(u64),
    /// A recovery code, as it is kept.
    Recovery(Hash),
}

impl Batch<'_> {
    pub(super) fn session(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Begin {
                person,
                password_hash,
                factor,
                session,
            } => self.begin(*person, password_hash, *factor, session),
            Change::End { person, id } => {
                if !sessions::delete(self.connection, *person, *id)? {
                    return Ok(refused(Refusal::NotFound));
                }
                Ok(signed_out(Who::Session(*person, *id)))
            }
            Change::EndOthers { person, but } => {
                let all = sessions::sessions_of(self.connection, *person, 0)?;
                sessions::delete_all(self.connection, *person, Some(*but))?;
                let others = all.iter().filter(|session| session.id != *but);
                Ok(ended(
                    others
                        .map(|session| Who::Session(*person, session.id))
                        .collect(),
                ))
            }
            Change::Touch(proof) => {
                match proof {
                    Proof::Session(id) => sessions::touch(self.connection, *id, self.now_ms)?,
                    Proof::Token(id, _) => tokens::touch(self.connection, *id, self.now_ms)?,
                    Proof::Guest => {}
                }
                Ok(done())
            }
        }
    }

    fn begin(
        &mut self,
        person: UserId,
        password_hash: &str,
        shown: Option<Shown>,
        session: &NewSession,
    ) -> Result<Made> {
        // Between the comparison and now the password may have been changed, or the account closed.
        let Some(account) = self.with_password(person, password_hash)? else {
            return Ok(refused(Refusal::WrongCredentials));
        };
        if let Some(factor) = account.enabled_factor() {
            let holds = match shown {
                None => return Ok(refused(Refusal::SecondFactorNeeded)),
                Some(Shown::Step(step)) => self.use_step(person, factor, step)?,
                Some(Shown::Recovery(code)) => {
                    second_factor::use_recovery_code(self.connection, person, &code)?
                }
            };
            if !holds {
                return Ok(refused(Refusal::SecondFactorWrong));
            }
        }
        let since_ms = self.now_ms.saturating_sub(SESSION_UNUSED_MAX_MS);
        sessions::delete_unused(self.connection, person, since_ms)?;
        let all = sessions::sessions_of(self.connection, person, 0)?;
        let too_many = all.iter().skip(SESSIONS_MAX - 1);
        let mut who = Vec::new();
        for old in too_many {
            sessions::delete(self.connection, person, old.id)?;
            who.push(Who::Session(person, old.id));
        }
        sessions::insert(self.connection, person, session, self.now_ms)?;
        Ok(ended(who))
    }

    /// Uses a step's code up, if no code of it or of a later step was used before.
    fn use_step(&mut self, person: UserId, factor: SecondFactor, step: u64) -> Result<bool> {
        if step <= factor.step {
            return Ok(false);
        }
        let used = SecondFactor { step, ..factor };
        second_factor::set(self.connection, person, Some(used), self.now_ms)?;
        Ok(true)
    }
}

fn ended(who: Vec<Who>) -> Made {
    let told = (!who.is_empty()).then_some(Told::SignedOut { who, person: None });
    (told, Outcome::Done)
}
