//! Conversations as they are kept, and who has a seat in them. It does not know what is said there.
//!
//! Everyone has a seat in the Lobby, which has no members; elsewhere members have one, and nobody else.
//! A direct conversation has its two members, the second from the first message on: nobody's list
//! shows what someone else only looked at.

use parley_shared::chain::{EMPTY_HEAD, Hash};
use parley_shared::ids::{ConversationId, Seq, Stamp, UserId};
use parley_shared::model::{ConversationKind, Role};

use super::sqlite::{Connection, Row};
use super::{Result, StoreError, Writer, groups, pairs, relations};

mod list;
mod members;

pub use list::{Listed, conversation_of, page, page_of_guest};
pub use members::{add_member, rank_of, remove_member, set_rank, set_seat_stamp, set_seat_stamps};
pub(super) use members::{rank_number, read_rank};

/// Proof that a person belongs to a conversation. Only this file makes one, and the ledger checks it
/// again inside its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    person: UserId,
    conversation: ConversationId,
    kind: ConversationKind,
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

    /// What kind of conversation that is; it never becomes another.
    pub fn kind(&self) -> ConversationKind {
        self.kind
    }
}

/// How far a conversation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What kind it is.
    pub kind: ConversationKind,
    /// The number of its newest change.
    pub last: Seq,
    /// When its newest message was written, or the conversation came to be, in milliseconds since 1970.
    pub active_ms: u64,
    /// The chain's head after that change.
    pub head: Hash,
}

/// What a seat allows at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Nothing: it holds no longer.
    Nothing,
    /// Reading, since the group is archived.
    ReadingArchived,
    /// Reading, since the two may not write to each other.
    ReadingApart,
    /// Reading and writing.
    Writing,
}

/// A person's seat in a conversation, if they have one.
///
/// # Errors
/// Those of the database.
pub fn seat(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<Option<Seat>> {
    let found = standing(connection, person, conversation)?;
    Ok(found.map(|(progress, _)| Seat {
        person,
        conversation,
        kind: progress.kind,
    }))
}

/// The conversations that everyone is in, oldest first. There is never another one while the server runs.
#[derive(Debug, Clone)]
pub struct Lobbies(Vec<ConversationId>);

impl Lobbies {
    /// Those that there are.
    ///
    /// # Errors
    /// Those of the database.
    pub fn find(connection: &mut Connection) -> Result<Self> {
        let found = connection.query(
            "SELECT id FROM conversations WHERE kind = $1 ORDER BY created_ms, id",
            &[kind_text(ConversationKind::Lobby)?.into()],
            read_id,
        )?;
        Ok(Self(found))
    }

    /// A person's seats there.
    pub fn seats(&self, person: UserId) -> Vec<Seat> {
        let seat = |conversation: &ConversationId| Seat {
            person,
            conversation: *conversation,
            kind: ConversationKind::Lobby,
        };
        self.0.iter().map(seat).collect()
    }
}

/// A person's seats in the conversations that everyone is in, oldest first.
///
/// # Errors
/// Those of the database.
pub fn lobby_seats(connection: &mut Connection, person: UserId) -> Result<Vec<Seat>> {
    Ok(Lobbies::find(connection)?.seats(person))
}

/// The conversations that a person is a member of, by id.
///
/// # Errors
/// Those of the database.
pub fn memberships(connection: &mut Connection, person: UserId) -> Result<Vec<ConversationId>> {
    connection.query(
        "SELECT conversation_id FROM members WHERE person_id = $1 ORDER BY conversation_id",
        &[person.as_bytes().into()],
        read_id,
    )
}

/// The conversation that follows another by its id, whoever sits there; without one, the first.
///
/// # Errors
/// Those of the database.
pub fn next(
    connection: &mut Connection,
    after: Option<ConversationId>,
) -> Result<Option<ConversationId>> {
    let after = after.map_or([0; 16], |after| *after.as_bytes());
    connection.query_one(
        "SELECT id FROM conversations WHERE id > $1 ORDER BY id LIMIT 1",
        &[(&after).into()],
        read_id,
    )
}

/// How far a conversation has come, if the seat in it still holds.
///
/// # Errors
/// Those of the database.
pub fn progress(connection: &mut Connection, seat: &Seat) -> Result<Option<Progress>> {
    let found = standing(connection, seat.person, seat.conversation)?;
    Ok(found.map(|(progress, _)| progress))
}

/// How far a conversation has come, whoever asks.
///
/// # Errors
/// Those of the database.
pub fn progress_of(connection: &mut Connection, id: ConversationId) -> Result<Option<Progress>> {
    connection.query_one(
        "SELECT kind, last_seq, active_ms, head FROM conversations WHERE id = $1",
        &[id.as_bytes().into()],
        read_progress,
    )
}

/// When the newest change of any conversation happened, in milliseconds since 1970; zero where there is none.
///
/// # Errors
/// Those of the database.
pub fn last_changed_ms(connection: &mut Connection) -> Result<u64> {
    // The newest change of some is no message that was written, but a change of an earlier one.
    let last = connection.query_one(
        "SELECT COALESCE(MAX(c.active_ms), 0), COALESCE(MAX(e.at_ms), 0) FROM conversations AS c
         LEFT JOIN entries AS e ON e.conversation_id = c.id AND e.seq = c.last_seq",
        &[],
        |row| Ok(row.number(0)?.max(row.number(1)?)),
    )?;
    Ok(last.unwrap_or(0))
}

/// Takes note of how far a conversation has come, and with which stamp.
///
/// # Errors
/// Those of the database.
pub fn set_progress(
    connection: &mut Connection,
    id: ConversationId,
    progress: &Progress,
    stamp: Stamp,
) -> Result<()> {
    connection.execute(
        "UPDATE conversations SET last_seq = $1, active_ms = $2, head = $3, stamp = $4 WHERE id = $5",
        &[
            progress.last.0.into(),
            progress.active_ms.into(),
            (&progress.head).into(),
            stamp.0.into(),
            id.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// What a seat allows now.
///
/// # Errors
/// Those of the database.
pub fn allowed(connection: &mut Connection, seat: &Seat) -> Result<Allowed> {
    let Some((progress, _)) = standing(connection, seat.person, seat.conversation)? else {
        return Ok(Allowed::Nothing);
    };
    Ok(match progress.kind {
        ConversationKind::Lobby | ConversationKind::Notes => Allowed::Writing,
        ConversationKind::Unknown => Allowed::Nothing,
        ConversationKind::Group => match groups::group(connection, seat.conversation)? {
            Some(group) if group.archived => Allowed::ReadingArchived,
            Some(_) => Allowed::Writing,
            None => Allowed::Nothing,
        },
        ConversationKind::Direct => {
            match pairs::other(connection, seat.conversation, seat.person)? {
                Some(other) if relations::may_write(connection, seat.person, other)? => {
                    Allowed::Writing
                }
                Some(_) => Allowed::ReadingApart,
                None => Allowed::Nothing,
            }
        }
    })
}

/// Makes a conversation in which nothing was said.
///
/// # Errors
/// Those of the database; an id that is taken is one.
pub fn insert_conversation(
    connection: &mut Connection,
    id: ConversationId,
    kind: ConversationKind,
    now_ms: u64,
) -> Result<()> {
    connection.execute(
        "INSERT INTO conversations (id, kind, created_ms, last_seq, head, active_ms)
         VALUES ($1, $2, $3, 0, $4, $5)",
        &[
            id.as_bytes().into(),
            kind_text(kind)?.into(),
            now_ms.into(),
            (&EMPTY_HEAD).into(),
            now_ms.into(),
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
            let anyone = UserId::from_bytes([0; 16]);
            if lobby_seats(connection, anyone)?.is_empty() {
                insert_conversation(connection, id, ConversationKind::Lobby, now_ms)?;
            }
            Ok(())
        })
    }

    /// Makes one more conversation that everyone has a seat in.
    ///
    /// # Errors
    /// Those of the database; an id that is taken is one.
    pub fn create_lobby(&mut self, id: ConversationId, now_ms: u64) -> Result<()> {
        self.transaction(|connection| {
            insert_conversation(connection, id, ConversationKind::Lobby, now_ms)
        })
    }
}

/// How far a conversation has come and what a person is there, if they belong there.
fn standing(
    connection: &mut Connection,
    person: UserId,
    conversation: ConversationId,
) -> Result<Option<(Progress, Option<Role>)>> {
    let found = connection.query_one(
        "SELECT c.kind, c.last_seq, c.active_ms, c.head, m.rank FROM conversations AS c
         LEFT JOIN members AS m ON m.conversation_id = c.id AND m.person_id = $1 WHERE c.id = $2",
        &[person.as_bytes().into(), conversation.as_bytes().into()],
        |row| {
            let rank = row.optional_number(4)?.map(read_rank).transpose()?;
            Ok((read_progress(row)?, rank))
        },
    )?;
    Ok(found.filter(|(progress, rank)| admits(progress.kind) || rank.is_some()))
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

fn read_id(row: &Row<'_>) -> Result<ConversationId> {
    Ok(ConversationId::from_bytes(row.bytes(0)?))
}

fn read_progress(row: &Row<'_>) -> Result<Progress> {
    Ok(Progress {
        kind: read_kind(&row.text(0)?)?,
        last: Seq(row.number(1)?),
        active_ms: row.number(2)?,
        head: row.bytes(3)?,
    })
}

const KINDS: [(ConversationKind, &str); 4] = [
    (ConversationKind::Lobby, "lobby"),
    (ConversationKind::Direct, "direct"),
    (ConversationKind::Notes, "notes"),
    (ConversationKind::Group, "group"),
];

fn kind_text(kind: ConversationKind) -> Result<&'static str> {
    let found = KINDS.iter().find(|(known, _)| *known == kind);
    found
        .map(|(_, text)| *text)
        .ok_or_else(|| StoreError::Unreadable("a conversation of no kind".to_owned()))
}

fn read_kind(text: &str) -> Result<ConversationKind> {
    let found = KINDS.iter().find(|(_, known)| *known == text);
    found
        .map(|(kind, _)| *kind)
        .ok_or_else(|| StoreError::Unreadable(format!("a conversation of kind {text:?}")))
}
