//! Checks the whole tree against the table of layers: which crate, module and file may know what.
//! It does not know a single rule: those stand in `layers/table.rs`.

mod crates;
mod files;
mod modules;
mod source;
mod table;
mod tree;

use anyhow::{Result, bail};

use crate::print;
use crate::workspace::Workspace;
use tree::Tree;

/// One place where the tree and the table differ.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    /// The file, relative to the project's folder; or a crate's name.
    path: String,
    /// The line, from 1; 0 where the whole file is meant.
    line: usize,
    /// What is wrong, and what would be right.
    message: String,
}

impl Violation {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

/// Checks crates, modules and files.
///
/// # Errors
/// When the tree differs from the table, after printing every difference; when sources or dependencies can not be read.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let tree = Tree::read(&workspace.root)?;
    let mut violations = crates::check(workspace, table::CRATES)?;
    for rules in table::MODULES {
        violations.extend(modules::check(&tree, rules));
    }
    violations.extend(files::check(&tree));
    violations.sort();
    for Violation {
        path,
        line,
        message,
    } in &violations
    {
        let place = if *line == 0 {
            path.clone()
        } else {
            format!("{path}:{line}")
        };
        print::text(&format!("{place}: {message}"));
    }
    if violations.is_empty() {
        return Ok(());
    }
    bail!(
        "{} differences from the rules in xtask/src/layers/table.rs: cargo xtask test layers",
        violations.len()
    )
}
