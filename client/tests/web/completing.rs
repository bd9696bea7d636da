//! Completing the name of whom one mentions. They know nothing of who may be mentioned.

use parley_client::api::Method;
use parley_client::socket::SocketEvent;
use serde_json::json;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlTextAreaElement;

use crate::desk::Desk;
use crate::page::{Key, Page};
use crate::server::{group, history_of, in_group, welcome_among};

const DOWN: Key = Key {
    name: "ArrowDown",
    code: 40,
    ..Key::ENTER
};
const ESCAPE: Key = Key {
    name: "Escape",
    code: 27,
    ..Key::ENTER
};
const TAB: Key = Key {
    name: "Tab",
    code: 9,
    ..Key::ENTER
};

/// A page in the group, of which these are members besides the reader.
async fn page() -> Page {
    let desk = Desk::claimed();
    let member = |number: u8, name: &str, user_name: &str| {
        json!({
            "person": { "id": format!("{number:02x}").repeat(16), "name": name },
            "user_name": user_name, "role": "member", "since_ms": 1,
        })
    };
    let members = json!({
        "members": [
            member(1, "Ming", "ming"), member(2, "Alice", "al"), member(3, "Albert Stone", "stone"),
            member(4, "小明", "xiaoming"),
        ],
    });
    let address = format!("/groups/{}/members", group());
    desk.answers(Method::Get, &address, 200, &members);
    let mut page = Page::at(&format!("/c/{}", group()), &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(welcome_among(vec![in_group(1, 0)])).await;
    page.hear(history_of(group(), 1)).await;
    page.said();
    page
}

/// Types a text, the caret after it.
async fn write(page: &Page, text: &str) {
    page.write(text).await;
    page.settle().await;
}

fn chosen(page: &Page) -> Vec<String> {
    let ones = page.all("completion-one");
    let chosen = ones
        .iter()
        .filter(|one| one.get_attribute("aria-selected").as_deref() == Some("true"));
    chosen.filter_map(|one| one.text_content()).collect()
}

#[wasm_bindgen_test]
async fn a_name_is_chosen_with_the_arrows_and_written_with_enter() {
    let mut page = page().await;
    write(&page, "hi @al").await;
    page.wait_for(|page| page.count("completion-one") == 2)
        .await;
    let field: HtmlTextAreaElement = page.get("composer").unchecked_into();
    assert_eq!(
        field.get_attribute("aria-controls").as_deref(),
        Some("completion")
    );
    assert!(chosen(&page)[0].contains("@al"), "who spoke here is first");
    assert!(page.press(DOWN).await);
    assert!(chosen(&page)[0].contains("@stone"));
    let active = field.get_attribute("aria-activedescendant");
    assert_eq!(active.as_deref(), Some("completion-1"));
    assert!(page.press(Key::ENTER).await);
    assert_eq!(page.written(), "hi @stone ");
    assert!(page.find("completion").is_none());
    assert!(field.get_attribute("aria-controls").is_none());
    assert!(page.sent().is_empty(), "Enter chose, and sent nothing");
    page.press(Key::ENTER).await;
    assert_eq!(page.sent().len(), 1);
}

#[wasm_bindgen_test]
async fn escape_closes_the_list_alone_and_tab_and_a_press_choose() {
    let mut page = page().await;
    write(&page, "@x").await;
    page.wait_for(|page| page.count("completion-one") == 1)
        .await;
    assert!(page.press(ESCAPE).await);
    assert!(page.find("completion").is_none());
    assert_eq!(page.written(), "@x");
    write(&page, "@xi").await;
    assert!(
        page.find("completion").is_none(),
        "it stays closed for this name"
    );
    write(&page, "").await;
    write(&page, "@小").await;
    page.wait_for(|page| page.count("completion-one") == 1)
        .await;
    assert!(page.press(TAB).await);
    assert_eq!(page.written(), "@xiaoming ");
    write(&page, "@a").await;
    page.wait_for(|page| page.count("completion-one") == 2)
        .await;
    page.click_at("completion-one", 0).await;
    assert_eq!(page.written(), "@al ");
    assert!(page.sent().is_empty());
}

#[wasm_bindgen_test]
async fn the_keys_of_an_input_method_are_its_own() {
    let mut page = page().await;
    write(&page, "@al").await;
    page.wait_for(|page| page.count("completion-one") == 2)
        .await;
    let composing = Key {
        is_composing: true,
        ..Key::ENTER
    };
    let taken = Key { code: 229, ..TAB };
    assert!(!page.press(composing).await);
    assert!(!page.press(taken).await);
    assert_eq!(page.written(), "@al");
    assert!(page.sent().is_empty());
}
