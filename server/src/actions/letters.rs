//! Letters for those who forgot their password. It does not know how a letter is sent.
//!
//! Whether anyone has this name must not show: who asks is answered before anybody looks it up.

use std::sync::Arc;

use parley_shared::api::account::AskResetLetter;
use parley_shared::ids::UserId;
use parley_shared::limits::LETTER_ACCOUNTS_MAX;
use parley_shared::protocol::Refusal;

use super::{issue_code, unavailable};
use crate::account::user_name;
use crate::app::App;
use crate::ledger::By;
use crate::mail::Letter;
use crate::store::accounts::{Account, account_named, accounts_at};

/// Has a code sent to whoever has this user name or address of e-mail, if anyone does.
///
/// # Errors
/// [`Refusal::NoMail`], [`Refusal::TooManyAttempts`], [`Refusal::Busy`]: the same for every name.
pub fn ask(app: &App, asked: &AskResetLetter) -> Result<(), Refusal> {
    let mail = Arc::clone(app.mail().ok_or(Refusal::NoMail)?);
    let name: String = asked.name.trim().chars().take(NAME_CHARS).collect();
    app.attempts().count_letter(&key(&name))?;
    let room = mail.room()?;
    let app = app.clone();
    tokio::spawn(async move {
        let written = write(&app, name).await;
        // A mail server may take a minute, and whoever stops the server does not wait for it.
        drop(app);
        match written {
            Ok(letters) => mail.send(&letters, room).await,
            Err(refusal) => tracing::warn!(%refusal, "a letter was asked for and not written"),
        }
    });
    Ok(())
}

/// More than any address has.
const NAME_CHARS: usize = 320;

/// What is the same for all that mean the same account, as far as it shows.
fn key(name: &str) -> String {
    if name.contains('@') {
        name.to_ascii_lowercase()
    } else {
        user_name::key(name)
    }
}

/// Letters to those who are meant, each with a code that holds from now on.
async fn write(app: &App, name: String) -> Result<Vec<Letter>, Refusal> {
    let mut letters = Vec::new();
    for account in meant(app, name).await? {
        let Some(to) = account.email else {
            continue;
        };
        let person: UserId = account.person.id;
        // Whoever asks by name and by address gets no more letters than by one of the two.
        if app.attempts().count_letter(&person.to_string()).is_err() {
            continue;
        }
        let issued = issue_code(app.ledger(), app.clock(), By::Operator, person).await?;
        letters.push(Letter {
            to,
            user_name: account.standing.user_name,
            code: issued.code,
        });
    }
    Ok(letters)
}

/// The accounts that can be used and have this name or address.
async fn meant(app: &App, name: String) -> Result<Vec<Account>, Refusal> {
    let read = app.store().read(move |connection| {
        if name.contains('@') {
            return accounts_at(connection, &name.to_ascii_lowercase());
        }
        let named = account_named(connection, &user_name::key(&name))?;
        Ok(named.into_iter().collect())
    });
    let mut found = read.await.map_err(|error| unavailable(&error))?;
    found.retain(|account| account.deactivated_ms.is_none());
    found.truncate(LETTER_ACCOUNTS_MAX);
    Ok(found)
}
