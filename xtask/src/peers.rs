//! Installs the other servers that fan-out is measured beside. It does not know how they are measured.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::npm;
use crate::print;
use crate::process::{self, answer};
use crate::system;
use crate::workspace::Workspace;

/// Where they are.
pub(crate) const FOLDER: &str = "server/benches/peers";

/// Those that run in Node.
const OF_NODE: [&str; 2] = ["socketio", "ws"];

/// What has uWebSockets for Python, by the name of its file there.
const REQUIREMENTS: &str = "uwebsockets/requirements.txt";
const MODULE: &str = "import socketify";

/// Installs those that run in Node.
///
/// # Errors
/// When npm fails.
pub(crate) fn of_node(workspace: &Workspace) -> Result<()> {
    OF_NODE
        .iter()
        .try_for_each(|peer| npm::ci(workspace, &format!("{FOLDER}/{peer}")))
}

/// Installs uWebSockets into a Python of its own, and gives that. It is a C++ library, whose bindings do
/// not exist for every machine: where it can not be had, its row is left out.
pub(crate) fn u_web_sockets(workspace: &Workspace) -> Option<PathBuf> {
    let found = try_u_web_sockets(workspace);
    if let Err(why) = &found {
        print::step(&format!("uWebSockets is left out: {why:#}"));
    }
    found.ok()
}

fn try_u_web_sockets(workspace: &Workspace) -> Result<PathBuf> {
    let home = workspace.notes().join("uwebsockets");
    let python = home.join("bin/python");
    let program = python.to_string_lossy().into_owned();
    let works = || answer(workspace.command(&program).args(["-c", MODULE])).is_some();
    if python.is_file() && works() {
        return Ok(python);
    }
    print::step("uWebSockets: its binding for Python, into an environment of its own");
    fs::create_dir_all(&home).context("could not make its folder")?;
    let environment = home.to_string_lossy().into_owned();
    process::run(
        workspace
            .command("python3")
            .args(["-m", "venv", &environment]),
    )?;
    let requirements = workspace.root.join(FOLDER).join(REQUIREMENTS);
    let requirements = requirements.to_string_lossy().into_owned();
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--requirement",
        &requirements,
    ];
    process::run(workspace.command(&program).args(install))?;
    if !works() {
        system::libuv(workspace)?;
    }
    anyhow::ensure!(works(), "it is installed and does not load");
    Ok(python)
}
