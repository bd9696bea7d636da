//! The sources of the project in memory, by their path. It does not know what the rules make of them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Where sources lie.
const ROOTS: [&str; 5] = ["shared", "server", "client", "xtask", "index.html"];

/// Folders that hold no sources of ours.
const SKIPPED: [&str; 5] = ["target", "node_modules", "dist", "public", ".git"];

/// What the rules look at.
const ENDINGS: [&str; 4] = ["rs", "css", "sql", "html"];

/// A text file of the project.
#[derive(Debug)]
pub(super) struct File {
    /// Relative to the project's folder, with `/` between the parts.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// The last part of the path without its ending.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }

    /// Whether this is test code by its place: a `tests` folder or a file of that name.
    pub(super) fn is_test(&self) -> bool {
        self.path
            .split('/')
            .any(|part| part == "tests" || part == "tests.rs")
    }
}

/// The files that the rules look at, in the order of their paths.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

impl Tree {
    /// Reads the project.
    ///
    /// # Errors
    /// When a folder or file can not be read.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        for path in ROOTS {
            tree.collect(root, path)?;
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// The file at a path.
    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust files below a folder, with their paths inside it.
    pub(super) fn rust_below<'a>(
        &'a self,
        folder: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a File)> {
        self.files.iter().filter_map(move |file| {
            let inside = file.path.strip_prefix(folder)?.strip_prefix('/')?;
            inside.ends_with(".rs").then_some((inside, file))
        })
    }

    fn collect(&mut self, root: &Path, path: &str) -> Result<()> {
        let full = root.join(path);
        if full.is_dir() {
            for entry in fs::read_dir(&full).with_context(|| format!("could not read {path}"))? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if !SKIPPED.contains(&name.as_str()) {
                    self.collect(root, &format!("{path}/{name}"))?;
                }
            }
        } else if full.is_file()
            && full
                .extension()
                .is_some_and(|end| ENDINGS.iter().any(|wanted| end == *wanted))
        {
            let text =
                fs::read_to_string(&full).with_context(|| format!("could not read {path}"))?;
            self.files.push(File {
                path: path.to_owned(),
                text,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
impl Tree {
    /// A project that exists only in a test.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self {
            files: files.iter().map(file).collect(),
        }
    }
}
