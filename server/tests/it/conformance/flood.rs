//! Clients that never stop talking, on a machine with one thread for all. Others are served beside them, and the server can
//! still end them.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parley_shared::protocol::close_code;

use super::cases::{PING, TEXT};
use super::echo;
use super::peer::{Peer, Told, request};
use super::stream::Sent;
use crate::scene::TestApp;

/// How long one ping beside a flood may take. Alone it takes well under a millisecond.
const PING_MAX: Duration = Duration::from_secs(2);

/// Clients that say one thing and then another for ever, from a thread of their own.
#[derive(Debug)]
struct Flood {
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<u64>>,
}

impl Flood {
    fn start(address: SocketAddr, path: &str, begin: &[Sent], again: &[u8]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let begin: Vec<u8> = begin.iter().flat_map(Sent::bytes).collect();
        let said = [request(path).as_bytes(), &begin].concat();
        let threads = (0..2).map(|_| {
            let (stop, said) = (Arc::clone(&stop), said.clone());
            let again = again.repeat(64 * 1024 / again.len());
            std::thread::spawn(move || {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                let patience = Some(Duration::from_millis(50));
                stream.set_write_timeout(patience).unwrap();
                stream.write_all(&said).unwrap();
                let mut bytes = 0;
                let mut at = 0;
                while !stop.load(Ordering::Relaxed) {
                    // Whoever is made to wait goes on later where it was.
                    let written = stream.write(&again[at..]).unwrap_or(0);
                    at = (at + written) % again.len();
                    bytes += written as u64;
                }
                bytes
            })
        });
        let threads = threads.collect();
        Self { stop, threads }
    }

    /// Stops, and says how many bytes went out.
    fn stop(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        let bytes = self
            .threads
            .into_iter()
            .map(|thread| thread.join().unwrap());
        bytes.sum()
    }
}

async fn expect_served(address: SocketAddr, path: &str, what: &str) {
    let mut peer = Peer::connect(address, path, b"").await;
    for _ in 0..20 {
        let asked = Instant::now();
        peer.say(&Sent::whole(PING, b"?").bytes()).await;
        assert_eq!(peer.hear_protocol().await, Told::Pong(b"?".to_vec()));
        assert!(asked.elapsed() < PING_MAX, "{what}: {:?}", asked.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What a client may say for ever: what it begins with, and what it goes on with.
fn floods() -> Vec<(&'static str, Vec<Sent>, Vec<u8>)> {
    let begun = vec![Sent::first(TEXT, b"")];
    vec![
        ("empty fragments", begun, Sent::more(b"").bytes()),
        ("pongs", vec![], Sent::whole(10, b"").bytes()),
        ("empty messages in two fragments", vec![], {
            [Sent::first(2, b"").bytes(), Sent::whole(0, b"").bytes()].concat()
        }),
    ]
}

// One thread: whoever keeps it keeps it from all.
#[tokio::test]
async fn others_are_served_beside_clients_that_never_stop() {
    let address = echo().await;
    for (what, begin, again) in floods() {
        let flood = Flood::start(address, "/", &begin, &again);
        tokio::time::sleep(Duration::from_millis(100)).await;
        expect_served(address, "/", what).await;
        assert!(flood.stop() > 100_000, "{what}: it was a flood");
    }
}

#[tokio::test]
async fn the_server_serves_others_beside_them_and_can_end_them() {
    let mut app = TestApp::start(|_| {}).await;
    let begin = [Sent::first(TEXT, b"")];
    let again = Sent::more(b"").bytes();
    let mut talker = Peer::connect(app.address, "/ws", b"").await;
    let flood = Flood::start(app.address, "/ws", &begin, &again);
    tokio::time::sleep(Duration::from_millis(100)).await;
    expect_served(app.address, "/ws", "empty fragments").await;
    let asked = Instant::now();
    let stopping = tokio::spawn(async move { app.stop().await });
    let told = talker.hear_protocol().await;
    let code = close_code::RESTART.to_be_bytes();
    assert!(
        matches!(&told, Told::Close(payload) if payload[..2] == code),
        "{told:?}"
    );
    drop(talker);
    stopping.await.unwrap();
    assert!(
        asked.elapsed() < Duration::from_secs(8),
        "{:?}",
        asked.elapsed()
    );
    assert!(flood.stop() > 100_000, "it was a flood");
}
