//! `cargo xtask bench people`: what it costs to arrive for someone who is in many conversations. It does
//! not know how they came in.
//!
//! The server runs in this process, with a person in so many conversations, half of them direct, half
//! groups, each with messages that they have not read. Measured is the time from the connection of the
//! socket to the whole welcome, its size, and what a connection that stays takes of memory.

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser;
use futures_util::StreamExt as _;
use parley_shared::ids::Stamp;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};

#[path = "../figures/config.rs"]
mod config;
mod data;
#[path = "../figures/figures.rs"]
mod figures;

use config::config;
use data::Somebody;
use figures::{Latencies, median, table};

/// How many conversations the person is in, in turn.
const CONVERSATIONS: [u64; 3] = [0, 50, 2_000];
/// And how many, for one who knows their list and asks what changed in it.
const KNOWN: u64 = 2_000;

const ROUNDS: usize = 3;

/// Connections that stay, while memory is looked at.
const HELD: usize = 200;

#[derive(Parser)]
struct Options {
    /// Fewer arrivals
    #[arg(long)]
    quick: bool,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

/// What was measured with so many conversations.
struct Sample {
    conversations: String,
    welcome_bytes: usize,
    /// Of each round, its quantiles in milliseconds: the middle one, and the 99th of a hundred.
    rounds: Vec<(f64, f64)>,
    bytes_held: u64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let arrivals = if options.quick { 100 } else { 1_000 };
    let runtime = tokio::runtime::Runtime::new()?;
    // Thrown away: what a process takes for the first time, it would take of the first figures.
    runtime.block_on(measure(CONVERSATIONS[2], 1, None))?;
    let mut samples = Vec::new();
    for conversations in CONVERSATIONS {
        samples.push(runtime.block_on(measure(conversations, arrivals, None))?);
    }
    let since = Some(data::AWAY_SINCE);
    samples.push(runtime.block_on(measure(KNOWN, arrivals, since))?);
    report(&samples)
}

async fn measure(conversations: u64, count: usize, since: Option<Stamp>) -> anyhow::Result<Sample> {
    let dir = figures::scratch()?;
    let config = config(dir.path());
    let somebody = Somebody {
        user_name: "somebody",
        conversations,
        friends: 0,
    };
    let token = data::prepare(&config, &[somebody]).await?.remove(0);
    let listener = parley_server::listen(&config).await?;
    let address = listener.local_addr()?.to_string();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let server = tokio::spawn(parley_server::run(listener, config, shutdown.clone()));
    let (_, welcome_bytes) = arrive(&address, &token, since).await?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut arrivals = Latencies::new();
        for _ in 0..count {
            let began = Instant::now();
            let (socket, bytes) = arrive(&address, &token, since).await?;
            arrivals.record(began.elapsed());
            anyhow::ensure!(bytes == welcome_bytes, "every welcome is the same");
            drop(socket);
        }
        rounds.push((arrivals.quantile_ms(0.5), arrivals.quantile_ms(0.99)));
    }
    // Those who just left are still counted as there for a moment.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = resident()?;
    let mut held = Vec::new();
    for _ in 0..HELD {
        held.push(arrive(&address, &token, since).await?);
    }
    let grown = resident()?.saturating_sub(before);
    drop(held);
    shutdown.cancel();
    server.await??;
    let conversations = match since {
        None => conversations.to_string(),
        Some(_) => format!("{conversations}, of which {} changed", data::CHANGED),
    };
    Ok(Sample {
        conversations,
        welcome_bytes,
        rounds,
        bytes_held: grown / HELD as u64,
    })
}

/// Connects, and reads the welcome.
async fn arrive(
    address: &str,
    token: &str,
    since: Option<Stamp>,
) -> anyhow::Result<(WebSocketStream<TcpStream>, usize)> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let query = since.map_or(String::new(), |since| format!("?since={since}"));
    let mut request = format!("ws://{address}/ws{query}").into_client_request()?;
    let bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let first = socket.next().await.context("the connection ended")??;
    let text = first.to_text()?;
    anyhow::ensure!(
        text.starts_with(r#"{"type":"welcome""#),
        "no welcome: {text}"
    );
    Ok((socket, text.len()))
}

fn report(samples: &[Sample]) -> anyhow::Result<()> {
    let heading = [
        "Conversations",
        "Welcome",
        "Arrived, p50",
        "p99",
        "Memory per connection, both ends",
    ];
    let rows: Vec<Vec<String>> = samples
        .iter()
        .map(|sample| {
            vec![
                sample.conversations.clone(),
                format!("{:.1} KiB", sample.welcome_bytes as f64 / 1_024.0),
                in_ms(median(sample.rounds.iter().map(|(p50, _)| *p50))),
                in_ms(median(sample.rounds.iter().map(|(_, p99)| *p99))),
                format!("{:.1} KiB", sample.bytes_held as f64 / 1_024.0),
            ]
        })
        .collect();
    writeln!(
        std::io::stdout(),
        "{}",
        table(&heading.map(str::to_owned), &rows)
    )?;
    Ok(())
}

fn in_ms(figure: Option<f64>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.2} ms"))
}

/// Memory of this process that is in use, in bytes.
fn resident() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: u64 = kib.context("the system does not say")?.parse()?;
    Ok(kib * 1_024)
}
