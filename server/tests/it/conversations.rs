//! Talking beyond the Lobby: direct conversations, notes, their list, and how far one has read them.

use parley_shared::ids::{ConversationId, Seq, UserId};
use parley_shared::limits::{PAGE_CONVERSATIONS_MAX, UNREAD_COUNTED_MAX};
use parley_shared::model::{Conversation, ConversationKind};
use parley_shared::protocol::{ClientCommand, ListPlace, Refusal, ServerEvent};
use serde_json::json;

use crate::raw::Raw;
use crate::scene::TestApp;
use crate::talkers::{Talker, all_about, change_data, id_in, relate, set_contact, team};

/// The conversations of a welcome, and whether there are more.
fn welcomed(line: &Raw) -> (Vec<Conversation>, bool) {
    match &line.welcome {
        ServerEvent::Welcome {
            conversations,
            more,
            ..
        } => (conversations.clone(), *more),
        other => panic!("no welcome: {other:?}"),
    }
}

async fn ask_page(line: &mut Raw, before: Option<ListPlace>) -> (Vec<Conversation>, bool) {
    line.say_command(&ClientCommand::Conversations {
        before,
        since: None,
    })
    .await;
    line.expect("a page of conversations", |event| match event {
        ServerEvent::Conversations {
            conversations,
            before: answered,
            more,
            ..
        } => {
            assert_eq!(*answered, before);
            Some((conversations.clone(), *more))
        }
        _ => None,
    })
    .await
}

async fn ask_texts(line: &mut Raw, conversation: ConversationId) -> Vec<String> {
    let before = None;
    line.say_command(&ClientCommand::History {
        conversation,
        before,
    })
    .await;
    line.expect("the history", |event| match event {
        ServerEvent::History { messages, .. } => {
            let texts = messages.iter().map(|message| &message.body);
            Some(
                texts
                    .map(crate::client::text_of)
                    .map(str::to_owned)
                    .collect(),
            )
        }
        _ => None,
    })
    .await
}

fn ids(conversations: &[Conversation]) -> Vec<ConversationId> {
    conversations.iter().map(|one| one.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_directly_and_nobody_else_hears_or_reads_it() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;

    let opened = anna.ask_direct(bert.id).await.ok();
    let talk = id_in(&opened);
    assert_eq!(opened["kind"], "direct");
    assert_eq!(opened["with"]["id"], bert.id.to_string());
    assert_eq!(anna.line.expect_conversation(talk).await.last, Seq::ZERO);
    // What someone only looked at is not in the other's list, nor theirs to read.
    bert.line.expect_nothing_of(talk).await;
    assert_eq!(
        ids(&ask_page(&mut bert.line, None).await.0),
        [bert.line.lobby]
    );
    for command in all_about(talk) {
        let refusal = bert.line.refused(&command).await;
        assert_eq!(refusal, Refusal::UnknownConversation, "{command:?}");
    }

    assert_eq!(anna.write(talk, "hello Bert").await, Seq(1));
    let entered = bert.line.expect_conversation(talk).await;
    assert_eq!(entered.with.map(|with| with.id), Some(anna.id));
    assert_eq!((entered.last, entered.unread), (Seq::ZERO, 0));
    let heard = bert.line.expect_message(talk).await;
    assert_eq!((heard.author, heard.seq), (anna.id, Seq(1)));
    assert_eq!(bert.write(talk, "hello Anna").await, Seq(2));
    assert_eq!(anna.line.expect_message(talk).await.seq, Seq(2));

    carl.line.expect_nothing_of(talk).await;
    for command in all_about(talk) {
        let refusal = carl.line.refused(&command).await;
        assert_eq!(refusal, Refusal::UnknownConversation, "{command:?}");
    }
    let mut guest = app.raw().await;
    for command in all_about(talk) {
        let refusal = guest.refused(&command).await;
        assert_eq!(refusal, Refusal::UnknownConversation, "{command:?}");
    }
    for person in [&mut anna, &mut bert] {
        let texts = ask_texts(&mut person.line, talk).await;
        assert_eq!(texts, ["hello Bert", "hello Anna"]);
        person.reconnect().await;
        let (listed, more) = welcomed(&person.line);
        assert_eq!(ids(&listed), [person.line.lobby, talk]);
        assert!(!more);
        assert_eq!(
            listed[1].latest.as_ref().map(|latest| latest.seq),
            Some(Seq(2))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_have_one_conversation_however_often_and_from_which_side_it_is_opened() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let (annas, berts) = (anna.id, bert.id);
    let (one, other) = tokio::join!(anna.direct(berts), bert.direct(annas));
    assert_eq!(one, other);
    assert_eq!(anna.direct(berts).await, one);
    let notes = anna.direct(annas).await;
    assert_ne!(notes, one);
    assert_eq!(anna.direct(annas).await, notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_on_all_of_ones_devices_and_nobody_elses() {
    let (app, mut owner) = team().await;
    // Also where only friends write to each other.
    set_contact(&mut owner, "friends").await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut phone = anna.device().await;
    let opened = anna.ask_direct(anna.id).await.ok();
    let notes = id_in(&opened);
    assert_eq!(opened["kind"], "notes");
    assert_eq!(
        phone.expect_conversation(notes).await.kind,
        ConversationKind::Notes
    );
    anna.write(notes, "buy milk").await;
    assert_eq!(phone.expect_message(notes).await.seq, Seq(1));
    assert_eq!(ask_texts(&mut phone, notes).await, ["buy milk"]);
    for command in all_about(notes) {
        let refusal = bert.line.refused(&command).await;
        assert_eq!(refusal, Refusal::UnknownConversation, "{command:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_write_to_each_other_open_a_conversation() {
    let (app, mut owner) = team().await;
    set_contact(&mut owner, "friends").await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    anna.ask_direct(bert.id).await.refused(403, "not_friends");
    let nobody = UserId::from_bytes([7; 16]);
    anna.ask_direct(nobody).await.refused(404, "not_found");
    let mut guest = crate::browser::Browser::at(&app);
    drop(guest.enter_as_guest().await);
    let path = format!("/direct/{}", anna.id);
    guest
        .put(&path, json!({}))
        .await
        .refused(401, "sign_in_needed");
    relate(&app, anna.id, bert.id, "friend", false);
    anna.ask_direct(bert.id).await.refused(403, "not_friends");
    relate(&app, bert.id, anna.id, "friend", false);
    anna.ask_direct(bert.id).await.ok();
    bert.ask_direct(anna.id).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_any_more_can_still_read() {
    let (app, mut owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    anna.write(talk, "hello").await;
    bert.write(talk, "hello").await;
    set_contact(&mut owner, "friends").await;
    for person in [&mut anna, &mut bert] {
        let [write, typing] = [0, 6].map(|index| all_about(talk)[index].clone());
        assert_eq!(
            person.line.refused(&write).await,
            Refusal::NotFriends { person: None }
        );
        assert_eq!(
            person.line.refused(&typing).await,
            Refusal::NotFriends { person: None }
        );
        assert!(person.line.ask_conversation(talk).await.closed);
        assert_eq!(ask_texts(&mut person.line, talk).await.len(), 2);
    }
    // What was there is opened all the same.
    assert_eq!(anna.direct(bert.id).await, talk);
    set_contact(&mut owner, "team").await;
    assert_eq!(anna.write(talk, "again").await, Seq(3));
    assert!(!anna.line.ask_conversation(talk).await.closed);
    // Whoever is blocked and whoever blocked look the same.
    relate(&app, bert.id, anna.id, "none", true);
    set_contact(&mut owner, "team").await;
    for person in [&mut anna, &mut bert] {
        let write = all_about(talk)[0].clone();
        assert_eq!(
            person.line.refused(&write).await,
            Refusal::NotFriends { person: None }
        );
        assert!(person.line.ask_conversation(talk).await.closed);
        assert_eq!(ask_texts(&mut person.line, talk).await.len(), 3);
    }
}

/// Makes groups that were active at these times, as their members will find them after a restart.
fn add_groups(app: &TestApp, member: UserId, active_ms: impl Iterator<Item = u64>) {
    let data = rusqlite::Connection::open(app.data_dir().join("parley.sqlite")).unwrap();
    for (number, active_ms) in (1_u64..).zip(active_ms) {
        let mut id = [6; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        let active_ms = active_ms.cast_signed();
        data.execute(
            "INSERT INTO conversations (id, kind, created_ms, last_seq, head, active_ms)
             VALUES (?1, 'group', 1, 0, ?2, ?3)",
            rusqlite::params![id, parley_shared::chain::EMPTY_HEAD, active_ms],
        )
        .unwrap();
        data.execute(
            "INSERT INTO groups (conversation_id, name, name_key, about, is_public, member_count)
             VALUES (?1, ?2, ?2, '', 0, 1)",
            rusqlite::params![id, format!("group {number}")],
        )
        .unwrap();
        data.execute(
            "INSERT INTO members (conversation_id, person_id, rank, joined_ms) VALUES (?1, ?2, 3, 1)",
            rusqlite::params![id, member.as_bytes()],
        )
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_comes_in_pages_the_last_active_first_and_misses_and_doubles_nothing() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    // Several were active in the same moment: the place says which of them came last.
    add_groups(&app, anna.id, (0..120).map(|number| 1_000 + number / 7));
    anna.reconnect().await;
    let (mut listed, mut more) = welcomed(&anna.line);
    assert_eq!(listed.len(), PAGE_CONVERSATIONS_MAX);
    assert_eq!(
        listed[0].kind,
        ConversationKind::Lobby,
        "whenever it was active"
    );
    let mut pages = 1;
    while more {
        let last = listed.last().unwrap();
        let before = Some(ListPlace {
            active_ms: last.active_ms,
            conversation: last.id,
        });
        let (page, goes_on) = ask_page(&mut anna.line, before).await;
        assert!(!page.is_empty() && page.len() <= PAGE_CONVERSATIONS_MAX);
        listed.extend(page);
        more = goes_on;
        pages += 1;
    }
    assert_eq!(pages, 3);
    let groups = &listed[1..];
    assert_eq!(groups.len(), 120);
    let places: Vec<_> = groups.iter().map(|one| (one.active_ms, one.id)).collect();
    assert!(places.is_sorted_by(|one, next| one > next), "{places:?}");
    assert!(
        groups
            .iter()
            .all(|one| one.group.is_some() && one.role.is_some())
    );

    let oldest = groups.last().unwrap().id;
    anna.write(oldest, "still here").await;
    anna.reconnect().await;
    assert_eq!(
        welcomed(&anna.line).0[1].id,
        oldest,
        "what is said moves it to the top"
    );
}

fn read_of(conversation: ConversationId) -> impl Fn(&ServerEvent) -> Option<(Seq, u32)> {
    move |event| match event {
        ServerEvent::ReadChanged {
            conversation: about,
            through,
            unread,
            ..
        } => (*about == conversation).then_some((*through, *unread)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_one_device_is_read_on_all_and_never_unread_again() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    for text in ["one", "two", "three"] {
        anna.write(talk, text).await;
    }
    bert.write(talk, "mine do not count").await;
    let mut phone = bert.device().await;
    let (listed, _) = welcomed(&phone);
    assert_eq!((listed[1].read, listed[1].unread), (Seq::ZERO, 3));
    assert_eq!(anna.line.ask_conversation(talk).await.unread, 1);

    let read = |through| ClientCommand::Read {
        conversation: talk,
        through: Seq(through),
    };
    phone.say_command(&read(2)).await;
    for device in [&mut phone, &mut bert.line] {
        let told = device.expect("the mark", read_of(talk)).await;
        assert_eq!(told, (Seq(2), 1));
    }
    phone.say_command(&read(1)).await;
    phone.say_command(&read(2)).await;
    // Beyond the end there is nothing to have read.
    phone.say_command(&read(1_000)).await;
    for device in [&mut phone, &mut bert.line] {
        let told = device.expect("the mark", read_of(talk)).await;
        assert_eq!(told, (Seq(4), 0), "a mark moves forward only");
    }
    anna.line
        .expect_nothing(|event| read_of(talk)(event).is_some())
        .await;
    anna.write(talk, "four").await;
    bert.reconnect().await;
    let (listed, _) = welcomed(&bert.line);
    assert_eq!((listed[1].read, listed[1].unread), (Seq(4), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_marked_as_unread_on_one_device_is_unread_on_all_from_there_on() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    for text in ["one", "two", "three"] {
        anna.write(talk, text).await;
    }
    let mut phone = bert.device().await;
    let mark = |from| ClientCommand::MarkUnread {
        conversation: talk,
        from: Seq(from),
    };
    let read = ClientCommand::Read {
        conversation: talk,
        through: Seq(3),
    };
    bert.line.say_command(&read).await;
    // Back, further back, to before the beginning, forward, and beyond the end.
    for command in [mark(3), mark(2), mark(0), mark(3), mark(1_000), mark(1)] {
        bert.line.say_command(&command).await;
    }
    for device in [&mut phone, &mut bert.line] {
        for expected in [(3, 0), (2, 1), (1, 2), (0, 3), (2, 1), (3, 0), (0, 3)] {
            let (through, unread) = device.expect("the mark", read_of(talk)).await;
            assert_eq!((through.0, unread), expected);
        }
    }
    // Where it is already, nothing is told; what others read is not moved, nor told to them.
    bert.line.say_command(&mark(1)).await;
    for device in [&mut phone, &mut bert.line, &mut anna.line] {
        let told = |event: &ServerEvent| read_of(talk)(event).is_some();
        device.expect_nothing(told).await;
    }
    bert.reconnect().await;
    let (listed, _) = welcomed(&bert.line);
    assert_eq!((listed[1].read, listed[1].unread), (Seq::ZERO, 3));
    assert_eq!(anna.line.ask_conversation(talk).await.unread, 0);

    let mut guest = app.raw().await;
    let in_lobby = ClientCommand::MarkUnread {
        conversation: guest.lobby,
        from: Seq(1),
    };
    assert_eq!(guest.refused(&in_lobby).await, Refusal::SignInNeeded);
    assert_eq!(guest.refused(&mark(1)).await, Refusal::UnknownConversation);
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_messages_are_counted_up_to_a_bound_and_notices_are_none() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    for number in 1..=UNREAD_COUNTED_MAX + 5 {
        anna.write(talk, &number.to_string()).await;
    }
    bert.reconnect().await;
    let unread = bert.line.ask_conversation(talk).await.unread;
    assert_eq!(unread, UNREAD_COUNTED_MAX);
    change_data(
        &app,
        "UPDATE messages SET body = '{\"type\":\"notice\",\"notice\":{\"type\":\"joined\"}}'
         WHERE conversation_id = ?1 AND seq > 7",
        &[talk.as_bytes()],
    );
    assert_eq!(bert.line.ask_conversation(talk).await.unread, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_connects_while_the_first_message_comes_misses_nothing_of_it() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    for number in 0..6 {
        let bert = Talker::new(&app, &format!("bert{number}")).await;
        let talk = anna.direct(bert.id).await;
        let (mut line, _) = tokio::join!(bert.device(), anna.write(talk, "are you there?"));
        let found = welcomed(&line).0.into_iter().find(|one| one.id == talk);
        match found.map(|found| found.last) {
            Some(Seq(1)) => {}
            Some(_) => assert_eq!(line.expect_message(talk).await.seq, Seq(1)),
            None => {
                assert_eq!(line.expect_conversation(talk).await.last, Seq::ZERO);
                assert_eq!(line.expect_message(talk).await.seq, Seq(1));
            }
        }
    }
}
