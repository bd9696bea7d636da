//! Writing and sending. It does not know what others write.

use parley_shared::limits::LINK_LOSS_SHOWN_AFTER_MS;
use parley_shared::protocol::Refusal;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Key, Page};
use crate::server::{NOON_MS, accepted, confirmed, refused};

#[wasm_bindgen_test]
async fn a_message_is_there_at_once_and_keeps_its_element_when_it_is_confirmed() {
    let mut page = Page::with_history(1).await;
    page.send("hello").await;
    let sent = page.sent();
    let (id, text) = &sent[0];
    assert_eq!(text, "hello");
    assert_eq!(page.written(), "");

    let row = page.last_message();
    assert_eq!(row.get_attribute("data-state").as_deref(), Some("waiting"));
    assert_eq!(row.get_attribute("data-mine").as_deref(), Some("true"));
    assert_eq!(row.get_attribute("data-id"), Some(id.to_string()));

    page.hear(accepted(*id, 2)).await;
    assert_eq!(row.get_attribute("data-state").as_deref(), Some("stored"));

    let now_ms = js_sys::Date::now() as u64;
    page.hear(confirmed(*id, 2, "hello", now_ms)).await;
    assert_eq!(row.get_attribute("data-state").as_deref(), Some("sent"));
    assert!(page.last_message().is_same_node(Some(&row)));
    assert_eq!(page.words(), ["message 1", "hello"]);
}

#[wasm_bindgen_test]
async fn messages_that_are_written_quickly_stand_and_go_in_order() {
    let mut page = Page::with_history(0).await;
    for text in ["one", "two", "three"] {
        page.send(text).await;
    }
    assert_eq!(page.words(), ["one", "two", "three"]);
    let mut order = Vec::new();
    for place in 1..=3 {
        let sent = page.sent();
        let [(id, text)] = sent.as_slice() else {
            panic!("one at a time, and not {sent:?}");
        };
        order.push(text.clone());
        page.hear(accepted(*id, place)).await;
        page.hear(confirmed(*id, place, text, NOON_MS + place))
            .await;
    }
    assert_eq!(order, ["one", "two", "three"]);
    assert_eq!(page.words(), ["one", "two", "three"]);
}

#[wasm_bindgen_test]
async fn a_refused_message_says_why_and_can_be_sent_again_or_given_up() {
    let mut page = Page::with_history(0).await;
    page.send("hello").await;
    let (id, _) = page.sent()[0];
    assert!(page.find("retry").is_none());
    page.hear(refused(id, Refusal::IdTaken)).await;
    let state = page.last_message().get_attribute("data-state");
    assert_eq!(state.as_deref(), Some("failed"));

    page.click("retry").await;
    assert_eq!(page.sent(), [(id, "hello".to_owned())]);
    assert!(page.find("retry").is_none());

    page.hear(refused(id, Refusal::IdTaken)).await;
    page.click("discard").await;
    assert!(page.messages().is_empty());
}

#[wasm_bindgen_test]
async fn the_button_sends_and_nothing_to_read_is_not_sent() {
    let mut page = Page::with_history(0).await;
    page.write(" \n ").await;
    page.click("send").await;
    page.press(Key::ENTER).await;
    assert!(page.sent().is_empty());
    page.write("hello").await;
    page.click("send").await;
    assert_eq!(page.sent().len(), 1);
}

#[wasm_bindgen_test]
async fn shift_and_enter_breaks_the_line_and_does_not_send() {
    let mut page = Page::with_history(0).await;
    page.write("hello").await;
    let shift = Key {
        shift: true,
        ..Key::ENTER
    };
    let is_prevented = page.press(shift).await;
    assert!(!is_prevented, "the browser breaks the line");
    assert!(page.sent().is_empty());
    assert!(page.press(Key::ENTER).await, "Enter alone breaks no line");
    assert_eq!(page.sent().len(), 1);
}

#[wasm_bindgen_test]
async fn an_input_methods_enter_does_not_send() {
    let mut page = Page::with_history(0).await;
    page.write("ni hao").await;
    let composing = Key {
        is_composing: true,
        ..Key::ENTER
    };
    let taken = Key {
        code: 229,
        ..Key::ENTER
    };
    assert!(!page.press(composing).await);
    assert!(!page.press(taken).await);
    assert!(!page.finish_composing_with(Key::ENTER).await);
    assert!(page.sent().is_empty());
    assert_eq!(page.written(), "ni hao");
    page.press(Key::ENTER).await;
    assert_eq!(page.sent().len(), 1);
}

#[wasm_bindgen_test]
async fn without_a_connection_one_can_write_and_is_told_after_a_while() {
    use gloo_timers::future::TimeoutFuture;
    use parley_client::socket::{SocketCommand, SocketEvent};

    let mut page = Page::with_history(1).await;
    let retry_at_ms = js_sys::Date::now() as u64 + 60_000;
    page.tell(SocketEvent::Closed { retry_at_ms }).await;
    page.send("into the void").await;
    assert_eq!(page.words(), ["message 1", "into the void"]);
    assert!(
        page.find("link-banner").is_none(),
        "it may be back in a moment"
    );

    TimeoutFuture::new(LINK_LOSS_SHOWN_AFTER_MS + 400).await;
    assert!(page.find("link-banner").is_some());
    page.told();
    page.click("retry-now").await;
    assert_eq!(page.told(), [SocketCommand::Nudge]);

    page.tell(SocketEvent::Opened).await;
    page.hear(crate::server::welcome(1)).await;
    assert!(page.find("link-banner").is_none());
    assert_eq!(page.sent()[0].1, "into the void");
}

#[wasm_bindgen_test]
async fn what_was_written_and_not_sent_is_there_after_a_reload() {
    let mut page = Page::with_history(0).await;
    page.write("half a thou").await;
    drop(page);
    page = Page::open_again().await;
    page.hear(crate::server::welcome(0)).await;
    assert_eq!(page.written(), "half a thou");
}

#[wasm_bindgen_test]
async fn what_was_sent_and_not_stored_is_sent_after_a_reload() {
    let mut page = Page::with_history(0).await;
    page.send("too late").await;
    let sent = page.sent();
    drop(page);
    page = Page::open_again().await;
    page.hear(crate::server::welcome(0)).await;
    assert_eq!(page.words(), ["too late"]);
    assert_eq!(page.sent(), sent);

    let (id, _) = sent[0];
    page.hear(accepted(id, 1)).await;
    drop(page);
    page = Page::open_again().await;
    page.hear(crate::server::welcome(1)).await;
    assert!(page.sent().is_empty());
}
