//! Friends, requests, blocks, names for others, and finding people. It does not know who is present.

use parley_shared::api::contacts::{ContactList, Contacts, Profile, Remarks};
use parley_shared::content::check_name;
use parley_shared::ids::UserId;
use parley_shared::model::Contact;
use parley_shared::protocol::Refusal;

use super::unavailable;
use crate::app::App;
use crate::ledger::Change;
use crate::ledger::contacts::{self, Wish};
use crate::store::accounts::account;
use crate::store::contacts::{After, Key, found as find, page};
use crate::store::relations;

/// A page of one of a person's lists.
///
/// # Errors
/// [`Refusal::Malformed`] when `after` is no place.
pub async fn list(
    app: &App,
    person: UserId,
    list: ContactList,
    after: &str,
) -> Result<Contacts, Refusal> {
    let after = read_place(after)?;
    let read = app
        .store()
        .read(move |connection| page(connection, person, list, after.as_ref()));
    let (contacts, next) = read.await.map_err(|error| unavailable(&error))?;
    let next = next.as_ref().map(place);
    Ok(Contacts { contacts, next })
}

/// A page of those whom a person finds by a name; without a name, nobody.
///
/// # Errors
/// [`Refusal::Malformed`] when `after` is no place.
pub async fn found(
    app: &App,
    person: UserId,
    name: String,
    after: &str,
) -> Result<Contacts, Refusal> {
    let after = read_place(after)?;
    let read = app
        .store()
        .read(move |connection| find(connection, person, &name, after.as_ref()));
    let (contacts, next) = read.await.map_err(|error| unavailable(&error))?;
    let next = next.as_ref().map(place);
    Ok(Contacts { contacts, next })
}

/// What a person shows of themselves to another. A guest who once wrote something has a profile, with a
/// name and nothing else; whoever deleted their account as well. Whoever blocked the one who asks is seen
/// as a stranger is: that they are nowhere would say it.
///
/// # Errors
/// [`Refusal::NotFound`] for someone unknown.
pub async fn profile(app: &App, person: UserId, other: UserId) -> Result<Profile, Refusal> {
    let read = app.store().read(move |connection| {
        let Some(contact) = relations::contact(connection, person, other)? else {
            return Ok(None);
        };
        let theirs = relations::side(connection, other, person)?;
        let account = account(connection, other)?;
        let direct = relations::may_write(connection, person, other)?;
        let is_open =
            direct || person == other || relations::share_a_group(connection, person, other)?;
        let is_told = is_open && theirs.blocked_ms.is_none();
        let told = account.as_ref().filter(|_| is_told);
        Ok(Some(Profile {
            contact,
            role: account.as_ref().map(|account| account.standing.role),
            about: told.map(|told| told.about.clone()).unwrap_or_default(),
            status: told.map(|told| told.status.clone()).unwrap_or_default(),
            direct,
        }))
    });
    read.await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}

/// Everyone to whom a person stands in some way: all that is kept of it.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn all(app: &App, person: UserId) -> Result<Vec<Contact>, Refusal> {
    let read = app
        .store()
        .read(move |connection| relations::contacts(connection, person));
    read.await.map_err(|error| unavailable(&error))
}

/// All names by which a person knows others.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn remarks(app: &App, person: UserId) -> Result<Remarks, Refusal> {
    let read = app
        .store()
        .read(move |connection| relations::remarks(connection, person));
    let remarks = read.await.map_err(|error| unavailable(&error))?;
    Ok(Remarks { remarks })
}

/// Changes how a person stands to another, and answers with how they stand then.
///
/// # Errors
/// [`Refusal::Yourself`], [`Refusal::NotFound`], [`Refusal::NotFriends`] towards someone whom one
/// blocked, [`Refusal::TooMany`], [`Refusal::TooFast`].
pub async fn change(
    app: &App,
    person: UserId,
    other: UserId,
    wish: Wish,
) -> Result<Contact, Refusal> {
    // The other hears of it, as of a message, and it counts like one.
    app.count_message(person)?;
    let change = contacts::Change {
        person,
        other,
        wish,
    };
    app.ledger().make(Change::Contact(Box::new(change))).await?;
    let read = app
        .store()
        .read(move |connection| relations::contact(connection, person, other));
    read.await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}

/// Sets the name by which a person knows another; an empty one for none.
///
/// # Errors
/// Those of [`check_name`] and of [`change`].
pub async fn set_remark(
    app: &App,
    person: UserId,
    other: UserId,
    remark: &str,
) -> Result<Contact, Refusal> {
    let remark = match remark {
        "" => None,
        name => Some(check_name(name)?.to_owned()),
    };
    change(app, person, other, Wish::Remark(remark)).await
}

/// How a place in a list is told: whose it is, then by what the list is sorted.
fn place(after: &After) -> String {
    match &after.key {
        Key::Name(name) => format!("{}n{name}", after.person),
        Key::Time(ms) => format!("{}t{ms}", after.person),
    }
}

fn read_place(text: &str) -> Result<Option<After>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (person, key) = text.split_at_checked(32)?;
        let key = match key.split_at_checked(1)? {
            ("n", name) => Key::Name(name.to_owned()),
            ("t", ms) => Key::Time(ms.parse::<u64>().ok().filter(|ms| *ms <= LAST_MS)?),
            _ => return None,
        };
        let person = person.parse().ok()?;
        Some(After { key, person })
    };
    read().map(Some).ok_or_else(|| Refusal::Malformed {
        detail: "`after` is the `next` of another page".to_owned(),
    })
}

/// The last moment that a database holds.
const LAST_MS: u64 = i64::MAX as u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_told_and_nothing_else_is_one() {
        let person = UserId::from_bytes([7; 16]);
        for key in [
            Key::Name("小明 & co".to_owned()),
            Key::Name(String::new()),
            Key::Time(0),
            Key::Time(1_700_000_000_000),
        ] {
            let after = After { key, person };
            assert_eq!(read_place(&place(&after)), Ok(Some(after)));
        }
        assert_eq!(read_place(""), Ok(None));
        let id = person.to_string();
        for bad in [
            "x",
            &id,
            &format!("{id}x1"),
            &format!("{id}t-1"),
            &format!("{id}t{}", u64::MAX),
            &format!("{}n", "z".repeat(32)),
            &"明".repeat(20),
        ] {
            assert!(read_place(bad).is_err(), "{bad}");
        }
    }
}
