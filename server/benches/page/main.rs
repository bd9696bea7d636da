//! `cargo xtask bench page`: what signing in and opening one's contacts takes in a real browser, for someone
//! with many conversations and friends beside someone with none. It does not know how a browser is driven.
//!
//! A script of the page's own tests does what people do, in a browser that was never there, and tells what each
//! step took and what the browser received meanwhile. Both people are on one server; in each round both arrive.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use clap::Parser;
use parley_shared::limits::ACCOUNT_ATTEMPTS_BURST_MAX;
use serde::Deserialize;

#[path = "../figures/config.rs"]
mod config;
#[path = "../people/data.rs"]
mod data;
#[path = "../figures/figures.rs"]
#[expect(dead_code, reason = "there are too few rounds for quantiles")]
mod figures;

use config::config;
use data::{PASSWORD, Somebody};
use figures::{median, scratch, table};

/// In turn: with nothing, and with much.
const PEOPLE: [Somebody; 2] = [
    Somebody {
        user_name: "nobody",
        conversations: 0,
        friends: 0,
    },
    Somebody {
        user_name: "somebody",
        conversations: 2_000,
        friends: 2_000,
    },
];

/// Times that each of them arrives and is measured. The first arrival of each, which no figure knows, and these
/// are attempts at one account.
const ROUNDS: usize = 7;
const ROUNDS_QUICK: usize = 3;
const _: () = assert!(ROUNDS < ACCOUNT_ATTEMPTS_BURST_MAX as usize);

#[derive(Parser)]
struct Options {
    /// The server's program, with the page in it
    #[arg(long)]
    server: PathBuf,
    /// The browser's program
    #[arg(long)]
    chromium: PathBuf,
    /// What has people arrive in it, for Node
    #[arg(long)]
    script: PathBuf,
    /// Fewer rounds
    #[arg(long)]
    quick: bool,
    /// Said by cargo, and without a meaning here
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one step took, and what the browser received until nothing more came.
#[derive(Deserialize)]
struct Step {
    ms: f64,
    /// Bytes of the WebSocket's frames.
    frames: f64,
    /// Bytes of answers over HTTP, as they came.
    answers: f64,
    requests: f64,
    /// The longest part of it, where it has several.
    #[serde(default)]
    slowest: f64,
}

/// One person's way in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arrival {
    round: usize,
    user_name: String,
    sign_in: Step,
    again: Step,
    contacts: Step,
    contacts_again: Step,
    all_friends: Step,
}

/// A row of the table: what it is called, and where it stands in an arrival.
type Row = (&'static str, fn(&Arrival) -> &Step);

const ROWS: [Row; 5] = [
    ("signing in, to the page in use", |all| &all.sign_in),
    ("the page loaded again", |all| &all.again),
    ("contacts, for the first time", |all| &all.contacts),
    ("contacts, again", |all| &all.contacts_again),
    ("all friends, page by page", |all| &all.all_friends),
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let rounds = if options.quick { ROUNDS_QUICK } else { ROUNDS };
    let dir = scratch()?;
    data::prepare(&config(dir.path()), &PEOPLE).await?;
    let mut arrivals = measure(&options, dir.path(), rounds + 1)?;
    // What a server and a browser take for the first time is not what people wait for.
    arrivals.retain(|arrival| arrival.round > 0);
    report(&arrivals)
}

fn measure(options: &Options, dir: &Path, rounds: usize) -> anyhow::Result<Vec<Arrival>> {
    let mut script = Command::new("node");
    script
        .arg(&options.script)
        .arg(dir)
        .args([PASSWORD, &rounds.to_string()])
        .env("PARLEY_BIN", &options.server)
        .env("CHROMIUM", &options.chromium)
        .stdout(Stdio::piped());
    for somebody in PEOPLE {
        script.args([
            somebody.user_name,
            &somebody.conversations.to_string(),
            &somebody.friends.to_string(),
        ]);
    }
    let mut running = script.spawn().context("could not start node")?;
    let told = running.stdout.take().context("it was just asked for")?;
    let mut arrivals = Vec::new();
    for line in BufReader::new(told).lines() {
        let line = line?;
        let arrival: Arrival = serde_json::from_str(&line)
            .with_context(|| format!("the script said something else: {line}"))?;
        writeln!(
            std::io::stderr(),
            "round {} of {}: {} signed in within {:.0} ms",
            arrival.round,
            rounds - 1,
            arrival.user_name,
            arrival.sign_in.ms
        )?;
        arrivals.push(arrival);
    }
    anyhow::ensure!(running.wait()?.success(), "the script failed");
    Ok(arrivals)
}

fn report(arrivals: &[Arrival]) -> anyhow::Result<()> {
    let [few, many] = PEOPLE.map(|somebody| {
        let is_theirs = |arrival: &&Arrival| arrival.user_name == somebody.user_name;
        arrivals.iter().filter(is_theirs).collect::<Vec<_>>()
    });
    let heading = [
        "Medians",
        "with none",
        "with 2,000",
        "slowest round",
        "frames, none",
        "2,000",
        "HTTP, none",
        "2,000",
        "requests, none",
        "2,000",
    ];
    let rows = ROWS.map(|(name, step)| {
        let of = |whose: &[&Arrival], figure: fn(&Step) -> f64| {
            median(whose.iter().map(|arrival| figure(step(arrival)))).unwrap_or(f64::NAN)
        };
        let slowest = many.iter().map(|arrival| step(arrival).ms);
        let mut row = vec![
            name.to_owned(),
            format!("{:.0} ms", of(&few, |step| step.ms)),
            format!("{:.0} ms", of(&many, |step| step.ms)),
            format!("{:.0} ms", slowest.fold(0.0, f64::max)),
        ];
        for figure in [|step: &Step| step.frames, |step: &Step| step.answers] {
            for whose in [&few, &many] {
                row.push(format!("{:.1} KiB", of(whose, figure) / 1_024.0));
            }
        }
        row.extend([&few, &many].map(|whose| format!("{:.0}", of(whose, |step| step.requests))));
        row
    });
    let further = median(many.iter().map(|arrival| arrival.all_friends.slowest));
    writeln!(
        std::io::stdout(),
        "{}\n\nThe slowest further page of friends: {:.0} ms",
        table(&heading.map(str::to_owned), &rows),
        further.unwrap_or(f64::NAN)
    )?;
    Ok(())
}
