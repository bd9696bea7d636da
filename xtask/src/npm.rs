//! Installs the Node packages that a folder's lock file names, once. It does not know what they are for.

use std::fs;

use anyhow::{Context as _, Result};

use crate::fingerprint;
use crate::print;
use crate::process;
use crate::workspace::Workspace;

/// Runs `npm ci` in a folder, unless what is installed there came from this very lock file.
///
/// # Errors
/// When the lock file can not be read or npm fails.
pub(crate) fn ci(workspace: &Workspace, folder: &str) -> Result<()> {
    let dir = workspace.root.join(folder);
    let lock = fingerprint::of(&dir, &["package.json", "package-lock.json"], |_| false)
        .with_context(|| format!("could not read {folder}/package-lock.json"))?;
    let lock = format!("{lock:016x}\n");
    // It lies in node_modules, so that it disappears together with what it speaks of.
    let note = dir.join("node_modules").join(".installed-from");
    if fs::read_to_string(&note).is_ok_and(|noted| noted == lock) {
        return Ok(());
    }
    print::step(&format!("npm ci in {folder}"));
    // The system's browser is used: a package must not fetch one of its own.
    let mut npm = workspace.command("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder);
    process::run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::create_dir_all(dir.join("node_modules")).context("could not make node_modules")?;
    fs::write(&note, lock).with_context(|| format!("could not write {}", note.display()))
}
