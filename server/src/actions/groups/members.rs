//! Who is in a group, and who is banned from it. It does not know who may do what: the ledger's table does.

use parley_shared::api::groups::{AddMembers, GroupCard, Member, Members};
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Role;
use parley_shared::protocol::Refusal;

use super::{card, check_number, no_place, submit};
use crate::actions::unavailable;
use crate::app::App;
use crate::ledger::groups::What;
use crate::ledger::groups::rules::{Act, may};
use crate::store::members::{self as kept, Place};
use crate::store::sqlite::Connection;
use crate::store::{self, groups};

/// A page of a group's members: the owner, administrators, then members in the order in which they came.
/// With a name, those whose display name begins with it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::Malformed`] when `after` is no place.
pub async fn list(
    app: &App,
    asker: UserId,
    group: ConversationId,
    name: String,
    after: &str,
) -> Result<Members, Refusal> {
    let after = read_place(after)?;
    seen(app, asker, group, Act::SeeMembers, move |connection| {
        kept::page(connection, group, &name, after)
    })
    .await
}

/// A page of those who are banned from a group, in the order in which they were.
///
/// # Errors
/// As [`list`].
pub async fn bans(
    app: &App,
    asker: UserId,
    group: ConversationId,
    after: &str,
) -> Result<Members, Refusal> {
    let after = read_place(after)?;
    seen(app, asker, group, Act::SeeBans, move |connection| {
        kept::bans(connection, group, after)
    })
    .await
}

/// Brings people in, all of them or none.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::NotFriends`], [`Refusal::Banned`],
/// [`Refusal::Archived`], [`Refusal::TooManyPeople`], [`Refusal::TooMany`], [`Refusal::TooFast`].
pub async fn add(
    app: &App,
    by: UserId,
    group: ConversationId,
    ask: AddMembers,
) -> Result<GroupCard, Refusal> {
    check_number(&ask.people)?;
    submit(app, by, group, What::Add(ask.people)).await?;
    card(app, by, group).await
}

/// Removes someone; oneself is to leave.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::LastOwner`], [`Refusal::Archived`],
/// [`Refusal::TooFast`].
pub async fn remove(
    app: &App,
    by: UserId,
    group: ConversationId,
    person: UserId,
) -> Result<(), Refusal> {
    submit(app, by, group, What::Remove(person)).await
}

/// Gives someone another role; with that of the owner, one's own.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::Yourself`], [`Refusal::TooMany`],
/// [`Refusal::Archived`], [`Refusal::TooFast`].
pub async fn set_role(
    app: &App,
    by: UserId,
    group: ConversationId,
    person: UserId,
    role: Role,
) -> Result<Member, Refusal> {
    submit(app, by, group, What::Role(person, role)).await?;
    let read = app
        .store()
        .read(move |connection| kept::member(connection, group, person));
    read.await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}

/// Bans someone, who is removed if they are in the group.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::Yourself`], [`Refusal::Archived`],
/// [`Refusal::TooFast`].
pub async fn ban(
    app: &App,
    by: UserId,
    group: ConversationId,
    person: UserId,
) -> Result<(), Refusal> {
    submit(app, by, group, What::Ban(person)).await
}

/// Lets someone in again who was banned.
///
/// # Errors
/// As [`ban`].
pub async fn lift_ban(
    app: &App,
    by: UserId,
    group: ConversationId,
    person: UserId,
) -> Result<(), Refusal> {
    submit(app, by, group, What::LiftBan(person)).await
}

/// Reads a page of people in one look with the check of whether the asker may see it.
async fn seen(
    app: &App,
    asker: UserId,
    group: ConversationId,
    act: Act,
    page: impl FnOnce(&mut Connection) -> store::Result<(Vec<Member>, Option<Place>)> + Send + 'static,
) -> Result<Members, Refusal> {
    let read = app.store().read(move |connection| {
        let refused = refusal(connection, asker, group, act)?;
        match refused {
            Some(refusal) => Ok(Err(refusal)),
            None => page(connection).map(Ok),
        }
    });
    let (members, next) = read.await.map_err(|error| unavailable(&error))??;
    let next = next.map(|place| {
        let person = UserId::from_bytes(place.person);
        format!("{}-{}-{person}", place.rank, place.since_ms)
    });
    Ok(Members { members, next })
}

/// Why someone may not see something of a group.
pub(super) fn refusal(
    connection: &mut Connection,
    asker: UserId,
    id: ConversationId,
    act: Act,
) -> store::Result<Option<Refusal>> {
    let Some(group) = groups::group(connection, id)? else {
        return Ok(Some(Refusal::NotFound));
    };
    let role = kept::member(connection, id, asker)?.and_then(|member| member.role);
    Ok(may(&group, role, act).err())
}

fn read_place(after: &str) -> Result<Option<Place>, Refusal> {
    if after.is_empty() {
        return Ok(None);
    }
    let mut parts = after.splitn(3, '-');
    let mut next = || parts.next().ok_or_else(no_place);
    let rank = next()?.parse().map_err(|_| no_place())?;
    let since_ms: u64 = next()?.parse().map_err(|_| no_place())?;
    let person: UserId = next()?.parse().map_err(|_| no_place())?;
    Ok(Some(Place {
        rank,
        since_ms,
        person: *person.as_bytes(),
    }))
}
