//! Turning the second factor on and off. It does not know the authenticator.

use parley_shared::api::account::{Confirm, EnableSecondFactor, RecoveryCodes, SecondFactorBegun};
use parley_shared::ids::UserId;
use parley_shared::limits::RECOVERY_CODES;
use parley_shared::protocol::Refusal;

use super::{NAME, confirm, unavailable, without_chance};
use crate::account::second_factor as factor;
use crate::account::secret;
use crate::app::App;
use crate::ledger::{Change, second_factor};
use crate::store::accounts::account;

/// Makes a secret for an authenticator. It holds when a code of it was shown.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::SecondFactorOn`].
pub async fn begin(app: &App, person: UserId, ask: Confirm) -> Result<SecondFactorBegun, Refusal> {
    let password_hash = confirm(app, person, &ask.password).await?;
    let key = factor::mint().map_err(|error| without_chance(&error))?;
    let change = second_factor::Change::Begin {
        person,
        password_hash,
        key,
    };
    app.ledger()
        .make(Change::SecondFactor(Box::new(change)))
        .await?;
    let found = app
        .store()
        .read(move |connection| account(connection, person))
        .await
        .map_err(|error| unavailable(&error))?;
    let user_name = found.ok_or(Refusal::SignInNeeded)?.standing.user_name;
    Ok(SecondFactorBegun {
        secret: factor::letters(&key),
        uri: factor::uri(&key, NAME, &user_name),
    })
}

/// Turns the second factor on that was begun, when a code of it is shown.
///
/// # Errors
/// [`Refusal::SecondFactorWrong`], [`Refusal::SecondFactorOn`], [`Refusal::SecondFactorOff`],
/// [`Refusal::TooManyAttempts`].
pub async fn enable(
    app: &App,
    person: UserId,
    ask: EnableSecondFactor,
) -> Result<RecoveryCodes, Refusal> {
    app.attempts().count_account(&person.to_string())?;
    let found = app
        .store()
        .read(move |connection| account(connection, person))
        .await
        .map_err(|error| unavailable(&error))?;
    let begun = found
        .and_then(|account| account.second_factor)
        .ok_or(Refusal::SecondFactorOff)?;
    if begun.enabled {
        return Err(Refusal::SecondFactorOn);
    }
    let step = factor::step_of(&begun.key, &ask.code.0, app.clock().now_ms())
        .ok_or(Refusal::SecondFactorWrong)?;
    let codes = (0..RECOVERY_CODES)
        .map(|_| secret::code())
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(|error| without_chance(&error))?;
    let change = second_factor::Change::Enable {
        person,
        key: begun.key,
        step,
        recovery_codes: codes.iter().map(|code| code.hash).collect(),
    };
    app.ledger()
        .make(Change::SecondFactor(Box::new(change)))
        .await?;
    Ok(RecoveryCodes {
        recovery_codes: codes.into_iter().map(|code| code.secret).collect(),
    })
}

/// Turns the second factor off.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::SecondFactorOff`].
pub async fn disable(app: &App, person: UserId, ask: Confirm) -> Result<(), Refusal> {
    let change = second_factor::Change::Disable {
        person,
        password_hash: confirm(app, person, &ask.password).await?,
    };
    app.ledger()
        .make(Change::SecondFactor(Box::new(change)))
        .await?;
    Ok(())
}
