//! `cargo xtask fault simulation`: server and pages in one process, where a seed decides what happens when. It does not know what
//! happens.

use anyhow::Result;

use crate::print;
use crate::process;
use crate::workspace::Workspace;

/// Seeds that are played unless another number is named.
const SEEDS: u64 = 10_000;

/// Plays the runs of many seeds, or one of them with all that happens in it.
///
/// # Errors
/// When it can not be built, or when a seed fails: it is named then, with the command that plays it again.
pub(crate) fn run(workspace: &Workspace, seeds: Option<u64>, seed: Option<u64>) -> Result<()> {
    print::step("fault: simulation");
    let mut cargo = workspace.command("cargo");
    cargo.args(["run", "--release", "--package", "parley-simulation", "--"]);
    match seed {
        Some(seed) => cargo.args(["--seed", &seed.to_string()]),
        None => cargo.args(["--seeds", &seeds.unwrap_or(SEEDS).to_string()]),
    };
    process::run(&mut cargo)
}
