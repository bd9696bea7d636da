//! People as they are kept: an id and a name. It does not know who is present.

use std::collections::BTreeSet;

use parley_shared::ids::{PictureId, UserId};
use parley_shared::model::Person;

use super::Result;
use super::sqlite::{Connection, Row};

/// A person. Someone who never wrote anything is not kept, and has no name.
///
/// # Errors
/// Those of the database.
pub fn person(connection: &mut Connection, id: UserId) -> Result<Person> {
    Ok(kept(connection, id)?.unwrap_or(Person::unnamed(id)))
}

/// Several people, each once, in the order of their ids. Those who are not kept are left out.
///
/// # Errors
/// Those of the database.
pub fn people(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<Vec<Person>> {
    let ids: BTreeSet<UserId> = ids.into_iter().collect();
    ids.into_iter()
        .filter_map(|id| kept(connection, id).transpose())
        .collect()
}

/// Keeps a person who is not kept yet.
///
/// # Errors
/// Those of the database.
pub fn insert_person(connection: &mut Connection, id: UserId, joined_ms: u64) -> Result<()> {
    connection.execute(
        "INSERT INTO people (id, joined_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        &[id.as_bytes().into(), joined_ms.into()],
    )?;
    Ok(())
}

/// Names a person who is kept.
///
/// # Errors
/// Those of the database.
pub fn set_name(connection: &mut Connection, id: UserId, name: &str) -> Result<()> {
    connection.execute(
        "UPDATE people SET name = $1 WHERE id = $2",
        &[name.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Takes the name and the picture from a person who deleted their account.
///
/// # Errors
/// Those of the database.
pub fn delete_person(connection: &mut Connection, id: UserId, now_ms: u64) -> Result<()> {
    connection.execute(
        "UPDATE people SET name = NULL, picture = NULL, deleted_ms = $1 WHERE id = $2",
        &[now_ms.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

fn kept(connection: &mut Connection, id: UserId) -> Result<Option<Person>> {
    connection.query_one(
        "SELECT id, name, picture, deleted_ms FROM people WHERE id = $1",
        &[id.as_bytes().into()],
        read_person,
    )
}

pub(super) fn read_person(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: UserId::from_bytes(row.bytes(0)?),
        name: row.optional_text(1)?,
        picture: row.optional_bytes(2)?.map(PictureId::from_bytes),
        deleted: row.optional_number(3)?.is_some(),
    })
}
