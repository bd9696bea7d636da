//! Coming in, one's own account, looking after a server: forms reach the API, and its answers the reader.

use parley_client::api::Method;
use parley_client::socket::{SocketCommand, SocketEvent};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, me, server};
use crate::page::{Page, path};
use crate::server::{self as said, lobby_of};

#[wasm_bindgen_test]
async fn who_signs_in_is_connected_as_that_person_and_comes_to_the_lobby() {
    let desk = Desk::claimed();
    desk.answers(Method::Post, "/sessions", 201, &me("member"));
    let mut page = Page::at("/sign-in", &desk).await;
    page.enter("user-name", " ming ").await;
    page.enter("password", "correct horse").await;
    page.submit("sign-in-form").await;
    let asked = desk.asked(Method::Post, "/sessions");
    assert_eq!(
        asked,
        json!({ "user_name": "ming", "password": "correct horse" })
    );
    assert_eq!(page.told(), [SocketCommand::Renew]);
    assert_eq!(path(), "/");
    assert!(page.find("composer").is_some());
}

#[wasm_bindgen_test]
async fn a_wrong_password_is_said_beside_the_field_and_the_page_stays() {
    let desk = Desk::claimed();
    desk.refuses(
        Method::Post,
        "/sessions",
        401,
        &json!({ "code": "wrong_credentials" }),
    );
    let mut page = Page::at("/sign-in", &desk).await;
    page.enter("user-name", "ming").await;
    page.enter("password", "wrong").await;
    page.submit("sign-in-form").await;
    let field = page.get("password");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(page.text_of("form-wrong"), "");
    assert_eq!(page.told(), []);
    assert_eq!(path(), "/sign-in");
    page.enter("password", "another").await;
    assert_eq!(
        field.get_attribute("aria-invalid").as_deref(),
        Some("false")
    );
}

#[wasm_bindgen_test]
async fn a_second_factor_is_asked_for_in_a_second_step() {
    let desk = Desk::claimed();
    desk.refuses(
        Method::Post,
        "/sessions",
        401,
        &json!({ "code": "second_factor_needed" }),
    );
    let page = Page::at("/sign-in", &desk).await;
    page.enter("user-name", "ming").await;
    page.enter("password", "correct horse").await;
    page.submit("sign-in-form").await;
    page.enter("code", "123456").await;
    desk.answers(Method::Post, "/sessions", 201, &me("member"));
    page.submit("sign-in-form").await;
    let asked = desk.asked(Method::Post, "/sessions");
    assert_eq!(asked["code"], "123456");
    assert_eq!(asked["password"], "correct horse");
    assert_eq!(path(), "/");
}

#[wasm_bindgen_test]
async fn a_recovery_code_stands_for_the_second_factor() {
    let desk = Desk::claimed();
    desk.refuses(
        Method::Post,
        "/sessions",
        401,
        &json!({ "code": "second_factor_needed" }),
    );
    let page = Page::at("/sign-in", &desk).await;
    page.submit("sign-in-form").await;
    page.click("other-code").await;
    page.enter("code", "abcd-efgh").await;
    page.submit("sign-in-form").await;
    let asked = desk.asked(Method::Post, "/sessions");
    assert_eq!(asked["recovery_code"], "abcd-efgh");
    assert_eq!(asked["code"], Value::Null);
}

#[wasm_bindgen_test]
async fn what_a_page_can_see_is_wrong_is_not_asked() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/server", 200, &server(true, "open", true));
    let page = Page::at("/register", &desk).await;
    page.enter("user-name", "ming").await;
    page.enter("new-password", "short").await;
    page.submit("register-form").await;
    let field = page.get("new-password");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(desk.times(Method::Post, "/accounts"), 0);
    page.enter("new-password", "long enough").await;
    desk.refuses(
        Method::Post,
        "/accounts",
        409,
        &json!({ "code": "user_name_taken" }),
    );
    page.submit("register-form").await;
    let field = page.get("user-name");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn an_invitation_that_holds_is_used_and_one_that_does_not_opens_nothing() {
    let desk = Desk::claimed();
    desk.answers(Method::Post, "/invitations/check", 204, &Value::Null);
    desk.answers(Method::Post, "/accounts", 201, &me("member"));
    let page = Page::at("/register#invitation=CODE", &desk).await;
    assert_eq!(
        desk.asked(Method::Post, "/invitations/check"),
        json!({ "code": "CODE" })
    );
    page.enter("user-name", "ming").await;
    page.enter("new-password", "correct horse").await;
    page.submit("register-form").await;
    let asked = desk.asked(Method::Post, "/accounts");
    assert_eq!(asked["invitation"], "CODE");
    assert_eq!(path(), "/");
    drop(page);

    desk.refuses(
        Method::Post,
        "/invitations/check",
        404,
        &json!({ "code": "unknown_invitation" }),
    );
    let page = Page::at("/register#invitation=OLD", &desk).await;
    assert!(page.find("register-form").is_none());
}

#[wasm_bindgen_test]
async fn where_nobody_can_register_there_is_no_form() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/server", 200, &server(true, "closed", true));
    let page = Page::at("/register", &desk).await;
    assert!(page.find("register-form").is_none());
    assert!(page.find("to-sign-in").is_some());
}

#[wasm_bindgen_test]
async fn the_first_visitor_is_led_to_become_owner_and_to_set_the_policy() {
    let desk = Desk::default();
    desk.answers(
        Method::Get,
        "/server",
        200,
        &server(false, "invitation", true),
    );
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome(0)).await;
    page.click("to-setup").await;
    assert_eq!(path(), "/setup");
    page.enter("user-name", "ming").await;
    page.enter("new-password", "correct horse").await;
    desk.answers(Method::Post, "/accounts", 201, &me("owner"));
    desk.answers(
        Method::Get,
        "/server",
        200,
        &server(true, "invitation", true),
    );
    page.submit("setup-form").await;

    let policy = json!({ "registration": "open", "guests": false, "contact": "friends" });
    desk.answers(Method::Put, "/server/policy", 200, &policy);
    page.click("registration-open").await;
    page.click("guests").await;
    page.submit("policy-form").await;
    assert_eq!(desk.asked(Method::Put, "/server/policy"), policy);
    assert_eq!(path(), "/");
}

#[wasm_bindgen_test]
async fn a_guest_is_offered_to_sign_in_and_an_account_to_sign_out() {
    let desk = Desk::claimed();
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome(0)).await;
    assert!(page.find("door").is_some());
    assert!(page.find("sign-out").is_none());
    page.hear(said::welcome_account(0)).await;
    page.click("settings-button").await;
    page.told();
    desk.answers(Method::Delete, "/sessions/current", 204, &Value::Null);
    page.click("sign-out").await;
    assert_eq!(page.told(), [SocketCommand::Renew]);
}

#[wasm_bindgen_test]
async fn someone_else_finds_nothing_of_the_former_on_the_page() {
    let desk = Desk::claimed();
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome(2)).await;
    page.hear(said::history(2)).await;
    page.send("of the former").await;
    assert_eq!(page.words().len(), 3);
    page.hear(lobby_of(said::alice(), 0)).await;
    assert!(page.messages().is_empty());
    assert!(page.text_of("name-button").contains("Alice"));
}

#[wasm_bindgen_test]
async fn who_is_signed_out_elsewhere_is_told_and_keeps_what_they_wrote() {
    let desk = Desk::claimed();
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome_account(0)).await;
    page.write("half a thought").await;
    page.tell(SocketEvent::SignedOut).await;
    assert!(page.find("signed-out").is_some());
    assert_eq!(page.written(), "half a thought");
    page.send("waits").await;
    page.told();

    page.click("sign-in-again").await;
    assert_eq!(path(), "/sign-in");
    desk.answers(Method::Post, "/sessions", 201, &me("member"));
    page.submit("sign-in-form").await;
    page.told();
    page.tell(SocketEvent::Opened).await;
    page.hear(said::welcome_account(0)).await;
    assert!(page.find("signed-out").is_none());
    assert_eq!(page.sent()[0].1, "waits");
}

#[wasm_bindgen_test]
async fn where_guests_may_not_enter_the_first_thing_is_to_sign_in() {
    let desk = Desk::default();
    desk.answers(
        Method::Get,
        "/server",
        200,
        &server(true, "invitation", false),
    );
    desk.refuses(
        Method::Get,
        "/me",
        401,
        &json!({ "code": "guests_not_allowed" }),
    );
    let mut page = Page::at("/", &desk).await;
    page.tell(SocketEvent::Trying).await;
    let retry_at_ms = js_sys::Date::now() as u64 + 60_000;
    page.tell(SocketEvent::Closed { retry_at_ms }).await;
    assert_eq!(path(), "/sign-in");
    assert_eq!(page.told(), [SocketCommand::Rest]);
}

#[wasm_bindgen_test]
async fn settings_are_for_those_who_have_an_account() {
    let desk = Desk::claimed();
    desk.answers(
        Method::Get,
        "/me",
        200,
        &json!({ "person": { "id": "01".repeat(16) } }),
    );
    let page = Page::at("/settings/devices", &desk).await;
    assert_eq!(path(), "/sign-in");
    desk.answers(Method::Post, "/sessions", 201, &me("member"));
    desk.answers(Method::Get, "/me", 200, &me("member"));
    page.submit("sign-in-form").await;
    assert_eq!(path(), "/settings/devices", "where they wanted to go");
    assert!(page.find("section-devices").is_some());
    assert!(
        page.find("section-people").is_none(),
        "a member looks after nobody"
    );
}

#[wasm_bindgen_test]
async fn a_device_is_signed_out_when_it_is_confirmed() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    let session = |digit: &str, current: bool| {
        json!({
            "id": digit.repeat(32), "device": "Firefox on Linux", "created_ms": 1,
            "last_used_ms": 2, "current": current,
        })
    };
    let both = json!({ "sessions": [session("a", true), session("b", false)] });
    desk.answers(Method::Get, "/sessions", 200, &both);
    let there = format!("/sessions/{}", "b".repeat(32));
    desk.answers(Method::Delete, &there, 204, &Value::Null);
    let page = Page::at("/settings/devices", &desk).await;
    page.click("end-session").await;
    assert_eq!(desk.times(Method::Delete, &there), 0, "it asks first");
    desk.answers(
        Method::Get,
        "/sessions",
        200,
        &json!({ "sessions": [session("a", true)] }),
    );
    page.click("end-session").await;
    assert_eq!(desk.times(Method::Delete, &there), 1);
    assert!(page.find("end-session").is_none());
}

#[wasm_bindgen_test]
async fn a_list_that_could_not_be_fetched_is_fetched_again_on_request() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("member"));
    desk.refuses(
        Method::Get,
        "/tokens",
        503,
        &json!({ "code": "unavailable" }),
    );
    let page = Page::at("/settings/tokens", &desk).await;
    let token = json!({ "id": "c".repeat(32), "name": "Robot", "scope": "read", "created_ms": 1 });
    desk.answers(Method::Get, "/tokens", 200, &json!({ "tokens": [token] }));
    page.click("retry-listing").await;
    assert!(page.text_of("record").contains("Robot"));
}

#[wasm_bindgen_test]
async fn a_token_and_an_invitation_are_shown_when_they_are_made() {
    let desk = Desk::claimed();
    desk.answers(Method::Get, "/me", 200, &me("owner"));
    desk.answers(Method::Get, "/tokens", 200, &json!({ "tokens": [] }));
    let token = json!({ "id": "c".repeat(32), "name": "Robot", "scope": "write", "created_ms": 1 });
    let made = json!({ "secret": "SECRET", "token": token });
    desk.answers(Method::Post, "/tokens", 201, &made);
    let page = Page::at("/settings/tokens", &desk).await;
    page.enter("token-name", "Robot").await;
    page.choose("token-expiry", "").await;
    page.submit("token-form").await;
    let asked = desk.asked(Method::Post, "/tokens");
    assert_eq!(asked, json!({ "name": "Robot", "scope": "write" }));
    assert_eq!(page.text_of("token-secret"), "SECRET");

    desk.answers(
        Method::Get,
        "/invitations",
        200,
        &json!({ "invitations": [] }),
    );
    let invitation = json!({
        "id": "d".repeat(32), "made_by": "01".repeat(16), "created_ms": 1, "expires_ms": 2,
        "uses_left": 3,
    });
    let made = json!({ "code": "CODE", "invitation": invitation });
    desk.answers(Method::Post, "/invitations", 201, &made);
    page.click("section-invitations").await;
    page.enter("invitation-uses", "3").await;
    page.submit("invitation-form").await;
    assert_eq!(desk.asked(Method::Post, "/invitations")["uses"], 3);
    let link = page.text_of("invitation-link");
    assert!(link.ends_with("/register#invitation=CODE"), "{link}");
}

#[wasm_bindgen_test]
async fn back_and_forward_lead_through_the_pages() {
    let desk = Desk::claimed();
    let page = Page::at("/sign-in", &desk).await;
    page.click("to-register").await;
    assert_eq!(path(), "/register");
    page.back().await;
    assert_eq!(path(), "/sign-in");
    assert!(page.find("sign-in-form").is_some());
    page.forward().await;
    assert_eq!(path(), "/register");
    assert!(page.find("sign-in-form").is_none());
}
