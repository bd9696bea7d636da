//! What whoever is blocked sees, and what they do not.

use parley_shared::model::Relation;
use serde_json::{Value, json};

use super::{Someone, ids, make_friends, two};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_sees_an_ended_friendship_and_their_request_reaches_nobody() {
    let (_app, mut ming, mut hua) = two().await;
    make_friends(&mut ming, &mut hua).await;
    let blocked = ming.block(&hua.id).await;
    assert_eq!(
        (&blocked["blocked"], &blocked["relation"]),
        (&json!(true), &json!("none"))
    );
    assert!(ming.hears().await.blocked);
    let told = hua.hears().await;
    assert_eq!((told.relation, told.blocked), (Relation::None, false));
    assert_eq!(ming.list("blocked").await, [hua.id.clone()]);
    assert!(hua.list("friends").await.is_empty());

    // They ask, and it looks to them as it does towards anyone.
    let asked = hua.befriend(&ming.id).await;
    assert_eq!(
        (&asked["relation"], &asked["blocked"]),
        (&json!("outgoing"), &Value::Null)
    );
    assert_eq!(hua.list("outgoing").await, [ming.id.clone()]);
    ming.hears_nothing().await;
    assert!(ming.list("incoming").await.is_empty());
    let found = hua.browser.get("/people/found?name=ming").await.ok();
    assert!(ids(&found).is_empty());

    // Whoever blocked someone does not ask them for friendship in the same breath.
    let reply = ming
        .browser
        .put(&format!("/friends/{}", hua.id), json!({}))
        .await;
    reply.refused(403, "not_friends");

    // Taking it back restores nothing; what the other still asks is heard when they ask it again.
    let path = format!("/blocks/{}", hua.id);
    let shown = ming.browser.delete(&path).await.ok();
    assert_eq!(
        (&shown["relation"], &shown["blocked"]),
        (&json!("none"), &Value::Null)
    );
    hua.hears().await;
    hua.hears_nothing().await;
    assert!(ming.list("incoming").await.is_empty());
    assert_eq!(hua.befriend(&ming.id).await["relation"], "outgoing");
    while ming.hears().await.relation != Relation::Incoming {}
    assert_eq!(ming.list("incoming").await, [hua.id.clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_ends_requests_of_either_side() {
    let (_app, mut ming, mut hua) = two().await;
    for asker_blocks in [true, false] {
        ming.befriend(&hua.id).await;
        let (ming_id, hua_id) = (ming.id.clone(), hua.id.clone());
        let (blocker, other) = if asker_blocks {
            (&mut ming, &hua_id)
        } else {
            (&mut hua, &ming_id)
        };
        blocker.block(other).await;
        let path = format!("/blocks/{other}");
        for someone in [&mut ming, &mut hua] {
            for list in ["incoming", "outgoing", "friends"] {
                assert!(someone.list(list).await.is_empty(), "{list}");
            }
        }
        let blocker = if asker_blocks { &mut ming } else { &mut hua };
        blocker.browser.delete(&path).await.ok();
    }
}

/// What someone sees who asks for another's profile, asks them to be friends, and names them.
async fn sees_of(someone: &mut Someone, other: &str) -> Vec<Value> {
    let profile = format!("/people/{other}/profile");
    let before = someone.browser.get(&profile).await.ok();
    let asked = someone.befriend(other).await;
    let remark = json!({"remark": "Whoever"});
    let path = format!("/remarks/{other}");
    let named = someone.browser.put(&path, remark).await.ok();
    let after = someone.browser.get(&profile).await.ok();
    let mut seen = vec![before, asked, named, after];
    for seen in &mut seen {
        // When they asked, and that they are two people, is another for each.
        for own in ["since_ms", "person", "user_name"] {
            seen.as_object_mut().unwrap().remove(own);
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_blocked_someone_looks_to_them_as_a_stranger_does() {
    let (app, mut ming, mut hua) = two().await;
    let mut stranger = Someone::new(&app, "stranger").await;
    let said = json!({"about": "Paints boats", "status": "At sea"});
    for someone in [&mut ming, &mut stranger] {
        someone.browser.patch("/me", said.clone()).await.ok();
    }
    make_friends(&mut ming, &mut hua).await;
    let path = format!("/people/{}/profile", ming.id);
    assert_eq!(hua.browser.get(&path).await.ok()["about"], "Paints boats");
    // Not even those who share a group with them see more.
    let ask = json!({"name": "Garden", "public": false, "people": [hua.id]});
    ming.browser.post("/groups", ask).await.ok();
    ming.block(&hua.id).await;
    while hua.hears().await.relation != Relation::None {}
    let profile = hua.browser.get(&path).await.ok();
    let expected = json!({
        "person": {"id": ming.id, "name": "ming"}, "user_name": "ming", "relation": "none",
        "role": "member", "about": "", "status": "", "direct": false,
    });
    assert_eq!(profile, expected);
    let of_stranger = sees_of(&mut hua, &stranger.id.clone()).await;
    assert_eq!(sees_of(&mut hua, &ming.id.clone()).await, of_stranger);
    // The one who blocked sees who it is, and that they did.
    let path = format!("/people/{}/profile", hua.id);
    assert_eq!(ming.browser.get(&path).await.ok()["blocked"], true);
}
