//! Changing and deleting what was said, as people do it and as they must not be able to.

use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::limits::{EDITS_MAX, TEXT_BYTES_MAX};
use parley_shared::model::Message;
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use serde_json::json;

use crate::client::{mint, text_of};
use crate::raw::Raw;
use crate::scene::TestApp;
use crate::talkers::{Talker, send, team};

mod erased;
mod listed;
mod order;
mod property;
mod retries;
mod versions;

/// What became of a command: the number and the time of what it did, or why it did nothing.
type Answer = Result<(Seq, u64), Refusal>;

/// Says a command that has an id, and waits for what became of it.
async fn ask(line: &mut Raw, command: &ClientCommand) -> Answer {
    let (ClientCommand::Send { id, .. }
    | ClientCommand::Edit { id, .. }
    | ClientCommand::Delete { id, .. }) = command
    else {
        panic!("{command:?} has no id");
    };
    line.say_command(command).await;
    line.expect("what became of it", |event| match event {
        ServerEvent::Accepted {
            id: told,
            seq,
            sent_ms,
            ..
        } if told == id => Some(Ok((*seq, *sent_ms))),
        ServerEvent::Refused {
            id: Some(told),
            reason,
            ..
        } if told == id => Some(Err(reason.clone())),
        _ => None,
    })
    .await
}

fn words(text: &str) -> ChatMessage {
    ChatMessage::Text {
        text: text.to_owned(),
    }
}

/// The command to change the words of a message.
fn edit(conversation: ConversationId, message: MessageId, text: &str) -> ClientCommand {
    ClientCommand::Edit {
        id: mint(),
        conversation,
        message,
        body: words(text),
    }
}

/// The command to delete a message.
fn delete(conversation: ConversationId, message: MessageId) -> ClientCommand {
    ClientCommand::Delete {
        id: mint(),
        conversation,
        message,
    }
}

/// Writes a message, and says which it is.
async fn say(line: &mut Raw, conversation: ConversationId, text: &str) -> MessageId {
    let id = mint();
    let answer = ask(line, &send(id, conversation, text)).await;
    answer.expect("it may be said");
    id
}

/// The newest page of a conversation.
async fn read(line: &mut Raw, conversation: ConversationId) -> Vec<Message> {
    let before = None;
    line.say_command(&ClientCommand::History {
        conversation,
        before,
    })
    .await;
    line.expect("the history", |event| match event {
        ServerEvent::History { messages, .. } => Some(messages.clone()),
        _ => None,
    })
    .await
}

/// The message as it is told when it is another.
async fn hears(line: &mut Raw, id: MessageId, changed: Seq) -> Message {
    line.expect("the changed message", |event| match event {
        ServerEvent::MessageChanged { message, .. } => {
            (message.id == id && message.changed == changed).then(|| message.clone())
        }
        _ => None,
    })
    .await
}

/// A group that someone owns, with others in it.
async fn group_of(owner: &mut Talker, others: &[&Talker]) -> ConversationId {
    let people: Vec<String> = others.iter().map(|other| other.id.to_string()).collect();
    let ask = json!({"name": "Garden", "public": false, "people": people});
    let made = owner.browser.post("/groups", ask).await.ok();
    crate::talkers::id_in(&made)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_changes_their_words_and_everyone_hears_the_message_as_it_stands() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    for place in [anna.line.lobby, talk] {
        let id = say(&mut anna.line, place, "helo").await;
        let after = say(&mut anna.line, place, "and on").await;
        let before = read(&mut bert.line, place).await;
        let said = before[before.len() - 2].clone();
        assert_eq!((said.id, said.edited_ms), (id, None));

        let answer = ask(&mut anna.line, &edit(place, id, "hello")).await;
        let (seq, edited_ms) = answer.unwrap();
        assert_eq!(seq, before.last().unwrap().seq.next());
        let told = hears(&mut bert.line, id, seq).await;
        let expected = Message {
            changed: seq,
            edited_ms: Some(edited_ms),
            salt: told.salt,
            body: words("hello"),
            ..said.clone()
        };
        assert_eq!(told, expected);
        assert!(told.salt.is_some() && told.salt != said.salt, "a new salt");
        assert!(edited_ms >= said.sent_ms);

        let again = ask(&mut anna.line, &edit(place, id, "Hello!")).await;
        let (seq, edited_ms) = again.unwrap();
        let told = hears(&mut bert.line, id, seq).await;
        assert_eq!((told.seq, told.edited_ms), (said.seq, Some(edited_ms)));
        let history = read(&mut bert.line, place).await;
        assert_eq!(history[history.len() - 2], told, "it keeps its place");
        assert_eq!(history.last().unwrap().id, after);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_the_words_of_another_whoever_they_are() {
    let (app, owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    let group = group_of(&mut bert, &[&anna]).await;
    let lobby = anna.line.lobby;
    let mut boss = owner.connect().await.unwrap();
    let mut guest = app.raw().await;
    let guests = say(&mut guest, lobby, "passing by").await;
    for place in [talk, group, lobby] {
        let id = say(&mut anna.line, place, "mine").await;
        let answer = ask(&mut bert.line, &edit(place, id, "yours")).await;
        assert_eq!(answer, Err(Refusal::NotYours), "also by a group's owner");
    }
    let id = say(&mut anna.line, lobby, "mine").await;
    for line in [&mut boss, &mut guest] {
        let answer = ask(line, &edit(lobby, id, "yours")).await;
        assert_eq!(answer, Err(Refusal::NotYours));
    }
    assert_eq!(
        ask(&mut boss, &edit(lobby, guests, "gone")).await,
        Err(Refusal::NotYours)
    );
    assert!(
        ask(&mut guest, &edit(lobby, guests, "passed by"))
            .await
            .is_ok()
    );
    let texts = read(&mut boss, lobby).await;
    let texts: Vec<&str> = texts.iter().map(|message| text_of(&message.body)).collect();
    assert_eq!(texts, ["passed by", "mine", "mine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_words_that_are_there_can_be_changed_and_only_into_words() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let bert = Talker::new(&app, "bert").await;
    let group = group_of(&mut anna, &[&bert]).await;
    let talk = anna.direct(bert.id).await;
    let notice = read(&mut anna.line, group).await[0].id;
    let elsewhere = say(&mut anna.line, talk, "elsewhere").await;
    let gone = say(&mut anna.line, group, "gone").await;
    ask(&mut anna.line, &delete(group, gone)).await.unwrap();
    for message in [mint(), notice, elsewhere, gone] {
        let answer = ask(&mut anna.line, &edit(group, message, "changed")).await;
        assert_eq!(answer, Err(Refusal::UnknownMessage));
    }
    for message in [mint(), notice, elsewhere] {
        let answer = ask(&mut anna.line, &delete(group, message)).await;
        assert_eq!(answer, Err(Refusal::UnknownMessage));
    }

    let mine = say(&mut anna.line, group, "mine").await;
    let too_long = "x".repeat(TEXT_BYTES_MAX + 1);
    let limit_bytes = TEXT_BYTES_MAX as u64;
    for (text, refusal) in [
        (" ", Refusal::TextBlank),
        ("\r", Refusal::TextHasControl { code_point: 13 }),
        (too_long.as_str(), Refusal::TextTooLong { limit_bytes }),
    ] {
        let answer = ask(&mut anna.line, &edit(group, mine, text)).await;
        assert_eq!(answer, Err(refusal));
    }
    for body in [
        json!({"type": "deleted", "by": anna.id, "at_ms": 1}),
        json!({"type": "notice", "notice": {"type": "joined"}}),
        json!({"type": "picture"}),
    ] {
        let id = mint();
        let command =
            json!({"type": "edit", "id": id, "conversation": group, "message": mine, "body": body});
        anna.line.say(&command.to_string()).await;
        let told = anna.line.expect_refusal().await;
        assert_eq!(
            (told.command.as_deref(), told.reason),
            (Some("edit"), Refusal::UnknownContent)
        );
    }
    let history = read(&mut anna.line, group).await;
    let last = history.last().unwrap();
    assert_eq!((last.id, last.changed), (mine, last.seq), "untouched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_changed_so_often_and_not_more_often() {
    let app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut line = app.raw().await;
    let lobby = line.lobby;
    let id = say(&mut line, lobby, "0").await;
    let mut number = 0;
    while number < EDITS_MAX {
        let last = (number + 50).min(EDITS_MAX);
        for text in number + 1..last {
            let command = edit(lobby, id, &text.to_string());
            line.say_command(&command).await;
        }
        let answer = ask(&mut line, &edit(lobby, id, &last.to_string())).await;
        assert!(answer.is_ok(), "{answer:?}");
        number = last;
    }
    let limit = EDITS_MAX as u64;
    let answer = ask(&mut line, &edit(lobby, id, "once more")).await;
    assert_eq!(answer, Err(Refusal::TooMany { limit }));
    let message = read(&mut line, lobby).await[0].clone();
    assert_eq!(message.body, words(&EDITS_MAX.to_string()));
    assert_eq!(message.changed, Seq(limit + 1), "each was one change");
    // It can still be deleted.
    assert!(ask(&mut line, &delete(lobby, id)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_count_as_messages_against_the_rate() {
    let app = TestApp::start(|config| config.messages_per_second = 1).await;
    for deletes in [false, true] {
        let mut line = app.raw().await;
        let lobby = line.lobby;
        let id = say(&mut line, lobby, "one").await;
        let mut accepted = 1;
        let refusal = loop {
            let command = if deletes {
                delete(lobby, id)
            } else {
                edit(lobby, id, "another")
            };
            match ask(&mut line, &command).await {
                Ok(_) => accepted += 1,
                Err(refusal) => break refusal,
            }
        };
        let is_too_fast = matches!(
            refusal,
            Refusal::TooFast {
                limit_per_second: 1,
                ..
            }
        );
        assert!(is_too_fast, "{refusal:?}");
        // Four at once, and one for each second that this may have taken.
        assert!((4..10).contains(&accepted), "{accepted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_writes_any_more_nothing_is_changed_either() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    let group = group_of(&mut anna, &[&bert]).await;
    let mut said = Vec::new();
    for place in [talk, group] {
        let id = say(&mut anna.line, place, "before").await;
        let changed = edit(place, id, "then");
        let answer = ask(&mut anna.line, &changed).await;
        said.push((place, id, changed, answer));
    }
    let archive = json!({"archived": true});
    let path = format!("/groups/{group}");
    anna.browser.patch(&path, archive).await.ok();
    let path = format!("/blocks/{}", anna.id);
    bert.browser.put(&path, json!({})).await.ok();
    for refusal in [Refusal::NotFriends { person: None }, Refusal::Archived] {
        let (place, id, changed, answer) = said.remove(0);
        for command in [edit(place, id, "after"), delete(place, id)] {
            let answer = ask(&mut anna.line, &command).await;
            assert_eq!(answer, Err(refusal.clone()));
        }
        // What was done before is still done.
        assert_eq!(ask(&mut anna.line, &changed).await, answer);
    }
    // Whoever never was there learns nothing of what is there.
    let mut carl = Talker::new(&app, "carl").await;
    for place in [talk, group] {
        for command in [edit(place, mint(), "x"), delete(place, mint())] {
            let answer = ask(&mut carl.line, &command).await;
            assert_eq!(answer, Err(Refusal::UnknownConversation));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_a_group_changes_nothing_there_any_more() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let group = group_of(&mut anna, &[&bert]).await;
    let id = say(&mut bert.line, group, "mine").await;
    let path = format!("/groups/{group}/members/{}", bert.id);
    bert.browser.delete(&path).await.ok();
    for command in [edit(group, id, "changed"), delete(group, id)] {
        let answer = ask(&mut bert.line, &command).await;
        assert_eq!(answer, Err(Refusal::UnknownConversation));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mending_what_was_said_is_no_sign_of_having_typed() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    let id = say(&mut anna.line, talk, "helo").await;
    let open = ClientCommand::Open { conversation: talk };
    bert.line.say_command(&open).await;
    let is_open = |event: &ServerEvent| match event {
        ServerEvent::PresenceChanged { conversation, .. } => (*conversation == talk).then_some(()),
        _ => None,
    };
    bert.line.expect("who is there", is_open).await;
    let typing = ClientCommand::Typing { conversation: talk };
    anna.line.say_command(&typing).await;
    let annas = anna.id;
    let types = move |event: &ServerEvent| match event {
        ServerEvent::TypingChanged { people, .. } => {
            Some(people.iter().any(|person| person.id == annas))
        }
        _ => None,
    };
    assert!(bert.line.expect("who types", types).await);
    ask(&mut anna.line, &edit(talk, id, "hello")).await.unwrap();
    say(&mut anna.line, talk, "and on").await;
    let mut heard = Vec::new();
    while heard.len() < 2 {
        let next = bert.line.expect("what happens", |event| match event {
            ServerEvent::TypingChanged { .. } => Some("typing"),
            ServerEvent::MessageChanged { message, .. } if message.changed != message.seq => {
                Some("edited")
            }
            ServerEvent::MessageChanged { message, .. } if message.seq > Seq(1) => Some("said"),
            _ => None,
        });
        heard.push(next.await);
    }
    assert_eq!(heard, ["edited", "said"]);
    assert!(!bert.line.expect("who types", types).await);
}
