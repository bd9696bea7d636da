//! What has reached whom: who says it, who is told, and what nobody learns.

use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::limits::{DELIVERED_MARKS_MAX, RECEIPTS_MEMBERS_MAX};
use parley_shared::model::Receipt;
use parley_shared::protocol::{ClientCommand, DeliveredMark, Refusal, ServerEvent};
use serde_json::{Value, json};

use crate::browser::{Browser, Reply};
use crate::client::mint;
use crate::contacts::{keep, keep_people, numbered};
use crate::raw::Raw;
use crate::scene::TestApp;
use crate::talkers::{Talker, send, team};

/// What has reached someone: the newest that they have, and have read.
type Reach = (u64, u64);

fn delivered(conversation: ConversationId, through: u64) -> ClientCommand {
    let through = Seq(through);
    let marks = vec![DeliveredMark {
        conversation,
        through,
    }];
    ClientCommand::Delivered { marks }
}

fn read(conversation: ConversationId, through: u64) -> ClientCommand {
    ClientCommand::Read {
        conversation,
        through: Seq(through),
    }
}

fn receipts_in(of: ConversationId) -> impl Fn(&ServerEvent) -> Option<Vec<Receipt>> {
    move |event| match event {
        ServerEvent::ReceiptsChanged {
            conversation,
            receipts,
        } => (*conversation == of).then(|| receipts.clone()),
        _ => None,
    }
}

fn reach(receipts: &[Receipt], person: UserId) -> Option<Reach> {
    let mut found = receipts.iter().filter(|receipt| receipt.person == person);
    found.next().map(|found| (found.delivered.0, found.read.0))
}

/// Opens a conversation, and says what has reached whom there.
async fn open(line: &mut Raw, conversation: ConversationId) -> Vec<Receipt> {
    line.say_command(&ClientCommand::Open { conversation })
        .await;
    line.expect("what has reached whom", receipts_in(conversation))
        .await
}

/// Waits until someone is told that this has reached another.
async fn expect_reach(line: &mut Raw, of: ConversationId, person: UserId, expected: Reach) {
    line.expect("what has reached them", |event| {
        let receipts = receipts_in(of)(event)?;
        (reach(&receipts, person) == Some(expected)).then_some(())
    })
    .await;
}

/// Waits until someone was told all of this, in however many events.
async fn expect_all(line: &mut Raw, of: ConversationId, expected: &[(UserId, Reach)]) {
    let known = std::cell::RefCell::new(std::collections::BTreeMap::new());
    line.expect("what has reached them", |event| {
        let told = receipts_in(of)(event)?;
        let mut known = known.borrow_mut();
        known.extend(
            told.iter()
                .map(|one| (one.person, (one.delivered.0, one.read.0))),
        );
        let is_known = |(person, reach): &(UserId, Reach)| known.get(person) == Some(reach);
        expected.iter().all(is_known).then_some(())
    })
    .await;
}

/// Has all that a connection said be done.
async fn settle(talker: &mut Talker) {
    let lobby = talker.line.lobby;
    talker.write(lobby, "and on").await;
}

/// What is kept of someone in a conversation.
fn kept(app: &TestApp, conversation: ConversationId, person: UserId) -> Option<Reach> {
    let data = rusqlite::Connection::open(app.data_dir().join("parley.sqlite")).unwrap();
    let number =
        |row: &rusqlite::Row<'_>, column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    data.query_row(
        "SELECT delivered_seq, seen_seq FROM read_marks WHERE conversation_id = ?1 AND person_id = ?2",
        [conversation.as_bytes(), person.as_bytes()],
        |row| Ok((number(row, 0)?, number(row, 1)?)),
    )
    .ok()
}

async fn make_group(talker: &mut Talker, people: &[UserId]) -> ConversationId {
    let people: Vec<_> = people.iter().map(ToString::to_string).collect();
    let ask = json!({"name": "Garden", "public": true, "people": people});
    let made = talker.browser.post("/groups", ask).await.ok();
    made["id"].as_str().unwrap().parse().unwrap()
}

/// Writes something, and says which message it is.
async fn say(talker: &mut Talker, conversation: ConversationId, text: &str) -> MessageId {
    let id = mint();
    talker.line.say_command(&send(id, conversation, text)).await;
    talker
        .line
        .expect("to be accepted", |event| match event {
            ServerEvent::Accepted { id: about, .. } => (*about == id).then_some(id),
            _ => None,
        })
        .await
}

async fn counted(browser: &mut Browser, of: ConversationId, message: MessageId) -> Reply {
    let path = format!("/conversations/{of}/messages/{message}/receipts");
    browser.get(&path).await
}

fn counts(of: u32, delivered: u32, read: u32) -> Value {
    json!({"of": of, "delivered": delivered, "read": read})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reaches_someone_is_told_to_whoever_looks_and_only_moves_forward() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let talk = anna.direct(bert.id).await;
    for text in ["one", "two", "three"] {
        anna.write(talk, text).await;
    }
    let mut phone = anna.device().await;
    assert_eq!(reach(&open(&mut anna.line, talk).await, bert.id), None);
    bert.line.say_command(&delivered(talk, 2)).await;
    expect_reach(&mut anna.line, talk, bert.id, (2, 0)).await;
    bert.line.say_command(&read(talk, 1)).await;
    expect_reach(&mut anna.line, talk, bert.id, (2, 1)).await;
    // What is said again, or of before, moves nothing and is not told.
    bert.line.say_command(&delivered(talk, 1)).await;
    bert.line.say_command(&delivered(talk, 2)).await;
    settle(&mut bert).await;
    assert_eq!(kept(&app, talk, bert.id), Some((2, 1)));
    // Beyond the end there is nothing to have; and whoever has read has received.
    bert.line.say_command(&delivered(talk, 1_000_000)).await;
    expect_reach(&mut anna.line, talk, bert.id, (3, 1)).await;
    anna.write(talk, "four").await;
    bert.line.say_command(&read(talk, 4)).await;
    expect_reach(&mut anna.line, talk, bert.id, (4, 4)).await;
    let opened = open(&mut anna.line, talk).await;
    assert_eq!(reach(&opened, bert.id), Some((4, 4)));
    // Whoever has something else before them hears none of it; whoever is not there may not look.
    for line in [&mut phone, &mut carl.line] {
        line.expect_nothing(|event| matches!(event, ServerEvent::ReceiptsChanged { .. }))
            .await;
    }
    let look = ClientCommand::Open { conversation: talk };
    assert_eq!(carl.line.refused(&look).await, Refusal::UnknownConversation);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_kept_and_told_after_a_restart_and_counting_as_unread_takes_nothing_back() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    for text in ["one", "two", "three"] {
        anna.write(talk, text).await;
    }
    bert.line.say_command(&read(talk, 2)).await;
    bert.line.say_command(&delivered(talk, 3)).await;
    settle(&mut bert).await;
    app.restart().await;
    anna.reconnect().await;
    bert.reconnect().await;
    let opened = open(&mut anna.line, talk).await;
    assert_eq!(reach(&opened, bert.id), Some((3, 2)));
    let again = ClientCommand::MarkUnread {
        conversation: talk,
        from: Seq(1),
    };
    bert.line.say_command(&again).await;
    settle(&mut bert).await;
    let opened = open(&mut anna.line, talk).await;
    assert_eq!(reach(&opened, bert.id), Some((3, 2)));
    bert.line.say_command(&read(talk, 3)).await;
    expect_reach(&mut anna.line, talk, bert.id, (3, 3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_marks_move_nothing_and_do_not_show_what_there_is() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let talk = anna.direct(bert.id).await;
    anna.write(talk, "hello").await;
    let group = make_group(&mut anna, &[bert.id]).await;
    let in_group = anna.write(group, "hello").await;
    let notes = anna.direct(anna.id).await;
    anna.write(notes, "to do").await;
    let lobby = anna.line.lobby;
    anna.write(lobby, "hello, all").await;
    open(&mut anna.line, talk).await;
    let nowhere = ConversationId::from_bytes([9; 16]);
    // Whoever is brought into a group has what was said before: this is the first that is new there.
    let first = Seq(1);
    let marks = [
        (talk, first),
        (group, in_group),
        (notes, first),
        (nowhere, first),
    ];
    let marks = marks.map(|(conversation, through)| DeliveredMark {
        conversation,
        through,
    });
    let command = ClientCommand::Delivered {
        marks: marks.to_vec(),
    };
    carl.line.say_command(&command).await;
    carl.line.say_command(&delivered(lobby, 1)).await;
    settle(&mut carl).await;
    carl.line
        .expect_nothing(|event| matches!(event, ServerEvent::Refused { .. }))
        .await;
    for conversation in [talk, group, notes] {
        assert_eq!(kept(&app, conversation, carl.id), None);
    }
    let in_lobby = kept(&app, lobby, carl.id).unwrap_or_default();
    assert_eq!(in_lobby.0, 0, "in the Lobby nothing is told of it");
    // In one's own notes there is nobody to tell either.
    anna.line.say_command(&delivered(notes, 1)).await;
    settle(&mut anna).await;
    assert_eq!(kept(&app, notes, anna.id), None);
    // Of several marks each counts where it may, the furthest of a conversation in the end.
    let mut marks = marks.to_vec();
    marks.push(marks[0]);
    bert.line
        .say_command(&ClientCommand::Delivered { marks })
        .await;
    expect_reach(&mut anna.line, talk, bert.id, (1, 0)).await;
    let in_the_group = kept(&app, group, bert.id).map(|(has, _)| Seq(has));
    assert_eq!(in_the_group, Some(in_group));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_marks_are_refused_whole_and_guests_have_none() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    anna.write(talk, "hello").await;
    let mark = DeliveredMark {
        conversation: talk,
        through: Seq(1),
    };
    let marks = |count| ClientCommand::Delivered {
        marks: vec![mark; count],
    };
    let limit = DELIVERED_MARKS_MAX as u64;
    let refused = bert.line.refused(&marks(DELIVERED_MARKS_MAX + 1)).await;
    assert_eq!(refused, Refusal::TooMany { limit });
    settle(&mut bert).await;
    assert_eq!(kept(&app, talk, bert.id), None);
    bert.line.say_command(&marks(DELIVERED_MARKS_MAX)).await;
    settle(&mut bert).await;
    assert_eq!(kept(&app, talk, bert.id), Some((1, 0)));
    let mut guest = Browser::at(&app).enter_as_guest().await;
    assert_eq!(guest.refused(&marks(1)).await, Refusal::SignInNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_want_it_is_never_shown_to_have_read_from_that_moment_on() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let talk = anna.direct(bert.id).await;
    let first = say(&mut anna, talk, "one").await;
    anna.write(talk, "two").await;
    open(&mut anna.line, talk).await;
    bert.line.say_command(&read(talk, 1)).await;
    expect_reach(&mut anna.line, talk, bert.id, (1, 1)).await;

    let me = bert.browser.get("/me").await.ok();
    assert_eq!(me["account"]["tells_read"], true, "at first everyone does");
    let ask = |tells: bool| json!({"tells_read": tells});
    let me = bert.browser.patch("/me", ask(false)).await.ok();
    assert_eq!(me["account"]["tells_read"], false);
    expect_reach(&mut anna.line, talk, bert.id, (1, 0)).await;
    bert.line.say_command(&read(talk, 2)).await;
    expect_reach(&mut anna.line, talk, bert.id, (2, 0)).await;
    let opened = open(&mut anna.line, talk).await;
    assert_eq!(reach(&opened, bert.id), Some((2, 0)));
    let reply = counted(&mut anna.browser, talk, first).await;
    assert_eq!(reply.ok(), counts(1, 1, 0));
    // Other changes of the profile leave it as it is, and so does a restart.
    let other = json!({"about": "Someone"});
    bert.browser.patch("/me", other).await.ok();
    app.restart().await;
    anna.reconnect().await;
    let opened = open(&mut anna.line, talk).await;
    assert_eq!(reach(&opened, bert.id), Some((2, 0)));
    // Taken back, it holds for what was read meanwhile as well.
    bert.browser.patch("/me", ask(true)).await.ok();
    expect_reach(&mut anna.line, talk, bert.id, (2, 2)).await;
    let reply = counted(&mut anna.browser, talk, first).await;
    assert_eq!(reply.ok(), counts(1, 1, 1));

    let mut guest = Browser::at(&app);
    drop(guest.enter_as_guest().await);
    let refused = guest.patch("/me", ask(false)).await;
    refused.refused(401, "sign_in_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_of_few_everyone_is_told_of_everyone_and_in_a_larger_one_nobody() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let bert = Talker::new(&app, "bert").await;
    let group = make_group(&mut anna, &[bert.id]).await;
    let others = RECEIPTS_MEMBERS_MAX as usize - 2;
    keep(&mut app, move |connection| {
        use parley_server::store::{conversations, groups, read_marks};
        use parley_shared::model::Role;
        keep_people(connection, others)?;
        for number in 0..others {
            let person = numbered(number);
            conversations::add_member(connection, group, person, Role::Member, 1)?;
            read_marks::set_delivered(connection, person, group, Seq(1))?;
        }
        groups::count_members(connection, group, i64::try_from(others).unwrap())
    })
    .await;
    anna.reconnect().await;
    let mut bert = Talker {
        line: bert.browser.connect().await.unwrap(),
        ..bert
    };
    let message = say(&mut anna, group, "hello, fifty").await;
    let opened = open(&mut anna.line, group).await;
    assert_eq!(
        opened.len(),
        others + 2,
        "those who came in have what was there"
    );
    let last = anna.line.ask_conversation(group).await.last.0;
    bert.line.say_command(&delivered(group, last)).await;
    expect_reach(&mut anna.line, group, bert.id, (last, last - 1)).await;
    let reply = counted(&mut anna.browser, group, message).await;
    let of = RECEIPTS_MEMBERS_MAX - 1;
    assert_eq!(reply.ok(), counts(of, 1, 0));

    let mut carl = Talker::new(&app, "carl").await;
    let join = format!("/groups/{group}/join");
    carl.browser.post(&join, json!({})).await.ok();
    let last = say_last(&mut anna, group).await;
    bert.line.say_command(&delivered(group, last)).await;
    bert.line.say_command(&read(group, last)).await;
    settle(&mut bert).await;
    anna.line
        .say_command(&ClientCommand::Open {
            conversation: group,
        })
        .await;
    // Who types is told no sooner than what reached them before would be.
    let typing = ClientCommand::Typing {
        conversation: group,
    };
    bert.line.say_command(&typing).await;
    anna.line
        .expect("Bert to type", |event| match event {
            ServerEvent::TypingChanged { people, .. } => (!people.is_empty()).then_some(()),
            ServerEvent::ReceiptsChanged { .. } => panic!("{event:?}"),
            _ => None,
        })
        .await;
    // Counted it is nevertheless: whoever has read has it.
    let reply = counted(&mut anna.browser, group, message).await;
    assert_eq!(
        reply.ok(),
        counts(of + 1, 2, 2),
        "Bert, and Carl who came later"
    );
}

/// Says something, and gives its number.
async fn say_last(talker: &mut Talker, conversation: ConversationId) -> u64 {
    talker.write(conversation, "and more").await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_member_any_more_is_not_told_of_and_says_nothing_more() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let group = make_group(&mut anna, &[bert.id, carl.id]).await;
    let message = say(&mut anna, group, "hello").await;
    let last = say_last(&mut anna, group).await;
    open(&mut anna.line, group).await;
    for someone in [&mut bert, &mut carl] {
        someone.line.say_command(&read(group, last)).await;
    }
    let all = [bert.id, carl.id].map(|id| (id, (last, last)));
    expect_all(&mut anna.line, group, &all).await;
    let reply = counted(&mut anna.browser, group, message).await;
    assert_eq!(reply.ok(), counts(2, 2, 2));
    let gone = format!("/groups/{group}/members/{}", bert.id);
    anna.browser.delete(&gone).await.ok();
    let opened = open(&mut anna.line, group).await;
    assert_eq!(reach(&opened, bert.id), None);
    assert_eq!(reach(&opened, carl.id), Some((last, last)));
    let reply = counted(&mut anna.browser, group, message).await;
    assert_eq!(reply.ok(), counts(1, 1, 1));
    let later = say_last(&mut anna, group).await;
    bert.line.say_command(&delivered(group, later)).await;
    settle(&mut bert).await;
    assert_eq!(kept(&app, group, bert.id), Some((last, last)));
    // Who comes back has received and read what was there: that is told to those who look.
    let back = json!({"people": [bert.id.to_string()]});
    let path = format!("/groups/{group}/members");
    anna.browser.post(&path, back).await.ok();
    let now = anna.line.ask_conversation(group).await.last.0;
    expect_reach(&mut anna.line, group, bert.id, (now, now)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_blocked_learns_nothing_of_who_blocked_them() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let group = make_group(&mut anna, &[bert.id, carl.id]).await;
    let message = say(&mut anna, group, "hello").await;
    let block = format!("/blocks/{}", anna.id);
    bert.browser.put(&block, json!({})).await.ok();
    let opened = open(&mut anna.line, group).await;
    assert_eq!(reach(&opened, bert.id), None);
    open(&mut bert.line, group).await;
    let last = say_last(&mut anna, group).await;
    for someone in [&mut bert, &mut carl] {
        someone.line.say_command(&read(group, last)).await;
    }
    // Bert sees what has reached Anna and Carl; she sees Carl alone.
    expect_reach(&mut bert.line, group, carl.id, (last, last)).await;
    let mut heard = Vec::new();
    while reach(&heard, carl.id) != Some((last, last)) {
        let told = anna
            .line
            .expect("what has reached Carl", receipts_in(group));
        heard = told.await;
        assert_eq!(reach(&heard, bert.id), None, "{heard:?}");
    }
    let reply = counted(&mut anna.browser, group, message).await;
    assert_eq!(reply.ok(), counts(2, 1, 1));
    settle(&mut bert).await;
    bert.browser.delete(&block).await.ok();
    let opened = open(&mut anna.line, group).await;
    assert_eq!(reach(&opened, bert.id), Some((last, last)));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_author_is_told_how_many_a_message_has_reached() {
    let (app, mut owner) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let talk = anna.direct(bert.id).await;
    let message = say(&mut anna, talk, "hello").await;
    let reply = counted(&mut anna.browser, talk, message).await;
    assert_eq!(reply.ok(), counts(1, 0, 0));
    bert.line.say_command(&delivered(talk, 1)).await;
    settle(&mut bert).await;
    let reply = counted(&mut anna.browser, talk, message).await;
    assert_eq!(reply.ok(), counts(1, 1, 0));
    for other in [&mut bert.browser, &mut carl.browser, &mut owner] {
        let reply = counted(other, talk, message).await;
        reply.refused(404, "not_found");
    }
    let lobby = anna.line.lobby;
    let in_lobby = say(&mut anna, lobby, "hello, all").await;
    let notes = anna.direct(anna.id).await;
    let in_notes = say(&mut anna, notes, "to do").await;
    for (conversation, message) in [
        (lobby, in_lobby),
        (notes, in_notes),
        (lobby, message),
        (talk, in_lobby),
        (talk, mint()),
        (ConversationId::from_bytes([9; 16]), message),
    ] {
        let reply = counted(&mut anna.browser, conversation, message).await;
        reply.refused(404, "not_found");
    }
    let unread = "/conversations/x/messages/y/receipts";
    let reply = anna.browser.get(unread).await;
    reply.refused(404, "not_found");
    // Of what is deleted there is nothing to tell, and of a group that one left.
    let delete = ClientCommand::Delete {
        id: mint(),
        conversation: talk,
        message,
    };
    anna.line.say_command(&delete).await;
    settle(&mut anna).await;
    let reply = counted(&mut anna.browser, talk, message).await;
    reply.refused(404, "not_found");
    let group = make_group(&mut carl, &[anna.id]).await;
    let message = say(&mut anna, group, "hello").await;
    let reply = counted(&mut anna.browser, group, message).await;
    assert_eq!(reply.ok(), counts(1, 0, 0));
    let gone = format!("/groups/{group}/members/{}", anna.id);
    anna.browser.delete(&gone).await.ok();
    let reply = counted(&mut anna.browser, group, message).await;
    reply.refused(404, "not_found");
}
