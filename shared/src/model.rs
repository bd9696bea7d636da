//! The nouns of the wire. They do not know how they are stored or shown.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::ids::{ConversationId, PictureId, Seq, UserId};
use crate::json::{FromJson, NotRead, read_fields, read_names, read_variants};

mod message;

pub use message::{LedgerEntry, Message, Receipt};

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Who it is.
    pub id: UserId,
    /// The display name they chose; a guest who chose none has none, and the page names them in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their picture, if they have one: `GET /api/v1/pictures/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// Whether they deleted their account: then they have no name, and what they wrote stays.
    #[serde(skip_serializing_if = "is_false")]
    pub deleted: bool,
}

impl Person {
    /// Someone of whom nothing is known but who they are.
    pub const fn unnamed(id: UserId) -> Self {
        Self {
            id,
            name: None,
            picture: None,
            deleted: false,
        }
    }
}

/// What a person with an account may do on this server, or a member in a group, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Talks.
    Member,
    /// On the server: invites people, and deactivates members or lets them set a new password. In a
    /// group: invites, removes and bans members, and says what the group is called and about.
    Administrator,
    /// Does everything, and says who else may. A group has one.
    Owner,
}

/// What a token allows a program, the least first; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

read_fields!(Person { id, name, picture } or default { deleted });
read_fields!(Standing { user_name, role });
read_names!(Role { "member" => Member, "administrator" => Administrator, "owner" => Owner });
read_names!(Scope { "read" => Read, "write" => Write, "manage" => Manage });

/// What kind of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// The public conversation that every visitor is in.
    Lobby,
    /// The talk of two people.
    Direct,
    /// What someone writes for themselves.
    Notes,
    /// A group: people who were brought together under a name.
    Group,
    /// A kind that this build does not know yet.
    Unknown,
}

impl FromJson for ConversationKind {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        Ok(match String::from_json(value)?.as_str() {
            "lobby" => Self::Lobby,
            "direct" => Self::Direct,
            "notes" => Self::Notes,
            "group" => Self::Group,
            _ => Self::Unknown,
        })
    }
}

/// A conversation as one of those who are in it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Which conversation.
    pub id: ConversationId,
    /// What kind it is; the names of the Lobby and of the notes are the page's to translate.
    pub kind: ConversationKind,
    /// The number of its newest change; zero when nothing happened yet.
    pub last: Seq,
    /// When that was, in milliseconds since 1970; when the conversation came to be, if nothing happened yet.
    pub active_ms: u64,
    /// Its newest message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Message>,
    /// The newest change that its reader has read, on whichever device. A guest's is not kept: zero.
    pub read: Seq,
    /// How many messages others wrote after it, counted up to [`crate::limits::UNREAD_COUNTED_MAX`];
    /// zero for a guest.
    pub unread: u32,
    /// How many of these mention the reader, and may.
    #[serde(skip_serializing_if = "is_zero")]
    pub mentions: u32,
    /// The other one of the two, in a direct conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<Person>,
    /// What the group is, in a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The role that its reader has in the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether nobody writes here any more: the group is archived, or the two may not write to each
    /// other. What was said can be read.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
}

read_fields!(Conversation { id, kind, last, active_ms, latest, read, unread, with, group, role } or default { mentions, closed });

/// A group, the same for everyone who may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// What it is called. See [`crate::content::check_name`].
    pub name: String,
    /// What it is about; empty when nothing was said. See [`crate::content::check_about`].
    pub about: String,
    /// Its picture, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// Whether it is listed and anyone with an account may join; else people are brought in or have a link.
    pub public: bool,
    /// How many members it has.
    pub members: u32,
    /// Whether it is kept to be read, and nobody writes or joins any more.
    #[serde(skip_serializing_if = "is_false")]
    pub archived: bool,
}

read_fields!(Group { name, about, picture, public, members } or default { archived });

/// Something that happened to a group. It stands among the messages; its author is who did it.
///
/// The page says it in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Notice {
    /// The group came to be.
    Created {
        /// What it was called.
        name: String,
    },
    /// The author came in by themselves.
    Joined,
    /// The author brought people in.
    Added {
        /// Whom. At most [`crate::limits::PEOPLE_ADDED_MAX`]; the first
        /// [`crate::limits::PEOPLE_ADDED_NAMED_MAX`] come by name with whatever brings the notice.
        people: Vec<UserId>,
    },
    /// The author left.
    Left,
    /// The author removed someone.
    Removed {
        /// Whom.
        person: UserId,
    },
    /// The author removed someone, and they cannot come back.
    Banned {
        /// Whom.
        person: UserId,
    },
    /// The author gave someone another role; with [`Role::Owner`], the author's own.
    RoleChanged {
        /// Whom.
        person: UserId,
        /// The role from then on.
        role: Role,
    },
    /// The author gave the group another name.
    Renamed {
        /// The name from then on.
        name: String,
    },
    /// The author said something else about the group.
    Described,
    /// The author gave the group another picture, or took it away.
    PictureChanged,
    /// The author listed the group, or took it from the list.
    VisibilityChanged {
        /// Whether it is listed from then on.
        public: bool,
    },
    /// The author closed the group for good: it is kept to be read.
    Archived,
    /// The author opened it again.
    Restored,
    /// Something that this build does not know.
    Unknown,
}

read_variants!(Notice by "type" {
    "created" => Created { name },
    "joined" => Joined {},
    "added" => Added { people },
    "left" => Left {},
    "removed" => Removed { person },
    "banned" => Banned { person },
    "role_changed" => RoleChanged { person, role },
    "renamed" => Renamed { name },
    "described" => Described {},
    "picture_changed" => PictureChanged {},
    "visibility_changed" => VisibilityChanged { public },
    "archived" => Archived {},
    "restored" => Restored {},
});

impl Notice {
    /// Those of whom it speaks besides its author.
    pub fn people(&self) -> &[UserId] {
        match self {
            Self::Added { people } => people,
            Self::Removed { person }
            | Self::Banned { person }
            | Self::RoleChanged { person, .. } => std::slice::from_ref(person),
            Self::Created { .. }
            | Self::Joined
            | Self::Left
            | Self::Renamed { .. }
            | Self::Described
            | Self::PictureChanged
            | Self::VisibilityChanged { .. }
            | Self::Archived
            | Self::Restored
            | Self::Unknown => &[],
        }
    }
}

/// How someone with an account stands to another, as they themselves see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// The other.
    pub person: Person,
    /// The name that the other signs in with; absent once they have no account any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// What there is between the two.
    pub relation: Relation,
    /// When that came to be, in milliseconds since 1970; absent when there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<u64>,
    /// Whether one blocked the other. Whether the other blocked oneself is not told.
    #[serde(skip_serializing_if = "is_false")]
    pub blocked: bool,
    /// The name by which one knows the other; nobody else sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

read_fields!(Contact { person, user_name, relation, since_ms, remark } or default { blocked });

/// What there is between two people, as one of them sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Nothing.
    None,
    /// One asked the other to be friends.
    Outgoing,
    /// The other asked.
    Incoming,
    /// They are friends.
    Friend,
}

read_names!(Relation { "none" => None, "outgoing" => Outgoing, "incoming" => Incoming, "friend" => Friend });

/// Who is in a conversation at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Presence {
    /// How many people are there.
    pub online: u32,
    /// Who they are, by id; absent when they are too many to list
    /// (see [`crate::limits::PRESENCE_LISTED_MAX`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
}

read_fields!(Presence { online, people });

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field by reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field by reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
