//! The rules of chat, one file for each noun. An action checks what may be refused, and knows no transport.

use parley_shared::api::Secret;
use parley_shared::api::people::{Invitation, MadeInvitation, MakeInvitation, ResetCode};
use parley_shared::ids::{InvitationId, UserId};
use parley_shared::limits::{EXPIRY_MAX_MS, INVITATION_USES_MAX, RESET_CODE_HOLDS_MS};
use parley_shared::protocol::Refusal;

use crate::account::password::Verdict;
use crate::account::secret;
use crate::app::App;
use crate::clock::Clock;
use crate::ledger::{By, Change, Ledger};
use crate::random;
use crate::store::StoreError;
use crate::store::accounts::account;

pub mod accounts;
pub mod callers;
pub mod contacts;
pub mod conversations;
pub mod direct;
pub mod groups;
pub mod history;
pub mod invitations;
pub mod letters;
pub mod messages;
pub mod people;
pub mod pictures;
pub mod presence;
pub mod profiles;
pub mod receipts;
pub mod registered;
pub mod second_factor;
pub mod server;
pub mod sessions;
pub mod tokens;
pub mod typing;
pub mod welcome;

/// What the server is called by those who use it.
const NAME: &str = "Parley";

/// The same for a failure of the operating system, which has no chance to give.
fn without_chance(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "nothing can be minted");
    Refusal::Unavailable
}

/// A failure of ours: logged here, once, and told without its details.
fn unavailable(error: &StoreError) -> Refusal {
    tracing::error!(%error, "a question to the store failed");
    Refusal::Unavailable
}

/// Issues a code with which someone sets a new password.
async fn issue_code(
    ledger: &Ledger,
    clock: &Clock,
    by: By,
    person: UserId,
) -> Result<ResetCode, Refusal> {
    let code = secret::code().map_err(|error| without_chance(&error))?;
    let expires_ms = clock.now_ms() + RESET_CODE_HOLDS_MS;
    let change = crate::ledger::accounts::Change::IssueResetCode {
        by,
        person,
        code: code.hash,
        expires_ms,
    };
    ledger.make(Change::Account(Box::new(change))).await?;
    Ok(ResetCode {
        code: code.secret,
        expires_ms,
    })
}

/// The hash of a person's password, if this is the password. Counts as an attempt: whoever sits at a
/// device that is signed in may not guess either.
async fn confirm(app: &App, person: UserId, password: &Secret) -> Result<String, Refusal> {
    app.attempts().count_account(&person.to_string())?;
    let found = app
        .store()
        .read(move |connection| account(connection, person))
        .await
        .map_err(|error| unavailable(&error))?;
    let hash = found.map(|account| account.password_hash);
    let verdict = app.passwords().check(&password.0, hash.as_deref()).await?;
    match (verdict, hash) {
        (Verdict::Right { .. }, Some(hash)) => Ok(hash),
        _ => Err(Refusal::WrongPassword),
    }
}

/// An invitation as it was asked for, with its code, and what is kept of the code.
fn mint_invitation(
    app: &App,
    by: UserId,
    ask: &MakeInvitation,
) -> Result<(MadeInvitation, secret::Hash), Refusal> {
    let now_ms = app.clock().now_ms();
    if ask.expires_ms <= now_ms || ask.expires_ms - now_ms > EXPIRY_MAX_MS {
        let limit_ms = EXPIRY_MAX_MS;
        return Err(Refusal::ExpiryOutOfRange { limit_ms });
    }
    if !(1..=INVITATION_USES_MAX).contains(&ask.uses) {
        let limit = INVITATION_USES_MAX.into();
        return Err(Refusal::UsesOutOfRange { limit });
    }
    let code = secret::invitation().map_err(|error| without_chance(&error))?;
    let id = random::bytes().map_err(|error| without_chance(&error))?;
    let invitation = Invitation {
        id: InvitationId::from_bytes(id),
        made_by: by,
        created_ms: now_ms,
        expires_ms: ask.expires_ms,
        uses_left: ask.uses,
    };
    let made = MadeInvitation {
        code: code.secret,
        invitation,
    };
    Ok((made, code.hash))
}
