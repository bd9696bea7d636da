//! Links into groups: what they show, whom they let in, and when they no longer hold.

use std::time::Duration;

use parley_server::clock;
use parley_server::config::Config;
use parley_shared::limits::{
    ADDRESS_ATTEMPTS_BURST_MAX, EXPIRY_MAX_MS, GROUP_INVITATIONS_MAX, INVITATION_USES_MAX,
};
use serde_json::{Value, json};

use super::team;
use crate::browser::{Browser, Reply};
use crate::contacts::Someone;
use crate::scene::TestApp;

const HOUR_MS: u64 = 3_600_000;

impl Someone {
    /// Makes an invitation into a group, and says its code.
    pub(crate) async fn invite(&mut self, group: &str, uses: u32) -> String {
        self.invite_for(group, uses, HOUR_MS).await.0
    }

    async fn invite_for(&mut self, group: &str, uses: u32, for_ms: u64) -> (String, String) {
        let made = self.try_invite(group, uses, clock::now_ms() + for_ms).await;
        assert_eq!(made.status, 201);
        let made = made.ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["code"]), text(&made["invitation"]["id"]))
    }

    async fn try_invite(&mut self, group: &str, uses: u32, expires_ms: u64) -> Reply {
        let ask = json!({"uses": uses, "expires_ms": expires_ms});
        let path = format!("/groups/{group}/invitations");
        self.browser.post(&path, ask).await
    }

    /// Comes in with the code of an invitation.
    pub(crate) async fn accept(&mut self, code: &str) -> Reply {
        let ask = json!({"code": code});
        self.browser.post("/group-invitations/accepted", ask).await
    }

    async fn uses_left(&mut self, group: &str) -> Vec<u64> {
        let path = format!("/groups/{group}/invitations");
        let list = self.browser.get(&path).await.ok();
        let left = list["invitations"].as_array().unwrap().iter();
        left.map(|held| held["uses_left"].as_u64().unwrap())
            .collect()
    }
}

async fn shown(browser: &mut Browser, code: &str) -> Reply {
    let ask = json!({"code": code});
    browser.post("/group-invitations/shown", ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_shows_the_group_to_anyone_and_lets_in_whoever_has_an_account() {
    let (app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(false, &[]).await;
    let code = ming.invite(&group, 3).await;
    let card = shown(&mut Browser::at(&app), &code).await.ok();
    assert_eq!(
        (&card["id"], &card["name"]),
        (&json!(group), &json!("Garden"))
    );
    assert_eq!(card["role"], Value::Null);
    let mut guest = Browser::at(&app);
    drop(guest.enter_as_guest().await);
    shown(&mut guest, &code).await.ok();
    for visitor in [&mut Browser::at(&app), &mut guest] {
        let ask = json!({"code": code});
        let refused = visitor.post("/group-invitations/accepted", ask).await;
        refused.refused(401, "sign_in_needed");
    }
    // Seeing is not being in, and uses nothing up.
    hua.card(&group).await.refused(404, "not_found");
    assert_eq!(ming.uses_left(&group).await, [3]);
    let joined = hua.accept(&format!(" {code}\n")).await.ok();
    assert_eq!(
        (&joined["id"], &joined["role"]),
        (&json!(group), &json!("member"))
    );
    assert_eq!(hua.hears_conversation(&group).await.last.0, 2);
    assert_eq!(ming.uses_left(&group).await, [2]);
    // Whoever is in it already uses none.
    hua.accept(&code).await.ok();
    ming.accept(&code).await.ok();
    assert_eq!(ming.uses_left(&group).await, [2]);
    let card = shown(&mut hua.browser, &code).await.ok();
    assert_eq!(
        (&card["role"], &card["members"]),
        (&json!("member"), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessed_expired_used_up_and_revoked_links_look_alike() {
    let (app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_group(false, &[]).await;
    let other = ming.make_group(false, &[]).await;
    let (used_up, _) = ming.invite_for(&group, 1, 48 * HOUR_MS).await;
    hua.accept(&used_up).await.ok();
    let (revoked, id) = ming.invite_for(&group, 1, 48 * HOUR_MS).await;
    let elsewhere = format!("/groups/{other}/invitations/{id}");
    ming.browser
        .delete(&elsewhere)
        .await
        .refused(404, "not_found");
    let path = format!("/groups/{group}/invitations/{id}");
    hua.browser
        .delete(&path)
        .await
        .refused(403, "role_too_small");
    ming.browser.delete(&path).await.ok();
    ming.browser.delete(&path).await.refused(404, "not_found");
    let (expired, _) = ming.invite_for(&group, 1, HOUR_MS).await;
    let (holds, _) = ming.invite_for(&group, 1, 48 * HOUR_MS).await;
    app.clock().advance(Duration::from_millis(2 * HOUR_MS));
    let guessed = "0".repeat(32);
    let mut answers = Vec::new();
    for code in [used_up.as_str(), &revoked, &expired, &guessed, ""] {
        let seen = shown(&mut Browser::at(&app), code).await;
        seen.refused(404, "unknown_invitation");
        let came = carl.accept(code).await;
        came.refused(404, "unknown_invitation");
        answers.extend([seen.json, came.json]);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    carl.accept(&holds).await.ok();
    assert_eq!(ming.uses_left(&group).await, [0_u64; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_made_seen_and_revoked_by_administrators_within_bounds() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_staffed(&hua.id, &carl.id).await;
    let now_ms = clock::now_ms();
    carl.try_invite(&group, 1, now_ms + HOUR_MS)
        .await
        .refused(403, "role_too_small");
    carl.browser
        .get(&format!("/groups/{group}/invitations"))
        .await
        .refused(403, "role_too_small");
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
        let refused = hua.try_invite(&group, uses, expires_ms).await;
        refused.refused(400, code);
    }
    for _ in 0..GROUP_INVITATIONS_MAX {
        hua.invite(&group, 1).await;
    }
    let refused = ming.try_invite(&group, 1, now_ms + HOUR_MS).await;
    refused.refused(409, "too_many");
    assert_eq!(refused.json["limit"], GROUP_INVITATIONS_MAX);
    let path = format!("/groups/{group}/invitations");
    let list = ming.browser.get(&path).await;
    let list = list.ok();
    assert_eq!(
        list["invitations"].as_array().unwrap().len(),
        GROUP_INVITATIONS_MAX
    );
    assert_eq!(list["invitations"][0]["made_by"], hua.id);
    assert!(!list.to_string().contains("code"));
    // Whoever is removed leaves no door open behind them.
    ming.remove(&group, &hua.id).await.ok();
    let list = ming.browser.get(&path).await.ok();
    assert_eq!(list["invitations"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_links_is_counted_by_address() {
    let proxy = |config: &mut Config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let app = TestApp::start(proxy).await;
    let mut ming = Someone::new(&app, "ming").await;
    let group = ming.make_group(false, &[]).await;
    let code = ming.invite(&group, 1).await;
    let from = |forwarded: &str| {
        let mut browser = Browser::at(&app);
        browser.forwarded_for = Some(forwarded.to_owned());
        browser
    };
    let (mut guesser, mut other) = (from("203.0.113.7"), from("203.0.113.8"));
    let mut refused = None;
    for _ in 0..=ADDRESS_ATTEMPTS_BURST_MAX {
        let reply = shown(&mut guesser, &"0".repeat(32)).await;
        if reply.code() == "too_many_attempts" {
            refused = Some(reply);
            break;
        }
        reply.refused(404, "unknown_invitation");
    }
    let refused = refused.expect("guessing is bounded");
    refused.refused(429, "too_many_attempts");
    // Also with the right one, and in the name of an account; others are not hindered.
    shown(&mut guesser, &code)
        .await
        .refused(429, "too_many_attempts");
    ming.browser
        .forwarded_for
        .clone_from(&guesser.forwarded_for);
    ming.accept(&code).await.refused(429, "too_many_attempts");
    shown(&mut other, &code).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_into_an_archived_group_and_its_links_wait() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(false, &[]).await;
    let code = ming.invite(&group, 1).await;
    ming.change(&group, json!({"archived": true})).await.ok();
    let card = shown(&mut hua.browser, &code).await.ok();
    assert_eq!(card["archived"], true);
    hua.accept(&code).await.refused(409, "archived");
    ming.try_invite(&group, 1, clock::now_ms() + HOUR_MS)
        .await
        .refused(409, "archived");
    assert_eq!(ming.uses_left(&group).await, [1]);
    ming.change(&group, json!({"archived": false})).await.ok();
    hua.accept(&code).await.ok();
}
