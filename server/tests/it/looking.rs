//! Who is there and who types, of what someone looks at: one conversation, some people, and nobody who
//! blocked them.

use std::time::{Duration, Instant};

use parley_shared::ids::{ConversationId, UserId};
use parley_shared::limits::{PEOPLE_WATCHED_MAX, PRESENCE_GRACE_MS};
use parley_shared::model::Presence;
use parley_shared::protocol::{ClientCommand, Refusal, ServerEvent};

use crate::raw::Raw;
use crate::talkers::{Talker, change_data, relate, set_contact, team};

fn types_in(conversation: ConversationId, person: UserId) -> impl Fn(&ServerEvent) -> Option<()> {
    move |event| match event {
        ServerEvent::TypingChanged {
            conversation: about,
            people,
        } => {
            let types = people.iter().any(|typing| typing.id == person);
            (*about == conversation && types).then_some(())
        }
        _ => None,
    }
}

fn presence_in(conversation: ConversationId) -> impl Fn(&ServerEvent) -> Option<Presence> {
    move |event| match event {
        ServerEvent::PresenceChanged {
            conversation: about,
            presence,
        } => (*about == conversation).then(|| presence.clone()),
        _ => None,
    }
}

fn lists(presence: &Presence, person: UserId) -> bool {
    let mut listed = presence.people.iter().flatten();
    listed.any(|listed| listed.id == person)
}

async fn open(line: &mut Raw, conversation: ConversationId) -> Presence {
    line.say_command(&ClientCommand::Open { conversation })
        .await;
    line.expect("who is there", presence_in(conversation)).await
}

/// Who is told to be there and who not, the next time it is told.
async fn expect_online(line: &mut Raw) -> (Vec<UserId>, Vec<UserId>) {
    line.expect("who is there", |event| match event {
        ServerEvent::OnlineChanged { online, offline } => {
            let (mut online, mut offline) = (online.clone(), offline.clone());
            online.sort_unstable();
            offline.sort_unstable();
            Some((online, offline))
        }
        _ => None,
    })
    .await
}

async fn watch(line: &mut Raw, people: &[UserId]) -> (Vec<UserId>, Vec<UserId>) {
    let people = people.to_vec();
    line.say_command(&ClientCommand::Watch { people }).await;
    expect_online(line).await
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_and_typing_are_told_of_the_open_conversation_and_of_no_other() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let talk = anna.direct(bert.id).await;
    anna.write(talk, "hello").await;
    bert.line.expect_message(talk).await;
    let lobby = anna.line.lobby;

    let there = open(&mut anna.line, talk).await;
    assert_eq!(there.online, 2, "whoever belongs there and is connected");
    assert!(lists(&there, anna.id) && lists(&there, bert.id));
    let typing = |conversation| ClientCommand::Typing { conversation };
    bert.line.say_command(&typing(talk)).await;
    anna.line
        .expect("Bert to type", types_in(talk, bert.id))
        .await;
    bert.line.say_command(&typing(lobby)).await;
    carl.line
        .expect("Bert to type", types_in(lobby, bert.id))
        .await;
    let of_lobby = |event: &ServerEvent| {
        types_in(lobby, bert.id)(event).is_some() || presence_in(lobby)(event).is_some()
    };
    anna.line.expect_nothing(of_lobby).await;
    // Bert has the Lobby before him, and hears nothing of who is in the talk.
    bert.line
        .expect_nothing(|event| presence_in(talk)(event).is_some())
        .await;
    // What he wrote ends his typing there: when he types again, that is a change.
    bert.write(talk, "hello back").await;

    let there = open(&mut anna.line, lobby).await;
    assert!(lists(&there, carl.id));
    anna.line.say_command(&typing(talk)).await;
    open(&mut bert.line, talk).await;
    bert.line
        .expect("Anna to type", types_in(talk, anna.id))
        .await;
    bert.line.say_command(&typing(talk)).await;
    bert.line
        .expect("to be seen typing", types_in(talk, bert.id))
        .await;
    anna.line
        .expect_nothing(|event| types_in(talk, bert.id)(event).is_some())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_at_whom_someone_looks_are_told_to_come_and_go() {
    let (app, mut owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let bert = Talker::new(&app, "bert").await;
    let carl = Talker::new(&app, "carl").await;
    let (bert_id, carl_id) = (bert.id, carl.id);
    drop(carl.line);
    let nobody = UserId::from_bytes([7; 16]);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told = watch(&mut anna.line, &[bert_id, carl_id, nobody, bert_id]).await;
    assert_eq!(
        told,
        (vec![bert_id], vec![carl_id]),
        "and of who is nobody nothing"
    );

    let back = carl.browser.connect().await.unwrap();
    assert_eq!(expect_online(&mut anna.line).await, (vec![carl_id], vec![]));
    let left = Instant::now();
    drop(back);
    assert_eq!(expect_online(&mut anna.line).await, (vec![], vec![carl_id]));
    let grace = Duration::from_millis(PRESENCE_GRACE_MS);
    assert!(
        left.elapsed() > grace - Duration::from_millis(100),
        "a reload is not told"
    );

    // What they may know of each other becomes another: it is told without a question.
    set_contact(&mut owner, "friends").await;
    let mut gone = vec![bert_id, carl_id];
    gone.sort_unstable();
    assert_eq!(expect_online(&mut anna.line).await, (vec![], gone));
    let unseen = bert.browser.connect().await.unwrap();
    let told = watch(&mut anna.line, &[bert_id, anna.id]).await;
    assert_eq!(told, (vec![anna.id], vec![]), "friends alone, and oneself");
    drop(unseen);
    relate(&app, anna.id, bert_id, "friend", false);
    relate(&app, bert_id, anna.id, "friend", false);
    let told = watch(&mut anna.line, &[bert_id]).await;
    assert_eq!(told, (vec![bert_id], vec![]));
    set_contact(&mut owner, "team").await;
    assert_eq!(expect_online(&mut anna.line).await, (vec![bert_id], vec![]));

    let many = vec![bert_id; PEOPLE_WATCHED_MAX + 1];
    let refused = anna
        .line
        .refused(&ClientCommand::Watch { people: many })
        .await;
    let limit = PEOPLE_WATCHED_MAX as u64;
    assert_eq!(refused, Refusal::TooManyPeople { limit });
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_does_not_see_who_blocked_them() {
    let (mut app, _) = team().await;
    let anna = Talker::new(&app, "anna").await;
    let bert = Talker::new(&app, "bert").await;
    let carl = Talker::new(&app, "carl").await;
    // Anna blocked Carl; Bert sees both.
    relate(&app, anna.id, carl.id, "none", true);
    app.restart().await;
    let address = app.address;
    let [mut anna, mut bert, mut carl] = [anna, bert, carl];
    for person in [&mut anna, &mut bert, &mut carl] {
        person.browser.address = address;
    }
    bert.reconnect().await;
    anna.reconnect().await;
    carl.reconnect().await;
    let lobby = carl.line.lobby;
    let ServerEvent::Welcome { presence, .. } = carl.line.welcome.clone() else {
        panic!("no welcome");
    };
    assert!(lists(&presence, bert.id) && !lists(&presence, anna.id));
    assert_eq!(presence.online, 2);
    let there = open(&mut anna.line, lobby).await;
    assert!(lists(&there, carl.id), "who blocked sees on");
    assert!(lists(&open(&mut bert.line, lobby).await, anna.id));
    let told = watch(&mut carl.line, &[anna.id, bert.id]).await;
    assert_eq!(told, (vec![bert.id], vec![]));
    carl.ask_direct(anna.id).await.refused(403, "not_friends");

    let typing = ClientCommand::Typing {
        conversation: lobby,
    };
    anna.line.say_command(&typing).await;
    bert.line
        .expect("Anna to type", types_in(lobby, anna.id))
        .await;
    // When Bert hears that Anna has gone, everyone has been told who sees her.
    drop(anna.line);
    bert.line
        .expect("Anna to be gone", |event| {
            let presence = presence_in(lobby)(event)?;
            (!lists(&presence, anna.id)).then_some(())
        })
        .await;
    carl.line
        .expect_nothing(|event| {
            let presence = presence_in(lobby)(event);
            let sees =
                presence.is_some_and(|presence| lists(&presence, anna.id) || presence.online != 2);
            sees || types_in(lobby, anna.id)(event).is_some()
                || matches!(event, ServerEvent::OnlineChanged { .. })
        })
        .await;
}

async fn put(talker: &mut Talker, path: &str) {
    talker.browser.put(path, serde_json::json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_loses_sight_at_once_and_sees_again_when_it_is_taken_back() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut carl = Talker::new(&app, "carl").await;
    let lobby = carl.line.lobby;
    assert!(lists(&open(&mut carl.line, lobby).await, anna.id));
    let told = watch(&mut carl.line, &[anna.id]).await;
    assert_eq!(told, (vec![anna.id], vec![]));
    // One connection looks, another has the Lobby before it: what is told to one of them comes in order.
    let mut looking = carl.device().await;
    assert_eq!(watch(&mut looking, &[anna.id]).await.0, [anna.id]);
    let block = format!("/blocks/{}", carl.id);
    put(&mut anna, &block).await;
    assert_eq!(expect_online(&mut looking).await, (vec![], vec![anna.id]));
    let hides = |event: &ServerEvent| {
        let presence = presence_in(lobby)(event)?;
        (!lists(&presence, anna.id)).then_some(presence.online)
    };
    assert_eq!(
        carl.line.expect("Anna to be hidden", hides).await,
        1,
        "Carl alone"
    );
    // Anna goes on seeing Carl.
    assert!(lists(&open(&mut anna.line, lobby).await, carl.id));
    anna.browser.delete(&block).await.ok();
    assert_eq!(expect_online(&mut looking).await, (vec![anna.id], vec![]));
    carl.line
        .expect("Anna to be seen again", |event| {
            lists(&presence_in(lobby)(event)?, anna.id).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_lose_sight_of_each_other_when_they_part_and_strangers_when_a_team_ends() {
    let (app, mut owner) = team().await;
    set_contact(&mut owner, "friends").await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let friend = format!("/friends/{}", anna.id);
    put(&mut bert, &friend).await;
    assert_eq!(watch(&mut bert.line, &[anna.id]).await, (vec![], vec![]));
    let accept = format!("/friends/{}", bert.id);
    put(&mut anna, &accept).await;
    assert_eq!(expect_online(&mut bert.line).await, (vec![anna.id], vec![]));
    anna.browser.delete(&accept).await.ok();
    assert_eq!(expect_online(&mut bert.line).await, (vec![], vec![anna.id]));
    set_contact(&mut owner, "team").await;
    assert_eq!(expect_online(&mut bert.line).await, (vec![anna.id], vec![]));
    set_contact(&mut owner, "friends").await;
    assert_eq!(expect_online(&mut bert.line).await, (vec![], vec![anna.id]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_whom_one_may_not_know_it_any_more_is_told_once_also_when_one_asks_anew() {
    let (app, mut owner) = team().await;
    set_contact(&mut owner, "friends").await;
    let mut anna = Talker::new(&app, "anna").await;
    let bert = Talker::new(&app, "bert").await;
    let carl = Talker::new(&app, "carl").await;
    for friend in [bert.id, carl.id] {
        relate(&app, anna.id, friend, "friend", false);
        relate(&app, friend, anna.id, "friend", false);
    }
    let mut both = vec![bert.id, carl.id];
    both.sort_unstable();
    let told = watch(&mut anna.line, &both).await;
    assert_eq!(told, (both.clone(), vec![]));
    // Without a word to the server, which so learns of it only when it is asked anew.
    let end = "DELETE FROM relations WHERE person_id = ?1";
    for friend in [bert.id, carl.id] {
        change_data(&app, end, &[friend.as_bytes()]);
    }
    let told = watch(&mut anna.line, &[bert.id]).await;
    assert_eq!(told, (vec![], vec![bert.id]), "and not who is not watched");
    let told = watch(&mut anna.line, &both).await;
    assert_eq!(told, (vec![], vec![]), "once");
}
