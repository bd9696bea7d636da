//! Roles in a group: who gives which to whom, and what each may change of the group itself.

use parley_shared::protocol::ServerEvent;
use serde_json::{Value, json};

use super::{notices, person, team};

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_gives_roles_and_nobody_else_does() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_group(false, &[&hua.id, &carl.id]).await;
    for other in [&mut hua, &mut carl] {
        other.hears_conversation(&group).await;
    }
    let (ming_id, hua_id, carl_id) = (ming.id.clone(), hua.id.clone(), carl.id.clone());
    for role in ["member", "administrator", "owner"] {
        for other in [&ming_id, &carl_id] {
            let refused = hua.give_role(&group, other, role).await;
            refused.refused(403, "role_too_small");
            assert_eq!(refused.json["needed"], "owner");
        }
    }
    let told = ming.give_role(&group, &hua_id, "administrator").await.ok();
    assert_eq!(told["role"], "administrator");
    assert_eq!(told["person"]["id"], hua_id);
    let heard = hua.hears_conversation(&group).await;
    assert_eq!(heard.role.unwrap().to_string(), "administrator");
    // An administrator gives no roles either, not even their own away.
    for (other, role) in [(&carl_id, "administrator"), (&hua_id, "member")] {
        let refused = hua.give_role(&group, other, role).await;
        refused.refused(403, "role_too_small");
    }
    ming.give_role(&group, &ming_id, "member")
        .await
        .refused(400, "yourself");
    ming.give_role(&group, &"1".repeat(32), "member")
        .await
        .refused(404, "not_found");
    let before = ming.read(&group).await.unwrap().len();
    ming.give_role(&group, &hua_id, "administrator").await.ok();
    assert_eq!(ming.read(&group).await.unwrap().len(), before);
    ming.give_role(&group, &hua_id, "member").await.ok();
    hua.remove(&group, &carl_id)
        .await
        .refused(403, "role_too_small");
    ming.give_role(&group, &carl_id, "boss")
        .await
        .refused(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn ownership_is_handed_on_and_the_former_owner_becomes_an_administrator() {
    let (_app, [mut ming, hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_staffed(&hua.id, &carl.id).await;
    let (ming_id, hua_id, carl_id) = (ming.id.clone(), hua.id.clone(), carl.id.clone());
    carl.hears_conversation(&group).await;
    let told = ming.give_role(&group, &carl_id, "owner").await.ok();
    assert_eq!(told["role"], "owner");
    assert_eq!(
        carl.hears_conversation(&group)
            .await
            .role
            .unwrap()
            .to_string(),
        "owner"
    );
    let members = carl.members(&group).await;
    assert_eq!(members[0], (carl_id.clone(), "owner".to_owned()));
    // They came at the same moment, and which of them is listed first is chance.
    for administrator in [&ming_id, &hua_id] {
        let expected = (administrator.clone(), "administrator".to_owned());
        assert!(members[1..].contains(&expected), "{members:?}");
    }
    let said = notices(&ming.read(&group).await.unwrap());
    let last = json!({"type": "role_changed", "person": carl_id, "role": "owner"});
    assert_eq!(said.last(), Some(&(person(&ming_id), last)));
    ming.change(&group, json!({"public": true}))
        .await
        .refused(403, "role_too_small");
    carl.change(&group, json!({"public": true})).await.ok();
    // Whoever handed it on may go.
    ming.leave(&group).await.ok();
    carl.leave(&group).await.refused(409, "last_owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_changes_of_the_group_what_is_theirs_and_all_members_hear_it() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_staffed(&hua.id, &carl.id).await;
    let asks = [
        (json!({"name": "Meadow"}), "administrator"),
        (json!({"about": "Flowers"}), "administrator"),
        (json!({"public": true}), "owner"),
        (json!({"archived": true}), "owner"),
        (json!({"archived": false}), "owner"),
        // One that is not allowed takes the others with it.
        (json!({"name": "Mine", "public": true}), "owner"),
    ];
    for (ask, needed) in &asks {
        let refused = carl.change(&group, ask.clone()).await;
        refused.refused(403, "role_too_small");
        if *needed == "owner" {
            let refused = hua.change(&group, ask.clone()).await;
            refused.refused(403, "role_too_small");
            assert_eq!(refused.json["needed"], "owner");
        }
    }
    assert_eq!(ming.card(&group).await.ok()["name"], "Garden");
    let changed = hua
        .change(&group, json!({"name": "Meadow", "about": "Flowers"}))
        .await;
    assert_eq!(changed.ok()["about"], "Flowers");
    let heard = carl
        .wire
        .expect("another group", |event| match event {
            ServerEvent::GroupChanged { group, .. } if group.about == "Flowers" => {
                Some(group.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(heard.name, "Meadow");
    // What changes nothing is told to nobody.
    let before = ming.read(&group).await.unwrap().len();
    hua.change(&group, json!({"name": " Meadow ", "about": "Flowers"}))
        .await
        .ok();
    ming.change(&group, json!({"public": false, "archived": false}))
        .await
        .ok();
    ming.change(&group, json!({})).await.ok();
    assert_eq!(ming.read(&group).await.unwrap().len(), before);
    ming.change(&group, json!({"public": true})).await.ok();
    let said = notices(&ming.read(&group).await.unwrap());
    let said: Vec<&Value> = said.iter().skip(3).map(|(_, notice)| notice).collect();
    assert_eq!(
        said,
        [
            &json!({"type": "renamed", "name": "Meadow"}),
            &json!({"type": "described"}),
            &json!({"type": "visibility_changed", "public": true}),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_has_a_picture_that_its_administrators_set() {
    let (_app, [mut ming, mut hua, mut carl]) = team(["ming", "hua", "carl"]).await;
    let group = ming.make_staffed(&hua.id, &carl.id).await;
    let path = format!("/groups/{group}/picture");
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(64, 48)
        .write_to(&mut file, image::ImageFormat::Png)
        .unwrap();
    let file = file.into_inner();
    let send = async |someone: &mut crate::contacts::Someone, file: &[u8]| {
        let kind = Some("image/png");
        someone.browser.ask_raw("PUT", &path, kind, file).await
    };
    send(&mut carl, &file).await.refused(403, "role_too_small");
    send(&mut hua, b"no picture")
        .await
        .refused(400, "picture_unreadable");
    let card = send(&mut hua, &file).await.ok();
    let picture = card["picture"].as_str().unwrap().to_owned();
    carl.wire
        .expect("a group with a picture", |event| match event {
            ServerEvent::GroupChanged { group, .. } if group.picture.is_some() => Some(()),
            _ => None,
        })
        .await;
    let said = notices(&carl.read(&group).await.unwrap());
    assert_eq!(
        said.last(),
        Some(&(person(&hua.id), json!({"type": "picture_changed"})))
    );
    carl.browser
        .delete(&path)
        .await
        .refused(403, "role_too_small");
    let card = ming.browser.delete(&path).await.ok();
    assert_eq!(card["picture"], Value::Null);
    // Nobody shows it any more: it is not kept.
    let gone = carl.browser.get(&format!("/pictures/{picture}")).await;
    gone.refused(404, "not_found");
}
