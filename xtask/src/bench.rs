//! `cargo xtask bench`: measures the server against itself and against peers. It does not know what is measured.

use anyhow::Result;
use clap::ValueEnum;

use crate::npm;
use crate::print;
use crate::process;
use crate::server;
use crate::suite;
use crate::system;
use crate::workspace::Workspace;

/// The Node server that fan-out is compared with.
const PEER: &str = "server/benches/peers/socketio";

/// What has people arrive in a browser.
const ARRIVING: &str = "client/e2e/measure/arriving.js";

/// A benchmark of the server crate, by its name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// How many messages a second reach the disk
    Ledger,
    /// How fast a message reaches many listeners, beside a socket.io server
    Fanout,
    /// What it costs to arrive for someone who is in many conversations
    People,
    /// What signing in and opening one's contacts takes in a browser
    Page,
    /// What it costs to come back after a million changes
    CatchUp,
    /// Whether the time of a refused sign-in tells that a user name is known
    SignIn,
}

/// Builds what the benchmarks need and runs the named ones, or all.
///
/// # Errors
/// When something can not be installed or built, or a benchmark fails.
pub(crate) fn run(
    workspace: &mut Workspace,
    benches: &[Bench],
    quick: bool,
    args: &[String],
) -> Result<()> {
    let wanted = |bench| benches.is_empty() || benches.contains(&bench);
    let mut common: Vec<String> = quick.then(|| "--quick".to_owned()).into_iter().collect();
    common.extend(args.iter().cloned());
    if wanted(Bench::Fanout) || wanted(Bench::Page) {
        system::node(workspace)?;
        server::build_release(workspace)?;
    }
    if wanted(Bench::Fanout) {
        npm::ci(workspace, PEER)?;
    }
    if wanted(Bench::Ledger) {
        measure(workspace, "ledger", &common)?;
    }
    if wanted(Bench::People) {
        measure(workspace, "people", &common)?;
    }
    if wanted(Bench::Page) {
        let browser = system::browser(workspace)?;
        npm::ci(workspace, suite::E2E)?;
        let server = server::set_aside(workspace)?.to_string_lossy().into_owned();
        let chromium = browser.chromium.to_string_lossy().into_owned();
        let script = workspace.root.join(ARRIVING).to_string_lossy().into_owned();
        let places = [
            "--server",
            &server,
            "--chromium",
            &chromium,
            "--script",
            &script,
        ];
        let places = places.map(str::to_owned);
        measure(workspace, "page", &[common.as_slice(), &places].concat())?;
    }
    if wanted(Bench::CatchUp) {
        measure(workspace, "catch_up", &common)?;
    }
    if wanted(Bench::Fanout) {
        let server = server::set_aside(workspace)?.to_string_lossy().into_owned();
        let peer = workspace.root.join(PEER).to_string_lossy().into_owned();
        let places = ["--server".to_owned(), server, "--peer".to_owned(), peer];
        measure(workspace, "fanout", &[common.as_slice(), &places].concat())?;
    }
    if wanted(Bench::SignIn) {
        measure(workspace, "sign_in", &common)?;
    }
    Ok(())
}

fn measure(workspace: &Workspace, bench: &str, args: &[String]) -> Result<()> {
    print::step(&format!("bench: {bench}"));
    let mut cargo = workspace.command("cargo");
    process::run(
        cargo
            .args([
                "bench",
                "--package",
                "parley-server",
                "--bench",
                bench,
                "--",
            ])
            .args(args),
    )
}
