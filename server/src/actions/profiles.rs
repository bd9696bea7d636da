//! One's own profile, and all that is kept about oneself. It does not know who is present.

use parley_shared::api::account::{Account, ChangeProfile, Me};
use parley_shared::content::{check_about, check_email, check_name, check_status};
use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::model::Message;
use parley_shared::protocol::Refusal;

use super::unavailable;
use crate::app::App;
use crate::ledger::{Change, accounts};
use crate::store::accounts::account;
use crate::store::callers::Caller;
use crate::store::second_factor::recovery_codes_left;
use crate::store::sqlite::Connection;
use crate::store::{StoreError, conversations, messages, people};

/// Who someone is.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn me(app: &App, person: UserId) -> Result<Me, Refusal> {
    let (person, account, recovery_codes) = app
        .store()
        .read(move |connection| {
            let found = account(connection, person)?;
            let left = recovery_codes_left(connection, person)?;
            Ok((people::person(connection, person)?, found, left))
        })
        .await
        .map_err(|error| unavailable(&error))?;
    let account = account.map(|account| Account {
        second_factor: account.enabled_factor().is_some(),
        recovery_codes_left: u32::try_from(recovery_codes).unwrap_or(u32::MAX),
        standing: account.standing,
        email: account.email,
        about: account.about,
        status: account.status,
        tells_read: account.tells_read,
        created_ms: account.created_ms,
    });
    Ok(Me { person, account })
}

/// Changes what is named, and leaves the rest. A guest has a name only.
///
/// # Errors
/// What is wrong with it, [`Refusal::SignInNeeded`], [`Refusal::TooFast`].
pub async fn change(app: &App, caller: &Caller, ask: ChangeProfile) -> Result<(), Refusal> {
    let name = ask.name.as_deref().map(check_name).transpose()?;
    let about = ask.about.as_deref().map(check_about).transpose()?;
    let status = ask.status.as_deref().map(check_status).transpose()?;
    let email = ask
        .email
        .filter(|email| !email.is_empty() || caller.role().is_some());
    if let Some(email) = email.as_deref().filter(|email| !email.is_empty()) {
        check_email(email)?;
    }
    let is_more_than_a_name =
        about.is_some() || status.is_some() || email.is_some() || ask.tells_read.is_some();
    if is_more_than_a_name && caller.role().is_none() {
        return Err(Refusal::SignInNeeded);
    }
    if name.is_some() {
        // A new name is told to everyone, like a message, and counts like one.
        app.count_message(caller.person())?;
    }
    let change = accounts::Change::Profile {
        person: caller.person(),
        name: name.map(str::to_owned),
        email,
        about: about.map(str::to_owned),
        status: status.map(str::to_owned),
        tells_read: ask.tells_read,
    };
    app.ledger().make(Change::Account(Box::new(change))).await?;
    Ok(())
}

/// Where an export goes on.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    conversation: ConversationId,
    after: Seq,
}

/// The next messages that a person wrote, with where to go on; begins without a place. Every message
/// comes once, however many there are.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn written(
    app: &App,
    person: UserId,
    place: Option<Place>,
) -> Result<(Vec<Message>, Option<Place>), Refusal> {
    app.store()
        .read(move |connection| {
            let place = match place {
                Some(place) => Some(place),
                None => start(connection, None)?,
            };
            let Some(mut place) = place else {
                return Ok((Vec::new(), None));
            };
            let (written, next) =
                messages::written(connection, place.conversation, person, place.after)?;
            let next = match next {
                Some(after) => {
                    place.after = after;
                    Some(place)
                }
                None => start(connection, Some(place.conversation))?,
            };
            Ok((written, next))
        })
        .await
        .map_err(|error| unavailable(&error))
}

/// The start of the conversation that follows another by its id.
fn start(
    connection: &mut Connection,
    after: Option<ConversationId>,
) -> Result<Option<Place>, StoreError> {
    let next = conversations::next(connection, after)?;
    Ok(next.map(|conversation| Place {
        conversation,
        after: Seq::ZERO,
    }))
}
