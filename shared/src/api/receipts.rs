//! What a message has reached. It does not know whom.

use serde::Serialize;

use crate::json::read_fields;

/// How many of the others in a conversation a message has reached.
/// `GET /api/v1/conversations/{id}/messages/{message}/receipts`, its author's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reached {
    /// Of how many: the members besides the author.
    pub of: u32,
    /// Those of whom a device has it.
    pub delivered: u32,
    /// Those who read it and tell so.
    pub read: u32,
}

read_fields!(Reached {
    of,
    delivered,
    read
});
