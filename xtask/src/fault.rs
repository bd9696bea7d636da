//! `cargo xtask fault`: what becomes of the server when it is killed, out of power, off the network or out of disk. It does
//! not know what is looked at.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use crate::print;
use crate::process;
use crate::server;
use crate::simulation;
use crate::system;
use crate::workspace::Workspace;

/// The bugs that the controls must find are in builds with this feature, and in no others.
pub(crate) const FEATURE: &str = "parley-server/planted-bugs";

/// A harness, by the name of its file among the server's tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// `kill -9` at any moment, again and again, under people who write
    Kill,
    /// What a disk may hold after the power went: unsynced writes missing or torn
    Power,
    /// Somebody between clients and server who resets, stalls, splits and half-opens
    Network,
    /// A disk that is full or fails, and then is well again
    Disk,
    /// Server and pages in one process, where a seed decides what happens when
    Simulation,
}

/// How much is done.
#[derive(Debug, Args)]
pub(crate) struct Size {
    /// How often it is done: kills, bad times of the network, failures of the disk [default: 200 kills, 20 others]
    #[arg(long)]
    rounds: Option<u64>,
    /// Images of the disk that are looked at [default: 2000]
    #[arg(long)]
    images: Option<u64>,
    /// Seeds that the simulation plays [default: 10000]
    #[arg(long)]
    seeds: Option<u64>,
    /// The seed of an earlier run: of the simulation, all that happened; of the others the same choices, though not the same moments [default: another each time]
    #[arg(long)]
    seed: Option<u64>,
    /// Only the tests of the chosen harnesses whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// The server under test [default: the release server, which is built first]
    #[arg(long)]
    server: Option<PathBuf>,
}

impl Fault {
    fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    fn rounds(self) -> u64 {
        if self == Self::Kill { 200 } else { 20 }
    }
}

/// Builds what is needed and runs the named harnesses, or all, each with its controls.
///
/// # Errors
/// When something can not be installed or built, or a harness found what it looks for.
pub(crate) fn run(workspace: &mut Workspace, faults: &[Fault], size: &Size) -> Result<()> {
    let wanted = |fault: &Fault| faults.is_empty() || faults.contains(fault);
    if wanted(&Fault::Simulation) {
        simulation::run(workspace, size.seeds, size.seed)?;
    }
    if faults == [Fault::Simulation] {
        return Ok(());
    }
    system::strace(workspace)?;
    let server = match &size.server {
        Some(server) => std::path::absolute(server).context("could not find the server")?,
        None => {
            server::build_release(workspace)?;
            server::set_aside(workspace)?
        }
    };
    for fault in Fault::value_variants() {
        if *fault == Fault::Simulation || !wanted(fault) {
            continue;
        }
        print::step(&format!("fault: {}", fault.name()));
        let filter = match &size.only {
            Some(only) => only.clone(),
            None => format!("{}::", fault.name()),
        };
        let mut tests = workspace.command("cargo");
        tests
            .args(["test", "--package", "parley-server", "--test", "faults"])
            .args(["--features", FEATURE, "--", "--nocapture"])
            .args(["--test-threads", "1", &filter])
            .env("PARLEY_FAULT_SERVER", &server)
            .env(
                "PARLEY_FAULT_ROUNDS",
                size.rounds.unwrap_or(fault.rounds()).to_string(),
            )
            .env(
                "PARLEY_FAULT_IMAGES",
                size.images.unwrap_or(2_000).to_string(),
            );
        if let Some(seed) = size.seed {
            tests.env("PARLEY_FAULT_SEED", seed.to_string());
        }
        process::run(&mut tests)?;
    }
    Ok(())
}
