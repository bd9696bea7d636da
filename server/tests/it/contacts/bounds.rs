//! How many there may be, and how long lists come in pages.

use parley_server::store::people;
use parley_server::store::relations::{Side, set_side};
use parley_shared::ids::UserId;
use parley_shared::limits::{BLOCKED_MAX, FRIENDS_MAX, REMARKS_MAX, REQUESTS_OPEN_MAX};
use parley_shared::model::Relation;
use serde_json::json;

use super::{ids, keep, keep_people, numbered, two};
use crate::browser::Browser;

/// How someone stands to many.
fn related(relation: Relation) -> Side {
    Side {
        relation,
        since_ms: 1,
        ..Side::NOTHING
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_requests_blocks_and_names_have_their_bounds() {
    let (mut app, ming, hua) = two().await;
    let (mut ming, mut hua) = (ming.browser, hua.browser);
    let id = async |browser: &mut Browser| -> UserId {
        let me = browser.get("/me").await.ok();
        me["person"]["id"].as_str().unwrap().parse().unwrap()
    };
    let (ming_id, hua_id) = (id(&mut ming).await, id(&mut hua).await);
    let last = numbered(FRIENDS_MAX);
    keep(&mut app, |connection| {
        keep_people(connection, FRIENDS_MAX + 1)?;
        for number in 0..REQUESTS_OPEN_MAX {
            set_side(
                connection,
                hua_id,
                numbered(number),
                &related(Relation::Outgoing),
            )?;
        }
        for number in 0..FRIENDS_MAX {
            let blocked = Side {
                blocked_ms: Some(1),
                remark: Some("x".to_owned()),
                ..related(Relation::Friend)
            };
            set_side(connection, ming_id, numbered(number), &blocked)?;
        }
        set_side(connection, ming_id, last, &related(Relation::Incoming))?;
        set_side(connection, last, ming_id, &related(Relation::Outgoing))
    })
    .await;
    let over = hua.put(&format!("/friends/{last}"), json!({})).await;
    over.refused(409, "too_many");
    assert_eq!(over.json["limit"], REQUESTS_OPEN_MAX);
    // One fewer, and it goes.
    hua.delete(&format!("/friends/{}", numbered(0))).await.ok();
    hua.put(&format!("/friends/{last}"), json!({})).await.ok();

    let over = ming.put(&format!("/friends/{last}"), json!({})).await;
    over.refused(409, "too_many");
    assert_eq!(over.json["limit"], FRIENDS_MAX);
    let over = ming.put(&format!("/blocks/{last}"), json!({})).await;
    over.refused(409, "too_many");
    assert_eq!(over.json["limit"], BLOCKED_MAX);
    let path = format!("/remarks/{last}");
    let over = ming.put(&path, json!({"remark": "x"})).await;
    over.refused(409, "too_many");
    assert_eq!(over.json["limit"], REMARKS_MAX);
    // Another name for someone who has one is not one more.
    let path = format!("/remarks/{}", numbered(3));
    ming.put(&path, json!({"remark": "y"})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_friends_by_name_and_requests_the_newest_first() {
    let (mut app, ming, _) = two().await;
    let mut browser = ming.browser;
    let ming_id: UserId = ming.id.parse().unwrap();
    keep(&mut app, |connection| {
        keep_people(connection, 240)?;
        for number in 0..120 {
            set_side(
                connection,
                ming_id,
                numbered(number),
                &related(Relation::Friend),
            )?;
        }
        for number in 120..240 {
            let asked = Side {
                since_ms: number as u64 / 2,
                ..related(Relation::Incoming)
            };
            set_side(connection, ming_id, numbered(number), &asked)?;
        }
        people::set_name(connection, numbered(7), "aaa")?;
        people::set_name(connection, numbered(8), "小明")
    })
    .await;
    let mut lists = Vec::new();
    for list in ["friends", "incoming"] {
        let mut path = format!("/contacts?list={list}");
        let mut all = Vec::new();
        loop {
            let page = browser.get(&path).await.ok();
            all.extend(ids(&page));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            assert_eq!(ids(&page).len(), 50);
            let next: String = next.bytes().map(|byte| format!("%{byte:02x}")).collect();
            path = format!("/contacts?list={list}&after={next}");
        }
        assert_eq!(all.len(), 120, "each once");
        lists.push(all);
    }
    assert_eq!(lists[0][0], numbered(7).to_string());
    assert_eq!(lists[0][1], numbered(0).to_string());
    assert_eq!(lists[0][119], numbered(8).to_string());
    // Of the same moment, by id.
    assert_eq!(lists[1][0], numbered(238).to_string());
    assert_eq!(lists[1][1], numbered(239).to_string());
    assert_eq!(lists[1][119], numbered(121).to_string());
}
