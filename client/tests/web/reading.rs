//! What others wrote, and what is new of it. It does not know what the reader writes.

use parley_shared::codec::decode_event;
use parley_shared::protocol::ChatMessage;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;
use crate::server::{alice, changed, of_alice};

#[wasm_bindgen_test]
async fn history_stands_in_order_and_the_log_at_its_end() {
    let page = Page::with_history(40).await;
    let expected: Vec<String> = (1..=40).map(|place| format!("message {place}")).collect();
    assert_eq!(page.words(), expected);
    assert!(page.is_at_end());
    assert!(page.find("divider-unread").is_none());
    assert!(page.find("divider-day").is_some());
    assert_eq!(
        page.get("log").get_attribute("role").as_deref(),
        Some("log")
    );
}

#[wasm_bindgen_test]
async fn a_new_message_is_followed_and_announced_and_history_is_not() {
    let mut page = Page::with_history(40).await;
    assert_eq!(page.text_of("announcer"), "");
    page.hear(changed(of_alice(41, "and now?"), alice())).await;
    assert_eq!(page.words().last().map(String::as_str), Some("and now?"));
    assert!(page.is_at_end());
    let announced = page.text_of("announcer");
    assert!(announced.contains("Alice") && announced.contains("and now?"));
}

#[wasm_bindgen_test]
async fn whoever_reads_above_is_left_there_and_finds_the_way_to_what_is_new() {
    let mut page = Page::with_history(40).await;
    assert!(page.find("jump").is_none());
    page.scroll_to(200).await;
    let top = page.get("log").scroll_top();
    page.hear(changed(of_alice(41, "one"), alice())).await;
    page.hear(changed(of_alice(42, "two"), alice())).await;
    assert!((page.get("log").scroll_top() - top).abs() <= 1);
    assert!(page.text_of("jump").contains('2'));

    let divider = page.get("divider-unread");
    let next = divider.next_element_sibling().unwrap();
    let id = of_alice(41, "one").id.to_string();
    assert_eq!(next.get_attribute("data-id"), Some(id));

    page.click("jump").await;
    gloo_timers::future::TimeoutFuture::new(1_500).await;
    assert!(page.is_at_end());
    assert!(page.find("jump").is_none());
    assert!(page.find("divider-unread").is_some(), "it stays to be seen");
}

#[wasm_bindgen_test]
async fn an_event_of_an_unknown_type_changes_nothing() {
    let mut page = Page::with_history(2).await;
    let event = decode_event(r#"{"type":"reaction_changed","emoji":"🎉"}"#);
    page.hear(event.unwrap()).await;
    page.hear(changed(of_alice(3, "still here"), alice())).await;
    assert_eq!(page.words(), ["message 1", "message 2", "still here"]);
}

#[wasm_bindgen_test]
async fn a_message_of_an_unknown_type_keeps_its_place_and_says_so() {
    let mut page = Page::with_history(1).await;
    let mut poll = of_alice(2, "");
    poll.body = ChatMessage::Unknown;
    page.hear(changed(poll, alice())).await;
    assert_eq!(page.words().len(), 2);
    assert!(!page.words()[1].is_empty());
}

#[wasm_bindgen_test]
async fn what_looks_like_markup_is_words_and_an_address_is_a_link() {
    let mut page = Page::with_history(0).await;
    let text = "<img src=x onerror=alert(1)> https://example.org/a?b=c.";
    page.hear(changed(of_alice(1, text), alice())).await;
    assert_eq!(page.words(), [text]);
    let row = page.last_message();
    assert!(row.query_selector("img").unwrap().is_none());
    let link = row.query_selector("a").unwrap().expect("a link");
    let href = link.get_attribute("href");
    assert_eq!(href.as_deref(), Some("https://example.org/a?b=c"));
    assert_eq!(
        link.get_attribute("rel").as_deref(),
        Some("noopener noreferrer")
    );
}
