//! `cargo xtask bench catch-up`: what it costs to come back after a million changes, and whether one then
//! knows what there is. It does not know how anything is kept.
//!
//! Someone who is in a thousand conversations goes away. Meanwhile messages are written, changed and
//! deleted there, through the library's ledger. Then they come back over a real connection: they read what
//! changed in their list, and of each conversation what changed there, to the end. Beside them a client
//! that knows nothing reads everything. In the end the two must know the same: every message, whole.

use std::io::Write as _;

use clap::Parser;
use parley_server::config::Config;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

mod client;
#[path = "../figures/config.rs"]
mod config;
mod data;
#[path = "../figures/figures.rs"]
mod figures;

use client::{Client, Cost};
use config::config;
use data::Talk;
use figures::{median, table};

const ROUNDS: usize = 3;

#[derive(Parser)]
struct Options {
    /// A fiftieth of the changes, once
    #[arg(long)]
    quick: bool,
    /// Changes while they are away
    #[arg(long, value_name = "NUMBER")]
    changes: Option<usize>,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

/// How much there is of everything.
struct Plan {
    conversations: usize,
    /// Messages in each conversation that they know.
    known: usize,
    changes: usize,
    rounds: usize,
}

/// A server in this process.
struct Server {
    address: String,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl Server {
    async fn start(config: &Config) -> anyhow::Result<Self> {
        let listener = parley_server::listen(config).await?;
        let address = listener.local_addr()?.to_string();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(parley_server::run(
            listener,
            config.clone(),
            shutdown.clone(),
        ));
        Ok(Self {
            address,
            shutdown,
            running,
        })
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.shutdown.cancel();
        self.running.await?
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let plan = Plan {
        conversations: if options.quick { 100 } else { 1_000 },
        known: 20,
        changes: options
            .changes
            .unwrap_or(if options.quick { 20_000 } else { 1_000_000 }),
        rounds: if options.quick { 1 } else { ROUNDS },
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(measure(&plan))
}

async fn measure(plan: &Plan) -> anyhow::Result<()> {
    let dir = figures::scratch()?;
    let config = config(dir.path());
    let token = data::prepare(&config, plan.conversations).await?;
    let mut talk = Talk::new(plan.conversations);
    let known = plan.conversations * plan.known;
    talk.go_on(&config, known, true).await?;

    let server = Server::start(&config).await?;
    let mut before = Client::default();
    before.come(&server.address, &token).await?;
    server.stop().await?;
    talk.go_on(&config, plan.changes, false).await?;

    let server = Server::start(&config).await?;
    // Thrown away: what the server reads from the disk for the first time, it would read for the first.
    before.clone().come(&server.address, &token).await?;
    let (mut back, mut fresh) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        let mut returned = before.clone();
        back.push(returned.come(&server.address, &token).await?);
        let mut newcomer = Client::default();
        fresh.push(newcomer.come(&server.address, &token).await?);
        compare(&returned, &newcomer)?;
    }
    let mut nothing = before;
    nothing.come(&server.address, &token).await?;
    let again = nothing.come(&server.address, &token).await?;
    anyhow::ensure!(again.listed == 1, "the second time, the Lobby alone");
    server.stop().await?;
    let rows = [
        row("who was away", &back),
        row("who knows nothing", &fresh),
        row("who was away for a moment", &[again]),
    ];
    report(&rows)
}

/// That the two know the same.
fn compare(returned: &Client, fresh: &Client) -> anyhow::Result<()> {
    anyhow::ensure!(returned.stamp == fresh.stamp, "the same moment");
    anyhow::ensure!(
        returned.conversations == fresh.conversations,
        "the same list"
    );
    anyhow::ensure!(
        returned.messages.len() == fresh.messages.len(),
        "the same conversations"
    );
    for (id, known) in &fresh.messages {
        anyhow::ensure!(
            returned.messages.get(id) == Some(known),
            "every message of {id} is the same"
        );
    }
    Ok(())
}

fn row(who: &str, costs: &[Cost]) -> Vec<String> {
    let middle = |figure: &dyn Fn(&Cost) -> f64| median(costs.iter().map(figure)).unwrap_or(0.0);
    vec![
        who.to_owned(),
        format!("{:.0}", middle(&|cost| cost.listed as f64)),
        format!("{:.1} ms", middle(&|cost| cost.list.as_secs_f64() * 1e3)),
        format!(
            "{:.1} KiB",
            middle(&|cost| cost.list_bytes as f64 / 1_024.0)
        ),
        format!("{:.0}", middle(&|cost| cost.page_count as f64)),
        format!("{:.2} s", middle(&|cost| cost.messages.as_secs_f64())),
        format!(
            "{:.1} MiB",
            middle(&|cost| cost.message_bytes as f64 / 1_048_576.0)
        ),
        format!("{:.2} ms", middle(&|cost| cost.pages.quantile_ms(0.5))),
        format!("{:.2} ms", middle(&|cost| cost.pages.quantile_ms(0.99))),
    ]
}

fn report(rows: &[Vec<String>]) -> anyhow::Result<()> {
    let heading = [
        "Who comes",
        "Listed",
        "List",
        "of it",
        "Pages of messages",
        "Messages",
        "of them",
        "A page, p50",
        "p99",
    ];
    let table = table(&heading.map(str::to_owned), rows);
    writeln!(std::io::stdout(), "{table}")?;
    Ok(())
}
