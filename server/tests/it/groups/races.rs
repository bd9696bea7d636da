//! What happens when people act on a group, or on each other, at the same moment: one after the other,
//! in an order that nobody chooses, and always to an end that the rules allow.

use serde_json::json;

use super::team;

/// How often each race is run: both orders come up.
const ROUNDS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_remove_each_other_are_both_refused() {
    let (_app, [mut ming, mut ann, mut bob]) = team(["ming", "ann", "bob"]).await;
    let group = ming.make_group(false, &[&ann.id, &bob.id]).await;
    let (ann_id, bob_id) = (ann.id.clone(), bob.id.clone());
    for id in [&ann_id, &bob_id] {
        ming.give_role(&group, id, "administrator").await.ok();
    }
    for _ in 0..ROUNDS {
        let (one, other) = tokio::join!(ann.remove(&group, &bob_id), bob.ban(&group, &ann_id));
        one.refused(403, "role_too_small");
        other.refused(403, "role_too_small");
    }
    assert_eq!(ming.members(&group).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demoted_administrator_removes_somebody_before_or_not_at_all() {
    let (_app, [mut ming, mut ann, carl]) = team(["ming", "ann", "carl"]).await;
    let (ann_id, carl_id) = (ann.id.clone(), carl.id.clone());
    let mut removed = 0;
    for _ in 0..ROUNDS {
        let group = ming.make_group(false, &[&ann_id, &carl_id]).await;
        ming.give_role(&group, &ann_id, "administrator").await.ok();
        let (demoted, reply) = tokio::join!(
            ming.give_role(&group, &ann_id, "member"),
            ann.remove(&group, &carl_id),
        );
        demoted.ok();
        let members = ming.members(&group).await;
        assert!(members.contains(&(ann_id.clone(), "member".to_owned())));
        let is_out = !members.iter().any(|(id, _)| *id == carl_id);
        assert_eq!(reply.status == 204, is_out, "{reply:?}");
        if !is_out {
            reply.refused(403, "role_too_small");
        }
        removed += usize::from(is_out);
        let said = super::notices(&ming.read(&group).await.unwrap());
        let kinds: Vec<&str> = said
            .iter()
            .map(|(_, n)| n["type"].as_str().unwrap())
            .collect();
        if is_out {
            // What is written down has the order in which it was allowed.
            assert_eq!(kinds[3..], ["removed", "role_changed"]);
        } else {
            assert_eq!(kinds[3..], ["role_changed"]);
        }
    }
    println!("removed before being demoted: {removed} of {ROUNDS}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ownership_is_handed_on_or_its_heir_has_left_and_a_group_has_one_owner_always() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let (ming_id, hua_id) = (ming.id.clone(), hua.id.clone());
    for _ in 0..ROUNDS {
        let group = ming.make_group(false, &[&hua_id]).await;
        let (handed, left) =
            tokio::join!(ming.give_role(&group, &hua_id, "owner"), hua.leave(&group),);
        if left.status == 204 {
            handed.refused(404, "not_found");
            let expected = [(ming_id.clone(), "owner".to_owned())];
            assert_eq!(ming.members(&group).await, expected);
        } else {
            left.refused(409, "last_owner");
            handed.ok();
            let expected = [
                (hua_id.clone(), "owner".to_owned()),
                (ming_id.clone(), "administrator".to_owned()),
            ];
            assert_eq!(ming.members(&group).await, expected);
        }
    }
    for _ in 0..ROUNDS {
        // The owner leaves while handing on: they go only after they have.
        let group = ming.make_group(false, &[&hua_id]).await;
        let mut phone = ming.browser.clone();
        let path = format!("/groups/{group}/members/{ming_id}");
        let (handed, left) = tokio::join!(
            ming.give_role(&group, &hua_id, "owner"),
            phone.delete(&path),
        );
        handed.ok();
        let members = hua.members(&group).await;
        let owners = members.iter().filter(|(_, role)| role == "owner");
        assert_eq!(owners.count(), 1, "{members:?}");
        if left.status == 204 {
            assert_eq!(members, [(hua_id.clone(), "owner".to_owned())]);
        } else {
            left.refused(409, "last_owner");
            assert_eq!(members.len(), 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_use_the_last_of_a_link_at_once_exactly_one_comes_in() {
    let (_app, [mut ming, mut ann, mut bob, mut carl]) = team(["ming", "ann", "bob", "carl"]).await;
    for _ in 0..ROUNDS {
        let group = ming.make_group(false, &[]).await;
        let code = ming.invite(&group, 1).await;
        let (a, b, c) = tokio::join!(ann.accept(&code), bob.accept(&code), carl.accept(&code));
        let mut came = 0;
        for reply in [a, b, c] {
            if reply.status == 200 {
                came += 1;
            } else {
                reply.refused(404, "unknown_invitation");
            }
        }
        assert_eq!(came, 1);
        assert_eq!(ming.members(&group).await.len(), 2);
        assert_eq!(ming.card(&group).await.ok()["members"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_in_twice_at_once_is_in_once_and_uses_a_link_once() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    for _ in 0..ROUNDS {
        let group = ming.make_group(true, &[]).await;
        let code = ming.invite(&group, 3).await;
        let mut phone = hua.browser.clone();
        let mut tablet = hua.browser.clone();
        let path = format!("/groups/{group}/join");
        let ask = json!({"code": code});
        let (a, b, c) = tokio::join!(
            hua.accept(&code),
            phone.post("/group-invitations/accepted", ask),
            tablet.post(&path, json!({})),
        );
        for reply in [a, b, c] {
            assert_eq!(reply.ok()["group"]["members"], 2);
        }
        assert_eq!(ming.card(&group).await.ok()["members"], 2);
        let said = super::notices(&ming.read(&group).await.unwrap());
        let joined = said.iter().filter(|(_, notice)| notice["type"] == "joined");
        assert_eq!(joined.count(), 1, "{said:?}");
        let path = format!("/groups/{group}/invitations");
        let list = ming.browser.get(&path).await.ok();
        let left = list["invitations"][0]["uses_left"].as_u64().unwrap();
        assert!(left == 2 || left == 3, "{left}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_while_being_removed_is_heard_before_or_refused() {
    let (_app, [mut ming, mut hua]) = team(["ming", "hua"]).await;
    let hua_id = hua.id.clone();
    for round in 0..ROUNDS {
        let group = ming.make_group(false, &[&hua_id]).await;
        hua.hears_conversation(&group).await;
        let text = format!("last words {round}");
        let (wrote, removed) = tokio::join!(hua.write(&group, &text), ming.remove(&group, &hua_id));
        removed.ok();
        let read = serde_json::to_string(&ming.read(&group).await.unwrap()).unwrap();
        let at = read.find(&text);
        assert_eq!(wrote.is_ok(), at.is_some(), "{wrote:?}");
        if let Some(at) = at {
            assert!(at < read.find("removed").unwrap(), "{read}");
        }
    }
}
