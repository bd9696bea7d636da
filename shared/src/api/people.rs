//! Looking after the people of a server: who there is, invitations, roles. It knows no password.

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::ids::{InvitationId, UserId};
use crate::json::read_fields;
use crate::model::{Person, Role, Standing};

/// A page of those who have an account, by user name. `GET /api/v1/people?after=…`, the administrators'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// At most [`crate::limits::PAGE_PEOPLE_MAX`].
    pub people: Vec<Registered>,
    /// What to ask for as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

read_fields!(People { people, next });

/// Someone who has an account, as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registered {
    /// Who it is.
    pub person: Person,
    /// The user name and the role.
    #[serde(flatten)]
    pub standing: Standing,
    /// When the account was made, in milliseconds since 1970.
    pub created_ms: u64,
    /// When one of its sessions or tokens was last used, to the hour or so; absent when never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_ms: Option<u64>,
    /// When it was deactivated; absent while it is active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deactivated_ms: Option<u64>,
    /// Whether it has a second factor.
    pub second_factor: bool,
}

read_fields!(Registered { person, created_ms, last_used_ms, deactivated_ms, second_factor } flat { standing });

/// Gives someone another role. `PUT /api/v1/people/{id}/role`, the owners', answered with [`Registered`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// The role from now on.
    pub role: Role,
}

/// Deactivates an account or lets it be used again: owners everyone's, administrators members'.
/// `PUT /api/v1/people/{id}/active`, answered with [`Registered`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeActive {
    /// Whether it may be used. When not, its sessions and tokens end at once.
    pub active: bool,
}

/// A code with which someone sets a new password. `POST /api/v1/people/{id}/reset-code`: owners
/// issue one to everyone, administrators to members. An earlier one no longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetCode {
    /// The code; it is told this one time.
    pub code: Secret,
    /// When it ends to hold, in milliseconds since 1970.
    pub expires_ms: u64,
}

read_fields!(ResetCode { code, expires_ms });

/// Makes an invitation to register. `POST /api/v1/invitations`, the administrators', answered with
/// [`MadeInvitation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeInvitation {
    /// How many people may register with it.
    pub uses: u32,
    /// When it ends to hold, in milliseconds since 1970.
    pub expires_ms: u64,
}

/// An invitation that was made just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeInvitation {
    /// What the invited person shows when they register. It is told this one time.
    pub code: Secret,
    /// The invitation.
    pub invitation: Invitation,
}

read_fields!(MadeInvitation { code, invitation });

/// The invitations that still hold, the newest first. `GET /api/v1/invitations`, the administrators'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitations {
    /// All of them.
    pub invitations: Vec<Invitation>,
}

read_fields!(Invitations { invitations });

/// An invitation, without its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Which invitation.
    pub id: InvitationId,
    /// Who made it.
    pub made_by: UserId,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it ends to hold, in milliseconds since 1970.
    pub expires_ms: u64,
    /// How many people may still register with it.
    pub uses_left: u32,
}

read_fields!(Invitation {
    id,
    made_by,
    created_ms,
    expires_ms,
    uses_left
});

/// Asks whether an invitation holds, before someone fills in a form.
/// `POST /api/v1/invitations/check`, answered with 204 or `unknown_invitation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckInvitation {
    /// The code.
    pub code: Secret,
}
