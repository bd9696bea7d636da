//! What the HTTP API asks and answers, one file for each noun. It knows no transport and no rule.
//!
//! Everything is JSON below `/api/v1`. `docs/http-api.md` lists the routes; the server describes
//! itself at `/api/v1/openapi.json` out of these very types. What a client asks is read strictly: a
//! field that is not known is refused. What it is answered may gain fields.
//!
//! An answer that is no success is a [`Problem`].

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{FromJson, NotRead, read_fields};
use crate::refusal::Refusal;

pub mod account;
pub mod contacts;
pub mod groups;
pub mod people;
pub mod program;
pub mod receipts;
pub mod server;
pub mod versions;

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

/// The one shape of an error: `{"code": "…", …, "message": "…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Why, for programs: `code`, with the fields of that code beside it.
    #[serde(flatten)]
    pub reason: Refusal,
    /// Why, for people, in English.
    pub message: String,
}

read_fields!(Problem { message } flat { reason });

impl From<Refusal> for Problem {
    fn from(reason: Refusal) -> Self {
        let message = reason.to_string();
        Self { reason, message }
    }
}

/// A word that must not be seen by those who only pass it on: a password, a token, a code. It is
/// written to the wire, and not into a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl FromJson for Secret {
    fn from_json(value: Value) -> Result<Self, NotRead> {
        String::from_json(value).map(Self)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
