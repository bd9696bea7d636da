//! The nouns of the wire. They do not know how they are stored or shown.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId, Seq, UserId};
use crate::protocol::ChatMessage;

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Who it is.
    pub id: UserId,
    /// The display name they chose; a guest who chose none has none, and the page names them in the reader's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether they deleted their account: then they have no name, and what they wrote stays.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
}

impl Person {
    /// Someone of whom nothing is known but who they are.
    pub const fn unnamed(id: UserId) -> Self {
        Self {
            id,
            name: None,
            deleted: false,
        }
    }
}

/// What a person with an account may do on this server, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Talks.
    Member,
    /// Invites people, and deactivates members or lets them set a new password.
    Administrator,
    /// Does everything, and says who else may.
    Owner,
}

/// What a token allows a program, the least first; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reads what its person may read.
    Read,
    /// Writes messages and changes the profile as well.
    Write,
    /// Does what its person's role allows as well: policy, invitations, people.
    Manage,
}

/// The account of a person, as it is told to everyone who may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// The name that the account is signed in with.
    pub user_name: String,
    /// What it may do.
    pub role: Role,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Member => "member",
            Self::Administrator => "administrator",
            Self::Owner => "owner",
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Manage => "manage",
        })
    }
}

/// What kind of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// The public conversation that every visitor is in.
    Lobby,
    /// A kind that this build does not know yet.
    #[serde(other)]
    Unknown,
}

/// A conversation as a member sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Which conversation.
    pub id: ConversationId,
    /// What kind it is; the Lobby's name is the page's to translate.
    pub kind: ConversationKind,
    /// The number of its newest change; zero when nothing happened yet.
    pub last: Seq,
}

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Which message; minted by its author's client.
    pub id: MessageId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub author: UserId,
    /// Its place in the conversation: the number of the change that created it.
    pub seq: Seq,
    /// The number of the newest change to it; equal to `seq` until it is changed.
    pub changed: Seq,
    /// When the server accepted it, in milliseconds since 1970.
    pub sent_ms: u64,
    /// What it says.
    pub body: ChatMessage,
}

/// Who is in a conversation at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presence {
    /// How many people are there.
    pub online: u32,
    /// Who they are, by id; absent when they are too many to list
    /// (see [`crate::limits::PRESENCE_LISTED_MAX`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field by reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}
