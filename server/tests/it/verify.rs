//! A store that is altered by hand, in every way: `parley verify` says so, and so does the witness of whoever reads what
//! is served. It does not know how either finds it.

use std::path::{Path, PathBuf};
use std::process::Command;

use parley_server::verify::{Broken, Report, verify};
use parley_shared::ids::{ConversationId, MessageId, Seq};
use parley_shared::protocol::{ClientCommand, ServerEvent};
use parley_shared::timeline::Timeline;
use parley_shared::witness::{Finding, Witness};
use serde_json::json;

use crate::client::mint;
use crate::raw::Raw;
use crate::scene::TestApp;
use crate::talkers::{Talker, id_in, send, team};

mod mutations;

/// A server with a group in which everything happened that can happen, and talks beside it.
struct Archive {
    app: TestApp,
    anna: Talker,
    group: ConversationId,
    lobby: ConversationId,
    /// The places of a message that was only sent, one that was edited, one that was deleted, one that was edited
    /// and deleted, and of a notice.
    sent: Seq,
    edited: Seq,
    deleted: Seq,
    erased: Seq,
    notice: Seq,
}

impl Archive {
    async fn new() -> Self {
        let (app, _owner) = team().await;
        let mut anna = Talker::new(&app, "anna").await;
        let bea = Talker::new(&app, "bea").await;
        let ask = json!({"name": "Garden", "public": false, "people": [bea.id.to_string()]});
        let group = id_in(&anna.browser.post("/groups", ask).await.ok());
        let lobby = anna.line.lobby;
        let sent = anna.write(group, "only sent").await;
        let (edited_id, edited) = say(&mut anna, group, "first words").await;
        change(&mut anna, edit(group, edited_id, "second words")).await;
        let (deleted_id, deleted) = say(&mut anna, group, "soon gone").await;
        change(&mut anna, delete(group, deleted_id)).await;
        let (erased_id, erased) = say(&mut anna, group, "soon other").await;
        change(&mut anna, edit(group, erased_id, "soon gone")).await;
        change(&mut anna, edit(group, edited_id, "third words")).await;
        change(&mut anna, delete(group, erased_id)).await;
        anna.browser
            .patch(&format!("/groups/{group}"), json!({"name": "Orchard"}))
            .await
            .ok();
        let (_, last) = say(&mut anna, group, "the end").await;
        anna.write(lobby, "hello").await;
        let direct = anna.direct(bea.id).await;
        anna.write(direct, "just us").await;
        Self {
            app,
            anna,
            group,
            lobby,
            sent,
            edited,
            deleted,
            erased,
            notice: Seq(last.0 - 1),
        }
    }

    fn file(&self) -> PathBuf {
        self.app.data_dir().join("parley.sqlite")
    }

    /// What `parley verify` finds.
    fn verify(&self) -> Report {
        verify(&self.file(), |_, _| {}).unwrap()
    }

    /// What a reader of the group finds who comes fresh.
    async fn read(&self, conversation: ConversationId) -> Vec<Finding> {
        let mut line = self.anna.browser.connect().await.unwrap();
        let (mut witness, mut timeline) = (Witness::default(), Timeline::new());
        open(&mut line, conversation, &mut timeline).await;
        prove(&mut line, conversation, &timeline, &mut witness).await;
        witness.findings().to_vec()
    }
}

async fn open(line: &mut Raw, conversation: ConversationId, timeline: &mut Timeline) {
    let before = None;
    line.say_command(&ClientCommand::History {
        conversation,
        before,
    })
    .await;
    let (messages, through, more) = line
        .expect("the history", |event| match event {
            ServerEvent::History {
                messages,
                through,
                more,
                ..
            } => Some((messages.clone(), *through, *more)),
            _ => None,
        })
        .await;
    timeline.apply_newest(messages, through, more);
}

async fn prove(
    line: &mut Raw,
    conversation: ConversationId,
    timeline: &Timeline,
    witness: &mut Witness,
) {
    while let Some(after) = witness.look(timeline, true, 1) {
        let page = entries(line, conversation, after).await;
        witness.take(after, page.0, page.1, 1);
    }
}

async fn entries(
    line: &mut Raw,
    conversation: ConversationId,
    after: Seq,
) -> (
    parley_shared::chain::Hash,
    Vec<parley_shared::model::LedgerEntry>,
    bool,
) {
    line.say_command(&ClientCommand::Entries {
        conversation,
        after,
    })
    .await;
    line.expect("the entries", |event| match event {
        ServerEvent::Entries {
            after: told,
            head,
            entries,
            more,
            ..
        } if *told == after => Some((head.0, entries.clone(), *more)),
        _ => None,
    })
    .await
}

async fn say(talker: &mut Talker, conversation: ConversationId, text: &str) -> (MessageId, Seq) {
    let id = mint();
    let seq = change(talker, send(id, conversation, text)).await;
    (id, seq)
}

async fn change(talker: &mut Talker, command: ClientCommand) -> Seq {
    talker.line.say_command(&command).await;
    let (ClientCommand::Send { id, .. }
    | ClientCommand::Edit { id, .. }
    | ClientCommand::Delete { id, .. }) = command
    else {
        panic!("it has no id");
    };
    talker
        .line
        .expect("to be accepted", |event| match event {
            ServerEvent::Accepted { id: told, seq, .. } => (*told == id).then_some(*seq),
            ServerEvent::Refused { reason, .. } => panic!("refused: {reason}"),
            _ => None,
        })
        .await
}

fn edit(conversation: ConversationId, message: MessageId, text: &str) -> ClientCommand {
    ClientCommand::Edit {
        id: mint(),
        conversation,
        message,
        body: parley_shared::protocol::ChatMessage::Text {
            text: text.to_owned(),
        },
    }
}

fn delete(conversation: ConversationId, message: MessageId) -> ClientCommand {
    ClientCommand::Delete {
        id: mint(),
        conversation,
        message,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_wrote_is_good_for_the_operator_and_for_whoever_reads_it() {
    let mut archive = Archive::new().await;
    let report = archive.verify();
    assert_eq!(report.broken, []);
    // What a message said before it was deleted: one of one message, two of the other.
    assert_eq!(report.erased, 3);
    assert_eq!(report.counts.versions, 3 + 1 + 3);
    for conversation in [archive.group, archive.lobby] {
        assert_eq!(archive.read(conversation).await, []);
    }
    archive.app.stop().await;
    assert_eq!(archive.verify().broken, [], "also while nobody writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_come_in_pages_and_lead_from_each_to_the_next() {
    let mut app = TestApp::start(|config| config.messages_per_second = 0).await;
    let mut line = app.raw().await;
    let lobby = line.lobby;
    for number in 0..601 {
        let text = format!("{number}");
        line.say_command(&send(mint(), lobby, &text)).await;
    }
    line.expect("the last", |event| match event {
        ServerEvent::Accepted { seq, .. } => (seq.0 == 601).then_some(()),
        _ => None,
    })
    .await;
    let first = entries(&mut line, lobby, Seq::ZERO).await;
    assert_eq!((first.0, first.1.len(), first.2), ([0; 32], 500, true));
    let second = entries(&mut line, lobby, Seq(500)).await;
    assert_eq!((second.1.len(), second.2), (101, false));
    let end = entries(&mut line, lobby, Seq(601)).await;
    assert_eq!((end.1.len(), end.2), (0, false));
    let numbers: Vec<u64> = first.1.iter().chain(&second.1).map(|it| it.seq.0).collect();
    assert_eq!(numbers, (1..=601).collect::<Vec<_>>());
    let head = first.1.iter().chain(&second.1).fold(first.0, |head, it| {
        let entry = parley_shared::chain::Entry {
            seq: it.seq,
            kind: 1,
            message: &it.message,
            author: &it.author,
            at_ms: it.at_ms,
            content: &it.digest.0,
        };
        parley_shared::chain::head(&head, &entry)
    });
    assert_eq!(head, end.0, "from nothing to the end");
    let beyond = entries(&mut line, lobby, Seq(602)).await;
    assert_eq!(
        (beyond.0, beyond.1.len()),
        ([0; 32], 0),
        "there is no such entry"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_seat_is_told_no_entries() {
    let archive = Archive::new().await;
    let mut carol = Talker::new(&archive.app, "carol").await;
    let ask = |conversation| ClientCommand::Entries {
        conversation,
        after: Seq::ZERO,
    };
    let refused = carol.line.refused(&ask(archive.group)).await;
    let nowhere = ask(ConversationId::from_bytes([9; 16]));
    assert_eq!(
        refused,
        carol.line.refused(&nowhere).await,
        "it looks the same"
    );
}

fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_parley"))
        .arg("verify")
        .args(words)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_answers_by_its_exit_code_and_names_what_is_broken() {
    let mut archive = Archive::new().await;
    let dir = archive.app.data_dir().to_owned();
    let (code, said, progress) = run(&["--data-dir", path(&dir)]);
    assert_eq!(code, Some(0), "{said}{progress}");
    assert!(said.starts_with("good: "), "{said}");
    assert!(progress.contains(" entries"), "{progress}");

    archive.app.stop().await;
    let copy = dir.join("copy of the database #1?.sqlite");
    std::fs::copy(archive.file(), &copy).unwrap();
    let copied = rusqlite::Connection::open(&copy).unwrap();
    copied
        .execute(
            "UPDATE messages SET body = '{\"type\":\"text\",\"text\":\"other\"}' WHERE conversation_id = ?1 AND seq = ?2",
            (archive.group.as_bytes(), archive.sent.0.cast_signed()),
        )
        .unwrap();
    drop(copied);
    let (code, said, _) = run(&["--file", path(&copy)]);
    assert_eq!(code, Some(1));
    let line = format!(
        "conversation {}, entry {} (message ",
        archive.group, archive.sent
    );
    assert!(said.contains(&line), "{said}");
    assert!(
        said.contains("says something else than was written"),
        "{said}"
    );
    assert!(said.contains("broken: "), "{said}");

    let (code, said, why) = run(&["--data-dir", path(&dir.join("nowhere"))]);
    assert_eq!((code, said.as_str()), (Some(2), ""));
    assert!(why.contains("there is no "), "{why}");
    let no_database = dir.join("text");
    std::fs::write(&no_database, "x".repeat(8_192)).unwrap();
    assert_eq!(run(&["--file", path(&no_database)]).0, Some(2));
    let newer = rusqlite::Connection::open(&copy).unwrap();
    newer
        .execute("INSERT INTO schema_version VALUES (99)", ())
        .unwrap();
    drop(newer);
    let (code, _, why) = run(&["--file", path(&copy)]);
    assert_eq!(code, Some(2));
    assert!(why.contains("schema 99"), "{why}");
}
