//! What the list of conversations and the counts of unread messages make of changes.

use parley_shared::ids::{ConversationId, Seq};
use parley_shared::protocol::{ChatMessage, ClientCommand, ServerEvent};

use super::{ask, delete, edit, say, words};
use crate::talkers::{Talker, team};

/// The conversations of a new connection besides the Lobby, in order.
async fn listed(talker: &Talker) -> Vec<ConversationId> {
    match talker.device().await.welcome {
        ServerEvent::Welcome { conversations, .. } => {
            conversations[1..].iter().map(|one| one.id).collect()
        }
        other => panic!("no welcome: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_not_unread_and_what_is_changed_counts_once() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    let mut said = Vec::new();
    for text in ["one", "two", "three", "four"] {
        said.push(say(&mut anna.line, talk, text).await);
    }
    bert.line.expect_conversation(talk).await;
    assert_eq!(bert.line.ask_conversation(talk).await.unread, 4);
    ask(&mut anna.line, &edit(talk, said[0], "One"))
        .await
        .unwrap();
    assert_eq!(bert.line.ask_conversation(talk).await.unread, 4);
    ask(&mut anna.line, &delete(talk, said[1])).await.unwrap();
    let stands = bert.line.ask_conversation(talk).await;
    assert_eq!((stands.unread, stands.last), (3, Seq(6)));

    let through = |through| ClientCommand::Read {
        conversation: talk,
        through: Seq(through),
    };
    let told = |event: &ServerEvent| match event {
        ServerEvent::ReadChanged {
            through, unread, ..
        } => Some((*through, *unread)),
        _ => None,
    };
    bert.line.say_command(&through(3)).await;
    assert_eq!(bert.line.expect("the mark", told).await, (Seq(3), 1));
    // What was read before it was changed stays read.
    ask(&mut anna.line, &edit(talk, said[0], "ONE"))
        .await
        .unwrap();
    assert_eq!(bert.line.ask_conversation(talk).await.unread, 1);
    ask(&mut anna.line, &delete(talk, said[3])).await.unwrap();
    assert_eq!(bert.line.ask_conversation(talk).await.unread, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_the_newest_message_as_it_stands_and_changes_move_nothing() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let carl = Talker::new(&app, "carl").await;
    let (first, second) = (anna.direct(bert.id).await, anna.direct(carl.id).await);
    let old = say(&mut anna.line, first, "old").await;
    let newest = say(&mut anna.line, first, "newest").await;
    say(&mut anna.line, second, "later").await;
    bert.line.expect_conversation(first).await;
    let before = anna.line.ask_conversation(first).await;
    assert_eq!(listed(&anna).await, [second, first]);

    ask(&mut anna.line, &edit(first, newest, "mended"))
        .await
        .unwrap();
    let after = bert.line.ask_conversation(first).await;
    assert_eq!(
        after.latest.map(|latest| latest.body),
        Some(words("mended"))
    );
    ask(&mut anna.line, &edit(first, old, "older"))
        .await
        .unwrap();
    let after = bert.line.ask_conversation(first).await;
    assert_eq!(
        after.latest.map(|latest| latest.body),
        Some(words("mended"))
    );
    ask(&mut anna.line, &delete(first, newest)).await.unwrap();
    let after = bert.line.ask_conversation(first).await;
    let latest = after.latest.unwrap();
    assert_eq!((latest.id, after.last), (newest, Seq(5)));
    assert!(matches!(latest.body, ChatMessage::Deleted { .. }));
    assert_eq!(after.active_ms, before.active_ms, "nothing new was said");
    assert_eq!(listed(&anna).await, [second, first]);

    say(&mut anna.line, first, "and on").await;
    assert_eq!(listed(&anna).await, [first, second]);
}
