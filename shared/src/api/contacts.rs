//! Friends, requests, blocks, and finding people. It knows no conversation.
//!
//! The routes that change something are answered with the [`Contact`] as it is then.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::json::{read_fields, read_names};
use crate::model::{Contact, Role};

/// A page of one's contacts. `GET /api/v1/contacts?list=…&after=…`, and of people who were found,
/// `GET /api/v1/people/found?name=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contacts {
    /// At most [`crate::limits::PAGE_CONTACTS_MAX`]. Friends stand by name, the rest the newest first.
    pub contacts: Vec<Contact>,
    /// What to ask for as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

read_fields!(Contacts { contacts, next });

/// Which of one's contacts are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactList {
    /// Friends.
    Friends,
    /// Those who asked to be friends and wait for an answer.
    Incoming,
    /// Those whom one asked.
    Outgoing,
    /// Those whom one blocked.
    Blocked,
}

read_names!(ContactList { "friends" => Friends, "incoming" => Incoming, "outgoing" => Outgoing, "blocked" => Blocked });

/// What a person shows of themselves to another. `GET /api/v1/people/{id}/profile`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// Who it is, and how one stands to them.
    #[serde(flatten)]
    pub contact: Contact,
    /// Their role on the server; absent when they have no account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// What they say about themselves; empty when nothing, or when it is not for the one who asks.
    pub about: String,
    /// What they do at the moment; as `about`.
    pub status: String,
    /// Whether the one who asks may write to them.
    pub direct: bool,
}

read_fields!(Profile { role, about, status, direct } flat { contact });

/// Sets the name by which one knows another. `PUT /api/v1/remarks/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRemark {
    /// The name; empty to have none. See [`crate::content::check_name`].
    pub remark: String,
}

/// All names by which one knows others. `GET /api/v1/remarks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remarks {
    /// By person.
    pub remarks: Vec<Remark>,
}

read_fields!(Remarks { remarks });

/// The name by which one knows another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remark {
    /// Whom.
    pub person: UserId,
    /// The name.
    pub remark: String,
}

read_fields!(Remark { person, remark });
