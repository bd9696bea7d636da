//! `cargo xtask bench`: measures the server against itself and against peers. It does not know what is measured.

use std::path::Path;

use anyhow::Result;
use clap::ValueEnum;

use crate::npm;
use crate::peers;
use crate::print;
use crate::process;
use crate::server;
use crate::suite;
use crate::system;
use crate::workspace::Workspace;

/// What has people arrive in a browser.
const ARRIVING: &str = "client/e2e/measure/arriving.js";
/// What has somebody read and write in one.
const TALKING: &str = "client/e2e/measure/talking.js";

/// A benchmark of the server crate, by its name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// How many messages a second reach the disk
    Ledger,
    /// How fast a message reaches many listeners, beside other servers
    Fanout,
    /// What many people at once cost, in many conversations, after storms and restarts
    Scale,
    /// What it costs to arrive for someone who is in many conversations
    People,
    /// What signing in and opening one's contacts takes in a browser
    Page,
    /// What a conversation of very many messages takes in a browser
    Client,
    /// What it costs to come back after a million changes
    CatchUp,
    /// Whether the time of a refused sign-in tells that a user name is known
    SignIn,
}

/// How they are run.
#[derive(Debug)]
pub(crate) struct How {
    /// With smaller numbers.
    pub(crate) quick: bool,
    /// Whether those that can keep their figures do so.
    pub(crate) write: bool,
    /// Further options of theirs.
    pub(crate) args: Vec<String>,
}

/// Builds what the benchmarks need and runs the named ones, or all.
///
/// # Errors
/// When something can not be installed or built, or a benchmark fails.
pub(crate) fn run(workspace: &mut Workspace, benches: &[Bench], how: &How) -> Result<()> {
    let wanted = |bench| benches.is_empty() || benches.contains(&bench);
    let mut common: Vec<String> = how
        .quick
        .then(|| "--quick".to_owned())
        .into_iter()
        .collect();
    common.extend(how.args.iter().cloned());
    let kept: Vec<String> = how
        .write
        .then(|| "--write".to_owned())
        .into_iter()
        .collect();
    let is_in_browser = wanted(Bench::Page) || wanted(Bench::Client);
    if wanted(Bench::Fanout) || is_in_browser {
        system::node(workspace)?;
    }
    if wanted(Bench::Fanout) || is_in_browser || wanted(Bench::Scale) {
        server::build_release(workspace)?;
    }
    if wanted(Bench::Ledger) {
        measure(workspace, "ledger", &common)?;
    }
    if wanted(Bench::People) {
        measure(workspace, "people", &common)?;
    }
    if wanted(Bench::Page) {
        measure_in_browser(workspace, "page", ARRIVING, &common)?;
    }
    if wanted(Bench::Client) {
        let options = [&common[..], &kept].concat();
        measure_in_browser(workspace, "client", TALKING, &options)?;
    }
    if wanted(Bench::CatchUp) {
        measure(workspace, "catch_up", &common)?;
    }
    if wanted(Bench::Fanout) {
        peers::of_node(workspace)?;
        let mut places = vec![
            "--peers".to_owned(),
            text(&workspace.root.join(peers::FOLDER)),
        ];
        if let Some(python) = peers::u_web_sockets(workspace) {
            places.extend(["--python".to_owned(), text(&python)]);
        }
        places.extend(set_aside(workspace)?);
        measure(workspace, "fanout", &[&common[..], &kept, &places].concat())?;
    }
    if wanted(Bench::Scale) {
        let places = set_aside(workspace)?;
        measure(workspace, "scale", &[&common[..], &kept, &places].concat())?;
    }
    if wanted(Bench::SignIn) {
        measure(workspace, "sign_in", &common)?;
    }
    Ok(())
}

fn measure_in_browser(
    workspace: &mut Workspace,
    bench: &str,
    script: &str,
    options: &[String],
) -> Result<()> {
    let browser = system::browser(workspace)?;
    npm::ci(workspace, suite::E2E)?;
    let mut places = set_aside(workspace)?.to_vec();
    let script = workspace.root.join(script);
    places.extend(["--chromium".to_owned(), text(&browser.chromium)]);
    places.extend(["--script".to_owned(), text(&script)]);
    measure(workspace, bench, &[options, &places].concat())
}

/// The option that names the server that people run.
fn set_aside(workspace: &Workspace) -> Result<[String; 2]> {
    Ok(["--server".to_owned(), text(&server::set_aside(workspace)?)])
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
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
