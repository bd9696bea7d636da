//! Who asks: what someone showed, looked up. Only this file makes a [`Caller`]. It does not know what they ask.

use parley_shared::ids::{SessionId, TokenId, UserId};
use parley_shared::limits::{SESSION_UNUSED_MAX_MS, USE_NOTED_AFTER_MS};
use parley_shared::model::{Person, Role, Standing};

use super::accounts::{has_account, read_role};
use super::settings::policy;
use super::sqlite::{Connection, Row};
use super::tokens::read_scope;
use super::{Result, people};
use crate::account::Proof;
use crate::account::secret::Hash;

/// Someone who is known, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    person: UserId,
    proof: Proof,
    standing: Option<Standing>,
    /// When their token ends to hold, in milliseconds since 1970.
    expires_ms: Option<u64>,
    /// Whether this use is to be noted: the last one that was is long ago.
    stale: bool,
    /// A guest as others saw them when they were looked up.
    guest: Option<Person>,
}

impl Caller {
    /// Who it is.
    pub fn person(&self) -> UserId {
        self.person
    }

    /// How they are known.
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Their account; a guest has none.
    pub fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    /// Their role; a guest has none.
    pub fn role(&self) -> Option<Role> {
        self.standing.as_ref().map(|standing| standing.role)
    }

    /// A guest as others saw them when they were looked up; `None` for whoever has an account.
    pub fn guest(&self) -> Option<&Person> {
        self.guest.as_ref()
    }

    /// Whether what they showed has ended by the clock since.
    pub fn has_expired(&self, now_ms: u64) -> bool {
        self.expires_ms
            .is_some_and(|expires_ms| expires_ms <= now_ms)
    }

    /// Whether this use is to be noted.
    pub fn is_stale(&self) -> bool {
        self.stale
    }
}

/// Whose session this is, if it holds and its account can be used.
///
/// # Errors
/// Those of the database.
pub fn of_session(connection: &mut Connection, hash: &Hash, now_ms: u64) -> Result<Option<Caller>> {
    connection.query_one(
        "SELECT s.id, s.person_id, s.last_used_ms, a.user_name, a.role
         FROM sessions s JOIN accounts a ON a.person_id = s.person_id
         WHERE s.hash = $1 AND s.last_used_ms >= $2 AND a.deactivated_ms IS NULL",
        &[
            hash.into(),
            now_ms.saturating_sub(SESSION_UNUSED_MAX_MS).into(),
        ],
        |row| {
            Ok(Caller {
                proof: Proof::Session(SessionId::from_bytes(row.bytes(0)?)),
                person: UserId::from_bytes(row.bytes(1)?),
                stale: row.number(2)? + USE_NOTED_AFTER_MS <= now_ms,
                expires_ms: None,
                standing: Some(read_standing(row, 3)?),
                guest: None,
            })
        },
    )
}

/// Whose token this is, if it holds and its account can be used.
///
/// # Errors
/// Those of the database.
pub fn of_token(connection: &mut Connection, hash: &Hash, now_ms: u64) -> Result<Option<Caller>> {
    connection.query_one(
        "SELECT t.id, t.person_id, t.last_used_ms, t.scope, a.user_name, a.role, t.expires_ms
         FROM tokens t JOIN accounts a ON a.person_id = t.person_id
         WHERE t.hash = $1 AND (t.expires_ms IS NULL OR t.expires_ms > $2)
         AND a.deactivated_ms IS NULL",
        &[hash.into(), now_ms.into()],
        |row| {
            let scope = read_scope(&row.text(3)?)?;
            let used_ms = row.optional_number(2)?;
            Ok(Caller {
                proof: Proof::Token(TokenId::from_bytes(row.bytes(0)?), scope),
                person: UserId::from_bytes(row.bytes(1)?),
                stale: used_ms.is_none_or(|used_ms| used_ms + USE_NOTED_AFTER_MS <= now_ms),
                expires_ms: row.optional_number(6)?,
                standing: Some(read_standing(row, 4)?),
                guest: None,
            })
        },
    )
}

/// A guest, where guests may enter. Whoever has an account, or deleted it, is no guest any more: their
/// old cookie does not open it.
///
/// # Errors
/// Those of the database.
pub fn of_guest(connection: &mut Connection, person: UserId) -> Result<Option<Caller>> {
    if !policy(connection)?.guests {
        return Ok(None);
    }
    Ok(guest(connection, person)?.map(as_guest))
}

/// A guest who was minted just now, so that nothing can be known of them. Whether guests may enter is
/// asked when they arrive.
pub fn of_new_guest(person: UserId) -> Caller {
    as_guest(Person::unnamed(person))
}

/// Whether a person has no account and never deleted one.
///
/// # Errors
/// Those of the database.
pub fn is_guest(connection: &mut Connection, person: UserId) -> Result<bool> {
    Ok(guest(connection, person)?.is_some())
}

fn as_guest(person: Person) -> Caller {
    Caller {
        person: person.id,
        proof: Proof::Guest,
        standing: None,
        expires_ms: None,
        stale: false,
        guest: Some(person),
    }
}

/// A person, if they have no account and never deleted one.
fn guest(connection: &mut Connection, id: UserId) -> Result<Option<Person>> {
    if has_account(connection, id)? {
        return Ok(None);
    }
    let person = people::person(connection, id)?;
    Ok((!person.deleted).then_some(person))
}

/// The same caller as they are now; `None` when they are no longer who they were.
///
/// # Errors
/// Those of the database.
pub fn again(connection: &mut Connection, caller: &Caller, now_ms: u64) -> Result<Option<Caller>> {
    let person = caller.person.as_bytes().into();
    let standing = match caller.proof {
        Proof::Guest => return of_guest(connection, caller.person),
        Proof::Session(id) => connection.query_one(
            "SELECT a.user_name, a.role
             FROM sessions s JOIN accounts a ON a.person_id = s.person_id
             WHERE s.id = $1 AND s.person_id = $2 AND a.deactivated_ms IS NULL",
            &[id.as_bytes().into(), person],
            |row| read_standing(row, 0),
        )?,
        Proof::Token(id, _) => connection.query_one(
            "SELECT a.user_name, a.role
             FROM tokens t JOIN accounts a ON a.person_id = t.person_id
             WHERE t.id = $1 AND t.person_id = $2 AND a.deactivated_ms IS NULL
             AND (t.expires_ms IS NULL OR t.expires_ms > $3)",
            &[id.as_bytes().into(), person, now_ms.into()],
            |row| read_standing(row, 0),
        )?,
    };
    Ok(standing.map(|standing| Caller {
        standing: Some(standing),
        ..caller.clone()
    }))
}

fn read_standing(row: &Row<'_>, column: usize) -> Result<Standing> {
    Ok(Standing {
        user_name: row.text(column)?,
        role: read_role(&row.text(column + 1)?)?,
    })
}
