//! Accounts as they are kept. It does not know who may see or change one.

use parley_shared::ids::{PictureId, UserId};
use parley_shared::limits::PAGE_PEOPLE_MAX;
use parley_shared::model::{Person, Role, Standing};

use super::sqlite::{Connection, Row};
use super::{Result, StoreError, people};
use crate::account::second_factor::Key;
use crate::account::secret::Hash;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub person: Person,
    /// Its user name and role.
    pub standing: Standing,
    /// The password, as a PHC string.
    pub password_hash: String,
    /// The address of e-mail.
    pub email: Option<String>,
    /// What the person says about themselves.
    pub about: String,
    /// What they do at the moment.
    pub status: String,
    /// Whether others see how far they have read.
    pub tells_read: bool,
    /// When it was made.
    pub created_ms: u64,
    /// When it was deactivated.
    pub deactivated_ms: Option<u64>,
    /// The second factor, on or only begun.
    pub second_factor: Option<SecondFactor>,
}

/// A second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactor {
    /// What both sides know.
    pub key: Key,
    /// Whether it is on; else it is only begun.
    pub enabled: bool,
    /// The newest step whose code was used: no code of it or of an earlier one holds again.
    pub step: u64,
}

impl Account {
    /// The second factor, if it is on.
    pub fn enabled_factor(&self) -> Option<SecondFactor> {
        self.second_factor.filter(|factor| factor.enabled)
    }
}

/// What a new account begins with.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Whose it is.
    pub person: UserId,
    /// The user name, as it is shown.
    pub user_name: String,
    /// What is the same for every name that looks like it.
    pub user_name_key: String,
    /// The password, as a PHC string.
    pub password_hash: String,
    /// The address of e-mail.
    pub email: Option<String>,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT a.person_id, p.name, p.deleted_ms, a.user_name, a.role, a.password_hash, a.email,
             a.about, a.status, a.created_ms, a.deactivated_ms, a.totp_key, a.totp_enabled_ms,
             a.totp_step, p.picture, a.tells_read FROM accounts a JOIN people p ON p.id = a.person_id ",
            $tail
        )
    };
}

/// The account of a person.
///
/// # Errors
/// Those of the database.
pub fn account(connection: &mut Connection, person: UserId) -> Result<Option<Account>> {
    let id = person.as_bytes().into();
    connection.query_one(select!("WHERE a.person_id = $1"), &[id], read_account)
}

/// Whether a person has an account, whatever it can be used for.
///
/// # Errors
/// Those of the database.
pub fn has_account(connection: &mut Connection, person: UserId) -> Result<bool> {
    let found = connection.query_one(
        "SELECT person_id FROM accounts WHERE person_id = $1",
        &[person.as_bytes().into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// The account of a user name, by its key.
///
/// # Errors
/// Those of the database.
pub fn account_named(connection: &mut Connection, key: &str) -> Result<Option<Account>> {
    connection.query_one(
        select!("WHERE a.user_name_key = $1"),
        &[key.into()],
        read_account,
    )
}

/// The accounts of an address of e-mail, which is given in small letters.
///
/// # Errors
/// Those of the database.
pub fn accounts_at(connection: &mut Connection, address: &str) -> Result<Vec<Account>> {
    connection.query(
        select!("WHERE lower(a.email) = $1 ORDER BY a.created_ms"),
        &[address.into()],
        read_account,
    )
}

/// Whether there is any account: a server without one has no owner yet.
///
/// # Errors
/// Those of the database.
pub fn is_claimed(connection: &mut Connection) -> Result<bool> {
    let any = connection.query("SELECT person_id FROM accounts LIMIT 1", &[], |_| Ok(()))?;
    Ok(!any.is_empty())
}

/// A page of accounts by user name, with the key to go on after; `after` is such a key.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut Connection, after: &str) -> Result<(Vec<Account>, Option<String>)> {
    let keys = connection.query(
        "SELECT person_id, user_name_key FROM accounts WHERE user_name_key > $1
         ORDER BY user_name_key LIMIT $2",
        &[after.into(), (PAGE_PEOPLE_MAX as u64 + 1).into()],
        |row| Ok((UserId::from_bytes(row.bytes(0)?), row.text(1)?)),
    )?;
    let more = keys.len() > PAGE_PEOPLE_MAX;
    let shown = &keys[..keys.len().min(PAGE_PEOPLE_MAX)];
    let accounts = shown
        .iter()
        .filter_map(|(person, _)| account(connection, *person).transpose())
        .collect::<Result<Vec<_>>>()?;
    let next = shown.last().filter(|_| more).map(|(_, key)| key.clone());
    Ok((accounts, next))
}

/// How many owners there are whose account can be used.
///
/// # Errors
/// Those of the database.
pub fn active_owners(connection: &mut Connection) -> Result<u64> {
    let owners = connection.query_one(
        "SELECT COUNT(*) FROM accounts WHERE role = $1 AND deactivated_ms IS NULL",
        &[role_text(Role::Owner).into()],
        |row| row.number(0),
    )?;
    Ok(owners.unwrap_or(0))
}

/// How many accounts there are.
///
/// # Errors
/// Those of the database.
pub fn count(connection: &mut Connection) -> Result<u64> {
    let accounts =
        connection.query_one("SELECT COUNT(*) FROM accounts", &[], |row| row.number(0))?;
    Ok(accounts.unwrap_or(0))
}

/// When a person was last there, to the hour or so.
///
/// # Errors
/// Those of the database.
pub fn last_used(connection: &mut Connection, person: UserId) -> Result<Option<u64>> {
    let used = connection.query(
        "SELECT MAX(last_used_ms) FROM sessions WHERE person_id = $1
         UNION ALL SELECT MAX(last_used_ms) FROM tokens WHERE person_id = $1",
        &[person.as_bytes().into()],
        |row| row.optional_number(0),
    )?;
    Ok(used.into_iter().flatten().max())
}

/// Keeps a new account; the person is kept already.
///
/// # Errors
/// Those of the database; a person or a name that has one is such.
pub fn insert(
    connection: &mut Connection,
    new: &NewAccount,
    role: Role,
    now_ms: u64,
) -> Result<()> {
    let name = people::person(connection, new.person)?.name;
    let name_key = people::name_key(name.as_deref().unwrap_or(&new.user_name));
    connection.execute(
        "INSERT INTO accounts (person_id, user_name, user_name_key, password_hash, email, role,
         about, status, created_ms, totp_step, name_key)
         VALUES ($1, $2, $3, $4, $5, $6, '', '', $7, 0, $8)",
        &[
            new.person.as_bytes().into(),
            new.user_name.as_str().into(),
            new.user_name_key.as_str().into(),
            new.password_hash.as_str().into(),
            new.email.as_deref().into(),
            role_text(role).into(),
            now_ms.into(),
            name_key.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Sets what the person says of themselves.
///
/// # Errors
/// Those of the database.
pub fn set_profile(
    connection: &mut Connection,
    person: UserId,
    email: Option<&str>,
    about: &str,
    status: &str,
) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET email = $1, about = $2, status = $3 WHERE person_id = $4",
        &[
            email.into(),
            about.into(),
            status.into(),
            person.as_bytes().into(),
        ],
    )?;
    Ok(())
}

/// Sets whether others see how far a person has read.
///
/// # Errors
/// Those of the database.
pub fn set_tells_read(connection: &mut Connection, person: UserId, tells: bool) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET tells_read = $1 WHERE person_id = $2",
        &[u64::from(tells).into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// Sets the password. A code that was issued to set one no longer holds.
///
/// # Errors
/// Those of the database.
pub fn set_password(connection: &mut Connection, person: UserId, hash: &str) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET password_hash = $1, reset_hash = NULL, reset_expires_ms = NULL
         WHERE person_id = $2",
        &[hash.into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// Sets the role.
///
/// # Errors
/// Those of the database.
pub fn set_role(connection: &mut Connection, person: UserId, role: Role) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET role = $1 WHERE person_id = $2",
        &[role_text(role).into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// Sets since when the account cannot be used; `None` when it can.
///
/// # Errors
/// Those of the database.
pub fn set_deactivated(
    connection: &mut Connection,
    person: UserId,
    since_ms: Option<u64>,
) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET deactivated_ms = $1 WHERE person_id = $2",
        &[since_ms.into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// Keeps a code that sets a new password, in the place of an earlier one.
///
/// # Errors
/// Those of the database.
pub fn set_reset_code(
    connection: &mut Connection,
    person: UserId,
    code: &Hash,
    expires_ms: u64,
) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET reset_hash = $1, reset_expires_ms = $2 WHERE person_id = $3",
        &[code.into(), expires_ms.into(), person.as_bytes().into()],
    )?;
    Ok(())
}

/// Whether a code that sets a new password holds for an account that can be used.
///
/// # Errors
/// Those of the database.
pub fn holds_reset_code(
    connection: &mut Connection,
    person: UserId,
    code: &Hash,
    now_ms: u64,
) -> Result<bool> {
    let found = connection.query(
        "SELECT person_id FROM accounts WHERE person_id = $1 AND reset_hash = $2
         AND reset_expires_ms > $3 AND deactivated_ms IS NULL",
        &[person.as_bytes().into(), code.into(), now_ms.into()],
        |_| Ok(()),
    )?;
    Ok(!found.is_empty())
}

/// Removes an account with all that opens it.
///
/// # Errors
/// Those of the database.
pub fn delete(connection: &mut Connection, person: UserId) -> Result<()> {
    let id = person.as_bytes();
    for statement in [
        "DELETE FROM recovery_codes WHERE person_id = $1",
        "DELETE FROM sessions WHERE person_id = $1",
        "DELETE FROM tokens WHERE person_id = $1",
        "DELETE FROM mentions WHERE person_id = $1",
        "DELETE FROM accounts WHERE person_id = $1",
    ] {
        connection.execute(statement, &[id.into()])?;
    }
    Ok(())
}

fn read_account(row: &Row<'_>) -> Result<Account> {
    let enabled = row.optional_number(12)?.is_some();
    let step = row.number(13)?;
    Ok(Account {
        person: Person {
            id: UserId::from_bytes(row.bytes(0)?),
            name: row.optional_text(1)?,
            deleted: row.optional_number(2)?.is_some(),
            picture: row.optional_bytes(14)?.map(PictureId::from_bytes),
        },
        standing: Standing {
            user_name: row.text(3)?,
            role: read_role(&row.text(4)?)?,
        },
        password_hash: row.text(5)?,
        email: row.optional_text(6)?,
        about: row.text(7)?,
        status: row.text(8)?,
        tells_read: row.number(15)? != 0,
        created_ms: row.number(9)?,
        deactivated_ms: row.optional_number(10)?,
        second_factor: row
            .optional_bytes(11)?
            .map(|key| SecondFactor { key, enabled, step }),
    })
}

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Administrator => "administrator",
        Role::Owner => "owner",
    }
}

pub(super) fn read_role(text: &str) -> Result<Role> {
    [Role::Member, Role::Administrator, Role::Owner]
        .into_iter()
        .find(|role| role_text(*role) == text)
        .ok_or_else(|| StoreError::Unreadable(format!("the role {text:?}")))
}
