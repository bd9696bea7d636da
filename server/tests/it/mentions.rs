//! Who is told that a message mentions them, and who is not.

use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::limits::MENTIONS_MAX;
use parley_shared::protocol::{ChatMessage, ClientCommand, Refusal, ServerEvent};
use serde_json::json;

use crate::browser::Browser;
use crate::client::mint;
use crate::raw::Raw;
use crate::scene::TestApp;
use crate::talkers::{Talker, send, set_contact, team};

/// How someone stands to the author, Anna.
const STANDINGS: [&str; 7] = [
    "friend",
    "stranger",
    "blocked",
    "blocker",
    "deactivated",
    "outsider",
    "former",
];

/// What becomes of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It counts, and whoever is mentioned is told.
    Told,
    /// The message is there as any other, and nobody is told.
    Silent,
    /// There is no message: the two may not write to each other.
    Refused,
}

use Fate::{Refused, Silent, Told};

/// What becomes of mentions by policy and place, in the order of [`STANDINGS`]. Who is outside of the
/// group, or no longer in it, is a friend.
#[rustfmt::skip]
const TABLE: [(&str, &str, [Fate; 7]); 6] = [
    //                    friend stranger blocked  blocker  deactivated outsider former
    ("friends", "lobby",  [Told, Silent,  Silent,  Silent,  Silent,     Told,    Told]),
    ("friends", "group",  [Told, Told,    Silent,  Silent,  Silent,     Silent,  Silent]),
    ("friends", "direct", [Told, Refused, Refused, Refused, Refused,    Told,    Told]),
    ("team",    "lobby",  [Told, Told,    Silent,  Silent,  Silent,     Told,    Told]),
    ("team",    "group",  [Told, Told,    Silent,  Silent,  Silent,     Silent,  Silent]),
    ("team",    "direct", [Told, Told,    Refused, Refused, Refused,    Told,    Told]),
];

/// Anna and those who stand to her in some way, with a group and talks.
struct World {
    app: TestApp,
    owner: Browser,
    anna: Talker,
    others: Vec<Talker>,
    group: ConversationId,
    talks: Vec<ConversationId>,
}

impl World {
    async fn new() -> Self {
        let (app, mut owner) = team().await;
        let mut anna = Talker::new(&app, "anna").await;
        let mut others = Vec::new();
        for name in STANDINGS {
            others.push(Talker::new(&app, name).await);
        }
        let mut people: Vec<_> = others.iter().map(|other| other.id.to_string()).collect();
        people.remove(5);
        let ask = json!({"name": "Garden", "public": false, "people": people});
        let made = anna.browser.post("/groups", ask).await.ok();
        let group: ConversationId = made["id"].as_str().unwrap().parse().unwrap();
        let mut talks = Vec::new();
        for other in &others {
            let talk = anna.direct(other.id).await;
            anna.write(talk, "hello").await;
            talks.push(talk);
        }
        for friend in [0, 5, 6] {
            befriend(&mut anna, &mut others[friend]).await;
        }
        let path = format!("/blocks/{}", others[2].id);
        anna.browser.put(&path, json!({})).await.ok();
        let path = format!("/blocks/{}", anna.id);
        others[3].browser.put(&path, json!({})).await.ok();
        let path = format!("/people/{}/active", others[4].id);
        owner.put(&path, json!({"active": false})).await.ok();
        let path = format!("/groups/{group}/members/{}", others[6].id);
        anna.browser.delete(&path).await.ok();
        Self {
            app,
            owner,
            anna,
            others,
            group,
            talks,
        }
    }
}

async fn befriend(one: &mut Talker, other: &mut Talker) {
    let (one_id, other_id) = (one.id, other.id);
    for (someone, with) in [(one, other_id), (other, one_id)] {
        let path = format!("/friends/{with}");
        someone.browser.put(&path, json!({})).await.ok();
    }
}

/// Of what is told next in a conversation: a message's number, or what is unread and how much of that mentions.
async fn next_told(line: &mut Raw, of: ConversationId) -> Result<Seq, (u32, u32)> {
    line.expect("a message or a mark", |event| match event {
        ServerEvent::MessageChanged { message, .. } if message.conversation == of => {
            Some(Ok(message.seq))
        }
        ServerEvent::ReadChanged {
            conversation,
            unread,
            mentions,
            ..
        } if *conversation == of => Some(Err((*unread, *mentions))),
        _ => None,
    })
    .await
}

async fn expect_mention(line: &mut Raw, of: ConversationId, seq: Seq) -> (u32, u32) {
    while next_told(line, of).await != Ok(seq) {}
    let told = next_told(line, of).await;
    told.expect_err("whoever is mentioned is told right after the message")
}

async fn expect_no_mention(line: &mut Raw) {
    line.expect_nothing(|event| matches!(event, ServerEvent::ReadChanged { .. }))
        .await;
}

fn kept(app: &TestApp) -> i64 {
    let data = rusqlite::Connection::open(app.data_dir().join("parley.sqlite")).unwrap();
    let count = data.query_row("SELECT COUNT(*) FROM mentions", [], |row| row.get(0));
    count.unwrap()
}

async fn read(line: &mut Raw, conversation: ConversationId, through: Seq) {
    let command = ClientCommand::Read {
        conversation,
        through,
    };
    line.say_command(&command).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_is_told_as_the_table_says() {
    let mut world = World::new().await;
    for (policy, place, fates) in TABLE {
        set_contact(&mut world.owner, policy).await;
        for (index, fate) in fates.into_iter().enumerate() {
            let what = format!("{} in {place} among {policy}", STANDINGS[index]);
            let conversation = match place {
                "lobby" => world.anna.line.lobby,
                "group" => world.group,
                _ => world.talks[index],
            };
            let text = format!("look, @{}!", STANDINGS[index]);
            let (before, id) = (kept(&world.app), mint());
            world
                .anna
                .line
                .say_command(&send(id, conversation, &text))
                .await;
            let said = world.anna.line.expect("an answer", |event| match event {
                ServerEvent::Accepted { id: about, seq, .. } if *about == id => Some(Ok(*seq)),
                ServerEvent::Refused { reason, .. } => Some(Err(reason.clone())),
                _ => None,
            });
            let said = said.await;
            assert_eq!(said.is_err(), fate == Refused, "{what}: {said:?}");
            assert_eq!(kept(&world.app) - before, i64::from(fate == Told), "{what}");
            // Whether it counts, the author is not told.
            expect_no_mention(&mut world.anna.line).await;
            let other = &mut world.others[index].line;
            match said {
                Ok(seq) if fate == Told => {
                    let (unread, mentions) = expect_mention(other, conversation, seq).await;
                    assert!(unread >= mentions && mentions > 0, "{what}");
                    let seen = other.ask_conversation(conversation).await;
                    assert_eq!((seen.unread, seen.mentions), (unread, mentions), "{what}");
                }
                _ if STANDINGS[index] == "deactivated" => {}
                _ => expect_no_mention(other).await,
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_mentions_whoever_blocked_its_author_looks_as_any_other() {
    let mut world = World::new().await;
    let mut heard = Vec::new();
    for name in ["friend", "blocker", "nobody-at-all"] {
        let conversation = world.group;
        world.anna.write(conversation, &format!("@{name}")).await;
        let line = &mut world.others[1].line;
        let message = loop {
            let message = line.expect_message(conversation).await;
            if crate::client::text_of(&message.body) == format!("@{name}") {
                break message;
            }
        };
        let shape = serde_json::to_value(&message).unwrap();
        let fields: Vec<String> = shape.as_object().unwrap().keys().cloned().collect();
        heard.push(fields);
    }
    assert!(heard.windows(2).all(|two| two[0] == two[1]), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mentions_someone_is_counted_until_they_read_it_on_whichever_device() {
    let (mut app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut phone = bert.device().await;
    let talk = anna.direct(bert.id).await;
    let mut places = Vec::new();
    for text in [
        "one",
        "@bert two",
        "three @bert @bert",
        "four",
        "@Bert: five",
    ] {
        places.push(anna.write(talk, text).await);
    }
    for line in [&mut bert.line, &mut phone] {
        assert_eq!(expect_mention(line, talk, places[1]).await, (2, 1));
        assert_eq!(expect_mention(line, talk, places[2]).await, (3, 2));
        assert_eq!(expect_mention(line, talk, places[4]).await, (5, 3));
    }
    // It is kept as everything is.
    app.restart().await;
    anna.reconnect().await;
    bert.reconnect().await;
    let ServerEvent::Welcome { conversations, .. } = &bert.line.welcome else {
        panic!("a connection begins with a welcome");
    };
    assert_eq!((conversations[1].unread, conversations[1].mentions), (5, 3));
    for (through, left) in [(2, (3, 2)), (4, (1, 1)), (5, (0, 0))] {
        read(&mut bert.line, talk, Seq(through)).await;
        assert_eq!(next_told(&mut bert.line, talk).await, Err(left));
    }
    let seen = anna.line.ask_conversation(talk).await;
    assert_eq!(seen.mentions, 0, "nobody else counts it");
}

#[tokio::test(flavor = "multi_thread")]
async fn saying_a_message_again_mentions_nobody_again() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let lobby = anna.line.lobby;
    let id = mint();
    for _ in 0..3 {
        anna.line.say_command(&send(id, lobby, "@bert")).await;
        let accepted = anna.line.expect("to be accepted", |event| match event {
            ServerEvent::Accepted { seq, .. } => Some(*seq),
            _ => None,
        });
        assert_eq!(accepted.await, Seq(1));
    }
    assert_eq!(expect_mention(&mut bert.line, lobby, Seq(1)).await, (1, 1));
    expect_no_mention(&mut bert.line).await;
    assert_eq!(kept(&app), 1);
    // With other content it is not said at all.
    anna.line.say_command(&send(id, lobby, "@bert!")).await;
    assert_eq!(anna.line.expect_refusal().await.reason, Refusal::IdTaken);
    assert_eq!(kept(&app), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_mentions_themselves_and_guests_mention_nobody() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let lobby = anna.line.lobby;
    anna.write(lobby, "I am @anna").await;
    expect_no_mention(&mut anna.line).await;
    let mut guest = Browser::at(&app).enter_as_guest().await;
    guest.say_command(&send(mint(), lobby, "@anna")).await;
    anna.line.expect_message(lobby).await;
    expect_no_mention(&mut anna.line).await;
    let notes = anna.direct(anna.id).await;
    anna.write(notes, "@anna").await;
    expect_no_mention(&mut anna.line).await;
    assert_eq!(kept(&app), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_of_two_mentions_no_third() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let talk = anna.direct(bert.id).await;
    let seq = anna.write(talk, "@carl @bert").await;
    assert_eq!(expect_mention(&mut bert.line, talk, seq).await, (1, 1));
    expect_no_mention(&mut carl.line).await;
    carl.line.expect_nothing_of(talk).await;
    assert_eq!(kept(&app), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_the_same_mention_the_same_and_the_longest_of_several_counts() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut names = Vec::new();
    for name in ["paypal", "小明", "小明看", "li", "li.ming", "josé", "сосо"] {
        names.push(Talker::new(&app, name).await);
    }
    let lobby = anna.line.lobby;
    for (text, index) in [
        ("@PAYPA1", 0),
        ("@ｐａｙｐａｌ,", 0),
        ("请@小明回答", 1),
        ("请@小明看一下", 2),
        ("你好@li你好", 3),
        ("ok @li.ming.", 4),
        ("@jose\u{301}", 5),
        ("@coco", 6),
    ] {
        let seq = anna.write(lobby, text).await;
        for (other, someone) in names.iter_mut().enumerate() {
            if other == index {
                expect_mention(&mut someone.line, lobby, seq).await;
            } else {
                expect_no_mention(&mut someone.line).await;
            }
        }
    }
    for text in [
        "@paypa",
        "@paypall",
        "@li.mi",
        "@小",
        "a@li.example",
        "@nobody",
    ] {
        anna.write(lobby, text).await;
    }
    for someone in &mut names {
        expect_no_mention(&mut someone.line).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_are_mentioned_the_first_are_told() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let lobby = anna.line.lobby;
    let many = "@nobody ".repeat(MENTIONS_MAX - 1);
    let seq = anna.write(lobby, &format!("{many}@bert @carl")).await;
    assert_eq!(expect_mention(&mut bert.line, lobby, seq).await, (1, 1));
    carl.line.expect_message(lobby).await;
    expect_no_mention(&mut carl.line).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_finds_no_mention_of_before_and_whoever_is_gone_is_forgotten() {
    let mut world = World::new().await;
    let group = world.group;
    let leave = format!("/groups/{group}/members/{}", world.others[0].id);
    let seq = world.anna.write(group, "@friend").await;
    expect_mention(&mut world.others[0].line, group, seq).await;
    world.others[0].browser.delete(&leave).await.ok();
    world.anna.write(group, "@friend again").await;
    let add = json!({"people": [world.others[0].id.to_string()]});
    let path = format!("/groups/{group}/members");
    world.anna.browser.post(&path, add).await.ok();
    let seen = world.others[0].line.ask_conversation(group).await;
    assert_eq!((seen.unread, seen.mentions), (0, 0));
    assert_eq!(kept(&world.app), 1);
    let confirm = json!({"password": crate::browser::PASSWORD});
    let gone = world.others[0].browser.ask("DELETE", "/me", Some(confirm));
    gone.await.ok();
    assert_eq!(kept(&world.app), 0);
    world.anna.write(group, "@friend is gone").await;
    assert_eq!(kept(&world.app), 0);
}

/// Changes what a message says, or erases it, and waits until that is done.
async fn change(
    talker: &mut Talker,
    conversation: ConversationId,
    message: MessageId,
    text: Option<&str>,
) -> Seq {
    let id = mint();
    let command = match text {
        Some(text) => ClientCommand::Edit {
            id,
            conversation,
            message,
            body: ChatMessage::Text {
                text: text.to_owned(),
            },
        },
        None => ClientCommand::Delete {
            id,
            conversation,
            message,
        },
    };
    talker.line.say_command(&command).await;
    let accepted = talker.line.expect("to be accepted", |event| match event {
        ServerEvent::Accepted { id: about, seq, .. } => (*about == id).then_some(*seq),
        ServerEvent::Refused { reason, .. } => panic!("refused: {reason}"),
        _ => None,
    });
    accepted.await
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_message_mentions_is_another_when_it_says_something_else_and_nobody_when_it_is_erased()
 {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let mut carl = Talker::new(&app, "carl").await;
    let lobby = anna.line.lobby;
    let id = mint();
    anna.line.say_command(&send(id, lobby, "@bert")).await;
    assert_eq!(expect_mention(&mut bert.line, lobby, Seq(1)).await, (1, 1));
    carl.line.expect_message(lobby).await;

    change(&mut anna, lobby, id, Some("@bert and @carl")).await;
    assert_eq!(expect_mention(&mut carl.line, lobby, Seq(1)).await, (1, 1));
    bert.line.expect_message(lobby).await;
    expect_no_mention(&mut bert.line).await;

    change(&mut anna, lobby, id, Some("@carl alone")).await;
    assert_eq!(expect_mention(&mut bert.line, lobby, Seq(1)).await, (1, 0));
    carl.line.expect_message(lobby).await;
    expect_no_mention(&mut carl.line).await;

    change(&mut anna, lobby, id, None).await;
    assert_eq!(expect_mention(&mut carl.line, lobby, Seq(1)).await, (0, 0));
    bert.line.expect_message(lobby).await;
    expect_no_mention(&mut bert.line).await;
    assert_eq!(kept(&app), 0);
    let seen = carl.line.ask_conversation(lobby).await;
    assert_eq!((seen.unread, seen.mentions), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_what_was_read_already_tells_nobody_and_none_reaches_who_blocked_the_author() {
    let (app, _) = team().await;
    let mut anna = Talker::new(&app, "anna").await;
    let mut bert = Talker::new(&app, "bert").await;
    let lobby = anna.line.lobby;
    let id = mint();
    anna.line.say_command(&send(id, lobby, "hello")).await;
    bert.line.expect_message(lobby).await;
    read(&mut bert.line, lobby, Seq(1)).await;
    assert_eq!(next_told(&mut bert.line, lobby).await, Err((0, 0)));
    change(&mut anna, lobby, id, Some("hello @bert")).await;
    bert.line.expect_message(lobby).await;
    expect_no_mention(&mut bert.line).await;
    assert_eq!(bert.line.ask_conversation(lobby).await.mentions, 0);
    let block = format!("/blocks/{}", anna.id);
    bert.browser.put(&block, json!({})).await.ok();
    change(&mut anna, lobby, id, Some("hello again @bert")).await;
    assert_eq!(kept(&app), 0);
    let later = mint();
    anna.line.say_command(&send(later, lobby, "well")).await;
    change(&mut anna, lobby, later, Some("well, @bert")).await;
    assert_eq!(kept(&app), 0);
    expect_no_mention(&mut bert.line).await;
}
