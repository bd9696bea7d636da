//! What the server says of itself, and who may come in. It does not know who is in.

use parley_shared::api::server::{Bounds, Policy, ServerInfo};
use parley_shared::ids::UserId;
use parley_shared::limits::{
    ABOUT_CHARS_MAX, NAME_CHARS_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PROTOCOL_VERSION,
    STATUS_CHARS_MAX, TEXT_BYTES_MAX, USER_NAME_CHARS_MAX, USER_NAME_CHARS_MIN,
};
use parley_shared::protocol::Refusal;

use super::{NAME, unavailable};
use crate::app::App;
use crate::ledger::{Change, invitations};
use crate::store::{accounts, settings};

/// What a page must know before anyone is signed in.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn info(app: &App) -> Result<ServerInfo, Refusal> {
    let read = app.store().read(|connection| {
        let claimed = accounts::is_claimed(connection)?;
        Ok((claimed, settings::policy(connection)?))
    });
    let (claimed, policy) = read.await.map_err(|error| unavailable(&error))?;
    Ok(ServerInfo {
        name: NAME.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL_VERSION,
        claimed,
        policy,
        mail: app.mail().is_some(),
        limits: Bounds {
            user_name_chars_min: USER_NAME_CHARS_MIN as u64,
            user_name_chars_max: USER_NAME_CHARS_MAX as u64,
            password_chars_min: PASSWORD_CHARS_MIN as u64,
            password_bytes_max: PASSWORD_BYTES_MAX as u64,
            name_chars_max: NAME_CHARS_MAX as u64,
            about_chars_max: ABOUT_CHARS_MAX as u64,
            status_chars_max: STATUS_CHARS_MAX as u64,
            text_bytes_max: TEXT_BYTES_MAX as u64,
        },
    })
}

/// Sets who may come in.
///
/// # Errors
/// [`Refusal::RoleTooSmall`].
pub async fn set_policy(app: &App, by: UserId, policy: Policy) -> Result<(), Refusal> {
    let change = invitations::Change::Policy { by, policy };
    app.ledger()
        .make(Change::Invitation(Box::new(change)))
        .await?;
    Ok(())
}
