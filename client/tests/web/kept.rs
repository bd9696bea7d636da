//! What the browser keeps, in its own database. It does not know what follows from it: that is tested on the host.

use parley_client::api::Method;
use parley_client::socket::SocketEvent;
use parley_client::storage;
use parley_client::storage::database::{self, CACHE, OUTBOX};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser;
use crate::desk::Desk;
use crate::page::Page;
use crate::server;

/// How many messages wait in the database, once as many do as should.
async fn waiting(page: &Page, count: usize) -> usize {
    for _ in 0..20 {
        let found = database::load().await.unwrap().outbox.len();
        if found == count {
            break;
        }
        page.settle().await;
    }
    database::load().await.unwrap().outbox.len()
}

/// What is cached, once this text is in it.
async fn has_cached(page: &Page, text: &str) -> bool {
    for _ in 0..40 {
        let found = database::load().await.unwrap().cache;
        if found.iter().any(|(_, kept)| kept.contains(text)) {
            return true;
        }
        page.settle().await;
    }
    false
}

#[wasm_bindgen_test]
async fn a_message_is_in_the_database_until_the_server_has_it() {
    let mut page = Page::with_history(1).await;
    page.send("one").await;
    page.send("two").await;
    let sent = page.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(waiting(&page, 2).await, 2);
    page.hear(server::accepted(sent[0].0, 2)).await;
    assert_eq!(waiting(&page, 1).await, 1);
    let second = page.sent();
    assert_eq!(second[0].1, "two");

    drop(page);
    let mut page = Page::open_again().await;
    assert_eq!(page.sent(), [], "there is no connection yet");
    page.tell(SocketEvent::Opened).await;
    page.hear(server::welcome(1)).await;
    assert_eq!(page.sent(), second, "it is the same message");
    page.hear(server::accepted(second[0].0, 3)).await;
    assert_eq!(waiting(&page, 0).await, 0);
}

#[wasm_bindgen_test]
async fn a_page_that_is_opened_again_shows_what_it_knew_before_there_is_a_connection() {
    let page = Page::with_history(3).await;
    assert!(has_cached(&page, "message 3").await);
    drop(page);
    let page = Page::open_again().await;
    assert_eq!(page.words(), ["message 1", "message 2", "message 3"]);
    assert!(page.text_of("name-button").contains("Ming"));
}

#[wasm_bindgen_test]
async fn what_nobody_can_read_is_thrown_away() {
    let page = Page::with_history(3).await;
    assert!(has_cached(&page, "message 3").await);
    drop(page);
    let found = database::load().await.unwrap().cache;
    for (key, _) in found {
        database::keep(CACHE, &key, Some("{")).await;
    }
    database::keep(OUTBOX, "nonsense", Some("{")).await;
    let page = Page::open_again().await;
    assert_eq!(page.count("message"), 0);
    assert_eq!(page.count("loading"), 1);
    assert_eq!(waiting(&page, 0).await, 0);
    assert_eq!(database::load().await.unwrap().cache, []);
}

/// A page of someone with an account, whose every word is kept: three messages, one that waits, and one that is half written.
async fn of_someone() -> (Page, Desk) {
    let desk = Desk::claimed();
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(server::welcome_account(3)).await;
    page.hear(server::history(3)).await;
    page.send("waits").await;
    page.write("half a thought").await;
    assert!(has_cached(&page, "message 3").await);
    assert_eq!(waiting(&page, 1).await, 1);
    assert_eq!(drafts(), 1);
    (page, desk)
}

/// How much of what was begun is kept.
fn drafts() -> usize {
    storage::read_all("parley.draft.").len()
}

#[wasm_bindgen_test]
async fn who_signs_out_leaves_nothing_behind() {
    let (mut page, desk) = of_someone().await;
    desk.answers(Method::Delete, "/sessions/current", 204, &Value::Null);
    page.click("settings-button").await;
    page.click("sign-out").await;
    assert!(page.messages().is_empty());
    assert_eq!(page.written(), "");
    assert!(page.find("name-button").is_none());
    assert_eq!(waiting(&page, 0).await, 0);
    assert_eq!(database::load().await.unwrap().cache, []);
    assert_eq!(drafts(), 0);

    page.told();
    page.tell(SocketEvent::Opened).await;
    page.hear(server::lobby_of(server::alice(), 3)).await;
    page.hear(server::history(3)).await;
    assert_eq!(page.sent(), []);
    assert_eq!(page.written(), "");
    assert!(page.text_of("name-button").contains("Alice"));
}

#[wasm_bindgen_test]
async fn a_session_that_was_ended_elsewhere_leaves_what_waits_for_its_author_and_nothing_to_see() {
    let (page, _) = of_someone().await;
    drop(page);
    let mut page = Page::open_again().await;
    assert_eq!(page.words().len(), 4);
    page.tell(SocketEvent::SignedOut).await;
    assert!(page.find("signed-out").is_some());
    assert!(page.messages().is_empty());
    assert_eq!(page.written(), "");
    assert_eq!(database::load().await.unwrap().cache, []);
    assert_eq!(drafts(), 0);
    assert_eq!(waiting(&page, 1).await, 1);

    drop(page);
    let mut page = Page::open_again().await;
    assert!(page.messages().is_empty());
    page.tell(SocketEvent::Opened).await;
    page.hear(server::welcome_account(3)).await;
    assert_eq!(page.sent()[0].1, "waits");
}

#[wasm_bindgen_test]
async fn a_database_of_a_later_page_is_left_alone_and_the_page_works_without_one() {
    browser::renew_database().await;
    let mut page = Page::with_history(1).await;
    page.send("one").await;
    assert_eq!(page.sent().len(), 1);
    assert!(database::load().await.is_none());
    drop(page);
    browser::delete_database().await;
    assert!(database::load().await.is_some());
}

#[wasm_bindgen_test]
async fn what_an_earlier_page_kept_elsewhere_is_taken_over_once() {
    drop(Page::with_history(0).await);
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let id = "0197f3a0000070008000000000000001";
    let key = format!("parley.outbox.{id}");
    let (me, lobby) = (server::me().id, server::lobby());
    let kept = format!(
        r#"{{"id":"{id}","author":"{me}","conversation":"{lobby}","body":{{"type":"text","text":"kept"}},"written_ms":1}}"#
    );
    storage.set_item(&key, &kept).unwrap();
    let mut page = Page::open_again().await;
    assert_eq!(storage.get_item(&key).unwrap(), None);
    assert_eq!(waiting(&page, 1).await, 1);
    page.tell(SocketEvent::Opened).await;
    page.hear(server::welcome(0)).await;
    assert_eq!(page.sent()[0].1, "kept");
}
