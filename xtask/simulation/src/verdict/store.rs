//! What the store has in the end. It does not know who wrote it.

use parley_server::store::sqlite::Connection;
use parley_server::store::{Result, conversations};
use parley_shared::ids::{ConversationId, MessageId, Seq};
use serde_json::Value;

/// A message as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) id: MessageId,
    pub(super) seq: Seq,
    /// Its newest change.
    pub(super) changed: Seq,
    pub(super) says: Says,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    Words(String),
    Nothing,
    Notice,
}

/// A change that was made of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) id: MessageId,
    /// The place of the message.
    pub(super) of: Seq,
    pub(super) seq: Seq,
}

/// A conversation as the store has it.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) id: ConversationId,
    pub(super) last: Seq,
    pub(super) entries: u64,
    pub(super) messages: Vec<Kept>,
    pub(super) changes: Vec<Made>,
}

/// All conversations.
pub(super) fn talks(connection: &mut Connection) -> Result<Vec<Talk>> {
    let mut talks = Vec::new();
    let mut place = None;
    while let Some(id) = conversations::next(connection, place)? {
        place = Some(id);
        let Some(progress) = conversations::progress_of(connection, id)? else {
            continue;
        };
        let entries = connection.query_one(
            "SELECT COUNT(*) FROM entries WHERE conversation_id = $1",
            &[id.as_bytes().into()],
            |row| row.number(0),
        )?;
        let messages = connection.query(
            "SELECT id, seq, changed_seq, body FROM messages WHERE conversation_id = $1 ORDER BY seq",
            &[id.as_bytes().into()],
            |row| {
                Ok(Kept {
                    id: MessageId::from_bytes(row.bytes(0)?),
                    seq: Seq(row.number(1)?),
                    changed: Seq(row.number(2)?),
                    says: says(&row.text(3)?),
                })
            },
        )?;
        let changes = connection.query(
            "SELECT change_id, message_seq, seq FROM versions \
             WHERE conversation_id = $1 AND change_id IS NOT NULL ORDER BY seq",
            &[id.as_bytes().into()],
            |row| {
                Ok(Made {
                    id: MessageId::from_bytes(row.bytes(0)?),
                    of: Seq(row.number(1)?),
                    seq: Seq(row.number(2)?),
                })
            },
        )?;
        talks.push(Talk {
            id,
            last: progress.last,
            entries: entries.unwrap_or(0),
            messages,
            changes,
        });
    }
    Ok(talks)
}

fn says(body: &str) -> Says {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    match body["text"].as_str() {
        Some(text) => Says::Words(text.to_owned()),
        None if body["type"] == "deleted" => Says::Nothing,
        None => Says::Notice,
    }
}
