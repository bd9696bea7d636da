//! Says back what it hears, through the server's own frames: something that public suites of conformance can be
//! pointed at. `docs/conformance.md` says how. It knows no chat.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use clap::Parser;
use parley_server::accept::{self, Limits};
use parley_server::hub::mailbox::{Flushed, Mailbox};
use parley_server::hub::{Frame, Opcode};
use parley_server::wire::upgrade::{Upgrading, agree};
use parley_server::wire::{Fault, Heard, Wire};
use parley_shared::limits::CLOSE_TIMEOUT_MS;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Connections that it holds at one time.
const CONNECTIONS_MAX: usize = 1_000;

#[derive(Debug, Parser)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:9001")]
    listen: SocketAddr,
    /// Bytes that a message may have. The server allows fewer; suites send up to 16 MiB.
    #[arg(long, default_value_t = 16 * 1024 * 1024)]
    bytes_max: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let listener = TcpListener::bind(options.listen).await?;
    tracing_subscriber::fmt().init();
    tracing::info!(address = %listener.local_addr()?, bytes_max = options.bytes_max, "echoing");
    serve(listener, options.bytes_max).await;
    Ok(())
}

/// Echoes on every address of a listener, until the future is dropped.
pub(crate) async fn serve(listener: TcpListener, bytes_max: usize) {
    let upgrade = move |request: Request| async move { answer(request, bytes_max) };
    let router = Router::new().fallback(any(upgrade));
    let limits = Limits {
        connections: CONNECTIONS_MAX,
        per_address: 0,
        trusted_proxies: Vec::new(),
    };
    accept::serve(listener, router, limits, CancellationToken::new()).await;
}

fn answer(mut request: Request, bytes_max: usize) -> Response {
    match agree(&mut request) {
        Ok((response, upgrading)) => {
            tokio::spawn(echo(upgrading, bytes_max));
            response
        }
        Err(refusal) => *refusal,
    }
}

async fn echo(upgrading: Upgrading, bytes_max: usize) {
    let Some((stream, early)) = upgrading.wait().await else {
        return;
    };
    let mailbox = Arc::new(Mailbox::default());
    let mut wire = Wire::new(stream, early, bytes_max, Arc::clone(&mailbox), &[]);
    let fault = converse(&mut wire, &mailbox).await.err();
    let closing = wire.close(fault.and_then(Fault::farewell));
    tokio::time::timeout(Duration::from_millis(CLOSE_TIMEOUT_MS), closing)
        .await
        .ok();
}

/// Says everything back, until the other end says goodbye.
async fn converse(wire: &mut Wire, mailbox: &Mailbox) -> Result<(), Fault> {
    loop {
        match wire.read().await? {
            Heard::Text(text) => mailbox.push(&[Frame::of(Opcode::Text, text.as_bytes())]),
            Heard::Binary(bytes) => mailbox.push(&[Frame::of(Opcode::Binary, &bytes)]),
            Heard::Ping(_) | Heard::Pong => {}
            Heard::Close(_) => return Ok(()),
        }
        // Who does not read is not read from.
        while mailbox.flush() == Flushed::Part {
            wire.writable().await?;
        }
    }
}
