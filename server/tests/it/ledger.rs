//! The one door for durable change, without connections: order, batches, retries, the chain. It knows no wire.

use std::io::{self, Cursor, IoSlice};
use std::sync::{Arc, Mutex};

use parley_server::account::Proof;
use parley_server::hub::mailbox::Line;
use parley_server::hub::{Hub, Listener};
use parley_server::ledger::{Change, Ledger, Options, Outcome, Running};
use parley_server::store::Store;
use parley_server::store::conversations::{Seat, lobby_seats, progress};
use parley_shared::codec::decode_event;
use parley_shared::ids::{ConversationId, MessageId, Seq, UserId};
use parley_shared::model::Person;
use parley_shared::protocol::{ChatMessage, Refusal, ServerEvent};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;

use crate::client::mint;

pub(crate) mod chain;
mod wal;

const ALICE: UserId = UserId::from_bytes([1; 16]);
const BOB: UserId = UserId::from_bytes([2; 16]);

/// A ledger on a store of its own, with two conversations and someone who listens to both.
struct Bench {
    dir: Arc<TempDir>,
    store: Store,
    ledger: Ledger,
    running: Running,
    heard: Arc<Paper>,
    _listener: Listener,
    conversations: Vec<ConversationId>,
}

/// A line that takes everything and keeps it.
#[derive(Debug, Default)]
pub(crate) struct Paper(Mutex<Vec<u8>>);

impl Line for Paper {
    fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut paper = self.0.lock().unwrap();
        let before = paper.len();
        paper.extend(slices.iter().flat_map(|slice| slice.iter()));
        Ok(paper.len() - before)
    }
}

impl Paper {
    /// What was told, in that order.
    pub(crate) fn events(&self) -> Vec<ServerEvent> {
        let bytes = self.0.lock().unwrap();
        let mut cursor = Cursor::new(&bytes[..]);
        let mut events = Vec::new();
        while let Some((_, length)) = FrameHeader::parse(&mut cursor).unwrap() {
            let start = usize::try_from(cursor.position()).unwrap();
            let end = start + usize::try_from(length).unwrap();
            let text = std::str::from_utf8(&bytes[start..end]).unwrap();
            events.push(decode_event(text).unwrap());
            cursor.set_position(end as u64);
        }
        events
    }
}

impl Bench {
    async fn new(options: Options) -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let (store, mut writer) = Store::open(dir.path()).unwrap();
        let conversations: Vec<_> = [7, 8]
            .map(|byte| ConversationId::from_bytes([byte; 16]))
            .to_vec();
        writer.ensure_lobby(conversations[0], 1).unwrap();
        writer.create_lobby(conversations[1], 2).unwrap();
        let hub = Hub::default();
        let reader = Person::unnamed(UserId::from_bytes([9; 16]));
        let listener = hub.join(&reader, Proof::Guest, conversations.clone());
        let heard = Arc::new(Paper::default());
        let line = Arc::clone(&heard) as Arc<dyn Line>;
        listener.mailbox().open(line, &[]);
        let (ledger, running) = Ledger::start(writer, hub, options).unwrap();
        Self {
            dir,
            store,
            ledger,
            running,
            heard,
            _listener: listener,
            conversations,
        }
    }

    async fn seat(&self, person: UserId, conversation: usize) -> Seat {
        seats(&self.store, person).await[conversation]
    }

    /// Hands in messages and returns what became of them, in the order of the answers.
    async fn send_all(&self, messages: Vec<(Seat, MessageId, &str)>) -> Vec<Outcome> {
        let count = messages.len();
        let (answers, mut outcomes) = mpsc::channel(count.max(1));
        for (seat, id, text) in messages {
            let answers = answers.clone();
            let receipt = Box::new(move |outcome| answers.try_send(outcome).unwrap());
            self.ledger.submit(send(seat, id, text), receipt).await;
        }
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            all.push(outcomes.recv().await.expect("every change is answered"));
        }
        all
    }

    /// Places of the messages that were published in a conversation, in the order of publication.
    fn published(&self, conversation: ConversationId) -> Vec<u64> {
        self.heard
            .events()
            .into_iter()
            .filter_map(|event| match event {
                ServerEvent::MessageChanged { message, .. } => {
                    (message.conversation == conversation).then_some(message.seq.0)
                }
                _ => None,
            })
            .collect()
    }
}

async fn seats(store: &Store, person: UserId) -> Vec<Seat> {
    let found = store.read(move |connection| lobby_seats(connection, person));
    found.await.unwrap()
}

fn send(seat: Seat, id: MessageId, text: &str) -> Change {
    let body = ChatMessage::Text {
        text: text.to_owned(),
    };
    Change::Send { seat, id, body }
}

fn place(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Stored { seq, .. } => seq.0,
        other => panic!("not stored: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_get_contiguous_numbers_in_the_order_in_which_they_were_handed_in() {
    let bench = Bench::new(Options::default()).await;
    let (here, there) = (bench.seat(ALICE, 0).await, bench.seat(BOB, 1).await);
    let messages = (0..600)
        .map(|number| (if number % 3 == 0 { there } else { here }, mint(), "hi"))
        .collect();
    let outcomes = bench.send_all(messages).await;
    for (seat, count) in [(here, 400), (there, 200)] {
        let places: Vec<u64> = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Outcome::Stored { conversation, .. } if *conversation == seat.conversation()))
            .map(place)
            .collect();
        assert_eq!(places, (1..=count).collect::<Vec<_>>());
    }
    let verified = chain::verify(bench.dir.path(), &bench.store).await;
    assert_eq!(verified, 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_in_order_and_told_before_the_acknowledgement() {
    let bench = Bench::new(Options::default()).await;
    let seat = bench.seat(ALICE, 0).await;
    let (answer, answered) = oneshot::channel();
    let heard = Arc::clone(&bench.heard);
    let receipt = Box::new(move |outcome| {
        answer.send((outcome, heard.events().len())).unwrap();
    });
    bench
        .ledger
        .submit(send(seat, mint(), "first"), receipt)
        .await;
    let (outcome, frames) = answered.await.unwrap();
    assert_eq!(
        (place(&outcome), frames),
        (1, 1),
        "everyone hears it before its author is told"
    );
    let messages = (0..300).map(|_| (seat, mint(), "more")).collect();
    bench.send_all(messages).await;
    let published = bench.published(bench.conversations[0]);
    assert_eq!(published, (1..=301).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_committed() {
    let bench = Bench::new(Options::default()).await;
    let seat = bench.seat(ALICE, 0).await;
    for _ in 0..50 {
        let id = mint();
        let path = bench.dir.path().join("parley.sqlite");
        let (answer, answered) = oneshot::channel();
        // Looked up by another connection, at the very moment of the acknowledgement.
        let receipt = Box::new(move |outcome: Outcome| {
            let other = rusqlite::Connection::open(path).unwrap();
            let found: i64 = other
                .query_row(
                    "SELECT count(*) FROM messages WHERE id = ?1",
                    [id.as_bytes()],
                    |row| row.get(0),
                )
                .unwrap();
            answer.send((found, place(&outcome))).unwrap();
        });
        bench.ledger.submit(send(seat, id, "kept"), receipt).await;
        assert_eq!(answered.await.unwrap().0, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_together_shares_one_commit() {
    for (batch_max, commits) in [(Options::default().batch_max, 1..=2), (1, 200..=200)] {
        let bench = Bench::new(Options {
            batch_max,
            ..Options::default()
        })
        .await;
        let seat = bench.seat(ALICE, 0).await;
        let before = wal::commits(bench.dir.path());
        // While another connection has the right to write, all of them wait.
        let other = rusqlite::Connection::open(bench.dir.path().join("parley.sqlite")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let messages = (0..200).map(|_| (seat, mint(), "together")).collect();
        let release = async {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            other.execute_batch("ROLLBACK").unwrap();
        };
        let (outcomes, ()) = tokio::join!(bench.send_all(messages), release);
        let places: Vec<u64> = outcomes.iter().map(place).collect();
        assert_eq!(places, (1..=200).collect::<Vec<_>>());
        let made = wal::commits(bench.dir.path()) - before;
        assert!(
            commits.contains(&made),
            "{made} commits with batches of {batch_max}"
        );
        assert_eq!(chain::verify(bench.dir.path(), &bench.store).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_twice_is_stored_once_within_a_batch_and_across_batches() {
    let bench = Bench::new(Options::default()).await;
    let seat = bench.seat(ALICE, 0).await;
    let (first, second) = (mint(), mint());
    let both = [(seat, first, "one"), (seat, second, "two")];
    let together = [both, both, both].concat();
    let expected = [1, 2, 1, 2, 1, 2];
    for _ in 0..2 {
        let outcomes = bench.send_all(together.clone()).await;
        assert_eq!(outcomes.iter().map(place).collect::<Vec<_>>(), expected);
        assert_eq!(
            outcomes[0], outcomes[2],
            "the answer is the first one's, with its time"
        );
    }
    assert_eq!(bench.published(bench.conversations[0]), [1, 2], "told once");
    assert_eq!(chain::verify(bench.dir.path(), &bench.store).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_refused_whoever_and_wherever_takes_it_again() {
    let bench = Bench::new(Options::default()).await;
    let (here, there) = (bench.seat(ALICE, 0).await, bench.seat(ALICE, 1).await);
    let bobs = bench.seat(BOB, 0).await;
    let id = mint();
    let outcomes = bench
        .send_all(vec![
            (here, id, "mine"),
            (bobs, id, "mine"),
            (there, id, "mine"),
            (here, id, "other words"),
            (here, id, "mine"),
        ])
        .await;
    let taken = Outcome::Refused(Refusal::IdTaken);
    assert_eq!(outcomes[1..4], [taken.clone(), taken.clone(), taken]);
    assert_eq!(outcomes[4], outcomes[0]);
    let last = bench.send_all(vec![(here, mint(), "next")]).await;
    assert_eq!(place(&last[0]), 2, "what was refused took no number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_does_not_hold_is_refused_inside_the_transaction() {
    let bench = Bench::new(Options::default()).await;
    let good = bench.seat(ALICE, 0).await;
    // Its conversation is gone by the time the change is made.
    let gone = bench.seat(ALICE, 1).await;
    rusqlite::Connection::open(bench.dir.path().join("parley.sqlite"))
        .unwrap()
        .execute(
            "DELETE FROM conversations WHERE id = ?1",
            [gone.conversation().as_bytes()],
        )
        .unwrap();
    let outcomes = bench
        .send_all(vec![
            (good, mint(), "a"),
            (gone, mint(), "b"),
            (good, mint(), "c"),
        ])
        .await;
    assert_eq!(outcomes[1], Outcome::Refused(Refusal::UnknownConversation));
    assert_eq!((place(&outcomes[0]), place(&outcomes[2])), (1, 2));
    assert_eq!(chain::verify(bench.dir.path(), &bench.store).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_the_database_refuses_does_not_take_others_with_it() {
    for raise in ["ABORT", "ROLLBACK"] {
        let bench = Bench::new(Options::default()).await;
        let seat = bench.seat(ALICE, 0).await;
        let other = rusqlite::Connection::open(bench.dir.path().join("parley.sqlite")).unwrap();
        other
            .execute_batch(&format!(
                "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.body LIKE '%poison%'
                 BEGIN SELECT RAISE({raise}, 'poisoned'); END; BEGIN IMMEDIATE;"
            ))
            .unwrap();
        let messages = (0..40)
            .map(|number| {
                (
                    seat,
                    mint(),
                    if number % 10 == 5 { "poison" } else { "good" },
                )
            })
            .collect();
        let release = async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            other.execute_batch("COMMIT").unwrap();
        };
        let (outcomes, ()) = tokio::join!(bench.send_all(messages), release);
        for (number, outcome) in outcomes.iter().enumerate() {
            let poisoned = *outcome == Outcome::Refused(Refusal::Unavailable);
            assert_eq!(poisoned, number % 10 == 5, "{raise}, {number}: {outcome:?}");
        }
        let published = bench.published(bench.conversations[0]);
        assert_eq!(published, (1..=36).collect::<Vec<_>>());
        assert_eq!(chain::verify(bench.dir.path(), &bench.store).await, 36);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_told_between_the_messages_before_and_after_it() {
    let bench = Bench::new(Options::default()).await;
    let seat = bench.seat(ALICE, 0).await;
    let (answers, mut outcomes) = mpsc::channel(3);
    let changes = [
        send(seat, mint(), "nameless"),
        Change::Rename {
            person: ALICE,
            name: "Alice".to_owned(),
        },
        send(seat, mint(), "named"),
    ];
    for change in changes {
        let answers = answers.clone();
        let receipt = Box::new(move |outcome| answers.try_send(outcome).unwrap());
        bench.ledger.submit(change, receipt).await;
    }
    for _ in 0..3 {
        outcomes.recv().await.unwrap();
    }
    let names: Vec<Option<String>> = bench
        .heard
        .events()
        .into_iter()
        .filter_map(|event| match event {
            ServerEvent::MessageChanged { author, .. } => Some(author.name),
            _ => None,
        })
        .collect();
    assert_eq!(names, [None, Some("Alice".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_waits_for_everything_that_was_handed_in_before() {
    let bench = Bench::new(Options::default()).await;
    let seat = bench.seat(ALICE, 0).await;
    let answered = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for _ in 0..500 {
        let answered = Arc::clone(&answered);
        let receipt = Box::new(move |_| {
            answered.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        });
        bench
            .ledger
            .submit(send(seat, mint(), "before"), receipt)
            .await;
    }
    bench.running.drain().await;
    assert_eq!(answered.load(std::sync::atomic::Ordering::SeqCst), 500);
    let found = bench
        .store
        .read(move |connection| progress(connection, &seat));
    assert_eq!(found.await.unwrap().unwrap().last, Seq(500));
}
