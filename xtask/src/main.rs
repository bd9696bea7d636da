//! `cargo xtask`: the commands of the project, from an empty machine to a running, tested, measured Parley.
//! It does not know how the chat works.

mod bench;
mod chunks;
mod dev;
mod fault;
mod fingerprint;
mod layers;
mod names;
mod npm;
mod page;
mod peers;
mod print;
mod process;
mod scripts;
mod server;
mod simulation;
mod styles;
mod suite;
mod system;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;

/// The commands of the Parley project. They need Rust, a C compiler and git; what else they need, they install:
/// build tools into the user's cache (parley/tools), and for the tests a browser and Node through apt-get.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Build everything and serve the chat at http://localhost:3000
    ///
    /// The first run compiles tools, page and server and takes a while; later runs take seconds. The server runs
    /// in the project's folder, and what follows `--` goes to `parley serve`:
    ///
    ///   cargo xtask run -- --listen 0.0.0.0:3000 --data-dir ./data
    #[command(verbatim_doc_comment)]
    Run {
        /// Options of `parley serve`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Run every check and test, or only the named steps
    ///
    /// Installs what the chosen steps need, runs them in this order whatever the order of the names, goes on
    /// after a failing step, and ends with a table of all steps and the commands that failed.
    Test {
        /// The steps to run [default: all]
        #[arg(value_enum)]
        steps: Vec<suite::Step>,
    },
    /// Serve the page at http://localhost:8080 and rebuild page and server whenever their sources change
    ///
    /// The server listens on 127.0.0.1:3000 behind the page. A change that does not compile leaves the old server
    /// running. Ctrl-C stops both.
    Dev,
    /// Measure the release server: all benchmarks, or the named ones
    Bench {
        /// The benchmarks to run [default: all]
        #[arg(value_enum)]
        benches: Vec<bench::Bench>,
        /// Smaller numbers, for a first look: two minutes for all of them
        #[arg(long)]
        quick: bool,
        /// Keep figures and pictures of fan-out and scale in docs/plots
        #[arg(long, conflicts_with = "quick")]
        write: bool,
        /// Further options of the benchmarks
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Try what becomes of the server under faults: all of them, or the named ones
    ///
    /// Each harness prints what it found, and fails when something acknowledged is lost, doubled or out of order, or when
    /// it does not find a bug that was planted for it. docs/faults.md says how to read it.
    Fault {
        /// The harnesses to run [default: all]
        #[arg(value_enum)]
        faults: Vec<fault::Fault>,
        #[command(flatten)]
        size: fault::Size,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    print::start_clock();
    match obey(cli.command) {
        Ok(code) => code,
        Err(failure) => {
            print::step(&format!("failed: {failure:#}"));
            ExitCode::FAILURE
        }
    }
}

fn obey(verb: Verb) -> anyhow::Result<ExitCode> {
    process::pass_signals_on()?;
    let mut workspace = Workspace::enter()?;
    match verb {
        Verb::Run { args } => server::run(&mut workspace, &args),
        Verb::Test { steps } => suite::run(&mut workspace, &steps),
        Verb::Dev => dev::run(&mut workspace).map(|()| ExitCode::SUCCESS),
        Verb::Bench {
            benches,
            quick,
            write,
            args,
        } => {
            let how = bench::How { quick, write, args };
            bench::run(&mut workspace, &benches, &how).map(|()| ExitCode::SUCCESS)
        }
        Verb::Fault { faults, size } => {
            fault::run(&mut workspace, &faults, &size).map(|()| ExitCode::SUCCESS)
        }
    }
}
