//! Friends, requests, blocks, finding people: what is pressed reaches the API, and its answers the reader.

use gloo_timers::future::TimeoutFuture;
use parley_client::api::Method;
use parley_client::socket::SocketEvent;
use parley_shared::ids::UserId;
use parley_shared::limits::FIND_AFTER_MS;
use parley_shared::model::{Contact, Person, Relation};
use parley_shared::protocol::{ClientCommand, ServerEvent};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, me, server};
use crate::page::{Page, path};
use crate::server as said;

pub(crate) fn id(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

pub(crate) fn contact(number: u8, name: &str, relation: Relation) -> Contact {
    Contact {
        person: Person {
            name: Some(name.into()),
            ..Person::unnamed(id(number))
        },
        user_name: Some(name.to_lowercase()),
        relation,
        since_ms: (relation != Relation::None).then_some(said::NOON_MS),
        blocked: false,
        remark: None,
    }
}

pub(crate) fn written(contact: &Contact) -> Value {
    serde_json::to_value(contact).unwrap()
}

pub(crate) fn page_of(contacts: &[Contact]) -> Value {
    json!({ "contacts": contacts.iter().map(written).collect::<Vec<_>>() })
}

fn lists(desk: &Desk, list: &str, contacts: &[Contact]) {
    let address = format!("/contacts?list={list}");
    desk.answers(Method::Get, &address, 200, &page_of(contacts));
}

pub(crate) fn shows_profile(desk: &Desk, contact: &Contact, direct: bool) {
    let mut profile = written(contact);
    profile["role"] = "member".into();
    profile["about"] = "Hills and coffee".into();
    profile["status"] = "".into();
    profile["direct"] = direct.into();
    let address = format!("/people/{}/profile", contact.person.id);
    desk.answers(Method::Get, &address, 200, &profile);
}

/// A desk of someone with an account, and with these friends.
pub(crate) fn desk(friends: &[Contact]) -> Desk {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    lists(&desk, "friends", friends);
    for list in ["incoming", "outgoing", "blocked"] {
        lists(&desk, list, &[]);
    }
    desk
}

/// The page of contacts of someone who is connected.
pub(crate) async fn contacts(desk: &Desk) -> Page {
    let mut page = Page::at("/contacts", desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome_account(0)).await;
    page
}

pub(crate) async fn find(page: &Page, name: &str) {
    page.enter("find", name).await;
    TimeoutFuture::new(u32::try_from(FIND_AFTER_MS).unwrap() + 100).await;
    page.settle().await;
}

#[wasm_bindgen_test]
async fn contacts_are_for_those_who_have_an_account() {
    let desk = Desk::claimed();
    let guest = json!({ "person": { "id": "01".repeat(16) } });
    desk.answers(Method::Get, "/me", 200, &guest);
    let _page = Page::at("/contacts", &desk).await;
    assert_eq!(path(), "/sign-in");
}

#[wasm_bindgen_test]
async fn whoever_has_no_friends_reads_how_to_find_some() {
    let page = contacts(&desk(&[])).await;
    assert!(page.find("contact").is_none());
    let text = page.text_of("contacts-page");
    assert!(text.contains("No friends yet."), "{text}");
}

#[wasm_bindgen_test]
async fn lists_that_could_not_be_fetched_are_fetched_again_on_request() {
    let desk = desk(&[]);
    let refusal = json!({ "code": "unavailable" });
    for list in ["friends", "incoming"] {
        desk.refuses(
            Method::Get,
            &format!("/contacts?list={list}"),
            503,
            &refusal,
        );
    }
    let page = contacts(&desk).await;
    assert_eq!(page.all_texts("retry-listing").len(), 1, "it is said once");
    lists(&desk, "friends", &[contact(2, "Alice", Relation::Friend)]);
    lists(&desk, "incoming", &[contact(3, "Bo", Relation::Incoming)]);
    page.click("retry-listing").await;
    page.settle().await;
    assert_eq!(page.all_texts("contact-name"), ["Bo", "Alice"]);
}

#[wasm_bindgen_test]
async fn a_long_list_is_fetched_in_pages_and_its_end_is_said() {
    let desk = desk(&[]);
    let mut first = page_of(&[contact(2, "Alice", Relation::Friend)]);
    first["next"] = "after alice".into();
    desk.answers(Method::Get, "/contacts?list=friends", 200, &first);
    let second = page_of(&[contact(3, "Bo", Relation::Friend)]);
    let address = "/contacts?list=friends&after=after%20alice";
    desk.answers(Method::Get, address, 200, &second);
    let page = contacts(&desk).await;
    page.click("more-people").await;
    assert_eq!(page.all_texts("contact-name"), ["Alice", "Bo"]);
    assert!(page.find("more-people").is_none());
    let text = page.text_of("contacts-page");
    assert!(text.contains("That’s everyone."), "{text}");
}

#[wasm_bindgen_test]
async fn a_friend_is_shown_by_the_readers_name_for_them_with_their_own_beside_it() {
    let mut alice = contact(2, "Alice", Relation::Friend);
    alice.remark = Some("From the choir".into());
    let page = contacts(&desk(&[alice])).await;
    assert_eq!(page.text_of("contact-name"), "From the choir");
    let row = page.text_of("contact");
    assert!(row.contains("Alice@alice"), "{row}");
}

#[wasm_bindgen_test]
async fn a_request_is_accepted_and_who_asked_stands_among_friends_at_once() {
    let desk = desk(&[]);
    lists(
        &desk,
        "incoming",
        &[contact(2, "Alice", Relation::Incoming)],
    );
    let address = format!("/friends/{}", id(2));
    let friend = written(&contact(2, "Alice", Relation::Friend));
    desk.answers(Method::Put, &address, 200, &friend);
    let page = contacts(&desk).await;
    page.click("accept").await;
    assert_eq!(desk.times(Method::Put, &address), 1);
    assert!(page.find("accept").is_none());
    assert!(page.find("talk").is_some(), "now they can be written to");
    assert_eq!(page.text_of("said"), "You’re friends now.");
}

#[wasm_bindgen_test]
async fn a_request_is_declined_and_ones_own_is_withdrawn() {
    let desk = desk(&[]);
    lists(
        &desk,
        "incoming",
        &[contact(2, "Alice", Relation::Incoming)],
    );
    lists(&desk, "outgoing", &[contact(3, "Bo", Relation::Outgoing)]);
    let (alice, bo) = (format!("/friends/{}", id(2)), format!("/friends/{}", id(3)));
    let none = |number, name| written(&contact(number, name, Relation::None));
    desk.answers(Method::Delete, &alice, 200, &none(2, "Alice"));
    desk.answers(Method::Delete, &bo, 200, &none(3, "Bo"));
    let page = contacts(&desk).await;
    page.click("decline").await;
    page.click("withdraw").await;
    assert_eq!(desk.times(Method::Delete, &alice), 1);
    assert_eq!(desk.times(Method::Delete, &bo), 1);
    assert!(page.find("contact").is_none());
}

#[wasm_bindgen_test]
async fn what_the_server_tells_of_others_changes_the_lists_at_once() {
    let mut page = contacts(&desk(&[contact(3, "Bo", Relation::Friend)])).await;
    let tell = |contact| ServerEvent::ContactChanged { contact };
    page.hear(tell(contact(2, "Alice", Relation::Incoming)))
        .await;
    assert!(page.find("accept").is_some());
    page.hear(tell(contact(2, "Alice", Relation::Friend))).await;
    assert!(page.find("accept").is_none());
    assert_eq!(page.all_texts("contact-name"), ["Alice", "Bo"]);
    page.hear(tell(contact(3, "Bo", Relation::None))).await;
    assert_eq!(page.all_texts("contact-name"), ["Alice"]);
}

#[wasm_bindgen_test]
async fn what_the_server_refuses_is_said_beside_the_person() {
    let desk = desk(&[]);
    lists(
        &desk,
        "incoming",
        &[contact(2, "Alice", Relation::Incoming)],
    );
    let address = format!("/friends/{}", id(2));
    let refusal = json!({ "code": "too_many", "limit": 5000 });
    desk.refuses(Method::Put, &address, 409, &refusal);
    let page = contacts(&desk).await;
    page.click("accept").await;
    assert!(page.text_of("contact").contains("5000"));
    assert!(page.find("accept").is_some(), "it can be tried again");
}

#[wasm_bindgen_test]
async fn people_are_looked_for_once_nothing_more_is_typed() {
    let desk = desk(&[contact(3, "Bo", Relation::Friend)]);
    let found = page_of(&[contact(2, "Alice", Relation::None)]);
    desk.answers(Method::Get, "/people/found?name=alice", 200, &found);
    let page = contacts(&desk).await;
    page.enter("find", "al").await;
    find(&page, " alice ").await;
    assert_eq!(desk.times(Method::Get, "/people/found?name=al"), 0);
    assert_eq!(desk.times(Method::Get, "/people/found?name=alice"), 1);
    assert_eq!(page.all_texts("contact-name"), ["Alice"]);

    let address = format!("/friends/{}", id(2));
    let asked = written(&contact(2, "Alice", Relation::Outgoing));
    desk.answers(Method::Put, &address, 200, &asked);
    page.click("befriend").await;
    assert!(page.find("befriend").is_none());
    assert!(
        page.find("withdraw").is_some(),
        "they stay where they were found"
    );

    find(&page, "").await;
    assert_eq!(
        page.all_texts("contact-name"),
        ["Alice", "Bo"],
        "asked, and friends"
    );
}

#[wasm_bindgen_test]
async fn nobody_found_is_said() {
    let desk = desk(&[]);
    desk.answers(Method::Get, "/people/found?name=zz", 200, &page_of(&[]));
    let page = contacts(&desk).await;
    find(&page, "zz").await;
    assert!(page.text_of("said").contains("whole user name"));
}

#[wasm_bindgen_test]
async fn where_everyone_may_write_to_everyone_strangers_can_be_written_to() {
    let desk = desk(&[]);
    let mut info = server(true, "invitation", true);
    info["policy"]["contact"] = "team".into();
    desk.answers(Method::Get, "/server", 200, &info);
    let found = page_of(&[contact(2, "Alice", Relation::None)]);
    desk.answers(Method::Get, "/people/found?name=al", 200, &found);
    let page = contacts(&desk).await;
    find(&page, "al").await;
    assert!(page.find("talk").is_some() && page.find("befriend").is_some());
}

#[wasm_bindgen_test]
async fn writing_to_a_friend_leads_to_the_conversation() {
    let desk = desk(&[contact(2, "Alice", Relation::Friend)]);
    let there = "0c".repeat(16);
    let conversation = json!({
        "id": there, "kind": "direct", "last": 0, "active_ms": 1, "read": 0, "unread": 0,
        "with": { "id": id(2), "name": "Alice" },
    });
    let address = format!("/direct/{}", id(2));
    desk.answers(Method::Put, &address, 200, &conversation);
    let page = contacts(&desk).await;
    page.click("talk").await;
    assert_eq!(desk.times(Method::Put, &address), 1);
    assert_eq!(path(), format!("/c/{there}"));
}

#[wasm_bindgen_test]
async fn those_who_are_blocked_are_listed_when_one_wants_to_see_them() {
    let desk = desk(&[]);
    let mut alice = contact(2, "Alice", Relation::None);
    alice.blocked = true;
    lists(&desk, "blocked", &[alice.clone()]);
    let page = contacts(&desk).await;
    assert_eq!(desk.times(Method::Get, "/contacts?list=blocked"), 0);
    page.get("blocked").set_attribute("open", "").unwrap();
    page.settle().await;
    let address = format!("/blocks/{}", id(2));
    alice.blocked = false;
    desk.answers(Method::Delete, &address, 200, &written(&alice));
    page.click("unblock").await;
    assert_eq!(desk.times(Method::Delete, &address), 1);
    assert!(page.find("contact").is_none());
}

#[wasm_bindgen_test]
async fn who_of_ones_friends_is_there_is_asked_and_shown() {
    let mut page = contacts(&desk(&[contact(2, "Alice", Relation::Friend)])).await;
    let watched = page.said().into_iter().find_map(|command| match command {
        ClientCommand::Watch { people } => Some(people),
        _ => None,
    });
    assert_eq!(watched, Some(vec![id(2)]));
    assert!(!page.text_of("contact").contains("Online"));
    let online = ServerEvent::OnlineChanged {
        online: vec![id(2)],
        offline: Vec::new(),
    };
    page.hear(online).await;
    assert!(page.text_of("contact").contains("Online"));
}
