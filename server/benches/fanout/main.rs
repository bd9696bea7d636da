//! `cargo xtask bench fanout`: how fast a message reaches many listeners, beside a peer. It knows no server from inside.
//!
//! Each peer runs as a process of its own; this process is the load: one thread that holds all
//! connections and checks every delivery. In each round every peer is measured with every number of
//! connections: memory while idle, latency at a pace that does not wait for answers, throughput when
//! senders press on, memory afterwards. Peers alternate; the table shows medians.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Parser;

mod connection;
mod crowd;
#[path = "../figures/figures.rs"]
mod figures;
mod frames;
mod peer;
mod phases;
mod process;
mod record;
mod report;
mod trial;

use peer::Peer;
use report::Results;
use trial::Plan;

#[derive(Parser)]
struct Options {
    /// One short round instead of three
    #[arg(long)]
    quick: bool,
    /// Parley's program
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_parley"))]
    server: PathBuf,
    /// The folder of the socket.io server, with its packages installed
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/socketio"))]
    peer: PathBuf,
    /// Connections in the conversation [may be repeated]
    #[arg(long = "connections", value_name = "NUMBER", default_values_t = [1_000, 10_000])]
    sizes: Vec<usize>,
    /// Rounds, of which the median counts
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// Measures only the peer of this name
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let largest = options.sizes.iter().copied().max().unwrap_or(0);
    process::ensure_files(largest)?;
    let mut peers: Vec<Box<dyn Peer>> = vec![
        Box::new(peer::parley::Parley::new(options.server)),
        Box::new(peer::socketio::SocketIo::new(options.peer)),
    ];
    if let Some(only) = &options.only {
        peers.retain(|peer| peer.name() == only);
    }
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 3 });
    let mut results = Results::new(&peers);
    for round in 0..rounds {
        for &size in &options.sizes {
            let plan = Plan::new(size, options.quick);
            // Each round starts with another one, so that nobody always comes first.
            for turn in 0..peers.len() {
                let index = (round + turn) % peers.len();
                let peer = &peers[index];
                let (measured, trouble) = trial::run(peer.as_ref(), &plan);
                let line = report::progress(peer.name(), size, round + 1, &measured);
                writeln!(std::io::stderr(), "{line}")?;
                results.add(index, size, measured, trouble);
            }
        }
    }
    writeln!(std::io::stdout(), "{}", results.to_text())?;
    anyhow::ensure!(results.is_complete(), "some rows could not be measured");
    Ok(())
}
