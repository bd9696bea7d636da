//! Who deletes what others wrote: those who keep order, cell by cell.

use parley_shared::ids::{ConversationId, MessageId, UserId};
use parley_shared::model::Role;
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use serde_json::json;

use super::{Answer, ask, delete, group_of, hears, say};
use crate::raw::Raw;
use crate::talkers::{Talker, team};

/// Whether something was done, or the role that it needs.
fn needs(answer: &Answer) -> Result<(), Role> {
    match answer {
        Ok(_) => Ok(()),
        Err(Refusal::RoleTooSmall { needed }) => Err(*needed),
        Err(other) => panic!("{other:?}"),
    }
}

const DONE: Result<(), Role> = Ok(());
const ADMINISTRATOR: Result<(), Role> = Err(Role::Administrator);
const OWNER: Result<(), Role> = Err(Role::Owner);

/// Each of these deletes a message of each of the others, as the table says: the cells stand in the order of the people.
async fn check<const N: usize>(
    place: ConversationId,
    people: &mut [(&str, Raw); N],
    table: [[Result<(), Role>; N]; N],
) {
    for (asker, cells) in table.iter().enumerate() {
        for (author, expected) in cells.iter().enumerate() {
            let id = say(&mut people[author].1, place, "said").await;
            let answer = ask(&mut people[asker].1, &delete(place, id)).await;
            let (asker, author) = (people[asker].0, people[author].0);
            assert_eq!(needs(&answer), *expected, "{asker} what {author} wrote");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_its_administrators_and_owner_delete_what_those_of_a_smaller_role_wrote() {
    let (app, owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut others = Vec::new();
    for name in ["bert", "bill", "carl", "cora", "gone"] {
        others.push(Talker::new(&app, name).await);
    }
    let group = group_of(&mut anna, &others.iter().collect::<Vec<_>>()).await;
    for administrator in &others[..2] {
        let path = format!("/groups/{group}/members/{}/role", administrator.id);
        let ask = json!({"role": "administrator"});
        anna.browser.put(&path, ask).await.ok();
    }
    let mut gone = others.pop().unwrap();
    let [bert, bill, carl, cora] = <[Talker; 4]>::try_from(others).ok().unwrap();
    let mut written = Vec::new();
    for _ in 0..6 {
        written.push(say(&mut gone.line, group, "said").await);
    }
    let path = format!("/groups/{group}/members/{}", gone.id);
    gone.browser.delete(&path).await.ok();
    let mut people = [
        ("the owner", anna.device().await),
        ("an administrator", bert.device().await),
        ("another administrator", bill.device().await),
        ("a member", carl.device().await),
        ("another member", cora.device().await),
    ];
    #[rustfmt::skip]
    check(group, &mut people, [
        // owner  an administrator, another  a member,      another
        [DONE,  DONE,          DONE,          DONE,          DONE],
        [OWNER, DONE,          OWNER,         DONE,          DONE],
        [OWNER, OWNER,         DONE,          DONE,          DONE],
        [ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, DONE,          ADMINISTRATOR],
        [ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, DONE],
    ]).await;
    // Of those who are in it no longer, whoever keeps order.
    for (line, expected) in people.iter_mut().zip([DONE, DONE, DONE, ADMINISTRATOR]) {
        let id = written.pop().unwrap();
        let answer = ask(&mut line.1, &delete(group, id)).await;
        assert_eq!(needs(&answer), expected, "{}", line.0);
    }
    // The server's owner is nobody there.
    let mut boss = owner.connect().await.unwrap();
    let answer = ask(&mut boss, &delete(group, written[0])).await;
    assert_eq!(answer, Err(Refusal::UnknownConversation));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_lobby_the_servers_administrators_and_owner_do() {
    let (app, mut owner) = team().await;
    let mut administrators = Vec::new();
    for name in ["bert", "bill"] {
        let talker = Talker::new(&app, name).await;
        let path = format!("/people/{}/role", talker.id);
        owner
            .put(&path, json!({"role": "administrator"}))
            .await
            .ok();
        administrators.push(talker);
    }
    let carl = Talker::new(&app, "carl").await;
    let mut people = [
        ("the owner", owner.connect().await.unwrap()),
        ("an administrator", administrators[0].device().await),
        ("another administrator", administrators[1].device().await),
        ("a member", carl.device().await),
        ("a guest", app.raw().await),
    ];
    let lobby = people[0].1.lobby;
    #[rustfmt::skip]
    check(lobby, &mut people, [
        // owner  an administrator, another  a member,      a guest
        [DONE,  DONE,          DONE,          DONE,          DONE],
        [OWNER, DONE,          OWNER,         DONE,          DONE],
        [OWNER, OWNER,         DONE,          DONE,          DONE],
        [ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, DONE,          ADMINISTRATOR],
        [ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, DONE],
    ]).await;
    // A role that is taken back is no role any more, on the connection that was there before as well.
    let id = say(&mut people[4].1, lobby, "said").await;
    let path = format!("/people/{}/role", administrators[0].id);
    owner.put(&path, json!({"role": "member"})).await.ok();
    let answer = ask(&mut people[1].1, &delete(lobby, id)).await;
    assert_eq!(needs(&answer), ADMINISTRATOR);
}

/// That everyone hears who deleted it.
async fn hears_deleted(line: &mut Raw, id: MessageId, answer: Answer, who: UserId) {
    let (seq, at_ms) = answer.unwrap();
    let told = hears(line, id, seq).await;
    assert_eq!(told.body, ChatMessage::Deleted { by: who, at_ms });
    assert_eq!((told.edited_ms, told.salt), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_talk_of_two_and_in_notes_only_the_author_deletes() {
    let (app, owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut boss = owner.connect().await.unwrap();
    let (annas, berts) = (anna.id, bert.id);
    let talk = anna.direct(berts).await;
    let notes = anna.direct(annas).await;
    let id = say(&mut anna.line, talk, "mine").await;
    assert_eq!(
        ask(&mut bert.line, &delete(talk, id)).await,
        Err(Refusal::NotYours)
    );
    let answer = ask(&mut boss, &delete(talk, id)).await;
    assert_eq!(answer, Err(Refusal::UnknownConversation));
    let answer = ask(&mut anna.line, &delete(talk, id)).await;
    hears_deleted(&mut bert.line, id, answer, annas).await;

    let note = say(&mut anna.line, notes, "buy milk").await;
    for line in [&mut bert.line, &mut boss] {
        let answer = ask(line, &delete(notes, note)).await;
        assert_eq!(answer, Err(Refusal::UnknownConversation));
    }
    let mut phone = anna.device().await;
    let answer = ask(&mut anna.line, &delete(notes, note)).await;
    hears_deleted(&mut phone, note, answer, annas).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_by_another_says_who_it_was_and_the_message_stays_its_authors() {
    let (app, owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut boss = owner.connect().await.unwrap();
    let lobby = anna.line.lobby;
    let id = say(&mut anna.line, lobby, "spam").await;
    let (seq, at_ms) = ask(&mut boss, &delete(lobby, id)).await.unwrap();
    let told = hears(&mut anna.line, id, seq).await;
    let ChatMessage::Deleted { by, at_ms: told_ms } = told.body else {
        panic!("{told:?}");
    };
    assert_eq!((told.author, told_ms), (anna.id, at_ms));
    assert_ne!(by, anna.id);
    // Whoever reads it later is told their name as well.
    let ask = ClientCommand::History {
        conversation: lobby,
        before: None,
    };
    anna.line.say_command(&ask).await;
    let people = anna.line.expect("the history", |event| match event {
        ServerEvent::History { people, .. } => Some(people.clone()),
        _ => None,
    });
    assert!(people.await.iter().any(|person| person.id == by));
}
