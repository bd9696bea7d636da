//! Groups and who is in them. It knows no message.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, UserId};
use crate::json::read_fields;
use crate::model::{Group, Person, Role};

/// Makes a group, with its maker as the owner. `POST /api/v1/groups`, answered with the
/// [`Conversation`](crate::model::Conversation).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeGroup {
    /// What it is called.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub about: String,
    /// Whether it is listed and anyone may join.
    pub public: bool,
    /// Who is brought in at once. At most [`crate::limits::PEOPLE_ADDED_MAX`].
    #[serde(default)]
    pub people: Vec<UserId>,
}

/// Changes a group: what is absent stays as it is. `PATCH /api/v1/groups/{id}`, answered with [`GroupCard`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeGroup {
    /// What it is called: for administrators and the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about: for administrators and the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Whether it is listed: for the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether it is archived: for the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

/// A group as it is shown before one is in it. `GET /api/v1/groups/{id}`, and with the code of an
/// invitation `POST /api/v1/group-invitations/shown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupCard {
    /// Which conversation.
    pub id: ConversationId,
    /// What it is.
    #[serde(flatten)]
    pub group: Group,
    /// The role of the one who asks; absent when they are not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

read_fields!(GroupCard { id, role } flat { group });

/// A page of the groups that are listed, by name. `GET /api/v1/groups?name=…&after=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Groups {
    /// At most [`crate::limits::PAGE_GROUPS_MAX`].
    pub groups: Vec<GroupCard>,
    /// What to ask for as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

read_fields!(Groups { groups, next });

/// A page of a group's members: the owner, administrators, then members in the order in which they came.
/// `GET /api/v1/groups/{id}/members?after=…`; those who are banned, `GET /api/v1/groups/{id}/bans?after=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Members {
    /// At most [`crate::limits::PAGE_CONTACTS_MAX`].
    pub members: Vec<Member>,
    /// What to ask for as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

read_fields!(Members { members, next });

/// Someone who is in a group, or was banned from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who it is.
    pub person: Person,
    /// The name that they sign in with; absent once they have no account any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Their role in the group; absent for someone who is banned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Since when they are in it, or banned, in milliseconds since 1970.
    pub since_ms: u64,
}

read_fields!(Member {
    person,
    user_name,
    role,
    since_ms
});

/// Brings people into a group. `POST /api/v1/groups/{id}/members`, answered with [`GroupCard`]. All of
/// them, or none: whoever is in it already stays so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddMembers {
    /// Whom. At most [`crate::limits::PEOPLE_ADDED_MAX`].
    pub people: Vec<UserId>,
}
