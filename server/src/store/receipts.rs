//! What has reached whom, as others are told it. It does not know to whom it is told.
//!
//! Between two, and in groups of few, everyone is told of everyone; in larger ones it is only counted.
//! Who is no member any more, or has no account, is not told of.

use parley_shared::api::receipts::Reached;
use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::limits::RECEIPTS_MEMBERS_MAX;
use parley_shared::model::Receipt;

use super::Result;
use super::sqlite::{Connection, Row};

/// Members where everyone is told of everyone; the first value is how many a group has at most for that.
macro_rules! members {
    ($what:literal, $joined:literal, $tail:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM members m JOIN conversations c ON c.id = m.conversation_id
             LEFT JOIN groups g ON g.conversation_id = m.conversation_id ",
            $joined,
            " WHERE (c.kind = 'direct' OR g.member_count <= $1) AND ",
            $tail
        )
    };
}

/// What has reached each of these members.
macro_rules! receipts {
    ($tail:literal) => {
        members!(
            "m.conversation_id, m.person_id, r.delivered_seq,
             CASE WHEN a.tells_read = 1 THEN r.seen_seq ELSE 0 END",
            "JOIN read_marks r ON r.person_id = m.person_id AND r.conversation_id = m.conversation_id
             JOIN accounts a ON a.person_id = m.person_id",
            $tail
        )
    };
}

/// Whether it is told in a conversation what has reached a person who is in it.
///
/// # Errors
/// Those of the database.
pub fn are_told(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<bool> {
    let found = connection.query_one(
        members!(
            "m.person_id",
            "",
            "m.conversation_id = $2 AND m.person_id = $3"
        ),
        &[
            u64::from(RECEIPTS_MEMBERS_MAX).into(),
            conversation.as_bytes().into(),
            person.as_bytes().into(),
        ],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// What has reached a person in a conversation, where that is told.
///
/// # Errors
/// Those of the database.
pub fn receipt(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<Option<Receipt>> {
    let found = connection.query_one(
        receipts!("m.conversation_id = $2 AND m.person_id = $3"),
        &[
            u64::from(RECEIPTS_MEMBERS_MAX).into(),
            conversation.as_bytes().into(),
            person.as_bytes().into(),
        ],
        read_receipt,
    )?;
    Ok(found.map(|(_, receipt)| receipt))
}

/// What has reached a person wherever that is told.
///
/// # Errors
/// Those of the database.
pub fn of_person(
    connection: &mut Connection,
    person: UserId,
) -> Result<Vec<(ConversationId, Receipt)>> {
    connection.query(
        receipts!("m.person_id = $2"),
        &[
            u64::from(RECEIPTS_MEMBERS_MAX).into(),
            person.as_bytes().into(),
        ],
        read_receipt,
    )
}

/// What has reached everyone in a conversation, as one of them is told it: without those who blocked
/// them. `None` where it is not told.
///
/// # Errors
/// Those of the database.
pub fn told_to(
    connection: &mut Connection,
    viewer: UserId,
    conversation: ConversationId,
) -> Result<Option<Vec<Receipt>>> {
    if !are_told(connection, viewer, conversation)? {
        return Ok(None);
    }
    let found = connection.query(
        receipts!(
            "m.conversation_id = $2 AND NOT EXISTS (
                 SELECT b.person_id FROM relations b WHERE b.person_id = m.person_id
                 AND b.other_id = $3 AND b.blocked_ms IS NOT NULL)
             ORDER BY m.person_id"
        ),
        &[
            u64::from(RECEIPTS_MEMBERS_MAX).into(),
            conversation.as_bytes().into(),
            viewer.as_bytes().into(),
        ],
        read_receipt,
    )?;
    Ok(Some(
        found.into_iter().map(|(_, receipt)| receipt).collect(),
    ))
}

/// How many of the other members a message has reached, as its author is told it: whoever blocked them
/// is among those whom it did not reach.
///
/// # Errors
/// Those of the database.
pub fn count(
    connection: &mut Connection,
    author: UserId,
    conversation: ConversationId,
    message: Seq,
) -> Result<Reached> {
    let counted = connection.query_one(
        "SELECT COUNT(*),
         COALESCE(SUM(CASE WHEN r.delivered_seq >= $3 THEN 1 ELSE 0 END), 0),
         COALESCE(SUM(CASE WHEN r.seen_seq >= $3 AND a.tells_read = 1 THEN 1 ELSE 0 END), 0)
         FROM members m
         LEFT JOIN accounts a ON a.person_id = m.person_id
         LEFT JOIN relations b ON b.person_id = m.person_id AND b.other_id = $2
         LEFT JOIN read_marks r ON r.person_id = m.person_id
             AND r.conversation_id = m.conversation_id AND b.blocked_ms IS NULL
         WHERE m.conversation_id = $1 AND m.person_id <> $2",
        &[
            conversation.as_bytes().into(),
            author.as_bytes().into(),
            message.0.into(),
        ],
        |row| {
            let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            Ok(Reached {
                of: small(row.number(0)?),
                delivered: small(row.number(1)?),
                read: small(row.number(2)?),
            })
        },
    )?;
    Ok(counted.unwrap_or_default())
}

fn read_receipt(row: &Row<'_>) -> Result<(ConversationId, Receipt)> {
    let receipt = Receipt {
        person: UserId::from_bytes(row.bytes(1)?),
        delivered: Seq(row.number(2)?),
        read: Seq(row.number(3)?),
    };
    Ok((ConversationId::from_bytes(row.bytes(0)?), receipt))
}
