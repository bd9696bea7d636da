//! Many changes of a group in an order of chance: its count of members is always the number of its members.

use serde_json::json;

use super::team;
use crate::chance::Chance;

/// Changes that are tried.
const STEPS: usize = 160;

#[tokio::test(flavor = "multi_thread")]
async fn a_group_counts_its_members_truly_whatever_happens_to_it() {
    let seed = parley_server::clock::now_ms();
    println!("seed {seed}");
    let mut chance = Chance::new(seed);
    let names = ["ann", "bob", "carl", "dan", "eve"];
    let (mut app, mut people) = team(names).await;
    let ids: Vec<String> = people.iter().map(|someone| someone.id.clone()).collect();
    let group = people[0].make_group(true, &[]).await;
    let code = people[0].invite(&group, 1_000).await;
    let (mut made, mut refused) = (0, 0);
    for step in 0..STEPS {
        let who = chance.index(people.len());
        let whom = &ids[chance.index(ids.len())];
        let someone = &mut people[who];
        let reply = match chance.index(10) {
            0 | 1 => someone.join(&group).await,
            2 => someone.accept(&code).await,
            3 => {
                someone
                    .add(&group, &[whom, &ids[chance.index(ids.len())]])
                    .await
            }
            4 => someone.remove(&group, whom).await,
            5 => someone.ban(&group, whom).await,
            6 => {
                let path = format!("/groups/{group}/bans/{whom}");
                someone.browser.delete(&path).await
            }
            7 => someone.give_role(&group, whom, "administrator").await,
            8 => someone.give_role(&group, whom, "owner").await,
            _ if step % 2 == 0 => someone.leave(&group).await,
            _ => someone.give_role(&group, whom, "member").await,
        };
        if reply.status < 300 {
            made += 1;
        } else {
            assert!(reply.status < 500, "{reply:?}");
            refused += 1;
        }
        check(&mut people, &group, step).await;
    }
    println!("{made} changes made, {refused} refused");
    assert!(
        made > STEPS / 10 && refused > STEPS / 10,
        "{made} and {refused}"
    );
    app.stop().await;
    let (store, writer) = parley_server::store::Store::open(app.data_dir()).unwrap();
    crate::ledger::chain::verify(app.data_dir(), &store).await;
    drop((store, writer));
}

/// Whoever is in the group sees as many members as it says, one of them the owner, and sees themselves.
async fn check(people: &mut [crate::contacts::Someone], group: &str, step: usize) {
    for someone in people {
        let card = someone.card(group).await.ok();
        if card["role"].is_null() {
            continue;
        }
        let members = someone.members(group).await;
        let at = format!("step {step}");
        assert_eq!(card["members"], json!(members.len()), "{at}");
        let owners = members.iter().filter(|(_, role)| role == "owner").count();
        assert_eq!(owners, 1, "{at}: {members:?}");
        assert!(members.iter().any(|(id, _)| *id == someone.id), "{at}");
        return;
    }
}
