//! People as they are kept: an id and a name. It does not know who is present.

use std::collections::BTreeSet;

use parley_shared::ids::{PictureId, Stamp, UserId};
use parley_shared::model::Person;
use unicode_normalization::UnicodeNormalization as _;

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
    set_name_key(connection, id, name)
}

/// A name as it is sorted and searched: in one case, and in one form of each character.
pub fn name_key(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Keeps the keys of all who have an account and a name, once, in a database that had none.
///
/// # Errors
/// Those of the database.
pub(super) fn fill_name_keys(connection: &mut Connection) -> Result<()> {
    let named = connection.query(
        "SELECT p.id, p.name FROM people p JOIN accounts a ON a.person_id = p.id
         WHERE p.name IS NOT NULL",
        &[],
        |row| Ok((UserId::from_bytes(row.bytes(0)?), row.text(1)?)),
    )?;
    named
        .into_iter()
        .try_for_each(|(id, name)| set_name_key(connection, id, &name))
}

fn set_name_key(connection: &mut Connection, id: UserId, name: &str) -> Result<()> {
    let key = name_key(name);
    // A guest is found by nobody, and has no row to keep the key in.
    connection.execute(
        "UPDATE accounts SET name_key = $1 WHERE person_id = $2",
        &[key.as_str().into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Gives a person another picture; `None` to have none.
///
/// # Errors
/// Those of the database.
pub fn set_picture(
    connection: &mut Connection,
    id: UserId,
    picture: Option<PictureId>,
) -> Result<()> {
    let picture = picture.as_ref().map(PictureId::as_bytes);
    connection.execute(
        "UPDATE people SET picture = $1 WHERE id = $2",
        &[picture.into(), id.as_bytes().into()],
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

/// Takes note of when a person was last seen otherwise than before.
///
/// # Errors
/// Those of the database.
pub fn set_stamp(connection: &mut Connection, id: UserId, stamp: Stamp) -> Result<()> {
    connection.execute(
        "UPDATE people SET stamp = $1 WHERE id = $2",
        &[stamp.0.into(), id.as_bytes().into()],
    )?;
    Ok(())
}

/// Those who are seen otherwise since a stamp, at most so many.
///
/// # Errors
/// Those of the database.
pub fn changed_since(
    connection: &mut Connection,
    since: Stamp,
    at_most: u64,
) -> Result<Vec<Person>> {
    connection.query(
        "SELECT id, name, picture, deleted_ms FROM people WHERE stamp > $1 ORDER BY stamp LIMIT $2",
        &[since.0.into(), at_most.into()],
        read_person,
    )
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
