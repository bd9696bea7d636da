//! What the tabs of one browser share: what waits to be sent, and whose turn it is. The other tab is played by hand.

use gloo_timers::future::TimeoutFuture;
use parley_shared::limits::TURN_PATIENCE_MS;
use parley_shared::protocol::Refusal;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::{self, OtherTab};
use crate::page::Page;
use crate::server::{accepted, confirmed, lobby, me, refused};

const THERE: &str = "0197f3a0000070008000000000000001";

/// The other tab keeps a message of the reader.
fn kept_there() -> Value {
    json!({
        "type": "kept",
        "message": {
            "id": THERE, "author": me().id, "conversation": lobby(),
            "body": { "type": "text", "text": "from there" }, "written_ms": 1,
        },
    })
}

fn state(page: &Page) -> String {
    let row = page.last_message();
    row.get_attribute("data-state").unwrap()
}

#[wasm_bindgen_test]
async fn a_message_is_seen_at_once_and_leaves_when_this_tab_has_the_turn() {
    let other = OtherTab::open();
    other.take_turn().await;
    let mut page = Page::with_history(0).await;
    page.send("one").await;
    assert_eq!(page.words(), ["one"]);
    assert_eq!(page.sent(), []);
    other.leave_turn();
    page.settle().await;
    assert_eq!(page.sent().len(), 1);
}

#[wasm_bindgen_test]
async fn what_another_tab_writes_is_seen_here_and_sent_by_one_of_them() {
    let other = OtherTab::open();
    other.take_turn().await;
    let mut page = Page::with_history(0).await;
    other.tell(&kept_there());
    page.settle().await;
    assert_eq!(page.words(), ["from there"]);
    assert_eq!(state(&page), "waiting");
    other.tell(&json!({ "type": "passed", "id": THERE, "conversation": lobby(), "seq": 1 }));
    page.settle().await;
    assert_eq!(state(&page), "stored");
    other.leave_turn();
    page.settle().await;
    assert_eq!(page.sent(), [], "the server has it");
    page.hear(confirmed(THERE.parse().unwrap(), 1, "from there", 1))
        .await;
    assert_eq!(page.words(), ["from there"]);
    assert_eq!(state(&page), "sent");
}

#[wasm_bindgen_test]
async fn what_another_tab_could_not_send_is_sent_here_and_what_it_gave_up_is_not() {
    let other = OtherTab::open();
    let mut page = Page::with_history(0).await;
    other.tell(&kept_there());
    page.settle().await;
    let sent = page.sent();
    assert_eq!(sent, [(THERE.parse().unwrap(), "from there".to_owned())]);
    other.tell(&json!({ "type": "forgotten", "id": THERE }));
    page.settle().await;
    assert!(page.messages().is_empty());
}

#[wasm_bindgen_test]
async fn the_other_tabs_are_told_what_is_written_sent_and_given_up_here() {
    let other = OtherTab::open();
    let mut page = Page::with_history(0).await;
    page.send("one").await;
    page.send("two").await;
    let (id, _) = page.sent()[0];
    page.hear(accepted(id, 1)).await;
    let (second, _) = page.sent()[0];
    page.hear(refused(second, Refusal::IdTaken)).await;
    page.click("discard").await;
    let heard = other.heard();
    let told: Vec<(&str, &Value)> = heard
        .iter()
        .map(|news| {
            let id = match news["message"].is_null() {
                true => &news["id"],
                false => &news["message"]["id"],
            };
            (news["type"].as_str().unwrap(), id)
        })
        .collect();
    let (id, second) = (json!(id), json!(second));
    let all = [
        ("kept", &id),
        ("kept", &second),
        ("passed", &id),
        ("forgotten", &second),
    ];
    assert_eq!(told, all);
}

#[wasm_bindgen_test]
async fn a_tab_that_sleeps_with_the_turn_loses_it() {
    let other = OtherTab::open();
    other.take_turn().await;
    let mut page = Page::with_history(0).await;
    page.send("one").await;
    assert_eq!(page.sent(), []);
    TimeoutFuture::new(TURN_PATIENCE_MS).await;
    page.settle().await;
    assert_eq!(page.sent().len(), 1);
    assert!(other.is_robbed());
}

#[wasm_bindgen_test]
async fn a_browser_without_locks_sends_all_the_same() {
    let mut page = Page::with_history(0).await;
    browser::hide_locks();
    page.send("one").await;
    let sent = page.sent();
    browser::show_locks();
    let [(id, _)] = sent.as_slice() else {
        panic!("it is sent, and not {sent:?}");
    };
    page.hear(accepted(*id, 1)).await;
    page.send("two").await;
    assert_eq!(page.sent().len(), 1);
}
