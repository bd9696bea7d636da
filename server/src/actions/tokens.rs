//! Tokens for programs. It does not know the programs.

use parley_shared::api::program::{MadeToken, MakeToken, Token, Tokens};
use parley_shared::content::check_name;
use parley_shared::ids::{TokenId, UserId};
use parley_shared::limits::EXPIRY_MAX_MS;
use parley_shared::protocol::Refusal;

use super::{unavailable, without_chance};
use crate::account::secret;
use crate::app::App;
use crate::ledger::{Change, tokens};
use crate::random;
use crate::store::tokens::tokens_of;

/// The tokens of a person.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn list(app: &App, person: UserId) -> Result<Tokens, Refusal> {
    let read = app
        .store()
        .read(move |connection| tokens_of(connection, person));
    let tokens = read.await.map_err(|error| unavailable(&error))?;
    Ok(Tokens { tokens })
}

/// Makes one.
///
/// # Errors
/// What [`check_name`] refuses, [`Refusal::ExpiryOutOfRange`], [`Refusal::TooMany`].
pub async fn make(app: &App, person: UserId, ask: MakeToken) -> Result<MadeToken, Refusal> {
    let name = check_name(&ask.name)?.to_owned();
    let now_ms = app.clock().now_ms();
    if let Some(expires_ms) = ask.expires_ms
        && (expires_ms <= now_ms || expires_ms - now_ms > EXPIRY_MAX_MS)
    {
        let limit_ms = EXPIRY_MAX_MS;
        return Err(Refusal::ExpiryOutOfRange { limit_ms });
    }
    let minted = secret::token().map_err(|error| without_chance(&error))?;
    let id = random::bytes().map_err(|error| without_chance(&error))?;
    let token = Token {
        id: TokenId::from_bytes(id),
        name,
        scope: ask.scope,
        created_ms: now_ms,
        last_used_ms: None,
        expires_ms: ask.expires_ms,
    };
    let change = tokens::Change::Make {
        person,
        token: token.clone(),
        hash: minted.hash,
    };
    app.ledger().make(Change::Token(Box::new(change))).await?;
    Ok(MadeToken {
        secret: minted.secret,
        token,
    })
}

/// Revokes one.
///
/// # Errors
/// [`Refusal::NotFound`] when it is none of this person's.
pub async fn revoke(app: &App, person: UserId, id: TokenId) -> Result<(), Refusal> {
    let change = tokens::Change::Revoke { person, id };
    app.ledger().make(Change::Token(Box::new(change))).await?;
    Ok(())
}
