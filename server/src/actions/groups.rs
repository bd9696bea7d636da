//! Groups: finding, making and changing them. It does not know who may do what: the ledger's table does.

use bytes::Bytes;
use parley_shared::api::groups::{ChangeGroup, GroupCard, Groups, MakeGroup};
use parley_shared::content::{check_about, check_name};
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::PEOPLE_ADDED_MAX;
use parley_shared::model::Conversation;
use parley_shared::protocol::Refusal;

use super::{unavailable, without_chance};
use crate::app::App;
use crate::ledger::Change;
use crate::ledger::groups::rules::Act;
use crate::ledger::groups::{self, What};
use crate::random;
use crate::store::conversations::conversation_of;
use crate::store::groups::{self as kept, Place};
use crate::store::members::{groups_of, member};

pub mod invitations;
pub mod members;

use members::refusal;

/// A page of the groups that are listed, by name.
///
/// # Errors
/// [`Refusal::Malformed`] when `after` is no place.
pub async fn list(app: &App, asker: UserId, name: String, after: &str) -> Result<Groups, Refusal> {
    let after = read_place(after)?;
    let read = app
        .store()
        .read(move |connection| kept::listed(connection, &name, after, asker));
    let (groups, next) = read.await.map_err(|error| unavailable(&error))?;
    let next = next.map(|place| {
        let id = ConversationId::from_bytes(place.id);
        format!("{id}{}", place.name_key)
    });
    Ok(Groups { groups, next })
}

/// A group as someone sees it who is in it, or anyone if it is public.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn card(app: &App, asker: UserId, id: ConversationId) -> Result<GroupCard, Refusal> {
    let read = app.store().read(move |connection| {
        let role = member(connection, id, asker)?.and_then(|member| member.role);
        let group = kept::group(connection, id)?;
        let group = group.filter(|group| group.public || role.is_some());
        Ok(group.map(|group| GroupCard { id, group, role }))
    });
    read.await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}

/// The groups that someone is in, with their role there.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn of_person(app: &App, person: UserId) -> Result<Vec<GroupCard>, Refusal> {
    let read = app.store().read(move |connection| {
        let mut cards = Vec::new();
        for (id, role) in groups_of(connection, person)? {
            let role = Some(role);
            let group = kept::group(connection, id)?;
            cards.extend(group.map(|group| GroupCard { id, group, role }));
        }
        Ok(cards)
    });
    read.await.map_err(|error| unavailable(&error))
}

/// Makes a group, with its maker as the owner.
///
/// # Errors
/// What is wrong with its name or text, [`Refusal::TooManyPeople`], [`Refusal::TooMany`],
/// [`Refusal::NotFriends`], [`Refusal::TooFast`].
pub async fn make(app: &App, by: UserId, ask: MakeGroup) -> Result<Conversation, Refusal> {
    let name = check_name(&ask.name)?.to_owned();
    let about = check_about(&ask.about)?.to_owned();
    check_number(&ask.people)?;
    let id = random::bytes().map_err(|error| without_chance(&error))?;
    let id = ConversationId::from_bytes(id);
    let what = What::Make {
        name,
        about,
        public: ask.public,
        people: ask.people,
    };
    submit(app, by, id, what).await?;
    conversation(app, by, id).await
}

/// Changes what is named, and leaves the rest.
///
/// # Errors
/// What is wrong with it, [`Refusal::NotFound`], [`Refusal::RoleTooSmall`], [`Refusal::Archived`],
/// [`Refusal::TooFast`].
pub async fn change(
    app: &App,
    by: UserId,
    id: ConversationId,
    ask: ChangeGroup,
) -> Result<GroupCard, Refusal> {
    let name = ask.name.as_deref().map(check_name).transpose()?;
    let about = ask.about.as_deref().map(check_about).transpose()?;
    let what = What::Describe {
        name: name.map(str::to_owned),
        about: about.map(str::to_owned),
        public: ask.public,
        archived: ask.archived,
    };
    submit(app, by, id, what).await?;
    card(app, by, id).await
}

/// Gives a group the picture in a file; without one, none.
///
/// # Errors
/// Those of [`crate::picture::Pictures::prepare`], [`Refusal::NotFound`], [`Refusal::RoleTooSmall`],
/// [`Refusal::Archived`], [`Refusal::TooFast`].
pub async fn set_picture(
    app: &App,
    by: UserId,
    id: ConversationId,
    file: Option<Bytes>,
) -> Result<GroupCard, Refusal> {
    // Working on a picture costs much: whoever may not set one is refused before.
    let read = app
        .store()
        .read(move |connection| refusal(connection, by, id, Act::Describe));
    if let Some(refusal) = read.await.map_err(|error| unavailable(&error))? {
        return Err(refusal);
    }
    let picture = match file {
        Some(file) => {
            let kept = app.pictures().prepare(file).await?;
            Some((kept.id, kept.image))
        }
        None => None,
    };
    submit(app, by, id, What::Picture(picture)).await?;
    card(app, by, id).await
}

/// Comes into a group that is listed. Whoever is in it already stays so.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Banned`], [`Refusal::Archived`], [`Refusal::TooMany`],
/// [`Refusal::TooFast`].
pub async fn join(app: &App, by: UserId, id: ConversationId) -> Result<Conversation, Refusal> {
    submit(app, by, id, What::Join(None)).await?;
    conversation(app, by, id).await
}

/// Whether so many people can be brought in at once.
pub(super) fn check_number(people: &[UserId]) -> Result<(), Refusal> {
    if people.len() > PEOPLE_ADDED_MAX {
        let limit = PEOPLE_ADDED_MAX as u64;
        return Err(Refusal::TooManyPeople { limit });
    }
    Ok(())
}

/// Has a group changed. Its members are told, as of a message, and it counts like one.
pub(super) async fn submit(
    app: &App,
    by: UserId,
    group: ConversationId,
    what: What,
) -> Result<(), Refusal> {
    app.count_message(by)?;
    let change = groups::Change { by, group, what };
    app.ledger().make(Change::Group(Box::new(change))).await?;
    Ok(())
}

/// A conversation as one of those who are in it sees it.
pub(super) async fn conversation(
    app: &App,
    person: UserId,
    id: ConversationId,
) -> Result<Conversation, Refusal> {
    let read = app
        .store()
        .read(move |connection| conversation_of(connection, person, id));
    read.await
        .map_err(|error| unavailable(&error))?
        .map(|(conversation, _)| conversation)
        // They were put out again before this was asked.
        .ok_or(Refusal::NotFound)
}

fn read_place(after: &str) -> Result<Option<Place>, Refusal> {
    if after.is_empty() {
        return Ok(None);
    }
    let place = after.split_at_checked(32).and_then(|(id, name_key)| {
        Some(Place {
            name_key: name_key.to_owned(),
            id: *id.parse::<ConversationId>().ok()?.as_bytes(),
        })
    });
    place.map(Some).ok_or_else(no_place)
}

/// What is said of a place that no page told.
pub(super) fn no_place() -> Refusal {
    let detail = "after is the next of the page before".to_owned();
    Refusal::Malformed { detail }
}
