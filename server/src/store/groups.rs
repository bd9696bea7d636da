//! Groups as they are kept: what they are called, who may come in, which are listed. It does not know
//! who is in them, nor who may do what.

use parley_shared::api::groups::GroupCard;
use parley_shared::ids::{ConversationId, PictureId, UserId};
use parley_shared::limits::PAGE_GROUPS_MAX;
use parley_shared::model::Group;

use super::Result;
use super::conversations::read_rank;
use super::people::name_key;
use super::sql::Value;
use super::sqlite::{Connection, Row};

/// A group.
///
/// # Errors
/// Those of the database.
pub fn group(connection: &mut Connection, id: ConversationId) -> Result<Option<Group>> {
    connection.query_one(
        "SELECT name, about, picture, is_public, member_count, archived_ms
         FROM groups WHERE conversation_id = $1",
        &[id.as_bytes().into()],
        |row| read_group(row, 0),
    )
}

/// Keeps a new group, whose conversation is kept already. It has no members yet.
///
/// # Errors
/// Those of the database.
pub fn insert(
    connection: &mut Connection,
    id: ConversationId,
    name: &str,
    about: &str,
    public: bool,
) -> Result<()> {
    connection.execute(
        "INSERT INTO groups (conversation_id, name, name_key, about, is_public, member_count)
         VALUES ($1, $2, $3, $4, $5, 0)",
        &[
            id.as_bytes().into(),
            name.into(),
            name_key(name).as_str().into(),
            about.into(),
            u64::from(public).into(),
        ],
    )?;
    Ok(())
}

/// Gives a group another name.
///
/// # Errors
/// Those of the database.
pub fn set_name(connection: &mut Connection, id: ConversationId, name: &str) -> Result<()> {
    connection.execute(
        "UPDATE groups SET name = $1, name_key = $2 WHERE conversation_id = $3",
        &[
            name.into(),
            name_key(name).as_str().into(),
            id.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// Sets what a group is about.
///
/// # Errors
/// Those of the database.
pub fn set_about(connection: &mut Connection, id: ConversationId, about: &str) -> Result<()> {
    connection.execute(
        "UPDATE groups SET about = $1 WHERE conversation_id = $2",
        &[about.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Gives a group another picture, or none.
///
/// # Errors
/// Those of the database.
pub fn set_picture(
    connection: &mut Connection,
    id: ConversationId,
    picture: Option<PictureId>,
) -> Result<()> {
    let picture = picture.as_ref().map(PictureId::as_bytes);
    connection.execute(
        "UPDATE groups SET picture = $1 WHERE conversation_id = $2",
        &[picture.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Lists a group, or takes it from the list.
///
/// # Errors
/// Those of the database.
pub fn set_public(connection: &mut Connection, id: ConversationId, public: bool) -> Result<()> {
    connection.execute(
        "UPDATE groups SET is_public = $1 WHERE conversation_id = $2",
        &[u64::from(public).into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Sets since when a group is archived; `None` when it is not.
///
/// # Errors
/// Those of the database.
pub fn set_archived(
    connection: &mut Connection,
    id: ConversationId,
    since_ms: Option<u64>,
) -> Result<()> {
    connection.execute(
        "UPDATE groups SET archived_ms = $1 WHERE conversation_id = $2",
        &[since_ms.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Counts members that came; a negative number of them went.
///
/// # Errors
/// Those of the database.
pub fn count_members(connection: &mut Connection, id: ConversationId, more: i64) -> Result<()> {
    connection.execute(
        "UPDATE groups SET member_count = member_count + $1 WHERE conversation_id = $2",
        &[Value::Integer(more), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Where a page of listed groups begins: after this key and id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The name as it is sorted.
    pub name_key: String,
    /// Which of those who have that name.
    pub id: [u8; 16],
}

/// A page of the groups that are listed and whose name begins with `name`, as far as it is after a
/// place, with the place to go on after. `asker` sees their own role.
///
/// # Errors
/// Those of the database.
pub fn listed(
    connection: &mut Connection,
    name: &str,
    after: Option<Place>,
    asker: UserId,
) -> Result<(Vec<GroupCard>, Option<Place>)> {
    let beginning = name_key(name.trim());
    let after = after.unwrap_or_else(|| Place {
        name_key: beginning.clone(),
        id: [0; 16],
    });
    let found = connection.query(
        "SELECT g.name, g.about, g.picture, g.is_public, g.member_count, g.archived_ms, g.name_key,
         g.conversation_id, m.rank
         FROM groups g LEFT JOIN members m
         ON m.conversation_id = g.conversation_id AND m.person_id = $1
         WHERE g.is_public = 1 AND g.archived_ms IS NULL AND (g.name_key, g.conversation_id) > ($2, $3)
         ORDER BY g.name_key, g.conversation_id LIMIT $4",
        &[
            asker.as_bytes().into(),
            after.name_key.as_str().into(),
            (&after.id).into(),
            (PAGE_GROUPS_MAX as u64 + 1).into(),
        ],
        |row| {
            let group = read_group(row, 0)?;
            let place = Place {
                name_key: row.text(6)?,
                id: row.bytes(7)?,
            };
            let role = row.optional_number(8)?.map(read_rank).transpose()?;
            Ok((group, place, role))
        },
    )?;
    let more = found.len() > PAGE_GROUPS_MAX;
    let mut last = None;
    let mut cards = Vec::new();
    let fitting = found
        .into_iter()
        .take(PAGE_GROUPS_MAX)
        .take_while(|(_, place, _)| place.name_key.starts_with(&beginning));
    for (group, place, role) in fitting {
        let id = ConversationId::from_bytes(place.id);
        cards.push(GroupCard { id, group, role });
        last = Some(place);
    }
    // A page that is not full of what fits is the last one: the names stand in order.
    let next = last.filter(|_| more && cards.len() == PAGE_GROUPS_MAX);
    Ok((cards, next))
}

pub(super) fn read_group(row: &Row<'_>, column: usize) -> Result<Group> {
    Ok(Group {
        name: row.text(column)?,
        about: row.text(column + 1)?,
        picture: row.optional_bytes(column + 2)?.map(PictureId::from_bytes),
        public: row.number(column + 3)? != 0,
        members: u32::try_from(row.number(column + 4)?).unwrap_or(u32::MAX),
        archived: row.optional_number(column + 5)?.is_some(),
    })
}
