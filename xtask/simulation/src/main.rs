//! Plays the runs of many seeds, and says which fail. It does not know what is looked for.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use parley_simulation::{Bug, Figures, Outcome, Template, run};

/// Failing seeds after which it is enough.
const FAILURES_MAX: usize = 10;
/// After so many seeds it is told how far it has come.
const TOLD_EVERY: u64 = 1_000;

/// Server and pages in one process, where a seed decides what happens when.
#[derive(Debug, Parser)]
struct Options {
    /// How many seeds are played
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Play this one alone, and tell all that happens
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// Plant a bug, which must be found
    #[arg(long)]
    plant: Option<Bug>,
}

#[derive(Default)]
struct Found {
    figures: Figures,
    failed: usize,
    played: u64,
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    if let Some(seed) = options.seed {
        return replay(seed, options.plant);
    }
    let began = Instant::now();
    let next = AtomicU64::new(options.from);
    let found = Mutex::new(Found::default());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..workers)
            .map(|_| scope.spawn(|| work(&options, &next, &found)))
            .collect();
        all.into_iter()
            .try_for_each(|worker| worker.join().expect("a run does not panic"))
    })?;
    let Found {
        figures,
        failed,
        played,
    } = found.into_inner().expect("nothing panics while it is held");
    say(&format!(
        "{played} seeds in {:.1} s, {failed} of them fail: {figures:?}",
        began.elapsed().as_secs_f64()
    ))?;
    let is_as_wished = (failed == 0) == options.plant.is_none();
    Ok(if is_as_wished {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Plays one seed after the other, until all are played or enough has failed.
fn work(options: &Options, next: &AtomicU64, found: &Mutex<Found>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let template = runtime.block_on(Template::make())?;
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        let is_enough = {
            let found = found.lock().expect("nothing panics while it is held");
            found.failed >= FAILURES_MAX
        };
        if seed >= options.from + options.seeds || is_enough {
            return Ok(());
        }
        let Outcome {
            figures, faults, ..
        } = runtime.block_on(run(&template, seed, options.plant, false))?;
        let mut found = found.lock().expect("nothing panics while it is held");
        found.figures.add(figures);
        found.played += 1;
        if found.played.is_multiple_of(TOLD_EVERY) {
            say(&format!("{} seeds", found.played))?;
        }
        if !faults.is_empty() {
            found.failed += 1;
            say(&format!("seed {seed} fails: {}", faults.join("\n  ")))?;
            say(&format!(
                "  again: cargo xtask fault simulation --seed {seed}"
            ))?;
        }
    }
}

fn replay(seed: u64, bug: Option<Bug>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let template = runtime.block_on(Template::make())?;
    let outcome = runtime.block_on(run(&template, seed, bug, true))?;
    say(&outcome.trace)?;
    say(&format!("{:?}", outcome.figures))?;
    for fault in &outcome.faults {
        say(fault)?;
    }
    let is_well = outcome.faults.is_empty();
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}
