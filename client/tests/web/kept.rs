//! What the browser keeps, in its own database. It does not know what follows from it: that is tested on the host.

use parley_client::socket::SocketEvent;
use parley_client::storage::database::{self, CACHE, OUTBOX};
use wasm_bindgen_test::wasm_bindgen_test;

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
