//! Lists of people as one of them sees the others: friends, requests, those who are blocked, those who
//! are found. It does not know who may ask.

use parley_shared::api::contacts::ContactList;
use parley_shared::api::server::ContactPolicy;
use parley_shared::ids::UserId;
use parley_shared::limits::PAGE_CONTACTS_MAX;
use parley_shared::model::Contact;

use super::people::name_key;
use super::relations::contact;
use super::sql::Value;
use super::sqlite::{Connection, Row};
use super::{Result, settings};
use crate::account::user_name;

/// Where a list goes on: after this key, and after this person where several have the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// A name as it is sorted, or a time.
    pub key: Key,
    /// Whom.
    pub person: UserId,
}

/// By what a list is sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// By name.
    Name(String),
    /// By time, in milliseconds since 1970, the newest first.
    Time(u64),
}

/// One more than a page: whether there is more shows by it.
const ASKED: u64 = PAGE_CONTACTS_MAX as u64 + 1;

/// Later than everything, in the range that a database holds.
const LAST_MS: u64 = i64::MAX as u64;

/// A page of one of a person's lists, with where to go on. An `after` of another list begins anew.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut Connection,
    person: UserId,
    list: ContactList,
    after: Option<&After>,
) -> Result<(Vec<Contact>, Option<After>)> {
    let keys = match list {
        ContactList::Friends => friends(connection, person, after)?,
        ContactList::Incoming => by_time(connection, INCOMING, person, after)?,
        ContactList::Outgoing => by_time(connection, OUTGOING, person, after)?,
        ContactList::Blocked => by_time(connection, BLOCKED, person, after)?,
    };
    of_keys(connection, person, keys)
}

/// A page of those whom a person finds by a name: among friends, and in a team among all, those whose
/// user name or display name begins with it; else whoever has just this user name. Neither oneself, nor
/// whoever blocked the one who asks, nor who cannot use their account.
///
/// # Errors
/// Those of the database.
pub fn found(
    connection: &mut Connection,
    person: UserId,
    name: &str,
    after: Option<&After>,
) -> Result<(Vec<Contact>, Option<After>)> {
    let sought = Sought::new(name);
    if sought.name.is_empty() || sought.user_name.is_empty() {
        return Ok((Vec::new(), None));
    }
    let keys = match settings::policy(connection)?.contact {
        ContactPolicy::Team => sought.among(connection, ALL, person, after)?,
        ContactPolicy::Friends => {
            let mut keys = sought.among(connection, FRIENDS_FOUND, person, after)?;
            let (key, id) = after_name(after);
            let exact = connection.query(
                EXACTLY,
                &[
                    person.as_bytes().into(),
                    sought.user_name.as_str().into(),
                    key.into(),
                    (&id).into(),
                ],
                read_name,
            )?;
            keys.extend(exact);
            keys.sort_by(|a, b| (&a.name(), a.person).cmp(&(&b.name(), b.person)));
            keys.dedup();
            keys
        }
    };
    of_keys(connection, person, keys)
}

const INCOMING: &str = "SELECT since_ms, other_id FROM relations
    WHERE person_id = $1 AND state = 'incoming'
    AND (since_ms < $2 OR (since_ms = $2 AND other_id > $3))
    ORDER BY since_ms DESC, other_id LIMIT $4";

const OUTGOING: &str = "SELECT since_ms, other_id FROM relations
    WHERE person_id = $1 AND state = 'outgoing'
    AND (since_ms < $2 OR (since_ms = $2 AND other_id > $3))
    ORDER BY since_ms DESC, other_id LIMIT $4";

const BLOCKED: &str = "SELECT blocked_ms, other_id FROM relations
    WHERE person_id = $1 AND blocked_ms IS NOT NULL
    AND (blocked_ms < $2 OR (blocked_ms = $2 AND other_id > $3))
    ORDER BY blocked_ms DESC, other_id LIMIT $4";

const FRIENDS: &str = "SELECT a.name_key, r.other_id
    FROM relations r JOIN accounts a ON a.person_id = r.other_id
    WHERE r.person_id = $1 AND r.state = 'friend'
    AND (a.name_key > $2 OR (a.name_key = $2 AND r.other_id > $3))
    ORDER BY a.name_key, r.other_id LIMIT $4";

const FRIENDS_FOUND: &str = "SELECT a.name_key, a.person_id
    FROM relations r JOIN accounts a ON a.person_id = r.other_id
    WHERE r.person_id = $1 AND r.state = 'friend' AND a.deactivated_ms IS NULL
    AND ((a.name_key >= $5 AND a.name_key < $6) OR (a.user_name_key >= $7 AND a.user_name_key < $8))
    AND (a.name_key > $2 OR (a.name_key = $2 AND a.person_id > $3))
    ORDER BY a.name_key, a.person_id LIMIT $4";

const ALL: &str = "SELECT a.name_key, a.person_id FROM accounts a
    WHERE ((a.name_key >= $5 AND a.name_key < $6) OR (a.user_name_key >= $7 AND a.user_name_key < $8))
    AND (a.name_key > $2 OR (a.name_key = $2 AND a.person_id > $3))
    AND a.deactivated_ms IS NULL AND a.person_id <> $1
    AND NOT EXISTS (SELECT 1 FROM relations r WHERE r.person_id = a.person_id AND r.other_id = $1
        AND r.blocked_ms IS NOT NULL)
    ORDER BY a.name_key, a.person_id LIMIT $4";

const EXACTLY: &str = "SELECT a.name_key, a.person_id FROM accounts a
    WHERE a.user_name_key = $2 AND (a.name_key > $3 OR (a.name_key = $3 AND a.person_id > $4))
    AND a.deactivated_ms IS NULL AND a.person_id <> $1
    AND NOT EXISTS (SELECT 1 FROM relations r WHERE r.person_id = a.person_id AND r.other_id = $1
        AND r.blocked_ms IS NOT NULL)";

/// What someone typed to find people.
struct Sought {
    name: String,
    user_name: String,
}

impl Sought {
    fn new(typed: &str) -> Self {
        let typed = typed.trim();
        Self {
            name: name_key(typed),
            user_name: user_name::key(typed),
        }
    }

    fn among(
        &self,
        connection: &mut Connection,
        sql: &'static str,
        person: UserId,
        after: Option<&After>,
    ) -> Result<Vec<After>> {
        let (key, id) = after_name(after);
        let (name_end, user_name_end) = (end(&self.name), end(&self.user_name));
        connection.query(
            sql,
            &[
                person.as_bytes().into(),
                key.into(),
                (&id).into(),
                ASKED.into(),
                self.name.as_str().into(),
                name_end.as_str().into(),
                self.user_name.as_str().into(),
                user_name_end.as_str().into(),
            ],
            read_name,
        )
    }
}

/// After all that begins with this: no text that people write has the last character of Unicode.
fn end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

fn friends(
    connection: &mut Connection,
    person: UserId,
    after: Option<&After>,
) -> Result<Vec<After>> {
    let (key, id) = after_name(after);
    let values: [Value<'_>; 4] = [
        person.as_bytes().into(),
        key.into(),
        (&id).into(),
        ASKED.into(),
    ];
    connection.query(FRIENDS, &values, read_name)
}

fn by_time(
    connection: &mut Connection,
    sql: &'static str,
    person: UserId,
    after: Option<&After>,
) -> Result<Vec<After>> {
    let (before_ms, id) = match after {
        Some(After {
            key: Key::Time(ms),
            person,
        }) => (*ms, *person.as_bytes()),
        _ => (LAST_MS, [0; 16]),
    };
    let values: [Value<'_>; 4] = [
        person.as_bytes().into(),
        before_ms.into(),
        (&id).into(),
        ASKED.into(),
    ];
    connection.query(sql, &values, |row| {
        Ok(After {
            key: Key::Time(row.number(0)?),
            person: UserId::from_bytes(row.bytes(1)?),
        })
    })
}

fn after_name(after: Option<&After>) -> (&str, [u8; 16]) {
    match after {
        Some(After {
            key: Key::Name(key),
            person,
        }) => (key, *person.as_bytes()),
        _ => ("", [0; 16]),
    }
}

impl After {
    fn name(&self) -> &str {
        match &self.key {
            Key::Name(name) => name,
            Key::Time(_) => "",
        }
    }
}

fn read_name(row: &Row<'_>) -> Result<After> {
    Ok(After {
        key: Key::Name(row.text(0)?),
        person: UserId::from_bytes(row.bytes(1)?),
    })
}

fn of_keys(
    connection: &mut Connection,
    person: UserId,
    mut keys: Vec<After>,
) -> Result<(Vec<Contact>, Option<After>)> {
    let more = keys.len() > PAGE_CONTACTS_MAX;
    keys.truncate(PAGE_CONTACTS_MAX);
    let contacts = keys
        .iter()
        .filter_map(|key| contact(connection, person, key.person).transpose())
        .collect::<Result<Vec<_>>>()?;
    Ok((contacts, keys.pop().filter(|_| more)))
}
