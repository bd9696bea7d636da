//! Making accounts, changing passwords, deleting accounts. It does not know cookies.

use parley_shared::api::Secret;
use parley_shared::api::account::{ChangePassword, Confirm, Register, ResetPassword};
use parley_shared::content::{check_email, check_name};
use parley_shared::ids::{SessionId, UserId};
use parley_shared::protocol::Refusal;

use super::{confirm, unavailable, without_chance};
use crate::account::secret::{self, Hash};
use crate::account::user_name::{self, UserName};
use crate::app::App;
use crate::ledger::{Change, accounts};
use crate::random;
use crate::store::accounts::{NewAccount, account_named, is_claimed};
use crate::store::invitations::holds;
use crate::store::sessions::NewSession;
use crate::store::settings::policy;

/// An account that was made just now.
#[derive(Debug)]
pub struct Registered {
    /// Whose it is.
    pub person: UserId,
    /// The secret of its first session.
    pub session: Secret,
}

/// Makes an account: out of a guest, who keeps who they are, or of someone new.
///
/// # Errors
/// What is wrong with what they ask, or why they may not.
pub async fn register(
    app: &App,
    guest: Option<UserId>,
    device: String,
    ask: Register,
) -> Result<Registered, Refusal> {
    let name = UserName::choose(&ask.user_name)?;
    let shown_name = ask.name.as_deref().map(check_name).transpose()?;
    let shown_name = shown_name.map(str::to_owned);
    let email = ask.email.filter(|email| !email.is_empty());
    email.as_deref().map(check_email).transpose()?;
    let invitation = ask.invitation.map(|code| secret::hash(code.0.trim()));
    may_register(app, invitation).await?;
    let person = match guest {
        Some(guest) => guest,
        None => app
            .guests()
            .mint()
            .map_err(|error| without_chance(&error))?,
    };
    let session = secret::session().map_err(|error| without_chance(&error))?;
    let new = NewAccount {
        person,
        user_name: name.shown,
        user_name_key: name.key,
        password_hash: app.passwords().hash(&ask.password.0).await?,
        email,
    };
    let change = accounts::Change::Register {
        new,
        name: shown_name,
        invitation,
        session: NewSession {
            id: SessionId::from_bytes(random::bytes().map_err(|error| without_chance(&error))?),
            hash: session.hash,
            device,
        },
    };
    app.ledger().make(Change::Account(Box::new(change))).await?;
    Ok(Registered {
        person,
        session: session.secret,
    })
}

/// Asks first, so that whoever may not come in does not have a password worked on. The ledger decides.
async fn may_register(app: &App, invitation: Option<Hash>) -> Result<(), Refusal> {
    let now_ms = app.clock().now_ms();
    let read = app.store().read(move |connection| {
        if !is_claimed(connection)? {
            return Ok(None);
        }
        let holds = match invitation {
            Some(code) => Some(holds(connection, &code, now_ms)?),
            None => None,
        };
        Ok(policy(connection)?.registration.refuses(holds))
    });
    match read.await.map_err(|error| unavailable(&error))? {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}

/// Sets another password, and signs out everywhere but here.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::TooManyAttempts`], and what is wrong with the new one.
pub async fn change_password(
    app: &App,
    person: UserId,
    here: SessionId,
    ask: ChangePassword,
) -> Result<(), Refusal> {
    let from = confirm(app, person, &ask.current).await?;
    let change = accounts::Change::Password {
        person,
        from,
        to: app.passwords().hash(&ask.new.0).await?,
        keep: here,
    };
    app.ledger().make(Change::Account(Box::new(change))).await?;
    Ok(())
}

/// Sets a new password with a code, and signs out everywhere.
///
/// # Errors
/// [`Refusal::UnknownResetCode`], [`Refusal::TooManyAttempts`], and what is wrong with the password.
pub async fn reset_password(app: &App, ask: ResetPassword) -> Result<(), Refusal> {
    let key = user_name::key(&ask.user_name);
    app.attempts().count_account(&key)?;
    // Hashed first, so that a wrong code and an unknown name take as long as a right one.
    let to = app.passwords().hash(&ask.password.0).await?;
    let found = app
        .store()
        .read(move |connection| account_named(connection, &key))
        .await
        .map_err(|error| unavailable(&error))?;
    let change = accounts::Change::ResetPassword {
        person: found.ok_or(Refusal::UnknownResetCode)?.person.id,
        code: secret::hash_of_code(&ask.code.0),
        to,
    };
    app.ledger().make(Change::Account(Box::new(change))).await?;
    Ok(())
}

/// Deletes an account. What its person wrote stays, without their name.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::TooManyAttempts`], [`Refusal::LastOwner`].
pub async fn delete(app: &App, person: UserId, ask: Confirm) -> Result<(), Refusal> {
    let from = confirm(app, person, &ask.password).await?;
    let change = accounts::Change::Delete { person, from };
    app.ledger().make(Change::Account(Box::new(change))).await?;
    Ok(())
}
