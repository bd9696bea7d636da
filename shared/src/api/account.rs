//! One's own account: registering, signing in, the profile, devices, the second factor. It knows nobody else's.

use serde::{Deserialize, Serialize};

use super::Secret;
use super::groups::GroupCard;
use super::program::Token;
use crate::ids::SessionId;
use crate::json::read_fields;
use crate::model::{Contact, Message, Person, Standing};

/// Makes an account. `POST /api/v1/accounts`, answered with [`Me`] and a session's cookie.
///
/// A guest who asks becomes the account and keeps what they wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The name to sign in with. See [`crate::content::check_user_name`].
    pub user_name: String,
    /// The password. See [`crate::content::check_password`].
    pub password: Secret,
    /// An address of e-mail, for those who want to give one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The display name; without one, a guest keeps theirs and someone new is called by the user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The code of an invitation, where registering needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Secret>,
}

/// Signs in. `POST /api/v1/sessions`, answered with [`Me`] and a session's cookie.
///
/// When the account has a second factor, the first attempt is answered with `second_factor_needed`;
/// the same is then asked again with one of the two codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The name to sign in with, in any case.
    pub user_name: String,
    /// The password.
    pub password: Secret,
    /// The six digits that the second factor shows at this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// A recovery code instead of it; it holds once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<Secret>,
}

/// Who the client is. `GET /api/v1/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// As others see them.
    pub person: Person,
    /// Their account; a guest has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
}

read_fields!(Me { person, account });

/// An account as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The user name and the role.
    #[serde(flatten)]
    pub standing: Standing,
    /// The address of e-mail, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the person says about themselves; empty when nothing.
    pub about: String,
    /// What the person does at the moment, in a few words; empty when nothing.
    pub status: String,
    /// Whether others see how far the person has read.
    pub tells_read: bool,
    /// When the account was made, in milliseconds since 1970.
    pub created_ms: u64,
    /// Whether signing in asks for a code besides the password.
    pub second_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

read_fields!(Account { email, about, status, tells_read, created_ms, second_factor, recovery_codes_left } flat { standing });

/// Changes one's profile: what is absent stays as it is. `PATCH /api/v1/me`, answered with [`Me`].
///
/// A guest may change the name, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeProfile {
    /// The display name. See [`crate::content::check_name`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address of e-mail; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What to say about oneself; empty to say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What one does at the moment; empty to say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether others see how far one has read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells_read: Option<bool>,
}

/// Sets another password and signs out everywhere else. `PUT /api/v1/me/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password of now.
    pub current: Secret,
    /// The password from now on.
    pub new: Secret,
}

/// Confirms something with the password. `DELETE /api/v1/me`, `POST` and `DELETE /api/v1/me/second-factor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The account's password.
    pub password: Secret,
}

/// Sets a new password with a code that an administrator issued, and signs out everywhere.
/// `POST /api/v1/password-resets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// Whose.
    pub user_name: String,
    /// The code; it holds once, for an hour.
    pub code: Secret,
    /// The password from now on.
    pub password: Secret,
}

/// Asks for a letter with such a code, to the address of e-mail that the account has.
/// `POST /api/v1/password-resets/mail`, answered in the same way whether there is an account or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskResetLetter {
    /// The user name or the address.
    pub name: String,
}

/// The sessions of one's account, the last used first. `GET /api/v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// All of them.
    pub sessions: Vec<Session>,
}

read_fields!(Sessions { sessions });

/// One browser or device that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Which session.
    pub id: SessionId,
    /// What it is, as far as it said: "Firefox on Linux".
    pub device: String,
    /// When it signed in, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it was last used, in milliseconds since 1970, to the hour or so.
    pub last_used_ms: u64,
    /// Whether it is the one that asks.
    pub current: bool,
}

read_fields!(Session {
    id,
    device,
    created_ms,
    last_used_ms,
    current
});

/// A second factor that was begun: it holds when a code of it was shown.
/// `POST /api/v1/me/second-factor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorBegun {
    /// The secret in letters and digits (RFC 4648, section 6), to type in.
    pub secret: Secret,
    /// The same as an address that authenticators read, to be shown as a picture.
    pub uri: Secret,
}

read_fields!(SecondFactorBegun { secret, uri });

/// Shows a code of the second factor that was begun, which turns it on.
/// `PUT /api/v1/me/second-factor`, answered with [`RecoveryCodes`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnableSecondFactor {
    /// The six digits that it shows at this moment.
    pub code: Secret,
}

/// Codes that stand for the second factor when the device is lost. They are told this one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Each holds once.
    pub recovery_codes: Vec<Secret>,
}

read_fields!(RecoveryCodes { recovery_codes });

/// Everything that is kept about oneself. `GET /api/v1/me/export`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// Who one is.
    pub me: Me,
    /// Where one is signed in.
    pub sessions: Vec<Session>,
    /// The tokens of one's programs.
    pub tokens: Vec<Token>,
    /// Friends, requests, those one blocked, and those whom one knows by another name.
    pub contacts: Vec<Contact>,
    /// The groups that one is in.
    pub groups: Vec<GroupCard>,
    /// Every message that one wrote, by conversation and place.
    pub messages: Vec<Message>,
}

read_fields!(Export {
    me,
    sessions,
    tokens,
    contacts,
    groups,
    messages
});
