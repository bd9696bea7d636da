//! Who is found by whom, in either policy.

use serde_json::json;

use super::{Someone, ids, keep, keep_people, make_friends};
use crate::accounts::open_app;
use crate::browser::Browser;
use crate::scene::TestApp;

async fn found(browser: &mut Browser, name: &str) -> Vec<String> {
    let name: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = format!("/people/found?name={name}");
    ids(&browser.get(&path).await.ok())
}

async fn set_contact(owner: &mut Browser, contact: &str) {
    let policy = json!({"registration": "open", "guests": true, "contact": contact});
    let set = owner.put("/server/policy", policy.clone()).await.ok();
    assert_eq!(set, policy);
    // Whoever sets it says all of it: what was left out could else be opened or closed unseen.
    let part = json!({"registration": "open", "guests": true});
    let refused = owner.put("/server/policy", part).await;
    refused.refused(400, "malformed");
    assert_eq!(owner.get("/server").await.ok()["policy"], policy);
}

/// A server with its owner, Ming, and Hua who is called 王华.
async fn cast() -> (TestApp, Browser, Someone, Someone) {
    let (app, owner) = open_app().await;
    let ming = Someone::new(&app, "Ming.Li").await;
    let mut hua = Someone::new(&app, "hua_wang").await;
    hua.browser
        .patch("/me", json!({"name": "王华 Élise"}))
        .await
        .ok();
    (app, owner, ming, hua)
}

#[tokio::test(flavor = "multi_thread")]
async fn among_strangers_only_the_whole_user_name_finds_someone() {
    let (_app, mut owner, mut ming, mut hua) = cast().await;
    let server = owner.get("/server").await.ok();
    assert_eq!(server["policy"]["contact"], "friends");
    for name in ["hua_wang", "HUA_Wang", "  hua_wang ", "ｈｕａ_wang"] {
        assert_eq!(found(&mut ming.browser, name).await, [&*hua.id], "{name}");
    }
    for name in [
        "hua",
        "hua_wan",
        "hua_wangs",
        "王华",
        "王",
        "%",
        "_",
        "hua%",
        "",
        "   ",
    ] {
        assert!(found(&mut ming.browser, name).await.is_empty(), "{name}");
    }
    assert!(
        found(&mut ming.browser, "ming.li").await.is_empty(),
        "oneself"
    );
    make_friends(&mut ming, &mut hua).await;
    for name in ["hua", "h", "王", "王华 é", "王华 É", "hua_wang"] {
        assert_eq!(found(&mut ming.browser, name).await, [&*hua.id], "{name}");
    }
    assert!(
        found(&mut ming.browser, "华").await.is_empty(),
        "not in the middle"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_team_everyone_is_found_by_how_a_name_begins() {
    let (_app, mut owner, mut ming, hua) = cast().await;
    set_contact(&mut owner, "team").await;
    for name in ["hua", "王", "王华 É", "hua_wang"] {
        assert_eq!(found(&mut ming.browser, name).await, [&*hua.id], "{name}");
    }
    for name in ["华", "%", "", "ming", "x"] {
        assert!(found(&mut ming.browser, name).await.is_empty(), "{name}");
    }
    // Who cannot use their account is not there.
    let path = format!("/people/{}/active", hua.id);
    owner.put(&path, json!({"active": false})).await.ok();
    assert!(found(&mut ming.browser, "hua").await.is_empty());
    owner.put(&path, json!({"active": true})).await.ok();
    assert_eq!(found(&mut ming.browser, "hua").await, [&*hua.id]);
    set_contact(&mut owner, "friends").await;
    assert!(found(&mut ming.browser, "hua").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_blocked_someone_is_not_found_by_them_in_any_way() {
    let (_app, mut owner, mut ming, mut hua) = cast().await;
    hua.block(&ming.id).await;
    for contact in ["friends", "team"] {
        set_contact(&mut owner, contact).await;
        assert!(
            found(&mut ming.browser, "hua_wang").await.is_empty(),
            "{contact}"
        );
        assert!(found(&mut ming.browser, "王").await.is_empty(), "{contact}");
        // The other way round it shows that they are blocked.
        let page = hua.browser.get("/people/found?name=ming.li").await.ok();
        assert_eq!(page["contacts"][0]["blocked"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_found_in_pages_by_name() {
    let (mut app, mut owner, mut ming, _) = cast().await;
    set_contact(&mut owner, "team").await;
    keep(&mut app, |connection| keep_people(connection, 120)).await;
    for name in ["n0", "Number"] {
        let mut path = format!("/people/found?name={name}");
        let mut all = Vec::new();
        loop {
            let page = ming.browser.get(&path).await.ok();
            assert!(ids(&page).len() <= 50);
            all.extend(ids(&page));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            let next = next.replace(' ', "%20");
            path = format!("/people/found?name={name}&after={next}");
        }
        let expected: Vec<String> = (0..120).map(|n| super::numbered(n).to_string()).collect();
        assert_eq!(all, expected);
    }
}
