//! Coming, leaving, being removed and banned: what each may, and what nobody hears afterwards.

use parley_shared::protocol::Refusal;
use serde_json::{Value, json};

use super::{notices, person, team};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_hears_of_it_and_then_nothing_more() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_staffed(&hua.id, &carl.id).await;
    carl.write(&group, "still here").await.unwrap();
    hua.remove(&group, &carl.id).await.ok();
    // The removal is the last that they hear, and they read nothing from then on.
    loop {
        let heard = carl.hears_message(&group).await;
        if heard["notice"]["type"] == "removed" {
            assert_eq!(heard["notice"]["person"], carl.id);
            break;
        }
    }
    carl.hears_left(&group).await;
    ming.write(&group, "he is gone").await.unwrap();
    ming.change(&group, json!({"name": "Meadow"})).await.ok();
    carl.hears_nothing_of(&group).await;
    assert_eq!(carl.read(&group).await, Err(Refusal::UnknownConversation));
    assert_eq!(
        carl.write(&group, "hello?").await,
        Err(Refusal::UnknownConversation)
    );
    for command in [
        json!({"type": "changes", "conversation": group, "since": 0}),
        json!({"type": "conversation", "conversation": group}),
        json!({"type": "typing", "conversation": group}),
        json!({"type": "open", "conversation": group}),
        json!({"type": "read", "conversation": group, "through": 1}),
    ] {
        carl.wire.say(&command.to_string()).await;
        let told = carl.wire.expect_refusal().await;
        assert_eq!(told.reason, Refusal::UnknownConversation, "{command}");
    }
    carl.card(&group).await.refused(404, "not_found");
    let page = carl.browser.get(&format!("/groups/{group}/members")).await;
    page.refused(404, "not_found");
    let export = carl.browser.get("/me/export").await.ok();
    assert_eq!(export["groups"], json!([]));
    // A connection that comes fresh does not know the group either.
    carl.wire = carl.browser.connect().await.unwrap();
    let welcome = serde_json::to_string(&carl.wire.welcome).unwrap();
    assert!(!welcome.contains(&group), "{welcome}");
    // Whoever is removed and not banned may come again, and then reads what was said meanwhile.
    hua.add(&group, &[&carl.id]).await.ok();
    let heard = carl.hears_conversation(&group).await;
    assert_eq!(heard.group.unwrap().name, "Meadow");
    let read = serde_json::to_string(&carl.read(&group).await.unwrap()).unwrap();
    assert!(read.contains("he is gone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_of_someone_comes_and_goes_with_them() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(true, &[]).await;
    let mut phone = crate::contacts::Someone::of(hua.browser.clone()).await;
    hua.join(&group).await.ok();
    hua.hears_conversation(&group).await;
    phone.hears_conversation(&group).await;
    ming.write(&group, "both of you").await.unwrap();
    loop {
        if phone.hears_message(&group).await["text"] == "both of you" {
            break;
        }
    }
    phone.leave(&group).await.ok();
    hua.hears_left(&group).await;
    phone.hears_left(&group).await;
    ming.write(&group, "alone").await.unwrap();
    hua.hears_nothing_of(&group).await;
    phone.hears_nothing_of(&group).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_removed_and_banned_by_those_above_them_alone() {
    let names = ["owner2", "ann", "bob", "carl", "dan"];
    let (_app, [mut owner, mut ann, bob, mut carl, mut dan]) = team(names).await;
    let ids = [&owner.id, &ann.id, &bob.id, &carl.id, &dan.id].map(Clone::clone);
    let [owner_id, ann_id, bob_id, carl_id, dan_id] = &ids;
    let group = owner.make_group(false, &[ann_id, bob_id, carl_id]).await;
    for administrator in [ann_id, bob_id] {
        owner
            .give_role(&group, administrator, "administrator")
            .await
            .ok();
    }
    let needs = |reply: &crate::browser::Reply, role: &str| {
        reply.refused(403, "role_too_small");
        assert_eq!(reply.json["needed"], role, "{reply:?}");
    };
    for other in [owner_id, ann_id, bob_id] {
        needs(&carl.remove(&group, other).await, "administrator");
        needs(&carl.ban(&group, other).await, "administrator");
    }
    for other in [owner_id, bob_id] {
        needs(&ann.remove(&group, other).await, "owner");
        needs(&ann.ban(&group, other).await, "owner");
    }
    ann.ban(&group, ann_id).await.refused(400, "yourself");
    // Dan is in it not, and cannot be removed; nor can someone who does not exist.
    ann.remove(&group, dan_id).await.refused(404, "not_found");
    ann.ban(&group, &"1".repeat(32))
        .await
        .refused(404, "not_found");
    needs(&carl.remove(&group, dan_id).await, "administrator");
    dan.remove(&group, carl_id).await.refused(404, "not_found");
    let before = owner.read(&group).await.unwrap().len();
    ann.remove(&group, carl_id).await.ok();
    ann.add(&group, &[carl_id]).await.ok();
    ann.ban(&group, carl_id).await.ok();
    owner.remove(&group, bob_id).await.ok();
    owner.ban(&group, ann_id).await.ok();
    let read = owner.read(&group).await.unwrap();
    let said = &notices(&read)[before..];
    assert_eq!(
        said,
        [
            (
                person(ann_id),
                json!({"type": "removed", "person": carl_id})
            ),
            (
                person(ann_id),
                json!({"type": "added", "people": [carl_id]})
            ),
            (person(ann_id), json!({"type": "banned", "person": carl_id})),
            (
                person(owner_id),
                json!({"type": "removed", "person": bob_id})
            ),
            (
                person(owner_id),
                json!({"type": "banned", "person": ann_id})
            ),
        ]
    );
    assert_eq!(
        owner.members(&group).await,
        [(owner_id.clone(), "owner".to_owned())]
    );
    assert_eq!(owner.card(&group).await.ok()["members"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_banned_comes_in_by_no_door_until_the_ban_is_lifted() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_group(true, &[&hua.id]).await;
    let code = ming.invite(&group, 5).await;
    // Someone who never was a member can be banned as well.
    ming.ban(&group, &carl.id).await.ok();
    ming.ban(&group, &carl.id).await.ok();
    ming.ban(&group, &hua.id).await.ok();
    hua.hears_left(&group).await;
    for outcast in [&mut carl, &mut hua] {
        outcast.join(&group).await.refused(403, "banned");
        outcast.accept(&code).await.refused(403, "banned");
        let id = outcast.id.clone();
        ming.add(&group, &[&id]).await.refused(403, "banned");
        assert_eq!(
            outcast.read(&group).await,
            Err(Refusal::UnknownConversation)
        );
    }
    let path = format!("/groups/{group}/bans");
    let bans = ming.browser.get(&path).await.ok();
    let bans: Vec<&Value> = bans["members"].as_array().unwrap().iter().collect();
    let banned: Vec<&Value> = bans.iter().map(|ban| &ban["person"]["id"]).collect();
    assert_eq!(banned, [&json!(carl.id), &json!(hua.id)]);
    assert_eq!(bans[0]["role"], Value::Null);
    assert!(bans[0]["since_ms"].as_u64().unwrap() > 0);
    let said = notices(&ming.read(&group).await.unwrap());
    let bans = said.iter().filter(|(_, notice)| notice["type"] == "banned");
    assert_eq!(bans.count(), 2, "a ban is told once: {said:?}");
    for (outcast, by_link) in [(&mut carl, true), (&mut hua, false)] {
        let path = format!("{path}/{}", outcast.id);
        ming.browser.delete(&path).await.ok();
        ming.browser.delete(&path).await.ok();
        if by_link {
            outcast.accept(&code).await.ok();
        } else {
            outcast.join(&group).await.ok();
        }
    }
    let left = ming.browser.get(&format!("/groups/{group}/bans")).await;
    assert_eq!(left.ok()["members"], json!([]));
    hua.browser
        .get(&format!("/groups/{group}/bans"))
        .await
        .refused(403, "role_too_small");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_is_out_and_an_owner_leaves_last() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(true, &[&hua.id]).await;
    ming.leave(&group).await.refused(409, "last_owner");
    hua.leave(&group).await.ok();
    hua.hears_left(&group).await;
    hua.leave(&group).await.refused(403, "role_too_small");
    let said = notices(&ming.read(&group).await.unwrap());
    assert_eq!(
        said.last(),
        Some(&(person(&hua.id), json!({"type": "left"})))
    );
    let path = "/groups?name=garden";
    let listed = hua.browser.get(path).await.ok();
    assert_eq!(listed["groups"].as_array().unwrap().len(), 1);
    ming.leave(&group).await.ok();
    ming.hears_left(&group).await;
    // Nobody is in it any more: it is archived, not listed, and nobody comes in.
    let listed = hua.browser.get(path).await.ok();
    assert_eq!(listed["groups"], json!([]));
    hua.join(&group).await.refused(409, "archived");
    ming.join(&group).await.refused(409, "archived");
    let card = hua.card(&group).await.ok();
    assert_eq!(
        (&card["members"], &card["archived"]),
        (&json!(0), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_reads_and_changes_groups_within_its_scope() {
    let (app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(false, &[]).await;
    for (scope, may_write) in [("read", false), ("write", true)] {
        let ask = json!({"name": scope, "scope": scope});
        let made = ming.browser.post("/tokens", ask).await.ok();
        let secret = made["secret"].as_str().unwrap();
        let mut bot = crate::browser::Browser::program(&app, secret);
        bot.get(&format!("/groups/{group}")).await.ok();
        let path = format!("/groups/{group}/members");
        bot.get(&path).await.ok();
        let added = bot.post(&path, json!({"people": [hua.id]})).await;
        if may_write {
            added.ok();
        } else {
            added.refused(403, "scope_too_small");
            assert_eq!(hua.read(&group).await, Err(Refusal::UnknownConversation));
        }
    }
    hua.hears_conversation(&group).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_found_by_how_their_name_begins() {
    let names = ["ming", "Anna", "ANDREA", "änne", "bert"];
    let (_app, [mut ming, anna, andrea, aenne, mut bert]) = team(names).await;
    let ids = [&anna.id, &andrea.id, &aenne.id, &bert.id].map(String::as_str);
    let group = ming.make_group(false, &ids).await;
    for (name, expected) in [
        ("an", vec![&anna.id, &andrea.id]),
        ("AND", vec![&andrea.id]),
        ("%C3%84", vec![&aenne.id]),
        ("x", vec![]),
        ("na", vec![]),
    ] {
        let path = format!("/groups/{group}/members?name={name}");
        let page = ming.browser.get(&path).await.ok();
        let mut found: Vec<&str> = Vec::new();
        for member in page["members"].as_array().unwrap() {
            found.push(member["person"]["id"].as_str().unwrap());
        }
        found.sort_unstable();
        let mut expected: Vec<&str> = expected.into_iter().map(String::as_str).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
        assert_eq!(page["next"], Value::Null);
    }
    // Both of their names count, and the one that mentions them is told.
    let zoe = json!({ "name": "Zoe" });
    bert.browser.patch("/me", zoe).await.ok();
    for name in ["zo", "BER"] {
        let path = format!("/groups/{group}/members?name={name}");
        let page = ming.browser.get(&path).await.ok();
        assert_eq!(
            page["members"][0]["person"]["id"],
            bert.id.as_str(),
            "{name}"
        );
        assert_eq!(page["members"][0]["user_name"], "bert");
    }
    for after in ["x", "3-", "3-1", "9-x-y", "-1-2-3"] {
        let path = format!("/groups/{group}/members?after={after}");
        ming.browser.get(&path).await.refused(400, "malformed");
        let path = format!("/groups/{group}/bans?after={after}");
        ming.browser.get(&path).await.refused(400, "malformed");
    }
}
