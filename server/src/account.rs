//! What accounts are made of: proofs, secrets, passwords, names, attempts. It knows no store and no door.

use parley_shared::ids::{SessionId, TokenId};
use parley_shared::model::Scope;

pub mod attempts;
pub mod device;
pub mod password;
pub mod second_factor;
pub mod secret;
pub mod user_name;

/// What someone showed to be who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A guest's cookie, or nothing yet.
    Guest,
    /// The cookie of a session.
    Session(SessionId),
    /// A token.
    Token(TokenId, Scope),
}

impl Proof {
    /// What it allows at most: a person who is there in person is not bound by a scope.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Guest | Self::Session(_) => Scope::Manage,
            Self::Token(_, scope) => *scope,
        }
    }
}
