//! Who is in a group, and who is banned from it. It does not know who may change that.

use parley_shared::api::groups::Member;
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{MEMBERS_SEARCHED_MAX, PAGE_CONTACTS_MAX};
use parley_shared::model::Role;

use super::Result;
use super::conversations::{rank_number, read_rank};
use super::people::{name_key, read_person};
use super::sqlite::{Connection, Row};

/// Members that are looked at between two questions to the database.
const SEARCHED_AT_ONCE: u64 = 500;

/// The place of a member in the order of its group: the owner, administrators, members, each as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Their rank.
    pub rank: u64,
    /// When they came, in milliseconds since 1970.
    pub since_ms: u64,
    /// Who, of those who came at that moment.
    pub person: [u8; 16],
}

impl Place {
    /// Before everyone.
    const START: Self = Self::first_of(3);

    const fn first_of(rank: u64) -> Self {
        Self {
            rank,
            since_ms: 0,
            person: [0; 16],
        }
    }

    fn of(member: &Member) -> Self {
        Self {
            rank: member.role.map_or(0, rank_number),
            since_ms: member.since_ms,
            person: *member.person.id.as_bytes(),
        }
    }
}

/// A member of a group.
///
/// # Errors
/// Those of the database.
pub fn member(
    connection: &mut Connection,
    group: ConversationId,
    person: UserId,
) -> Result<Option<Member>> {
    connection.query_one(
        "SELECT p.id, p.name, p.picture, p.deleted_ms, m.joined_ms, m.rank, a.user_name
         FROM members m JOIN people p ON p.id = m.person_id
         LEFT JOIN accounts a ON a.person_id = m.person_id
         WHERE m.conversation_id = $1 AND m.person_id = $2",
        &[group.as_bytes().into(), person.as_bytes().into()],
        read_member,
    )
}

/// A page of a group's members in their order, with the place to go on after. With a name, only those
/// one of whose names begins with it; then a page may have fewer, for only so many are looked at.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut Connection,
    group: ConversationId,
    name: &str,
    after: Option<Place>,
) -> Result<(Vec<Member>, Option<Place>)> {
    let beginning = name_key(name.trim());
    let mut place = after.unwrap_or(Place::START);
    let at_once = if beginning.is_empty() {
        PAGE_CONTACTS_MAX as u64 + 1
    } else {
        SEARCHED_AT_ONCE
    };
    let mut found = Vec::new();
    let mut looked_at = 0;
    loop {
        let members = some_after(connection, group, place, at_once)?;
        let is_end = (members.len() as u64) < at_once;
        for member in members {
            let names = [member.person.name.as_deref(), member.user_name.as_deref()];
            let begins = |name: &str| name_key(name).starts_with(&beginning);
            let is_found = beginning.is_empty() || names.into_iter().flatten().any(begins);
            if is_found && found.len() == PAGE_CONTACTS_MAX {
                return Ok((found, Some(place)));
            }
            place = Place::of(&member);
            looked_at += 1;
            if is_found {
                found.push(member);
            }
        }
        if is_end {
            return Ok((found, None));
        }
        if looked_at >= MEMBERS_SEARCHED_MAX {
            return Ok((found, Some(place)));
        }
    }
}

/// Members after a place. One question for each rank that is left: within it, the index is in order,
/// so that a late page is as near as the first.
fn some_after(
    connection: &mut Connection,
    group: ConversationId,
    after: Place,
    at_most: u64,
) -> Result<Vec<Member>> {
    let mut found: Vec<Member> = Vec::new();
    for rank in (1..=after.rank).rev() {
        let from = if rank == after.rank {
            after
        } else {
            Place::first_of(rank)
        };
        let left = at_most.saturating_sub(found.len() as u64);
        if left == 0 {
            break;
        }
        found.extend(connection.query(
            "SELECT p.id, p.name, p.picture, p.deleted_ms, m.joined_ms, m.rank, a.user_name
             FROM members m JOIN people p ON p.id = m.person_id
             LEFT JOIN accounts a ON a.person_id = m.person_id
             WHERE m.conversation_id = $1 AND m.rank = $2 AND (m.joined_ms, m.person_id) > ($3, $4)
             ORDER BY m.joined_ms, m.person_id LIMIT $5",
            &[
                group.as_bytes().into(),
                rank.into(),
                from.since_ms.into(),
                (&from.person).into(),
                left.into(),
            ],
            read_member,
        )?);
    }
    Ok(found)
}

/// The groups that a person is in, with their role there, by the group's id.
///
/// # Errors
/// Those of the database.
pub fn groups_of(
    connection: &mut Connection,
    person: UserId,
) -> Result<Vec<(ConversationId, Role)>> {
    connection.query(
        "SELECT m.conversation_id, m.rank
         FROM members m JOIN groups g ON g.conversation_id = m.conversation_id
         WHERE m.person_id = $1 ORDER BY m.conversation_id",
        &[person.as_bytes().into()],
        |row| {
            let group = ConversationId::from_bytes(row.bytes(0)?);
            Ok((group, read_rank(row.number(1)?)?))
        },
    )
}

/// How many groups a person is the owner of.
///
/// # Errors
/// Those of the database.
pub fn owned(connection: &mut Connection, person: UserId) -> Result<u64> {
    let owned = connection.query_one(
        "SELECT COUNT(*) FROM members m JOIN groups g ON g.conversation_id = m.conversation_id
         WHERE m.person_id = $1 AND m.rank = $2",
        &[person.as_bytes().into(), rank_number(Role::Owner).into()],
        |row| row.number(0),
    )?;
    Ok(owned.unwrap_or(0))
}

/// Who of the others is first in the order of a group, of those whose account can be used if there
/// is one of them.
///
/// # Errors
/// Those of the database.
pub fn heir(
    connection: &mut Connection,
    group: ConversationId,
    owner: UserId,
) -> Result<Option<UserId>> {
    let able = connection.query_one(
        "SELECT m.person_id FROM members m JOIN accounts a ON a.person_id = m.person_id
         WHERE m.conversation_id = $1 AND m.person_id <> $2 AND a.deactivated_ms IS NULL
         ORDER BY m.rank DESC, m.joined_ms, m.person_id LIMIT 1",
        &[group.as_bytes().into(), owner.as_bytes().into()],
        |row| Ok(UserId::from_bytes(row.bytes(0)?)),
    )?;
    if able.is_some() {
        return Ok(able);
    }
    connection.query_one(
        "SELECT person_id FROM members WHERE conversation_id = $1 AND person_id <> $2
         ORDER BY rank DESC, joined_ms, person_id LIMIT 1",
        &[group.as_bytes().into(), owner.as_bytes().into()],
        |row| Ok(UserId::from_bytes(row.bytes(0)?)),
    )
}

/// Whether a person is banned from a group.
///
/// # Errors
/// Those of the database.
pub fn is_banned(
    connection: &mut Connection,
    group: ConversationId,
    person: UserId,
) -> Result<bool> {
    let banned = connection.query(
        "SELECT person_id FROM bans WHERE conversation_id = $1 AND person_id = $2",
        &[group.as_bytes().into(), person.as_bytes().into()],
        |_| Ok(()),
    )?;
    Ok(!banned.is_empty())
}

/// Bans a person. Says whether they were not banned yet.
///
/// # Errors
/// Those of the database.
pub fn insert_ban(
    connection: &mut Connection,
    group: ConversationId,
    person: UserId,
    by: UserId,
    now_ms: u64,
) -> Result<bool> {
    let banned = connection.execute(
        "INSERT INTO bans (conversation_id, person_id, banned_by, banned_ms)
         VALUES ($1, $2, $3, $4) ON CONFLICT (conversation_id, person_id) DO NOTHING",
        &[
            group.as_bytes().into(),
            person.as_bytes().into(),
            by.as_bytes().into(),
            now_ms.into(),
        ],
    )?;
    Ok(banned == 1)
}

/// Lets a person in again.
///
/// # Errors
/// Those of the database.
pub fn delete_ban(
    connection: &mut Connection,
    group: ConversationId,
    person: UserId,
) -> Result<()> {
    connection.execute(
        "DELETE FROM bans WHERE conversation_id = $1 AND person_id = $2",
        &[group.as_bytes().into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// A page of those who are banned from a group, in the order in which they were, with the place to go on after.
///
/// # Errors
/// Those of the database.
pub fn bans(
    connection: &mut Connection,
    group: ConversationId,
    after: Option<Place>,
) -> Result<(Vec<Member>, Option<Place>)> {
    let after = after.unwrap_or(Place::first_of(0));
    let mut banned = connection.query(
        "SELECT p.id, p.name, p.picture, p.deleted_ms, b.banned_ms, a.user_name
         FROM bans b JOIN people p ON p.id = b.person_id
         LEFT JOIN accounts a ON a.person_id = b.person_id
         WHERE b.conversation_id = $1 AND (b.banned_ms, b.person_id) > ($2, $3)
         ORDER BY b.banned_ms, b.person_id LIMIT $4",
        &[
            group.as_bytes().into(),
            after.since_ms.into(),
            (&after.person).into(),
            (PAGE_CONTACTS_MAX as u64 + 1).into(),
        ],
        |row| {
            Ok(Member {
                person: read_person(row)?,
                user_name: row.optional_text(5)?,
                since_ms: row.number(4)?,
                role: None,
            })
        },
    )?;
    let more = banned.len() > PAGE_CONTACTS_MAX;
    banned.truncate(PAGE_CONTACTS_MAX);
    let next = banned.last().filter(|_| more).map(Place::of);
    Ok((banned, next))
}

fn read_member(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        person: read_person(row)?,
        user_name: row.optional_text(6)?,
        since_ms: row.number(4)?,
        role: Some(read_rank(row.number(5)?)?),
    })
}
