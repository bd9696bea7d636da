//! What can be done about what stands there: changing, deleting, marking, and what tells how far it has come. They know
//! nothing of how the server decides.

use parley_client::api::Method;
use parley_client::socket::SocketEvent;
use parley_shared::ids::{MessageId, Seq};
use parley_shared::model::{Message, Receipt, Role};
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use wasm_bindgen::JsCast as _;

use crate::desk::Desk;
use crate::page::{Key, Page};
use crate::server::{
    NOON_MS, accepted, alice, changed, group, history, history_of, in_group, me, of_alice, refused,
    talk, welcome_account, welcome_among, with_alice,
};

const UP: Key = Key {
    name: "ArrowUp",
    code: 38,
    ..Key::ENTER
};
const ESCAPE: Key = Key {
    name: "Escape",
    code: 27,
    ..Key::ENTER
};

/// A message of the reader at a place of the Lobby.
fn of_me(place: u64, text: &str) -> Message {
    Message {
        author: me().id,
        ..of_alice(place, text)
    }
}

/// A page with a message of Alice and one of the reader.
async fn page() -> Page {
    let mut page = Page::open().await;
    page.tell(SocketEvent::Opened).await;
    page.hear(welcome_account(2)).await;
    let mut event = history(1);
    if let ServerEvent::History {
        messages, through, ..
    } = &mut event
    {
        messages.push(of_me(2, "helo"));
        *through = Seq(2);
    }
    page.hear(event).await;
    page.said();
    page
}

fn id_of(row: &Element) -> MessageId {
    row.get_attribute("data-id").unwrap().parse().unwrap()
}

fn state_of(row: &Element) -> String {
    row.get_attribute("data-state").unwrap()
}

/// Opens the menu of the last message.
async fn open_menu(page: &Page) {
    let row = page.last_message();
    let button = row.query_selector("[data-testid=message-more]").unwrap();
    button.unwrap().unchecked_into::<HtmlElement>().click();
    page.settle().await;
}

#[wasm_bindgen_test]
async fn a_message_is_changed_in_the_field_and_shows_how_far_that_has_come() {
    let mut page = page().await;
    open_menu(&page).await;
    page.click("edit").await;
    assert_eq!(page.written(), "helo");
    assert!(page.find("editing").is_some());

    page.send("hello").await;
    assert_eq!(page.written(), "");
    assert!(page.find("editing").is_none());
    let row = page.last_message();
    let said = page.said();
    let is_edit = |said: &&ClientCommand| matches!(said, ClientCommand::Edit { .. });
    let Some(ClientCommand::Edit {
        id, message, body, ..
    }) = said.iter().find(is_edit)
    else {
        panic!("a change is said, and not {said:?}");
    };
    assert_eq!(*message, id_of(&row));
    assert_eq!(
        *body,
        ChatMessage::Text {
            text: "hello".into()
        }
    );
    assert_eq!(page.words(), ["message 1", "hello"]);
    assert_eq!(state_of(&row), "waiting");

    page.hear(accepted(*id, 3)).await;
    assert_eq!(state_of(&row), "stored");
    let edited = Message {
        changed: Seq(3),
        edited_ms: Some(NOON_MS + 9),
        ..of_me(2, "hello")
    };
    page.hear(changed(edited, me())).await;
    assert_eq!(state_of(&row), "sent");
    assert_eq!(page.text_of("edited"), "edited");
    assert!(page.last_message().is_same_node(Some(&row)));
}

#[wasm_bindgen_test]
async fn a_refused_change_says_why_and_can_be_given_up() {
    let mut page = page().await;
    open_menu(&page).await;
    page.click("edit").await;
    page.send("hello").await;
    let said = page.said();
    let is_edit = |said: &&ClientCommand| matches!(said, ClientCommand::Edit { .. });
    let Some(ClientCommand::Edit { id, .. }) = said.iter().find(is_edit) else {
        panic!("a change is said, and not {said:?}");
    };
    page.hear(refused(*id, Refusal::UnknownMessage)).await;
    assert_eq!(state_of(&page.last_message()), "failed");
    assert_eq!(page.words(), ["message 1", "hello"]);
    page.click("discard").await;
    assert_eq!(state_of(&page.last_message()), "sent");
    assert_eq!(page.words(), ["message 1", "helo"]);
}

#[wasm_bindgen_test]
async fn up_in_an_empty_field_changes_the_newest_and_escape_brings_the_draft_back() {
    let mut page = page().await;
    page.write("a draft").await;
    assert!(!page.press(UP).await, "the caret goes up");
    page.write("").await;
    let composing = Key {
        is_composing: true,
        ..UP
    };
    assert!(!page.press(composing).await);
    assert!(page.find("editing").is_none());
    assert!(page.press(UP).await);
    assert_eq!(page.written(), "helo");
    page.write("something else").await;
    assert!(page.press(ESCAPE).await);
    assert_eq!(page.written(), "");
    assert!(page.find("editing").is_none());

    page.write("a draft").await;
    open_menu(&page).await;
    page.click("edit").await;
    assert_eq!(page.written(), "helo");
    page.click("cancel-editing").await;
    assert_eq!(page.written(), "a draft");
    assert!(
        page.said()
            .iter()
            .all(|said| !matches!(said, ClientCommand::Edit { .. }))
    );
}

#[wasm_bindgen_test]
async fn a_message_is_deleted_after_a_question_and_leaves_its_place() {
    let mut page = page().await;
    open_menu(&page).await;
    page.click("delete").await;
    page.click("delete-not").await;
    open_menu(&page).await;
    page.click("delete").await;
    page.click("delete-sure").await;
    let said = page.said();
    let is_deletion = |said: &&ClientCommand| matches!(said, ClientCommand::Delete { .. });
    let Some(ClientCommand::Delete { id, message, .. }) = said.iter().find(is_deletion) else {
        panic!("a deletion is said, and not {said:?}");
    };
    let row = page.last_message();
    assert_eq!(*message, id_of(&row));
    assert_eq!(page.words()[1], "This message was deleted");
    assert!(row.has_attribute("data-deleted"));
    page.hear(accepted(*id, 3)).await;
    assert_eq!(state_of(&row), "stored");
}

#[wasm_bindgen_test]
async fn what_another_deleted_says_so_and_what_another_wrote_cannot_be_changed() {
    let mut page = page().await;
    let other = of_alice(3, "mine");
    page.hear(changed(other.clone(), alice())).await;
    open_menu(&page).await;
    for deed in ["edit", "delete", "versions", "reached"] {
        assert!(page.find(deed).is_none(), "{deed}");
    }
    assert!(page.find("copy-text").is_some());
    let erased = Message {
        changed: Seq(4),
        body: ChatMessage::Deleted {
            by: me().id,
            at_ms: NOON_MS,
        },
        ..other
    };
    page.hear(changed(erased, alice())).await;
    assert_eq!(page.words()[2], "Ming deleted this message");
}

/// Whether a page offers someone of this role on the server to delete what Alice wrote in the Lobby, who is of that one.
async fn offers_in_lobby(role: Role, author: &str) -> bool {
    let desk = Desk::claimed();
    let profile = json!({
        "person": { "id": alice().id, "name": "Alice" }, "relation": "none", "blocked": false,
        "role": author, "about": "", "status": "", "direct": false,
    });
    let address = format!("/people/{}/profile", alice().id);
    desk.answers(Method::Get, &address, 200, &profile);
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    let mut event = welcome_account(1);
    if let ServerEvent::Welcome {
        account: Some(account),
        ..
    } = &mut event
    {
        account.role = role;
    }
    page.hear(event).await;
    page.hear(history(1)).await;
    open_menu(&page).await;
    assert!(page.find("copy-text").is_some());
    page.find("delete").is_some()
}

#[wasm_bindgen_test]
async fn who_keeps_order_in_the_lobby_deletes_what_those_below_them_wrote() {
    assert!(offers_in_lobby(Role::Administrator, "member").await);
    assert!(!offers_in_lobby(Role::Administrator, "owner").await);
    assert!(!offers_in_lobby(Role::Administrator, "administrator").await);
    assert!(offers_in_lobby(Role::Owner, "administrator").await);
    assert!(!offers_in_lobby(Role::Member, "member").await);
}

#[wasm_bindgen_test]
async fn who_keeps_order_in_a_group_deletes_what_those_below_them_wrote() {
    for (author, is_offered) in [("owner", false), ("administrator", false), ("member", true)] {
        let desk = Desk::claimed();
        let members = json!({ "members": [{
            "person": { "id": alice().id, "name": "Alice" }, "role": author, "since_ms": 1,
        }] });
        let address = format!("/groups/{}/members", group());
        desk.answers(Method::Get, &address, 200, &members);
        let mut page = Page::at(&format!("/c/{}", group()), &desk).await;
        page.tell(SocketEvent::Opened).await;
        let mut conversation = in_group(1, 0);
        conversation.role = Some(Role::Administrator);
        page.hear(welcome_among(vec![conversation])).await;
        page.hear(history_of(group(), 1)).await;
        open_menu(&page).await;
        assert_eq!(page.find("delete").is_some(), is_offered, "{author}");
    }
}

#[wasm_bindgen_test]
async fn who_cannot_learn_how_an_author_ranks_leaves_it_to_the_server() {
    let mut page = Page::at("/", &Desk::claimed()).await;
    page.tell(SocketEvent::Opened).await;
    let mut event = welcome_account(1);
    if let ServerEvent::Welcome {
        account: Some(account),
        ..
    } = &mut event
    {
        account.role = Role::Administrator;
    }
    page.hear(event).await;
    page.hear(history(1)).await;
    open_menu(&page).await;
    page.click("delete").await;
    page.click("delete-sure").await;
    let said = page.said();
    let is_deletion = |said: &ClientCommand| matches!(said, ClientCommand::Delete { .. });
    assert!(said.iter().any(is_deletion), "{said:?}");
}

#[wasm_bindgen_test]
async fn earlier_versions_are_fetched_when_they_are_looked_at() {
    let desk = Desk::claimed();
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(welcome_account(2)).await;
    let edited = Message {
        changed: Seq(2),
        edited_ms: Some(NOON_MS + 9),
        ..of_alice(1, "hello")
    };
    let mut event = history(1);
    if let ServerEvent::History {
        messages, through, ..
    } = &mut event
    {
        *messages = vec![edited.clone()];
        *through = Seq(2);
    }
    page.hear(event).await;
    let address = format!(
        "/conversations/{}/messages/{}/versions",
        edited.conversation, edited.id
    );
    let version = |seq: u64, text: &str| {
        json!({
            "seq": seq, "at_ms": NOON_MS + seq, "body": { "type": "text", "text": text },
        })
    };
    let versions = json!({ "versions": [version(1, "helo"), version(2, "hello")] });
    desk.answers(Method::Get, &address, 200, &versions);
    page.click("edited").await;
    page.wait_for(|page| page.count("version") == 2).await;
    assert_eq!(page.all_texts("version-text"), ["hello", "helo"]);
}

#[wasm_bindgen_test]
async fn what_is_marked_as_unread_from_a_message_is_said_and_shows() {
    let mut page = page().await;
    page.hear(changed(of_alice(3, "news"), alice())).await;
    page.said();
    open_menu(&page).await;
    page.click("mark-unread").await;
    let said = page.said();
    assert!(
        said.iter()
            .any(|said| matches!(said, ClientCommand::MarkUnread { from: Seq(3), .. })),
        "{said:?}"
    );
    assert_eq!(page.count("divider-unread"), 1);
}

#[wasm_bindgen_test]
async fn ticks_say_whether_a_message_was_delivered_and_read() {
    let mut page = Page::at(&format!("/c/{}", talk()), &Desk::claimed()).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(welcome_among(vec![with_alice(1)])).await;
    let mut event = history_of(talk(), 1);
    if let ServerEvent::History { messages, .. } = &mut event {
        messages[0].author = me().id;
    }
    page.hear(event).await;
    let told = |delivered, read| ServerEvent::ReceiptsChanged {
        conversation: talk(),
        receipts: vec![Receipt {
            person: alice().id,
            delivered: Seq(delivered),
            read: Seq(read),
        }],
    };
    assert_eq!(page.text_of("mark"), "Sent");
    page.hear(told(1, 0)).await;
    assert_eq!(page.text_of("mark"), "Delivered");
    page.hear(told(1, 1)).await;
    assert_eq!(page.text_of("mark"), "Read");
}

#[wasm_bindgen_test]
async fn mentions_are_counted_apart_in_the_list_and_in_the_title() {
    let mut page = Page::at("/", &Desk::claimed()).await;
    page.tell(SocketEvent::Opened).await;
    let mut group = in_group(3, 2);
    group.mentions = 1;
    page.hear(welcome_among(vec![group])).await;
    assert_eq!(page.text_of("mention-badge"), "@");
    assert!(leptos::prelude::document().title().starts_with("(2, @1) "));
}

#[wasm_bindgen_test]
async fn whoever_is_mentioned_is_drawn_as_such_and_the_reader_stands_out() {
    let mut page = page().await;
    page.hear(changed(of_alice(3, "@ming and @bo, a@b.example"), alice()))
        .await;
    assert_eq!(page.all_texts("mention"), ["@ming", "@bo"]);
    let mine: Vec<bool> = page
        .all("mention")
        .iter()
        .map(|mention| mention.has_attribute("data-me"))
        .collect();
    assert_eq!(mine, [true, false]);
}
