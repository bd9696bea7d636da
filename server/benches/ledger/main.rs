//! `cargo xtask bench ledger`: how many messages a second reach the disk. It knows no network.
//!
//! 64 senders with 16 messages in flight each write to 100 conversations. Measured in turn, on a fresh
//! store every time: the ledger as the server runs it, the ledger with one message in a transaction,
//! and a bare SQLite writer of the same shape, which shows what the ledger's own work costs. After
//! each turn the database is read back: every acknowledged message must be there, in a chain that holds.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use parley_shared::limits::LEDGER_BATCH_MAX;

mod audit;
mod bare;
mod disk;
#[path = "../figures/figures.rs"]
mod figures;
mod load;
mod parley;

use figures::{median, table};
use load::Sample;

#[derive(Parser)]
struct Options {
    /// One short round instead of five
    #[arg(long)]
    quick: bool,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

/// Who writes.
#[derive(Clone, Copy)]
struct Contestant {
    name: &'static str,
    kind: Kind,
    batch_max: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Parley,
    Bare,
}

const CONTESTANTS: [Contestant; 3] = [
    Contestant {
        name: "the ledger",
        kind: Kind::Parley,
        batch_max: LEDGER_BATCH_MAX,
    },
    Contestant {
        name: "the ledger, one message per transaction",
        kind: Kind::Parley,
        batch_max: 1,
    },
    Contestant {
        name: "a bare SQLite writer",
        kind: Kind::Bare,
        batch_max: LEDGER_BATCH_MAX,
    },
];

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let (rounds, duration) = if options.quick {
        (1, Duration::from_secs(2))
    } else {
        (5, Duration::from_secs(4))
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let mut samples: [Vec<Sample>; 3] = Default::default();
    let mut syncs = figures::Latencies::new();
    disk::sync_often(&mut syncs)?;
    for round in 0..rounds {
        // Each round starts with another one, so that nobody always follows the same neighbour.
        for turn in 0..CONTESTANTS.len() {
            let index = (round + turn) % CONTESTANTS.len();
            let contestant = &CONTESTANTS[index];
            let sample = runtime
                .block_on(measure(contestant, duration))
                .with_context(|| format!("in round {} of {}", round + 1, contestant.name))?;
            samples[index].push(sample);
        }
    }
    disk::sync_often(&mut syncs)?;
    report(&samples, &syncs)
}

async fn measure(contestant: &Contestant, duration: Duration) -> anyhow::Result<Sample> {
    let dir = figures::scratch()?;
    let conversations = parley::prepare(dir.path())?;
    let sample = match contestant.kind {
        Kind::Parley => {
            let (door, running) = parley::open(dir.path(), contestant.batch_max)?;
            let sample = load::press(door, &conversations, duration).await?;
            running.drain().await;
            sample
        }
        Kind::Bare => {
            let door = bare::open(dir.path(), contestant.batch_max)?;
            load::press(door, &conversations, duration).await?
        }
    };
    let path = dir.path().to_owned();
    let stored = tokio::task::spawn_blocking(move || audit::count(&path)).await??;
    anyhow::ensure!(
        stored == sample.acknowledged,
        "{} messages were acknowledged and {stored} are there",
        sample.acknowledged
    );
    Ok(sample)
}

fn report(samples: &[Vec<Sample>], syncs: &figures::Latencies) -> anyhow::Result<()> {
    let rate = |samples: &[Sample]| median(samples.iter().map(Sample::per_second));
    let scale = samples.last().and_then(|bare| rate(bare));
    let mut rows = Vec::new();
    for (contestant, samples) in CONTESTANTS.iter().zip(samples) {
        let figure = |of: fn(&Sample) -> f64| median(samples.iter().map(of)).unwrap_or(f64::NAN);
        let per_second = figure(Sample::per_second);
        rows.push(vec![
            contestant.name.to_owned(),
            contestant.batch_max.to_string(),
            format!("{per_second:.0}"),
            format!("{:.2}", per_second / scale.unwrap_or(f64::NAN)),
            format!("{:.2}", figure(|sample| sample.ack.quantile_ms(0.5))),
            format!("{:.2}", figure(|sample| sample.ack.quantile_ms(0.99))),
        ]);
    }
    let heading = [
        "who writes",
        "batch, at most",
        "durable messages/s",
        "of the bare writer",
        "ack p50, ms",
        "ack p99, ms",
    ];
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", table(&heading.map(str::to_owned), &rows))?;
    writeln!(
        out,
        "\n{} senders, {} in flight each, {} conversations, medians of {} rounds. \
         fdatasync after 4 KiB: p50 {:.3} ms, p99 {:.3} ms.",
        load::SENDERS,
        load::IN_FLIGHT,
        load::CONVERSATIONS,
        samples.first().map_or(0, Vec::len),
        syncs.quantile_ms(0.5),
        syncs.quantile_ms(0.99),
    )?;
    Ok(())
}
