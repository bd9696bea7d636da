//! What a message said at which time. It does not know who may read it.

use serde::Serialize;

use crate::ids::Seq;
use crate::json::read_fields;
use crate::protocol::ChatMessage;

/// A version of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// The number of the change that made the message say this; of the first, the message's place.
    pub seq: Seq,
    /// When that was, in milliseconds since 1970.
    pub at_ms: u64,
    /// What it said.
    pub body: ChatMessage,
}

read_fields!(Version { seq, at_ms, body });

/// A page of a message's versions, oldest first; the last of all is what it says now.
/// `GET /api/v1/conversations/{conversation}/messages/{message}/versions?after=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versions {
    /// At most [`crate::limits::PAGE_MESSAGES_MAX`], and [`crate::limits::PAGE_BYTES_MAX`] bytes of bodies.
    pub versions: Vec<Version>,
    /// What to ask for as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

read_fields!(Versions { versions, next });
