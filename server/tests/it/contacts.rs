//! Friends, requests, blocks and names for others, as people use them and as they misuse them.

use parley_server::account::user_name;
use parley_server::store::{Store, accounts, people};
use parley_shared::ids::UserId;
use parley_shared::model::{Contact, Relation, Role};
use parley_shared::protocol::ServerEvent;
use serde_json::{Value, json};

use crate::accounts::open_app;
use crate::browser::Browser;
use crate::raw::Raw;
use crate::scene::TestApp;

mod blocks;
mod bounds;
mod found;
mod names;
mod profiles;
mod talking;

/// Someone with an account, who is connected.
pub(crate) struct Someone {
    pub(crate) browser: Browser,
    pub(crate) id: String,
    pub(crate) wire: Raw,
}

impl Someone {
    pub(crate) async fn new(app: &TestApp, name: &str) -> Self {
        Self::of(Browser::registered(app, name).await).await
    }

    pub(crate) async fn of(mut browser: Browser) -> Self {
        let me = browser.get("/me").await.ok();
        let wire = browser.connect().await.unwrap();
        Self {
            id: me["person"]["id"].as_str().unwrap().to_owned(),
            browser,
            wire,
        }
    }

    pub(crate) async fn befriend(&mut self, other: &str) -> Value {
        let path = format!("/friends/{other}");
        self.browser.put(&path, json!({})).await.ok()
    }

    pub(crate) async fn block(&mut self, other: &str) -> Value {
        let path = format!("/blocks/{other}");
        self.browser.put(&path, json!({})).await.ok()
    }

    async fn list(&mut self, list: &str) -> Vec<String> {
        let page = self
            .browser
            .get(&format!("/contacts?list={list}"))
            .await
            .ok();
        ids(&page)
    }

    /// How they stand to someone, as they are told next.
    async fn hears(&mut self) -> Contact {
        self.wire
            .expect("a changed contact", |event| match event {
                ServerEvent::ContactChanged { contact } => Some(contact.clone()),
                _ => None,
            })
            .await
    }

    /// That nothing about contacts was told before this.
    async fn hears_nothing(&mut self) {
        self.wire.say(r#"{"type":"ping"}"#).await;
        self.wire
            .expect("a pong and nothing about contacts", |event| match event {
                ServerEvent::ContactChanged { contact } => panic!("{contact:?}"),
                ServerEvent::Pong { .. } => Some(()),
                _ => None,
            })
            .await;
    }
}

/// Those of a page.
pub(crate) fn ids(page: &Value) -> Vec<String> {
    let contacts = page["contacts"].as_array().unwrap().iter();
    contacts
        .map(|contact| contact["person"]["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A server with two people on it.
pub(crate) async fn two() -> (TestApp, Someone, Someone) {
    let (app, _) = open_app().await;
    let ming = Someone::new(&app, "ming").await;
    let hua = Someone::new(&app, "hua").await;
    (app, ming, hua)
}

/// Makes two people friends, and has them hear of it.
pub(crate) async fn make_friends(one: &mut Someone, other: &mut Someone) {
    one.befriend(&other.id).await;
    assert_eq!(other.befriend(&one.id).await["relation"], "friend");
    for someone in [one, other] {
        while someone.hears().await.relation != Relation::Friend {}
    }
}

/// Keeps things while the server is stopped.
pub(crate) async fn keep(
    app: &mut TestApp,
    change: impl FnOnce(
        &mut parley_server::store::sqlite::Connection,
    ) -> parley_server::store::Result<()>,
) {
    app.stop().await;
    let (store, mut writer) = Store::open(app.data_dir()).unwrap();
    writer.transaction(change).unwrap();
    drop((store, writer));
    app.resume().await;
}

/// The id of the person of a number, of those whom tests keep by the thousand.
pub(crate) fn numbered(number: usize) -> UserId {
    UserId::from_bytes((number as u128 + 1).to_be_bytes())
}

/// Keeps people with an account.
pub(crate) fn keep_people(
    connection: &mut parley_server::store::sqlite::Connection,
    count: usize,
) -> parley_server::store::Result<()> {
    for number in 0..count {
        let person = numbered(number);
        people::insert_person(connection, person, 1)?;
        let new = accounts::NewAccount {
            person,
            user_name: format!("n{number:05}"),
            user_name_key: user_name::key(&format!("n{number:05}")),
            password_hash: "x".to_owned(),
            email: None,
        };
        accounts::insert(connection, &new, Role::Member, 1)?;
        people::set_name(connection, person, &format!("Number {number:05}"))?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_is_answered_is_a_friend_and_both_hear_it_at_once() {
    let (_app, mut ming, mut hua) = two().await;
    let asked = ming.befriend(&hua.id).await;
    assert_eq!(asked["relation"], "outgoing");
    assert_eq!(asked["user_name"], "hua");
    assert!(asked["since_ms"].as_u64().is_some());
    let told = hua.hears().await;
    assert_eq!(
        (told.relation, told.person.id.to_string()),
        (Relation::Incoming, ming.id.clone())
    );
    assert_eq!(ming.hears().await.relation, Relation::Outgoing);
    assert_eq!(hua.list("incoming").await, [ming.id.clone()]);
    assert_eq!(ming.list("outgoing").await, [hua.id.clone()]);
    let again = hua.browser.connect().await.unwrap();
    let ServerEvent::Welcome { requests, .. } = again.welcome else {
        panic!("a connection begins with a welcome");
    };
    assert_eq!(requests, 1);

    assert_eq!(hua.befriend(&ming.id).await["relation"], "friend");
    assert_eq!(ming.hears().await.relation, Relation::Friend);
    assert_eq!(hua.hears().await.relation, Relation::Friend);
    for someone in [&mut ming, &mut hua] {
        assert_eq!(someone.list("friends").await.len(), 1);
        assert!(someone.list("incoming").await.is_empty());
        assert!(someone.list("outgoing").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_ask_each_other_at_once_both_are_friends_every_time() {
    let app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut ming = Someone::of(Browser::registered(&app, "ming").await).await;
    let policy = json!({"registration": "open", "guests": true, "contact": "friends"});
    ming.browser.put("/server/policy", policy).await.ok();
    let mut hua = Someone::new(&app, "hua").await;
    for round in 0..50 {
        let (to_hua, to_ming) = (
            format!("/friends/{}", hua.id),
            format!("/friends/{}", ming.id),
        );
        let (one, other) = tokio::join!(
            ming.browser.put(&to_hua, json!({})),
            hua.browser.put(&to_ming, json!({}))
        );
        let relations = [one.ok()["relation"].clone(), other.ok()["relation"].clone()];
        assert!(
            relations.contains(&json!("friend")),
            "{round}: {relations:?}"
        );
        for someone in [&mut ming, &mut hua] {
            assert_eq!(someone.list("friends").await.len(), 1, "{round}");
            assert!(someone.list("outgoing").await.is_empty(), "{round}");
            assert!(someone.list("incoming").await.is_empty(), "{round}");
        }
        // And both part at once, which leaves nothing either.
        let (one, other) = tokio::join!(ming.browser.delete(&to_hua), hua.browser.delete(&to_ming));
        assert_eq!(
            [&one.ok()["relation"], &other.ok()["relation"]],
            ["none", "none"]
        );
        assert!(ming.list("friends").await.is_empty(), "{round}");
        assert!(hua.list("friends").await.is_empty(), "{round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_twice_is_asking_once_and_nobody_hears_it_again() {
    let (_app, mut ming, mut hua) = two().await;
    let first = ming.befriend(&hua.id).await;
    assert_eq!(ming.befriend(&hua.id).await, first);
    hua.hears().await;
    hua.hears_nothing().await;
    ming.hears().await;
    ming.hears_nothing().await;
    assert_eq!(hua.list("incoming").await, [ming.id.clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_back_declined_or_ended_and_both_hear_it() {
    let (_app, mut ming, mut hua) = two().await;
    let (to_hua, to_ming) = (
        format!("/friends/{}", hua.id),
        format!("/friends/{}", ming.id),
    );
    for (asker_ends, befriended) in [(true, false), (false, false), (true, true), (false, true)] {
        ming.befriend(&hua.id).await;
        if befriended {
            hua.befriend(&ming.id).await;
        }
        let ended = if asker_ends {
            ming.browser.delete(&to_hua).await.ok()
        } else {
            hua.browser.delete(&to_ming).await.ok()
        };
        assert_eq!(ended["relation"], "none");
        assert!(ended["since_ms"].is_null());
        while ming.hears().await.relation != Relation::None {}
        while hua.hears().await.relation != Relation::None {}
        for list in ["friends", "incoming", "outgoing"] {
            assert!(ming.list(list).await.is_empty() && hua.list(list).await.is_empty());
        }
        // Once more changes nothing and is no error.
        assert_eq!(ming.browser.delete(&to_hua).await.ok()["relation"], "none");
        hua.hears_nothing().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_their_own_friend_or_blocks_or_renames_themselves() {
    let (_app, mut ming, _) = two().await;
    for path in ["friends", "blocks"] {
        let path = format!("/{path}/{}", ming.id);
        ming.browser
            .put(&path, json!({}))
            .await
            .refused(400, "yourself");
        ming.browser.delete(&path).await.refused(400, "yourself");
    }
    let path = format!("/remarks/{}", ming.id);
    let reply = ming.browser.put(&path, json!({"remark": "me"})).await;
    reply.refused(400, "yourself");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_there_cannot_be_asked_and_neither_can_a_guest() {
    let (app, mut ming, _) = two().await;
    let mut guest = Browser::at(&app);
    let mut wire = guest.enter_as_guest().await;
    wire.say(r#"{"type":"rename","name":"Passer-by"}"#).await;
    wire.expect("the name", |event| {
        matches!(event, ServerEvent::PeopleChanged { .. }).then_some(())
    })
    .await;
    let guest = guest.get("/me").await.ok()["person"]["id"].clone();
    let guest = guest.as_str().unwrap();
    for id in [guest, &"1".repeat(32), "x", &"0".repeat(32)] {
        let reply = ming.browser.put(&format!("/friends/{id}"), json!({})).await;
        reply.refused(404, "not_found");
    }
    // A guest whom one has met can be blocked and known by another name.
    assert_eq!(ming.block(guest).await["blocked"], true);
    let path = format!("/remarks/{guest}");
    let named = ming
        .browser
        .put(&path, json!({"remark": "That one"}))
        .await
        .ok();
    assert_eq!(named["remark"], "That one");
    assert!(named["user_name"].is_null());
    let reply = ming
        .browser
        .put(&format!("/blocks/{}", "1".repeat(32)), json!({}))
        .await;
    reply.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_their_account_is_nobodys_friend_and_the_export_has_all_contacts() {
    let (_app, mut ming, mut hua) = two().await;
    make_friends(&mut ming, &mut hua).await;
    let path = format!("/remarks/{}", ming.id);
    hua.browser.put(&path, json!({"remark": "阿明"})).await.ok();
    hua.hears().await;
    let export = ming.browser.get("/me/export").await.ok();
    assert_eq!(export["contacts"][0]["person"]["id"], hua.id);
    assert_eq!(export["contacts"][0]["relation"], "friend");

    let confirm = json!({"password": crate::browser::PASSWORD});
    ming.browser.ask("DELETE", "/me", Some(confirm)).await.ok();
    let told = hua.hears().await;
    assert_eq!(told.relation, Relation::None);
    assert!(told.person.deleted);
    assert!(hua.list("friends").await.is_empty());
    assert_eq!(
        hua.browser.get("/remarks").await.ok(),
        json!({"remarks": []})
    );
    for path in ["friends", "blocks"] {
        let reply = hua
            .browser
            .put(&format!("/{path}/{}", ming.id), json!({}))
            .await;
        reply.refused(404, "not_found");
    }
    // Parting from whoever is gone is no error.
    let parted = hua
        .browser
        .delete(&format!("/friends/{}", ming.id))
        .await
        .ok();
    assert_eq!(parted["relation"], "none");
}
