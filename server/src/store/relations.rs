//! How people stand to each other, as it is kept. It does not know who is told of it.
//!
//! Each side has a row of its own: what one asks, blocks and calls the other is theirs alone. Where a
//! row is missing, there is nothing between the two on that side.

use parley_shared::api::contacts::Remark;
use parley_shared::api::server::ContactPolicy;
use parley_shared::ids::UserId;
use parley_shared::model::{Contact, Relation};

use super::sqlite::{Connection, Row};
use super::{Result, StoreError, people, settings};

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

/// Whether one of two people blocked the other, whichever.
///
/// # Errors
/// Those of the database.
pub fn is_blocked(connection: &mut Connection, a: UserId, b: UserId) -> Result<bool> {
    let (one, other) = (side(connection, a, b)?, side(connection, b, a)?);
    Ok(one.blocked_ms.is_some() || other.blocked_ms.is_some())
}

/// Whether someone may know what another says about themselves and whether they are there: whoever may
/// write to them, and in any case oneself.
///
/// # Errors
/// Those of the database.
pub fn may_see(connection: &mut Connection, viewer: UserId, other: UserId) -> Result<bool> {
    Ok(viewer == other || may_write(connection, viewer, other)?)
}

/// Whether a person has an account that can be used.
///
/// # Errors
/// Those of the database.
pub fn is_usable(connection: &mut Connection, person: UserId) -> Result<bool> {
    let usable = connection.query_one(
        "SELECT person_id FROM accounts WHERE person_id = $1 AND deactivated_ms IS NULL",
        &[person.as_bytes().into()],
        |_| Ok(()),
    )?;
    Ok(usable.is_some())
}

/// Sets how a person stands to another. What says nothing any more is not kept.
///
/// # Errors
/// Those of the database; both must be kept as people.
pub fn set_side(
    connection: &mut Connection,
    person: UserId,
    other: UserId,
    side: &Side,
) -> Result<()> {
    let (id, other) = (person.as_bytes().into(), other.as_bytes().into());
    let is_nothing =
        side.relation == Relation::None && side.blocked_ms.is_none() && side.remark.is_none();
    if is_nothing {
        connection.execute(
            "DELETE FROM relations WHERE person_id = $1 AND other_id = $2",
            &[id, other],
        )?;
        return Ok(());
    }
    connection.execute(
        "INSERT INTO relations (person_id, other_id, state, since_ms, blocked_ms, remark)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (person_id, other_id) DO UPDATE SET state = excluded.state,
         since_ms = excluded.since_ms, blocked_ms = excluded.blocked_ms, remark = excluded.remark",
        &[
            id,
            other,
            relation_text(side.relation).into(),
            side.since_ms.into(),
            side.blocked_ms.into(),
            side.remark.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// What someone left behind who is gone.
#[derive(Debug)]
pub struct Left {
    /// Those to whom there was something: friends, and whoever asked or was asked.
    pub others: Vec<UserId>,
    /// Who had blocked whom, of which they were one.
    pub blocks: Vec<(UserId, UserId)>,
}

/// Removes all that a person said of others and others of them.
///
/// # Errors
/// Those of the database.
pub fn delete_all(connection: &mut Connection, person: UserId) -> Result<Left> {
    let id = person.as_bytes().into();
    let others = connection.query(
        "SELECT person_id FROM relations WHERE other_id = $1 AND state <> 'none'",
        &[id],
        |row| Ok(UserId::from_bytes(row.bytes(0)?)),
    )?;
    let blocks = connection.query(
        "SELECT person_id, other_id FROM relations
         WHERE (person_id = $1 OR other_id = $1) AND blocked_ms IS NOT NULL",
        &[id],
        |row| {
            Ok((
                UserId::from_bytes(row.bytes(0)?),
                UserId::from_bytes(row.bytes(1)?),
            ))
        },
    )?;
    connection.execute(
        "DELETE FROM relations WHERE person_id = $1 OR other_id = $1",
        &[id],
    )?;
    Ok(Left { others, blocks })
}

/// To whom a person stands like this.
///
/// # Errors
/// Those of the database.
pub fn others(
    connection: &mut Connection,
    person: UserId,
    relation: Relation,
) -> Result<Vec<UserId>> {
    connection.query(
        "SELECT other_id FROM relations WHERE person_id = $1 AND state = $2",
        &[person.as_bytes().into(), relation_text(relation).into()],
        |row| Ok(UserId::from_bytes(row.bytes(0)?)),
    )
}

/// To how many others a person stands like this.
///
/// # Errors
/// Those of the database.
pub fn count(connection: &mut Connection, person: UserId, relation: Relation) -> Result<u64> {
    let counted = connection.query_one(
        "SELECT COUNT(*) FROM relations WHERE person_id = $1 AND state = $2",
        &[person.as_bytes().into(), relation_text(relation).into()],
        |row| row.number(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// How many others a person blocked.
///
/// # Errors
/// Those of the database.
pub fn count_blocked(connection: &mut Connection, person: UserId) -> Result<u64> {
    let counted = connection.query_one(
        "SELECT COUNT(*) FROM relations WHERE person_id = $1 AND blocked_ms IS NOT NULL",
        &[person.as_bytes().into()],
        |row| row.number(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// Everyone who blocked someone, with whom.
///
/// # Errors
/// Those of the database.
pub fn blocks(connection: &mut Connection) -> Result<Vec<(UserId, UserId)>> {
    connection.query(
        "SELECT person_id, other_id FROM relations WHERE blocked_ms IS NOT NULL",
        &[],
        |row| {
            let by = UserId::from_bytes(row.bytes(0)?);
            Ok((by, UserId::from_bytes(row.bytes(1)?)))
        },
    )
}

/// By how many names a person knows others.
///
/// # Errors
/// Those of the database.
pub fn count_remarks(connection: &mut Connection, person: UserId) -> Result<u64> {
    let counted = connection.query_one(
        "SELECT COUNT(*) FROM relations WHERE person_id = $1 AND remark IS NOT NULL",
        &[person.as_bytes().into()],
        |row| row.number(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// The names by which a person knows others, by person.
///
/// # Errors
/// Those of the database.
pub fn remarks(connection: &mut Connection, person: UserId) -> Result<Vec<Remark>> {
    connection.query(
        "SELECT other_id, remark FROM relations WHERE person_id = $1 AND remark IS NOT NULL
         ORDER BY other_id",
        &[person.as_bytes().into()],
        |row| {
            Ok(Remark {
                person: UserId::from_bytes(row.bytes(0)?),
                remark: row.text(1)?,
            })
        },
    )
}

/// Whether two people are in a group together.
///
/// # Errors
/// Those of the database.
pub fn share_a_group(connection: &mut Connection, a: UserId, b: UserId) -> Result<bool> {
    let shared = connection.query_one(
        "SELECT g.conversation_id FROM members one
         JOIN members other ON other.conversation_id = one.conversation_id AND other.person_id = $2
         JOIN groups g ON g.conversation_id = one.conversation_id
         WHERE one.person_id = $1 LIMIT 1",
        &[a.as_bytes().into(), b.as_bytes().into()],
        |_| Ok(()),
    )?;
    Ok(shared.is_some())
}

/// How a person stands to another, to be told to them; `None` when the other is not kept.
///
/// # Errors
/// Those of the database.
pub fn contact(
    connection: &mut Connection,
    person: UserId,
    other: UserId,
) -> Result<Option<Contact>> {
    let Some(shown) = people::people(connection, [other])?.pop() else {
        return Ok(None);
    };
    let user_name = connection.query_one(
        "SELECT user_name FROM accounts WHERE person_id = $1",
        &[other.as_bytes().into()],
        |row| row.text(0),
    )?;
    let side = side(connection, person, other)?;
    Ok(Some(Contact {
        person: shown,
        user_name,
        since_ms: (side.relation != Relation::None).then_some(side.since_ms),
        relation: side.relation,
        blocked: side.blocked_ms.is_some(),
        remark: side.remark,
    }))
}

/// Everyone to whom a person stands in some way, by id.
///
/// # Errors
/// Those of the database.
pub fn contacts(connection: &mut Connection, person: UserId) -> Result<Vec<Contact>> {
    let others = connection.query(
        "SELECT other_id FROM relations WHERE person_id = $1 ORDER BY other_id",
        &[person.as_bytes().into()],
        |row| Ok(UserId::from_bytes(row.bytes(0)?)),
    )?;
    others
        .into_iter()
        .filter_map(|other| contact(connection, person, other).transpose())
        .collect()
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
