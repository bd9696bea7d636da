//! Builds the page with trunk into dist/, when something it is made of has changed, splits its program, joins its
//! stylesheets and shortens its scripts. It does not know the server.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::chunks;
use crate::fingerprint;
use crate::print;
use crate::process;
use crate::scripts;
use crate::styles;
use crate::tools;
use crate::workspace::Workspace;

/// What the page is made of.
const SOURCES: [&str; 9] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "client",
    "index.html",
    "rust-toolchain.toml",
    "shared",
    "xtask/src/chunks.rs",
];

/// What lies among the sources and is no part of the page.
const NO_SOURCES: [&str; 5] = ["e2e", "tests", "webdriver.json", "node_modules", "target"];

/// Whether the next [`build`] has something to do.
///
/// # Errors
/// When sources can not be read.
pub(crate) fn is_stale(workspace: &Workspace) -> Result<bool> {
    let noted = fs::read_to_string(note_path(workspace)).unwrap_or_default();
    Ok(!workspace.root.join("dist/index.html").is_file()
        || noted != note(workspace, sources(workspace)?)?)
}

/// Builds the page for release into dist/, installing the tools for it, unless dist/ is what would come out.
///
/// # Errors
/// When tools can not be installed, or trunk fails.
pub(crate) fn build(workspace: &mut Workspace) -> Result<()> {
    if !is_stale(workspace)? {
        print::step("page: nothing has changed since it was built");
        return Ok(());
    }
    // Taken before the build: a file that is saved while trunk runs must count as changed.
    let sources = sources(workspace)?;
    let has_wasm_opt = tools::for_page(workspace)?;
    print::step("page: trunk build --release (the first time takes some minutes)");
    let mut trunk = trunk(workspace);
    trunk.args(["build", "--release", "--locked", "--features", "split"]);
    process::run(&mut trunk)?;
    let dist = workspace.root.join("dist");
    print::step("page: splitting the program");
    chunks::split(workspace, &dist, has_wasm_opt)?;
    styles::join(&dist)?;
    if tools::esbuild(workspace) {
        scripts::shorten(workspace, &dist)?;
    }
    let path = note_path(workspace);
    fs::create_dir_all(workspace.notes()).context("could not make xtask's folder for notes")?;
    fs::write(&path, note(workspace, sources)?)
        .with_context(|| format!("could not write {}", path.display()))
}

/// Trunk, told what no settings file can tell it.
pub(crate) fn trunk(workspace: &Workspace) -> std::process::Command {
    let mut trunk = workspace.command("trunk");
    // Its look for a newer version needs a network, and the version is ours to choose.
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Trunk 0.21 takes the value of NO_COLOR for a boolean and stops at the customary `1`.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    trunk
}

/// A fingerprint of what the page is made of, and of the tool that makes it.
fn sources(workspace: &Workspace) -> Result<u64> {
    let skip = |path: &Path| {
        path.file_name()
            .is_some_and(|name| NO_SOURCES.iter().any(|skipped| name == *skipped))
    };
    fingerprint::of(&workspace.root, &SOURCES, skip)
        .context("could not read what the page is made of")
}

/// What a finished build writes down: what went in and what came out, so that a dist/ that something else has
/// written since is built again.
fn note(workspace: &Workspace, sources: u64) -> Result<String> {
    let output =
        fingerprint::of(&workspace.root, &["dist"], |_| false).context("could not read dist/")?;
    Ok(format!(
        "trunk {} sources {sources:016x} dist {output:016x}\n",
        tools::TRUNK_VERSION
    ))
}

fn note_path(workspace: &Workspace) -> PathBuf {
    workspace.notes().join("page")
}
