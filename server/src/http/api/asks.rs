//! What the API's handlers get of a request: who asks, with enough standing to ask it, and the body.
//! It does not know what they do with it.
//!
//! A handler names in its arguments who may ask; the body comes last, so that whoever may not ask does
//! not learn what would be wrong with it.

use std::net::IpAddr;
use std::str::FromStr;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use parley_shared::ids::{SessionId, UserId};
use parley_shared::limits::BODY_BYTES_MAX;
use parley_shared::model::{Role, Scope};
use parley_shared::protocol::Refusal;
use serde::de::DeserializeOwned;

use super::answer::Denied;
use crate::accept::Peer;
use crate::account::{Proof, device};
use crate::actions;
use crate::address;
use crate::app::App;
use crate::credentials::{self, Shown};
use crate::origin;
use crate::store::callers::Caller;

/// Anyone: what is known of a browser or program before it is somebody.
#[derive(Debug)]
pub(super) struct Visitor {
    /// Where from, as far as attempts are counted by it: not from this machine itself.
    pub(super) address: Option<IpAddr>,
    /// The device, in a few words.
    pub(super) device: String,
    /// Whether the page came over TLS.
    pub(super) secure: bool,
    /// The guest whose cookie it brings.
    pub(super) guest: Option<UserId>,
    shown: Shown,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        let headers = &parts.headers;
        let user_agent = headers.get(header::USER_AGENT);
        let peer = parts.extensions.get::<Peer>();
        let proxies = &app.config().trusted_proxies;
        let source = peer.map(|peer| address::source(peer.address.ip(), headers, proxies));
        Ok(Self {
            address: source.and_then(address::Source::counted_as),
            device: device::label(
                user_agent
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default(),
            ),
            secure: origin::is_secure(headers),
            guest: credentials::guest(headers, app.guests()),
            shown: credentials::shown(headers, app.guests()),
        })
    }
}

impl Visitor {
    /// Counts an attempt to guess a secret.
    pub(super) fn count_attempt(&self, app: &App) -> Result<(), Denied> {
        if let Some(address) = self.address {
            app.attempts().count_address(address)?;
        }
        Ok(())
    }

    /// Whoever it is.
    pub(super) async fn caller(&self, app: &App) -> Result<Option<Caller>, Denied> {
        Ok(actions::callers::caller(app, self.shown).await?)
    }
}

/// A guest, or anyone with an account: by a token, one that may read.
#[derive(Debug)]
pub(super) struct Reader(pub(super) Caller);

/// The same; by a token, one that may write.
#[derive(Debug)]
pub(super) struct Writer(pub(super) Caller);

/// Someone with an account; by a token, one that may read.
#[derive(Debug)]
pub(super) struct Member(pub(super) UserId);

/// The same; by a token, one that may write.
#[derive(Debug)]
pub(super) struct MemberWriter(pub(super) UserId);

/// Someone who signed in.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) person: UserId,
    pub(super) session: SessionId,
}

/// An administrator or owner; by a token, one that may manage.
#[derive(Debug)]
pub(super) struct Administrator(pub(super) UserId);

/// An owner; by a token, one that may manage.
#[derive(Debug)]
pub(super) struct Owner(pub(super) UserId);

async fn known(parts: &mut Parts, app: &App, scope: Scope) -> Result<Caller, Denied> {
    let visitor = Visitor::from_request_parts(parts, app).await?;
    let Some(caller) = visitor.caller(app).await? else {
        return Err(match visitor.shown {
            Shown::Session(_) => Denied::ended(),
            _ => Refusal::SignInNeeded.into(),
        });
    };
    if caller.proof().scope() < scope {
        return Err(Refusal::ScopeTooSmall { needed: scope }.into());
    }
    Ok(caller)
}

async fn with_account(parts: &mut Parts, app: &App, scope: Scope) -> Result<UserId, Denied> {
    let caller = known(parts, app, scope).await?;
    match caller.role() {
        None => Err(Refusal::SignInNeeded.into()),
        Some(_) => Ok(caller.person()),
    }
}

async fn with_role(parts: &mut Parts, app: &App, needed: Role) -> Result<UserId, Denied> {
    let caller = known(parts, app, Scope::Manage).await?;
    match caller.role() {
        None => Err(Refusal::SignInNeeded.into()),
        Some(role) if role < needed => Err(Refusal::RoleTooSmall { needed }.into()),
        Some(_) => Ok(caller.person()),
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        known(parts, app, Scope::Read).await.map(Self)
    }
}

impl FromRequestParts<App> for Writer {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        known(parts, app, Scope::Write).await.map(Self)
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        with_account(parts, app, Scope::Read).await.map(Self)
    }
}

impl FromRequestParts<App> for MemberWriter {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        with_account(parts, app, Scope::Write).await.map(Self)
    }
}

impl FromRequestParts<App> for Device {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        let caller = known(parts, app, Scope::Read).await?;
        match caller.proof() {
            Proof::Session(session) => Ok(Self {
                person: caller.person(),
                session,
            }),
            Proof::Token(..) => Err(Refusal::SessionNeeded.into()),
            Proof::Guest => Err(Refusal::SignInNeeded.into()),
        }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        with_role(parts, app, Role::Administrator).await.map(Self)
    }
}

impl FromRequestParts<App> for Owner {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        with_role(parts, app, Role::Owner).await.map(Self)
    }
}

/// What stands behind the question mark of an address, read strictly.
#[derive(Debug)]
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        match Query::from_request_parts(parts, app).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => Err(malformed(&error.body_text())),
        }
    }
}

/// Where a page begins.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    /// After which page: its `next`.
    #[serde(default)]
    pub(super) after: String,
}

/// Which part of a list is asked for.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Found {
    /// What the names begin with.
    #[serde(default)]
    pub(super) name: String,
    /// After which page: its `next`.
    #[serde(default)]
    pub(super) after: String,
}

/// The body, read strictly.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Denied;

    async fn from_request(request: Request, _: &App) -> Result<Self, Denied> {
        let limit_bytes = BODY_BYTES_MAX as u64;
        let too_large = || Denied::from(Refusal::BodyTooLarge { limit_bytes });
        let told = request.headers().get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if told.is_some_and(|length| length > limit_bytes) {
            return Err(too_large());
        }
        let bytes = to_bytes(request.into_body(), BODY_BYTES_MAX)
            .await
            .map_err(|_| too_large())?;
        // A derived reader would take a list for an object.
        let is_object = bytes.trim_ascii_start().starts_with(b"{");
        let read = serde_json::from_slice(&bytes);
        match read {
            Ok(value) if is_object => Ok(Self(value)),
            Ok(_) => Err(malformed("a body is a JSON object")),
            Err(error) => Err(malformed(&error.to_string())),
        }
    }
}

fn malformed(detail: &str) -> Denied {
    let detail = detail.chars().take(200).collect();
    Refusal::Malformed { detail }.into()
}

/// An id out of an address; of what cannot be one there is nothing.
pub(super) fn id<T: FromStr>(text: &str) -> Result<T, Denied> {
    text.parse().map_err(|_| Refusal::NotFound.into())
}
