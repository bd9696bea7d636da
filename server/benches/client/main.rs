//! `cargo xtask bench client`: what reading and writing in a conversation of very many messages takes in a real browser. It
//! does not know how a browser is driven.
//!
//! A script of the page's own tests has one window scroll, write and stay while another process writes, looks that every
//! message came into the page once and in its order, and tells what each step took. Here stands what that has to be.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use clap::Parser;
use serde_json::json;

#[path = "../scale/figure.rs"]
#[expect(dead_code, reason = "no figure is looked at again here")]
mod figure;
#[path = "../figures/figures.rs"]
#[expect(
    dead_code,
    reason = "the script keeps what it measured, and there is no store"
)]
mod figures;
mod rows;
#[path = "../figures/shown.rs"]
#[expect(dead_code, reason = "nothing is compared by bars here")]
mod shown;
mod told;

use figure::Summary;
use rows::Row;
use shown::{chart, written};
use told::{Plan, Told};

#[derive(Parser)]
struct Options {
    /// The server's program, with the page in it
    #[arg(long)]
    server: PathBuf,
    /// The browser's program
    #[arg(long)]
    chromium: PathBuf,
    /// What has somebody read and write in it, for Node
    #[arg(long)]
    script: PathBuf,
    /// Fewer messages, and shorter
    #[arg(long)]
    quick: bool,
    /// Keep the figures in docs/plots, with pictures of them
    #[arg(long, conflicts_with_all = ["quick", "only"])]
    write: bool,
    /// One row: load, scroll, typing, staying
    #[arg(long)]
    only: Option<String>,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut plan = Plan::of(options.quick);
    plan.only.clone_from(&options.only);
    let told = measure(&options, &plan)?;
    let rows = rows::of(&plan, &told);
    let mut text = String::new();
    for row in &rows {
        text.push_str(&figure::to_text(row.heading, &row.summaries));
        text.push_str("\n\n");
    }
    text.push_str(&rows::memory_to_text(&told));
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    if options.write {
        keep(&rows, &told)?;
    }
    Ok(())
}

/// Has the script do everything, and reads what it tells.
fn measure(options: &Options, plan: &Plan) -> anyhow::Result<Vec<Told>> {
    let mut script = Command::new("node");
    script
        .arg(&options.script)
        .arg(serde_json::to_string(plan)?)
        .env("PARLEY_BIN", &options.server)
        .env("CHROMIUM", &options.chromium)
        .stdout(Stdio::piped());
    let mut running = script.spawn().context("could not start node")?;
    let lines = running.stdout.take().context("it was just asked for")?;
    let mut all = Vec::new();
    for line in BufReader::new(lines).lines() {
        let line = line?;
        let told: Told = serde_json::from_str(&line)
            .with_context(|| format!("the script said something else: {line}"))?;
        writeln!(std::io::stderr(), "{}", told.in_short())?;
        all.push(told);
    }
    anyhow::ensure!(running.wait()?.success(), "the script failed");
    Ok(all)
}

fn keep(rows: &[Row], told: &[Told]) -> anyhow::Result<()> {
    let kept: Vec<_> = rows
        .iter()
        .map(|row| {
            let figures: Vec<_> = row.summaries.iter().map(Summary::to_json).collect();
            json!({ "row": row.name, "figures": figures })
        })
        .collect();
    let memory: Vec<_> = told.iter().filter_map(Told::memory).collect();
    let all = json!({ "bench": "client", "rows": kept, "memory": memory });
    written::keep_json("client.json", &all)?;
    let lines = rows::memory_lines(told);
    let title = "What the page holds while messages come, MiB";
    let drawn = chart::lines(title, "messages that came", &lines);
    written::keep("client-memory.svg", &drawn)
}
