//! Who someone is between two looks: what HTTP cannot show because it is over too soon. It opens the server's parts directly.

use parley_server::account::secret;
use parley_server::actions::{accounts, callers, sessions};
use parley_server::app::App;
use parley_server::credentials::Shown;
use parley_server::ledger::{self, Change, Running};
use parley_server::session::Session;
use parley_server::store;
use parley_shared::api::Secret;
use parley_shared::api::account::{Register, SignIn};
use parley_shared::ids::{SessionId, UserId};
use parley_shared::limits::SESSIONS_MAX;
use parley_shared::protocol::Refusal;
use tempfile::TempDir;

use crate::browser::PASSWORD;
use crate::scene::config;

struct Parts {
    app: App,
    running: Running,
    _dir: TempDir,
}

async fn parts() -> Parts {
    let dir = tempfile::tempdir().unwrap();
    let (app, running) = App::open(config(dir.path())).await.unwrap();
    Parts {
        app,
        running,
        _dir: dir,
    }
}

impl Parts {
    async fn register(&self, user_name: &str) -> accounts::Registered {
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

    async fn end(self) {
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
    let opened = Session::open(parts.app.clone(), caller.clone()).await;
    drop(opened.unwrap());
    let id = parts.sessions_of(registered.person).await[0].id;
    sessions::end(&parts.app, registered.person, id)
        .await
        .unwrap();
    let refused = Session::open(parts.app.clone(), caller).await;
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
