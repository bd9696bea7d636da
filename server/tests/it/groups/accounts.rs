//! What becomes of groups when accounts are deleted or deactivated.

use parley_shared::protocol::Refusal;
use serde_json::{Value, json};

use super::{notices, person, team, team_app};
use crate::browser::PASSWORD;
use crate::contacts::Someone;

async fn delete_account(someone: &mut Someone) {
    let ask = json!({"password": PASSWORD});
    someone.browser.ask("DELETE", "/me", Some(ask)).await.ok();
}

async fn set_active(owner: &mut crate::browser::Browser, who: &str, active: bool) {
    let path = format!("/people/{who}/active");
    owner.put(&path, json!({"active": active})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_of_a_deleted_account_pass_to_whoever_is_first_among_the_others() {
    let names = ["ming", "first", "second", "ann"];
    let (_app, [mut ming, mut first, mut second, mut ann]) = team(names).await;
    // To the administrator, though others are there longer; without one, to who is there longest;
    // alone, to nobody.
    let staffed = ming.make_group(false, &[&first.id]).await;
    ming.add(&staffed, &[&ann.id]).await.ok();
    ming.give_role(&staffed, &ann.id, "administrator")
        .await
        .ok();
    let plain = ming.make_group(true, &[&first.id]).await;
    ming.add(&plain, &[&second.id]).await.ok();
    let alone = ming.make_group(true, &[]).await;
    let theirs = first.make_group(false, &[&ming.id]).await;
    let ming_id = ming.id.clone();
    first.hears_conversation(&plain).await;
    delete_account(&mut ming).await;
    let heard = first.hears_conversation(&plain).await;
    assert_eq!(heard.role.unwrap().to_string(), "owner");
    assert_eq!(
        ann.members(&staffed).await,
        [
            (ann.id.clone(), "owner".to_owned()),
            (first.id.clone(), "member".to_owned()),
        ]
    );
    assert_eq!(
        second.members(&plain).await,
        [
            (first.id.clone(), "owner".to_owned()),
            (second.id.clone(), "member".to_owned()),
        ]
    );
    assert_eq!(
        first.members(&theirs).await,
        [(first.id.clone(), "owner".to_owned())]
    );
    let card = first.card(&alone).await.ok();
    assert_eq!(
        (&card["archived"], &card["members"]),
        (&json!(true), &json!(0))
    );
    let said = notices(&second.read(&plain).await.unwrap());
    let by = person(&ming_id);
    let role = json!({"type": "role_changed", "person": first.id, "role": "owner"});
    assert_eq!(
        said[said.len() - 2..],
        [(by, role), (by, json!({"type": "left"}))]
    );
    let said = notices(&first.read(&theirs).await.unwrap());
    assert_eq!(said.last(), Some(&(by, json!({"type": "left"}))));
    // Whoever inherits a group looks after it.
    first.change(&plain, json!({"public": false})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_account_keeps_its_place_and_is_passed_over() {
    let (app, mut boss) = team_app().await;
    let mut ming = Someone::new(&app, "ming").await;
    let mut gone = Someone::new(&app, "gone").await;
    let mut hua = Someone::new(&app, "hua").await;
    let group = ming.make_group(true, &[&gone.id]).await;
    ming.add(&group, &[&hua.id]).await.ok();
    ming.give_role(&group, &gone.id, "administrator").await.ok();
    set_active(&mut boss, &gone.id, false).await;
    gone.browser
        .get(&format!("/groups/{group}"))
        .await
        .refused(401, "sign_in_needed");
    // They keep their role for when they come back, and nobody hands the group to them meanwhile.
    let members = ming.members(&group).await;
    assert_eq!(members[1], (gone.id.clone(), "administrator".to_owned()));
    ming.give_role(&group, &gone.id, "owner")
        .await
        .refused(404, "not_found");
    let other = ming.make_group(false, &[]).await;
    ming.add(&other, &[&gone.id])
        .await
        .refused(403, "not_friends");
    delete_account(&mut ming).await;
    let members = hua.members(&group).await;
    assert_eq!(members[0], (hua.id.clone(), "owner".to_owned()));
    set_active(&mut boss, &gone.id, true).await;
    gone.browser.sign_in("gone").await.ok();
    let page = gone.browser.get(&format!("/groups/{group}")).await;
    assert_eq!(page.ok()["role"], "administrator");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_has_no_groups_and_gets_them_with_an_account() {
    let (app, [mut ming]) = team(["ming"]).await;
    let group = ming.make_group(true, &[]).await;
    let mut guest = crate::browser::Browser::at(&app);
    let mut wire = guest.enter_as_guest().await;
    for (method, path, body) in [
        ("GET", "/groups".to_owned(), Value::Null),
        (
            "POST",
            "/groups".to_owned(),
            json!({"name": "Mine", "public": true}),
        ),
        ("GET", format!("/groups/{group}"), Value::Null),
        ("POST", format!("/groups/{group}/join"), json!({})),
        ("GET", format!("/groups/{group}/members"), Value::Null),
    ] {
        let body = Some(body).filter(|body| !body.is_null());
        let refused = guest.ask(method, &path, body).await;
        refused.refused(401, "sign_in_needed");
    }
    let ask = json!({"type": "history", "conversation": group});
    wire.say(&ask.to_string()).await;
    let told = wire.expect_refusal().await;
    assert_eq!(told.reason, Refusal::UnknownConversation);
    guest.register("guest").await.ok();
    let mut member = Someone::of(guest).await;
    member.join(&group).await.ok();
    member.write(&group, "here I am").await.unwrap();
    let id = member.id.clone();
    ming.ban(&group, &id).await.ok();
    member.hears_left(&group).await;
}
