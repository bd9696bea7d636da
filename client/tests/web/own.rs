//! One's picture, the second factor, and a way back for whoever forgot their password.

use parley_client::api::Method;
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::desk::{Desk, me, server};
use crate::page::Page;

#[wasm_bindgen_test]
async fn whoever_forgot_their_password_asks_for_a_code_where_the_server_sends_letters() {
    let desk = Desk::claimed();
    let mut info = server(true, "invitation", true);
    info["mail"] = true.into();
    desk.answers(Method::Get, "/server", 200, &info);
    desk.answers(Method::Post, "/password-resets/mail", 202, &Value::Null);
    let page = Page::at("/new-password", &desk).await;
    page.enter("letter-name", " ming ").await;
    page.submit("letter-form").await;
    let asked = desk.asked(Method::Post, "/password-resets/mail");
    assert_eq!(asked, json!({ "name": "ming" }));
    assert!(page.find("letter-sent").is_some());
    desk.answers(Method::Post, "/password-resets", 204, &Value::Null);
    page.enter("reset-code", "CODE").await;
    page.enter("new-password", "correct horse").await;
    page.submit("reset-form").await;
    assert_eq!(
        desk.asked(Method::Post, "/password-resets")["user_name"],
        "ming"
    );
}

#[wasm_bindgen_test]
async fn where_the_server_sends_no_letters_none_is_offered() {
    let page = Page::at("/new-password", &Desk::claimed()).await;
    assert!(page.find("letter-form").is_none());
    assert!(page.find("reset-form").is_some());
}

#[wasm_bindgen_test]
async fn a_picture_is_looked_at_before_it_is_taken_and_what_is_none_is_refused() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let page = Page::at("/settings/profile", &desk).await;
    page.choose_file("picture-file", "notes.txt", "text/plain")
        .await;
    assert!(page.find("picture-use").is_none());
    let text = page.text_of("settings-page");
    assert!(text.contains("PNG, JPEG, GIF or WebP picture"), "{text}");

    page.choose_file("picture-file", "me.png", "image/png")
        .await;
    assert!(page.find("picture-chosen").is_some());
    assert_eq!(desk.times(Method::Put, "/me/picture"), 0);
    let refusal = json!({ "code": "picture_unreadable" });
    desk.refuses(Method::Put, "/me/picture", 422, &refusal);
    page.click("picture-use").await;
    assert!(
        page.find("picture-chosen").is_some(),
        "it can be tried again"
    );

    let mut with_picture = me("member");
    with_picture["person"]["picture"] = "ab".repeat(16).into();
    desk.answers(Method::Put, "/me/picture", 200, &with_picture);
    page.click("picture-use").await;
    assert!(page.find("picture-chosen").is_none());

    desk.answers(Method::Delete, "/me/picture", 200, &me("member"));
    page.click("remove-picture").await;
    assert_eq!(
        desk.times(Method::Delete, "/me/picture"),
        0,
        "it asks first"
    );
    page.click("remove-picture").await;
    assert!(page.find("remove-picture").is_none());
}

#[wasm_bindgen_test]
async fn the_second_factor_is_turned_on_by_a_code_and_its_recovery_codes_are_shown_once() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let begun =
        json!({ "secret": "ABCDEFGH", "uri": "otpauth://totp/Parley:ming?secret=ABCDEFGH" });
    desk.answers(Method::Post, "/me/second-factor", 201, &begun);
    let page = Page::at("/settings/security", &desk).await;
    page.enter("factor-password", "correct horse").await;
    page.submit("factor-form").await;
    assert_eq!(page.text_of("factor-secret"), "ABCD EFGH");
    assert!(page.find("factor-picture").is_some());

    desk.answers(
        Method::Put,
        "/me/second-factor",
        200,
        &json!({ "recovery_codes": ["one", "two"] }),
    );
    let mut on = me("member");
    on["account"]["second_factor"] = true.into();
    on["account"]["recovery_codes_left"] = 2.into();
    desk.answers(Method::Get, "/me", 200, &on);
    page.enter("factor-code", "123456").await;
    page.submit("factor-code-form").await;
    assert_eq!(page.text_of("recovery-codes"), "one\ntwo");
    page.click("codes-kept").await;
    assert!(page.find("recovery-codes").is_none());
    assert!(page.find("factor-on").is_some());
}

#[wasm_bindgen_test]
async fn whoever_wants_to_keeps_what_they_read_to_themselves() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let page = Page::at("/settings/profile", &desk).await;
    let switch: HtmlInputElement = page.get("tells-read").unchecked_into();
    assert!(switch.checked(), "as it is on the server");
    desk.answers(Method::Patch, "/me", 200, &me("member"));
    page.click("tells-read").await;
    page.submit("profile-form").await;
    assert_eq!(desk.asked(Method::Patch, "/me")["tells_read"], false);
}
