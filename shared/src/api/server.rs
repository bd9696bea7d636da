//! What a server says of itself to everyone, and what its owner sets. It knows no account.

use serde::{Deserialize, Serialize};

use crate::json::{read_fields, read_names};
use crate::refusal::Refusal;

/// What a page must know before anyone is signed in. `GET /api/v1/server`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    /// What the server is called by those who use it.
    pub name: String,
    /// The version of the server, for people to read.
    pub version: String,
    /// The version of the WebSocket's wire that it speaks.
    pub protocol: u32,
    /// Whether it has an owner. Without one, whoever registers first becomes it.
    pub claimed: bool,
    /// What the owner set.
    pub policy: Policy,
    /// Whether the server sends letters: to those who forgot their password.
    pub mail: bool,
    /// Bounds that a page shows before it meets them.
    pub limits: Bounds,
}

read_fields!(ServerInfo {
    name,
    version,
    protocol,
    claimed,
    policy,
    limits
} or default { mail });

/// Who may come in. `PUT /api/v1/server/policy`, the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who may register.
    pub registration: Registration,
    /// Whether visitors without an account may enter.
    pub guests: bool,
    /// Who may write to whom, and who is found by whom.
    pub contact: ContactPolicy,
}

// It is both asked and answered: a server reads strictly what it is asked, and a page leniently what it
// is answered, as the store does what an older version kept.
read_fields!(Policy { registration, guests } or default { contact });

/// Who may write to whom directly, bring whom into groups, see whether who is there, and find whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactPolicy {
    /// Friends. Others are found by their whole user name alone.
    #[default]
    Friends,
    /// Everyone with an account, but for those whom they blocked.
    Team,
}

read_names!(ContactPolicy { "friends" => Friends, "team" => Team });

/// Who may register. Where there is no account yet, anyone may, whatever is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anyone.
    Open,
    /// Whoever has an invitation.
    Invitation,
    /// Nobody.
    Closed,
}

read_names!(Registration { "open" => Open, "invitation" => Invitation, "closed" => Closed });

impl Registration {
    /// Why someone may not register on a server that has an owner. `invitation` says whether the one
    /// that they showed holds; absent when they showed none.
    pub fn refuses(self, invitation: Option<bool>) -> Option<Refusal> {
        match (self, invitation) {
            (Self::Closed, _) => Some(Refusal::RegistrationClosed),
            (Self::Invitation, None) => Some(Refusal::InvitationNeeded),
            // Who shows an invitation shall hear that it does not hold, also where none is needed.
            (_, Some(false)) => Some(Refusal::UnknownInvitation),
            (Self::Open, None) | (_, Some(true)) => None,
        }
    }
}

impl Default for Policy {
    /// What holds until an owner sets something else: friends can come in, by a door that is seen.
    fn default() -> Self {
        Self {
            registration: Registration::Invitation,
            guests: true,
            contact: ContactPolicy::Friends,
        }
    }
}

/// Bounds as this server has them, which may be another version than the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bounds {
    /// Shortest user name, in characters.
    pub user_name_chars_min: u64,
    /// Longest user name, in characters.
    pub user_name_chars_max: u64,
    /// Shortest password, in characters.
    pub password_chars_min: u64,
    /// Longest password, in bytes of UTF-8.
    pub password_bytes_max: u64,
    /// Longest display name, in characters.
    pub name_chars_max: u64,
    /// Longest text about oneself, in characters.
    pub about_chars_max: u64,
    /// Longest status, in characters.
    pub status_chars_max: u64,
    /// Longest text of a message, in bytes of UTF-8.
    pub text_bytes_max: u64,
}

read_fields!(Bounds {
    user_name_chars_min,
    user_name_chars_max,
    password_chars_min,
    password_bytes_max,
    name_chars_max,
    about_chars_max,
    status_chars_max,
    text_bytes_max
});
