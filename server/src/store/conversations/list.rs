//! Conversations as one of those who are in them sees them, one by one and in pages. It does not know who asks.

use std::collections::BTreeSet;

use parley_shared::ids::{ConversationId, Seq, Stamp, UserId};
use parley_shared::limits::{PAGE_BYTES_MAX, PAGE_CONVERSATIONS_MAX, SEQ_MAX};
use parley_shared::model::{Conversation, ConversationKind, Person, Role};
use parley_shared::protocol::ListPlace;

use super::super::people::{people, person};
use super::super::read_marks::{self, Unread};
use super::super::sqlite::{Connection, Row};
use super::super::{Result, accounts, groups, messages, pairs, relations};
use super::members::read_rank;
use super::{Progress, Seat, lobby_seats, progress_of, read_progress, standing};

/// A page of someone's conversations, read in one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    /// The conversations.
    pub conversations: Vec<Conversation>,
    /// Authors of their newest messages, and of those of whom notices among these speak the first few of each.
    pub people: Vec<Person>,
    /// Whether there are more after these.
    pub more: bool,
}

/// One conversation as a person sees it, with those whom it names; `None` when they have no seat there.
///
/// # Errors
/// Those of the database.
pub fn conversation_of(
    connection: &mut Connection,
    person: UserId,
    id: ConversationId,
) -> Result<Option<(Conversation, Vec<Person>)>> {
    let Some((progress, rank)) = standing(connection, person, id)? else {
        return Ok(None);
    };
    let mut view = View::of(connection, person)?;
    let conversation = view.see(connection, id, &progress, rank)?;
    let named = people(connection, view.named)?;
    Ok(Some((conversation, named)))
}

/// A page of a person's conversations, the last active first, after a place; with a stamp, of those
/// only that are another for them since. The Lobby stands at the head of the first page, whenever it was
/// active or became another, and on no other.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut Connection,
    person: UserId,
    before: Option<ListPlace>,
    since: Option<Stamp>,
) -> Result<Listed> {
    let mut view = View::of(connection, person)?;
    let mut conversations = Vec::new();
    if before.is_none() {
        for seat in lobby_seats(connection, person)? {
            if let Some((progress, rank)) = standing(connection, person, seat.conversation())? {
                let id = seat.conversation();
                conversations.push(view.see(connection, id, &progress, rank)?);
            }
        }
    }
    let room = PAGE_CONVERSATIONS_MAX.saturating_sub(conversations.len());
    let at_most = room as u64 + 1;
    let found = match since {
        None => memberships_before(connection, person, before, at_most)?,
        Some(since) => changed_before(connection, person, before, since, at_most)?,
    };
    let mut more = found.len() > room;
    for (index, (id, progress, rank)) in found.into_iter().take(room).enumerate() {
        // A page ends early rather than be too large, and never without going on.
        if index > 0 && view.body_bytes > PAGE_BYTES_MAX {
            more = true;
            break;
        }
        conversations.push(view.see(connection, id, &progress, Some(rank))?);
    }
    Ok(Listed {
        conversations,
        people: people(connection, view.named)?,
        more,
    })
}

/// All that a guest's list has: these, and nothing in it is theirs alone.
///
/// # Errors
/// Those of the database.
pub fn page_of_guest(connection: &mut Connection, lobbies: &[Seat]) -> Result<Listed> {
    let mut view = View::of_guest();
    let mut conversations = Vec::new();
    for seat in lobbies {
        let id = seat.conversation();
        if let Some(progress) = progress_of(connection, id)? {
            conversations.push(view.see(connection, id, &progress, None)?);
        }
    }
    Ok(Listed {
        conversations,
        people: people(connection, view.named)?,
        more: false,
    })
}

/// A conversation that a person is a member of: how far it has come, and what they are there.
type Membership = (ConversationId, Progress, Role);

fn memberships_before(
    connection: &mut Connection,
    person: UserId,
    before: Option<ListPlace>,
    at_most: u64,
) -> Result<Vec<Membership>> {
    let (active_ms, id) = place(before);
    connection.query(
        "SELECT c.kind, c.last_seq, c.active_ms, c.head, c.id, m.rank
         FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
         WHERE m.person_id = $1 AND (c.active_ms, c.id) < ($2, $3)
         ORDER BY c.active_ms DESC, c.id DESC LIMIT $4",
        &[
            person.as_bytes().into(),
            active_ms.into(),
            (&id).into(),
            at_most.into(),
        ],
        read_membership,
    )
}

/// The same, as far as there is something in them that is another for the person since a stamp: the
/// conversation, their seat, their mark, or whom they talk with.
fn changed_before(
    connection: &mut Connection,
    person: UserId,
    before: Option<ListPlace>,
    since: Stamp,
    at_most: u64,
) -> Result<Vec<Membership>> {
    let (active_ms, id) = place(before);
    // Joined in this order, so that it looks at the few who changed and not at everyone one talks with.
    connection.query(
        "SELECT c.kind, c.last_seq, c.active_ms, c.head, c.id, m.rank
         FROM members AS m JOIN conversations AS c ON c.id = m.conversation_id
         WHERE m.person_id = $1 AND (c.active_ms, c.id) < ($2, $3)
         AND (c.stamp > $5 OR m.stamp > $5 OR c.id IN (
             SELECT r.conversation_id FROM read_marks AS r WHERE r.person_id = $1 AND r.stamp > $5
             UNION ALL
             SELECT p.conversation_id FROM people AS o CROSS JOIN pairs AS p
             WHERE o.stamp > $5 AND o.id <> $1 AND p.low_id = $1 AND p.high_id = o.id
             UNION ALL
             SELECT p.conversation_id FROM people AS o CROSS JOIN pairs AS p
             WHERE o.stamp > $5 AND o.id <> $1 AND p.low_id = o.id AND p.high_id = $1
         ))
         ORDER BY c.active_ms DESC, c.id DESC LIMIT $4",
        &[
            person.as_bytes().into(),
            active_ms.into(),
            (&id).into(),
            at_most.into(),
            since.0.into(),
        ],
        read_membership,
    )
}

/// A place in a list as it is compared; without one, before everything.
fn place(before: Option<ListPlace>) -> (u64, [u8; 16]) {
    before.map_or((SEQ_MAX, [0xFF; 16]), |place| {
        (place.active_ms, *place.conversation.as_bytes())
    })
}

fn read_membership(row: &Row<'_>) -> Result<Membership> {
    let id = ConversationId::from_bytes(row.bytes(4)?);
    Ok((id, read_progress(row)?, read_rank(row.number(5)?)?))
}

/// One person's look at their conversations.
struct View {
    person: UserId,
    /// A guest's marks are not kept, and nothing is counted for them.
    keeps_marks: bool,
    /// Those whom the conversations name.
    named: BTreeSet<UserId>,
    /// Bytes of the newest messages so far.
    body_bytes: usize,
}

impl View {
    fn of(connection: &mut Connection, person: UserId) -> Result<Self> {
        Ok(Self {
            person,
            keeps_marks: accounts::has_account(connection, person)?,
            named: BTreeSet::new(),
            body_bytes: 0,
        })
    }

    /// Anyone's for whom nothing is kept.
    fn of_guest() -> Self {
        Self {
            person: UserId::from_bytes([0; 16]),
            keeps_marks: false,
            named: BTreeSet::new(),
            body_bytes: 0,
        }
    }

    fn see(
        &mut self,
        connection: &mut Connection,
        id: ConversationId,
        progress: &Progress,
        rank: Option<Role>,
    ) -> Result<Conversation> {
        let latest = messages::latest(connection, id)?;
        if let Some((message, bytes)) = &latest {
            self.body_bytes += bytes;
            self.named.insert(message.author);
            self.named.extend(messages::named_in(&message.body));
        }
        let (mut read, mut unread) = (Seq::ZERO, Unread::default());
        if self.keeps_marks {
            read = read_marks::through(connection, self.person, id)?;
            unread = read_marks::unread(connection, self.person, id, read)?;
        }
        let mut seen = Conversation {
            id,
            kind: progress.kind,
            last: progress.last,
            active_ms: progress.active_ms,
            latest: latest.map(|(message, _)| message),
            read,
            unread: unread.messages,
            mentions: unread.mentions,
            with: None,
            group: None,
            role: None,
            closed: false,
        };
        match progress.kind {
            ConversationKind::Direct => {
                if let Some(other) = pairs::other(connection, id, self.person)? {
                    seen.with = Some(person(connection, other)?);
                    seen.closed = !relations::may_write(connection, self.person, other)?;
                }
            }
            ConversationKind::Group => {
                seen.group = groups::group(connection, id)?;
                seen.role = rank;
                seen.closed = seen.group.as_ref().is_some_and(|group| group.archived);
            }
            ConversationKind::Lobby | ConversationKind::Notes | ConversationKind::Unknown => {}
        }
        Ok(seen)
    }
}
