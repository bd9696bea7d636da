//! Where figures and pictures of a full run are kept, for whoever reads about them. It does not know what they show.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

/// The folder, in the documentation.
fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/plots"))
}

/// Keeps a file there, and says so.
pub(crate) fn keep(name: &str, content: &str) -> anyhow::Result<()> {
    let folder = folder();
    std::fs::create_dir_all(&folder).context("could not make docs/plots")?;
    std::fs::write(folder.join(name), content)
        .with_context(|| format!("could not write docs/plots/{name}"))?;
    writeln!(std::io::stderr(), "wrote docs/plots/{name}")?;
    Ok(())
}

/// Keeps figures there.
pub(crate) fn keep_json(name: &str, figures: &serde_json::Value) -> anyhow::Result<()> {
    keep(
        name,
        &format!("{}\n", serde_json::to_string_pretty(figures)?),
    )
}
