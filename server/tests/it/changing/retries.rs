//! Changes that are said again: after a restart, after other changes, with other content, by others.

use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};

use super::{ask, delete, edit, read, say, words};
use crate::client::mint;
use crate::talkers::{Talker, send, team};

/// The same command with other words.
fn saying(command: &ClientCommand, text: &str) -> ClientCommand {
    let mut other = command.clone();
    if let ClientCommand::Edit { body, .. } | ClientCommand::Send { body, .. } = &mut other {
        *body = words(text);
    }
    other
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_said_again_is_answered_the_same_for_ever_and_made_once() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let lobby = anna.line.lobby;
    let id = say(&mut anna.line, lobby, "one").await;
    let first = edit(lobby, id, "two");
    let second = edit(lobby, id, "three");
    let last = delete(lobby, id);
    let mut made: Vec<(ClientCommand, _)> = Vec::new();
    for command in [first, second, last] {
        let answer = ask(&mut anna.line, &command).await;
        assert!(answer.is_ok(), "{answer:?}");
        made.push((command, answer));
        // At once, and in another life of the server and of the connection.
        for restarts in [false, true] {
            if restarts {
                app.restart().await;
                anna.browser.address = app.address;
                anna.reconnect().await;
            }
            for (command, answer) in &made {
                assert_eq!(ask(&mut anna.line, command).await, *answer, "{command:?}");
            }
        }
        let newest = read(&mut anna.line, lobby).await[0].changed;
        assert_eq!(newest.0, made.len() as u64 + 1, "each was made once");
        let is_told = |event: &ServerEvent| matches!(event, ServerEvent::MessageChanged { .. });
        anna.line.expect_nothing(is_told).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_with_other_content_is_refused_whoever_says_it_and_wherever() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let lobby = anna.line.lobby;
    let talk = anna.direct(bert.id).await;
    let id = say(&mut anna.line, lobby, "one").await;
    let other = say(&mut anna.line, lobby, "other").await;
    let berts = say(&mut bert.line, lobby, "bert's").await;
    let there = say(&mut anna.line, talk, "there").await;
    let edited = edit(lobby, id, "two");
    let deleted = delete(lobby, other);
    for command in [&edited, &deleted] {
        ask(&mut anna.line, command).await.unwrap();
        let (ClientCommand::Edit { id: taken, .. } | ClientCommand::Delete { id: taken, .. }) =
            command
        else {
            panic!("it is a change");
        };
        let with = |conversation, message, body: Option<ChatMessage>| match body {
            Some(body) => ClientCommand::Edit {
                id: *taken,
                conversation,
                message,
                body,
            },
            None => ClientCommand::Delete {
                id: *taken,
                conversation,
                message,
            },
        };
        for wrong in [
            with(lobby, id, Some(words("other words"))),
            with(lobby, there, Some(words("two"))),
            with(talk, there, Some(words("two"))),
            with(lobby, id, None),
            with(talk, there, None),
        ] {
            let answer = ask(&mut anna.line, &wrong).await;
            assert_eq!(answer, Err(Refusal::IdTaken), "{wrong:?}");
        }
        for wrong in [
            with(lobby, berts, Some(words("two"))),
            with(lobby, berts, None),
        ] {
            let answer = ask(&mut bert.line, &wrong).await;
            assert_eq!(answer, Err(Refusal::IdTaken), "{wrong:?}");
        }
        assert!(ask(&mut anna.line, command).await.is_ok());
    }
    let history = read(&mut anna.line, lobby).await;
    assert_eq!(history[0].body, words("two"));
    assert_eq!(history[2].body, words("bert's"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_sent_again_after_it_was_changed_is_the_same_message() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let lobby = anna.line.lobby;
    let id = mint();
    let sent = send(id, lobby, "one");
    let answer = ask(&mut anna.line, &sent).await;
    ask(&mut anna.line, &edit(lobby, id, "two")).await.unwrap();
    assert_eq!(ask(&mut anna.line, &sent).await, answer);
    // What it says by now was never sent under this id.
    let other = ask(&mut anna.line, &saying(&sent, "two")).await;
    assert_eq!(other, Err(Refusal::IdTaken));
    assert_eq!(read(&mut anna.line, lobby).await[0].body, words("two"));
    ask(&mut anna.line, &delete(lobby, id)).await.unwrap();
    assert_eq!(ask(&mut anna.line, &sent).await, answer);
    let gone = &read(&mut anna.line, lobby).await[0];
    assert!(
        matches!(gone.body, ChatMessage::Deleted { .. }),
        "it does not come back: {gone:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_others_from_changing_what_they_said_by_taking_its_id() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let lobby = anna.line.lobby;
    let id = say(&mut anna.line, lobby, "one").await;
    let berts = say(&mut bert.line, lobby, "bert's").await;
    // Everyone has read the id by now.
    let taking = ClientCommand::Edit {
        id,
        conversation: lobby,
        message: berts,
        body: words("mine"),
    };
    ask(&mut bert.line, &taking).await.unwrap();
    for command in [edit(lobby, id, "two"), delete(lobby, id)] {
        let answer = ask(&mut anna.line, &command).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
    // And a change's id is no hindrance to a message.
    let change = mint();
    let edited = ClientCommand::Edit {
        id: change,
        conversation: lobby,
        message: berts,
        body: words("again"),
    };
    ask(&mut bert.line, &edited).await.unwrap();
    assert!(
        ask(&mut anna.line, &send(change, lobby, "new"))
            .await
            .is_ok()
    );
    let answer = ask(&mut anna.line, &edit(lobby, change, "newer")).await;
    assert!(answer.is_ok(), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_what_is_deleted_is_answered_with_the_deletion_that_there_was() {
    let (app, owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let lobby = anna.line.lobby;
    let mut boss = owner.connect().await.unwrap();
    let id = say(&mut anna.line, lobby, "one").await;
    let answer = ask(&mut anna.line, &delete(lobby, id)).await;
    assert!(answer.is_ok());
    assert_eq!(ask(&mut anna.line, &delete(lobby, id)).await, answer);
    assert_eq!(ask(&mut boss, &delete(lobby, id)).await, answer);
    let refused = ask(&mut bert.line, &delete(lobby, id)).await;
    assert!(matches!(refused, Err(Refusal::RoleTooSmall { .. })));
    let gone = &read(&mut anna.line, lobby).await[0];
    assert_eq!(Some(gone.changed), answer.ok().map(|(seq, _)| seq));
}
