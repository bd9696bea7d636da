//! Takes out of a built page's scripts what only people read. It does not know what the scripts do.
//!
//! Trunk does this for others, and its own tool does not understand the script that wasm-bindgen writes.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process;
use crate::workspace::Workspace;

/// Shortens the scripts beside the page in `dist`, which keep their names.
///
/// # Errors
/// When the folder can not be read, or esbuild fails.
pub(crate) fn shorten(workspace: &Workspace, dist: &Path) -> Result<()> {
    let files = fs::read_dir(dist).with_context(|| format!("could not read {}", dist.display()))?;
    for file in files {
        let path = file.context("could not read the page's folder")?.path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let mut esbuild = workspace.command("esbuild");
            esbuild
                .args([
                    "--minify",
                    "--format=esm",
                    "--target=es2022",
                    "--log-level=warning",
                ])
                .arg("--allow-overwrite")
                .arg(format!("--outfile={}", path.display()))
                .arg(&path);
            process::run(&mut esbuild)?;
        }
    }
    Ok(())
}
