//! The card that says who someone is: what it shows, and what is done with it.

use parley_client::api::Method;
use parley_shared::model::Relation;
use parley_shared::protocol::ServerEvent;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::people::{contact, contacts, desk, find, id, page_of, shows_profile, written};

#[wasm_bindgen_test]
async fn a_card_says_who_someone_is_and_follows_what_becomes_of_them() {
    let alice = contact(2, "Alice", Relation::Friend);
    let desk = desk(std::slice::from_ref(&alice));
    shows_profile(&desk, &alice, true);
    let mut page = contacts(&desk).await;
    page.click("contact-who").await;
    assert_eq!(page.text_of("profile-name"), "Alice");
    assert_eq!(page.text_of("profile-about"), "Hills and coffee");
    assert!(page.find("end-friendship").is_some());

    let stranger = contact(2, "Alice", Relation::None);
    shows_profile(&desk, &stranger, false);
    page.hear(ServerEvent::ContactChanged { contact: stranger })
        .await;
    assert!(page.find("end-friendship").is_none());
    assert!(page.find("befriend").is_some());
}

#[wasm_bindgen_test]
async fn someone_is_blocked_when_it_is_confirmed() {
    let alice = contact(2, "Alice", Relation::None);
    let desk = desk(&[]);
    desk.answers(
        Method::Get,
        "/people/found?name=alice",
        200,
        &page_of(std::slice::from_ref(&alice)),
    );
    shows_profile(&desk, &alice, false);
    let page = contacts(&desk).await;
    find(&page, "alice").await;
    page.click("contact-who").await;
    let address = format!("/blocks/{}", id(2));
    let mut blocked = alice;
    blocked.blocked = true;
    desk.answers(Method::Put, &address, 200, &written(&blocked));
    page.click("block").await;
    assert_eq!(desk.times(Method::Put, &address), 0, "it asks first");
    shows_profile(&desk, &blocked, false);
    page.click("block").await;
    assert_eq!(desk.times(Method::Put, &address), 1);
    assert!(page.find("block").is_none());
    assert!(page.find("unblock").is_some());
}

#[wasm_bindgen_test]
async fn someone_is_called_as_the_reader_wants_and_by_their_own_name_without_it() {
    let mut alice = contact(2, "Alice", Relation::Friend);
    let desk = desk(std::slice::from_ref(&alice));
    shows_profile(&desk, &alice, true);
    let page = contacts(&desk).await;
    page.click("contact-who").await;
    page.click("remark").await;
    let address = format!("/remarks/{}", id(2));
    alice.remark = Some("Choir".into());
    desk.answers(Method::Put, &address, 200, &written(&alice));
    shows_profile(&desk, &alice, true);
    page.enter("remark-name", " Choir ").await;
    page.submit("remark-form").await;
    assert_eq!(
        desk.asked(Method::Put, &address),
        json!({ "remark": "Choir" })
    );
    assert_eq!(page.text_of("profile-name"), "Choir");
    assert!(page.text_of("profile-facts").contains("Alice"));
    assert_eq!(page.text_of("contact-name"), "Choir");

    page.click("remark").await;
    alice.remark = None;
    desk.answers(Method::Put, &address, 200, &written(&alice));
    shows_profile(&desk, &alice, true);
    page.enter("remark-name", "").await;
    page.submit("remark-form").await;
    assert_eq!(page.text_of("profile-name"), "Alice");
}

#[wasm_bindgen_test]
async fn a_card_of_someone_who_does_not_show_themselves_says_so() {
    let desk = desk(&[contact(2, "Alice", Relation::Friend)]);
    let page = contacts(&desk).await;
    page.click("contact-who").await;
    let text = page.text_of("person-card");
    assert!(text.contains("There is nobody here"), "{text}");
}
