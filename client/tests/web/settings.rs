//! Name, language and theme. It does not know the words of any language.

use parley_shared::model::Person;
use parley_shared::protocol::{ClientCommand, ServerEvent};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::page::{Page, root_attribute};
use crate::server::me;

#[wasm_bindgen_test]
async fn the_language_changes_at_once_and_is_remembered() {
    let page = Page::with_history(1).await;
    page.click("settings-button").await;
    page.choose("language-select", "en").await;
    assert_eq!(root_attribute("lang").as_deref(), Some("en"));
    let english = page.text_of("divider-day");
    let label = page.get("composer").get_attribute("aria-label");
    page.choose("language-select", "zh").await;
    assert_eq!(root_attribute("lang").as_deref(), Some("zh-CN"));
    assert_ne!(page.text_of("divider-day"), english);
    assert_ne!(page.get("composer").get_attribute("aria-label"), label);

    drop(page);
    let page = Page::open_again().await;
    assert_eq!(root_attribute("lang").as_deref(), Some("zh-CN"));
    page.click("settings-button").await;
    page.choose("language-select", "auto").await;
}

#[wasm_bindgen_test]
async fn the_theme_changes_at_once_and_is_remembered() {
    let page = Page::with_history(1).await;
    assert_eq!(root_attribute("data-theme").as_deref(), Some("system"));
    page.click("settings-button").await;
    page.choose("theme-select", "dark").await;
    assert_eq!(root_attribute("data-theme").as_deref(), Some("dark"));

    drop(page);
    let page = Page::open_again().await;
    assert_eq!(root_attribute("data-theme").as_deref(), Some("dark"));
    page.click("settings-button").await;
    page.choose("theme-select", "system").await;
    assert_eq!(root_attribute("data-theme").as_deref(), Some("system"));
}

#[wasm_bindgen_test]
async fn a_new_name_is_asked_for_and_told_when_it_is_in_force() {
    let mut page = Page::with_history(0).await;
    page.click("settings-button").await;
    let field: HtmlInputElement = page.get("name-input").unchecked_into();
    assert_eq!(field.value(), "Ming");
    field.set_value("Ada");
    page.click("name-save").await;
    let name = "Ada".to_owned();
    assert_eq!(page.said(), [ClientCommand::Rename { name: name.clone() }]);
    assert!(page.find("notice").is_none());
    let renamed = Person {
        name: Some(name),
        ..me()
    };
    page.hear(ServerEvent::PeopleChanged {
        people: vec![renamed],
    })
    .await;
    assert!(page.find("notice").is_some());
    assert!(page.text_of("name-button").contains("Ada"));
}
