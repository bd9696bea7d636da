//! What it changes for two who talk when they become friends, part, or one blocks the other.

use std::cell::Cell;

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::Conversation;
use parley_shared::protocol::{Refusal, ServerEvent};
use serde_json::json;

use super::{Someone, make_friends, two};
use crate::browser::Browser;
use crate::client::mint;
use crate::scene::TestApp;

/// Opens the conversation with someone.
async fn open(one: &mut Someone, other: &str) -> ConversationId {
    let path = format!("/direct/{other}");
    let opened = one.browser.put(&path, json!({})).await.ok();
    opened["id"].as_str().unwrap().parse().unwrap()
}

/// Says something, and why not if it was refused.
async fn say(someone: &mut Someone, conversation: ConversationId) -> Option<Refusal> {
    let id = mint();
    let body = json!({"type": "text", "text": "hello"});
    let send = json!({"type": "send", "id": id, "conversation": conversation, "body": body});
    someone.wire.say(&send.to_string()).await;
    someone
        .wire
        .expect("what became of it", |event| match event {
            ServerEvent::Accepted { id: accepted, .. } if *accepted == id => Some(None),
            ServerEvent::Refused {
                id: Some(refused),
                reason,
                ..
            } if *refused == id => Some(Some(reason.clone())),
            _ => None,
        })
        .await
}

/// The next that is told of how a conversation stands.
async fn hears_of(someone: &mut Someone, id: ConversationId) -> Conversation {
    someone
        .wire
        .expect("a changed conversation", |event| match event {
            ServerEvent::ConversationChanged { conversation, .. } if conversation.id == id => {
                Some(conversation.clone())
            }
            _ => None,
        })
        .await
}

async fn looks_up(someone: &mut Someone, id: ConversationId) -> Conversation {
    let ask = json!({"type": "conversation", "conversation": id});
    someone.wire.say(&ask.to_string()).await;
    hears_of(someone, id).await
}

/// Looks at someone, and says whether they are there as far as one may know.
async fn watches(someone: &mut Someone, other: &str) -> bool {
    let watch = json!({"type": "watch", "people": [other]});
    someone.wire.say(&watch.to_string()).await;
    let other: UserId = other.parse().unwrap();
    // Of whom one may not know it nothing is said.
    someone
        .wire
        .expect(
            "who is there of whom one may know it",
            |event| match event {
                ServerEvent::OnlineChanged { online, .. } => Some(online.contains(&other)),
                _ => None,
            },
        )
        .await
}

/// Waits until someone is no longer there, as far as one may know.
async fn loses_sight_of(someone: &mut Someone, other: &str) {
    let other: UserId = other.parse().unwrap();
    someone
        .wire
        .expect("that someone is not there", |event| match event {
            ServerEvent::OnlineChanged { offline, .. } => offline.contains(&other).then_some(()),
            _ => None,
        })
        .await;
}

async fn set_contact(app: &TestApp, contact: &str) {
    let mut owner = Browser::at(app);
    owner.sign_in("owner").await.ok();
    let policy = json!({"registration": "open", "guests": true, "contact": contact});
    owner.put("/server/policy", policy).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_longer_a_friend_reads_what_was_said_and_writes_no_more() {
    let (_app, mut ming, mut hua) = two().await;
    let path = format!("/direct/{}", hua.id);
    let refused = ming.browser.put(&path, json!({})).await;
    refused.refused(403, "not_friends");
    make_friends(&mut ming, &mut hua).await;
    let talk = open(&mut ming, &hua.id).await;
    assert_eq!(say(&mut ming, talk).await, None);
    assert!(!hears_of(&mut hua, talk).await.closed);

    hua.browser
        .delete(&format!("/friends/{}", ming.id))
        .await
        .ok();
    for (someone, other) in [(&mut ming, hua.id.clone()), (&mut hua, String::new())] {
        let mut heard = hears_of(someone, talk).await;
        while !heard.closed {
            heard = hears_of(someone, talk).await;
        }
        assert_eq!(heard.last.0, 1, "{other}");
        assert_eq!(
            say(someone, talk).await,
            Some(Refusal::NotFriends { person: None })
        );
        let ask = json!({"type": "history", "conversation": talk});
        someone.wire.say(&ask.to_string()).await;
        let said = someone.wire.expect("the history", |event| match event {
            ServerEvent::History { messages, .. } => Some(messages.len()),
            _ => None,
        });
        assert_eq!(said.await, 1);
    }
    make_friends(&mut ming, &mut hua).await;
    for someone in [&mut ming, &mut hua] {
        assert!(!hears_of(someone, talk).await.closed);
        assert_eq!(say(someone, talk).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_closes_the_talk_for_both_and_looks_like_an_ended_friendship() {
    let (app, mut ming, mut hua) = two().await;
    set_contact(&app, "team").await;
    let talk = open(&mut ming, &hua.id).await;
    assert_eq!(say(&mut ming, talk).await, None);
    assert!(!hears_of(&mut hua, talk).await.closed);
    ming.block(&hua.id).await;
    for someone in [&mut hua, &mut ming] {
        let mut heard = hears_of(someone, talk).await;
        while !heard.closed {
            heard = hears_of(someone, talk).await;
        }
        assert_eq!(
            say(someone, talk).await,
            Some(Refusal::NotFriends { person: None })
        );
    }
    ming.browser
        .delete(&format!("/blocks/{}", hua.id))
        .await
        .ok();
    assert!(!hears_of(&mut hua, talk).await.closed);
    assert_eq!(say(&mut hua, talk).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_policy_holds_at_once_for_talks_that_are_open() {
    let (app, mut ming, mut hua) = two().await;
    set_contact(&app, "team").await;
    let talk = open(&mut ming, &hua.id).await;
    assert_eq!(say(&mut ming, talk).await, None);
    assert!(watches(&mut hua, &ming.id).await);
    set_contact(&app, "friends").await;
    assert_eq!(
        say(&mut ming, talk).await,
        Some(Refusal::NotFriends { person: None })
    );
    loses_sight_of(&mut hua, &ming.id).await;
    assert_eq!(
        say(&mut hua, talk).await,
        Some(Refusal::NotFriends { person: None })
    );
    assert!(looks_up(&mut hua, talk).await.closed);
    set_contact(&app, "team").await;
    assert_eq!(say(&mut hua, talk).await, None);
    assert!(!looks_up(&mut hua, talk).await.closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_someone_is_there_is_for_friends_and_ends_with_it() {
    let (_app, mut ming, mut hua) = two().await;
    assert!(!watches(&mut hua, &ming.id).await, "a stranger");
    make_friends(&mut ming, &mut hua).await;
    assert!(watches(&mut hua, &ming.id).await);
    ming.browser
        .delete(&format!("/friends/{}", hua.id))
        .await
        .ok();
    loses_sight_of(&mut hua, &ming.id).await;
    make_friends(&mut ming, &mut hua).await;
    assert!(watches(&mut hua, &ming.id).await);
    ming.block(&hua.id).await;
    loses_sight_of(&mut hua, &ming.id).await;
    // Nor in the Lobby, where both of them are.
    let again = hua.browser.connect().await.unwrap();
    let ServerEvent::Welcome { presence, .. } = &again.welcome else {
        panic!("a connection begins with a welcome");
    };
    let people = presence.people.as_ref().unwrap();
    assert!(people.iter().all(|person| person.id.to_string() != ming.id));
    assert!(people.iter().any(|person| person.id.to_string() == hua.id));
}

/// Waits until a conversation is told to be closed, or open.
async fn hears_closed(someone: &mut Someone, talk: ConversationId, closed: bool) -> Conversation {
    loop {
        let heard = hears_of(someone, talk).await;
        if heard.closed == closed {
            return heard;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_with_an_account_that_cannot_be_used_is_closed_until_it_can_also_among_strangers() {
    let (app, mut ming, mut hua) = two().await;
    let mut owner = Browser::at(&app);
    owner.sign_in("owner").await.ok();
    set_contact(&app, "team").await;
    let talk = open(&mut ming, &hua.id).await;
    assert_eq!(say(&mut ming, talk).await, None);
    hears_closed(&mut hua, talk, false).await;
    assert!(watches(&mut hua, &ming.id).await);
    let path = format!("/people/{}/active", ming.id);
    owner.put(&path, json!({"active": false})).await.ok();
    let (gone, closed) = (Cell::new(false), Cell::new(false));
    let other: UserId = ming.id.parse().unwrap();
    hua.wire
        .expect("that nobody is there, and the talk is closed", |event| {
            match event {
                ServerEvent::OnlineChanged { offline, .. } => gone.set(offline.contains(&other)),
                ServerEvent::ConversationChanged { conversation, .. } => {
                    closed.set(conversation.id == talk && conversation.closed);
                }
                _ => {}
            }
            (gone.get() && closed.get()).then_some(())
        })
        .await;
    assert_eq!(
        say(&mut hua, talk).await,
        Some(Refusal::NotFriends { person: None })
    );
    // Once more changes nothing, and nobody hears of it.
    owner.put(&path, json!({"active": false})).await.ok();
    owner.put(&path, json!({"active": true})).await.ok();
    let heard = hears_of(&mut hua, talk).await;
    assert!(!heard.closed);
    assert_eq!(say(&mut hua, talk).await, None);
    ming.browser.sign_in("ming").await.ok();
    let confirm = json!({"password": crate::browser::PASSWORD});
    ming.browser.ask("DELETE", "/me", Some(confirm)).await.ok();
    let heard = hears_closed(&mut hua, talk, true).await;
    assert!(heard.with.unwrap().deleted);
    assert_eq!(
        say(&mut hua, talk).await,
        Some(Refusal::NotFriends { person: None })
    );
}
