//! What whoever comes into a group finds there, and what the others hear of it.

use std::time::{Duration, Instant};

use parley_shared::ids::UserId;
use parley_shared::limits::{
    MEMBERS_TOLD_AT_ONCE_MAX, PEOPLE_ADDED_NAMED_MAX, PRESENCE_INTERVAL_MIN_MS,
};
use parley_shared::protocol::ServerEvent;
use serde_json::json;

use super::large::fill;
use super::{id, person, team};
use crate::contacts::Someone;

/// Who comes by name with what is told next of a group.
async fn named_with(someone: &mut Someone, pick: impl Fn(&ServerEvent) -> bool) -> Vec<UserId> {
    someone
        .wire
        .expect("those who are named", |event| match event {
            ServerEvent::History { people, .. }
            | ServerEvent::Changes { people, .. }
            | ServerEvent::Conversations { people, .. }
            | ServerEvent::ConversationChanged { people, .. }
                if pick(event) =>
            {
                Some(people.iter().map(|person| person.id).collect())
            }
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_are_brought_in_at_once_the_first_come_by_name_wherever_the_notice_does() {
    let (_app, [mut ming, mut a, b, c, d, e]) = team(["ming", "aa", "bb", "cc", "dd", "ee"]).await;
    let added = [&a.id, &b.id, &c.id, &d.id, &e.id].map(String::as_str);
    assert!(added.len() > PEOPLE_ADDED_NAMED_MAX);
    let group = ming.make_group(false, &added).await;
    let mut expected: Vec<UserId> = added[..PEOPLE_ADDED_NAMED_MAX]
        .iter()
        .map(|id| person(id))
        .collect();
    expected.push(person(&ming.id));
    expected.sort_unstable();
    let brought = named_with(&mut a, |event| {
        matches!(event, ServerEvent::ConversationChanged { .. })
    });
    assert_eq!(brought.await, expected);
    for ask in [
        json!({"type": "history", "conversation": group}),
        json!({"type": "changes", "conversation": group, "since": 0}),
        json!({"type": "conversations"}),
    ] {
        a.wire.say(&ask.to_string()).await;
        let named = named_with(&mut a, |event| {
            !matches!(event, ServerEvent::ConversationChanged { .. })
        });
        assert_eq!(named.await, expected, "{ask}");
    }
    let again = a.browser.connect().await.unwrap();
    let ServerEvent::Welcome { people, .. } = &again.welcome else {
        panic!("a connection begins with a welcome");
    };
    let named: Vec<UserId> = people.iter().map(|person| person.id).collect();
    assert_eq!(named, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_in_finds_nothing_unread_of_what_was_said_before_and_counts_from_then_on() {
    let (_app, [mut ming, mut hua, mut joiner]) = team(["ming", "hua", "joiner"]).await;
    let group = ming.make_group(true, &[]).await;
    for number in 0..3 {
        ming.write(&group, &format!("message {number}"))
            .await
            .unwrap();
    }
    ming.add(&group, &[&hua.id]).await.ok();
    joiner.join(&group).await.ok();
    for (someone, last) in [(&mut hua, 5), (&mut joiner, 6)] {
        let heard = someone.hears_conversation(&group).await;
        assert_eq!(heard.last.0, last, "the notice of it is the last");
        assert_eq!((heard.read, heard.unread), (heard.last, 0));
        assert!(someone.read(&group).await.unwrap().len() > 3);
    }
    ming.write(&group, "welcome").await.unwrap();
    for someone in [&mut hua, &mut joiner] {
        let line = &mut someone.wire;
        assert_eq!(line.ask_conversation(id(&group)).await.unread, 1);
    }
    // Whoever comes back has not missed what was said while they were away.
    joiner.leave(&group).await.ok();
    joiner.hears_left(&group).await;
    ming.write(&group, "goodbye").await.unwrap();
    joiner.join(&group).await.ok();
    assert_eq!(joiner.hears_conversation(&group).await.unread, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_finds_nothing_unread_in_the_lobby_and_counts_from_then_on() {
    let (app, [mut ming]) = team(["ming"]).await;
    let lobby = ming.wire.lobby.to_string();
    for number in 0..3 {
        ming.write(&lobby, &format!("message {number}"))
            .await
            .unwrap();
    }
    let hua = Someone::new(&app, "hua").await;
    let ServerEvent::Welcome { conversations, .. } = &hua.wire.welcome else {
        panic!("a connection begins with a welcome");
    };
    let seen = &conversations[0];
    assert_eq!((seen.last.0, seen.read.0, seen.unread), (3, 3, 0));
    ming.write(&lobby, "welcome").await.unwrap();
    let mut line = hua.wire;
    assert_eq!(line.ask_conversation(id(&lobby)).await.unread, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_are_brought_in_the_one_who_cannot_come_is_named() {
    let (_app, [mut ming, hua, mut stranger]) = team(["ming", "hua", "stranger"]).await;
    let group = ming.make_group(true, &[]).await;
    let named = |reply: &crate::browser::Reply, code, who: &str| {
        reply.refused(403, code);
        assert_eq!(reply.json["person"], who, "{reply:?}");
    };
    ming.ban(&group, &stranger.id).await.ok();
    let reply = ming.add(&group, &[&hua.id, &stranger.id]).await;
    named(&reply, "banned", &stranger.id);
    // Whoever comes by themselves is not told who they are.
    let reply = stranger.join(&group).await;
    reply.refused(403, "banned");
    assert!(reply.json["person"].is_null(), "{reply:?}");
    stranger.block(&ming.id).await;
    let reply = ming.add(&group, &[&hua.id, &stranger.id]).await;
    named(&reply, "not_friends", &stranger.id);
    let ask = json!({"name": "Other", "public": true, "people": [hua.id, stranger.id]});
    let reply = ming.browser.post("/groups", ask).await;
    named(&reply, "not_friends", &stranger.id);
    assert_eq!(ming.members(&group).await.len(), 1, "all or none");
    ming.add(&group, &[&hua.id]).await.ok();
    let path = format!("/direct/{}", stranger.id);
    let reply = ming.browser.put(&path, json!({})).await;
    reply.refused(403, "not_friends");
    assert!(reply.json["person"].is_null(), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_many_are_in_a_large_group_is_told_seldom_and_what_else_changes_at_once() {
    let names = ["ming", "aa", "bb", "cc", "dd", "ee", "ff"];
    let (mut app, [mut ming, joiners @ ..]) = team(names).await;
    let group = ming.make_group(true, &[]).await;
    let many = MEMBERS_TOLD_AT_ONCE_MAX as usize;
    fill(&mut app, &[(id(&group), many)]).await;
    let mut ming = Someone::of(ming.browser).await;
    let mut joining = Vec::new();
    for joiner in joiners {
        joining.push(Someone::of(joiner.browser).await);
    }
    let began = Instant::now();
    for joiner in &mut joining {
        joiner.join(&group).await.ok();
    }
    let all = MEMBERS_TOLD_AT_ONCE_MAX + 1 + u32::try_from(joining.len()).unwrap();
    let mut told = 0;
    while ming.hears_group(&group).await.members < all {
        told += 1;
    }
    let interval = Duration::from_millis(PRESENCE_INTERVAL_MIN_MS);
    let at_most = began.elapsed().as_millis() / interval.as_millis() + 1;
    assert!(told <= at_most, "{told} times in {:?}", began.elapsed());
    // Whoever leaves hears nothing of it after having left.
    let mut leaver = joining.remove(0);
    leaver.leave(&group).await.ok();
    leaver.hears_left(&group).await;
    ming.change(&group, json!({"about": "Beans"})).await.ok();
    let heard = ming.hears_group(&group).await;
    let heard = if heard.about.is_empty() {
        ming.hears_group(&group).await
    } else {
        heard
    };
    assert_eq!((heard.about.as_str(), heard.members), ("Beans", all - 1));
    tokio::time::sleep(2 * interval).await;
    leaver.hears_nothing_of(&group).await;
    ming.hears_nothing_of(&group).await;
}
