//! A group of ten thousand beside a group of ten: what a member asks of it takes about as long.

use std::time::{Duration, Instant};

use parley_server::store::{conversations, groups};
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::PAGE_CONTACTS_MAX;
use parley_shared::model::Role;
use serde_json::json;

use super::{encoded, id, person, team};
use crate::contacts::{Someone, keep, keep_people, numbered};

/// Members of the large group, besides who made it.
const MANY: usize = 10_000;
/// Members of the small one.
const FEW: usize = 10;
/// How many times longer the large one may take. Generous, for other work shares the machine; what
/// grows with the members would take a thousand times as long.
const TIMES_LONGER_MAX: u32 = 20;
/// How often each thing is done; the fastest counts.
const ROUNDS: usize = 15;

pub(super) async fn fill(app: &mut crate::scene::TestApp, sizes: &[(ConversationId, usize)]) {
    let sizes = sizes.to_vec();
    keep(app, move |connection| {
        keep_people(connection, MANY)?;
        for (group, size) in sizes {
            for number in 0..size {
                let (person, at_ms) = (numbered(number), 1_000 + number as u64 / 3);
                conversations::add_member(connection, group, person, Role::Member, at_ms)?;
            }
            groups::count_members(connection, group, i64::try_from(size).unwrap())?;
        }
        Ok(())
    })
    .await;
}

/// How long something takes when nothing else delays it.
async fn fastest(mut act: impl AsyncFnMut()) -> Duration {
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        act().await;
        fastest = fastest.min(start.elapsed());
    }
    fastest
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_of_ten_thousand_is_read_and_written_like_a_group_of_ten() {
    let (mut app, [mut ming]) = team(["ming"]).await;
    let (small, large) = (
        ming.make_group(false, &[]).await,
        ming.make_group(false, &[]).await,
    );
    fill(&mut app, &[(id(&small), FEW), (id(&large), MANY)]).await;
    ming = Someone::of(ming.browser).await;
    for group in [&small, &large] {
        for number in 0..60 {
            ming.write(group, &format!("message {number}"))
                .await
                .unwrap();
        }
    }
    // The last page of the members of the large group, which is as near as the first.
    let last = numbered(MANY - 2);
    let after = format!("1-{}-{last}", 1_000 + (MANY as u64 - 2) / 3);
    let late = format!("/groups/{large}/members?after={after}");
    let page = ming.browser.get(&late).await.ok();
    assert_eq!(page["members"].as_array().unwrap().len(), 1);
    let first = format!("/groups/{large}/members");
    let first_page = fastest(async || drop(ming.browser.get(&first).await.ok())).await;
    let last_page = fastest(async || drop(ming.browser.get(&late).await.ok())).await;
    let mut worst = Vec::new();
    worst.push(("the last page of members", first_page, last_page));
    let mut taken = Vec::new();
    for group in [&small, &large] {
        let path = format!("/groups/{group}/members");
        taken.push([
            fastest(async || drop(ming.read(group).await.unwrap())).await,
            fastest(async || drop(ming.browser.get(&path).await.ok())).await,
            fastest(async || ming.write(group, "hello").await.unwrap()).await,
            fastest(async || drop(ming.card(group).await.ok())).await,
        ]);
    }
    let names = [
        "history",
        "the first page of members",
        "writing",
        "the card",
    ];
    for (index, name) in names.into_iter().enumerate() {
        worst.push((name, taken[0][index], taken[1][index]));
    }
    for (name, few, many) in worst {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        println!("{name}: {few:?} with {FEW}, {many:?} with {MANY}: {ratio:.2} times as long");
        // A moment that is too short to be measured well is no measure.
        let bound = few.max(Duration::from_millis(1)) * TIMES_LONGER_MAX;
        assert!(many < bound, "{name}: {few:?} and {many:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_member_of_ten_thousand_stands_on_one_page_in_order() {
    let (mut app, [mut ming, hua]) = team(["ming", "hua"]).await;
    let group = ming.make_group(false, &[&hua.id]).await;
    ming.give_role(&group, &hua.id, "administrator").await.ok();
    fill(&mut app, &[(id(&group), MANY)]).await;
    let mut found: Vec<UserId> = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/groups/{group}/members?after={}", encoded(&after));
        let page = ming.browser.get(&path).await.ok();
        let members = page["members"].as_array().unwrap();
        assert!(members.len() <= PAGE_CONTACTS_MAX);
        for member in members {
            found.push(person(member["person"]["id"].as_str().unwrap()));
        }
        let Some(next) = page["next"].as_str() else {
            break;
        };
        assert_eq!(members.len(), PAGE_CONTACTS_MAX);
        next.clone_into(&mut after);
    }
    let mut expected = vec![person(&ming.id), person(&hua.id)];
    expected.extend((0..MANY).map(numbered));
    assert_eq!(found, expected);
    // Whoever is searched for is found, however many others are looked at on the way.
    let mut pages = 0;
    let mut after = String::new();
    let found = loop {
        pages += 1;
        let path = format!(
            "/groups/{group}/members?name=number%20099&after={}",
            encoded(&after)
        );
        let page = ming.browser.get(&path).await.ok();
        let members = page["members"].as_array().unwrap();
        if let Some(member) = members.first() {
            break member["person"]["name"].as_str().unwrap().to_owned();
        }
        page["next"].as_str().unwrap().clone_into(&mut after);
    };
    assert_eq!(found, "Number 09900");
    assert_eq!(pages, 2, "only so many are looked at for one page");
    let one_more = json!({"people": []});
    let path = format!("/groups/{group}/members");
    let card = ming.browser.post(&path, one_more).await.ok();
    assert_eq!(card["members"], MANY + 2);
}
