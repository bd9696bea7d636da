//! Accounts as people use them: registering, signing in and out, profiles, deletion. It does not know who may do what to others.

use std::time::{Duration, Instant};

use parley_shared::limits::{
    ACCOUNT_ATTEMPTS_BURST_MAX, BODY_BYTES_MAX, PASSWORD_BYTES_MAX, SESSION_UNUSED_MAX_MS,
};
use parley_shared::protocol::{SIGNED_OUT, ServerEvent, close_code};
use serde_json::json;

use crate::browser::{Browser, PASSWORD};
use crate::raw::Raw;
use crate::scene::TestApp;

async fn app() -> TestApp {
    TestApp::start(|_| {}).await
}

/// A server whose owner is there, and where everyone may register.
pub(crate) async fn open_app() -> (TestApp, Browser) {
    let app = app().await;
    let mut owner = Browser::registered(&app, "owner").await;
    let policy = json!({"registration": "open", "guests": true, "contact": "friends"});
    owner.put("/server/policy", policy).await.ok();
    (app, owner)
}

async fn assert_signed_out(connection: &mut Raw) {
    let closed = connection.expect_close().await;
    assert_eq!(closed, (close_code::SIGNED_OUT, SIGNED_OUT.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_to_register_becomes_owner_and_the_next_needs_an_invitation() {
    let app = app().await;
    let mut first = Browser::at(&app);
    assert_eq!(first.get("/server").await.ok()["claimed"], false);
    let me = first.register("First").await.ok();
    assert_eq!(me["account"]["role"], "owner");
    assert_eq!(me["person"]["name"], "First");
    assert_eq!(first.get("/me").await.ok(), me);
    let server = Browser::at(&app).get("/server").await.ok();
    assert_eq!(server["claimed"], true);
    assert_eq!(server["policy"]["registration"], "invitation");
    let refused = Browser::at(&app).register("second").await;
    refused.refused(403, "invitation_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_are_first_at_once_exactly_one_becomes_owner() {
    for _ in 0..3 {
        let app = app().await;
        let (mut one, mut other) = (Browser::at(&app), Browser::at(&app));
        let (one, other) = tokio::join!(one.register("one"), other.register("other"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 403], "{one:?} {other:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_for_one_name_at_once_exactly_one_gets_it() {
    let (app, _) = open_app().await;
    let names = ["ming", "MING", "Ming", "mIng", "ｍｉｎｇ"];
    let asks = names.map(|name| {
        let mut browser = Browser::at(&app);
        tokio::spawn(async move { browser.register(name).await })
    });
    let mut made = 0;
    for ask in asks {
        let reply = ask.await.unwrap();
        if reply.status == 201 {
            made += 1;
        } else {
            reply.refused(409, "user_name_taken");
        }
    }
    assert_eq!(made, 1);
    let taken = Browser::at(&app).register("mInG").await;
    taken.refused(409, "user_name_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_deceive_are_refused_and_say_why() {
    let (app, _) = open_app().await;
    for (name, code) in [
        ("al\u{202E}ice", "user_name_has_symbol"),
        ("al\u{200B}ice", "user_name_has_symbol"),
        ("al ice", "user_name_has_symbol"),
        ("a\u{0}lice", "user_name_has_symbol"),
        ("\u{430}lice", "user_name_mixes_scripts"),
        ("0wner", "user_name_taken"),
        ("x", "user_name_too_short"),
        (&"x".repeat(33), "user_name_too_long"),
    ] {
        let reply = Browser::at(&app).register(name).await;
        assert_eq!(reply.code(), code, "{name:?} {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_registers_keeps_who_they_are_and_their_old_cookie_opens_nothing() {
    let (app, _) = open_app().await;
    let mut guest = Browser::at(&app);
    let mut connection = guest.enter_as_guest().await;
    let id = guest.get("/me").await.ok()["person"]["id"].clone();
    guest.patch("/me", json!({"name": "Ming"})).await.ok();
    let before = guest.clone();
    let me = guest.register("ming").await.ok();
    assert_eq!(me["person"], json!({"id": id, "name": "Ming"}));
    assert_signed_out(&mut connection).await;
    assert!(!guest.cookies.contains_key("parley_guest"));

    let again = guest.connect().await.unwrap();
    let ServerEvent::Welcome { me, account, .. } = &again.welcome else {
        panic!("a connection begins with a welcome");
    };
    assert_eq!(json!(me.id), id);
    assert_eq!(account.as_ref().unwrap().user_name, "ming");

    let mut thief = before.clone();
    thief.get("/me").await.refused(401, "sign_in_needed");
    let stranger = before.connect().await.unwrap();
    let ServerEvent::Welcome { me, account, .. } = &stranger.welcome else {
        panic!("a connection begins with a welcome");
    };
    assert_ne!(json!(me.id), id);
    assert!(account.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_account_cannot_register_another_without_signing_out() {
    let (app, _) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    let refused = ming.register("other").await;
    refused.refused(409, "already_registered");
    ming.delete("/sessions/current").await.ok();
    assert_eq!(ming.register("other").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_on_another_device_shows_there_and_ends_there() {
    let (app, _) = open_app().await;
    let mut desk = Browser::registered(&app, "ming").await;
    let mut phone = Browser::at(&app);
    phone.user_agent = "Mozilla/5.0 (iPhone) AppleWebKit/605 Version/18.0 Safari/604.1";
    phone.sign_in("MING").await.ok();
    let sessions = desk.get("/sessions").await.ok();
    let sessions = sessions["sessions"].as_array().unwrap().clone();
    let devices: Vec<_> = sessions.iter().map(|session| &session["device"]).collect();
    assert!(devices.contains(&&json!("Firefox on Linux")), "{devices:?}");
    assert!(devices.contains(&&json!("Safari on iPhone")), "{devices:?}");
    let other = sessions
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    let mut at_desk = desk.connect().await.unwrap();
    let mut on_phone = phone.connect().await.unwrap();
    let path = format!("/sessions/{}", other["id"].as_str().unwrap());
    desk.delete(&path).await.ok();
    assert_signed_out(&mut on_phone).await;
    at_desk.expect_alive().await;
    desk.delete(&path).await.refused(404, "not_found");
    let reply = phone.get("/me").await;
    reply.refused(401, "sign_in_needed");
    assert!(phone.cookies.is_empty(), "the browser forgets it");
    assert!(phone.connect().await.is_ok(), "and is a new visitor");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_somebody_elses_session() {
    let (app, mut owner) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    let sessions = ming.get("/sessions").await.ok();
    let path = format!(
        "/sessions/{}",
        sessions["sessions"][0]["id"].as_str().unwrap()
    );
    owner.delete(&path).await.refused(404, "not_found");
    ming.get("/me").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_connections_end_within_a_second_of_signing_out() {
    let (app, mut owner) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    let mut connections = Vec::new();
    for _ in 0..100 {
        connections.push(ming.connect().await.unwrap());
    }
    let mut bystander = owner.connect().await.unwrap();
    let since = Instant::now();
    ming.delete("/sessions/current").await.ok();
    for connection in &mut connections {
        assert_signed_out(connection).await;
    }
    let took = since.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    bystander.expect_alive().await;
    owner.get("/me").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_elsewhere_leaves_this_device_and_ends_the_others() {
    let (app, _) = open_app().await;
    let mut here = Browser::registered(&app, "ming").await;
    let mut there = Browser::at(&app);
    there.sign_in("ming").await.ok();
    let (mut near, mut far) = (
        here.connect().await.unwrap(),
        there.connect().await.unwrap(),
    );
    here.delete("/sessions").await.ok();
    assert_signed_out(&mut far).await;
    near.expect_alive().await;
    there.get("/sessions").await.refused(401, "sign_in_needed");
    let left = here.get("/sessions").await.ok();
    assert_eq!(left["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_needs_the_old_one_and_ends_all_other_sessions() {
    let (app, _) = open_app().await;
    let mut here = Browser::registered(&app, "ming").await;
    let mut there = Browser::at(&app);
    there.sign_in("ming").await.ok();
    let mut far = there.connect().await.unwrap();
    let new = "another long password";
    let wrong = json!({"current": "wrong password", "new": new});
    let refused = here.put("/me/password", wrong).await;
    refused.refused(403, "wrong_password");
    there.get("/me").await.ok();
    let short = json!({"current": PASSWORD, "new": "short"});
    let refused = here.put("/me/password", short).await;
    refused.refused(400, "password_too_short");
    let right = json!({"current": PASSWORD, "new": new});
    here.put("/me/password", right).await.ok();
    assert_signed_out(&mut far).await;
    here.get("/me").await.ok();
    there.get("/me").await.refused(401, "sign_in_needed");
    there
        .sign_in("ming")
        .await
        .refused(401, "wrong_credentials");
    let ask = json!({"user_name": "ming", "password": new});
    there.post("/sessions", ask).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer_for_the_same_work() {
    let (app, _) = open_app().await;
    Browser::registered(&app, "ming").await;
    let mut times = [Vec::new(), Vec::new()];
    let mut answers = Vec::new();
    for _ in 0..ACCOUNT_ATTEMPTS_BURST_MAX {
        for (index, name) in ["ming", "nobody"].into_iter().enumerate() {
            let ask = json!({"user_name": name, "password": "not the password"});
            let since = Instant::now();
            let reply = Browser::at(&app).post("/sessions", ask).await;
            times[index].push(since.elapsed());
            reply.refused(401, "wrong_credentials");
            answers.push(reply.json);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    // The fastest of each, which others on this machine disturb least.
    let [known, unknown] = times.map(|times| times.into_iter().min().unwrap());
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "{known:?} {unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_an_account_is_slowed_down_and_other_accounts_are_not() {
    let (app, _) = open_app().await;
    Browser::registered(&app, "ming").await;
    let ask = json!({"user_name": "ming", "password": "not the password"});
    for _ in 0..ACCOUNT_ATTEMPTS_BURST_MAX {
        let reply = Browser::at(&app).post("/sessions", ask.clone()).await;
        reply.refused(401, "wrong_credentials");
    }
    let reply = Browser::at(&app).sign_in("ming").await;
    reply.refused(429, "too_many_attempts");
    assert!(reply.answer.header("retry-after").is_some());
    Browser::at(&app).sign_in("owner").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_are_refused_in_the_one_shape() {
    let (app, _) = open_app().await;
    let json = Some("application/json");
    let huge = vec![b'x'; BODY_BYTES_MAX + 1];
    let giant = json!({"user_name": "x1", "password": "x".repeat(PASSWORD_BYTES_MAX + 1)});
    let giant = giant.to_string();
    for (kind, body, status, code) in [
        (json, b"{" as &[u8], 400, "malformed"),
        (json, b"[\"ming\",\"password\"]", 400, "malformed"),
        (json, b"", 400, "malformed"),
        (json, b"{\"user_name\":\"ming\"}", 400, "malformed"),
        (
            json,
            b"{\"user_name\":\"a1\",\"password\":\"b\",\"role\":\"owner\"}",
            400,
            "malformed",
        ),
        (json, b"\xFF\xFE", 400, "malformed"),
        (json, giant.as_bytes(), 400, "password_too_long"),
        (json, &huge, 413, "body_too_large"),
        (None, b"{}", 415, "unsupported_media_type"),
        (Some("text/plain"), b"{}", 415, "unsupported_media_type"),
        (
            Some("application/x-www-form-urlencoded"),
            b"a=b",
            415,
            "unsupported_media_type",
        ),
    ] {
        let reply = Browser::at(&app)
            .ask_raw("POST", "/accounts", kind, body)
            .await;
        reply.refused(status, code);
    }
    for (method, path, status, code) in [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/accounts", 405, "method_not_allowed"),
        ("PATCH", "/sessions/current", 415, "unsupported_media_type"),
        ("DELETE", "/sessions/zzz", 401, "sign_in_needed"),
    ] {
        let reply = Browser::at(&app).ask(method, path, None).await;
        reply.refused(status, code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_pages_origin_may_not_ask_and_a_cookie_without_an_origin_may_not_change() {
    let (app, _) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    ming.origin = Some("https://evil.example".to_owned());
    ming.get("/me").await.refused(403, "foreign_origin");
    let change = json!({"name": "Evil"});
    let refused = ming.patch("/me", change.clone()).await;
    refused.refused(403, "foreign_origin");
    ming.origin = None;
    ming.patch("/me", change)
        .await
        .refused(403, "foreign_origin");
    assert_eq!(ming.get("/me").await.ok()["person"]["name"], "ming");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_changes_in_what_is_named_and_a_guest_has_a_name_only() {
    let (app, _) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    let change = json!({"about": " hello\nyou ", "status": "away", "email": "a@b"});
    let me = ming.patch("/me", change).await.ok();
    assert_eq!(me["account"]["about"], "hello\nyou");
    let me = ming.patch("/me", json!({"name": "Ming Li"})).await.ok();
    assert_eq!(me["person"]["name"], "Ming Li");
    assert_eq!(me["account"]["status"], "away");
    let me = ming.patch("/me", json!({"email": ""})).await.ok();
    assert!(me["account"].get("email").is_none());
    for (change, code) in [
        (json!({"about": "x".repeat(501)}), "about_too_long"),
        (json!({"status": "a\nb"}), "profile_has_control"),
        (json!({"email": "nobody"}), "email_malformed"),
        (json!({"name": "\u{202E}"}), "name_has_control"),
    ] {
        ming.patch("/me", change).await.refused(400, code);
    }
    let mut guest = Browser::at(&app);
    let _connection = guest.enter_as_guest().await;
    guest.patch("/me", json!({"name": "Guest"})).await.ok();
    let refused = guest.patch("/me", json!({"about": "x"})).await;
    refused.refused(401, "sign_in_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_nobody_used_for_long_ends_and_one_in_use_does_not() {
    let (app, _) = open_app().await;
    let mut used = Browser::registered(&app, "ming").await;
    let mut unused = Browser::at(&app);
    unused.sign_in("ming").await.ok();
    let half = Duration::from_millis(SESSION_UNUSED_MAX_MS / 2 + 60_000);
    app.clock().advance(half);
    used.get("/me").await.ok();
    // The note of its use is on its way to the disk; a change that is answered comes after it.
    used.patch("/me", json!({"status": "here"})).await.ok();
    app.clock().advance(half);
    used.get("/me").await.ok();
    unused.get("/me").await.refused(401, "sign_in_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_guests_may_not_enter_those_who_are_there_leave_and_others_cannot_come() {
    let (app, mut owner) = open_app().await;
    let mut guest = Browser::at(&app);
    let mut connection = guest.enter_as_guest().await;
    let mut mine = owner.connect().await.unwrap();
    let policy = json!({"registration": "closed", "guests": false, "contact": "friends"});
    owner.put("/server/policy", policy.clone()).await.ok();
    assert_signed_out(&mut connection).await;
    mine.expect_alive().await;
    assert_eq!(guest.connect().await.err().as_deref(), Some("HTTP 401"));
    let stranger = Browser::at(&app).connect().await;
    assert_eq!(stranger.err().as_deref(), Some("HTTP 401"));
    guest.get("/me").await.refused(401, "sign_in_needed");
    let server = Browser::at(&app).get("/server").await.ok();
    assert_eq!(server["policy"], policy);
    let refused = Browser::at(&app).register("late").await;
    refused.refused(403, "registration_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_its_messages_without_a_name_and_opens_nothing() {
    let (app, mut owner) = open_app().await;
    let mut ming = Browser::registered(&app, "ming").await;
    let id = ming.get("/me").await.ok()["person"]["id"].clone();
    let mut connection = ming.connect().await.unwrap();
    connection.say(r#"{"type":"send","id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"$LOBBY","body":{"type":"text","text":"hello"}}"#).await;
    connection
        .expect("the message", |event| {
            matches!(event, ServerEvent::Accepted { .. }).then_some(())
        })
        .await;
    let export = ming.get("/me/export").await.ok();
    assert_eq!(export["messages"][0]["body"]["text"], "hello");
    assert_eq!(export["me"]["account"]["user_name"], "ming");
    let wrong = json!({"password": "not the password"});
    let refused = ming.ask("DELETE", "/me", Some(wrong)).await;
    refused.refused(403, "wrong_password");
    let right = json!({"password": PASSWORD});
    ming.ask("DELETE", "/me", Some(right.clone())).await.ok();
    assert_signed_out(&mut connection).await;
    assert!(ming.cookies.is_empty());
    ming.sign_in("ming").await.refused(401, "wrong_credentials");

    let mut reader = owner.connect().await.unwrap();
    reader
        .say(r#"{"type":"history","conversation":"$LOBBY"}"#)
        .await;
    let (messages, people) = reader
        .expect("the history", |event| match event {
            ServerEvent::History {
                messages, people, ..
            } => Some((messages.clone(), people.clone())),
            _ => None,
        })
        .await;
    assert_eq!(json!(messages[0].author), id);
    assert_eq!(json!(people), json!([{"id": id, "deleted": true}]));
    // The name is free again, and whoever takes it is someone else.
    let other = Browser::at(&app).register("ming").await.ok();
    assert_ne!(other["person"]["id"], id);
    let refused = owner.ask("DELETE", "/me", Some(right)).await;
    refused.refused(409, "last_owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_wrote_is_exported_whole_however_much_it_is() {
    let app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut owner = Browser::registered(&app, "owner").await;
    let mut guest = Browser::at(&app).enter_as_guest().await;
    let mut connection = owner.connect().await.unwrap();
    let count = 6_000_u32;
    for n in 0..count {
        let who = if n % 3 == 0 {
            &mut guest
        } else {
            &mut connection
        };
        let id = crate::client::mint();
        who.say(&format!(r#"{{"type":"send","id":"{id}","conversation":"$LOBBY","body":{{"type":"text","text":"{n}"}}}}"#)).await;
        // What both hear of each other is read now and then, or they fall behind.
        if n % 200 == 0 {
            guest.expect_alive().await;
            connection.expect_alive().await;
        }
    }
    for who in [&mut guest, &mut connection] {
        who.expect_alive().await;
    }
    let expected: Vec<String> = (0..count)
        .filter(|n| n % 3 != 0)
        .map(|n| n.to_string())
        .collect();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let export = owner.get("/me/export").await.ok();
        let messages = export["messages"].as_array().unwrap();
        let mut texts: Vec<&str> = messages
            .iter()
            .map(|message| message["body"]["text"].as_str().unwrap())
            .collect();
        if texts.len() == expected.len() || Instant::now() > deadline {
            texts.sort_by_key(|text| text.parse::<u32>().unwrap());
            assert_eq!(texts, expected);
            break;
        }
    }
}
