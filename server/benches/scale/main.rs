//! `cargo xtask bench scale`: what many people at once cost, in the ways that real servers have many. It knows no
//! server from inside.
//!
//! Parley runs as a process of its own, on data that was put there before; this process is the load: one thread
//! that holds all connections and checks every delivery, which is shown faults first. A row that finds something lost,
//! doubled or out of order fails, and with it the bench. Printed are medians of the rounds, by which part these
//! lie apart, and what each figure has to reach.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Parser;
use serde_json::json;

mod archive;
#[path = "../ledger/audit.rs"]
mod audit;
#[path = "../ledger/bare.rs"]
mod bare;
mod crowd;
mod event;
mod figure;
#[path = "../figures/figures.rs"]
mod figures;
mod growth;
#[path = "../ledger/load.rs"]
#[expect(dead_code, reason = "the bare writer's latencies are not shown here")]
mod load;
mod plan;
#[path = "../rig/rig.rs"]
#[expect(dead_code, reason = "nobody here waits for messages of their own")]
mod rig;
mod rows;
#[path = "../figures/shown.rs"]
#[expect(dead_code, reason = "lines are drawn here, and no bars")]
mod shown;
mod talk;
mod town;

use figure::{Figure, Summary};
use plan::Plan;
use shown::written;

#[derive(Parser)]
struct Options {
    /// One short round instead of three, with a tenth of the people
    #[arg(long)]
    quick: bool,
    /// Parley's program
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_parley"))]
    server: PathBuf,
    /// Rounds, of which the median counts
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// Measures only this: small, durable, idle, storm, stopped, restart, opening or growth [may be repeated]
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Keeps figures and pictures in docs/plots
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    write: bool,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

/// What a row is called, what it measures, and how.
type Row = (
    &'static str,
    &'static str,
    fn(&Plan) -> anyhow::Result<Vec<Figure>>,
);

const ROWS: [Row; 7] = [
    ("small", "many small conversations", rows::small::measure),
    ("durable", "durable messages", rows::durable::measure),
    ("idle", "connections that are idle", rows::idle::measure),
    ("storm", "after a storm", rows::storm::measure),
    ("stopped", "a tenth stops reading", rows::stopped::measure),
    (
        "restart",
        "all return after a restart",
        rows::restart::measure,
    ),
    (
        "opening",
        "opening a conversation in a large store",
        rows::opening::measure,
    ),
];
const GROWTH: &str = "growth";
/// Connections of the largest row.
const CONNECTIONS_MAX: usize = 10_001;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    rig::process::ensure_files(CONNECTIONS_MAX)?;
    rig::planted::prove()?;
    let plan = Plan {
        server: options.server.clone(),
        quick: options.quick,
    };
    let rounds = options.rounds.unwrap_or(plan.pick(1, 3)).max(1);
    let is_wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|only| only == name);
    let (mut parts, mut kept, mut troubles) = (Vec::new(), Vec::new(), Vec::new());
    for (name, heading, measure) in ROWS.into_iter().filter(|(name, ..)| is_wanted(name)) {
        match in_rounds(name, rounds, || measure(&plan)) {
            Ok(summaries) => {
                parts.push(figure::to_text(heading, &summaries));
                kept.push(json!({
                    "row": name,
                    "figures": summaries.iter().map(Summary::to_json).collect::<Vec<_>>(),
                }));
            }
            Err(error) => troubles.push(format!("{name}: {error:#}")),
        }
    }
    let sweeps = if is_wanted(GROWTH) {
        writeln!(std::io::stderr(), "{GROWTH}")?;
        growth::measure(&plan).unwrap_or_else(|error| {
            troubles.push(format!("{GROWTH}: {error:#}"));
            Vec::new()
        })
    } else {
        Vec::new()
    };
    parts.extend(sweeps.iter().map(growth::Sweep::to_text));
    parts.extend(troubles.iter().cloned());
    writeln!(std::io::stdout(), "{}", parts.join("\n\n"))?;
    anyhow::ensure!(troubles.is_empty(), "some rows could not be measured");
    if options.write {
        let sweeps_kept: Vec<_> = sweeps.iter().map(growth::Sweep::to_json).collect();
        let all =
            json!({ "bench": "scale", "rounds": rounds, "rows": kept, "growth": sweeps_kept });
        written::keep_json("scale.json", &all)?;
        sweeps.iter().try_for_each(growth::Sweep::draw)?;
    }
    Ok(())
}

fn in_rounds(
    name: &str,
    rounds: usize,
    measure: impl Fn() -> anyhow::Result<Vec<Figure>>,
) -> anyhow::Result<Vec<Summary>> {
    let mut all = Vec::new();
    for round in 1..=rounds {
        writeln!(std::io::stderr(), "{name}, round {round} of {rounds}")?;
        all.push(measure()?);
    }
    Ok(figure::summaries(&all))
}
