//! Signing in and out. It does not know cookies.
//!
//! Whether a name is known must not show: a hash is compared in any case, and the answer is the same.

use parley_shared::api::Secret;
use parley_shared::api::account::{Session, Sessions, SignIn};
use parley_shared::ids::{SessionId, UserId};
use parley_shared::limits::SESSION_UNUSED_MAX_MS;
use parley_shared::protocol::Refusal;

use super::{unavailable, without_chance};
use crate::account::password::Verdict;
use crate::account::{second_factor, secret, user_name};
use crate::app::App;
use crate::ledger::sessions::Shown;
use crate::ledger::{Change, accounts, sessions};
use crate::random;
use crate::store::accounts::{Account, account_named};
use crate::store::sessions::{NewSession, sessions_of};

/// Someone who signed in just now.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub person: UserId,
    /// The session's secret.
    pub session: Secret,
}

/// Signs in.
///
/// # Errors
/// [`Refusal::WrongCredentials`], [`Refusal::SecondFactorNeeded`], [`Refusal::SecondFactorWrong`],
/// [`Refusal::TooManyAttempts`], [`Refusal::Busy`].
pub async fn sign_in(app: &App, device: String, ask: SignIn) -> Result<SignedIn, Refusal> {
    let key = user_name::key(&ask.user_name);
    app.attempts().count_account(&key)?;
    // Twice when the hash became another meanwhile: by a new password, or the same one hashed anew.
    for _ in 0..2 {
        if let Some(signed_in) = begin(app, key.clone(), &device, &ask).await? {
            return Ok(signed_in);
        }
    }
    Err(Refusal::WrongCredentials)
}

/// Signs in, unless the hash that the password was compared with is no longer the account's.
async fn begin(
    app: &App,
    key: String,
    device: &str,
    ask: &SignIn,
) -> Result<Option<SignedIn>, Refusal> {
    let found = app
        .store()
        .read(move |connection| account_named(connection, &key))
        .await
        .map_err(|error| unavailable(&error))?;
    let found = found.filter(|account| account.deactivated_ms.is_none());
    let hash = found.as_ref().map(|account| account.password_hash.as_str());
    let verdict = app.passwords().check(&ask.password.0, hash).await?;
    let (Some(account), Verdict::Right { outdated }) = (found, verdict) else {
        return Err(Refusal::WrongCredentials);
    };
    let factor = shown_factor(app, &account, ask)?;
    let session = secret::session().map_err(|error| without_chance(&error))?;
    let person = account.person.id;
    let change = sessions::Change::Begin {
        person,
        password_hash: account.password_hash.clone(),
        factor,
        session: NewSession {
            id: SessionId::from_bytes(random::bytes().map_err(|error| without_chance(&error))?),
            hash: session.hash,
            device: device.to_owned(),
        },
    };
    match app.ledger().make(Change::Session(Box::new(change))).await {
        Ok(_) => {}
        Err(Refusal::WrongCredentials) => return Ok(None),
        Err(refusal) => return Err(refusal),
    }
    if outdated {
        rehash(app, account, &ask.password).await;
    }
    Ok(Some(SignedIn {
        person,
        session: session.secret,
    }))
}

/// What was shown of the second factor, where the account has one.
fn shown_factor(app: &App, account: &Account, ask: &SignIn) -> Result<Option<Shown>, Refusal> {
    let Some(factor) = account.enabled_factor() else {
        return Ok(None);
    };
    match (&ask.code, &ask.recovery_code) {
        (Some(code), _) => second_factor::step_of(&factor.key, &code.0, app.clock().now_ms())
            .map(|step| Some(Shown::Step(step)))
            .ok_or(Refusal::SecondFactorWrong),
        (None, Some(code)) => Ok(Some(Shown::Recovery(secret::hash_of_code(&code.0)))),
        (None, None) => Err(Refusal::SecondFactorNeeded),
    }
}

/// Hashes a password with the figures of today. Signing in does not depend on it.
async fn rehash(app: &App, account: Account, password: &Secret) {
    if let Ok(to) = app.passwords().hash(&password.0).await {
        let change = accounts::Change::Rehash {
            person: account.person.id,
            from: account.password_hash,
            to,
        };
        // They are signed in, whatever becomes of it.
        app.ledger()
            .make(Change::Account(Box::new(change)))
            .await
            .ok();
    }
}

/// Where a person is signed in.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn list(app: &App, person: UserId, here: SessionId) -> Result<Sessions, Refusal> {
    let since_ms = app.clock().now_ms().saturating_sub(SESSION_UNUSED_MAX_MS);
    let found = app
        .store()
        .read(move |connection| sessions_of(connection, person, since_ms))
        .await
        .map_err(|error| unavailable(&error))?;
    let sessions = found
        .into_iter()
        .map(|session| Session {
            id: session.id,
            device: session.device,
            created_ms: session.created_ms,
            last_used_ms: session.last_used_ms,
            current: session.id == here,
        })
        .collect();
    Ok(Sessions { sessions })
}

/// Signs out on one device.
///
/// # Errors
/// [`Refusal::NotFound`] when it is none of this person's.
pub async fn end(app: &App, person: UserId, id: SessionId) -> Result<(), Refusal> {
    let change = sessions::Change::End { person, id };
    app.ledger().make(Change::Session(Box::new(change))).await?;
    Ok(())
}

/// Signs out on all devices but this one.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn end_others(app: &App, person: UserId, here: SessionId) -> Result<(), Refusal> {
    let change = sessions::Change::EndOthers { person, but: here };
    app.ledger().make(Change::Session(Box::new(change))).await?;
    Ok(())
}
