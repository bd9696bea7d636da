//! What opens an account besides the password: invitations, tokens, the second factor, codes, the command line.

use std::time::Duration;

use parley_server::account::second_factor::{self, Key};
use parley_server::clock;
use parley_shared::limits::{
    EXPIRY_MAX_MS, INVITATION_USES_MAX, RECOVERY_CODES, RESET_CODE_HOLDS_MS, TOKENS_MAX,
};
use parley_shared::model::Scope;
use parley_shared::protocol::{Refusal, SIGNED_OUT, ServerEvent, close_code};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::accounts::open_app;
use crate::browser::{Browser, PASSWORD};
use crate::raw::Raw;
use crate::scene::TestApp;

const HOUR_MS: u64 = 3_600_000;

async fn assert_signed_out(connection: &mut Raw) {
    let closed = connection.expect_close().await;
    assert_eq!(closed, (close_code::SIGNED_OUT, SIGNED_OUT.to_owned()));
}

async fn invite(owner: &mut Browser, uses: u32, for_ms: u64) -> (String, String) {
    let expires_ms = clock::now_ms() + for_ms;
    let ask = json!({"uses": uses, "expires_ms": expires_ms});
    let made = owner.post("/invitations", ask).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["code"]), text(&made["invitation"]["id"]))
}

async fn register_with(app: &TestApp, name: &str, code: &str) -> crate::browser::Reply {
    let ask = json!({"user_name": name, "password": PASSWORD, "invitation": code});
    Browser::at(app).post("/accounts", ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lets_in_as_many_as_it_says_also_when_they_come_at_once() {
    let app = TestApp::start(|_| {}).await;
    let mut owner = Browser::registered(&app, "owner").await;
    let (code, _) = invite(&mut owner, 2, HOUR_MS).await;
    let check = json!({"code": code});
    Browser::at(&app)
        .post("/invitations/check", check.clone())
        .await
        .ok();
    let (a, b, c) = tokio::join!(
        register_with(&app, "anna", &code),
        register_with(&app, "bert", &code),
        register_with(&app, "carl", &code),
    );
    let let_in = [&a, &b, &c]
        .iter()
        .filter(|reply| reply.status == 201)
        .count();
    assert_eq!(let_in, 2, "{a:?} {b:?} {c:?}");
    let refused = Browser::at(&app).post("/invitations/check", check).await;
    refused.refused(404, "unknown_invitation");
    let list = owner.get("/invitations").await.ok();
    assert_eq!(list["invitations"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessed_expired_used_up_and_revoked_invitations_look_alike() {
    let app = TestApp::start(|_| {}).await;
    let mut owner = Browser::registered(&app, "owner").await;
    let (used_up, _) = invite(&mut owner, 1, 48 * HOUR_MS).await;
    register_with(&app, "anna", &used_up).await.ok();
    let (revoked, id) = invite(&mut owner, 1, 48 * HOUR_MS).await;
    owner.delete(&format!("/invitations/{id}")).await.ok();
    owner
        .delete(&format!("/invitations/{id}"))
        .await
        .refused(404, "not_found");
    let (expired, _) = invite(&mut owner, 1, HOUR_MS).await;
    let (holds, _) = invite(&mut owner, 1, 48 * HOUR_MS).await;
    app.clock().advance(Duration::from_millis(2 * HOUR_MS));
    let guessed = "0".repeat(32);
    let mut answers = Vec::new();
    for code in [&used_up, &revoked, &expired, &guessed] {
        let reply = register_with(&app, "bert", code).await;
        reply.refused(404, "unknown_invitation");
        answers.push(reply.json);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    register_with(&app, "bert", &holds).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_has_bounds_and_is_kept_without_its_code() {
    let app = TestApp::start(|_| {}).await;
    let mut owner = Browser::registered(&app, "owner").await;
    let now_ms = clock::now_ms();
    for (uses, expires_ms, code) in [
        (0, now_ms + HOUR_MS, "uses_out_of_range"),
        (
            INVITATION_USES_MAX + 1,
            now_ms + HOUR_MS,
            "uses_out_of_range",
        ),
        (1, now_ms - 1, "expiry_out_of_range"),
        (1, now_ms + EXPIRY_MAX_MS + HOUR_MS, "expiry_out_of_range"),
    ] {
        let ask = json!({"uses": uses, "expires_ms": expires_ms});
        owner.post("/invitations", ask).await.refused(400, code);
    }
    let (code, _) = invite(&mut owner, 1, HOUR_MS).await;
    let list = owner.get("/invitations").await;
    assert!(!list.answer.text().contains(&code));
    assert_on_no_page_of(&app, &code);
}

/// Asserts that a secret is not on the disk as it is.
fn assert_on_no_page_of(app: &TestApp, secret: &str) {
    for file in ["parley.sqlite", "parley.sqlite-wal"] {
        let bytes = std::fs::read(app.data_dir().join(file)).unwrap_or_default();
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{file} holds a secret");
    }
}

async fn token(browser: &mut Browser, scope: &str) -> (String, String) {
    let made = browser
        .post("/tokens", json!({"name": "bot", "scope": scope}))
        .await
        .ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["secret"]), text(&made["token"]["id"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_acts_for_its_person_within_its_scope_and_ends_when_revoked() {
    let (app, mut owner) = open_app().await;
    let (secret, id) = token(&mut owner, "write").await;
    assert!(secret.starts_with("parley_"));
    assert_on_no_page_of(&app, &secret);
    let mut bot = Browser::program(&app, &secret);
    let me = bot.get("/me").await.ok();
    assert_eq!(me["account"]["user_name"], "owner");
    bot.patch("/me", json!({"status": "busy"})).await.ok();
    let refused = bot.get("/invitations").await;
    refused.refused(403, "scope_too_small");
    assert_eq!(refused.json["needed"], "manage");
    for (method, path) in [
        ("GET", "/tokens"),
        ("GET", "/sessions"),
        ("GET", "/me/export"),
    ] {
        let refused = bot.ask(method, path, None).await;
        refused.refused(403, "session_needed");
    }
    let mut connection = bot.connect().await.unwrap();
    let list = owner.get("/tokens").await.ok();
    assert!(list["tokens"][0]["last_used_ms"].is_u64(), "{list}");
    owner.delete(&format!("/tokens/{id}")).await.ok();
    assert_signed_out(&mut connection).await;
    bot.get("/me").await.refused(401, "sign_in_needed");
    assert_eq!(bot.connect().await.err().as_deref(), Some("HTTP 401"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_only_read_writes_nothing_over_the_websocket() {
    let (app, mut owner) = open_app().await;
    let (secret, _) = token(&mut owner, "read").await;
    let mut bot = Browser::program(&app, &secret);
    let mut connection = bot.connect().await.unwrap();
    let id = crate::client::mint();
    for (command, text) in [
        (
            "send",
            format!(
                r#"{{"type":"send","id":"{id}","conversation":"$LOBBY","body":{{"type":"text","text":"x"}}}}"#
            ),
        ),
        ("rename", r#"{"type":"rename","name":"Bot"}"#.to_owned()),
        (
            "typing",
            r#"{"type":"typing","conversation":"$LOBBY"}"#.to_owned(),
        ),
    ] {
        connection.say(&text).await;
        let told = connection.expect_refusal().await;
        assert_eq!(told.command.as_deref(), Some(command));
        assert_eq!(
            told.reason,
            Refusal::ScopeTooSmall {
                needed: Scope::Write
            }
        );
    }
    connection
        .say(r#"{"type":"history","conversation":"$LOBBY"}"#)
        .await;
    let messages = connection
        .expect("the history", |event| match event {
            ServerEvent::History { messages, .. } => Some(messages.len()),
            _ => None,
        })
        .await;
    assert_eq!(messages, 0);
    let refused = bot.patch("/me", json!({"name": "Bot"})).await;
    refused.refused(403, "scope_too_small");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_expires_and_there_are_not_more_than_there_may_be() {
    let (app, mut owner) = open_app().await;
    let expires_ms = clock::now_ms() + HOUR_MS;
    let ask = json!({"name": "bot", "scope": "read", "expires_ms": expires_ms});
    let made = owner.post("/tokens", ask).await.ok();
    let mut bot = Browser::program(&app, made["secret"].as_str().unwrap());
    bot.get("/me").await.ok();
    for _ in 1..TOKENS_MAX {
        token(&mut owner, "read").await;
    }
    let one_more = json!({"name": "bot", "scope": "read"});
    let refused = owner.post("/tokens", one_more).await;
    refused.refused(409, "too_many");
    app.clock().advance(Duration::from_millis(HOUR_MS));
    bot.get("/me").await.refused(401, "sign_in_needed");
    assert_eq!(bot.connect().await.err().as_deref(), Some("HTTP 401"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_is_not_taken_for_a_guest() {
    let (app, _) = open_app().await;
    for token in ["", "parley_00", "x y", "0"] {
        let mut bot = Browser::program(&app, token);
        bot.get("/me").await.refused(401, "sign_in_needed");
        assert_eq!(bot.connect().await.err().as_deref(), Some("HTTP 401"));
    }
}

/// Turns the second factor on, and gives its key, the recovery codes, and the code that turned it on.
async fn enable_factor(app: &TestApp, browser: &mut Browser) -> (Key, Vec<String>, String) {
    let begun = browser
        .post("/me/second-factor", json!({"password": PASSWORD}))
        .await
        .ok();
    let letters = begun["secret"].as_str().unwrap();
    assert!(begun["uri"].as_str().unwrap().contains(letters));
    let key = data_encoding::BASE32_NOPAD
        .decode(letters.as_bytes())
        .unwrap();
    let key: Key = key.try_into().unwrap();
    let wrong = browser
        .put("/me/second-factor", json!({"code": "000000x"}))
        .await;
    wrong.refused(401, "second_factor_wrong");
    let code = second_factor::code_at(&key, app.clock().now_ms());
    let codes = browser
        .put("/me/second-factor", json!({"code": &code}))
        .await
        .ok();
    let codes: Vec<String> = serde_json::from_value(codes["recovery_codes"].clone()).unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    (key, codes, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_second_factor_the_password_alone_does_not_sign_in_and_no_code_holds_twice() {
    let (app, mut owner) = open_app().await;
    let (key, _, code) = enable_factor(&app, &mut owner).await;
    assert_eq!(
        owner.get("/me").await.ok()["account"]["second_factor"],
        true
    );
    let mut other = Browser::at(&app);
    let refused = other.sign_in("owner").await;
    refused.refused(401, "second_factor_needed");
    let wrong_password = json!({"user_name": "owner", "password": "not the password"});
    let refused = other.post("/sessions", wrong_password).await;
    refused.refused(401, "wrong_credentials");
    let with = |code: &str| json!({"user_name": "owner", "password": PASSWORD, "code": code});
    // The code that turned it on was used by that.
    let refused = other.post("/sessions", with(&code)).await;
    refused.refused(401, "second_factor_wrong");
    app.clock().advance(Duration::from_secs(60));
    let code = second_factor::code_at(&key, app.clock().now_ms());
    other.post("/sessions", with(&code)).await.ok();
    let refused = Browser::at(&app).post("/sessions", with(&code)).await;
    refused.refused(401, "second_factor_wrong");
    app.clock().advance(Duration::from_secs(120));
    let refused = Browser::at(&app).post("/sessions", with(&code)).await;
    refused.refused(401, "second_factor_wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_stands_for_the_second_factor_once() {
    let (app, mut owner) = open_app().await;
    let (_, codes, _) = enable_factor(&app, &mut owner).await;
    let with = |code: &str| {
        let code = code.to_uppercase().replace('-', " ");
        json!({"user_name": "owner", "password": PASSWORD, "recovery_code": code})
    };
    let mut other = Browser::at(&app);
    let me = other.post("/sessions", with(&codes[0])).await.ok();
    assert_eq!(me["account"]["recovery_codes_left"], RECOVERY_CODES - 1);
    for code in [codes[0].as_str(), "aaaa-bbbb-cccc-dddd"] {
        let refused = Browser::at(&app).post("/sessions", with(code)).await;
        refused.refused(401, "second_factor_wrong");
    }
    // Of one code shown twice at once, one holds.
    let (mut a, mut b) = (Browser::at(&app), Browser::at(&app));
    let (a, b) = tokio::join!(
        a.post("/sessions", with(&codes[1])),
        b.post("/sessions", with(&codes[1]))
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_factor_is_turned_off_with_the_password_only() {
    let (app, mut owner) = open_app().await;
    let password = json!({"password": PASSWORD});
    let off = owner
        .ask("DELETE", "/me/second-factor", Some(password.clone()))
        .await;
    off.refused(409, "second_factor_off");
    let not_begun = owner
        .put("/me/second-factor", json!({"code": "123456"}))
        .await;
    not_begun.refused(409, "second_factor_off");
    let wrong = json!({"password": "not the password"});
    let refused = owner.post("/me/second-factor", wrong.clone()).await;
    refused.refused(403, "wrong_password");
    enable_factor(&app, &mut owner).await;
    let again = owner.post("/me/second-factor", password.clone()).await;
    again.refused(409, "second_factor_on");
    let refused = owner.ask("DELETE", "/me/second-factor", Some(wrong)).await;
    refused.refused(403, "wrong_password");
    owner
        .ask("DELETE", "/me/second-factor", Some(password))
        .await
        .ok();
    Browser::at(&app).sign_in("owner").await.ok();
}

async fn id_of(browser: &mut Browser) -> String {
    let me = browser.get("/me").await.ok();
    me["person"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_code_sets_a_new_password_once_and_ends_everything() {
    let (app, mut owner) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    let (secret, _) = token(&mut ming, "write").await;
    let mut connection = ming.connect().await.unwrap();
    let path = format!("/people/{}/reset-code", id_of(&mut ming).await);
    let old = owner.post(&path, json!({})).await.ok();
    let issued = owner.post(&path, json!({})).await.ok();
    let ask = |code: &Value, name: &str| json!({"user_name": name, "code": code, "password": "a brand new one"});
    let mut visitor = Browser::at(&app);
    for wrong in [
        ask(&old["code"], "ming"),
        ask(&issued["code"], "owner"),
        ask(&issued["code"], "nobody"),
        ask(&json!("aaaa-bbbb-cccc-dddd"), "ming"),
    ] {
        let refused = visitor.post("/password-resets", wrong).await;
        refused.refused(404, "unknown_reset_code");
    }
    ming.get("/me").await.ok();
    let right = ask(&issued["code"], "Ming");
    visitor.post("/password-resets", right.clone()).await.ok();
    assert_signed_out(&mut connection).await;
    let again = visitor.post("/password-resets", right).await;
    again.refused(404, "unknown_reset_code");
    Browser::program(&app, &secret)
        .get("/me")
        .await
        .refused(401, "sign_in_needed");
    let new = json!({"user_name": "ming", "password": "a brand new one"});
    visitor.post("/sessions", new).await.ok();
    let late = owner.post(&path, json!({})).await.ok();
    app.clock()
        .advance(Duration::from_millis(RESET_CODE_HOLDS_MS));
    let expired = visitor
        .post("/password-resets", ask(&late["code"], "ming"))
        .await;
    expired.refused(404, "unknown_reset_code");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_act_on_members_and_owners_on_everyone() {
    let (app, mut owner) = open_app().await;
    let mut admin = Browser::registered(&app, "admin").await;
    let mut other = Browser::registered(&app, "other").await;
    let mut member = Browser::registered(&app, "member").await;
    let (owner_id, admin_id) = (id_of(&mut owner).await, id_of(&mut admin).await);
    let (other_id, member_id) = (id_of(&mut other).await, id_of(&mut member).await);
    for id in [&admin_id, &other_id] {
        let role = json!({"role": "administrator"});
        let told = owner.put(&format!("/people/{id}/role"), role).await.ok();
        assert_eq!(told["role"], "administrator");
    }
    let off = json!({"active": false});
    for id in [&owner_id, &other_id, &admin_id] {
        let refused = admin
            .put(&format!("/people/{id}/active"), off.clone())
            .await;
        refused.refused(403, "role_too_small");
        let refused = admin
            .post(&format!("/people/{id}/reset-code"), json!({}))
            .await;
        refused.refused(403, "role_too_small");
    }
    let refused = admin
        .put(
            &format!("/people/{member_id}/role"),
            json!({"role": "owner"}),
        )
        .await;
    refused.refused(403, "role_too_small");
    let mut connection = member.connect().await.unwrap();
    let told = admin
        .put(&format!("/people/{member_id}/active"), off.clone())
        .await
        .ok();
    assert!(told["deactivated_ms"].is_u64());
    assert_signed_out(&mut connection).await;
    member.get("/me").await.refused(401, "sign_in_needed");
    let mut visitor = Browser::at(&app);
    visitor
        .sign_in("member")
        .await
        .refused(401, "wrong_credentials");
    let on = json!({"active": true});
    admin
        .put(&format!("/people/{member_id}/active"), on)
        .await
        .ok();
    visitor.sign_in("member").await.ok();
    let people = admin.get("/people").await.ok();
    assert_eq!(people["people"].as_array().unwrap().len(), 4);
    let nobody = format!("/people/{}/role", "1".repeat(32));
    let refused = owner.put(&nobody, json!({"role": "member"})).await;
    refused.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_remove_each_other_at_once_leave_one() {
    let (app, mut one) = open_app().await;
    let mut two = Browser::registered(&app, "two").await;
    let (one_id, two_id) = (id_of(&mut one).await, id_of(&mut two).await);
    let last = one
        .put(&format!("/people/{one_id}/role"), json!({"role": "member"}))
        .await;
    last.refused(409, "last_owner");
    let last = one
        .put(
            &format!("/people/{one_id}/active"),
            json!({"active": false}),
        )
        .await;
    last.refused(409, "last_owner");
    one.put(&format!("/people/{two_id}/role"), json!({"role": "owner"}))
        .await
        .ok();
    let member = json!({"role": "member"});
    let (at_two, at_one) = (
        format!("/people/{two_id}/role"),
        format!("/people/{one_id}/role"),
    );
    let (a, b) = tokio::join!(one.put(&at_two, member.clone()), two.put(&at_one, member));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403], "{a:?} {b:?}");
}

async fn parley(app: &TestApp, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_parley"))
        .args(arguments)
        .arg("--data-dir")
        .arg(app.data_dir())
        .output()
        .await
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_looks_after_accounts_while_the_server_is_stopped() {
    let (mut app, _) = open_app().await;
    Browser::registered(&app, "ming").await;
    Browser::registered(&app, "lost").await;
    let (done, said) = parley(&app, &["user", "list"]).await;
    assert!(!done && said.contains("Stop it first"), "{said}");
    app.stop().await;
    let (done, said) = parley(&app, &["user", "list"]).await;
    assert!(
        done && said.contains("owner") && said.contains("ming"),
        "{said}"
    );
    assert!(parley(&app, &["user", "make-owner", "MING"]).await.0);
    assert!(parley(&app, &["user", "deactivate", "owner"]).await.0);
    let (done, said) = parley(&app, &["user", "deactivate", "ming"]).await;
    assert!(!done && said.contains("last owner"), "{said}");
    let (done, said) = parley(&app, &["user", "deactivate", "nobody"]).await;
    assert!(!done && said.contains("nobody"), "{said}");
    let (done, said) = parley(&app, &["user", "reset-code", "lost"]).await;
    assert!(done, "{said}");
    let code = said
        .lines()
        .find(|line| line.starts_with("    "))
        .unwrap()
        .trim();
    app.resume().await;
    let ask = json!({"user_name": "lost", "code": code, "password": "a brand new one"});
    Browser::at(&app).post("/password-resets", ask).await.ok();
    let mut visitor = Browser::at(&app);
    visitor
        .sign_in("owner")
        .await
        .refused(401, "wrong_credentials");
    let me = visitor.sign_in("ming").await.ok();
    assert_eq!(me["account"]["role"], "owner");
}
