//! What is kept, through the store's own door: opening, upgrading, pages. It does not know the ledger.

use parley_server::store::conversations::{Seat, lobby_seats};
use parley_server::store::messages::{self, Page, StoredEntry};
use parley_server::store::sqlite::Connection;
use parley_server::store::{Result, Store, StoreError, Writer, people};
use parley_shared::chain::EntryKind;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::{Message, Notice};
use parley_shared::protocol::ChatMessage;
use tempfile::TempDir;

use crate::scene::config;

mod log;
mod pages;
mod upgrade;

const LOBBY: ConversationId = ConversationId::from_bytes([7; 16]);
const ALICE: UserId = UserId::from_bytes([1; 16]);

/// A store with a Lobby in it.
struct Kept {
    store: Store,
    writer: Writer,
    seat: Seat,
    _dir: TempDir,
}

impl Kept {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (store, mut writer) = Store::open(dir.path()).unwrap();
        writer.ensure_lobby(LOBBY, 1).unwrap();
        let seat = seat(&store, ALICE).await;
        Self {
            store,
            writer,
            seat,
            _dir: dir,
        }
    }

    /// Keeps messages of Alice after what there is, as the ledger does.
    fn add(&mut self, first: u64, texts: &[String]) {
        self.writer
            .transaction(|connection| {
                people::insert_person(connection, ALICE, 1)?;
                for (seq, text) in (first..).map(Seq).zip(texts) {
                    let message = message(seq, text);
                    let body = serde_json::to_string(&message.body).unwrap();
                    assert!(messages::insert_message(connection, &message, &body)?);
                    messages::insert_entry(connection, LOBBY, &entry(seq, seq))?;
                }
                set_last(connection, first + texts.len() as u64 - 1)
            })
            .unwrap();
    }

    /// Changes a message: one more entry, about a message that is there.
    fn change(&mut self, seq: u64, message: u64) {
        self.writer
            .transaction(|connection| {
                messages::insert_entry(connection, LOBBY, &entry(Seq(seq), Seq(message)))?;
                connection.execute(
                    "UPDATE messages SET changed_seq = $1 WHERE seq = $2",
                    &[seq.into(), message.into()],
                )?;
                set_last(connection, seq)
            })
            .unwrap();
    }

    async fn history(&self, before: Option<u64>) -> Page {
        let seat = self.seat;
        self.store
            .read(move |connection| messages::history(connection, &seat, before.map(Seq)))
            .await
            .unwrap()
            .unwrap()
    }

    async fn changes(&self, since: u64) -> Page {
        let seat = self.seat;
        self.store
            .read(move |connection| messages::changes(connection, &seat, Seq(since)))
            .await
            .unwrap()
            .unwrap()
    }
}

async fn seat(store: &Store, person: UserId) -> Seat {
    let found = store.read(move |connection| lobby_seats(connection, person));
    found.await.unwrap()[0]
}

fn message(seq: Seq, text: &str) -> Message {
    Message {
        id: MessageId::from_bytes(u128::from(seq.0).to_be_bytes()),
        conversation: LOBBY,
        author: ALICE,
        seq,
        changed: seq,
        sent_ms: 1_000 + seq.0,
        edited_ms: None,
        salt: None,
        body: ChatMessage::Text {
            text: text.to_owned(),
        },
    }
}

fn entry(seq: Seq, message_seq: Seq) -> StoredEntry {
    StoredEntry {
        seq,
        kind: EntryKind::Sent,
        message_seq,
        author: ALICE,
        at_ms: 1_000 + seq.0,
        digest: [3; 32],
        head: [4; 32],
    }
}

fn set_last(connection: &mut Connection, last: u64) -> Result<()> {
    connection
        .execute("UPDATE conversations SET last_seq = $1", &[last.into()])
        .map(drop)
}

fn texts(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("text {number}")).collect()
}

fn places(page: &Page) -> Vec<u64> {
    page.messages.iter().map(|message| message.seq.0).collect()
}

#[test]
fn a_second_server_on_the_same_data_is_refused_until_the_first_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(dir.path()).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(StoreError::Locked)));
    drop(first);
    Store::open(dir.path()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_second_server_ends_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let _held = Store::open(dir.path()).unwrap();
    let settings = config(dir.path());
    let listener = parley_server::listen(&settings).await.unwrap();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let error = parley_server::run(listener, settings, shutdown)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("another server"), "{error}");
}

#[test]
fn data_of_a_newer_version_is_refused_and_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    let mut connection = Connection::open_writer(&dir.path().join("parley.sqlite")).unwrap();
    connection
        .execute_script("INSERT INTO schema_version (version) VALUES (99)")
        .unwrap();
    drop(connection);
    let error = Store::open(dir.path()).unwrap_err();
    assert!(
        matches!(error, StoreError::TooNew { found: 99, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("parley.sqlite"), "x".repeat(8_192)).unwrap();
    assert!(matches!(
        Store::open(dir.path()),
        Err(StoreError::Database(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_again_changes_nothing() {
    let mut kept = Kept::new().await;
    kept.add(1, &texts(3));
    let before = kept.history(None).await;
    let Kept {
        store,
        writer,
        _dir: dir,
        ..
    } = kept;
    drop((store, writer));
    let (store, mut writer) = Store::open(dir.path()).unwrap();
    writer
        .ensure_lobby(ConversationId::from_bytes([8; 16]), 2)
        .unwrap();
    let versions = store
        .read(|connection| {
            connection.query("SELECT version FROM schema_version", &[], |row| {
                row.number(0)
            })
        })
        .await
        .unwrap();
    assert_eq!(versions, [1, 2, 3, 4], "each step is taken once");
    let seat = seat(&store, ALICE).await;
    assert_eq!(seat.conversation(), LOBBY, "there is one Lobby");
    let kept = Kept {
        store,
        writer,
        seat,
        _dir: dir,
    };
    assert_eq!(kept.history(None).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_made_once_and_kept() {
    let mut kept = Kept::new().await;
    let first = kept.writer.secret("test", &[5; 32]).unwrap();
    let second = kept.writer.secret("test", &[6; 32]).unwrap();
    assert_eq!((first, second), ([5; 32], [5; 32]));
    assert_ne!(kept.writer.secret("other", &[6; 32]).unwrap(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_leaves_nothing_behind() {
    let mut kept = Kept::new().await;
    kept.add(1, &texts(1));
    let failed = kept.writer.transaction(|connection| {
        let second = message(Seq(2), "half");
        messages::insert_message(connection, &second, "{}")?;
        messages::insert_entry(connection, LOBBY, &entry(Seq(1), Seq(1)))
    });
    assert!(
        matches!(failed, Err(StoreError::Database(_))),
        "a number is given once: {failed:?}"
    );
    assert_eq!(places(&kept.history(None).await), [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_cannot_write_and_survives_a_failed_question() {
    let kept = Kept::new().await;
    for _ in 0..20 {
        let failed = kept
            .store
            .read(|connection| connection.execute("DELETE FROM conversations", &[]))
            .await;
        assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    }
    assert_eq!(kept.history(None).await.through, Seq(0));
}

#[test]
fn a_value_goes_to_the_placeholder_of_its_number_or_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = Connection::open_writer(&dir.path().join("x.sqlite")).unwrap();
    let mut ask = |sql: &'static str| {
        let values = [1_u64.into(), 2_u64.into()];
        connection.query_one(sql, &values, |row| Ok((row.number(0)?, row.number(1)?)))
    };
    assert_eq!(ask("SELECT $1, $2").unwrap(), Some((1, 2)));
    // SQLite numbers by first appearance, and would give these the other way round in silence.
    assert_eq!(ask("SELECT $2, $1").unwrap(), Some((2, 1)));
    for wrong in [
        "SELECT $1, 7",
        "SELECT $1, $3",
        "SELECT $0, $1",
        "SELECT ?, ?",
        "SELECT $a, $b",
    ] {
        assert!(
            matches!(ask(wrong), Err(StoreError::Statement(_))),
            "{wrong}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_names_authors_and_those_of_whom_notices_speak() {
    let mut kept = Kept::new().await;
    kept.add(1, &texts(1));
    let removed = UserId::from_bytes([2; 16]);
    let nobody = UserId::from_bytes([3; 16]);
    let notice = Message {
        body: ChatMessage::Notice {
            notice: Notice::Added {
                people: vec![removed, nobody],
            },
        },
        ..message(Seq(2), "")
    };
    kept.writer
        .transaction(|connection| {
            people::insert_person(connection, removed, 1)?;
            let body = serde_json::to_string(&notice.body).unwrap();
            messages::insert_message(connection, &notice, &body)?;
            messages::insert_entry(connection, LOBBY, &entry(Seq(2), Seq(2)))?;
            set_last(connection, 2)
        })
        .unwrap();
    for page in [kept.history(None).await, kept.changes(1).await] {
        let named: Vec<UserId> = page.people.iter().map(|person| person.id).collect();
        assert_eq!(named, [ALICE, removed]);
        assert_eq!(page.messages.last(), Some(&notice));
    }
}
