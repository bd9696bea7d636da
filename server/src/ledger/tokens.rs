//! Changes of tokens, within the ledger's transaction. It does not know their secrets.

use parley_shared::api::program::Token;
use parley_shared::ids::{TokenId, UserId};
use parley_shared::limits::TOKENS_MAX;
use parley_shared::model::Role;
use parley_shared::protocol::Refusal;

use super::accounts::signed_out;
use super::batch::{Batch, Made, done, refused};
use crate::account::secret::Hash;
use crate::hub::callers::Who;
use crate::store::{Result, tokens};

/// A change of a token.
#[derive(Debug)]
pub enum Change {
    /// Keep a new one.
    Make {
        /// Whose.
        person: UserId,
        /// The token.
        token: Token,
        /// What is kept of its secret.
        hash: Hash,
    },
    /// Revoke one.
    Revoke {
        /// Whose.
        person: UserId,
        /// Which.
        id: TokenId,
    },
}

impl Batch<'_> {
    pub(super) fn token(&mut self, change: &Change) -> Result<Made> {
        match change {
            Change::Make {
                person,
                token,
                hash,
            } => {
                if !self.has_role(*person, Role::Member)? {
                    return Ok(refused(Refusal::SignInNeeded));
                }
                if tokens::tokens_of(self.connection, *person)?.len() >= TOKENS_MAX {
                    let limit = TOKENS_MAX as u64;
                    return Ok(refused(Refusal::TooMany { limit }));
                }
                tokens::insert(self.connection, *person, token, hash)?;
                Ok(done())
            }
            Change::Revoke { person, id } => {
                if !tokens::delete(self.connection, *person, *id)? {
                    return Ok(refused(Refusal::NotFound));
                }
                Ok(signed_out(Who::Token(*person, *id)))
            }
        }
    }
}
