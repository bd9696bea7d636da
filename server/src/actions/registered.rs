//! Looking after those who have an account: listing them, their roles, whether they may come in. It
//! does not know their secrets.

use parley_shared::api::people::{People, Registered, ResetCode};
use parley_shared::ids::UserId;
use parley_shared::model::Role;
use parley_shared::protocol::Refusal;

use super::{issue_code, unavailable};
use crate::account::user_name;
use crate::app::App;
use crate::clock::Clock;
use crate::ledger::{By, Change, Ledger, accounts};
use crate::store::accounts::{Account, account, account_named, last_used, page};
use crate::store::sqlite::Connection;
use crate::store::{Store, StoreError};

/// A page of those who have an account.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn list(store: &Store, after: String) -> Result<People, Refusal> {
    let read = store.read(move |connection| {
        let (accounts, next) = page(connection, &after)?;
        let people = accounts
            .into_iter()
            .map(|account| registered(connection, account))
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(People { people, next })
    });
    read.await.map_err(|error| unavailable(&error))
}

/// Someone who has an account.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn one(app: &App, person: UserId) -> Result<Registered, Refusal> {
    let read = app.store().read(move |connection| {
        account(connection, person)?
            .map(|account| registered(connection, account))
            .transpose()
    });
    read.await
        .map_err(|error| unavailable(&error))?
        .ok_or(Refusal::NotFound)
}

/// Who has this user name, or one that looks like it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn named(store: &Store, user_name: &str) -> Result<UserId, Refusal> {
    let key = user_name::key(user_name);
    let read = store.read(move |connection| account_named(connection, &key));
    read.await
        .map_err(|error| unavailable(&error))?
        .map(|account| account.person.id)
        .ok_or(Refusal::NotFound)
}

/// Gives someone another role.
///
/// # Errors
/// [`Refusal::RoleTooSmall`], [`Refusal::NotFound`], [`Refusal::LastOwner`].
pub async fn set_role(ledger: &Ledger, by: By, person: UserId, role: Role) -> Result<(), Refusal> {
    let change = accounts::Change::Role { by, person, role };
    ledger.make(Change::Account(Box::new(change))).await?;
    Ok(())
}

/// Deactivates an account, or lets it be used again.
///
/// # Errors
/// [`Refusal::RoleTooSmall`], [`Refusal::NotFound`], [`Refusal::LastOwner`].
pub async fn set_active(
    ledger: &Ledger,
    by: By,
    person: UserId,
    active: bool,
) -> Result<(), Refusal> {
    let change = accounts::Change::Active { by, person, active };
    ledger.make(Change::Account(Box::new(change))).await?;
    Ok(())
}

/// Issues a code with which someone sets a new password.
///
/// # Errors
/// [`Refusal::RoleTooSmall`], [`Refusal::NotFound`].
pub async fn issue_reset_code(
    ledger: &Ledger,
    clock: &Clock,
    by: By,
    person: UserId,
) -> Result<ResetCode, Refusal> {
    issue_code(ledger, clock, by, person).await
}

fn registered(connection: &mut Connection, account: Account) -> Result<Registered, StoreError> {
    Ok(Registered {
        last_used_ms: last_used(connection, account.person.id)?,
        second_factor: account.enabled_factor().is_some(),
        person: account.person,
        standing: account.standing,
        created_ms: account.created_ms,
        deactivated_ms: account.deactivated_ms,
    })
}
