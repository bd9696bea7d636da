//! Who someone is between two looks: what HTTP cannot show because it is over too soon. It opens the server's parts directly.

use parley_server::account::secret;
use parley_server::actions::{accounts, callers, sessions, tokens};
use parley_server::app::App;
use parley_server::credentials::Shown;
use parley_server::ledger::{self, Change, Running};
use parley_server::session::Session;
use parley_server::store;
use parley_shared::api::Secret;
use parley_shared::api::account::{Register, SignIn};
use parley_shared::api::program::MakeToken;
use parley_shared::ids::{SessionId, UserId};
use parley_shared::limits::SESSIONS_MAX;
use parley_shared::model::Scope;
use parley_shared::protocol::Refusal;
use tempfile::TempDir;

use crate::browser::PASSWORD;
use crate::scene::config;

pub(crate) struct Parts {
    pub(crate) app: App,
    running: Running,
    pub(crate) dir: TempDir,
}

pub(crate) async fn parts() -> Parts {
    let dir = tempfile::tempdir().unwrap();
    let (app, running) = App::open(config(dir.path())).await.unwrap();
    Parts { app, running, dir }
}

impl Parts {
    pub(crate) async fn register(&self, user_name: &str) -> accounts::Registered {
        let ask = Register {
            user_name: user_name.to_owned(),
            password: Secret::from(PASSWORD),
            email: None,
            name: None,
            invitation: None,
        };
        accounts::register(&self.app, None, String::new(), ask)
            .await
            .unwrap()
    }

    async fn sessions_of(&self, person: UserId) -> Vec<store::sessions::Session> {
        let read = self
            .app
            .store()
            .read(move |connection| store::sessions::sessions_of(connection, person, 0));
        read.await.unwrap()
    }

    pub(crate) async fn end(self) {
        drop(self.app);
        self.running.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_and_an_unknown_name_have_one_hash_compared_each() {
    let parts = parts().await;
    parts.register("ming").await;
    let ask = |name: &str| SignIn {
        user_name: name.to_owned(),
        password: Secret::from("not the password"),
        code: None,
        recovery_code: None,
    };
    for name in ["ming", "nobody", "\u{202E}", ""] {
        let before = parts.app.passwords().checked();
        let refused = sessions::sign_in(&parts.app, String::new(), ask(name)).await;
        assert_eq!(refused.unwrap_err(), Refusal::WrongCredentials);
        assert_eq!(parts.app.passwords().checked(), before + 1, "{name:?}");
    }
    parts.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_between_the_upgrade_and_the_join_does_not_slip_through() {
    let parts = parts().await;
    let registered = parts.register("ming").await;
    let shown = Shown::Session(secret::hash(&registered.session.0));
    let caller = callers::enter(&parts.app, shown).await.unwrap();
    let opened = Session::open(parts.app.clone(), caller.clone(), None).await;
    drop(opened.unwrap());
    let id = parts.sessions_of(registered.person).await[0].id;
    sessions::end(&parts.app, registered.person, id)
        .await
        .unwrap();
    let refused = Session::open(parts.app.clone(), caller, None).await;
    assert_eq!(refused.unwrap_err(), Refusal::SignInNeeded);
    let again = callers::enter(&parts.app, shown).await;
    assert_eq!(again.unwrap_err(), Refusal::SignInNeeded);
    parts.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_more_than_there_may_be_signs_out_the_one_that_was_used_least_lately() {
    let parts = parts().await;
    let registered = parts.register("ming").await;
    let person = registered.person;
    let read = parts
        .app
        .store()
        .read(move |connection| store::accounts::account(connection, person));
    let password_hash = read.await.unwrap().unwrap().password_hash;
    let first = parts.sessions_of(person).await[0].id;
    for number in 1..=SESSIONS_MAX {
        parts
            .app
            .clock()
            .advance(std::time::Duration::from_millis(10));
        let mut id = [9; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let change = ledger::sessions::Change::Begin {
            person,
            password_hash: password_hash.clone(),
            factor: None,
            session: store::sessions::NewSession {
                id: SessionId::from_bytes(id),
                hash: secret::hash(&number.to_string()),
                device: String::new(),
            },
        };
        let change = Change::Session(Box::new(change));
        parts.app.ledger().make(change).await.unwrap();
    }
    let left = parts.sessions_of(person).await;
    assert_eq!(left.len(), SESSIONS_MAX);
    assert!(left.iter().all(|session| session.id != first));
    parts.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_knows_when_the_token_it_came_with_has_ended() {
    let parts = parts().await;
    let person = parts.register("ming").await.person;
    let ask = MakeToken {
        name: "bot".to_owned(),
        scope: Scope::Read,
        expires_ms: Some(parts.app.clock().now_ms() + 60_000),
    };
    let made = tokens::make(&parts.app, person, ask).await.unwrap();
    let shown = Shown::Token(secret::hash(&made.secret.0));
    let caller = callers::enter(&parts.app, shown).await.unwrap();
    let (session, _) = Session::open(parts.app.clone(), caller, None)
        .await
        .unwrap();
    assert!(!session.has_expired());
    parts
        .app
        .clock()
        .advance(std::time::Duration::from_secs(60));
    assert!(session.has_expired());
    drop(session);
    parts.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_hashed_with_weaker_figures_is_hashed_anew_by_signing_in() {
    let parts = parts().await;
    let person = parts.register("ming").await.person;
    let hash_of = async || {
        let read = parts
            .app
            .store()
            .read(move |connection| store::accounts::account(connection, person));
        read.await.unwrap().unwrap().password_hash
    };
    // The usual password, with 8 MiB and one pass.
    let weak = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weak);
    let to: argon2::PasswordHash = argon2::PasswordHasher::hash_password_with_salt(
        &weak,
        PASSWORD.as_bytes(),
        b"sixteen bytes ok",
    )
    .unwrap();
    let change = ledger::accounts::Change::Rehash {
        person,
        from: hash_of().await,
        to: to.to_string(),
    };
    let change = Change::Account(Box::new(change));
    parts.app.ledger().make(change).await.unwrap();
    let ask = || SignIn {
        user_name: "ming".to_owned(),
        password: Secret::from(PASSWORD),
        code: None,
        recovery_code: None,
    };
    // Two at once: one of them finds that the hash became another meanwhile.
    let (one, other) = tokio::join!(
        sessions::sign_in(&parts.app, String::new(), ask()),
        sessions::sign_in(&parts.app, String::new(), ask())
    );
    one.unwrap();
    other.unwrap();
    let hash = hash_of().await;
    assert!(hash.contains("m=19456,t=2,p=1"), "{hash}");
    parts.end().await;
}
