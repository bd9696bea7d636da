//! Groups as they are kept. It does not know who may change one.

use parley_shared::ids::{ConversationId, PictureId};
use parley_shared::model::Group;

use super::Result;
use super::sqlite::Connection;

/// A group.
///
/// # Errors
/// Those of the database.
pub fn group(connection: &mut Connection, id: ConversationId) -> Result<Option<Group>> {
    connection.query_one(
        "SELECT name, about, picture, is_public, member_count, archived_ms FROM groups
         WHERE conversation_id = $1",
        &[id.as_bytes().into()],
        |row| {
            Ok(Group {
                name: row.text(0)?,
                about: row.text(1)?,
                picture: row.optional_bytes(2)?.map(PictureId::from_bytes),
                public: row.number(3)? != 0,
                members: u32::try_from(row.number(4)?).unwrap_or(u32::MAX),
                archived: row.optional_number(5)?.is_some(),
            })
        },
    )
}
