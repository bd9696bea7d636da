//! Conversations as they are kept, and who has a seat in them. It does not know what is said there.

use parley_shared::chain::{EMPTY_HEAD, Hash};
use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::model::{Conversation, ConversationKind};

use super::sqlite::{Connection, Row};
use super::{Result, StoreError, Writer};

/// Proof that a person belongs to a conversation. Only this file makes one, and the ledger checks it
/// again inside its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    person: UserId,
    conversation: ConversationId,
}

impl Seat {
    /// Who sits there.
    pub fn person(&self) -> UserId {
        self.person
    }

    /// Where.
    pub fn conversation(&self) -> ConversationId {
        self.conversation
    }
}

/// How far a conversation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The number of its newest change.
    pub last: Seq,
    /// The chain's head after that change.
    pub head: Hash,
}

/// The conversations that a person has a seat in, oldest first, with the seat.
///
/// # Errors
/// Those of the database.
pub fn conversations_of(
    connection: &mut Connection,
    person: UserId,
) -> Result<Vec<(Conversation, Seat)>> {
    let conversations = connection.query(
        "SELECT id, kind, last_seq, active_ms FROM conversations ORDER BY created_ms, id",
        &[],
        read_conversation,
    )?;
    Ok(conversations
        .into_iter()
        .filter(|conversation| admits(conversation.kind))
        .map(|conversation| {
            let seat = Seat {
                person,
                conversation: conversation.id,
            };
            (conversation, seat)
        })
        .collect())
}

/// Every conversation, by id.
///
/// # Errors
/// Those of the database.
pub fn all(connection: &mut Connection) -> Result<Vec<ConversationId>> {
    connection.query("SELECT id FROM conversations ORDER BY id", &[], |row| {
        Ok(ConversationId::from_bytes(row.bytes(0)?))
    })
}

/// How far a conversation has come, if the seat in it still holds.
///
/// # Errors
/// Those of the database.
pub fn progress(connection: &mut Connection, seat: &Seat) -> Result<Option<Progress>> {
    let found = connection.query_one(
        "SELECT kind, last_seq, head FROM conversations WHERE id = $1",
        &[seat.conversation.as_bytes().into()],
        |row| {
            let kind = read_kind(&row.text(0)?)?;
            let progress = Progress {
                last: Seq(row.number(1)?),
                head: row.bytes(2)?,
            };
            Ok((kind, progress))
        },
    )?;
    Ok(found.and_then(|(kind, progress)| admits(kind).then_some(progress)))
}

/// Takes note of how far a conversation has come.
///
/// # Errors
/// Those of the database.
pub fn set_progress(
    connection: &mut Connection,
    id: ConversationId,
    progress: &Progress,
) -> Result<()> {
    connection.execute(
        "UPDATE conversations SET last_seq = $1, head = $2 WHERE id = $3",
        &[
            progress.last.0.into(),
            (&progress.head).into(),
            id.as_bytes().into(),
        ],
    )?;
    Ok(())
}

impl Writer {
    /// Makes the Lobby on a first start.
    ///
    /// # Errors
    /// Those of the database.
    pub fn ensure_lobby(&mut self, id: ConversationId, now_ms: u64) -> Result<()> {
        self.transaction(|connection| {
            let lobbies = connection.query(
                "SELECT id FROM conversations WHERE kind = $1",
                &[LOBBY.into()],
                |_| Ok(()),
            )?;
            if lobbies.is_empty() {
                insert(connection, id, now_ms)?;
            }
            Ok(())
        })
    }

    /// Makes one more conversation that everyone has a seat in.
    ///
    /// # Errors
    /// Those of the database; an id that is taken is one.
    pub fn create_lobby(&mut self, id: ConversationId, now_ms: u64) -> Result<()> {
        self.transaction(|connection| insert(connection, id, now_ms))
    }
}

const LOBBY: &str = "lobby";

fn insert(connection: &mut Connection, id: ConversationId, now_ms: u64) -> Result<()> {
    connection.execute(
        "INSERT INTO conversations (id, kind, created_ms, last_seq, head) VALUES ($1, $2, $3, 0, $4)",
        &[
            id.as_bytes().into(),
            LOBBY.into(),
            now_ms.into(),
            (&EMPTY_HEAD).into(),
        ],
    )?;
    Ok(())
}

/// Whether everyone has a seat in a conversation of this kind.
fn admits(kind: ConversationKind) -> bool {
    match kind {
        ConversationKind::Lobby => true,
        ConversationKind::Direct
        | ConversationKind::Notes
        | ConversationKind::Group
        | ConversationKind::Unknown => false,
    }
}

fn read_conversation(row: &Row<'_>) -> Result<Conversation> {
    Ok(Conversation {
        id: ConversationId::from_bytes(row.bytes(0)?),
        kind: read_kind(&row.text(1)?)?,
        last: Seq(row.number(2)?),
        active_ms: row.number(3)?,
        latest: None,
        read: Seq::ZERO,
        unread: 0,
        with: None,
        group: None,
        role: None,
        closed: false,
    })
}

fn read_kind(kind: &str) -> Result<ConversationKind> {
    match kind {
        LOBBY => Ok(ConversationKind::Lobby),
        other => Err(StoreError::Unreadable(format!(
            "a conversation of kind {other:?}"
        ))),
    }
}
