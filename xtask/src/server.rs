//! Builds the server and runs it in xtask's place. It does not know what the server's options mean.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::page;
use crate::print;
use crate::process::{self, Running};
use crate::workspace::Workspace;

/// Builds page and server, then serves until the server ends. Its exit code comes back.
///
/// # Errors
/// When something can not be installed, built or started.
pub(crate) fn run(workspace: &mut Workspace, args: &[String]) -> Result<ExitCode> {
    build_release(workspace)?;
    print::step("server: parley serve (Ctrl-C stops it)");
    let program = workspace.release_server();
    let mut serve = workspace.command(&program.to_string_lossy());
    serve.arg("serve").args(args);
    let status = Running::start(&mut serve)?.wait()?;
    Ok(ExitCode::from(process::exit_code(status)))
}

/// Builds the release server with the release page inside.
///
/// # Errors
/// When something can not be installed or built.
pub(crate) fn build_release(workspace: &mut Workspace) -> Result<()> {
    page::build(workspace)?;
    print::step("server: cargo build --release (the first time takes some minutes)");
    process::run(workspace.command("cargo").args([
        "build",
        "--release",
        "--locked",
        "--package",
        "parley-server",
    ]))
}

/// Copies the release server to where `cargo bench` and `cargo test` do not put another in its place: those are
/// built with what tests need, and measured and tried is the one that people run.
///
/// # Errors
/// When it is not there or cannot be copied.
pub(crate) fn set_aside(workspace: &Workspace) -> Result<PathBuf> {
    let server = workspace.release_server();
    let name = server
        .file_name()
        .context("the server's path has no last part")?;
    let copy = workspace.notes().join(name);
    fs::create_dir_all(workspace.notes()).context("could not make xtask's folder")?;
    fs::copy(&server, &copy).with_context(|| format!("could not copy {}", server.display()))?;
    Ok(copy)
}
