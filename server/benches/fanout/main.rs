//! `cargo xtask bench fanout`: how fast a message reaches many listeners, beside peers. It knows no server from inside.
//!
//! Each peer runs as a process of its own; this process is the load: one thread that holds all
//! connections and checks every delivery, which is shown faults first. Then the same Parley is measured beside
//! itself: where the two differ, nothing that follows can be believed. Then in each round every peer is
//! measured with every number of connections: memory while idle, latency at a pace that does not wait
//! for answers, throughput when senders press on, memory afterwards. Peers alternate; the table shows medians.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Parser;

mod crowd;
#[path = "../figures/figures.rs"]
mod figures;
mod floor;
mod peer;
mod phases;
mod proof;
mod report;
mod results;
#[path = "../rig/rig.rs"]
mod rig;
mod rows;
#[path = "../figures/shown.rs"]
#[expect(dead_code, reason = "bars are drawn here, and no lines")]
mod shown;
mod trial;

use peer::Peer;
use report::Report;
use results::Results;
use shown::written;
use trial::Plan;

#[derive(Parser)]
struct Options {
    /// One short round instead of three, with 1,000 connections
    #[arg(long)]
    quick: bool,
    /// Parley's program
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_parley"))]
    server: PathBuf,
    /// The folder of the other servers, with their packages installed
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers"))]
    peers: PathBuf,
    /// A Python that has uWebSockets
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
    /// Connections in the conversation [may be repeated; default: 1000 and 10000]
    #[arg(long = "connections", value_name = "NUMBER")]
    sizes: Vec<usize>,
    /// Rounds, of which the median counts
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// Measures only the peer of this name, and nothing beside itself
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Keeps figures and pictures in docs/plots
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    write: bool,
    /// Serves as the floor, instead of measuring
    #[arg(long, hide = true, value_name = "CONDUCT")]
    floor: Option<floor::Conduct>,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if let Some(conduct) = options.floor {
        rig::process::ensure_files(0)?;
        return floor::serve(conduct);
    }
    let sizes = match (&options.sizes[..], options.quick) {
        ([], true) => vec![1_000],
        ([], false) => vec![1_000, 10_000],
        (sizes, _) => sizes.to_vec(),
    };
    rig::process::ensure_files(sizes.iter().copied().max().unwrap_or(0))?;
    proof::prove()?;
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 3 });
    let plans: Vec<Plan> = sizes
        .iter()
        .map(|size| Plan::new(*size, options.quick))
        .collect();
    let parley = || -> Box<dyn Peer> { Box::new(peer::parley::Parley::new(&options.server)) };
    let control = match options.only {
        Some(_) => Results::new(Vec::new()),
        None => measure(&[parley(), parley()], &plans, rounds)?,
    };
    let peers = found(&options, parley())?;
    let results = measure(&peers, &plans, rounds)?;
    let report = Report {
        results: &results,
        control: &control,
    };
    writeln!(std::io::stdout(), "{}", report.to_text())?;
    let is_complete = results.is_complete() && control.is_complete();
    anyhow::ensure!(is_complete, "some rows could not be measured");
    if options.write {
        written::keep_json("fanout.json", &report.to_json(rounds))?;
        report.draw()?;
    }
    Ok(())
}

/// The peers that are measured: those that are wanted and can run here.
fn found(options: &Options, parley: Box<dyn Peer>) -> anyhow::Result<Vec<Box<dyn Peer>>> {
    let all: Vec<Box<dyn Peer>> = vec![
        parley,
        Box::new(peer::floor::Floor::new(floor::Conduct::Honest)),
        Box::new(peer::socketio::SocketIo::new(&options.peers)),
        Box::new(peer::plain::Plain::ws(&options.peers)),
        Box::new(peer::plain::Plain::u_web_sockets(
            &options.peers,
            options.python.clone(),
        )),
    ];
    let mut found = Vec::new();
    for peer in all {
        let is_wanted = options.only.as_ref().is_none_or(|only| only == peer.name());
        match peer.missing() {
            _ if !is_wanted => {}
            Some(why) => writeln!(std::io::stderr(), "{} is left out: {why}", peer.name())?,
            None => found.push(peer),
        }
    }
    anyhow::ensure!(!found.is_empty(), "there is no such peer");
    Ok(found)
}

/// Measures each peer with each plan in each round.
fn measure(peers: &[Box<dyn Peer>], plans: &[Plan], rounds: usize) -> anyhow::Result<Results> {
    let mut results = Results::new(peers.iter().map(|peer| peer.name()).collect());
    for round in 0..rounds {
        for plan in plans {
            // Each round starts with another one, so that nobody always comes first.
            for turn in 0..peers.len() {
                let index = (round + turn) % peers.len();
                let peer = &peers[index];
                let (measured, trouble) = trial::run(peer.as_ref(), plan);
                let line = report::progress(peer.name(), plan.size, round + 1, &measured);
                writeln!(std::io::stderr(), "{line}")?;
                results.add(index, plan.size, measured, trouble);
            }
        }
    }
    Ok(results)
}
