//! Tokens, with which programs act for a person. They know no password.

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::ids::TokenId;
use crate::json::read_fields;
use crate::model::Scope;

/// Makes a token. `POST /api/v1/tokens`, answered with [`MadeToken`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeToken {
    /// What it is for, so that its person knows it again. See [`crate::content::check_name`].
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// When it ends to hold, in milliseconds since 1970; absent for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<u64>,
}

/// A token that was made just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeToken {
    /// What the program sends as `Authorization: Bearer …`. It is told this one time.
    pub secret: Secret,
    /// The token.
    pub token: Token,
}

read_fields!(MadeToken { secret, token });

/// The tokens of one's account, the newest first. `GET /api/v1/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// All of them.
    pub tokens: Vec<Token>,
}

read_fields!(Tokens { tokens });

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Which token.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it was last used, to the hour or so; absent when never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_ms: Option<u64>,
    /// When it ends to hold; absent for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<u64>,
}

read_fields!(Token {
    id,
    name,
    scope,
    created_ms,
    last_used_ms,
    expires_ms
});
