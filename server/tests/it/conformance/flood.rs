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

/// How long a flood lasts when nobody stops it: a server that serves nobody else cannot tell its own time either.
const FLOOD_MAX: Duration = Duration::from_secs(60);

/// A client that says one thing and then another for ever, from a thread of its own.
#[derive(Debug)]
struct Flood {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<u64>>,
}

impl Flood {
    fn start(address: SocketAddr, path: &str, begin: &[Sent], again: &[u8]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let begin: Vec<u8> = begin.iter().flat_map(Sent::bytes).collect();
        let said = [request(path).as_bytes(), &begin].concat();
        let again = again.repeat(64 * 1024 / again.len());
        let is_stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let patience = Some(Duration::from_millis(50));
            stream.set_write_timeout(patience).unwrap();
            stream.write_all(&said).unwrap();
            let mut bytes = 0;
            let mut at = 0;
            let started = Instant::now();
            while !is_stopped.load(Ordering::Relaxed) && started.elapsed() < FLOOD_MAX {
                // Whoever is made to wait goes on later where it was.
                let written = stream.write(&again[at..]).unwrap_or(0);
                at = (at + written) % again.len();
                bytes += written as u64;
            }
            bytes
        });
        let thread = Some(thread);
        Self { stop, thread }
    }

    /// Stops, and says how many bytes went out. What was asked meanwhile was answered while it lasted.
    fn stop(mut self) -> u64 {
        let thread = self.thread.take().expect("it is stopped once");
        assert!(
            !thread.is_finished(),
            "nothing was answered before it ended"
        );
        self.stop.store(true, Ordering::Relaxed);
        thread.join().unwrap()
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        // A test that fails must not drown those that run beside it.
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Others are answered.
async fn expect_served(address: SocketAddr, path: &str) {
    let mut peer = Peer::connect(address, path, b"").await;
    for _ in 0..5 {
        peer.say(&Sent::whole(PING, b"?").bytes()).await;
        assert_eq!(peer.hear_protocol().await, Told::Pong(b"?".to_vec()));
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
        expect_served(address, "/").await;
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
    expect_served(app.address, "/ws").await;
    let stopping = tokio::spawn(async move { app.stop().await });
    let told = talker.hear_protocol().await;
    let code = close_code::RESTART.to_be_bytes();
    assert!(
        matches!(&told, Told::Close(payload) if payload[..2] == code),
        "{told:?}"
    );
    drop(talker);
    stopping.await.unwrap();
    assert!(flood.stop() > 100_000, "it was a flood");
}
