//! Many conversations: the list of them, going from one to another, what happens in a group. It does not know what follows
//! from which event.

use parley_client::api::Method;
use parley_shared::ids::Seq;
use parley_shared::model::{Notice, Person};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlElement};

use crate::desk::Desk;
use crate::page::{Key, Page, path};
use crate::server::{
    alice, changed, group, history_of, in_conversation, in_group, lobby, me, of_alice, talk,
    welcome_among, with_alice,
};

/// The texts of the entries of the list, from top to bottom.
fn entries(page: &Page) -> Vec<String> {
    let entries = page.all("conversation").into_iter();
    entries.filter_map(|entry| entry.text_content()).collect()
}

fn address(id: parley_shared::ids::ConversationId) -> String {
    format!("/c/{id}")
}

/// Who did something in the group, and what.
fn happened(place: u64, author: Person, notice: Notice) -> ServerEvent {
    let message = parley_shared::model::Message {
        author: author.id,
        body: ChatMessage::Notice { notice },
        ..in_conversation(group(), of_alice(place, ""))
    };
    changed(message, author)
}

#[wasm_bindgen_test]
async fn the_list_says_who_said_what_last_and_how_much_is_unread() {
    let page = Page::among("/").await;
    let entries = entries(&page);
    assert_eq!(entries.len(), 3);
    assert!(entries[0].contains("Rowers"), "{entries:?}");
    assert!(entries[0].contains("Alice: at the river"), "{entries:?}");
    assert!(entries[0].contains('1'), "{entries:?}");
    assert!(entries[2].contains("Alice"), "{entries:?}");
    assert!(entries[2].contains("You: see you there") || entries[2].contains("我：see you there"));
}

#[wasm_bindgen_test]
async fn an_entry_leads_to_its_conversation_and_back_leads_back() {
    let mut page = Page::among("/").await;
    page.said();
    page.click_at("conversation", 0).await;
    assert_eq!(path(), address(group()));
    let said = page.said();
    let asks = ClientCommand::History {
        conversation: group(),
        before: None,
    };
    assert!(said.contains(&asks), "{said:?}");
    assert!(said.contains(&ClientCommand::Open {
        conversation: group()
    }));
    page.hear(history_of(group(), 3)).await;
    assert_eq!(page.words().len(), 3);
    let current = page.all("conversation")[0].get_attribute("aria-current");
    assert_eq!(current.as_deref(), Some("page"));
    assert!(page.find("divider-unread").is_some());
    assert!(!entries(&page)[0].contains("1 unread"));

    page.back().await;
    assert_eq!(path(), "/");
    assert!(page.words().is_empty());
    page.forward().await;
    assert_eq!(page.words().len(), 3, "it was kept");
}

#[wasm_bindgen_test]
async fn a_page_that_is_opened_at_an_address_shows_that_conversation() {
    let page = Page::among(&address(talk())).await;
    let current = page.all("conversation")[2].get_attribute("aria-current");
    assert_eq!(current.as_deref(), Some("page"));
    assert!(page.text_of("to-person").contains("Alice"));
    assert!(page.find("people").is_none(), "those are in the Lobby");
}

#[wasm_bindgen_test]
async fn a_visit_begins_where_the_last_one_ended() {
    let page = Page::among(&address(group())).await;
    drop(page);
    let page = Page::open_again().await;
    assert_eq!(path(), address(group()));
    drop(page);
}

#[wasm_bindgen_test]
async fn what_is_not_there_or_not_the_readers_says_so_and_leads_to_the_lobby() {
    let elsewhere = parley_shared::ids::ConversationId::from_bytes([77; 16]);
    let mut page = Page::among(&address(elsewhere)).await;
    page.hear(ServerEvent::Refused {
        command: Some("conversation".into()),
        id: None,
        reason: parley_shared::protocol::Refusal::UnknownConversation,
        message: String::new(),
    })
    .await;
    assert!(page.find("missing").is_some());
    assert!(page.find("composer").is_none());
    page.click("missing-action").await;
    assert_eq!(path(), "/");
    assert!(page.find("composer").is_some());
    assert!(page.find("missing").is_none());
}

#[wasm_bindgen_test]
async fn what_happens_in_a_group_stands_in_the_readers_words() {
    let mut page = Page::among(&address(group())).await;
    page.hear(history_of(group(), 3)).await;
    let people = vec![me().id];
    page.hear(happened(4, alice(), Notice::Added { people }))
        .await;
    page.hear(happened(5, me(), Notice::Left)).await;
    let rows = page.all("happening");
    let texts: Vec<_> = rows.iter().filter_map(|row| row.text_content()).collect();
    assert!(texts[0].contains("Alice added you") || texts[0].contains("Alice 邀请 你"));
    assert!(texts[1].contains("You left") || texts[1].contains("你退出"));
    assert_eq!(page.words().len(), 3, "they are no messages");
}

#[wasm_bindgen_test]
async fn a_closed_conversation_can_be_read_and_has_no_field() {
    let mut page = Page::among(&address(group())).await;
    assert!(page.find("composer").is_some());
    let mut archived = in_group(3, 0);
    archived.closed = true;
    page.hear(ServerEvent::ConversationChanged {
        conversation: archived,
        people: vec![],
    })
    .await;
    assert!(page.find("composer").is_none());
    assert!(!page.text_of("closed").is_empty());
}

#[wasm_bindgen_test]
async fn what_is_not_sent_stays_with_its_conversation() {
    let page = Page::among("/").await;
    page.write("for all").await;
    page.click_at("conversation", 0).await;
    assert_eq!(page.written(), "");
    page.write("for the rowers").await;
    page.click_at("conversation", 1).await;
    assert_eq!(page.written(), "for all");
    page.click_at("conversation", 0).await;
    assert_eq!(page.written(), "for the rowers");
}

#[wasm_bindgen_test]
async fn alt_and_an_arrow_lead_to_the_next_conversation() {
    let page = Page::among(&address(group())).await;
    let down = Key {
        alt: true,
        name: "ArrowDown",
        ..Key::ENTER
    };
    page.press(down).await;
    assert_eq!(path(), address(lobby()));
    page.press(down).await;
    assert_eq!(path(), address(talk()));
    page.press(down).await;
    assert_eq!(path(), address(talk()), "it is the last");
    page.press(Key {
        name: "ArrowUp",
        ..down
    })
    .await;
    assert_eq!(path(), address(lobby()));
}

#[wasm_bindgen_test]
async fn a_long_list_can_be_looked_through_by_name() {
    let mut page = Page::at("/", &Desk::claimed()).await;
    let groups = (20..40).map(|number| {
        let id = parley_shared::ids::ConversationId::from_bytes([number; 16]);
        let mut group = in_group(3, 0);
        group.id = id;
        if let Some(group) = &mut group.group {
            group.name = format!("Crew {number}");
        }
        group
    });
    let mut others: Vec<_> = groups.collect();
    others.push(with_alice(2));
    page.hear(welcome_among(others)).await;
    assert_eq!(entries(&page).len(), 22);
    page.enter("filter", "crew 2").await;
    assert_eq!(entries(&page).len(), 10);
    page.enter("filter", "ALICE").await;
    assert_eq!(entries(&page).len(), 1);
    page.enter("filter", "").await;
    assert_eq!(entries(&page).len(), 22);
}

#[wasm_bindgen_test]
async fn the_name_by_which_one_knows_someone_stands_everywhere() {
    let desk = Desk::claimed();
    let remarks = json!({ "remarks": [{ "person": alice().id, "remark": "Auntie" }] });
    desk.answers(Method::Get, "/remarks", 200, &remarks);
    let mut page = Page::at(&address(talk()), &desk).await;
    let mut welcome = welcome_among(vec![in_group(3, 0), with_alice(2)]);
    if let ServerEvent::Welcome { remarks, .. } = &mut welcome {
        *remarks = true;
    }
    page.hear(welcome).await;
    page.hear(history_of(talk(), 2)).await;
    let entries = entries(&page);
    assert!(entries[0].contains("Auntie: at the river"), "{entries:?}");
    assert!(entries[2].contains("Auntie"), "{entries:?}");
    assert!(page.text_of("to-person").contains("Auntie"));
    assert_eq!(page.text_of("message-author"), "Auntie");
}

#[wasm_bindgen_test]
async fn a_guest_has_the_lobby_alone_and_no_ways_to_others() {
    let page = Page::with_history(1).await;
    assert_eq!(entries(&page).len(), 1);
    assert!(page.find("to-contacts").is_none());
    assert!(page.find("to-new-group").is_none());
    assert!(page.find("person").is_none());
}

/// Asks for the context menu of the first entry; whether the page has one.
async fn hold_first(page: &Page) -> bool {
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let asked = Event::new_with_event_init_dict("contextmenu", &init).unwrap();
    let is_taken = !page.get("conversation").dispatch_event(&asked).unwrap();
    page.settle().await;
    is_taken
}

#[wasm_bindgen_test]
async fn the_button_of_an_entry_opens_what_can_be_done_and_leads_nowhere() {
    let mut page = Page::among("/").await;
    page.said();
    assert_eq!(page.count("conversation-more"), 3);
    let button: HtmlElement = page.get("conversation-more");
    assert_eq!(button.tab_index(), 0, "Tab leads to it");
    let label = button.get_attribute("aria-label").unwrap();
    assert_eq!(label, "Rowers: Conversation actions");
    page.click("conversation-more").await;
    let dialog = page.get("menu").closest("dialog").unwrap().unwrap();
    let title = dialog.query_selector("#menu-title").unwrap().unwrap();
    assert_eq!(title.text_content().unwrap(), "Conversation actions");
    page.click("mark-read").await;
    let read = ClientCommand::Read {
        conversation: group(),
        through: Seq(3),
    };
    assert!(page.said().contains(&read));
    page.click("conversation-more").await;
    page.click("mark-unread").await;
    let unread = ClientCommand::MarkUnread {
        conversation: group(),
        from: Seq(3),
    };
    assert!(page.said().contains(&unread));
    assert_eq!(path(), "/");
    assert!(hold_first(&page).await);
    assert!(page.find("mark-read").is_some());
}

#[wasm_bindgen_test]
async fn nothing_is_offered_where_nobody_else_writes_and_to_guests() {
    let notes = parley_shared::ids::ConversationId::from_bytes([13; 16]);
    let mut page = Page::at("/", &Desk::claimed()).await;
    let kind = parley_shared::model::ConversationKind::Notes;
    page.hear(welcome_among(vec![crate::server::conversation(
        notes, kind, 5,
    )]))
    .await;
    assert_eq!(page.count("conversation"), 2);
    assert_eq!(page.count("conversation-more"), 1);
    assert!(!hold_first(&page).await);
    assert!(page.find("menu").is_none());

    let page = Page::with_history(1).await;
    assert_eq!(page.count("conversation-more"), 0);
    assert!(!hold_first(&page).await);
}
