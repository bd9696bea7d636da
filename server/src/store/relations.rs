//! How people stand to each other, as it is kept. It does not know who is told of it.
//!
//! Each side has a row of its own: what one asks, blocks and calls the other is theirs alone. Where a
//! row is missing, there is nothing between the two on that side.

use parley_shared::api::server::ContactPolicy;
use parley_shared::ids::UserId;
use parley_shared::model::Relation;

use super::sqlite::{Connection, Row};
use super::{Result, StoreError, settings};

/// How one person stands to another, as that one person has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What there is between the two.
    pub relation: Relation,
    /// When that came to be, in milliseconds since 1970; zero when it never was anything.
    pub since_ms: u64,
    /// Since when the other is blocked.
    pub blocked_ms: Option<u64>,
    /// The name by which the one knows the other.
    pub remark: Option<String>,
}

impl Side {
    /// What holds where nothing was ever said.
    pub const NOTHING: Self = Self {
        relation: Relation::None,
        since_ms: 0,
        blocked_ms: None,
        remark: None,
    };
}

/// How a person stands to another, as the first one has it.
///
/// # Errors
/// Those of the database.
pub fn side(connection: &mut Connection, person: UserId, other: UserId) -> Result<Side> {
    let kept = connection.query_one(
        "SELECT state, since_ms, blocked_ms, remark FROM relations
         WHERE person_id = $1 AND other_id = $2",
        &[person.as_bytes().into(), other.as_bytes().into()],
        |row| read_side(row, 0),
    )?;
    Ok(kept.unwrap_or(Side::NOTHING))
}

/// Whether two people may write to each other: both have an account that can be used, neither blocked
/// the other, and they are friends unless the server is a team's. Everyone may write to themselves.
///
/// The order of the two makes no difference.
///
/// # Errors
/// Those of the database.
pub fn may_write(connection: &mut Connection, a: UserId, b: UserId) -> Result<bool> {
    if !is_usable(connection, a)? || !is_usable(connection, b)? {
        return Ok(false);
    }
    if a == b {
        return Ok(true);
    }
    let (one, other) = (side(connection, a, b)?, side(connection, b, a)?);
    if one.blocked_ms.is_some() || other.blocked_ms.is_some() {
        return Ok(false);
    }
    Ok(match settings::policy(connection)?.contact {
        ContactPolicy::Team => true,
        ContactPolicy::Friends => {
            one.relation == Relation::Friend && other.relation == Relation::Friend
        }
    })
}

/// Whether someone may know what another says about themselves and whether they are there: whoever may
/// write to them, and in any case oneself.
///
/// # Errors
/// Those of the database.
pub fn may_see(connection: &mut Connection, viewer: UserId, other: UserId) -> Result<bool> {
    Ok(viewer == other || may_write(connection, viewer, other)?)
}

fn is_usable(connection: &mut Connection, person: UserId) -> Result<bool> {
    let usable = connection.query_one(
        "SELECT person_id FROM accounts WHERE person_id = $1 AND deactivated_ms IS NULL",
        &[person.as_bytes().into()],
        |_| Ok(()),
    )?;
    Ok(usable.is_some())
}

fn read_side(row: &Row<'_>, first: usize) -> Result<Side> {
    Ok(Side {
        relation: read_relation(&row.text(first)?)?,
        since_ms: row.number(first + 1)?,
        blocked_ms: row.optional_number(first + 2)?,
        remark: row.optional_text(first + 3)?,
    })
}

fn relation_text(relation: Relation) -> &'static str {
    match relation {
        Relation::None => "none",
        Relation::Outgoing => "outgoing",
        Relation::Incoming => "incoming",
        Relation::Friend => "friend",
    }
}

fn read_relation(text: &str) -> Result<Relation> {
    [
        Relation::None,
        Relation::Outgoing,
        Relation::Incoming,
        Relation::Friend,
    ]
    .into_iter()
    .find(|relation| relation_text(*relation) == text)
    .ok_or_else(|| StoreError::Unreadable(format!("the relation {text:?}")))
}
