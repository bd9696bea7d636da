//! What people show of themselves, and to whom.

use parley_server::store::sqlite::Connection;
use parley_shared::ids::UserId;
use parley_shared::protocol::ServerEvent;
use serde_json::json;

use super::{Someone, keep, make_friends, two};
use crate::browser::Browser;

async fn say_about_oneself(someone: &mut Someone) {
    let said = json!({"about": "Paints boats", "status": "At sea"});
    someone.browser.patch("/me", said).await.ok();
}

/// Whether someone sees what the other says of themselves, and may write to them.
async fn sees(browser: &mut Browser, other: &str) -> (bool, bool) {
    let profile = browser.get(&format!("/people/{other}/profile")).await.ok();
    let shown = (profile["about"].as_str(), profile["status"].as_str());
    let told = match shown {
        (Some("Paints boats"), Some("At sea")) => true,
        (Some(""), Some("")) => false,
        _ => panic!("{profile}"),
    };
    (told, profile["direct"].as_bool().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_see_what_one_says_of_oneself_and_strangers_see_the_name() {
    let (_app, mut ming, mut hua) = two().await;
    say_about_oneself(&mut hua).await;
    assert_eq!(sees(&mut ming.browser, &hua.id).await, (false, false));
    let profile = ming
        .browser
        .get(&format!("/people/{}/profile", hua.id))
        .await
        .ok();
    assert_eq!(profile["role"], "member");
    assert_eq!(profile["person"]["name"], "hua");
    assert_eq!(profile["relation"], "none");
    assert_eq!(
        sees(&mut hua.browser, &hua.id.clone()).await,
        (true, true),
        "oneself"
    );
    ming.befriend(&hua.id).await;
    assert_eq!(
        sees(&mut ming.browser, &hua.id).await,
        (false, false),
        "asked"
    );
    make_friends(&mut ming, &mut hua).await;
    assert_eq!(sees(&mut ming.browser, &hua.id).await, (true, true));
    ming.block(&hua.id).await;
    assert_eq!(
        sees(&mut ming.browser, &hua.id).await,
        (false, false),
        "blocked"
    );
    assert_eq!(
        sees(&mut hua.browser, &ming.id).await,
        (false, false),
        "as of a stranger"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_team_everyone_sees_it_and_writes_to_everyone() {
    let (app, mut ming, mut hua) = two().await;
    say_about_oneself(&mut hua).await;
    let mut owner = Browser::at(&app);
    owner.sign_in("owner").await.ok();
    let policy = json!({"registration": "open", "guests": true, "contact": "team"});
    owner.put("/server/policy", policy).await.ok();
    assert_eq!(sees(&mut ming.browser, &hua.id).await, (true, true));
    let path = format!("/people/{}/active", hua.id);
    owner.put(&path, json!({"active": false})).await.ok();
    assert_eq!(
        sees(&mut ming.browser, &hua.id).await,
        (false, false),
        "not there"
    );
    let policy = json!({"registration": "open", "guests": true, "contact": "friends"});
    owner.put(&path, json!({"active": true})).await.ok();
    owner.put("/server/policy", policy).await.ok();
    assert_eq!(sees(&mut ming.browser, &hua.id).await, (false, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_one_group_see_it_without_being_friends() {
    let (mut app, ming, hua) = two().await;
    let (mut ming, mut hua) = (ming, hua);
    say_about_oneself(&mut hua).await;
    let members: [UserId; 2] = [ming.id.parse().unwrap(), hua.id.parse().unwrap()];
    keep(&mut app, |connection| {
        together(connection, "direct", members)
    })
    .await;
    assert_eq!(
        sees(&mut ming.browser, &hua.id).await,
        (false, false),
        "no group"
    );
    keep(&mut app, |connection| {
        together(connection, "group", members)
    })
    .await;
    assert_eq!(sees(&mut ming.browser, &hua.id).await, (true, false));
}

/// Seats people in a new conversation.
fn together(
    connection: &mut Connection,
    kind: &str,
    members: [UserId; 2],
) -> parley_server::store::Result<()> {
    let id = if kind == "group" { [8; 16] } else { [9; 16] };
    connection.execute(
        "INSERT INTO conversations (id, kind, created_ms, last_seq, head, active_ms)
         VALUES ($1, $2, 1, 0, $3, 1)",
        &[(&id).into(), kind.into(), (&[0; 32]).into()],
    )?;
    if kind == "group" {
        connection.execute(
            "INSERT INTO groups (conversation_id, name, name_key, about, is_public, member_count)
             VALUES ($1, 'g', 'g', '', 0, 2)",
            &[(&id).into()],
        )?;
    }
    for member in members {
        connection.execute(
            "INSERT INTO members (conversation_id, person_id, rank, joined_ms) VALUES ($1, $2, 1, 1)",
            &[(&id).into(), member.as_bytes().into()],
        )?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_was_met_has_a_name_and_nothing_else_and_others_are_not_there() {
    let (app, mut ming, hua) = two().await;
    let mut guest = Browser::at(&app);
    let mut wire = guest.enter_as_guest().await;
    let id = guest.get("/me").await.ok()["person"]["id"].clone();
    let path = format!("/people/{}/profile", id.as_str().unwrap());
    ming.browser.get(&path).await.refused(404, "not_found");
    wire.say(r#"{"type":"rename","name":"Passer-by"}"#).await;
    wire.expect("the name", |event| {
        matches!(event, ServerEvent::PeopleChanged { .. }).then_some(())
    })
    .await;
    let profile = ming.browser.get(&path).await.ok();
    let expected = json!({
        "person": {"id": id, "name": "Passer-by"}, "relation": "none",
        "about": "", "status": "", "direct": false,
    });
    assert_eq!(profile, expected);
    // A guest sees nobody's.
    let of_hua = format!("/people/{}/profile", hua.id);
    guest.get(&of_hua).await.refused(401, "sign_in_needed");
    for id in ["x", &"1".repeat(32)] {
        let path = format!("/people/{id}/profile");
        ming.browser.get(&path).await.refused(404, "not_found");
    }
}
