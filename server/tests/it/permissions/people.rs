//! Every route of groups, messages, contacts and talks of two, against everyone who may stand in some way to them.
//!
//! A route of these nouns that the server describes and that has no row here fails the test.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::{WHO, World};
use super::{Cell, DONE, LAST, MADE, NOTHING, OK, OUT, ROLE, SCOPE, routes};

const BROKEN: Cell = (400, "picture_unreadable");
const FRIENDS: Cell = (403, "not_friends");
const BANNED: Cell = (403, "banned");
const YOURSELF: Cell = (400, "yourself");
const ARCHIVED: Cell = (409, "archived");

/// What the addresses of these routes begin with.
const NOUNS: [&str; 10] = [
    "/conversations",
    "/groups",
    "/group-invitations",
    "/contacts",
    "/friends",
    "/blocks",
    "/remarks",
    "/direct",
    "/people/found",
    "/people/{id}/profile",
];

/// A route, what is asked of it, and what each of [`WHO`] is answered.
struct Row {
    /// As it is described.
    route: &'static str,
    /// As it is asked.
    path: &'static str,
    body: Value,
    cells: [Cell; 14],
}

fn row(route: &'static str, path: &'static str, body: Value, cells: [Cell; 14]) -> Row {
    Row {
        route,
        path,
        body,
        cells,
    }
}

/// The cells of a route that reads: one for everyone with an account.
fn reads(cell: Cell) -> [Cell; 14] {
    by_asker(false, [cell; 8])
}

/// The cells of a route by which something of a private group is read or written, for a member, an
/// administrator and the owner. To everyone else the group is not there.
fn within(writes: bool, member: Cell, administrator: Cell, owner: Cell) -> [Cell; 14] {
    let out = NOTHING;
    by_asker(
        writes,
        [out, out, out, out, out, member, administrator, owner],
    )
}

/// The cells of a route for everyone with an account, from the outsider to the owner.
fn by_asker(writes: bool, cells: [Cell; 8]) -> [Cell; 14] {
    let [
        outsider,
        friend,
        blocked,
        former,
        banned,
        member,
        administrator,
        owner,
    ] = cells;
    let by_reader = if writes { SCOPE } else { owner };
    [
        OUT,
        OUT,
        outsider,
        friend,
        blocked,
        former,
        banned,
        member,
        administrator,
        owner,
        OUT,
        by_reader,
        owner,
        owner,
    ]
}

/// The cells of a route by which someone does something to the owner: six friends or none of theirs, and
/// who is blocked.
fn towards_owner(outsider: Cell, friend: Cell, blocked: Cell, owner: Cell) -> [Cell; 14] {
    by_asker(
        true,
        [
            outsider, friend, blocked, friend, friend, friend, friend, owner,
        ],
    )
}

#[rustfmt::skip]
fn of_groups() -> Vec<Row> {
    let none = Value::Null;
    let expiry = parley_server::clock::now_ms() + 3_600_000;
    vec![
        row("GET /groups", "/groups", none.clone(), reads(OK)),
        row("POST /groups", "/groups", json!({"name": "Mine", "public": true}), by_asker(true, [MADE; 8])),
        row("POST /groups", "/groups", json!({"name": "Mine", "public": true, "people": ["{owner}"]}), towards_owner(FRIENDS, MADE, FRIENDS, MADE)),
        //                                                                                                         member   administrator  owner
        row("GET /groups/{id}", "/groups/{group}", none.clone(),                                   within(false,   OK,      OK,            OK)),
        row("GET /groups/{id}", "/groups/{archived}", none.clone(),                                within(false,   OK,      OK,            OK)),
        row("PATCH /groups/{id}", "/groups/{group}", json!({"name": "Meadow"}),                    within(true,    ROLE,    OK,            OK)),
        row("PATCH /groups/{id}", "/groups/{group}", json!({"about": "Flowers"}),                  within(true,    ROLE,    OK,            OK)),
        row("PATCH /groups/{id}", "/groups/{group}", json!({"public": true}),                      within(true,    ROLE,    ROLE,          OK)),
        row("PATCH /groups/{id}", "/groups/{group}", json!({"archived": true}),                    within(true,    ROLE,    ROLE,          OK)),
        row("PATCH /groups/{id}", "/groups/{archived}", json!({"archived": false}),                within(true,    ROLE,    ROLE,          OK)),
        row("PATCH /groups/{id}", "/groups/{archived}", json!({"name": "Meadow"}),                 within(true,    ROLE,    ARCHIVED,      ARCHIVED)),
        row("POST /groups/{id}/join", "/groups/{group}/join", json!({}),                           within(true,    OK,      OK,            OK)),
        row("PUT /groups/{id}/picture", "/groups/{group}/picture", none.clone(),                   within(true,    ROLE,    BROKEN,        BROKEN)),
        row("DELETE /groups/{id}/picture", "/groups/{group}/picture", none.clone(),                within(true,    ROLE,    OK,            OK)),
        row("GET /groups/{id}/members", "/groups/{group}/members", none.clone(),                   within(false,   OK,      OK,            OK)),
        row("GET /groups/{id}/members", "/groups/{archived}/members", none.clone(),                within(false,   OK,      OK,            OK)),
        row("POST /groups/{id}/members", "/groups/{group}/members", json!({"people": ["{target}"]}), within(true,  OK,      OK,            OK)),
        row("POST /groups/{id}/members", "/groups/{group}/members", json!({"people": ["{friend}"]}), within(true,  FRIENDS, FRIENDS,       OK)),
        row("POST /groups/{id}/members", "/groups/{group}/members", json!({"people": ["{banned}"]}), within(true,  FRIENDS, FRIENDS,       BANNED)),
        row("POST /groups/{id}/members", "/groups/{group}/members", json!({"people": ["{outsider}"]}), within(true, FRIENDS, FRIENDS,      FRIENDS)),
        row("POST /groups/{id}/members", "/groups/{archived}/members", json!({"people": ["{friend}"]}), within(true, ARCHIVED, ARCHIVED,   ARCHIVED)),
        row("DELETE /groups/{id}/members/{person}", "/groups/{group}/members/{me}", none.clone(),  within(true,    DONE,    DONE,          LAST)),
        row("DELETE /groups/{id}/members/{person}", "/groups/{group}/members/{target}", none.clone(), within(true, ROLE,    DONE,          DONE)),
        row("DELETE /groups/{id}/members/{person}", "/groups/{archived}/members/{target}", none.clone(), within(true, ROLE, ARCHIVED,      ARCHIVED)),
        row("DELETE /groups/{id}/members/{person}", "/groups/{group}/members/{friend}", none.clone(), within(true, ROLE,    NOTHING,       NOTHING)),
        row("DELETE /groups/{id}/members/{person}", "/groups/{group}/members/{owner}", none.clone(), within(true,  ROLE,    ROLE,          LAST)),
        row("PUT /groups/{id}/members/{person}/role", "/groups/{group}/members/{target}/role", json!({"role": "administrator"}), within(true, ROLE, ROLE, OK)),
        row("PUT /groups/{id}/members/{person}/role", "/groups/{group}/members/{administrator}/role", json!({"role": "member"}), within(true, ROLE, ROLE, OK)),
        row("PUT /groups/{id}/members/{person}/role", "/groups/{group}/members/{target}/role", json!({"role": "owner"}), within(true, ROLE, ROLE, OK)),
        row("PUT /groups/{id}/members/{person}/role", "/groups/{group}/members/{me}/role", json!({"role": "owner"}), within(true, ROLE, ROLE, YOURSELF)),
        row("GET /groups/{id}/bans", "/groups/{group}/bans", none.clone(),                         within(false,   ROLE,    OK,            OK)),
        row("PUT /groups/{id}/bans/{person}", "/groups/{group}/bans/{target}", json!({}),          within(true,    ROLE,    DONE,          DONE)),
        row("PUT /groups/{id}/bans/{person}", "/groups/{group}/bans/{friend}", json!({}),          within(true,    ROLE,    DONE,          DONE)),
        row("PUT /groups/{id}/bans/{person}", "/groups/{group}/bans/{administrator}", json!({}),   within(true,    ROLE,    YOURSELF,      DONE)),
        row("PUT /groups/{id}/bans/{person}", "/groups/{group}/bans/{owner}", json!({}),           within(true,    ROLE,    ROLE,          YOURSELF)),
        row("DELETE /groups/{id}/bans/{person}", "/groups/{group}/bans/{banned}", none.clone(),    within(true,    ROLE,    DONE,          DONE)),
        row("GET /groups/{id}/invitations", "/groups/{group}/invitations", none.clone(),           within(false,   ROLE,    OK,            OK)),
        row("POST /groups/{id}/invitations", "/groups/{group}/invitations", json!({"uses": 1, "expires_ms": expiry}), within(true, ROLE, MADE, MADE)),
        row("POST /groups/{id}/invitations", "/groups/{archived}/invitations", json!({"uses": 1, "expires_ms": expiry}), within(true, ROLE, ARCHIVED, ARCHIVED)),
        row("DELETE /groups/{id}/invitations/{invitation}", "/groups/{group}/invitations/{invitation}", none, within(true, ROLE, DONE, DONE)),
        row("POST /group-invitations/shown", "/group-invitations/shown", json!({"code": "{code}"}), [OK; 14]),
        row("POST /group-invitations/accepted", "/group-invitations/accepted", json!({"code": "{code}"}), by_asker(true, [OK, OK, OK, OK, BANNED, OK, OK, OK])),
    ]
}

/// What one may know of the messages of a conversation: whoever sits there, and to everyone else, a guest as
/// well, it is not there.
#[rustfmt::skip]
fn of_messages() -> Vec<Row> {
    const VERSIONS: &str = "GET /conversations/{id}/messages/{message}/versions";
    const RECEIPTS: &str = "GET /conversations/{id}/messages/{message}/receipts";
    let (none, out) = (Value::Null, NOTHING);
    let asked_by_guests = |mut cells: [Cell; 14]| { cells[1] = NOTHING; cells };
    //                                                  outsider friend blocked former banned member administrator owner
    let of_two = |friend, blocked| by_asker(false, [out, friend, blocked, out, out, out, out, OK]);
    vec![
        row(VERSIONS, "/conversations/{group}/messages/{said in group}/versions", none.clone(), asked_by_guests(within(false, OK, OK, OK))),
        row(VERSIONS, "/conversations/{archived}/messages/{said in archived}/versions", none.clone(), asked_by_guests(within(false, OK, OK, OK))),
        row(VERSIONS, "/conversations/{direct}/messages/{said in direct}/versions", none.clone(), asked_by_guests(of_two(OK, out))),
        row(VERSIONS, "/conversations/{apart}/messages/{said in apart}/versions", none.clone(), asked_by_guests(of_two(out, OK))),
        row(VERSIONS, "/conversations/{notes}/messages/{said in notes}/versions", none.clone(), asked_by_guests(of_two(out, out))),
        // The owner wrote all of them.
        row(RECEIPTS, "/conversations/{group}/messages/{said in group}/receipts", none.clone(), within(false, out, out, OK)),
        row(RECEIPTS, "/conversations/{archived}/messages/{said in archived}/receipts", none.clone(), within(false, out, out, OK)),
        row(RECEIPTS, "/conversations/{direct}/messages/{said in direct}/receipts", none.clone(), of_two(out, out)),
        row(RECEIPTS, "/conversations/{apart}/messages/{said in apart}/receipts", none.clone(), of_two(out, out)),
        row(RECEIPTS, "/conversations/{notes}/messages/{said in notes}/receipts", none.clone(), reads(out)),
        row(RECEIPTS, "/conversations/{group}/messages/{said in direct}/receipts", none, reads(out)),
    ]
}

#[rustfmt::skip]
fn of_contacts() -> Vec<Row> {
    let none = Value::Null;
    let mut profile = towards_owner(OK, OK, OK, OK);
    profile[11] = OK;
    vec![
        row("GET /contacts", "/contacts?list=friends", none.clone(), reads(OK)),
        row("GET /people/found", "/people/found?name=host", none.clone(), reads(OK)),
        row("GET /people/{id}/profile", "/people/{owner}/profile", none.clone(), profile),
        row("GET /remarks", "/remarks", none.clone(), reads(OK)),
        //                                                                                       outsider friend blocked  owner
        row("PUT /friends/{id}", "/friends/{owner}", json!({}),                    towards_owner(OK,      OK,    OK,      YOURSELF)),
        row("DELETE /friends/{id}", "/friends/{owner}", none.clone(),              towards_owner(OK,      OK,    OK,      YOURSELF)),
        row("PUT /blocks/{id}", "/blocks/{owner}", json!({}),                      towards_owner(OK,      OK,    OK,      YOURSELF)),
        row("DELETE /blocks/{id}", "/blocks/{owner}", none,                        towards_owner(OK,      OK,    OK,      YOURSELF)),
        row("PUT /remarks/{id}", "/remarks/{owner}", json!({"remark": "Host"}),    towards_owner(OK,      OK,    OK,      YOURSELF)),
        // A talk that is there stays there, though nothing can be said in it any more.
        row("PUT /direct/{id}", "/direct/{owner}", json!({}),                      towards_owner(FRIENDS, OK,    OK,      OK)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_groups_messages_and_contacts_answers_everyone_as_the_table_says() {
    let mut world = World::new().await;
    let mut wrong = Vec::new();
    let (mut cells, mut rows) = (0, BTreeSet::new());
    for Row {
        route,
        path,
        body,
        cells: expected,
    } in of_groups()
        .into_iter()
        .chain(of_messages())
        .chain(of_contacts())
    {
        rows.insert(route.to_owned());
        let (method, _) = route.split_once(' ').unwrap();
        for (index, (status, code)) in expected.into_iter().enumerate() {
            let mut asker = world.people[index].clone();
            let path = world.spelled(path).replace("{me}", &me(&mut asker).await);
            let body = Some(&body).filter(|body| !body.is_null());
            let body = body.map(|body| world.spelled(&body.to_string()));
            let (kind, body) = match &body {
                Some(body) => (Some("application/json"), body.as_bytes()),
                None if method == "PUT" => (Some("image/png"), b"none".as_slice()),
                None => (None, b"".as_slice()),
            };
            let reply = asker.ask_raw(method, &path, kind, body).await;
            let found = (reply.status, reply.code().to_owned());
            cells += 1;
            if found != (status, code.to_owned()) {
                let expected = (status, code);
                let who = WHO[index];
                wrong.push(format!(
                    "{method} {path} by {who}: {found:?} and not {expected:?}"
                ));
            }
            if reply.status < 300 && method != "GET" {
                world.restore().await;
            }
        }
    }
    let mut described = routes(&world.app).await;
    described.retain(|route| {
        let (_, path) = route.split_once(' ').unwrap();
        NOUNS.iter().any(|noun| path.starts_with(noun))
    });
    assert_eq!(rows, described, "each route has its row");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{cells} cells: {} routes, {} askers", rows.len(), WHO.len());
}

/// Who asks, for what stands in an address; someone who is nobody here is somebody who is not there.
async fn me(asker: &mut crate::browser::Browser) -> String {
    let me = asker.clone().get("/me").await;
    let id = me.json["person"]["id"].as_str().map(str::to_owned);
    id.unwrap_or_else(|| "1".repeat(32))
}
