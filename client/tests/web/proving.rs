//! What the page says of a history that is not what was written. It does not know how a history is proven: that is tested on
//! the host, beside the witness.

use parley_client::socket::{SocketCommand, SocketEvent};
use parley_shared::chain::{EMPTY_HEAD, Entry, EntryKind, Hash, Hex, digest, head};
use parley_shared::ids::Seq;
use parley_shared::limits::{PROOF_AFTER_MS, PROOF_INTERVAL_MS};
use parley_shared::model::{LedgerEntry, Message};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;
use crate::server::{alice, lobby, of_alice, welcome_account};

/// Alice's message as it was written, or with these words in place of it.
fn message(text: &str) -> Message {
    Message {
        salt: Some(Hex([3; 16])),
        ..of_alice(1, text)
    }
}

/// The entry of the message as it was written, and the head after it.
fn written(text: &str) -> (LedgerEntry, Hash) {
    let message = message(text);
    let json = serde_json::to_string(&message.body).unwrap();
    let content = digest(message.salt.as_ref(), &json);
    let entry = Entry {
        seq: message.seq,
        kind: EntryKind::Sent as u8,
        message: &message.id,
        author: &message.author,
        at_ms: message.sent_ms,
        content: &content,
    };
    let head = head(&EMPTY_HEAD, &entry);
    let entry = LedgerEntry {
        seq: message.seq,
        kind: EntryKind::Sent as u32,
        message: message.id,
        author: message.author,
        at_ms: message.sent_ms,
        digest: Hex(content),
    };
    (entry, head)
}

/// Answers what the page asks of the proof of a message that was written so, until it asks nothing any more.
async fn prove(page: &mut Page, text: &str) {
    let (entry, head) = written(text);
    for _ in 0..5 {
        for _ in 0..(PROOF_AFTER_MS + PROOF_INTERVAL_MS) / 80 {
            page.settle().await;
        }
        for told in page.told_all() {
            let SocketCommand::Say(ClientCommand::Entries { after, .. }) = told else {
                continue;
            };
            let is_before = after == Seq::ZERO;
            page.hear(ServerEvent::Entries {
                conversation: lobby(),
                after,
                head: Hex(if is_before { EMPTY_HEAD } else { head }),
                entries: is_before.then(|| entry.clone()).into_iter().collect(),
                more: false,
            })
            .await;
        }
    }
}

/// Shows one message on a page of the server's version. The server says that it was written with other words, or the same.
async fn show(page: &mut Page, text: &str, written: &str) {
    page.tell(SocketEvent::Opened).await;
    let mut event = welcome_account(1);
    if let ServerEvent::Welcome { server, .. } = &mut event {
        *server = env!("CARGO_PKG_VERSION").into();
    }
    page.hear(event).await;
    page.hear(ServerEvent::History {
        conversation: lobby(),
        before: None,
        messages: vec![message(text)],
        people: vec![alice()],
        through: Seq(1),
        more: false,
    })
    .await;
    prove(page, written).await;
}

#[wasm_bindgen_test]
async fn what_was_written_is_shown_without_a_word() {
    let mut page = Page::open().await;
    show(&mut page, "at nine", "at nine").await;
    assert!(page.find("doubt").is_none());
    assert!(page.find("message-doubt").is_none());
}

#[wasm_bindgen_test]
async fn what_was_altered_is_said_above_the_log_until_it_is_seen_and_beside_the_message() {
    let mut altered = Page::open().await;
    show(&mut altered, "at ten", "at nine").await;
    let said = altered.text_of("doubt");
    assert!(said.contains("Alice"), "{said}");
    assert!(altered.find("message-doubt").is_some());
    altered.click("doubt-show").await;
    let shown = leptos::prelude::document().active_element();
    assert_eq!(shown.as_ref(), Some(&altered.last_message()));
    altered.click("doubt-dismiss").await;
    assert!(altered.find("doubt").is_none());
    assert!(altered.find("message-doubt").is_some(), "it stays so");

    drop(altered);
    let mut again = Page::open_again().await;
    show(&mut again, "at ten", "at nine").await;
    assert!(again.find("doubt").is_none(), "the reader has seen it");
    assert!(again.find("message-doubt").is_some());
}

#[wasm_bindgen_test]
async fn what_was_written_anew_between_two_visits_is_found_by_whoever_saw_it_before() {
    let mut before = Page::open().await;
    show(&mut before, "at nine", "at nine").await;
    assert!(before.find("doubt").is_none());
    drop(before);
    let mut after = Page::open_again().await;
    show(&mut after, "at ten", "at ten").await;
    assert!(after.find("doubt").is_some());
}

#[wasm_bindgen_test]
async fn a_body_is_compared_by_a_page_that_reads_all_of_it_alone() {
    let mut page = Page::open().await;
    page.tell(SocketEvent::Opened).await;
    page.hear(welcome_account(1)).await;
    let mut poll = message("");
    poll.body = ChatMessage::Unknown;
    page.hear(ServerEvent::History {
        conversation: lobby(),
        before: None,
        messages: vec![poll],
        people: vec![alice()],
        through: Seq(1),
        more: false,
    })
    .await;
    prove(&mut page, "at nine").await;
    assert!(page.find("doubt").is_none(), "it is of another version");
}
