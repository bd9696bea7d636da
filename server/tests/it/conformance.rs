//! RFC 6455 over real connections: case by case, by chance, and beside clients that never stop. Everything is asked of the example
//! that echoes, and what is no echo of the server itself: both have the same frames.

use std::net::SocketAddr;

use tokio::net::TcpListener;

mod cases;
mod flood;
mod peer;
mod run;
mod upgrades;

#[path = "../../examples/ws_echo.rs"]
#[expect(dead_code, reason = "a test is not started from the command line")]
mod ws_echo;

use crate::chance;

#[path = "../../src/wire/reader/tests/model.rs"]
mod model;
#[path = "../../src/wire/reader/tests/stream.rs"]
mod stream;

/// Bytes that a message to the echo may have in these tests.
const ECHO_BYTES_MAX: usize = 70_000;

/// An echo on a free port. It runs as long as the test.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(ws_echo::serve(listener, ECHO_BYTES_MAX));
    address
}
