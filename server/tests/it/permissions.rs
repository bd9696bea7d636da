//! Who may do what over HTTP: every route against everyone, cell by cell, on a real server.
//!
//! A route that the server describes and that has no row here fails the test, and a row whose route is
//! not described does as well. Each cell asks with a body that would do: so 2xx, or the code with which
//! the rules themselves refuse it, says that the asker may.

use std::collections::BTreeSet;

use parley_server::clock;
use parley_shared::model::Scope;
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};
use serde_json::{Value, json};

use crate::accounts::open_app;
use crate::browser::{Browser, PASSWORD, description};
use crate::raw::Raw;
use crate::scene::TestApp;

mod commands;
mod people;
mod world;

/// Everyone who asks, in the order of the columns.
const WHO: [&str; 10] = [
    "stranger",
    "guest",
    "member",
    "administrator",
    "owner",
    "deactivated",
    "read token",
    "write token",
    "manage token",
    "foreign origin",
];

/// What is expected: a status, and the code of a refusal.
type Cell = (u16, &'static str);

const OK: Cell = (200, "");
const MADE: Cell = (201, "");
const DONE: Cell = (204, "");
const OUT: Cell = (401, "sign_in_needed");
const ROLE: Cell = (403, "role_too_small");
const SCOPE: Cell = (403, "scope_too_small");
const SESSION: Cell = (403, "session_needed");
const ORIGIN: Cell = (403, "foreign_origin");
const NAMED: Cell = (409, "user_name_taken");
const HAS: Cell = (409, "already_registered");
const LAST: Cell = (409, "last_owner");
const WRONG: Cell = (403, "wrong_password");
const NO_CODE: Cell = (404, "unknown_reset_code");
const NO_INVITATION: Cell = (404, "unknown_invitation");
const OFF: Cell = (409, "second_factor_off");
const NOTHING: Cell = (404, "not_found");
const UNREAD: Cell = (400, "malformed");
const BROKEN: Cell = (400, "picture_unreadable");
const NO_MAIL: Cell = (409, "no_mail");

/// A route with who may: the cells stand in the order of [`WHO`]. Tokens are an owner's.
type Row = (&'static str, &'static str, fn() -> Value, [Cell; 10]);

fn none() -> Value {
    Value::Null
}

#[rustfmt::skip]
#[expect(
    clippy::too_many_lines,
    reason = "a table is not clearer in two parts"
)]
fn table() -> Vec<Row> {
    let expiry = || json!({"uses": 1, "expires_ms": clock::now_ms() + 3_600_000});
    vec![
        //                                                                      stranger       guest          member         administrator  owner          deactivated    read token     write token    manage token   foreign
        ("GET", "/server", none,                                               [OK,            OK,            OK,            OK,            OK,            OK,            OK,            OK,            OK,            ORIGIN]),
        ("PUT", "/server/policy", || json!({"registration": "open", "guests": true, "contact": "friends"}),
                                                                               [OUT,           OUT,           ROLE,          ROLE,          OK,            OUT,           SCOPE,         SCOPE,         OK,            ORIGIN]),
        ("POST", "/accounts", || json!({"user_name": "owner", "password": PASSWORD}),
                                                                               [NAMED,         NAMED,         HAS,           HAS,           HAS,           NAMED,         HAS,           HAS,           HAS,           ORIGIN]),
        ("POST", "/password-resets", || json!({"user_name": "member", "code": "x", "password": PASSWORD}),
                                                                               [NO_CODE,       NO_CODE,       NO_CODE,       NO_CODE,       NO_CODE,       NO_CODE,       NO_CODE,       NO_CODE,       NO_CODE,       ORIGIN]),
        ("POST", "/sessions", || json!({"user_name": "someone", "password": PASSWORD}),
                                                                               [MADE,          MADE,          MADE,          MADE,          MADE,          MADE,          MADE,          MADE,          MADE,          ORIGIN]),
        ("GET", "/sessions", none,                                             [OUT,           OUT,           OK,            OK,            OK,            OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("DELETE", "/sessions", none,                                          [OUT,           OUT,           DONE,          DONE,          DONE,          OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("DELETE", "/sessions/{id}", none,                                     [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("DELETE", "/sessions/current", none,                                  [OUT,           OUT,           DONE,          DONE,          DONE,          OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("GET", "/me", none,                                                   [OUT,           OK,            OK,            OK,            OK,            OUT,           OK,            OK,            OK,            ORIGIN]),
        ("PATCH", "/me", || json!({"name": "Name"}),                           [OUT,           OK,            OK,            OK,            OK,            OUT,           SCOPE,         OK,            OK,            ORIGIN]),
        ("DELETE", "/me", || json!({"password": "not the password"}),          [OUT,           OUT,           WRONG,         WRONG,         WRONG,         OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("GET", "/me/export", none,                                            [OUT,           OUT,           OK,            OK,            OK,            OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("PUT", "/me/password", || json!({"current": PASSWORD, "new": PASSWORD}),
                                                                               [OUT,           OUT,           DONE,          DONE,          DONE,          OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("POST", "/me/second-factor", || json!({"password": PASSWORD}),        [OUT,           OUT,           MADE,          MADE,          MADE,          OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("PUT", "/me/second-factor", || json!({"code": "123456"}),             [OUT,           OUT,           OFF,           OFF,           OFF,           OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("DELETE", "/me/second-factor", || json!({"password": PASSWORD}),      [OUT,           OUT,           OFF,           OFF,           OFF,           OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("GET", "/tokens", none,                                               [OUT,           OUT,           OK,            OK,            OK,            OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("POST", "/tokens", || json!({"name": "bot", "scope": "read"}),        [OUT,           OUT,           MADE,          MADE,          MADE,          OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("DELETE", "/tokens/{id}", none,                                       [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SESSION,       SESSION,       SESSION,       ORIGIN]),
        ("GET", "/invitations", none,                                          [OUT,           OUT,           ROLE,          OK,            OK,            OUT,           SCOPE,         SCOPE,         OK,            ORIGIN]),
        ("POST", "/invitations", expiry,                                       [OUT,           OUT,           ROLE,          MADE,          MADE,          OUT,           SCOPE,         SCOPE,         MADE,          ORIGIN]),
        ("POST", "/invitations/check", || json!({"code": "x"}),                [NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, ORIGIN]),
        ("DELETE", "/invitations/{id}", none,                                  [OUT,           OUT,           ROLE,          NOTHING,       NOTHING,       OUT,           SCOPE,         SCOPE,         NOTHING,       ORIGIN]),
        ("GET", "/people", none,                                               [OUT,           OUT,           ROLE,          OK,            OK,            OUT,           SCOPE,         SCOPE,         OK,            ORIGIN]),
        ("PUT", "/people/{id}/role", || json!({"role": "member"}),             [OUT,           OUT,           ROLE,          ROLE,          LAST,          OUT,           SCOPE,         SCOPE,         LAST,          ORIGIN]),
        ("PUT", "/people/{id}/active", || json!({"active": false}),            [OUT,           OUT,           ROLE,          ROLE,          LAST,          OUT,           SCOPE,         SCOPE,         LAST,          ORIGIN]),
        ("GET", "/contacts", none,                                             [OUT,           OUT,           UNREAD,        UNREAD,        UNREAD,        OUT,           UNREAD,        UNREAD,        UNREAD,        ORIGIN]),
        ("GET", "/people/found", none,                                         [OUT,           OUT,           OK,            OK,            OK,            OUT,           OK,            OK,            OK,            ORIGIN]),
        ("GET", "/people/{id}/profile", none,                                  [OUT,           OUT,           OK,            OK,            OK,            OUT,           OK,            OK,            OK,            ORIGIN]),
        ("PUT", "/friends/{id}", || json!({}),                                 [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("DELETE", "/friends/{id}", none,                                      [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("PUT", "/blocks/{id}", || json!({}),                                  [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("DELETE", "/blocks/{id}", none,                                       [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("GET", "/remarks", none,                                              [OUT,           OUT,           OK,            OK,            OK,            OUT,           OK,            OK,            OK,            ORIGIN]),
        ("PUT", "/remarks/{id}", || json!({"remark": "x"}),                    [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("PUT", "/me/picture", none,                                           [OUT,           OUT,           BROKEN,        BROKEN,        BROKEN,        OUT,           SCOPE,         BROKEN,        BROKEN,        ORIGIN]),
        ("DELETE", "/me/picture", none,                                        [OUT,           OUT,           OK,            OK,            OK,            OUT,           SCOPE,         OK,            OK,            ORIGIN]),
        ("GET", "/pictures/{id}", none,                                        [OUT,           NOTHING,       NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("POST", "/password-resets/mail", || json!({"name": "member"}),        [NO_MAIL,       NO_MAIL,       NO_MAIL,       NO_MAIL,       NO_MAIL,       NO_MAIL,       NO_MAIL,       NO_MAIL,       NO_MAIL,       ORIGIN]),
        ("PUT", "/direct/{id}", || json!({}),                                  [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("GET", "/conversations/{id}/messages/{message}/versions", none,       [OUT,           NOTHING,       NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("GET", "/conversations/{id}/messages/{message}/receipts", none,       [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("POST", "/people/{id}/reset-code", || json!({}),                      [OUT,           OUT,           ROLE,          ROLE,          MADE,          OUT,           SCOPE,         SCOPE,         MADE,          ORIGIN]),
        ("GET", "/groups", none,                                               [OUT,           OUT,           OK,            OK,            OK,            OUT,           OK,            OK,            OK,            ORIGIN]),
        ("POST", "/groups", || json!({"name": "Garden", "public": true}),      [OUT,           OUT,           MADE,          MADE,          MADE,          OUT,           SCOPE,         MADE,          MADE,          ORIGIN]),
        ("GET", "/groups/{id}", none,                                          [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("PATCH", "/groups/{id}", || json!({"name": "Meadow"}),                [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("POST", "/groups/{id}/join", || json!({}),                            [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("PUT", "/groups/{id}/picture", none,                                  [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("DELETE", "/groups/{id}/picture", none,                               [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("GET", "/groups/{id}/members", none,                                  [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("POST", "/groups/{id}/members", || json!({"people": []}),             [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("DELETE", "/groups/{id}/members/{person}", none,                      [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("PUT", "/groups/{id}/members/{person}/role", || json!({"role": "member"}), [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("GET", "/groups/{id}/bans", none,                                     [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("PUT", "/groups/{id}/bans/{person}", || json!({}),                    [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("DELETE", "/groups/{id}/bans/{person}", none,                         [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("GET", "/groups/{id}/invitations", none,                              [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           NOTHING,       NOTHING,       NOTHING,       ORIGIN]),
        ("POST", "/groups/{id}/invitations", expiry,                           [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("DELETE", "/groups/{id}/invitations/{invitation}", none,              [OUT,           OUT,           NOTHING,       NOTHING,       NOTHING,       OUT,           SCOPE,         NOTHING,       NOTHING,       ORIGIN]),
        ("POST", "/group-invitations/shown", || json!({"code": "x"}),          [NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, NO_INVITATION, ORIGIN]),
        ("POST", "/group-invitations/accepted", || json!({"code": "x"}),       [OUT,           OUT,           NO_INVITATION, NO_INVITATION, NO_INVITATION, OUT,           SCOPE,         NO_INVITATION, NO_INVITATION, ORIGIN]),
    ]
}

/// Everyone who asks, each fresh for one row.
async fn cast(app: &TestApp, owner: &mut Browser) -> Vec<Browser> {
    let mut guest = Browser::at(app);
    drop(guest.enter_as_guest().await);
    let mut people = vec![Browser::at(app), guest];
    for (name, role) in [("member", None), ("administrator", Some("administrator"))] {
        let mut person = Browser::registered(app, name).await;
        if let Some(role) = role {
            let path = format!("/people/{}/role", id_of(&mut person).await);
            owner.put(&path, json!({"role": role})).await.ok();
        }
        people.push(person);
    }
    people.push(owner.clone());
    let mut deactivated = Browser::registered(app, "deactivated").await;
    let path = format!("/people/{}/active", id_of(&mut deactivated).await);
    owner.put(&path, json!({"active": false})).await.ok();
    people.push(deactivated);
    for scope in ["read", "write", "manage"] {
        let made = owner
            .post("/tokens", json!({"name": scope, "scope": scope}))
            .await
            .ok();
        people.push(Browser::program(app, made["secret"].as_str().unwrap()));
    }
    let mut foreign = owner.clone();
    foreign.origin = Some("https://evil.example".to_owned());
    people.push(foreign);
    Browser::registered(app, "someone").await;
    people
}

async fn id_of(browser: &mut Browser) -> String {
    let me = browser.get("/me").await.ok();
    me["person"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everyone_as_the_table_says() {
    let mut cells = 0;
    let mut wrong = Vec::new();
    let mut rows = BTreeSet::new();
    let mut described = BTreeSet::new();
    for (method, path, body, expected) in table() {
        rows.insert(format!("{method} {path}"));
        let (mut app, mut owner) = open_app().await;
        let owner_id = id_of(&mut owner).await;
        let mut people = cast(&app, &mut owner).await;
        if described.is_empty() {
            described = routes(&app).await;
        }
        // A person's id is the owner's, whom it is hardest to touch; other ids are of nothing.
        let id = if path.starts_with("/people") {
            owner_id
        } else {
            "1".repeat(32)
        };
        let mut asked = path.replace("{id}", &id);
        for other in ["{person}", "{invitation}", "{message}"] {
            asked = asked.replace(other, &id);
        }
        // The owner comes last: what they do may end what others show.
        for index in [0, 1, 2, 3, 5, 6, 7, 8, 9, 4] {
            let body = Some(body()).filter(|body| !body.is_null());
            let reply = if method == "PUT" && path.ends_with("/picture") {
                let kind = Some("image/png");
                people[index].ask_raw(method, &asked, kind, b"none").await
            } else {
                people[index].ask(method, &asked, body).await
            };
            let found = (reply.status, reply.code().to_owned());
            let (status, code) = expected[index];
            cells += 1;
            if found != (status, code.to_owned()) {
                let who = WHO[index];
                wrong.push(format!(
                    "{method} {path} by {who}: {found:?} and not {:?}",
                    (status, code)
                ));
            }
        }
        app.stop().await;
    }
    assert_eq!(
        rows, described,
        "each route has its row, and each row its route"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{cells} cells: {} routes, {} askers", rows.len(), WHO.len());
}

/// The routes that the server describes.
async fn routes(app: &TestApp) -> BTreeSet<String> {
    let paths = description(app.address).await["paths"].as_object().unwrap();
    let mut routes = BTreeSet::new();
    for (path, operations) in paths {
        for method in operations.as_object().unwrap().keys() {
            routes.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_the_api_has_every_route_and_no_other() {
    let (app, _) = open_app().await;
    let page = include_str!("../../../docs/http-api.md");
    let (_, table) = page.split_once("\n## Routes\n").unwrap();
    let written: BTreeSet<String> = table
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            format!("{} {}", cells[1], cells[2].trim_matches('`'))
        })
        .filter(|route| route != "GET /openapi.json")
        .collect();
    assert_eq!(written, routes(&app).await);
}

/// What a token must allow for a command. A command without a line here does not compile.
fn needed(command: &ClientCommand) -> Scope {
    match command {
        ClientCommand::Send { .. }
        | ClientCommand::Edit { .. }
        | ClientCommand::Delete { .. }
        | ClientCommand::MarkUnread { .. }
        | ClientCommand::Delivered { .. }
        | ClientCommand::Rename { .. }
        | ClientCommand::Read { .. }
        | ClientCommand::Typing { .. } => Scope::Write,
        ClientCommand::Hello { .. }
        | ClientCommand::History { .. }
        | ClientCommand::Changes { .. }
        | ClientCommand::Entries { .. }
        | ClientCommand::People { .. }
        | ClientCommand::Conversations { .. }
        | ClientCommand::Conversation { .. }
        | ClientCommand::Open { .. }
        | ClientCommand::Watch { .. }
        | ClientCommand::Ping => Scope::Read,
    }
}

/// One of each command, with which the table goes through them all.
fn commands(lobby: parley_shared::ids::ConversationId) -> Vec<ClientCommand> {
    use parley_shared::ids::Seq;
    use parley_shared::protocol::ChatMessage;
    vec![
        ClientCommand::Hello { protocol: 1 },
        ClientCommand::Send {
            id: crate::client::mint(),
            conversation: lobby,
            body: ChatMessage::Text {
                text: "hello".to_owned(),
            },
        },
        ClientCommand::Edit {
            id: crate::client::mint(),
            conversation: lobby,
            message: crate::client::mint(),
            body: ChatMessage::Text {
                text: "hello".to_owned(),
            },
        },
        ClientCommand::Delete {
            id: crate::client::mint(),
            conversation: lobby,
            message: crate::client::mint(),
        },
        ClientCommand::History {
            conversation: lobby,
            before: None,
        },
        ClientCommand::Changes {
            conversation: lobby,
            since: Seq::ZERO,
        },
        ClientCommand::Entries {
            conversation: lobby,
            after: Seq::ZERO,
        },
        ClientCommand::People { ids: Vec::new() },
        ClientCommand::Conversations {
            before: None,
            since: None,
        },
        ClientCommand::Conversation {
            conversation: lobby,
        },
        ClientCommand::Open {
            conversation: lobby,
        },
        ClientCommand::Watch { people: Vec::new() },
        ClientCommand::Read {
            conversation: lobby,
            through: Seq(1),
        },
        ClientCommand::Delivered { marks: Vec::new() },
        ClientCommand::MarkUnread {
            conversation: lobby,
            from: Seq(1),
        },
        ClientCommand::Rename {
            name: "Name".to_owned(),
        },
        ClientCommand::Typing {
            conversation: lobby,
        },
        ClientCommand::Ping,
    ]
}

/// Says a command and then a ping, and gives the refusal that came before the pong, if one did.
async fn refusal_of(connection: &mut Raw, command: &ClientCommand) -> Option<Refusal> {
    connection
        .say(&parley_shared::codec::encode_command(command))
        .await;
    // What names nothing is refused when the ledger has looked, which may be after a pong.
    let is_refused = matches!(
        command,
        ClientCommand::Edit { .. } | ClientCommand::Delete { .. }
    );
    if *command != ClientCommand::Ping && !is_refused {
        connection.say(r#"{"type":"ping"}"#).await;
    }
    let refusal = std::cell::RefCell::new(None);
    connection
        .expect("a pong", |event| match event {
            ServerEvent::Refused { reason, .. } => {
                refusal.replace(Some(reason.clone()));
                is_refused.then_some(())
            }
            ServerEvent::Pong { .. } => Some(()),
            _ => None,
        })
        .await;
    refusal.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_is_heard_from_everyone_whose_scope_allows_it() {
    let (app, mut owner) = open_app().await;
    let people = cast(&app, &mut owner).await;
    let mut cells = 0;
    for (who, person) in WHO.iter().zip(&people) {
        let connected = person.connect().await;
        let scope = match *who {
            "foreign origin" => {
                assert_eq!(connected.err().as_deref(), Some("HTTP 403"));
                continue;
            }
            // The browser of a deactivated person brings a session that has ended.
            "deactivated" => {
                assert_eq!(connected.err().as_deref(), Some("HTTP 401"));
                continue;
            }
            "read token" => Scope::Read,
            "write token" => Scope::Write,
            _ => Scope::Manage,
        };
        let mut connection = connected.unwrap();
        for command in commands(connection.lobby) {
            let needed = needed(&command);
            // Guests look at nobody, and nothing of what they read is kept.
            let is_guest = matches!(*who, "stranger" | "guest");
            let expected = match command {
                ClientCommand::Watch { .. }
                | ClientCommand::Read { .. }
                | ClientCommand::Delivered { .. }
                | ClientCommand::MarkUnread { .. }
                    if is_guest =>
                {
                    Some(Refusal::SignInNeeded)
                }
                // What they name is not there: so far they come who may.
                ClientCommand::Edit { .. } | ClientCommand::Delete { .. } if scope >= needed => {
                    Some(Refusal::UnknownMessage)
                }
                _ => (scope < needed).then_some(Refusal::ScopeTooSmall { needed }),
            };
            let found = refusal_of(&mut connection, &command).await;
            assert_eq!(found, expected, "{command:?} by {who}");
            cells += 1;
        }
    }
    println!("{cells} cells of commands");
}
