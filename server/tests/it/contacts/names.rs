//! Names of one's own for others.

use parley_shared::protocol::ServerEvent;
use serde_json::json;

use super::{make_friends, two};

#[tokio::test(flavor = "multi_thread")]
async fn names_for_others_are_ones_own_and_outlive_a_friendship() {
    let (_app, mut ming, mut hua) = two().await;
    make_friends(&mut ming, &mut hua).await;
    let path = format!("/remarks/{}", hua.id);
    let named = ming
        .browser
        .put(&path, json!({"remark": " 阿华 "}))
        .await
        .ok();
    assert_eq!(named["remark"], "阿华");
    assert_eq!(ming.hears().await.remark.as_deref(), Some("阿华"));
    hua.hears_nothing().await;
    let friends = hua.browser.get("/contacts?list=friends").await.ok();
    assert!(!friends.to_string().contains("阿华"));
    let again = ming.browser.connect().await.unwrap();
    assert!(matches!(
        again.welcome,
        ServerEvent::Welcome { remarks: true, .. }
    ));
    let theirs = hua.browser.connect().await.unwrap();
    assert!(matches!(
        theirs.welcome,
        ServerEvent::Welcome { remarks: false, .. }
    ));

    ming.browser
        .delete(&format!("/friends/{}", hua.id))
        .await
        .ok();
    ming.block(&hua.id).await;
    let all = ming.browser.get("/remarks").await.ok();
    let expected = json!({"remarks": [{"person": hua.id, "remark": "阿华"}]});
    assert_eq!(all, expected);
    let unnamed = ming.browser.put(&path, json!({"remark": ""})).await.ok();
    assert!(unnamed["remark"].is_null());
    let all = ming.browser.get("/remarks").await.ok();
    assert_eq!(all, json!({"remarks": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_deceives_or_says_nothing_is_refused_for_others_too() {
    let (_app, mut ming, hua) = two().await;
    let path = format!("/remarks/{}", hua.id);
    for (name, code) in [
        ("al\u{202E}ice", "name_has_control"),
        ("a\nb", "name_has_control"),
        ("a\u{0}b", "name_has_control"),
        ("zero\u{200B}width", "name_has_control"),
        ("   ", "name_blank"),
        (&"x".repeat(41), "name_too_long"),
    ] {
        let reply = ming.browser.put(&path, json!({"remark": name})).await;
        reply.refused(400, code);
    }
    for body in [
        json!({"remark": 7}),
        json!({}),
        json!({"remark": "x", "y": 1}),
    ] {
        let reply = ming.browser.put(&path, body).await;
        reply.refused(400, "malformed");
    }
    for path in [
        "/contacts",
        "/contacts?list=everyone",
        "/contacts?list=friends&after=x",
    ] {
        ming.browser.get(path).await.refused(400, "malformed");
    }
}
