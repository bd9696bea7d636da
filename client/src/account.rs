//! What the reader can ask about accounts: components call these. It does not know how a form looks, and no wire but the API's addresses.
//!
//! Each question gives its answer back to whoever asked, who shows it or says what is wrong. What
//! more than one part of the page wants to know stands in signals: what the server says of itself,
//! and the reader's own account.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use futures_util::FutureExt as _;
use leptos::prelude::*;
use parley_shared::api::account::{AskResetLetter, Me, Register, ResetPassword, SignIn};
use parley_shared::api::contacts::{Contacts, Remarks};
use parley_shared::api::people::CheckInvitation;
use parley_shared::api::server::ServerInfo;
use parley_shared::json::FromJson;
use parley_shared::refusal::Refusal;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use crate::actions::Actions;
use crate::api::{self, Api, Ask, Body, Method};
use crate::route::{Pages, Route};
use crate::state::{Chat, Link};

mod contacts;
mod messages;
mod own;
mod server;

pub use crate::api::Failure;
pub(crate) use server::escape;

/// What the reader can ask about accounts. In context; get it with [`accounts`].
#[derive(Clone, Copy)]
pub struct Accounts {
    api: StoredValue<Api, LocalStorage>,
    actions: Actions,
    server: RwSignal<Option<ServerInfo>>,
    me: RwSignal<Option<Me>>,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}

/// An answer that is on its way, or why there will be none. Boxed: many forms wait for one type.
pub type Asked<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

impl Accounts {
    /// Asks through `api`, and tells `actions` when the reader becomes someone else.
    pub fn new(api: Api, actions: Actions) -> Self {
        Self {
            api: StoredValue::new_local(api),
            actions,
            server: RwSignal::new(None),
            me: RwSignal::new(None),
        }
    }

    /// What the server said of itself; `None` until it did. Tracked.
    pub fn server(self) -> Option<ServerInfo> {
        self.server.get()
    }

    /// The reader's own account as it was last heard of. Tracked.
    pub fn me(self) -> Option<Me> {
        self.me.get()
    }

    /// Asks what the server says of itself.
    ///
    /// # Errors
    /// When the server is not reached.
    pub async fn look(self) -> Result<ServerInfo, Failure> {
        let info: ServerInfo = self.get("/server").await?;
        self.server.try_set(Some(info.clone()));
        Ok(info)
    }

    /// Asks who the reader is.
    ///
    /// # Errors
    /// When nobody is signed in, or the server is not reached.
    pub async fn load_me(self) -> Result<Me, Failure> {
        let me: Me = self.get("/me").await?;
        self.me.try_set(Some(me.clone()));
        Ok(me)
    }

    /// Makes an account, and is signed in from then on. A guest keeps who they are.
    ///
    /// # Errors
    /// When the server refuses or is not reached.
    pub async fn register(self, asked: Register) -> Result<Me, Failure> {
        self.entered("/accounts", api::write(&asked)).await
    }

    /// Signs in.
    ///
    /// # Errors
    /// [`Refusal::SecondFactorNeeded`] when the same must be asked with a code; when the server
    /// refuses or is not reached.
    pub async fn sign_in(self, asked: SignIn) -> Result<Me, Failure> {
        self.entered("/sessions", api::write(&asked)).await
    }

    async fn entered(self, address: &'static str, asked: String) -> Result<Me, Failure> {
        let me = self.ask(Method::Post, address, Some(asked)).await?;
        let me: Me = api::read(&me)?;
        self.me.try_set(Some(me.clone()));
        self.actions.renew();
        // The first account claims the server.
        drop(self.look().await);
        Ok(me)
    }

    /// Signs out here. Nothing of the reader stays in this browser.
    ///
    /// # Errors
    /// When the server is not reached.
    pub async fn sign_out(self) -> Result<(), Failure> {
        match self.ask(Method::Delete, "/sessions/current", None).await {
            // Whoever was signed out elsewhere is what they want to be.
            Ok(_) | Err(Failure::Refused(Refusal::SignInNeeded | Refusal::SessionNeeded)) => {}
            Err(failure) => return Err(failure),
        }
        self.left();
        Ok(())
    }

    /// The reader is nobody any more, by their own wish.
    fn left(self) {
        self.actions.forget_unsent();
        self.me.try_set(None);
        self.actions.renew();
    }

    /// Sets a new password with a code that an administrator issued. Signs out everywhere.
    ///
    /// # Errors
    /// When the server refuses or is not reached.
    pub fn reset_password(self, asked: &ResetPassword) -> Asked<()> {
        self.tell(Method::Post, "/password-resets", asked)
    }

    /// Asks for a letter with such a code.
    ///
    /// # Errors
    /// When the server refuses or is not reached; not when there is no such account, which is not told.
    pub fn ask_reset_letter(self, asked: &AskResetLetter) -> Asked<()> {
        self.tell(Method::Post, "/password-resets/mail", asked)
    }

    /// Asks whether an invitation holds.
    ///
    /// # Errors
    /// [`Refusal::UnknownInvitation`] when it does not, or the server is not reached.
    pub fn check_invitation(self, asked: &CheckInvitation) -> Asked<()> {
        self.tell(Method::Post, "/invitations/check", asked)
    }

    /// Sees to it that someone who may not come in finds the door.
    ///
    /// A browser does not say why a connection was refused. When an attempt fails and guests are not
    /// allowed, the server is asked who the reader is; when they are nobody, they have to sign in.
    pub(crate) fn watch(self, chat: Chat, pages: Pages) {
        Effect::new(move |before: Option<Link>| {
            let link = chat.link.get();
            let failed = matches!(
                link,
                Link::Lost {
                    retry_at_ms: Some(_),
                    ..
                }
            ) && matches!(
                before,
                Some(
                    Link::Connecting
                        | Link::Lost {
                            retry_at_ms: None,
                            ..
                        }
                )
            );
            // A guest whose server is away has nothing to ask.
            let may_be_nobody = chat.me.with_untracked(Option::is_none)
                || chat.standing.with_untracked(Option::is_some);
            if failed && may_be_nobody {
                spawn_local(self.knock(chat, pages));
            }
            link
        });
    }

    /// Keeps what stands on no page and is asked of the API all the same: the names by which the reader
    /// knows others, and how many wait for their answer.
    pub(crate) fn keep_contacts(self, chat: Chat) {
        Effect::new(move |_| {
            if chat.remarks_due.get() > 0 {
                spawn_local(async move {
                    // Without an answer, the next welcome asks again.
                    let answer = self.ask(Method::Get, "/remarks", None).await;
                    if let Ok(Remarks { remarks }) = answer.and_then(|text| api::read(&text)) {
                        self.actions.know_remarks(remarks);
                    }
                });
            }
        });
        Effect::new(move |_| {
            if chat.contact.with(Option::is_some) {
                spawn_local(async move {
                    let answer = self.ask(Method::Get, "/contacts?list=incoming", None).await;
                    let incoming = answer.and_then(|text| api::read(&text));
                    if let Ok(Contacts { contacts, .. }) = incoming {
                        let requests = u32::try_from(contacts.len()).unwrap_or(u32::MAX);
                        self.actions.know_requests(requests);
                    }
                });
            }
        });
    }

    async fn knock(self, chat: Chat, pages: Pages) {
        let Ok(info) = self.look().await else {
            return;
        };
        if info.policy.guests || !matches!(self.load_me().await, Err(Failure::Refused(_))) {
            return;
        }
        self.actions.shut_out();
        let is_new = chat.me.try_with_untracked(Option::is_none) == Some(true);
        if is_new && pages.is_shown(Route::Home) {
            pages.sign_in_first();
        }
    }

    // ---- How everything is asked ----

    pub(crate) fn ask(self, method: Method, address: &str, body: Option<String>) -> Asked<String> {
        self.ask_with(method, address, body.map(Body::Json))
    }

    pub(crate) fn ask_with(
        self,
        method: Method,
        address: &str,
        body: Option<Body>,
    ) -> Asked<String> {
        let ask = Ask {
            method,
            address: address.to_owned(),
            body,
        };
        match self.api.try_get_value() {
            Some(api) => Box::pin(api.ask(ask)),
            // The page is being taken down.
            None => Box::pin(std::future::ready(Err(Failure::NotReached))),
        }
    }

    pub(crate) fn get<T: FromJson + 'static>(self, address: &str) -> Asked<T> {
        reading(self.ask(Method::Get, address, None))
    }

    pub(crate) fn change<T: FromJson + 'static>(
        self,
        method: Method,
        address: &str,
        asked: &impl Serialize,
    ) -> Asked<T> {
        reading(self.ask(method, address, Some(api::write(asked))))
    }

    fn tell(self, method: Method, address: &str, asked: &impl Serialize) -> Asked<()> {
        done(self.ask(method, address, Some(api::write(asked))))
    }

    pub(crate) fn end(self, address: &str) -> Asked<()> {
        done(self.ask(Method::Delete, address, None))
    }
}

/// Reads an answer when it is there.
pub(crate) fn reading<T: FromJson + 'static>(asked: Asked<String>) -> Asked<T> {
    Box::pin(asked.map(|answer| api::read(&answer?)))
}

/// Waits for an answer that says nothing.
pub(crate) fn done(asked: Asked<String>) -> Asked<()> {
    Box::pin(asked.map(|answer| answer.map(drop)))
}

/// What the reader can ask about accounts, from context.
pub fn accounts() -> Accounts {
    expect_context::<Accounts>()
}
