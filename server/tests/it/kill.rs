//! The kill harness: the real binary, a busy Lobby, `kill -9` at any moment, again and again.
//!
//! After every kill the same people come back to the same data and say again what was not
//! acknowledged. In the end a fresh reader reads everything: what was acknowledged must be there,
//! once, in one order for all. `PARLEY_KILL_ROUNDS` sets how often the server is killed.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parley_server::store::Store;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::client::TestClient;
use crate::journal::Journal;
use crate::ledger::chain;
use crate::plain;
use crate::verdict;

const ROUNDS: u32 = 10;
const WRITERS: usize = 4;
const READERS: usize = 2;
/// Messages of one writer that are on their way before it waits with the next.
const ON_THEIR_WAY_MAX: usize = 32;
/// How long a server may take to be ready, and people to settle.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_message_is_lost_by_killing_the_server() {
    let rounds = std::env::var("PARLEY_KILL_ROUNDS").map_or(ROUNDS, |rounds| {
        rounds.parse().expect("PARLEY_KILL_ROUNDS is a number")
    });
    let dir = Arc::new(tempfile::tempdir().expect("there is room for a directory"));
    let address = free_address().await;
    let journal = Journal::default();
    let mut server = Killable::start(&dir, address).await;
    let mut people = Vec::new();
    for number in 0..WRITERS + READERS {
        let role = if number < WRITERS { "writer" } else { "reader" };
        let mut person = TestClient::new(&format!("{role} {number}"), address, journal.clone());
        person.reconnect().await;
        people.push(person);
    }
    for round in 1..=rounds {
        people = busy_until_killed(people, round, &mut server).await;
        server = Killable::start(&dir, address).await;
        for person in &mut people {
            person.reconnect().await;
        }
        println!(
            "round {round}: {} acknowledged so far",
            acknowledged(&people)
        );
    }
    settle(&people).await;
    let fresh = fresh_reader(address, &journal).await;
    let people: Vec<&TestClient> = people.iter().collect();
    let anomalies = verdict::anomalies(&fresh.seen(), &people);
    let acknowledged = people
        .iter()
        .map(|person| person.seen().accepted.len())
        .sum::<usize>();
    println!(
        "killed {rounds} times, {acknowledged} acknowledged, {} read: {}",
        fresh.seen().timeline.len(),
        verdict::tally(&anomalies)
    );
    for anomaly in anomalies.iter().take(20) {
        println!("  {anomaly}");
    }
    assert!(
        anomalies.is_empty(),
        "{}\n{journal}",
        verdict::tally(&anomalies)
    );
    let written = people
        .iter()
        .map(|person| person.seen().written.len())
        .sum::<usize>();
    assert_eq!(
        fresh.seen().timeline.len(),
        written,
        "everything arrived in the end"
    );
    assert!(
        acknowledged > 20 * rounds as usize,
        "the Lobby was busy: {acknowledged}"
    );

    server.kill().await;
    let (store, _writer) = Store::open(dir.path()).expect("a killed server leaves usable data");
    assert_eq!(chain::verify(dir.path(), &store).await, written as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_to_terminate_stops_the_server_in_order() {
    let dir = Arc::new(tempfile::tempdir().expect("there is room for a directory"));
    let address = free_address().await;
    let mut server = Killable::start(&dir, address).await;
    let alice = fresh_reader(address, &Journal::default()).await;
    alice.send("before the end").await;
    let status = server.terminate().await;
    assert!(status.success(), "{status}");
    assert_eq!(alice.expect_close().await.0, 1012);
    Store::open(dir.path()).expect("the data is free");
}

/// A server as a process of its own.
struct Killable {
    process: Child,
}

impl Killable {
    async fn start(dir: &TempDir, address: SocketAddr) -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_parley"))
            .arg("serve")
            .args(["--listen", &address.to_string()])
            .arg("--data-dir")
            .arg(dir.path() as &Path)
            .env("PARLEY_MESSAGES_PER_SECOND", "0")
            .env("PARLEY_LOG", "warn")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary was built with this test");
        let server = Self { process };
        server.wait_until_ready(address).await;
        server
    }

    async fn wait_until_ready(&self, address: SocketAddr) {
        let ready = async {
            loop {
                if tokio::net::TcpStream::connect(address).await.is_ok()
                    && plain::get(address, "/healthz").await.status == 200
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready)
            .await
            .expect("the server is ready in time");
    }

    /// SIGKILL: the process gets no chance to do anything.
    async fn kill(&mut self) {
        self.process.kill().await.expect("it was running");
    }

    /// SIGTERM, as a service manager sends it.
    async fn terminate(&mut self) -> std::process::ExitStatus {
        let id = self.process.id().expect("it is running").to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(sent.expect("there is a kill command").success());
        tokio::time::timeout(PATIENCE, self.process.wait())
            .await
            .expect("it ends in time")
            .expect("its end can be waited for")
    }
}

/// An address that was free a moment ago. The server comes back to it after each kill.
async fn free_address() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    listener.local_addr().expect("the listener has an address")
}

/// Has everyone write or read, and kills the server at a moment of its own choosing.
async fn busy_until_killed(
    people: Vec<TestClient>,
    round: u32,
    server: &mut Killable,
) -> Vec<TestClient> {
    let over = CancellationToken::new();
    let busy: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(number, person)| {
            let over = over.clone();
            tokio::spawn(async move {
                if number < WRITERS {
                    write_until(&person, round, over).await;
                }
                person
            })
        })
        .collect();
    let random = getrandom::u32().expect("the operating system has randomness");
    tokio::time::sleep(Duration::from_millis(300 + u64::from(random % 900))).await;
    server.kill().await;
    over.cancel();
    let mut back = Vec::new();
    for person in busy {
        back.push(person.await.expect("nobody panics while they write"));
    }
    back
}

async fn write_until(person: &TestClient, round: u32, over: CancellationToken) {
    for number in 0.. {
        let room = person.wait("room for one more", |seen| {
            let room = seen.on_their_way() < ON_THEIR_WAY_MAX;
            (room || seen.closed.is_some()).then_some(())
        });
        tokio::select! {
            () = over.cancelled() => return,
            () = room => {}
        }
        if !person.is_connected() {
            return;
        }
        let text = format!("{}, round {round}, message {number}", person.name);
        person.post(&text).await;
    }
}

fn acknowledged(people: &[TestClient]) -> usize {
    people
        .iter()
        .map(|person| person.seen().accepted.len())
        .sum()
}

/// Waits until every writer sees all of their own and everyone has seen everything.
async fn settle(people: &[TestClient]) {
    for person in people {
        person
            .wait("every message to be there", |seen| {
                (seen.on_their_way() == 0).then_some(())
            })
            .await;
    }
    let written: usize = people
        .iter()
        .map(|person| person.seen().written.len())
        .sum();
    let deadline = Instant::now() + PATIENCE;
    for person in people {
        // Someone who never sees everything is an anomaly with a name, not a wait without end.
        while person.seen().timeline.len() < written && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn fresh_reader(address: SocketAddr, journal: &Journal) -> TestClient {
    let mut fresh = TestClient::new("a fresh reader", address, journal.clone());
    fresh.reconnect().await;
    fresh.load_everything().await;
    fresh
}
